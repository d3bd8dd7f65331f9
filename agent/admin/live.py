"""What is live: pieces of pages, rendered once for everybody who has them open, sent when they have changed."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import apsw
import trio

from agent.model.words import Language

if TYPE_CHECKING:
    from agent.admin.house import Admin

EVERY_S = 1.0
"""So often at most the journal is looked into, however many pages are open."""

SHARE = 0.02
"""At most this part of the time goes into looking: a costly look is followed by a longer pause."""

BEAT_S = 15.0
"""A word is sent so often at least, and it is asked whether the session still holds."""

MOST_OPEN = 200
"""Connections that are held open at once."""

Look: TypeAlias = "Callable[[apsw.Connection, Admin], Mapping[str, object]]"


class Piece(NamedTuple):
    """A part of a page. `look` gives the template's values; it is the same for every role."""

    name: str
    template: str
    look: Look


class _Shown(NamedTuple):
    html: str
    digest: bytes


class Live:
    """The newest of every piece that somebody has open. `run` keeps it so; without listeners it rests."""

    def __init__(self, admin: Admin, pieces: tuple[Piece, ...]) -> None:
        self._admin = admin
        self._pieces = {piece.name: piece for piece in pieces}
        self._shown: dict[tuple[str, Language], _Shown] = {}
        self._listeners: dict[_Listener, None] = {}
        self._came = trio.Event()
        self.looks = 0

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        while True:
            if not self._listeners:
                self._shown.clear()
                await self._came.wait()
            began = trio.current_time()
            self._look()
            await trio.sleep(max(EVERY_S, (trio.current_time() - began) / SHARE))

    def known(self, names: str) -> tuple[str, ...]:
        """Those of the names, with commas between, that are pieces."""
        return tuple(name for name in names.split(",") if name in self._pieces)

    def html(self, name: str, language: Language) -> str:
        """A piece as it is now: what a page begins with."""
        piece = self._pieces[name]
        return self._admin.render(piece.template, language, **self._values(piece))

    @property
    def is_full(self) -> bool:
        return len(self._listeners) >= MOST_OPEN

    async def stream(self, names: tuple[str, ...], language: Language, token: str) -> AsyncIterator[str]:
        """Server-sent events for one page, as long as its session holds."""
        listener = _Listener(names, language)
        self._listeners[listener] = None
        self._came.set()
        try:
            yield "retry: 1000\n\n"
            while True:
                with trio.move_on_after(BEAT_S):
                    await listener.news.wait()
                listener.news = trio.Event()
                if self._admin.sessions.standing(token) is None:
                    return
                told = "".join(self._newest(listener))
                yield told or ": still here\n\n"
        finally:
            del self._listeners[listener]
            if not self._listeners:
                self._came = trio.Event()

    def _newest(self, listener: _Listener) -> list[str]:
        events = []
        for name in listener.names:
            shown = self._shown.get((name, listener.language))
            if shown is not None and listener.sent.get(name) != shown.digest:
                listener.sent[name] = shown.digest
                lines = "".join(f"data: {line}\n" for line in shown.html.splitlines())
                events.append(f"event: {name}\n{lines}\n")
        return events

    def _look(self) -> None:
        """Renders what is open and wakes whoever has an older state of it."""
        self.looks += 1
        languages: dict[str, set[Language]] = {}
        for listener in self._listeners:
            for name in listener.names:
                languages.setdefault(name, set()).add(listener.language)
        for name, spoken in languages.items():
            values = self._values(self._pieces[name])
            for language in spoken:
                html = self._admin.render(self._pieces[name].template, language, **values)
                self._shown[name, language] = _Shown(html, hashlib.sha256(html.encode()).digest())
        for listener in self._listeners:
            if self._has_news(listener):
                listener.news.set()

    def _values(self, piece: Piece) -> Mapping[str, object]:
        return self._admin.view(lambda tx: piece.look(tx, self._admin))

    def _has_news(self, listener: _Listener) -> bool:
        shown = {name: self._shown.get((name, listener.language)) for name in listener.names}
        return any(each is not None and each.digest != listener.sent.get(name) for name, each in shown.items())


class _Listener:
    """One open page."""

    def __init__(self, names: tuple[str, ...], language: Language) -> None:
        self.names = names
        self.language = language
        self.sent: dict[str, bytes] = {}
        self.news = trio.Event()
