"""PHP's habits where a client can see them: what counts as a number, how query strings nest, how JSON is written."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote_plus

import msgspec

from simulators.woocommerce.call import Body, Json, RestError

_NUMERIC = re.compile(r"^[ \t\n\r\v\f]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t\n\r\v\f]*$", re.ASCII)
_LEADING = re.compile(r"^[ \t\n\r\v\f]*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_WHOLE = re.compile(r"[ \t\n\r\v\f]*([+-]?\d+)(?![\d.eE])", re.ASCII)
_BETWEEN = re.compile(r"[\s,]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONG_NUMBER = re.compile(r"\d{18}")
_LEVELS = 512
_INT_MAX = (1 << 63) - 1


def is_numeric(value: Json) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return True
    return isinstance(value, str) and _NUMERIC.match(value) is not None


def to_float(value: Json) -> float:
    """(float) of PHP: the number a text begins with, 0 without one."""
    if value is None or isinstance(value, bool | int | float):
        return float(value or 0)
    if isinstance(value, str):
        match = _LEADING.match(value)
        return float(match[1]) if match else 0.0
    return 1.0 if value else 0.0


def to_int(value: Json) -> int:
    """(int) of PHP, within 64 bits; numbers beyond them stop at the largest, as for texts of digits (`errors[45]`)."""
    if isinstance(value, str):
        match = _WHOLE.match(value)
        if match:
            return max(-_INT_MAX - 1, min(_INT_MAX, int(match[1][:40])))
    if isinstance(value, int):
        return max(-_INT_MAX - 1, min(_INT_MAX, int(value)))
    number = to_float(value)
    if number != number or abs(number) >= 1 << 63:
        return 0
    return int(number)


def to_str(value: Json) -> str:
    """strval of PHP: true is "1", false and null are "", whole floats have no point."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, list | dict):
        return "Array"
    return str(value)


def to_bool(value: Json) -> bool:
    """rest_sanitize_boolean: the texts false, FALSE and 0 are false, and what PHP finds empty."""
    if isinstance(value, str):
        return value.lower() not in {"false", "0", ""}
    return bool(value)


def number(value: float) -> int | float:
    """A float as PHP's json_encode writes it: 100.0 is 100."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def parse_list(text: str) -> list[str]:
    """wp_parse_list of a text: parts between commas and white space, empty ones left out."""
    return [part for part in _BETWEEN.split(text) if part]


def parse_query(query: str) -> Body:
    """PHP's $_GET: `a[]=1&a[]=2` and `a[0]=1` become lists, `a[b]=1` an object, the last of equal names counts."""
    found: Body = {}
    # Lists of ids and fields are full of these, and Python decodes escapes one by one.
    query = query.replace("%2C", ",")
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            if _PLAIN_NAME.fullmatch(name):
                found[name] = unquote_plus(value)
            else:
                _put(found, unquote_plus(name).lstrip(" "), unquote_plus(value))
    return {name: _listed(value) if isinstance(value, dict) else value for name, value in found.items()}


def _put(found: Body, name: str, value: str) -> None:
    head, bracket, rest = name.partition("[")
    if not head:
        return
    head = head.replace(".", "_").replace(" ", "_")
    keys = re.findall(r"\[([^\]]*)\]", bracket + rest)
    if not keys:
        found[head if not bracket else name.replace("[", "_")] = value
        return
    place = found.setdefault(head, {})
    if not isinstance(place, dict):
        place = found[head] = {}
    for key in keys[:-1]:
        inner = place.setdefault(key or str(_free(place)), {})
        if not isinstance(inner, dict):
            return
        place = inner
    place[keys[-1] or str(_free(place))] = value


def _free(place: Body) -> int:
    return max((int(key) for key in place if key.isdigit()), default=-1) + 1


def _listed(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    return list(inner.values()) if all(key.isdigit() for key in inner) else inner


def decode(body: bytes) -> Json:
    """json_decode, with WordPress' error and PHP's numbers in it.

    Raises:
        RestError: rest_invalid_json with json_error_code 4 (`errors[0]`, `errors[10]`), 5 for bytes that are no UTF-8
            (`errors[9]`), 3 for control characters, 1 for more than 512 levels.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _invalid(5, "Malformed UTF-8 characters, possibly incorrectly encoded") from None
    if text.startswith("\ufeff"):
        raise _invalid(4, "Syntax error")
    try:
        value = _read(body, text)
    except RecursionError:
        raise _invalid(1, "Maximum stack depth exceeded") from None
    except (msgspec.DecodeError, ValueError):
        if _CONTROL.search(text):
            raise _invalid(3, "Control character error, possibly incorrectly encoded") from None
        raise _invalid(4, "Syntax error") from None
    if text.count("[") + text.count("{") > _LEVELS and _depth(value) > _LEVELS:
        raise _invalid(1, "Maximum stack depth exceeded")
    return value


def _read(body: bytes, text: str) -> Json:
    if _LONG_NUMBER.search(text):
        return json.loads(text, parse_int=_bounded, parse_constant=_constant)
    return msgspec.json.decode(body)


def _depth(value: Json) -> int:
    """How many levels of lists and objects are in a value."""
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, list | dict)]:
        depth += 1
        level = [item for one in level for item in (one.values() if isinstance(one, dict) else one)]
    return depth


def _bounded(digits: str) -> int | float:
    value = int(digits)
    return value if -_INT_MAX - 1 <= value <= _INT_MAX else float(digits)


def _constant(name: str) -> Json:
    raise ValueError(name)


def _invalid(code: int, message: str) -> RestError:
    extra = {"json_error_code": code, "json_error_message": message}
    return RestError("rest_invalid_json", "Invalid JSON body passed.", 400, extra)


_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_LATIN = re.compile(rb"\\x([0-9a-f]{2})")
_ASTRAL = re.compile(rb"\\U([0-9a-f]{8})")


def _escape(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\u{point:04x}" if point < 0x10000 else _pair(point)


def _pair(point: int) -> str:
    point -= 0x10000
    return f"\\u{0xD800 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"


_LETTERS = {second: b"\\u00%02x" % (second + 0x40) for second in range(0x80, 0xC0)}
"""What follows 0xC3 in UTF-8, as it is escaped: all letters of Latin 1, and so everything Swedish."""


def encode(value: Json) -> bytes:
    """json_encode as WordPress answers and as webhooks are signed: escaped slashes, ASCII only."""
    raw = msgspec.json.encode(value).replace(b"/", b"\\/")
    if raw.isascii():
        return raw
    first, *rest = raw.split(b"\xc3")
    raw = first + b"".join([_LETTERS[part[0]] + part[1:] for part in rest])
    if raw.isascii():
        return raw  # Nothing but Swedish, as nearly always: ten times as fast as what follows.
    text = raw.decode("utf-8")
    if b"\\\\x" in raw or b"\\\\U" in raw:
        return _NON_ASCII.sub(_escape, text).encode("ascii")
    # Python's own escapes are made in one go and differ from JSON's only in how they begin: four times as fast, which a
    # page of 100 orders notices. A text with a backslash of its own before an x is left to the slow way.
    ascii_only = _LATIN.sub(rb"\\u00\1", text.encode("ascii", "backslashreplace"))
    if b"\\U" in ascii_only:
        return _ASTRAL.sub(lambda match: _pair(int(match[1], 16)).encode(), ascii_only)
    return ascii_only
