"""meta_data of products, orders, order lines, customers and coupons: one set of rules (`products_simple[116]` to
[124])."""

from __future__ import annotations

import msgspec

from simulators.woocommerce import php
from simulators.woocommerce.call import Arg, Body, Json
from simulators.woocommerce.ids import Series

ARG = Arg(
    kind="array",
    items=Arg(kind="object", properties={"id": Arg(kind="integer", readonly=True), "key": Arg(kind="string")}),
)


class Meta(msgspec.Struct):
    """One row: texts, or lists and objects as they were sent. Numbers and booleans have become texts (`errors[71]`)."""

    id: int
    key: str
    value: Json


class Limits(msgspec.Struct, frozen=True):
    """What the table's columns hold; a longer key or value is dropped without an error (`errors[64]`, `errors[66]`)."""

    key: int = 255
    value: int = 1 << 32


NO_LIMITS = Limits()
ORDER_LIMITS = Limits(value=65_535)


def apply(rows: list[Meta], sent: Json, series: Series, limits: Limits = NO_LIMITS) -> None:
    """Apply what was sent as meta_data to a thing's rows.

    The same key without id updates in place and leaves only the first of several, null deletes, an unknown id adds,
    a row without key is ignored.
    """
    for one in sent if isinstance(sent, list) else []:
        if not isinstance(one, dict) or not php.to_str(one.get("key")):
            continue
        key, value = php.to_str(one["key"]), one.get("value")
        place = _place(rows, key, php.to_int(one.get("id")))
        if value is None:
            if place is not None:
                del rows[place]
            continue
        stored = value if isinstance(value, list | dict) else php.to_str(value)
        if len(key) > limits.key or (isinstance(stored, str) and len(stored.encode()) > limits.value):
            continue
        if place is None:
            rows.append(Meta(series.next(), key, stored))
        else:
            rows[place].key, rows[place].value = key, stored


def _place(rows: list[Meta], key: str, id_: int) -> int | None:
    if id_:
        return next((place for place, row in enumerate(rows) if row.id == id_), None)
    places = [place for place, row in enumerate(rows) if row.key == key]
    for extra in reversed(places[1:]):
        del rows[extra]
    return places[0] if places else None


def shown(rows: list[Meta]) -> list[Body]:
    return [{"id": row.id, "key": row.key, "value": row.value} for row in rows]
