"""Field mapping: any field of the one system's record to any field of the other's.

`pick` is a JMESPath expression on the record as the system gave it; `compute` an expression on what was picked, in
Jinja's sandbox without anything to call, loop or look into. Both are compiled where the settings are read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

import jmespath
import jmespath.exceptions
import msgspec
from jinja2 import TemplateError, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agent.messages import Note
from agent.model.goods import ShopProduct
from agent.model.mamut import ContactDraft, DocumentDraft
from agent.rules.chain import BUILTIN_TYPES, to_tree
from agent.rules.fields import Field, FieldWrong, Kind, Root, ValueWrong, holder_of, look_up, take, text_of
from agent.rules.tree import FieldMapping, MappedObject, WhenLong

EXPRESSION_MAX = 2_000
"""Characters of an expression; what needs more is a plugin."""

DEPTH_MAX = 60
"""How deep an expression may be nested."""

TEXT_MAX = 4_000

ROWS_MAX = 1_000
"""Elements of a list that is computed with."""

S = TypeVar("S", bound=msgspec.Struct)


TARGETS: dict[MappedObject, Root] = {
    MappedObject.ORDER: Root(
        DocumentDraft, frozenset({"kind", "external_no", "currency", "order_date", "lines.line_sum", "lines.vat_code"})
    ),
    MappedObject.CUSTOMER: Root(ContactDraft, frozenset({"ext_id"})),
    MappedObject.PRODUCT: Root(ShopProduct, frozenset({"kind", "sku", "choices", "price", "stock"})),
}

LENGTHS: dict[MappedObject, dict[str, int]] = {
    MappedObject.ORDER: {
        "name": 50,
        "invoice_address": 150,
        "delivery_address": 150,
        "invoice_country": 2,
        "delivery_country": 2,
        "our_ref": 3,
        "reference": 30,
        "your_ref": 30,
        "fixed_text": 200,
        "packing_text": 200,
        "lines.product_no": 50,
        "lines.description": 60,
    },
    MappedObject.CUSTOMER: {
        "name": 50,
        "org_no": 20,
        "vat_no": 20,
        "email": 100,
        "phone": 30,
        "addresses.street": 200,
        "addresses.zip": 30,
        "addresses.city": 30,
        "currency": 3,
    },
    MappedObject.PRODUCT: {},
}
"""Characters that the target keeps (docs/mamut-api.md); a shop's texts are longer than any rule makes them."""


class MappingWrong(ValueError):
    """A mapping cannot work as it is written. `key` is its key, `problem` a short English word."""

    def __init__(self, key: str, problem: str, detail: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(f"{key}: {problem} {detail}".strip())
        self.key = key
        self.problem = problem
        self.detail = detail
        self.known = known


class Mapped(msgspec.Struct, Generic[S], frozen=True):
    """The target as the mappings leave it. `failed` names the mapping that could not be made and `why` says why; then
    the target is as it was given."""

    target: S
    notes: tuple[Note, ...] = ()
    failed: str = ""
    why: str = ""


class Mapper:
    """The mappings about one object. Raises MappingWrong when one cannot work."""

    def __init__(self, mappings: tuple[FieldMapping, ...], about: MappedObject) -> None:
        self._chosen = [_Mapping(each) for each in mappings if each.object is about and each.enabled]

    def __bool__(self) -> bool:
        return bool(self._chosen)

    def apply(self, record: object, target: S) -> Mapped[S]:
        """`record` is the source as the system gave it (JSON, Decimals for its numbers). Never raises for what is in
        it."""
        tree = to_tree(target)
        notes: list[Note] = []
        for mapping in self._chosen:
            try:
                notes += mapping.run(record, tree)
            except (ValueWrong, _NoResult) as error:
                return Mapped(target, failed=mapping.name, why=str(error))
        if not notes:
            return Mapped(target)
        try:
            made = msgspec.convert(tree, type(target), builtin_types=BUILTIN_TYPES)
        except msgspec.ValidationError:
            return Mapped(target, failed=notes[-1].detail, why="not_a_value")
        return Mapped(made, notes=tuple(dict.fromkeys(notes)))


class Mappers:
    """The mappings that an order's way to Mamut has. Raises MappingWrong when one cannot work."""

    def __init__(self, mappings: tuple[FieldMapping, ...]) -> None:
        self.order = Mapper(mappings, MappedObject.ORDER)
        self.customer = Mapper(mappings, MappedObject.CUSTOMER)


class _NoResult(ValueError):
    """An expression that was right when it was compiled fails on this record."""


class _Mapping:
    def __init__(self, mapping: FieldMapping) -> None:
        self.name = mapping.name
        self._clears = mapping.empty_clears
        root = TARGETS[mapping.object]
        self._field = _target(mapping.field, root)
        self._most = LENGTHS[mapping.object].get(mapping.field, TEXT_MAX)
        self._cuts = mapping.when_long is WhenLong.CUT
        self._pick = _picker(mapping.pick)
        self._compute = _computer(mapping.compute)
        self._holder = holder_of(self._field.names)

    def run(self, record: object, tree: dict[str, Any]) -> list[Note]:
        text = text_of(_plain(self._compute(self._pick(record), record))).strip()
        if not text and not self._clears:
            return []
        notes = []
        if self._field.kind is Kind.TEXT and len(text) > self._most:
            if not self._cuts:
                raise ValueWrong("too_long")
            text = text[: self._most].rstrip()
            notes.append(Note(code="text_shortened", field=self._field.path, detail=self.name))
        value = take(self._field, text)
        holder, last = self._holder(tree), self._field.names[-1]
        if holder.get(last) == value:
            return []
        holder[last] = value
        return [*notes, Note(code="field_mapped", field=self._field.path, detail=self.name)]


def _target(path: str, root: Root) -> Field:
    try:
        field = look_up(root, path)
    except FieldWrong as error:
        raise MappingWrong("field", "field_unknown", path, error.known) from error
    if field.fixed:
        raise MappingWrong("field", "fixed", path)
    if field.rows or field.kind in (Kind.ROWS, Kind.TABLE, Kind.MOMENT):
        raise MappingWrong("field", "no_single_value", path)
    return field


# -- picking ----------------------------------------------------------------------------------------------------------


def _picker(expression: str) -> Callable[[object], object]:
    if not expression:
        return lambda record: record
    _check_size("pick", expression)
    try:
        compiled = jmespath.compile(expression)
    except (jmespath.exceptions.JMESPathError, RecursionError) as error:
        raise MappingWrong("pick", "expression_wrong", _first_line(error)) from error

    def pick(record: object) -> object:
        try:
            return compiled.search(record)
        except jmespath.exceptions.JMESPathError as error:
            raise _NoResult("not_picked") from error

    return pick


# -- computing --------------------------------------------------------------------------------------------------------


class _Sandbox(ImmutableSandboxedEnvironment):
    """Expressions over values alone: no attribute but a record's own fields, nothing to call, and no operator that
    makes much of little."""

    intercepted_binops = frozenset({"*", "**", "%", "//"})

    def is_safe_attribute(self, _obj: Any, _attr: str, _value: Any) -> bool:
        return False

    def is_safe_callable(self, _obj: Any) -> bool:
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | Decimal) and isinstance(right, int | Decimal)
        if operator == "**" or not numbers or isinstance(left, bool) or isinstance(right, bool):
            raise SecurityError(f"operator {operator}")
        return super().call_binop(context, operator, left, right)


def _sandbox() -> _Sandbox:
    made = _Sandbox(autoescape=False)
    made.globals.clear()
    made.filters = dict(FILTERS)
    made.tests = {
        name: made.tests[name] for name in ("defined", "none", "string", "number", "mapping", "sequence", "in")
    }
    return made


_FORBIDDEN = (nodes.Call, nodes.Getattr)


def _computer(expression: str) -> Callable[[object, object], object]:
    if not expression:
        return lambda value, _record: value
    _check_size("compute", expression)
    sandbox = _sandbox()
    try:
        tree = sandbox.parse("{{ (" + expression + ") }}")
        for node in tree.find_all(_FORBIDDEN):
            if isinstance(node, nodes.Call):
                raise MappingWrong("compute", "no_calls")
        compiled = sandbox.compile_expression(expression, undefined_to_none=True)
    except (TemplateError, RecursionError, SyntaxError, ValueError) as error:
        if isinstance(error, MappingWrong):
            raise
        raise MappingWrong("compute", "expression_wrong", _first_line(error)) from error

    def compute(value: object, record: object) -> object:
        try:
            return compiled(value=value, record=record)
        except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, RecursionError) as error:
            raise _NoResult("not_computed") from error

    return compute


def _check_size(key: str, expression: str) -> None:
    if len(expression) > EXPRESSION_MAX:
        raise MappingWrong(key, "expression_too_long", str(EXPRESSION_MAX))
    depth = most = 0
    for char in expression:
        depth += (char in "([{") - (char in ")]}")
        most = max(most, depth)
    if most > DEPTH_MAX:
        raise MappingWrong(key, "expression_too_deep", str(DEPTH_MAX))


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:80]


def _plain(value: object) -> object:
    if value is None or isinstance(value, Undefined):
        return ""
    if isinstance(value, list | dict | tuple):
        raise ValueWrong("not_a_single_value")
    return value


# -- filters ----------------------------------------------------------------------------------------------------------


def _decimal(value: object) -> Decimal:
    try:
        made = Decimal(text_of(value).strip().replace(" ", "").replace("\xa0", "").replace(",", ".") or "0")
    except InvalidOperation as error:
        raise ValueError("no number") from error
    if not made.is_finite() or abs(made.adjusted()) > 30:
        raise ValueError("no number")
    return made


def _round(value: object, places: int = 0) -> Decimal:
    return _decimal(value).quantize(Decimal(1).scaleb(-min(max(int(places), 0), 10)), ROUND_HALF_UP)


def _day(value: object) -> date:
    """A day of what a system gives as a time, in that system's own clock."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(text_of(value).strip()[:10])


def _days(value: object, count: int) -> date:
    return _day(value) + timedelta(days=int(count))


def _format_day(value: object, pattern: str = "%Y-%m-%d") -> str:
    if len(pattern) > 40:
        raise ValueError("pattern")
    return _day(value).strftime(pattern)


def _cut(value: object, start: int, end: int | None = None) -> str:
    return text_of(value)[int(start) : None if end is None else int(end)]


def _join(value: object, between: str = ", ") -> str:
    rows = value if isinstance(value, list) else [value]
    return text_of(between)[:20].join(text_of(row) for row in rows[:ROWS_MAX] if text_of(row))


def _sum(value: object) -> Decimal:
    return sum((_decimal(row) for row in (value if isinstance(value, list) else [])[:ROWS_MAX]), Decimal(0))


def _default(value: object, otherwise: object) -> object:
    return otherwise if value is None or value == "" or isinstance(value, Undefined) else value


FILTERS: dict[str, Callable[..., Any]] = {
    "text": text_of,
    "upper": lambda value: text_of(value).upper(),
    "lower": lambda value: text_of(value).lower(),
    "trim": lambda value: text_of(value).strip(),
    "cut": _cut,
    "replace": lambda value, old, new: text_of(value).replace(text_of(old), text_of(new)[:100])[:TEXT_MAX],
    "digits": lambda value: "".join(char for char in text_of(value) if char.isdigit()),
    "decimal": _decimal,
    "round": _round,
    "abs": lambda value: abs(_decimal(value)),
    "whole": lambda value: int(_round(value)),
    "sum": _sum,
    "count": lambda value: len(value) if isinstance(value, list | dict | str) else 0,
    "first": lambda value: (value or [None])[0] if isinstance(value, list) else value,
    "last": lambda value: (value or [None])[-1] if isinstance(value, list) else value,
    "join": _join,
    "day": _day,
    "days": _days,
    "format_day": _format_day,
    "default": _default,
}
"""What `compute` may use, by name; docs/mapping.md says what each does."""
