"""Tables written as TOML, the way a person would."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

WIDTH = 110
"""Characters of a line; a longer list is written with one element a line."""

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


def assignment(key: str, value: object) -> str:
    """`key = value`, of several lines where one would be too long; with a line ending."""
    line = f"{_key(key)} = {_value(value)}\n"
    if isinstance(value, list) and len(line) > WIDTH and value:
        inner = "".join(f"    {_value(each)},\n" for each in value)
        return f"{_key(key)} = [\n{inner}]\n"
    return line


def table(heading: str, values: Mapping[str, object]) -> str:
    """A table of a list of them: its heading and a line for each key."""
    return f"[[{heading}]]\n" + "".join(assignment(key, value) for key, value in values.items())


def _key(key: str) -> str:
    return key if _BARE.match(key) else _text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case str():
            return _text(value)
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case dict():
            inner = ", ".join(f"{_key(str(key))} = {_value(each)}" for key, each in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case _:
            raise TypeError(f"nothing of TOML: {type(value).__name__}")


def _text(text: str) -> str:
    """In quotes, with the escapes that JSON and TOML have in common; what is no character is left out."""
    clean = text.encode("utf-8", "ignore").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007F")
