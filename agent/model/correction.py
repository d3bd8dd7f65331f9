"""What people correct of an order as it was read: never an amount, since those are the shop's."""

from __future__ import annotations

from agent.model.order import Frozen
from agent.model.words import Words, words


class Correction(Frozen, frozen=True):
    """Another value for one field of an order. `was` is what the shop said when it was corrected; None until the next
    reading tells. `at_ms` is ours."""

    field: str
    value: str
    was: str | None = None
    at_ms: int = 0
    who: str = ""


BILLING, SHIPPING = "billing", "shipping"

ADDRESS_FIELDS: dict[str, Words] = {
    "first_name": words("förnamn", "first name"),
    "last_name": words("efternamn", "last name"),
    "company": words("företag", "company"),
    "street": words("gatuadress", "street"),
    "street_2": words("gatuadress, rad 2", "street, row 2"),
    "postcode": words("postnummer", "postcode"),
    "city": words("ort", "city"),
    "country": words("land", "country"),
    "email": words("e-post", "e-mail"),
    "phone": words("telefon", "phone"),
}

_SIDES = {BILLING: words("faktura", "invoice"), SHIPPING: words("leverans", "delivery")}

CUSTOMER_FIELDS: dict[str, Words] = {
    "org_no": words("organisationsnummer", "organisation number"),
    "vat_no": words("VAT-nummer", "VAT number"),
    "customer_no": words("kundnummer i Mamut", "customer number in Mamut"),
}

LINE_FIELDS: dict[str, Words] = {
    "article_no": words("artikelnummer", "article number"),
    "method": words("fraktsätt", "shipping method"),
}

FIELD_NAMES: dict[str, Words] = {
    **{
        f"{side}.{field}": words(f"{name.sv} ({where.sv})", f"{name.en} ({where.en})")
        for side, where in _SIDES.items()
        for field, name in ADDRESS_FIELDS.items()
    },
    **CUSTOMER_FIELDS,
    "payment_method": words("betalsätt", "payment method"),
    "customer_note": words("kundens meddelande", "the customer's note"),
}
"""What each field of the order is called; those of its lines are called `line.ID.article_no`."""

OPEN_FIELDS = frozenset({"billing.country", "shipping.country", "payment_method", "customer_no"})
"""Fields that tell nothing about a person. So do those of lines."""


BY_VALUE: dict[str, Words] = {
    "article": words("artikelnummer {value}", "article number {value}"),
    "method": words("fraktsätt {value}", "shipping method {value}"),
}
"""Fields of all lines that say the same: `article.B-17` is the article number of every row that has that one."""


def line_field(line_id: int, name: str) -> str:
    return f"line.{line_id}.{name}"


def field_words(field: str) -> Words:
    """What people call a field; one that no text knows is called as it is kept."""
    known = FIELD_NAMES.get(field)
    if known is not None:
        return known
    first, _, value = field.partition(".")
    if first in BY_VALUE:
        named = BY_VALUE[first]
        return words(named.sv.format(value=value), named.en.format(value=value))
    line, _, name = field.removeprefix("line.").partition(".")
    if name in LINE_FIELDS:
        named = LINE_FIELDS[name]
        return words(f"{named.sv} (rad {line})", f"{named.en} (row {line})")
    return words(field, field)


def is_open(field: str) -> bool:
    return field in OPEN_FIELDS or field.startswith(("line.", "article.", "method."))
