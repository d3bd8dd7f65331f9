"""What the customer reads of an order's status, and whether it stands on the order already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from agent.model.goods import Parcel

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def customer_text(
    text: str, number: str, parcels: Sequence[Parcel], invoice_nos: Sequence[int], also: Sequence[Parcel] = ()
) -> str:
    """The note that the customer reads: the merchant's text with its placeholders filled. The parcels in `also` follow
    where the text does not name parcels itself."""
    names_them = "{tracking}" in text or "{url}" in text
    filled = {
        "{number}": number,
        "{carrier}": ", ".join(dict.fromkeys(parcel.carrier for parcel in parcels if parcel.carrier)),
        "{tracking}": ", ".join(parcel.number for parcel in parcels),
        "{url}": " ".join(parcel.url for parcel in parcels if parcel.url),
        "{invoice}": ", ".join(map(str, invoice_nos)),
    }
    text = _PLACEHOLDER.sub(lambda found: filled.get(found[0], found[0]), text)
    if not names_them:
        text = "\n".join([text.rstrip(), *map(parcel_text, also)])
    return text.strip()


def parcel_text(parcel: Parcel) -> str:
    return " ".join(part for part in (parcel.carrier, parcel.number, parcel.url) if part)


def is_same_text(one: str, other: str) -> bool:
    """Whether two notes say the same: a shop may give spaces and entities back in other ways than they were sent."""
    return " ".join(unescape(one).split()) == " ".join(unescape(other).split())
