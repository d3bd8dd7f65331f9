"""Rules and field mappings in plain words, and what people call objects, sides, tests and changes."""

from __future__ import annotations

from decimal import Decimal

from agent.model.words import Language, Words, words
from agent.rules.tree import (
    FieldMapping,
    MappedObject,
    ProcessingRule,
    RuleAction,
    RuleChange,
    RuleCondition,
    RuleObject,
    RuleSide,
    WhenLong,
)

LONGEST = 60
"""Characters of a value that are shown; the rest is in the rule."""

OBJECTS: dict[RuleObject, Words] = {
    RuleObject.ORDER: words("Order", "Order"),
    RuleObject.INVOICE: words("Faktura", "Invoice"),
    RuleObject.CUSTOMER: words("Kund", "Customer"),
    RuleObject.PRODUCT: words("Produkt", "Product"),
    RuleObject.PRICE: words("Pris", "Price"),
    RuleObject.STOCK: words("Lagersaldo", "Stock"),
}

CHAINS: dict[tuple[RuleObject, RuleSide], Words] = {
    (RuleObject.ORDER, RuleSide.READ): words("butikens order, innan något avgörs", "the shop's order, before deciding"),
    (RuleObject.ORDER, RuleSide.WRITTEN): words("ordern som ska skapas i Mamut", "the order about to be made in Mamut"),
    (RuleObject.INVOICE, RuleSide.READ): words(
        "butikens order som blir faktura", "the shop's order that becomes an invoice"
    ),
    (RuleObject.INVOICE, RuleSide.WRITTEN): words(
        "fakturan som ska skapas i Mamut", "the invoice about to be made in Mamut"
    ),
    (RuleObject.CUSTOMER, RuleSide.READ): words("adresserna i butikens order", "the addresses of the shop's order"),
    (RuleObject.CUSTOMER, RuleSide.WRITTEN): words(
        "kontakten som ska skapas i Mamut", "the contact about to be made in Mamut"
    ),
    (RuleObject.PRODUCT, RuleSide.READ): words("artikelkortet i Mamut", "the article's card in Mamut"),
    (RuleObject.PRODUCT, RuleSide.WRITTEN): words(
        "produkten som ska skrivas till butiken", "the product about to be written to the shop"
    ),
    (RuleObject.PRICE, RuleSide.READ): words("artikelns priser i Mamut", "the article's prices in Mamut"),
    (RuleObject.PRICE, RuleSide.WRITTEN): words(
        "priset som ska skrivas till butiken", "the price about to be written to the shop"
    ),
    (RuleObject.STOCK, RuleSide.READ): words("artikelns lager i Mamut", "the article's stock in Mamut"),
    (RuleObject.STOCK, RuleSide.WRITTEN): words(
        "saldot som ska skrivas till butiken", "the stock about to be written to the shop"
    ),
}
"""What rules of an object and side work on, in the order in which the pages show them."""

TESTS: dict[str, Words] = {
    "any_of": words("är något av", "is one of"),
    "none_of": words("är inget av", "is none of"),
    "contains": words("innehåller", "contains"),
    "starts": words("börjar med", "begins with"),
    "ends": words("slutar med", "ends with"),
    "like": words("liknar mönstret", "is like"),
    "above": words("är över", "is above"),
    "below": words("är under", "is below"),
    "at_least": words("är minst", "is at least"),
    "at_most": words("är högst", "is at most"),
    "empty": words("är tomt", "is empty"),
    "filled": words("har ett värde", "has a value"),
}
"""The tests of a condition. `filled` is written `empty = false`."""

ACTIONS: dict[RuleAction, Words] = {
    RuleAction.SET: words("sätt ett värde", "set a value"),
    RuleAction.CLEAR: words("töm", "clear"),
    RuleAction.COPY: words("kopiera ett annat fält", "copy another field"),
    RuleAction.BUILD: words("bygg en text av fält", "build a text of fields"),
    RuleAction.REPLACE: words("sök och ersätt", "search and replace"),
    RuleAction.MAP: words("slå upp i en tabell", "look up in a table"),
    RuleAction.SWITCH_ADDRESSES: words("byt plats på adresserna", "switch the addresses"),
    RuleAction.DISCOUNT_ROW: words("rabatten på egen rad", "discount on a row of its own"),
    RuleAction.REMOVE_ROWS: words("ta bort rader", "remove rows"),
    RuleAction.KEEP_ROWS: words("behåll bara vissa rader", "keep only some rows"),
    RuleAction.ADD_AMOUNT: words("lägg till ett belopp", "add an amount"),
    RuleAction.ADD_PERCENT: words("lägg till procent", "add a percentage"),
    RuleAction.ROUND: words("avrunda", "round"),
    RuleAction.STRIP_HTML: words("ta bort HTML", "strip HTML"),
    RuleAction.SHORTEN: words("korta", "shorten"),
    RuleAction.UPPER: words("stora bokstäver", "capital letters"),
    RuleAction.LOWER: words("små bokstäver", "small letters"),
    RuleAction.SHOP_STATUS: words("ge butikens order en status", "give the shop's order a status"),
    RuleAction.IGNORE: words("låt posten inte gå över", "let the record go nowhere"),
    RuleAction.HOLD: words("håll kvar för en människa", "hold for a person"),
    RuleAction.FAIL: words("gör posten till ett fel", "make the record an error"),
}

_DOES: dict[RuleAction, Words] = {
    RuleAction.SET: words("sätt {field} till {value}", "set {field} to {value}"),
    RuleAction.CLEAR: words("töm {field}", "clear {field}"),
    RuleAction.COPY: words("kopiera {source} till {field}", "copy {source} to {field}"),
    RuleAction.BUILD: words("bygg {field} av {value}", "build {field} of {value}"),
    RuleAction.REPLACE: words("byt {find} mot {value} i {field}", "replace {find} by {value} in {field}"),
    RuleAction.MAP: words(
        "sätt {field} ur en tabell med {count} rader efter {source}",
        "set {field} from a table of {count} rows by {source}",
    ),
    RuleAction.SWITCH_ADDRESSES: words(
        "byt plats på faktura- och leveransadress", "switch invoice and delivery address"
    ),
    RuleAction.DISCOUNT_ROW: words("lägg rabatten på en egen rad", "put the discount on a row of its own"),
    RuleAction.REMOVE_ROWS: words("ta bort rader ur {field}", "remove rows of {field}"),
    RuleAction.KEEP_ROWS: words("behåll bara rader i {field}", "keep only rows of {field}"),
    RuleAction.ADD_AMOUNT: words("lägg {amount} till {field}", "add {amount} to {field}"),
    RuleAction.ADD_PERCENT: words("lägg {amount} % till {field}", "add {amount} % to {field}"),
    RuleAction.ROUND: words("avrunda {field} till steg om {amount}", "round {field} to steps of {amount}"),
    RuleAction.STRIP_HTML: words("ta bort HTML ur {field}", "strip HTML out of {field}"),
    RuleAction.SHORTEN: words("korta {field} till {amount} tecken", "shorten {field} to {amount} characters"),
    RuleAction.UPPER: words("skriv {field} med stora bokstäver", "write {field} in capitals"),
    RuleAction.LOWER: words("skriv {field} med små bokstäver", "write {field} in small letters"),
    RuleAction.SHOP_STATUS: words("ge butikens order status {value}", "give the shop's order the status {value}"),
    RuleAction.IGNORE: words("låt posten inte gå över", "let the record go nowhere"),
    RuleAction.HOLD: words("håll kvar posten för en människa", "hold the record for a person"),
    RuleAction.FAIL: words("gör posten till ett fel: {value}", "make the record an error: {value}"),
}

MAPPED: dict[MappedObject, Words] = {
    MappedObject.ORDER: words("butikens order → dokumentet i Mamut", "the shop's order → the document in Mamut"),
    MappedObject.CUSTOMER: words("butikens order → en ny kontakt i Mamut", "the shop's order → a new contact in Mamut"),
    MappedObject.PRODUCT: words("artikeln i Mamut → butikens produkt", "the article in Mamut → the shop's product"),
}

WHEN_LONG: dict[WhenLong, Words] = {
    WhenLong.CUT: words("korta den, och säg det i orderns historia", "cut it, and say so in the order's story"),
    WhenLong.HOLD: words("håll kvar ordern", "hold the order"),
}


def condition_text(condition: RuleCondition, language: Language) -> str:
    """One condition; several tests in it are joined."""
    told = [
        _test(name, getattr(condition, name), language) for name in RuleCondition.__struct_fields__ if name != "field"
    ]
    joined = words(" och ", " and ").in_(language).join(text for text in told if text)
    return f"{condition.field} {joined}".strip()


def change_text(change: RuleChange, language: Language) -> str:
    """What one change does, with the rows that it is about."""
    told = (
        _DOES[change.do]
        .in_(language)
        .format(
            field=change.field,
            source=change.source or change.field,
            value=quoted(change.value),
            find=quoted(change.find),
            amount=_number(change.amount),
            count=len(change.values),
        )
    )
    if not change.where:
        return told
    rows = _and(language).join(condition_text(each, language) for each in change.where)
    return f"{told} ({words('rader där', 'rows where').in_(language)} {rows})"


def when_text(rule: ProcessingRule, language: Language) -> str:
    if not rule.when:
        return words("Alltid", "Always").in_(language)
    return _and(language).join(condition_text(each, language) for each in rule.when)


def mapping_text(mapping: FieldMapping, language: Language) -> str:
    """From where and how, without the target."""
    picked = mapping.pick or words("hela posten", "the whole record").in_(language)
    return f"{picked} → {mapping.compute}" if mapping.compute else picked


def quoted(text: str) -> str:
    flat = " ".join(text.split()) or text
    return f"“{flat[:LONGEST]}…”" if len(flat) > LONGEST else f"“{flat}”"


def _and(language: Language) -> str:
    return words(" och ", " and ").in_(language)


def _test(name: str, value: object, language: Language) -> str:
    if value in ("", (), None):
        return ""
    if name == "empty":
        return TESTS["empty" if value else "filled"].in_(language)
    shown = _number(value) if isinstance(value, Decimal) else quoted(str(value))
    if isinstance(value, tuple):
        shown = words(" eller ", " or ").in_(language).join(map(quoted, value))
    return f"{TESTS[name].in_(language)} {shown}"


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
