"""Changes one table of a list in the text of `brygga.toml` and leaves every other line as somebody wrote it.

The text is cut into statements as TOML reads them, so that a heading within a text of several lines is none. What comes
of a change is read again and must say exactly what was meant; else nothing has been changed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from agent.model.order import Frozen
from agent.settings.toml_text import assignment, table

Values = Mapping[str, object]


class NotEditable(Exception):
    """The file is no TOML, or the list is written in a way that only a person can change, such as on one line."""


class _Part(Frozen, frozen=True):
    """Lines that belong together: a heading (`path`), an assignment (`key`), or what stands between. `end` is the line
    after the last."""

    start: int
    end: int
    path: tuple[str, ...] = ()
    key: str = ""
    is_list: bool = False


class _Block(Frozen, frozen=True):
    """One table of the list. `start` is its first line, comments right above the heading included; `head` the heading;
    `end` the line after its last assignment."""

    start: int
    head: int
    end: int
    parts: tuple[_Part, ...] = ()


class TableList:
    """The tables `[[shop.NAME]]` of one shop. Each change gives the whole text anew. Raises NotEditable."""

    def __init__(self, text: str, shop: int, name: str) -> None:
        self._text = text
        self._shop = shop
        self._name = name
        self._lines = text.splitlines(keepends=True)
        self._raw = _parsed(text)
        self._parts = list(_parts(self._lines))
        self._blocks, self._shop_end = self._found()
        if len(self._blocks) != len(self._tables(self._raw)):
            raise NotEditable("the list does not stand in tables of its own")

    def __len__(self) -> int:
        return len(self._blocks)

    @property
    def tables(self) -> list[dict[str, object]]:
        """What they say, as TOML reads it."""
        return deepcopy(self._tables(self._raw))

    def source(self, index: int) -> str:
        """The lines of one table, without the comments above it."""
        block = self._blocks[index]
        return "".join(self._lines[block.head : block.end]).replace("\r\n", "\n")

    # -- changes -----------------------------------------------------------------------------------------------------

    def added(self, values: Values, at: int | None = None) -> str:
        """One more, last or before the one at that place."""
        last = at is None or at >= len(self._blocks)
        lines = list(self._lines)
        if not last and at is not None:
            place = self._blocks[at].start
            lines[place:place] = [self._written(values), self._ending]
        else:
            place = self._blocks[-1].end if self._blocks else self._shop_end
            if place and not lines[place - 1].endswith(("\n", "\r")):
                lines[place - 1] += self._ending
            after = [self._ending] if place < len(lines) and lines[place].strip() else []
            lines[place:place] = [self._ending, self._written(values), *after]
        wanted = self.tables
        wanted.insert(len(wanted) if last or at is None else at, dict(values))
        return self._proved(lines, wanted)

    def changed(self, index: int, values: Values) -> str:
        """One of them says something else. What it said before and says now keeps its lines."""
        wanted = self.tables
        before = wanted[index]
        wanted[index] = dict(values)
        try:
            return self._proved(self._merged(index, before, values), wanted)
        except NotEditable:
            block, lines = self._blocks[index], list(self._lines)
            lines[block.head : block.end] = [self._written(values)]
            return self._proved(lines, wanted)

    def removed(self, index: int) -> str:
        """Without one of them, and without the comments right above it."""
        block, lines = self._blocks[index], list(self._lines)
        end = block.end
        while end < len(lines) and not lines[end].strip():
            end += 1
        if end == len(lines):
            # Nothing follows: the empty lines above go instead.
            end = block.end
            start = block.start
            while start and not lines[start - 1].strip():
                start -= 1
            block = _Block(start=start, head=block.head, end=block.end)
        del lines[block.start : end]
        wanted = self.tables
        del wanted[index]
        return self._proved(lines, wanted)

    def moved(self, index: int, to: int) -> str:
        """Two of them change places, each with the comments right above it."""
        low, high = sorted((index, to))
        first, second, lines = self._blocks[low], self._blocks[high], list(self._lines)
        ones, others = lines[first.start : first.end], lines[second.start : second.end]
        for each in (ones, others):
            if not each[-1].endswith(("\n", "\r")):
                each[-1] += self._ending
        lines[second.start : second.end] = ones
        lines[first.start : first.end] = others
        wanted = self.tables
        wanted[low], wanted[high] = wanted[high], wanted[low]
        return self._proved(lines, wanted)

    # -- within ------------------------------------------------------------------------------------------------------

    @property
    def _ending(self) -> str:
        return "\r\n" if "\r\n" in self._text else "\n"

    def _written(self, values: Values) -> str:
        return table(f"shop.{self._name}", values).replace("\n", self._ending)

    def _tables(self, raw: dict[str, Any]) -> list[dict[str, object]]:
        shops = raw.get("shop")
        if not isinstance(shops, list) or not self._shop < len(shops) or not isinstance(shops[self._shop], dict):
            raise NotEditable("no such shop")
        found = shops[self._shop].get(self._name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise NotEditable("no list of tables")
        return found

    def _found(self) -> tuple[list[_Block], int]:
        """The list's tables, and the line after the last of what belongs to the shop."""
        shop, own = -1, False
        blocks: list[_Block] = []
        inside = False
        end = 0
        for part in self._parts:
            if part.path:
                if part.path == ("shop",) and part.is_list:
                    shop += 1
                own = part.path[0] == "shop" and shop == self._shop
                inside = own and part.path[:2] == ("shop", self._name)
                if inside and part.path == ("shop", self._name):
                    blocks.append(_Block(start=self._above(part.start), head=part.start, end=part.end))
                    end = part.end
                    continue
            if own:
                end = part.end
            if inside and blocks:
                last = blocks[-1]
                blocks[-1] = _Block(start=last.start, head=last.head, end=part.end, parts=(*last.parts, part))
        return blocks, end

    def _above(self, line: int) -> int:
        while line and self._lines[line - 1].lstrip().startswith("#"):
            line -= 1
        return line

    def _merged(self, index: int, before: Values, values: Values) -> list[str]:
        block, lines = self._blocks[index], list(self._lines)
        if any(part.path for part in block.parts):
            raise NotEditable("tables within it")
        made = lines[block.head : block.head + 1]
        place = block.head + 1
        written: set[str] = set()
        for part in block.parts:
            between = lines[place : part.start]
            place = part.end
            if part.key in values:
                same = before.get(part.key) == values[part.key]
                made += between
                made += lines[part.start : part.end] if same else [self._line(part.key, values)]
                written.add(part.key)
            else:
                made += [line for line in between if line.strip()]
        if made and not made[-1].endswith(("\n", "\r")):
            made[-1] += self._ending
        made += [self._line(key, values) for key in values if key not in written]
        lines[block.head : block.end] = made
        return lines

    def _line(self, key: str, values: Values) -> str:
        return assignment(key, values[key]).replace("\n", self._ending)

    def _proved(self, lines: list[str], wanted: list[dict[str, object]]) -> str:
        text = "".join(lines)
        expected = deepcopy(self._raw)
        shop = expected["shop"][self._shop]
        shop.pop(self._name, None)
        if wanted:
            shop[self._name] = wanted
        if _parsed(text) != expected:
            raise NotEditable("the change would have been another one")
        return text


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotEditable("no TOML") from error


def _parts(lines: list[str]) -> Iterator[_Part]:
    at = 0
    while at < len(lines):
        bare = lines[at].strip()
        if not bare or bare.startswith("#"):
            at += 1
            continue
        if bare.startswith("["):
            yield _heading(lines[at], at)
            at += 1
            continue
        end = _statement_end(lines, at)
        key = next(iter(_parsed("".join(lines[at:end]))))
        yield _Part(start=at, end=end, key=key)
        at = end


def _heading(line: str, at: int) -> _Part:
    found: Any = _parsed(line)
    path: list[str] = []
    is_list = False
    while found:
        (name,) = found
        path.append(name)
        found = found[name]
        is_list = isinstance(found, list)
        if isinstance(found, list):
            found = found[0]
    return _Part(start=at, end=at + 1, path=tuple(path), is_list=is_list)


def _statement_end(lines: list[str], at: int) -> int:
    for end in range(at + 1, len(lines) + 1):
        try:
            tomllib.loads("".join(lines[at:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    raise NotEditable("no TOML")
