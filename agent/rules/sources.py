"""Which fields a record has, as expressions that pick them: names alone, never what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from agent.model.order import Frozen

DEPTH_MAX = 4
KEYS_MAX = 400
"""Fields that are told; a record with more is no record that somebody picks from by hand."""

META = "meta_data"
"""WooCommerce's list of what extensions have left: rows of a key and a value."""

_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


class SourceField(Frozen, frozen=True):
    """`pick` is a JMESPath expression; `meta` the key of what an extension has left; `seen` in how many records it had
    a value."""

    pick: str
    seen: int
    meta: str = ""


def fields_in(records: list[Any]) -> list[SourceField]:
    """What has a value in any of the records, in the order in which it was met."""
    seen: dict[str, int] = {}
    metas: dict[str, str] = {}
    for record in records:
        for pick, meta in dict.fromkeys(_walk(record, "", 0)):
            seen[pick] = seen.get(pick, 0) + 1
            if meta:
                metas[pick] = meta
    found = [SourceField(pick=pick, seen=count, meta=metas.get(pick, "")) for pick, count in seen.items()]
    return found[:KEYS_MAX]


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEPTH_MAX:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            name = key if _PLAIN.match(key) else _quoted(key)
            yield from _walk(inner, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            if path.endswith(META) and isinstance(inner, dict) and isinstance(inner.get("key"), str):
                if inner.get("value") not in ("", None, [], {}):
                    key = inner["key"]
                    yield f"{path}[?key=={_literal(key)}].value | [0]", key if path == META else ""
            else:
                yield from _walk(inner, f"{path}[]", depth + 1)
    elif value not in ("", None):
        yield path, ""


def _quoted(key: str) -> str:
    plain = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _literal(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{plain}'"
