"""Comparing a recorded answer with a simulated one: everything is held, what may differ is mapped and not skipped.

Ids, generated keys and clock times may come out differently. Each recorded value is then bound to the simulated one
that stood in its place, both ways, for the rest of the recording: the same id must stay the same id throughout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from simulators.woocommerce.call import Json


class Difference(msgspec.Struct, frozen=True):
    """One place where the answers differ; `path` is a JSON path, or "status" or "header <name>"."""

    path: str
    recorded: Json
    simulated: Json


_SPACES = {
    "products": "post", "orders": "post", "coupons": "post", "refunds": "post", "variations": "post", "images": "post",
    "image": "post", "image_id": "post", "product_id": "post", "variation_id": "post", "parent_id": "post",
    "order_id": "post", "related_ids": "post", "upsell_ids": "post", "cross_sell_ids": "post", "include": "post",
    "exclude": "post", "parent": "post", "grouped_products": "post", "resource_id": "post", "new_draft_order_id":
    "post", "product": "post", "delete": "post", "create": "post", "update": "post", "default": "post",
    "customers": "user", "customer_id": "user", "customer": "user", "refunded_by": "user",
    "line_items": "item", "shipping_lines": "item", "fee_lines": "item", "coupon_lines": "item", "tax_lines": "item",
    "refunded_item_id": "item", "_refunded_item_id": "item",
    "notes": "comment", "reviews": "comment", "webhooks": "webhook", "meta_data": "meta", "taxes": "rate", "rate_id":
    "rate", "attributes": "attribute", "categories": "term", "tags": "term", "terms": "term", "shipping_classes":
    "term", "shipping_class_id": "term", "shipping_class": "term", "category": "term", "brands": "term", "tag": "term",
}  # fmt: skip
"""Which series an id belongs to, by the name of the field or list it stands in."""

_TOKEN = re.compile(
    r"wc_order_[A-Za-z0-9]{13}|place-order-debug-[0-9a-f]{8}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}(?![0-9a-f])"
)
_DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
_CLOCK = re.compile(r"\d\d:\d\d:\d\d")
_TAKEN_NAME = re.compile(r"^(.*)-(\d{4})$")


class Mapping:
    """What was bound so far in one recording."""

    def __init__(self) -> None:
        self._there: dict[tuple[str, Json], Json] = {}
        self._back: dict[tuple[str, Json], Json] = {}

    def bind(self, space: str, recorded: Json, simulated: Json) -> bool:
        """Whether the two may stand for each other; binds them if neither is bound yet."""
        there = self._there.setdefault((space, recorded), simulated)
        back = self._back.setdefault((space, simulated), recorded)
        return bool(there == simulated and back == recorded)

    def arranged(self, space: str, recorded: list[Json], simulated: list[Json]) -> list[Json]:
        """Simulated ids in the recorded order, for a list that the shop mixes anew for each answer: its order says
        nothing."""
        left = list(simulated)
        for one in recorded:
            known = self._there.get((space, one), one)
            if known in left:
                left.remove(known)
        there = [self._there.get((space, one), one) for one in recorded]
        return [known if known in simulated else left.pop(0) for known in there if known in simulated or left] + left

    def to_simulated(self, space: str, recorded: Json) -> Json:
        return self._there.get((space, recorded), recorded)


def space_of(names: list[str]) -> str:
    """The series of an id found under these names (outermost first, list places left out)."""
    for place in range(len(names) - 1, -1, -1):
        name = names[place]
        if name == "meta_data":
            owners = [one for one in names[:place] if one in _SPACES]
            return f"meta {_SPACES[owners[-1]] if owners else ''}{'' if len(owners) < 2 else owners[-1]}"
        if name in _SPACES:
            return _SPACES[name]
    return "post"


def is_id(name: str, value: Json) -> bool:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        return False
    return name == "id" or name.endswith(("_id", "_ids")) or name in {"delete", "parent", "grouped_products"}


class Matcher:
    """Compares one answer. `root` names the resource the request was about; `loose` is for trimmed bodies, of which
    only some fields were kept, in any order."""

    def __init__(self, mapping: Mapping, root: str, *, loose: bool) -> None:
        self._mapping = mapping
        self._root = root
        self._loose = loose

    def compare(self, recorded: Json, simulated: Json) -> list[Difference]:
        return list(self._compare(recorded, simulated, "$", [self._root]))

    def _compare(self, recorded: Json, simulated: Json, path: str, names: list[str]) -> Iterator[Difference]:
        if isinstance(recorded, dict) and isinstance(simulated, dict):
            yield from self._objects(recorded, simulated, path, names)
        elif isinstance(recorded, list) and isinstance(simulated, list):
            yield from self._lists(recorded, simulated, path, names)
        elif type(recorded) is not type(simulated) or not self._same(recorded, simulated, names):
            yield Difference(path, recorded, simulated)

    def _objects(
        self, recorded: dict[str, Json], simulated: dict[str, Json], path: str, names: list[str]
    ) -> Iterator[Difference]:
        if not self._loose and list(recorded) != list(simulated):
            yield Difference(f"{path} keys", list(recorded), list(simulated))
        for key, value in recorded.items():
            if key in simulated:
                yield from self._compare(value, simulated[key], f"{path}.{key}", [*names, key])
            elif self._loose and value is not None:
                # A name that the answer did not have was kept as null (`checkout_storefront[21]`).
                yield Difference(f"{path}.{key}", value, "(missing)")

    def _lists(self, recorded: list[Json], simulated: list[Json], path: str, names: list[str]) -> Iterator[Difference]:
        if names[-1] == "related_ids":
            simulated = self._mapping.arranged("post", recorded, simulated)
        if len(recorded) != len(simulated):
            yield Difference(f"{path} length", len(recorded), len(simulated))
        for place, (one, other) in enumerate(zip(recorded, simulated, strict=False)):
            yield from self._compare(one, other, f"{path}[{place}]", names)

    def _same(self, recorded: Json, simulated: Json, names: list[str]) -> bool:
        name = names[-1]
        if is_id(name, recorded) and is_id(name, simulated):
            return self._mapping.bind(space_of(names), recorded, simulated)
        if isinstance(recorded, str) and recorded != simulated:
            if recorded == "PLACEHOLDER":
                return bool(simulated)
            return self._texts(recorded, simulated, name)
        return bool(recorded == simulated)

    def _texts(self, recorded: str, simulated: str, name: str) -> bool:
        if _DATE.match(recorded) and _DATE.match(simulated):
            return self._near(recorded, simulated)
        if name == "number" and recorded.isdigit() and simulated.isdigit():
            return self._mapping.bind("post", int(recorded), int(simulated))
        if name == "username":
            one, other = _TAKEN_NAME.match(recorded), _TAKEN_NAME.match(simulated)
            return bool(one and other and one[1] == other[1] and self._mapping.bind("username", recorded, simulated))
        keys = (_TOKEN.findall(recorded), _TOKEN.findall(simulated))
        if keys[0] and len(keys[0]) == len(keys[1]) and _TOKEN.sub("", recorded) == _TOKEN.sub("", simulated):
            return all(self._mapping.bind("key", one, other) for one, other in zip(*keys, strict=True))
        return _address(recorded, self._mapping) == simulated

    def _near(self, recorded: str, simulated: str) -> bool:
        """Clock times are the same or, across the border of a second, bound to the second beside it."""
        apart = datetime.fromisoformat(recorded) - datetime.fromisoformat(simulated)
        return abs(apart.total_seconds()) <= 1 and self._mapping.bind("time", recorded, simulated)


_SEGMENT = re.compile(r"(?<=/)([a-z_-]+)/(\d+)(?=/|$|\?)")


def _address(text: str, mapping: Mapping) -> str:
    """A recorded address with its ids put into the simulated series."""
    return _SEGMENT.sub(
        lambda match: f"{match[1]}/{mapping.to_simulated(_SPACES.get(match[1], 'post'), int(match[2]))}", text
    )


def locations_agree(recorded: str, simulated: str, mapping: Mapping) -> bool:
    """Whether two Location headers name the same new thing; binds its id."""
    (one, recorded_id), (other, simulated_id) = (text.rsplit("/", 1) for text in (recorded, simulated))
    if not (recorded_id.isdigit() and simulated_id.isdigit()):
        return recorded == simulated
    kind = one.rsplit("/", 1)[-1]
    known = _address(one, mapping) == other
    return known and mapping.bind(_SPACES.get(kind, "post"), int(recorded_id), int(simulated_id))


def translate(value: Json, mapping: Mapping, names: list[str]) -> Json:
    """A recorded request's path, query or body with its ids put into the simulated series."""
    if isinstance(value, dict):
        return {key: translate(item, mapping, [*names, key]) for key, item in value.items()}
    if isinstance(value, list):
        return [translate(item, mapping, names) for item in value]
    if is_id(names[-1], value):
        return mapping.to_simulated(space_of(names), value)
    if isinstance(value, str) and value.startswith("/"):
        return _address(value, mapping)
    return value


def digest(recorded: Json, simulated: Json, order_by: str) -> Json:
    """The simulated body in the shape the recording kept of it, where that is a digest and no part: lengths, ids with
    the times they are ordered by, counts. What is no digest is given back as it is."""
    if isinstance(recorded, int) and isinstance(simulated, list):
        return len(simulated)
    if isinstance(recorded, list) and isinstance(simulated, list) and recorded and not isinstance(recorded[0], dict):
        return [_digest_row(_like(recorded), row, order_by) for row in simulated]
    if isinstance(recorded, dict) and isinstance(simulated, list):
        return {row.get("slug"): row.get("total") for row in simulated if isinstance(row, dict)}
    if isinstance(recorded, dict) and isinstance(simulated, dict):
        told = {key: _digest_field(key, value, simulated) for key, value in recorded.items()}
        return {**simulated, **{key: value for key, value in told.items() if value is not None}}
    return simulated


def _like(rows: list[Json]) -> str:
    first = rows[0]
    return _CLOCK.sub("T", re.sub(r"^\d+", "N", first)) if isinstance(first, str) else "N"


def _digest_row(like: str, row: Json, order_by: str) -> Json:
    if not isinstance(row, dict):
        return row
    created, modified = (str(row.get(f"date_{one}_gmt", "")).rpartition("T")[2] for one in ("created", "modified"))
    shapes = {
        "N cT mT": f"{row.get('id')} c{created} m{modified}",
        "N mT": f"{row.get('id')} m{modified}",
        "N@T": f"{row.get('id')}@{created if order_by == 'date' else modified}",
    }
    return shapes.get(like, row.get("id"))


def _digest_field(key: str, value: Json, simulated: dict[str, Json]) -> Json:
    if key == "routes":
        return {pattern: route.get("methods") for pattern, route in simulated.get(key, {}).items()}
    if isinstance(value, list) and value and all(isinstance(one, int) for one in value) and key in simulated:
        return [row.get("id") if isinstance(row, dict) else row for row in simulated[key]]
    if key in simulated:
        return len(simulated[key]) if isinstance(value, int) and isinstance(simulated[key], list) else None
    if key == "meta_key_and_value_lengths":
        return [[len(row["key"]), len(str(row["value"]))] for row in simulated.get("meta_data", [])]
    if key == "length":
        return len(simulated.get("billing", {}).get("first_name", ""))
    if key.endswith("_length"):
        return len(str(simulated.get(key.removesuffix("_length"), "")))
    if key.startswith("keys of "):
        name, _, place = key.removeprefix("keys of ").rstrip("]").partition("[")
        return list(simulated.get(name, [{}])[int(place)])
    rows = next((value for value in simulated.values() if isinstance(value, list)), [])
    if not all(isinstance(row, dict) for row in rows) or not rows:
        return None
    told: dict[str, Json] = {
        "first": rows[0].get("id"),
        "last": rows[-1].get("id"),
        "errors": sum("error" in row for row in rows),
        "date_modified_gmt": sorted({row.get("date_modified_gmt", "") for row in rows}),
        "statuses": sorted({row.get("status", "") for row in rows}),
    }
    return told.get(key)
