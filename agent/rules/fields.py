"""Which fields a rule may name: read any, write those that are nobody's identity.

A path is made of names with points: "billing.city", "lines.article_no" (of every row), "meta.vat_number". What a field
holds is taken from the model's own types, so that a rule is refused where it is written and not when an order comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from agent.model.goods import ArticleCard, PriceCard, ShopPrice, ShopProduct, ShopStock, StockCard
from agent.model.mamut import ContactDraft, DocumentDraft
from agent.model.order import ShopOrder
from agent.rules.tree import RuleObject, RuleSide

Tree = dict[str, Any]

TEXT_MAX = 4_000
"""Characters that a rule may make of a text; Mamut's longest field has as many."""

DIGITS_MAX = 15
"""Digits before the point that a rule may make of a number."""


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    YES_NO = "yes_no"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    ROWS = "rows"
    TABLE = "table"


class Root(msgspec.Struct, frozen=True):
    """What a rule of one object and side works on. `fixed` are paths that no rule may change: numbers by which a record
    is known, and what the proof of the amount rests on."""

    type: type[msgspec.Struct]
    fixed: frozenset[str] = frozenset()


_ORDER = Root(
    ShopOrder,
    frozenset(
        {
            "shop",
            "order_id",
            "order_key",
            "created_at",
            "modified_at",
            "paid_at",
            "total",
            "total_tax",
            "currency",
            "status",
            "prices_include_tax",
            "content_hash",
            "mamut_order_no",
            "refunds",
            "gift_cards",
            "coupons",
            "lines.line_id",
            "lines.kind",
            "lines.taxes",
            "lines.product_id",
            "lines.variation_id",
        }
    ),
)
_DOCUMENT = Root(DocumentDraft, frozenset({"kind", "external_no", "currency", "order_date"}))
_CUSTOMER = Root(
    ShopOrder, frozenset(name for name in ShopOrder.__struct_fields__ if name not in ("billing", "shipping"))
)

ROOTS: dict[tuple[RuleObject, RuleSide], Root] = {
    (RuleObject.ORDER, RuleSide.READ): _ORDER,
    (RuleObject.ORDER, RuleSide.WRITTEN): _DOCUMENT,
    (RuleObject.INVOICE, RuleSide.READ): _ORDER,
    (RuleObject.INVOICE, RuleSide.WRITTEN): _DOCUMENT,
    (RuleObject.CUSTOMER, RuleSide.READ): _CUSTOMER,
    (RuleObject.CUSTOMER, RuleSide.WRITTEN): Root(ContactDraft, frozenset({"ext_id"})),
    (RuleObject.PRODUCT, RuleSide.READ): Root(ArticleCard, frozenset({"pk", "product_no", "variant", "keeps_stock"})),
    (RuleObject.PRODUCT, RuleSide.WRITTEN): Root(ShopProduct, frozenset({"kind", "sku", "choices", "price", "stock"})),
    (RuleObject.PRICE, RuleSide.READ): Root(PriceCard, frozenset({"product_no"})),
    (RuleObject.PRICE, RuleSide.WRITTEN): Root(ShopPrice),
    (RuleObject.STOCK, RuleSide.READ): Root(StockCard, frozenset({"product_no", "levels.warehouse"})),
    (RuleObject.STOCK, RuleSide.WRITTEN): Root(ShopStock),
}


class Field(msgspec.Struct, frozen=True):
    """A path that has been looked up. `rows` is how many of its names lead to the list whose every row it is about, 0
    when it is about one place."""

    path: str
    names: tuple[str, ...]
    kind: Kind
    rows: int
    optional: bool
    choices: tuple[str, ...] = ()
    fixed: bool = False


@cache
def _hints(record: type[msgspec.Struct]) -> dict[str, Any]:
    """A model's own types, worked out once: they never change, and working them out is most of compiling a rule."""
    return get_type_hints(record)


class FieldWrong(ValueError):
    """There is no such field. `known` are the names that could stand there."""

    def __init__(self, path: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{path}: no field {name}")
        self.path = path
        self.name = name
        self.known = known


def look_up(root: Root, path: str) -> Field:
    """Raises FieldWrong when the record has no such field."""
    at: Any = root.type
    names = tuple(path.split("."))
    rows = 0
    optional = False
    for index, name in enumerate(names):
        at, _ = _bare(at)
        if get_origin(at) is tuple:
            rows = index
            at = get_args(at)[0]
        if get_origin(at) is dict:
            rest = ".".join(names[index:])
            return Field(path, (*names[:index], rest), Kind.TEXT, rows, optional=True, fixed=_is_fixed(root, path))
        if not (isinstance(at, type) and issubclass(at, msgspec.Struct)):
            raise FieldWrong(path, name, ())
        hints = _hints(at)
        if name not in at.__struct_fields__ or _bare(hints[name])[0] is bytes:
            raise FieldWrong(path, name, tuple(each for each in at.__struct_fields__ if hints[each] is not bytes))
        at = hints[name]
        optional = _bare(at)[1]
    kind, choices = _kind_of(_bare(at)[0])
    return Field(path, names, kind, rows, optional, choices, _is_fixed(root, path))


def fields_of(root: Root) -> tuple[Field, ...]:
    """Every field that has one value, and every list of rows. A table of free names ends in a point: what follows is
    the merchant's to say."""
    return tuple(_fields(root, root.type, ()))


def _fields(root: Root, at: type[msgspec.Struct], above: tuple[str, ...]) -> Iterator[Field]:
    hints = _hints(at)
    for name in at.__struct_fields__:
        names = (*above, name)
        kind, _ = _bare(hints[name])
        path = ".".join(names)
        if kind is bytes:
            continue  # The record as it was received: no rule's to see.
        if get_origin(kind) is dict:
            yield Field(f"{path}.", names, Kind.TEXT, 0, optional=True, fixed=_is_fixed(root, path))
            continue
        inner = get_args(kind)[0] if get_origin(kind) is tuple else kind
        if get_origin(kind) is tuple or not _is_struct(kind):
            yield look_up(root, path)
        if _is_struct(inner):
            yield from _fields(root, inner, names)


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def holder_of(names: tuple[str, ...]) -> Callable[[Tree], Tree]:
    """A function that gives the table in which the last of the names stands, made where a record has none."""
    above = names[:-1]
    if not above:
        return lambda tree: tree
    if len(above) == 1:
        only = above[0]

        def one(tree: Tree) -> Tree:
            inner = tree.get(only)
            if inner is None:
                inner = tree[only] = {}
            return cast(Tree, inner)

        return one

    def several(tree: Tree) -> Tree:
        for name in above:
            inner = tree.get(name)
            if inner is None:
                inner = tree[name] = {}
            tree = inner
        return tree

    return several


def rows_of(names: tuple[str, ...]) -> Callable[[Tree], list[Tree]]:
    """A function that gives the rows of the list at this place, none where a record has no list there."""
    holder, last = holder_of(names), names[-1]
    return lambda tree: holder(tree).get(last) or []


def text_of(value: object) -> str:
    """A value as rules compare and build it: numbers as written, dates as YYYY-MM-DD, yes and no."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Enum):
        return str(value.value)
    return str(value)


class ValueWrong(ValueError):
    """A text cannot become what the field holds. The text itself is not told: it may be somebody's name."""


def take(field: Field, text: str) -> object:
    """A text as the field's own kind. Raises ValueWrong."""
    if field.kind is Kind.TEXT:
        if len(text) > TEXT_MAX:
            raise ValueWrong("too_long")
        return text
    if not text and field.optional:
        return None
    if field.kind is Kind.CHOICE:
        if text not in field.choices:
            raise ValueWrong("not_a_choice")
        return text
    return _TAKERS.get(field.kind, _take_nothing)(text)


def _take_whole(text: str) -> int:
    whole = number(text)
    if whole != whole.to_integral_value():
        raise ValueWrong("not_whole")
    return int(whole)


def _take_yes_no(text: str) -> bool:
    if text.casefold() not in ("yes", "no", "true", "false", "1", "0"):
        raise ValueWrong("not_yes_or_no")
    return text.casefold() in ("yes", "true", "1")


def _take_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueWrong("not_a_day") from error


def _take_nothing(_text: str) -> object:
    raise ValueWrong("not_a_value")


def number(text: str) -> Decimal:
    """Raises ValueWrong for what is no number, and for one that no field could hold."""
    try:
        value = Decimal("".join(text.split()).replace(",", ".") or "0")
    except InvalidOperation as error:
        raise ValueWrong("not_a_number") from error
    if not value.is_finite() or value.adjusted() >= DIGITS_MAX:
        raise ValueWrong("not_a_number")
    return value


_TAKERS: dict[Kind, Callable[[str], object]] = {
    Kind.NUMBER: number,
    Kind.WHOLE: _take_whole,
    Kind.YES_NO: _take_yes_no,
    Kind.DAY: _take_day,
}


def _is_fixed(root: Root, path: str) -> bool:
    return any(path == fixed or path.startswith(f"{fixed}.") for fixed in root.fixed)


def _bare(hint: Any) -> tuple[Any, bool]:
    """The type without NewType, and whether None is allowed beside it."""
    optional = False
    if get_origin(hint) in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not NoneType]
        optional = len(kinds) < len(get_args(hint))
        hint = kinds[0]
    while (inner := getattr(hint, "__supertype__", None)) is not None:
        hint = inner
    return hint, optional


_KINDS: dict[type, Kind] = {
    str: Kind.TEXT,
    Decimal: Kind.NUMBER,
    int: Kind.WHOLE,
    bool: Kind.YES_NO,
    date: Kind.DAY,
    datetime: Kind.MOMENT,
}


def _kind_of(hint: Any) -> tuple[Kind, tuple[str, ...]]:
    origin = get_origin(hint)
    if origin is tuple:
        return Kind.ROWS, ()
    if origin is dict or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)):
        return Kind.TABLE, ()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Kind.CHOICE, tuple(str(member.value) for member in hint)
    return _KINDS[hint], ()
