"""The rules and field mappings of `brygga.toml`."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from agent.model.node import Node


class RuleObject(StrEnum):
    """What a rule is about. An invoice is an order that goes over as an invoice."""

    ORDER = "order"
    INVOICE = "invoice"
    CUSTOMER = "customer"
    PRODUCT = "product"
    PRICE = "price"
    STOCK = "stock"


class RuleSide(StrEnum):
    """`read`: as the one system gave it, before anything is decided. `written`: as it is about to be written to the
    other."""

    READ = "read"
    WRITTEN = "written"


class RuleAction(StrEnum):
    SET = "set"
    CLEAR = "clear"
    COPY = "copy"
    BUILD = "build"
    REPLACE = "replace"
    MAP = "map"
    SWITCH_ADDRESSES = "switch_addresses"
    DISCOUNT_ROW = "discount_row"
    REMOVE_ROWS = "remove_rows"
    KEEP_ROWS = "keep_rows"
    ADD_AMOUNT = "add_amount"
    ADD_PERCENT = "add_percent"
    ROUND = "round"
    STRIP_HTML = "strip_html"
    SHORTEN = "shorten"
    UPPER = "upper"
    LOWER = "lower"
    SHOP_STATUS = "shop_status"
    IGNORE = "ignore"
    HOLD = "hold"
    FAIL = "fail"


class RuleCondition(Node, frozen=True):
    """Something that must hold of one field; several tests in one condition must all hold.

    `any_of`, `none_of`, `contains`, `starts`, `ends` and `like` ("*" stands for any text, "?" for one character)
    compare texts without regard to case. `above`, `below`, `at_least` and `at_most` compare numbers. Of a list of rows
    it is enough that one row passes.
    """

    field: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    contains: str = ""
    starts: str = ""
    ends: str = ""
    like: str = ""
    above: Decimal | None = None
    below: Decimal | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    empty: bool | None = None


class RuleChange(Node, frozen=True):
    """One change. Which keys it needs is said for each action in docs/rules.md; others are refused.

    `where` chooses rows when `field` is one of a list of rows.
    """

    do: RuleAction
    field: str = ""
    value: str = ""
    source: str = ""
    find: str = ""
    values: dict[str, str] = {}
    amount: Decimal | None = None
    where: tuple[RuleCondition, ...] = ()


class ProcessingRule(Node, frozen=True):
    """Rules about one object and side run in the order of the file; each gets what the one before left."""

    name: str
    object: RuleObject
    side: RuleSide
    do: tuple[RuleChange, ...]
    when: tuple[RuleCondition, ...] = ()
    enabled: bool = True


class MappedObject(StrEnum):
    """`order` and `customer` go from the shop to Mamut, `product` from Mamut to the shop."""

    ORDER = "order"
    CUSTOMER = "customer"
    PRODUCT = "product"


class WhenLong(StrEnum):
    CUT = "cut"
    HOLD = "hold"


class FieldMapping(Node, frozen=True):
    """One field of the one system to one of the other's.

    `pick` empty picks the whole record. `compute` may use `value` (what was picked) and `record`; empty takes the value
    as it is. Where nothing comes of it the field stays as it was, or, with `empty_clears`, is emptied.
    """

    name: str
    object: MappedObject
    field: str
    pick: str = ""
    compute: str = ""
    empty_clears: bool = False
    when_long: WhenLong = WhenLong.CUT
    enabled: bool = True
