"""`brygga orders find|correct|customer|relink|matches`: orders found by what they hold, and what people say of them."""

from __future__ import annotations

from typing import Annotated

import apsw
from cyclopts import Parameter

from agent.cli import wishes
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, AtMost, Desk, Shop, open_desk
from agent.cli.order_json import order_json
from agent.cli.orders import Number, app, line_of, one, print_table
from agent.cli.output import say, say_json
from agent.decide.corrections import is_wrong, normalised
from agent.journal import by_hand, matches, search
from agent.journal.by_hand import Asked
from agent.journal.orders import OrderRow, params_of
from agent.model.correction import FIELD_NAMES, field_words
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import OrderState
from agent.shown.figures import amount, moment_ms


@app.command
def find(text: str, /, *, shop: Shop = None, limit: AtMost = 50, json: AsJson = False, context: Given) -> int:
    """Find orders by any of their numbers, an e-mail address, a payment's reference or an article number.

    Parameters
    ----------
    limit
        At most so many of each shop, the newest ones.
    """
    with open_desk(context) as desk:
        found = search.find(desk.tx, text, desk.shop(shop), limit)
        if json:
            say_json({"by": found.by, "orders": [order_json(row) for row in found.orders]})
            return 0 if found.orders else NO
        if not found.orders:
            say(desk.text("Ingen order har det.", "No order has that."))
            if search.is_incomplete(desk.tx):
                say(desk.text("Äldre order gås ännu igenom.", "Older orders are still being gone through."))
            return NO
        print_table(desk, found.orders)
        return 0


@app.command
def correct(
    order: Number,
    /,
    *changes: Annotated[str, Parameter(help="FIELD=VALUE, such as billing.postcode=11122 or article.OLD-1=NEW-1.")],
    remove: Annotated[tuple[str, ...], Parameter(help="A field whose correction is taken back.")] = (),
    shop: Shop = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Correct an order as it is read, until that is taken back; no amount. Without a change: show what there is."""
    with open_desk(context) as desk:
        row = one(desk, order, shop)
        if not changes and not remove:
            return _show_corrections(desk, row, json=json)
        _not_in_mamut(desk, row)
        asked = [_change(desk, change) for change in changes]
        asked += [Asked(field=field, value=None) for field in remove]

        def beside(tx: apsw.Connection, wish_id: int, each: wishes.Asked) -> None:
            by_hand.ask_to_correct(tx, wish_id, each.shop, ShopOrderId(each.order_id), asked)

        answers = wishes.ask(desk, "correct", [_asked(row)], beside=beside)
        return _told(desk, "correct", answers, json=json)


def _change(desk: Desk, text: str) -> Asked:
    field, equals, value = text.partition("=")
    field = field.strip()
    # An article number may hold an equals sign; a value hardly ever does.
    if field.startswith("article.") and text.count("=") > 1:
        field, equals, value = text.rpartition("=")
    value = normalised(field, value)
    if not equals or is_wrong(field, value):
        known = ", ".join((*FIELD_NAMES, "article.NUMBER", "method.ID", "line.ID.article_no"))
        desk.end(
            f"{field} kan inte rättas till det. Skriv FÄLT=VÄRDE; fälten är {known}.",
            f"{field} cannot be corrected to that. Write FIELD=VALUE; the fields are {known}.",
        )
    return Asked(field=field, value=value)


def _show_corrections(desk: Desk, row: OrderRow, *, json: bool) -> int:
    found = by_hand.corrections_of(desk.tx, ShopKey(row.shop), row.order_id)
    if json:
        say_json({"corrections": found})
        return 0
    for each in found:
        name = field_words(each.field).in_(desk.language)
        said = "" if each.was is None else desk.text(f" (butiken sade {each.was})", f" (the shop said {each.was})")
        say(f"{each.field}  {name}: {each.value}{said} · {each.who} {moment_ms(each.at_ms)}")
    if not found:
        say(desk.text("Ingenting är rättat.", "Nothing has been corrected."))
    return 0


@app.command
def customer(
    order: Number,
    *,
    customer_no: Annotated[int | None, Parameter(help="The customer's number in Mamut.")] = None,
    new: Annotated[bool, Parameter(negative="", help="Nobody whom Mamut knows: make a new one.")] = False,
    forget: Annotated[bool, Parameter(negative="", help="Take back what was said.")] = False,
    shop: Shop = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Say who the buyer of an order is. It is remembered for the buyer's other orders."""
    with open_desk(context) as desk:
        row = one(desk, order, shop)
        if sum((customer_no is not None, new, forget)) != 1 or (customer_no is not None and customer_no < 1):
            desk.end(
                "Ange --customer-no NUMMER, --new eller --forget.", "Give --customer-no NUMBER, --new or --forget."
            )
        _not_in_mamut(desk, row)
        custid = "" if forget else str(customer_no or by_hand.NEW)
        answers = wishes.ask(desk, "choose_customer", [_asked(row)], {"custid": custid})
        return _told(desk, "choose_customer", answers, json=json)


@app.command
def relink(
    order: Number,
    *,
    mamut_no: Annotated[int, Parameter(help="The number in Mamut of the order's own document.")],
    anyway: Annotated[
        bool, Parameter(negative="", help="Also where amount or number differ, or the old one still stands.")
    ] = False,
    shop: Shop = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Tie an order that has gone over to another document of Mamut. Amount and number are compared first."""
    with open_desk(context) as desk:
        row = one(desk, order, shop)
        if row.state != OrderState.TRANSFERRED.value:
            desk.end("Ordern står inte i Mamut än: brygga orders adopt.", "Not in Mamut yet: brygga orders adopt.", NO)
        args = {"mamut_order_no": str(mamut_no), **({"anyway": "yes"} if anyway else {})}
        answers = wishes.ask(desk, "relink", [_asked(row)], args)
        return _told(desk, "relink", answers, json=json)


@app.command(name="matches")
def list_matches(*, shop: Shop = None, limit: AtMost = 50, json: AsJson = False, context: Given) -> int:
    """List the orders that wait for somebody to say who their buyer is.

    Parameters
    ----------
    limit
        At most so many of each shop.
    """
    with open_desk(context) as desk:
        wanted = desk.shop(shop)
        keys = [wanted] if wanted is not None else None
        found = matches.waiting(desk.tx, keys, limit)
        if json:
            say_json(
                {"matches": [{**order_json(row), "candidates": matches.candidates(params_of(row))} for row in found]}
            )
            return NO if found else 0
        for row in found:
            numbers = ", ".join(map(str, matches.candidates(params_of(row)))) or "–"
            money = amount(row.total_ore, row.currency, desk.language)
            customers = desk.text("kunder i Mamut som liknar", "customers in Mamut that resemble")
            say(f"{row.shop} {row.number or row.order_id}  {money}  {row.reason}  {customers}: {numbers}")
        if not found:
            say(desk.text("Ingen kund väntar på att bekräftas.", "No customer waits to be confirmed."))
        return NO if found else 0


def _not_in_mamut(desk: Desk, row: OrderRow) -> None:
    if row.state == OrderState.TRANSFERRED.value:
        desk.end(
            f"{row.number} står redan i Mamut som {row.mamut_order_no}. Ändra den där.",
            f"{row.number} stands in Mamut already as {row.mamut_order_no}. Change it there.",
            NO,
        )


def _asked(row: OrderRow) -> wishes.Asked:
    return wishes.Asked(shop=ShopKey(row.shop), order_id=row.order_id, about=line_of(row))


def _told(desk: Desk, kind: str, answers: tuple[wishes.Answer, ...], *, json: bool) -> int:
    if json:
        say_json(wishes.answers_json(desk, kind, answers))
    else:
        wishes.tell(desk, answers)
    return wishes.exit_code(answers)
