"""What states, actors, wishes and events are called in the two languages."""

from __future__ import annotations

from agent.flows import DirectionName
from agent.model.after import AfterReason, AfterSaid
from agent.model.catalogue import Code, Explanation, explain, tell
from agent.model.reasons import Fault, OrderState, Reason
from agent.model.said import GoodsReason, Said
from agent.model.words import Language, Words, words
from agent.shown import names_by_hand

STATES: dict[OrderState, Words] = {
    OrderState.TRANSFERRED: words("överförd", "transferred"),
    OrderState.WAITING: words("väntar", "waiting"),
    OrderState.EXCLUDED: words("undantagen", "excluded"),
    OrderState.HELD: words("hålls kvar", "held"),
    OrderState.DEAD: words("fel", "dead"),
}

HEALTH_STATES: dict[str, Words] = {
    "working": words("arbetar", "working"),
    "waiting": words("väntar", "waiting"),
    "paused": words("pausad", "paused"),
    "parked": words("parkerad", "parked"),
}

WISHES: dict[str, Words] = {
    **names_by_hand.WISHES,
    "retry": words("försök igen", "retry"),
    "settle": words("omhändertagen", "seen to"),
    "exclude": words("undanta", "exclude"),
    "hold": words("håll kvar", "hold"),
    "adopt": words("koppla till Mamuts order", "adopt Mamut's order"),
    "accept": words("godkänn butiken", "accept the shop"),
    "poll": words("läs butiken nu", "read the shop now"),
    "pause": words("pausa", "pause"),
    "resume": words("fortsätt", "resume"),
    "run_now": words("kör nu", "run now"),
    "reload": words("läs inställningarna", "read the settings"),
    "retry_article": words("försök igen", "retry"),
    "retry_product": words("försök igen", "retry"),
    "inactivate_article": words("gör artikeln inaktiv", "make the article inactive"),
    "keep_article": words("behåll artikeln", "keep the article"),
    "release_article": words("släpp fram artikeln", "release the article"),
    "release_prices": words("släpp fram priser", "release prices"),
    "read_register": words("läs Mamuts register nu", "read Mamut's register now"),
    "mail_test": words("skicka ett provbrev", "send a test letter"),
    "examine": words("pröva butiken", "examine the shop"),
    "look_product": words("läs butikens produkt", "read the shop's product"),
    "webhooks_install": words("gör webhooks", "make the webhooks"),
    "webhooks_remove": words("ta bort webhooks", "remove the webhooks"),
    "webhooks_look": words("se efter webhooks", "look at the webhooks"),
    "dismiss_prices": words("behåll butikens priser", "keep the shop's prices"),
    "sync_plan": words("gör en plan", "make a plan"),
    "sync_apply": words("verkställ planen", "apply the plan"),
    "sync_undo": words("ta tillbaka planen", "take the plan back"),
    "sync_stop": words("stoppa synkningen", "stop the synchronisation"),
}

DIRECTIONS: dict[DirectionName, Words] = {
    DirectionName.ORDERS_TO_MAMUT: words("order", "orders"),
    DirectionName.PRODUCTS_TO_MAMUT: words("produkter till Mamut", "products to Mamut"),
    DirectionName.PRODUCTS_TO_SHOP: words("produkter", "products"),
    DirectionName.PRICES_TO_SHOP: words("priser", "prices"),
    DirectionName.PRICE_LISTS_TO_SHOP: words("prislistor", "price lists"),
    DirectionName.STOCK_TO_SHOP: words("lagersaldo", "stock levels"),
    DirectionName.STATUSES_TO_SHOP: words("orderstatus", "order status"),
}

PARTS: dict[str, Words] = {
    "articles": words("artiklar", "articles"),
    "prices": words("priser", "prices"),
    "stock": words("lagersaldo", "stock levels"),
}
"""The parts of Mamut's register that are read."""

WISH_RESULTS: dict[str, Words] = {
    **names_by_hand.RESULTS,
    "done": words("gjort", "done"),
    "already_transferred": words("nej, ordern står redan i Mamut", "no, the order stands in Mamut already"),
    "may_have_been_sent": words(
        "inte nu: ordern kan vara på väg till Mamut; försök igen om en stund",
        "not now: the order may be on its way to Mamut; try again in a while",
    ),
    "order_unknown": words("nej, ordern finns inte", "no, there is no such order"),
    "document_unknown": words("nej, Mamut har ingen order med det numret", "no, Mamut has no order of that number"),
    "document_cancelled": words("nej, den är makulerad i Mamut", "no, it is cancelled in Mamut"),
    "mamut_order_no_missing": words("nej, numret i Mamut saknas", "no, the number in Mamut is missing"),
    "nothing_held": words("inget höll den: den gås igenom nu", "nothing held it: it is being looked at now"),
    "nothing_attended": words(
        "nej, ingen ändring av ordern väntar på en människa", "no, no change of the order waits for a person"
    ),
    "nothing_stopped": words("nej, inget pris är stoppat", "no, no price is stopped"),
    "nothing_held_by_rule": words("nej, ingen regel håller artikeln", "no, no rule holds the article"),
    "article_unknown": words("nej, artikeln finns inte", "no, there is no such article"),
    "product_there": words("nej, produkten finns kvar i butiken", "no, the product is still in the shop"),
    "direction_paused": words("nej, riktningen är pausad: brygga resume", "no, the direction is paused: brygga resume"),
    "direction_unknown": words("nej, butiken har inte den riktningen", "no, the shop does not have that direction"),
    "settings_unchanged": words("oförändrade", "unchanged"),
    "settings_wrong": words(
        "nej, något i dem är fel och de gamla gäller: se brygga check",
        "no, something in them is wrong and the old ones go on: see brygga check",
    ),
    "settings_changed_meanwhile": words(
        "nej, någon annan har ändrat filen under tiden: läs den och gör om ändringen",
        "no, somebody else has changed the file meanwhile: read it and make the change again",
    ),
    "settings_not_written": words("nej, filen gick inte att skriva", "no, the file could not be written"),
    "data_dir_changed": words(
        "nej, journalen ska ligga någon annanstans: starta om agenten",
        "no, the journal is to lie elsewhere: start the agent anew",
    ),
    "product_gone": words("nej, produkten finns inte i butiken", "no, the product is not in the shop"),
    "shop_frozen": words("nej, butiken är fryst", "no, the shop is frozen"),
    "shop_too_slow": words("nej, butiken svarade för långsamt", "no, the shop answered too slowly"),
    "webhooks_off": words(
        "nej, webhooks är avstängda i inställningarna", "no, webhooks are switched off in the settings"
    ),
    "sync_busy": words("nej, en synkning pågår redan", "no, a synchronisation is under way already"),
    "plan_unknown": words("nej, planen finns inte", "no, there is no such plan"),
    "plan_not_so": words("nej, planen har kommit längre", "no, the plan has come further"),
    "plan_settings_changed": words(
        "nej, inställningarna har ändrats sedan planen gjordes: gör en ny",
        "no, the settings have changed since the plan was made: make a new one",
    ),
    "direction_runs": words(
        "nej, riktningen är på och skulle göra om det som tas bort: pausa den först",
        "no, the direction works and would make again what is taken away: pause it first",
    ),
    "nothing_under_way": words("nej, ingen synkning pågår", "no, no synchronisation is under way"),
    "mail_off": words("nej, ingen e-postserver är inställd", "no, no mail server is set up"),
    "unknown_wish": words("nej, agenten är äldre än kommandot", "no, the agent is older than the command"),
}

DOCUMENT_TAKEN = "document_belongs_to_"

EVENTS: dict[str, Words] = {
    **names_by_hand.EVENTS,
    "seen": words("sedd i butikens lista, status {status}", "seen in the shop's list, status {status}"),
    "status_changed": words("status i butiken {was} → {now}", "status in the shop {was} → {now}"),
    "total_changed": words(
        "beloppet i butiken ändrades {was_ore} → {now_ore}", "the amount in the shop changed {was_ore} → {now_ore}"
    ),
    "content_changed": words("innehållet ändrades i butiken", "the content was changed in the shop"),
    "decided": words(
        "klar att föras över som {document}, externt nummer {external_no}, kund: {customer}",
        "ready to go over as {document}, external number {external_no}, customer: {customer}",
    ),
    "transferred": words("står i Mamut som {mamut_order_no}", "stands in Mamut as {mamut_order_no}"),
    "adopted": words(
        "fanns redan i Mamut som {mamut_order_no} och kopplades dit",
        "was in Mamut already as {mamut_order_no} and was tied to it",
    ),
    "amount_differs": words(
        "beloppen skiljer: butiken {paid_ore}, Mamut {mamut_ore}", "amounts differ: shop {paid_ore}, Mamut {mamut_ore}"
    ),
    "contact_created": words("kunden lades upp i Mamut", "the customer was created in Mamut"),
    "contact_updated": words("kundkortet i Mamut uppdaterades", "the customer's card in Mamut was brought up to date"),
    "article_replaced": words(
        "Mamut bytte ut artiklar mot DESCRIPTION: {articles}", "Mamut replaced articles by DESCRIPTION: {articles}"
    ),
    "article_created": words("artikeln {article} lades upp i Mamut", "article {article} was created in Mamut"),
    "decide_anew": words("Mamut hade ändrats; prövas på nytt", "Mamut had changed; decided anew"),
    "delayed": words("gick inte nu ({problem}); nytt försök {next_ms}", "not now ({problem}); tried again {next_ms}"),
    "answer_lost": words(
        "svaret kom aldrig ({problem}); slås upp i Mamut {next_ms}",
        "the answer never came ({problem}); looked up in Mamut {next_ms}",
    ),
    "marked": words("Mamuts nummer står på butikens order", "Mamut's number stands on the shop's order"),
    "mark_refused": words(
        "butiken tog inte emot Mamuts nummer: {problem}", "the shop did not take Mamut's number: {problem}"
    ),
    "document_updated": words(
        "dokument {document} i Mamut följde ändringen: {parts}", "document {document} in Mamut followed: {parts}"
    ),
    "document_cancelled": words(
        "dokument {document} makulerades i Mamut", "document {document} was cancelled in Mamut"
    ),
    "refund_credited": words(
        "återbetalning {refund} på {amount_ore} är krediterad i Mamut",
        "refund {refund} of {amount_ore} is credited in Mamut",
    ),
    "refund_waits": words(
        "återbetalt {amount}; krediteras när ordern har fakturerats",
        "refunded {amount}; credited once the order has been invoiced",
    ),
    "gone_after_transfer": words("borttagen i butiken efter överföringen", "removed in the shop after the transfer"),
    "mamut_progress": words(
        "i Mamut: levererad {delivered}, fakturerad {invoiced}, betald {paid}",
        "in Mamut: delivered {delivered}, invoiced {invoiced}, paid {paid}",
    ),
    "payment_reopened": words("betalningen togs tillbaka i Mamut", "the payment was taken back in Mamut"),
    "credited": words("krediterad i Mamut med {credited_ore}", "credited in Mamut by {credited_ore}"),
    "document_missing": words("finns inte längre i Mamut", "is no longer in Mamut"),
    "status_order_gone": words("ordern är borta ur butiken", "the order is gone from the shop"),
    "plugin_failed": words(
        'pluginen "{plugin}" klarade inte {hook}: {why}', 'the plugin "{plugin}" could not cope with {hook}: {why}'
    ),
    "by_hand": words("{who}: {act} → {result}", "{who}: {act} → {result}"),
}
"""Texts of an order's events. An event without one is shown by its own name and what it carries."""


def state_name(state: str, language: Language) -> str:
    return STATES[OrderState(state)].in_(language)


def health_name(state: str, language: Language) -> str:
    return HEALTH_STATES[state].in_(language) if state in HEALTH_STATES else state


def direction_name(name: str, language: Language) -> str:
    return DIRECTIONS[DirectionName(name)].in_(language) if name in DIRECTIONS else name


def part_name(part: str, language: Language) -> str:
    return PARTS[part].in_(language) if part in PARTS else part


def told(code: str, params: dict[str, str], language: Language) -> str:
    """A code of goods in words, whether it says what was done or what holds it. One that no text knows, because a later
    version wrote it, is shown as it is."""
    if code in tuple(Said):
        by = f" ({words('regler', 'rules').in_(language)}: {params['rules']})" if params.get("rules") else ""
        return tell(Said(code), language, params) + by
    if code in tuple(AfterSaid):
        return tell(AfterSaid(code), language, params)
    named = code_of(code)
    if named is not None:
        text = explain(named, language, params)
        return f"{text.code} {text.title}. {text.cause}"
    return code


def explained(code: str, language: Language, params: dict[str, str]) -> Explanation | None:
    """Title, cause and remedy of a code as it stands in the journal; None where no text knows it."""
    named = code_of(code)
    return None if named is None else explain(named, language, params)


def code_of(code: str) -> Code | None:
    """The code by its exact value, as it stands in the journal; None for one that a later version wrote."""
    kinds = (AfterReason, GoodsReason, Reason, Fault)
    return next((kind(code) for kind in kinds if code in tuple(kind)), None)


def wish_name(kind: str, language: Language) -> str:
    return WISHES[kind].in_(language) if kind in WISHES else kind


def wish_result(result: str, language: Language) -> str:
    """The agent's answer to a wish. One that no text knows is what a remote said, and is shown as it is."""
    if result.startswith(DOCUMENT_TAKEN):
        other = result.removeprefix(DOCUMENT_TAKEN)
        return words(f"nej, den hör till order {other}", f"no, it belongs to order {other}").in_(language)
    return WISH_RESULTS[result].in_(language) if result in WISH_RESULTS else result
