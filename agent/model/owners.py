"""Who owns what: for each flow and each field of an article, the one system whose word counts.

A field has one owner, so a write of ours that comes back as a change decides nothing: it is the owner's own value. What
a direction may write, and what the settings may choose, is read from this table. Source: the guide's table of flows.
"""

from __future__ import annotations

from enum import StrEnum


class System(StrEnum):
    SHOP = "shop"
    MAMUT = "mamut"


class OwnedField(StrEnum):
    """What an article has on both sides. NUMBER is the article number, VARIANTS what an article varies by and with
    which value, ACTIVE whether it is for sale, STATUS the status of an order."""

    NUMBER = "number"
    NAME = "name"
    TEXT = "text"
    UNIT = "unit"
    WEIGHT = "weight"
    GTIN = "gtin"
    VAT = "vat"
    GROUP = "group"
    VARIANTS = "variants"
    ACTIVE = "active"
    PRICE = "price"
    PRICE_LISTS = "price_lists"
    STOCK = "stock"
    STATUS = "status"


CARD = frozenset(
    {
        OwnedField.NUMBER,
        OwnedField.NAME,
        OwnedField.TEXT,
        OwnedField.UNIT,
        OwnedField.WEIGHT,
        OwnedField.GTIN,
        OwnedField.VAT,
        OwnedField.GROUP,
        OwnedField.VARIANTS,
        OwnedField.ACTIVE,
    }
)
"""What goes with the article itself."""

_SHOP_GOVERNS = {**dict.fromkeys(CARD, System.SHOP), OwnedField.PRICE: System.SHOP}
_MAMUT_SELLS = dict.fromkeys(
    (OwnedField.PRICE, OwnedField.PRICE_LISTS, OwnedField.STOCK, OwnedField.STATUS), System.MAMUT
)

OWNERS: dict[int, dict[OwnedField, System]] = {
    1: _SHOP_GOVERNS,
    2: {**dict.fromkeys(CARD, System.MAMUT), **_MAMUT_SELLS},
    3: {**dict.fromkeys(CARD, System.SHOP), **_MAMUT_SELLS},
}
"""A field that a flow does not name is carried by none: each system keeps its own."""


def owner(flow: int, field: OwnedField) -> System | None:
    """Raises KeyError when there is no such flow."""
    return OWNERS[flow].get(field)


def owned(flow: int, system: System) -> frozenset[OwnedField]:
    """What this system's word counts for. Raises KeyError when there is no such flow."""
    return frozenset(field for field, whose in OWNERS[flow].items() if whose is system)
