"""What each action does to a record. A compiled change works on the record's tree and says which fields it changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from string import Formatter

import msgspec

from agent.model.order import LineKind, ShopOrder
from agent.rules.conditions import Test, compile_row_test
from agent.rules.fields import (
    TEXT_MAX,
    Field,
    FieldWrong,
    Kind,
    Root,
    Tree,
    ValueWrong,
    holder_of,
    look_up,
    rows_of,
    take,
    text_of,
)
from agent.rules.tree import RuleAction, RuleChange

Change = Callable[[Tree], tuple[str, ...]]
"""Changes the tree; gives the paths that are other than before. Raises ValueWrong."""

TEMPLATE_MAX = 2_000
"""Characters of a template."""

_TAG = re.compile(r"<[^<>]{0,2000}>")
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_SPACES = re.compile(r"[ \t]+")
_LINES = re.compile(r"\n{3,}")


class ChangeWrong(ValueError):
    """A change cannot be made as it is written. `key` is the key that is wrong, `problem` a short English word, `known`
    what could stand there."""

    def __init__(self, key: str, problem: str, detail: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(f"{key}: {problem}")
        self.known = known
        self.key = key
        self.problem = problem
        self.detail = detail


class Effect(msgspec.Struct, frozen=True):
    """What a rule decides beyond fields: `verdict` ignore, hold or fail; a status for the shop's order; the discount as
    a row of its own."""

    verdict: str = ""
    shop_status: str = ""
    discount_row: bool = False


EFFECTS = {
    RuleAction.IGNORE: Effect(verdict="ignore"),
    RuleAction.HOLD: Effect(verdict="hold"),
    RuleAction.FAIL: Effect(verdict="fail"),
    RuleAction.DISCOUNT_ROW: Effect(discount_row=True),
}

KEYS: dict[RuleAction, tuple[frozenset[str], frozenset[str]]] = {
    RuleAction.SET: (frozenset({"field", "value"}), frozenset({"where"})),
    RuleAction.CLEAR: (frozenset({"field"}), frozenset({"where"})),
    RuleAction.COPY: (frozenset({"field", "source"}), frozenset({"where"})),
    RuleAction.BUILD: (frozenset({"field", "value"}), frozenset({"where"})),
    RuleAction.REPLACE: (frozenset({"field", "find"}), frozenset({"value", "where"})),
    RuleAction.MAP: (frozenset({"field", "values"}), frozenset({"value", "source", "where"})),
    RuleAction.SWITCH_ADDRESSES: (frozenset(), frozenset()),
    RuleAction.DISCOUNT_ROW: (frozenset(), frozenset()),
    RuleAction.REMOVE_ROWS: (frozenset({"field", "where"}), frozenset()),
    RuleAction.KEEP_ROWS: (frozenset({"field", "where"}), frozenset()),
    RuleAction.ADD_AMOUNT: (frozenset({"field", "amount"}), frozenset({"where"})),
    RuleAction.ADD_PERCENT: (frozenset({"field", "amount"}), frozenset({"where"})),
    RuleAction.ROUND: (frozenset({"field", "amount"}), frozenset({"where"})),
    RuleAction.STRIP_HTML: (frozenset({"field"}), frozenset({"where"})),
    RuleAction.SHORTEN: (frozenset({"field", "amount"}), frozenset({"where"})),
    RuleAction.UPPER: (frozenset({"field"}), frozenset({"where"})),
    RuleAction.LOWER: (frozenset({"field"}), frozenset({"where"})),
    RuleAction.SHOP_STATUS: (frozenset({"value"}), frozenset()),
    RuleAction.IGNORE: (frozenset(), frozenset()),
    RuleAction.HOLD: (frozenset(), frozenset({"value"})),
    RuleAction.FAIL: (frozenset(), frozenset({"value"})),
}
"""Keys that each action needs, and those it may have; what forms offer follows from it too."""


def check_keys(change: RuleChange) -> None:
    """Raises ChangeWrong for a key that is missing or that this action does nothing with."""
    needed, allowed = KEYS[change.do]
    given = {
        name
        for name in RuleChange.__struct_fields__
        if name != "do" and getattr(change, name) not in ("", None, (), {})
    }
    if change.do is RuleAction.SET:
        given |= {"value"}  # An empty value is one.
    for name in sorted(needed - given):
        raise ChangeWrong(name, "missing", change.do.value)
    for name in sorted(given - needed - allowed):
        raise ChangeWrong(name, "unused", change.do.value)


def compile_change(change: RuleChange, root: Root) -> Change:
    """Raises ChangeWrong or FieldWrong."""
    check_keys(change)
    if change.do is RuleAction.SWITCH_ADDRESSES:
        if root.type is not ShopOrder:
            raise ChangeWrong("do", "no_addresses")
        return _switch_addresses
    if change.do in (RuleAction.REMOVE_ROWS, RuleAction.KEEP_ROWS):
        return _rows(change, root)
    field = look_up(root, change.field)
    if field.fixed:
        raise ChangeWrong("field", "fixed", change.field)
    if field.kind in (Kind.ROWS, Kind.TABLE, Kind.MOMENT):
        raise ChangeWrong("field", "no_single_value", change.field)
    if change.where and not field.rows:
        raise ChangeWrong("where", "no_rows", change.field)
    make = _maker(change, field, root)
    if not field.rows:
        return _on_record(field, make)
    rows = ".".join(field.names[: field.rows])
    return _on_rows(field, make, _chosen_rows(change, root, rows) if change.where else None)


def _chosen_rows(change: RuleChange, root: Root, rows: str) -> Test:
    for index, condition in enumerate(change.where):
        try:
            look_up(root, f"{rows}.{condition.field}")
        except FieldWrong as error:
            raise ChangeWrong(f"where.{index}.field", "field_unknown", condition.field, error.known) from error
    return compile_row_test(change.where, root, rows)


Make = Callable[[object, Tree], object]
"""The new value of one field, from the old one and the whole record."""


def _on_record(field: Field, make: Make) -> Change:
    holder_in, last, told = holder_of(field.names), field.names[-1], (field.path,)

    def change(tree: Tree) -> tuple[str, ...]:
        holder = holder_in(tree)
        old = holder.get(last)
        new = make(old, tree)
        if new == old:
            return ()
        holder[last] = new
        return told

    return change


def _on_rows(field: Field, make: Make, test: Test | None) -> Change:
    rows, last, told = rows_of(field.names[: field.rows]), field.names[-1], (field.path,)
    holder_in = holder_of(field.names[field.rows :])

    def change(tree: Tree) -> tuple[str, ...]:
        changed: tuple[str, ...] = ()
        for row in rows(tree):
            if test is not None and not test(row):
                continue
            holder = holder_in(row)
            old = holder.get(last)
            new = make(old, tree)
            if new != old:
                holder[last] = new
                changed = told
        return changed

    return change


def _maker(change: RuleChange, field: Field, root: Root) -> Make:
    match change.do:
        case RuleAction.SET:
            value = _checked(field, change.value, "value")
            return lambda _old, _tree: value
        case RuleAction.CLEAR:
            empty = _checked(field, "", "field")
            return lambda _old, _tree: empty
        case RuleAction.COPY:
            return _copy(change, field, root)
        case RuleAction.BUILD:
            return _build(change.value, field, root)
        case RuleAction.REPLACE:
            return _replace(change, field)
        case RuleAction.MAP:
            return _map(change, field, root)
        case RuleAction.ADD_AMOUNT | RuleAction.ADD_PERCENT | RuleAction.ROUND:
            return _reckon(change, field)
        case RuleAction.SHORTEN:
            return _shorten(change, field)
        case _:
            return _on_text(change.do, field)


def _checked(field: Field, text: str, key: str) -> object:
    try:
        return take(field, text)
    except ValueWrong as error:
        raise ChangeWrong(key, str(error), field.path) from error


def _one_place(path: str, root: Root, key: str) -> Field:
    source = look_up(root, path)
    if source.rows or source.kind in (Kind.ROWS, Kind.TABLE):
        raise ChangeWrong(key, "no_single_value", path)
    return source


def _reader(source: Field) -> Callable[[Tree], str]:
    holder, last = holder_of(source.names), source.names[-1]
    return lambda tree: text_of(holder(tree).get(last))


def _copy(change: RuleChange, field: Field, root: Root) -> Make:
    source = _reader(_one_place(change.source, root, "source"))
    return lambda _old, tree: take(field, source(tree))


def _build(template: str, field: Field, root: Root) -> Make:
    """A text with fields in braces. Nothing but names may stand in them: no formats, no attributes, no calls."""
    if len(template) > TEMPLATE_MAX:
        raise ChangeWrong("value", "template_too_long", str(TEMPLATE_MAX))
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ChangeWrong("value", "template_broken") from error
    pieces: list[tuple[str, Callable[[Tree], str] | None]] = []
    for text, name, form, conversion in parts:
        if form or conversion:
            raise ChangeWrong("value", "template_broken", name or "")
        pieces.append((text, None if name is None else _reader(_one_place(name, root, "value"))))

    def build(_old: object, tree: Tree) -> object:
        made = ""
        for text, source in pieces:
            made += text if source is None else text + source(tree)
        return take(field, made.strip())

    return build


def _replace(change: RuleChange, field: Field) -> Make:
    _must_be(field, Kind.TEXT)
    if len(change.find) > TEXT_MAX:
        raise ChangeWrong("find", "too_long")
    find, value = re.compile(re.escape(change.find), re.IGNORECASE).sub, change.value
    return lambda old, _tree: take(field, find(lambda _found: value, text_of(old)))


def _map(change: RuleChange, field: Field, root: Root) -> Make:
    """The field, or `source`, looked up in a table without regard to case; what is not in it stays, or becomes
    `value`."""
    table = {key.casefold(): _checked(field, value, "values") for key, value in change.values.items()}
    otherwise = _checked(field, change.value, "value") if change.value else None
    source = _reader(_one_place(change.source, root, "source")) if change.source else None

    def look(old: object, tree: Tree) -> object:
        key = text_of(old) if source is None else source(tree)
        return table.get(key.casefold(), old if otherwise is None else otherwise)

    return look


def _reckon(change: RuleChange, field: Field) -> Make:
    _must_be(field, Kind.NUMBER, Kind.WHOLE)
    amount = change.amount or Decimal(0)
    if change.do is RuleAction.ROUND and amount <= 0:
        raise ChangeWrong("amount", "not_positive")

    def reckon(old: object, _tree: Tree) -> object:
        if old is None:
            return None
        value = Decimal(text_of(old) or "0")
        if change.do is RuleAction.ADD_AMOUNT:
            value += amount
        elif change.do is RuleAction.ADD_PERCENT:
            value += value * amount / 100
        else:
            value = (value / amount).quantize(Decimal(1), ROUND_HALF_UP) * amount
        if field.kind is Kind.WHOLE:
            return int(value.quantize(Decimal(1), ROUND_HALF_UP))
        return take(field, text_of(round(value, 6).normalize() if value else Decimal(0)))

    return reckon


def _shorten(change: RuleChange, field: Field) -> Make:
    _must_be(field, Kind.TEXT)
    most = int(change.amount or 0)
    if not 0 < most <= TEXT_MAX:
        raise ChangeWrong("amount", "out_of_range")
    return lambda old, _tree: text_of(old)[:most].rstrip()


def _on_text(action: RuleAction, field: Field) -> Make:
    _must_be(field, Kind.TEXT)
    if action is RuleAction.STRIP_HTML:
        return lambda old, _tree: take(field, strip_html(text_of(old)))
    if action is RuleAction.UPPER:
        return lambda old, _tree: take(field, text_of(old).upper())
    return lambda old, _tree: take(field, text_of(old).lower())


def strip_html(text: str) -> str:
    """A text without tags and entities; paragraphs and line breaks become lines."""
    plain = unescape(_TAG.sub("", _BREAK.sub("\n", text[:TEXT_MAX])))
    lines = (_SPACES.sub(" ", line).strip() for line in plain.replace("\xa0", " ").splitlines())
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def _must_be(field: Field, *kinds: Kind) -> None:
    if field.kind not in kinds:
        raise ChangeWrong("field", f"not_{kinds[0].value}", field.path)


def _switch_addresses(tree: Tree) -> tuple[str, ...]:
    """The invoice goes where the goods were to go, and the other way round; an empty address means "as the other"."""
    billing, shipping = tree["billing"], tree["shipping"]
    if not any(shipping.get(name) for name in ("street", "postcode", "city", "company", "last_name")):
        return ()
    # The parcel's address has no e-mail in WooCommerce, and the buyer must not lose theirs.
    for name in ("email", "phone"):
        shipping[name] = shipping.get(name) or billing.get(name, "")
    if billing == shipping:
        return ()
    tree["billing"], tree["shipping"] = shipping, billing
    return ("billing", "shipping")


def _rows(change: RuleChange, root: Root) -> Change:
    field = look_up(root, change.field)
    if field.kind is not Kind.ROWS:
        raise ChangeWrong("field", "no_rows", change.field)
    if field.fixed:
        raise ChangeWrong("field", "fixed", change.field)
    test = _chosen_rows(change, root, change.field)
    keep = change.do is RuleAction.KEEP_ROWS

    def filter_rows(tree: Tree) -> tuple[str, ...]:
        holder = tree
        for name in field.names[:-1]:
            holder = holder.get(name) or {}
        rows = holder.get(field.names[-1]) or []
        left = [row for row in rows if test(row) is keep]
        if len(left) == len(rows):
            return ()
        holder[field.names[-1]] = left
        return (field.path,)

    return filter_rows


ROW_KINDS = tuple(kind.value for kind in LineKind)
"""What `kind` of an order's row may be compared with."""
