"""A secret that cannot be shown by accident."""

from __future__ import annotations

import hmac
from typing import NoReturn

_SHOWN = "•••"


class Secret:
    """Holds a password or key. Only `reveal()` gives it out.

    Its repr, str and format are dots, so it stays hidden in logs, f-strings and tracebacks that show variables. It
    has no dictionary of attributes, and json, msgspec and pickle refuse it with a TypeError that does not quote it.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        return self.__value

    def __repr__(self) -> str:
        return f"Secret({_SHOWN})"

    def __str__(self) -> str:
        return _SHOWN

    def __format__(self, spec: str) -> str:
        return _SHOWN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.__value.encode())

    __hash__ = None  # type: ignore[assignment]  # a hash in a set's order would tell something of the value

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not to be stored")
