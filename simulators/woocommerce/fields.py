"""`_fields`, `_links` and the other parameters that change the form of an answer and not its content."""

from __future__ import annotations

import re
from functools import lru_cache

from simulators.woocommerce import php
from simulators.woocommerce.call import Body, Fields, Json, RestError


def wanted(query: Body) -> list[str]:
    """The names in _fields; an empty list means everything."""
    value = query.get("_fields")
    if value is None:
        return []
    if isinstance(value, str):
        return list(_parts(value))
    parts = value if isinstance(value, list) else php.parse_list(php.to_str(value))
    return [part.strip() for part in parts if isinstance(part, str)]


@lru_cache(maxsize=256)
def _parts(text: str) -> tuple[str, ...]:
    """A request asks for them three times, and the next one for the same."""
    return tuple(part.strip() for part in php.parse_list(text))


def top_level(names: list[str]) -> Fields:
    """What WooCommerce's own controllers render for _fields: whole top-level names only, and always the id
    (`products_simple[17]`)."""
    return frozenset((*names, "id")) if names else None


def pick(body: Json, names: list[str]) -> Json:
    """What WordPress leaves of an answer for _fields, nested names ("settings.currency") included (`auth[26]`)."""
    if not names:
        return body
    wanted = frozenset(names)
    if isinstance(body, list) and all(isinstance(item, dict) and item.keys() <= wanted for item in body):
        return body  # Nothing else was rendered.
    tree: Body = {}
    for name in names:
        place = tree
        parts = name.split(".")
        for part in parts[:-1]:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[parts[-1]] = True
    if isinstance(body, list):
        return [_keep(item, tree) for item in body]
    return _keep(body, tree)


def _keep(body: Json, tree: Body) -> Json:
    if not isinstance(body, dict):
        return body if not isinstance(body, list) else [_keep(item, tree) for item in body]
    kept: Body = {}
    for key, value in body.items():
        want = tree.get(key)
        if want is True:
            kept[key] = value
        elif isinstance(want, dict) and isinstance(value, dict | list):
            kept[key] = _keep(value, want)
    return kept


def check_jsonp(name: str) -> None:
    """Refuse callbacks that could be more than a name.

    Raises:
        RestError: rest_callback_invalid.
    """
    if re.fullmatch(r"[\w.]+", name, re.ASCII) is None:
        raise RestError("rest_callback_invalid", "Invalid JSONP callback function.", 400)


def envelope(body: Json, status: int, headers: list[tuple[str, str]]) -> Body:
    """The answer as `_envelope` wraps it: totals are numbers there (`auth[54]`)."""
    told = {name: int(value) if name.startswith("X-WP-") else value for name, value in headers}
    return {"body": body, "status": status, "headers": told}
