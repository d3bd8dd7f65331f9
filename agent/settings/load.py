"""From `brygga.toml` to the tree, with every fault in it at once.

The tree is walked beside what TOML gave. A value that is wrong is reported and its default put in its place, so that
all the rest, and what the values mean together, can still be judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec.inspect as mi

from agent.model.node import Node
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Words, words
from agent.settings.finding import Finding
from agent.settings.kinds import WrongValue, did_you_mean, is_table, name_of, shown, take
from agent.settings.toml_file import parse_toml, read_toml
from agent.settings.tree import Settings

FILE_NAME = "brygga.toml"

N = TypeVar("N", bound=Node)

_BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")
_SECRET_NAME = re.compile(r"passw|l[oö]senord|secret|consumer|token|api_?key", re.IGNORECASE)


class Loaded(Frozen, frozen=True):
    """The tree as far as the file gave it. With an error among `findings` it is fit for judging only, not for work."""

    settings: Settings
    findings: tuple[Finding, ...]


class Unreadable(Frozen, frozen=True):
    """There was nothing to make a tree of."""

    findings: tuple[Finding, ...]


def load(path: Path) -> Loaded | Unreadable:
    """Reads the file. Never raises for what a person may have done to it."""
    raw = read_toml(path)
    return Unreadable(findings=(raw,)) if isinstance(raw, Finding) else build(raw)


def loads(text: str) -> Loaded | Unreadable:
    raw = parse_toml(text)
    return Unreadable(findings=(raw,)) if isinstance(raw, Finding) else build(raw)


def build(raw: dict[str, object]) -> Loaded:
    """The tree out of TOML's tables, its numbers read as int and Decimal."""
    walk = _Walk()
    settings = walk.table(raw, Settings, "")
    return Loaded(settings=settings, findings=tuple(walk.findings))


def join(path: str, key: str) -> str:
    """The path of a key within a table, quoted where TOML would ask for it."""
    shown_key = key if _BARE_KEY.match(key) else shown(key)
    return f"{path}.{shown_key}" if path else shown_key


class _Nothing:
    """Stands for a value that was wrong and has no stand-in of its own kind."""


_NOTHING = _Nothing()


class _Walk:
    """Collects what is wrong while the tree is built from the bottom up."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def table(self, raw: dict[str, object], cls: type[N], path: str) -> N:
        fields = {field.encode_name: field for field in _struct(cls).fields}
        for key in raw:
            if key not in fields:
                self._unknown(key, tuple(fields), path)
        values: dict[str, object] = {}
        for name, field in fields.items():
            if name in raw:
                value = self._value(raw[name], field.type, join(path, name))
                value = _blank(field.type) if value is _NOTHING and field.required else value
            elif field.required:
                self._missing(name, field.type, path)
                value = _blank(field.type)
            else:
                continue
            if value is not _NOTHING:
                values[name] = value
        return cls(**values)

    def _value(self, raw: object, kind: mi.Type, path: str) -> object:
        match kind:
            case mi.UnionType(types=types):
                return self._value(raw, next(each for each in types if not isinstance(each, mi.NoneType)), path)
            case mi.StructType(cls=cls):
                return self.table(raw, _node(cls), path) if is_table(raw) else self._no_table(raw, path)
            case mi.VarTupleType(item_type=item):
                return self._list(raw, item, path)
            case mi.DictType(value_type=item):
                if not is_table(raw):
                    return self._no_table(raw, path)
                taken = {key: self._value(value, item, join(path, key)) for key, value in raw.items()}
                return {key: value for key, value in taken.items() if value is not _NOTHING}
        try:
            return take(raw, kind)
        except WrongValue as wrong:
            self._add(Fault.SETTINGS_VALUE_WRONG, path, wrong.problem, wrong.remedy)
            return _NOTHING

    def _list(self, raw: object, item: mi.Type, path: str) -> object:
        if isinstance(raw, list):
            taken = (self._value(value, item, f"{path}[{index}]") for index, value in enumerate(raw))
            # A stand-in keeps the places of what follows, so that later findings name the right one.
            stand_in = "" if isinstance(item, mi.StrType) else _NOTHING
            filled = (stand_in if value is _NOTHING else value for value in taken)
            return tuple(value for value in filled if value is not _NOTHING)
        if is_table(raw) and isinstance(item, mi.StructType):
            self._add(
                Fault.SETTINGS_VALUE_WRONG,
                path,
                words("Rubriken har enkla hakparenteser.", "The heading has single brackets."),
                words(f"Skriv [[{_heading(path)}]], en gång för varje.", f"Write [[{_heading(path)}]], once for each."),
            )
            return (self._value(raw, item, f"{path}[0]"),)
        given = name_of(raw)
        self._add(
            Fault.SETTINGS_VALUE_WRONG,
            path,
            words(f"Här ska stå en lista, men det är {given.sv}.", f"This should be a list, but is {given.en}."),
            words('Sätt hakparenteser: ["…", "…"].', 'Use brackets: ["…", "…"].'),
        )
        return _NOTHING

    def _no_table(self, raw: object, path: str) -> _Nothing:
        given = name_of(raw)
        heading = _heading(path)
        self._add(
            Fault.SETTINGS_VALUE_WRONG,
            path,
            words(f"Här ska stå en tabell, men det är {given.sv}.", f"This should be a table, but is {given.en}."),
            words(
                f"Skriv rubriken [{heading}] och värdena på raderna under.",
                f"Write the heading [{heading}] and its values on the lines below.",
            ),
        )
        return _NOTHING

    def _missing(self, name: str, kind: mi.Type, path: str) -> None:
        where = join(path, name)
        problem = words(f"{where} saknas.", f"{where} is missing.")
        if isinstance(kind, mi.StructType):
            remedy = words(f"Lägg till rubriken [{name}].", f"Add the heading [{name}].")
        elif isinstance(kind, mi.VarTupleType):
            remedy = words(f"Lägg till minst en [[{name}]].", f"Add at least one [[{name}]].")
        else:
            remedy = words(f"Lägg till raden {name} = …", f"Add the line {name} = …")
        self._add(Fault.SETTINGS_VALUE_MISSING, where, problem, remedy)

    def _unknown(self, key: str, known: tuple[str, ...], path: str) -> None:
        name = shown(key)
        problem = words(f"{name} är ingen inställning här.", f"{name} is not a setting here.")
        self._add(Fault.SETTINGS_KEY_UNKNOWN, join(path, key), problem, _remedy_for_unknown(key, known))

    def _add(self, fault: Fault, path: str, problem: Words, remedy: Words) -> None:
        self.findings.append(Finding(fault=fault, path=path, problem=problem, remedy=remedy))


def _remedy_for_unknown(key: str, known: tuple[str, ...]) -> Words:
    if _SECRET_NAME.search(key):
        return words(
            "Nycklar och lösenord står aldrig i brygga.toml: flytta raden till secrets.toml, och byt dem om filen "
            "spritts.",
            "Keys and passwords never stand in brygga.toml: move the line to secrets.toml, and change them if the "
            "file has been passed on.",
        )
    homes = sorted({heading for name, heading in _places(_struct(Settings), "", "") if name == key})
    if homes == [""]:
        return words(
            "Den hör hemma överst i filen, före första rubriken.", "It belongs at the top, before the first heading."
        )
    if homes:
        listed = " / ".join(home for home in homes if home)
        return words(f"Den hör hemma under {listed}.", f"It belongs under {listed}.")
    listed = ", ".join(known)
    otherwise = words(f"Ta bort raden, eller använd någon av: {listed}.", f"Remove the line, or use one of: {listed}.")
    return did_you_mean(key, known, otherwise)


def _heading(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)


def _node(cls: type) -> type[Node]:
    if not issubclass(cls, Node):
        raise TypeError(f"{cls!r} is no table of the settings")
    return cls


@cache
def _struct(cls: type[Node]) -> mi.StructType:
    """Kept once asked for: looking a type through takes ten times as long as reading a whole file by it."""
    info = mi.type_info(cls)
    if not isinstance(info, mi.StructType):
        raise TypeError(f"{cls!r} is no table of the settings")
    return info


def _places(info: mi.StructType, path: str, heading: str) -> Iterator[tuple[str, str]]:
    """Every key of the tree with the heading it stands under, empty for the top of the file."""
    for field in info.fields:
        yield field.encode_name, heading
        inner = f"{path}.{field.encode_name}" if path else field.encode_name
        match field.type:
            case mi.StructType() as kind:
                yield from _places(kind, inner, f"[{inner}]")
            case mi.UnionType(types=(mi.StructType() as kind, *_)):
                yield from _places(kind, inner, f"[{inner}]")
            case mi.VarTupleType(item_type=mi.StructType() as kind):
                yield from _places(kind, inner, f"[[{inner}]]")
            case mi.DictType(value_type=mi.StructType() as kind):
                yield from _places(kind, f'{inner}."…"', f'[{inner}."…"]')


def _blank(kind: mi.Type) -> object:
    """What stands where a value is missing. A tree with such a value always has an error beside it."""
    match kind:
        case mi.StructType(cls=cls, fields=fields):
            return cls(**{field.encode_name: _blank(field.type) for field in fields if field.required})
        case mi.VarTupleType():
            return ()
        case mi.StrType():
            return ""
        case mi.EnumType(cls=cls):
            return next(iter(cls))
        case _:
            return _NOTHING
