"""WordPress' check and clean of arguments, with its words: rest_validate_value_from_schema and its family."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from contextlib import suppress

import msgspec

from simulators.woocommerce import dates, php
from simulators.woocommerce.call import Arg, Args, Body, Json, RestError

_EMAIL = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$")


def is_email(text: str) -> bool:
    """is_email of WordPress: no letters outside ASCII, a dot in the domain, no hyphen at the edges of its parts."""
    if len(text) < 6 or not _EMAIL.match(text):
        return False
    domain = text.rpartition("@")[2]
    return ".." not in domain and all(part.strip("-") == part for part in domain.split("."))


def as_list(value: Json) -> list[Json] | None:
    """What WordPress takes for a list: a list, a text of parts between commas, an object with numbers for keys."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values()) if all(key.isdigit() for key in value) else None
    if value is None:
        return None
    return list(php.parse_list(php.to_str(value)))


def _is_object(value: Json) -> bool:
    return value == "" or isinstance(value, dict | list)


def is_integer(value: Json) -> bool:
    return php.is_numeric(value) and abs(php.to_float(value)) != float("inf") and php.to_float(value).is_integer()


def _is_boolean(value: Json) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, str):
        return value.lower() in {"false", "true", "0", "1"}
    return isinstance(value, int) and value in {0, 1}


_CHECKS: dict[str, Callable[[Json], bool]] = {
    "array": lambda value: as_list(value) is not None,
    "object": _is_object,
    "integer": is_integer,
    "number": php.is_numeric,
    "boolean": _is_boolean,
    "string": lambda value: isinstance(value, str),
    "null": lambda value: value is None,
}


def _best_kind(value: Json, kinds: tuple[str, ...]) -> str:
    if value == "" and "string" in kinds:
        return "string"
    return next((kind for kind in kinds if kind not in _CHECKS or _CHECKS[kind](value)), "")


def _fault(code: str, message: str, data: Json = None) -> RestError:
    return RestError(code, message, 400, data=data)


_EXACT = 1 << 53
"""Whole numbers within this are the same as floats."""
_DIGITS = 15
"""Texts of so many digits at most are whole numbers within `_EXACT`."""


def quick(value: Json, arg: Arg) -> Json:
    """What a value becomes that is plainly right, in one pass; UNSET for what `validate` and `clean` have to look at.

    Most of what is ever sent is right: of its argument's own type, or digits in a query string for a whole number.
    """
    kind = arg.kind if isinstance(arg.kind, str) else arg.kind[0]
    given = type(value)
    if given is str:
        if kind == "string":
            return value if _is_plain_text(value, arg) else msgspec.UNSET
        if kind == "integer" and len(value) <= _DIGITS and value.isdigit() and value.isascii():
            return _within(int(value), arg)
        if kind == "array" and not isinstance(arg.kind, tuple):
            return _quick_list(php.parse_list(value), arg)
    elif given is int:
        if kind == "integer" and -_EXACT < value < _EXACT:
            return _within(value, arg)
    elif given is dict:
        if kind == "object" and not arg.enum:
            return _quick_object(value, arg.properties)
    elif given is list:
        if kind == "array":
            return _quick_list(value, arg)
    elif given is bool and kind == "boolean" and not arg.enum:
        return value
    return msgspec.UNSET if kind or arg.enum else value


def _is_plain_text(value: str, arg: Arg) -> bool:
    if arg.enum:
        return value in arg.enum and not arg.format
    if not arg.format:
        return True
    return is_email(value) if arg.format == "email" else arg.format == "date-time" and dates.parse(value) is not None


def _within(value: int, arg: Arg) -> Json:
    low, high = arg.minimum, arg.maximum
    fits = (low is None or low <= value) and (high is None or value <= high)
    return value if fits and not arg.enum else msgspec.UNSET


def _quick_list(value: list[Json], arg: Arg) -> Json:
    item = arg.items
    if arg.enum:
        return msgspec.UNSET
    if item is None:
        return value
    found = []
    for one in value:
        done = quick(one, item)
        if done is msgspec.UNSET:
            return done
        found.append(done)
    return found


def _quick_object(value: Body, known: Mapping[str, Arg]) -> Json:
    found = value.copy()
    for name, item in value.items():
        arg = known.get(name)
        if arg is not None:
            done = found[name] = quick(item, arg)
            if done is msgspec.UNSET:
                return done
    return found


def validate(value: Json, arg: Arg, name: str) -> None:
    """Check one value against its argument.

    Raises:
        RestError: with the code, message and data of WordPress' own error.
    """
    kind = arg.kind
    if isinstance(kind, tuple):
        kind = _best_kind(value, kind)
        if not kind:
            raise _fault("rest_invalid_type", f"{name} is not of type {','.join(arg.kind)}.", {"param": name})
    if kind in _CHECKS and not _CHECKS[kind](value):
        raise _fault("rest_invalid_type", f"{name} is not of type {kind}.", {"param": name})
    if kind == "array" and arg.items is not None:
        for place, item in enumerate(as_list(value) or []):
            validate(item, arg.items, f"{name}[{place}]")
    elif kind == "object" and isinstance(value, dict):
        _validate_properties(value, arg.properties, name)
    elif kind in {"integer", "number"}:
        _validate_bounds(value, arg, name)
    if arg.enum:
        _validate_enum(value, arg, kind, name)
    if kind == "string":
        _validate_format(value, arg.format)


def _validate_properties(value: Body, properties: Mapping[str, Arg], name: str) -> None:
    for key, item in value.items():
        if key in properties:
            validate(item, properties[key], f"{name}[{key}]")


def _validate_bounds(value: Json, arg: Arg, name: str) -> None:
    size = php.to_float(value)
    low, high = arg.minimum, arg.maximum
    if low is not None and high is not None:
        if not low <= size <= high:
            text = f"{name} must be between {low} (inclusive) and {high} (inclusive)"
            raise _fault("rest_out_of_bounds", text)
    elif low is not None and size < low:
        raise _fault("rest_out_of_bounds", f"{name} must be greater than or equal to {low}")
    elif high is not None and size > high:
        raise _fault("rest_out_of_bounds", f"{name} must be less than or equal to {high}")


def _validate_enum(value: Json, arg: Arg, kind: str, name: str) -> None:
    cleaned = _cast(value, arg, kind)
    for choice in arg.enum:
        if cleaned == choice and type(cleaned) is type(choice):
            return
    choices = [php.to_str(choice) for choice in arg.enum]
    if len(choices) == 1:
        raise _fault("rest_not_in_enum", f"{name} is not {choices[0]}.")
    listed = " and ".join(choices) if len(choices) == 2 else ", ".join(choices[:-1]) + f", and {choices[-1]}"
    raise _fault("rest_not_in_enum", f"{name} is not one of {listed}.")


def _validate_format(value: str, form: str) -> None:
    if form == "date-time":
        dates.check(value)
    elif form == "email" and not is_email(value):
        raise _fault("rest_invalid_email", "Invalid email address.")


def clean(value: Json, arg: Arg) -> Json:
    """Bring a checked value to its type, as rest_sanitize_value_from_schema does."""
    kind = arg.kind if isinstance(arg.kind, str) else _best_kind(value, arg.kind)
    return _cast(value, arg, kind)


def _cast(value: Json, arg: Arg, kind: str) -> Json:
    if kind == "array":
        items = as_list(value) or []
        return [clean(item, arg.items) for item in items] if arg.items is not None else items
    if kind == "object":
        if not isinstance(value, dict):
            return {}
        known = arg.properties
        return {key: clean(item, known[key]) if key in known else item for key, item in value.items()}
    if kind == "integer":
        return php.to_int(value)
    if kind == "number":
        return php.to_float(value)
    if kind == "boolean":
        return php.to_bool(value)
    if kind == "string":
        return php.to_str(value)
    return value


def settled(args: Args) -> dict[str, Json]:
    """The defaults as calls get them, checked and cleaned once; without those that are wrong or judged by the shop's
    state."""
    found = {}
    for name, arg in args.items():
        if arg.default is not None and arg.default is not msgspec.UNSET and not arg.readonly and arg.check is None:
            with suppress(RestError):
                found[name] = _one(arg.default, arg, name)
    return found


def check_all(given: Body, args: Args, known: Container[str] = ()) -> Body:
    """Check and clean all arguments of a call; what no argument describes is passed on as it is, and so is what is
    `known` to be clean.

    Raises:
        RestError: rest_missing_callback_param, or rest_invalid_param that lists every wrong field at once
        (`errors[24]`).
    """
    checked: tuple[list[tuple[str, Arg]], list[tuple[str, Arg]]] = ([], [])
    missing = []
    for name, arg in args.items():
        if name in known:
            continue
        if given.get(name) is None:
            if arg.required:
                missing.append(name)
        elif not arg.readonly:
            checked[not arg.checked].append((name, arg))
    if missing:
        text = f"Missing parameter(s): {', '.join(missing)}"
        raise RestError("rest_missing_callback_param", text, 400, {"params": missing})
    cleaned = dict(given)
    # First all that are validated, then those that are only found wrong when they are cleaned: two answers.
    for part in checked:
        wrong: dict[str, RestError] = {}
        for name, arg in part:
            try:
                cleaned[name] = _one(given[name], arg, name)
            except RestError as fault:
                wrong[name] = fault
        if wrong:
            raise _invalid(wrong)
    return cleaned


def _one(value: Json, arg: Arg, name: str) -> Json:
    if arg.check is None and arg.clean is None:
        done = quick(value, arg)
        if done is not msgspec.UNSET:
            return done
    if arg.check is not None:
        arg.check(value, name)
    elif arg.checked or arg.clean is None:
        validate(value, arg, name)
    return arg.clean(value) if arg.clean is not None else clean(value, arg)


def _invalid(wrong: dict[str, RestError]) -> RestError:
    return RestError(
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(wrong)}",
        400,
        {
            "params": {name: fault.message for name, fault in wrong.items()},
            "details": {name: fault.body() for name, fault in wrong.items()},
        },
    )
