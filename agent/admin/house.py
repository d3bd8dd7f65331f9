"""What all pages of the admin share: the journal, the clock, the settings, texts and templates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

import jinja2

from agent.actors.lookups import Lookups
from agent.actors.reloader import Reloader
from agent.admin.live import Live, Piece
from agent.admin.passwords import Passwords
from agent.admin.sessions import Sessions
from agent.admin.text import Text
from agent.admin.throttle import Throttle
from agent.journal.journal import Journal, Step, T
from agent.journal.users import Role
from agent.model.catalogue import Explanation, explain, label
from agent.model.clock import Clock
from agent.model.money import to_ore
from agent.model.words import Language, Words
from agent.remote.net import TransportFactory
from agent.set_up.work import SetUp
from agent.settings.tree import Settings
from agent.shown import figures, names
from agent.shown.on_page import on_page
from agent.shown.schedule import Times, schedule_text

HERE = Path(__file__).resolve().parent

CONTENT_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
"""What is served of the folder `static`; the licences lie there unserved."""


FIRST_PAGES = ("/setup", "/settings", "/users", "/log")
"""What stands in the menu before there are settings."""


MENU_PARTS = ((0, "frame.menu_orders"), (30, "frame.menu_goods"), (50, "frame.menu_rules"), (70, "frame.menu_agent"))
"""The parts of the menu, each from a place on, with the key of its heading."""


class MenuEntry(NamedTuple):
    """A page in the menu. `place` orders them, and tells by MENU_PARTS in which part; `text` is a key of the admin's
    words."""

    place: int
    path: str
    text: str
    role: Role = Role.LOOK


def in_parts(menu: Iterable[MenuEntry]) -> list[tuple[str, list[MenuEntry]]]:
    """The entries under the headings of their parts; a part without any is left out."""
    found: dict[str, list[MenuEntry]] = {}
    for entry in menu:
        heading = next(text for start, text in reversed(MENU_PARTS) if entry.place >= start)
        found.setdefault(heading, []).append(entry)
    return list(found.items())


class StaticFile(NamedTuple):
    body: bytes
    content_type: str
    version: str


class Outside(Protocol):
    """The way out to shops, as `agent.world.World` gives it: for pages that ask one themselves."""

    def transports(self, address: str, *, verify_tls: bool = True) -> TransportFactory: ...
    def chance(self, purpose: str) -> Random: ...


class Admin:
    """Made once for each start of the server. `settings` gives those that hold now: they change while it is served.
    `reloader` gives who saves others; None where or while they cannot change. `outside` is the way to shops, None where
    no page may ask them anything. `set_up` is what the guided set-up works with, None where it has no file to write.

    `lookups` gives who looks an order up in both systems; None where or while no agent is at work.

    `cheap` passwords and a journal without threads are what tests bring.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        settings: Callable[[], Settings],
        texts: Mapping[str, Words],
        menu: tuple[MenuEntry, ...],
        pieces: tuple[Piece, ...],
        *,
        cheap_passwords: bool = False,
        reloader: Callable[[], Reloader | None] = lambda: None,
        outside: Outside | None = None,
        set_up: SetUp | None = None,
        lookups: Callable[[], Lookups | None] = lambda: None,
    ) -> None:
        self.lookups = lookups
        self.outside = outside
        self.set_up = set_up
        self.journal = journal
        self.clock = clock
        self.settings = settings
        self.reloader = reloader
        self.menu = tuple(sorted(menu))
        self.passwords = Passwords(cheap=cheap_passwords)
        self.sessions = Sessions(journal, clock)
        self.throttle = Throttle()
        self.static = _static_files()
        self._texts = texts
        self._templates = _templates()
        self.live = Live(self, pieces)

    @property
    def menu_now(self) -> tuple[MenuEntry, ...]:
        """Before there are settings most pages have nothing to show."""
        if self.set_up is None or not self.set_up.is_first:
            return self.menu
        return tuple(entry for entry in self.menu if entry.path in FIRST_PAGES)

    def view(self, look: Step[T]) -> T:
        """Looks something up in the journal, in line: it must take milliseconds, however much the journal holds."""
        return self.journal.view(look)

    def text(self, language: Language) -> Text:
        return Text(self._texts, language)

    def asset(self, name: str) -> str:
        """The address of a static file, with its version, so that browsers may keep it for ever."""
        return f"/static/{name}?v={self.static[name].version}"

    def render(self, template: str, language: Language, **values: object) -> str:
        """A template with the texts and figures of a language: what is live is rendered without a visitor."""
        text = self.text(language)
        told = {"t": text, "language": language.value, "asset": self.asset, "show": Shown(language, self.clock)}
        return self._templates.get_template(template).render({**told, **values})


class Shown:
    """How templates show figures and times: `{{ show.amount(order.total_ore, order.currency) }}`."""

    def __init__(self, language: Language, clock: Clock) -> None:
        self._language = language
        self._clock = clock

    def number(self, value: int) -> str:
        return figures.number(value, self._language)

    def amount(self, amount_ore: int, currency: str) -> str:
        return figures.amount(amount_ore, currency, self._language)

    def moment(self, at_ms: int | None, *, seconds: bool = False) -> str:
        """Swedish local time of a moment of ours."""
        return figures.moment_ms(at_ms, seconds=seconds)

    def money(self, value: Decimal, currency: str) -> str:
        return figures.amount(to_ore(value), currency, self._language)

    def shop_moment(self, at_s: int | None) -> str:
        """Swedish local time of a moment of the shop's."""
        return figures.moment_s(at_s)

    def iso(self, at_ms: int | None) -> str:
        """For the attribute `datetime` of a time."""
        return figures.iso_ms(at_ms) or ""

    def age(self, since_ms: int | None) -> str:
        """How long ago, about."""
        if since_ms is None:
            return ""
        return figures.duration((self._clock().timestamp() * 1000 - since_ms) / 1000, self._language)

    def duration(self, seconds: float) -> str:
        return figures.duration(seconds, self._language)

    def day(self, day: date) -> str:
        return figures.day_name(day, self._language)

    def state(self, state: str) -> str:
        """Of an order."""
        return names.state_name(state, self._language)

    def direction(self, name: str) -> str:
        return names.direction_name(name, self._language)

    def health(self, state: str) -> str:
        """Of an actor."""
        return names.health_name(state, self._language)

    def wish(self, kind: str) -> str:
        return names.wish_name(kind, self._language)

    def wish_result(self, result: str) -> str:
        """The agent's answer to a wish."""
        return names.wish_result(result, self._language)

    def title(self, code: str) -> str:
        """What a code is called. One that no text knows, because a later version wrote it, is shown as it is."""
        known = names.code_of(code)
        return code if known is None else explain(known, self._language).title

    def schedule(self, found: Times) -> str:
        """A direction's schedule in words."""
        return schedule_text(found, self._language)

    def explained(self, code: str, params: dict[str, str] | None = None) -> Explanation | None:
        """A code with its cause, and the remedy that pages offer; None for one that no text knows."""
        return on_page(names.explained(code, self._language, params or {}), self._language)

    def label(self, name: str) -> str:
        """What a detail of a code is called, where that is known."""
        return label(name, self._language)

    def told(self, code: str, params: dict[str, str]) -> str:
        """A code in whole sentences, of orders or of goods."""
        return names.told(code, params, self._language)


@cache
def _templates() -> jinja2.Environment:
    """The same for every admin of a process: compiling them is most of what the first look at a page costs."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _static_files() -> dict[str, StaticFile]:
    root = HERE / "static"
    found = {}
    for path in sorted(root.rglob("*")):
        if path.suffix in CONTENT_TYPES:
            body = path.read_bytes()
            version = hashlib.sha256(body).hexdigest()[:12]
            found[path.relative_to(root).as_posix()] = StaticFile(body, CONTENT_TYPES[path.suffix], version)
    return found
