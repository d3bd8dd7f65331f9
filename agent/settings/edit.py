"""A part of `brygga.toml` changed, with the rest of the text, its comments and its order left as they are.

What comes out is judged like any other text before it is saved (`agent/settings/judge.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError

Value: TypeAlias = (
    str | int | bool | datetime | Sequence[str] | Sequence[int] | Mapping[str, int] | Mapping[str, str | bool]
)
Path: TypeAlias = tuple[str | int, ...]


class NotToml(Exception):
    """The text that was to be changed is no TOML."""


class Edit:
    """Raises NotToml for a text that cannot be read. A number in a path counts the tables of a list."""

    def __init__(self, text: str) -> None:
        try:
            self._document = tomlkit.parse(text)
        except TOMLKitError as error:
            raise NotToml from error

    @property
    def text(self) -> str:
        return tomlkit.dumps(self._document)

    def get(self, path: Path) -> object:
        """What stands there, None where nothing does."""
        place: Any = self._document.unwrap()
        for part in path:
            if isinstance(part, int):
                place = place[part] if isinstance(place, list) and part < len(place) else None
            else:
                place = place.get(part) if isinstance(place, dict) else None
        return place

    def put(self, path: Path, value: Value, default: Value | None = None) -> None:
        """Sets the value, making the tables on the way. Nothing is written where it stands already, or where it is the
        default and nothing stands."""
        plain, usual = _plain(value), None if default is None else _plain(default)
        stands = self.get(path)
        if stands == plain or (stands is None and plain == usual):
            return
        table = self._table(path[:-1])
        name = path[-1]
        if isinstance(plain, dict) and isinstance(table.get(name), dict):
            inner = table[name]
            for gone in [key for key in inner if key not in plain]:
                del inner[gone]
            for key, each in plain.items():
                inner[key] = each
            return
        table[name] = plain

    def drop(self, path: Path) -> None:
        """Takes a setting, or a whole table, out."""
        if self.get(path) is not None:
            del self._table(path[:-1])[path[-1]]

    def append(self, name: str, table: Mapping[str, Value]) -> int:
        """One more table of a list of tables; returns its place."""
        made = tomlkit.table()
        for key, value in table.items():
            made[key] = value
        several = self._document.get(name)
        if several is None:
            several = tomlkit.aot()
            self._document[name] = several
        if len(self._document.as_string()) and not self._document.as_string().endswith("\n\n"):
            made.trivia.indent = "\n"
        several.append(made)
        return len(several) - 1

    def _table(self, path: Path) -> Any:
        place: Any = self._document
        for part in path:
            if not isinstance(part, int) and part not in place:
                place[part] = tomlkit.table()
            place = place[part]
        return place


def _plain(value: Value) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
