"""A tape played back: the agent runs offline, in virtual time, against the answers it once got.

Every request that differs from the recorded one is reported. A tape is what `brygga record --out DIR` leaves.

A request is known by what it asks and not by its place in the row, for two shops' readers take turns as they like. One
that nobody recorded gets the answer of the nearest unused one with the same address, so that a small difference does
not end the play. Answers come when they came: at the recorded moment, or after the recorded time for a request that is
late.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import msgspec
import trio

from agent.app import Agent
from agent.journal.commands import shop_remote
from agent.journal.journal import Journal, open_journal
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.remote.answer import lost
from agent.remote.net import Answer, TransportFactory
from agent.remote.tape.fields import REMOVED
from agent.remote.tape.scrub import MAMUT, plain_request, way_of
from agent.remote.tape.start import SAME, SETTINGS_NOTE
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.wire import Request
from agent.settings.secret import Secret
from agent.settings.secrets import Secrets, ShopSecrets
from agent.settings.tree import Settings, settings_digest
from agent.world import World
from scenarios.determinism import run_in_virtual_time
from scenarios.stage import Calendar
from scenarios.tape_read import Life, Outcome, Recorded, Rows, read_tape
from scenarios.tape_report import Difference, Report, What, compare
from scenarios.trace import Trace, log_into

TICK_S = 1e-7
"""What happened at the same microsecond happens in the tape's order, so far apart."""

LOOKUP = "/lookup"

LATEST_S = 3_600.0
"""So long after the tape's end an agent that does not end by itself is ended."""

Change = Callable[[Settings], Settings]


def replay_tape(folder: Path, change: Change = lambda settings: settings) -> Report:
    """Plays all lives of a tape. `change` gives the settings to play by, made of the recorded ones: what would have
    gone another way with them shows as differences. Raises TapeError for what is no tape."""
    lives = read_tape(folder)
    differences: list[Difference] = []
    for life in lives:
        differences += _replay_life(life, change(life.head.settings))
    return Report(
        lives=len(lives),
        requests=sum(len(life.exchanges) for life in lives),
        virtual_s=sum(life.end[0] for life in lives),
        differences=tuple(differences),
        cut=tuple(life.name for life in lives if life.cut),
    )


def _replay_life(life: Life, settings: Settings) -> list[Difference]:
    with tempfile.TemporaryDirectory(prefix="brygga-tape-") as folder:
        return run_in_virtual_time(0, partial(_play, life, settings, Path(folder)))


async def _play(life: Life, settings: Settings, folder: Path) -> list[Difference]:
    player = Player(life)
    journal: Journal = open_journal(folder / "journal.db", threaded=False, synchronous=False)
    try:
        await journal.run(partial(_fill, life.journal, settings))
        world = World(
            clock=Calendar(life.head.at.astimezone(UTC)).now,
            seed=int(life.head.seed),
            transports=lambda address, _verify: player.transports(_system(settings, address), address),
            threaded=False,
        )
        with log_into(Trace()):
            await _live(Agent(settings, _secrets(settings), journal, world), life, player)
    finally:
        journal.close()
    return player.differences()


async def _live(agent: Agent, life: Life, player: Player) -> None:
    """One life, ended as it was ended: by itself, by being told to stop, or in the middle of something."""
    at_s, order = life.stop or life.end
    limit_s = LATEST_S if life.stop else 0.0
    with trio.move_on_at(player.moment(*life.end) + limit_s + TICK_S):
        async with trio.open_nursery() as nursery:
            if life.stop is not None and not life.head.once:
                nursery.start_soon(_stop_at, agent, player.moment(at_s, order))
            await agent.run(once=life.head.once)
            nursery.cancel_scope.cancel()


async def _stop_at(agent: Agent, moment: float) -> None:
    await trio.sleep_until(moment)
    agent.stop()


class Player:
    """Answers as the tape has it, and notes what it was asked that the tape has not."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._zero = trio.current_time()
        self._waiting = {exchange.number: exchange for exchange in life.exchanges}
        self._same: dict[bytes, list[Recorded]] = {}
        self._found: list[Difference] = []
        for exchange in reversed(life.exchanges):
            self._same.setdefault(_mark(exchange.system, exchange.method, exchange.asked), []).append(exchange)

    def moment(self, at_s: float, order: int) -> float:
        """On trio's clock, when a line of the tape is due."""
        return self._zero + at_s + order * TICK_S

    def transports(self, system: str, address: str) -> TransportFactory:
        return lambda: _Transport(self, system, address)

    def take(self, system: str, method: str, asked: dict[str, Any]) -> Recorded | None:
        """The recorded request that this one is, or is nearest to; None for one that nobody made."""
        same = self._same.get(_mark(system, method, asked), [])
        while same:
            exchange = same.pop()
            if self._waiting.pop(exchange.number, None) is not None:
                return exchange
        nearest = self._nearest(system, method, asked)
        if nearest is None:
            self._note(What.EXTRA, system, f"{method} {asked['path']}", replayed=asked)
            return None
        del self._waiting[nearest.number]
        for where, recorded, replayed in self._compared(nearest, asked):
            self._note(What.DIFFERS, system, nearest.request, nearest, where, recorded, replayed)
        return nearest

    def _nearest(self, system: str, method: str, asked: dict[str, Any]) -> Recorded | None:
        """Of those that ask for the same thing in other words, the one with the fewest differences, nearest in time."""
        now_s = trio.current_time() - self._zero
        there = [
            exchange
            for exchange in self._waiting.values()
            if exchange.system == system
            and exchange.method == method
            and exchange.asked["path"] == asked["path"]
            and exchange.asked["params"].keys() == asked["params"].keys()
        ]
        return min(
            there,
            key=lambda exchange: (sum(1 for _ in self._compared(exchange, asked)), abs(exchange.at_s - now_s)),
            default=None,
        )

    def _compared(self, exchange: Recorded, asked: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
        return compare(_unordered(exchange.asked), _unordered(asked))

    def differences(self) -> list[Difference]:
        """All of them, with the requests that were never made."""
        missing = [
            Difference(
                What.MISSING,
                self._life.name,
                exchange.number,
                exchange.at_s,
                exchange.system,
                exchange.request,
                recorded=exchange.asked,
            )
            for exchange in self._waiting.values()
        ]
        return sorted([*self._found, *missing], key=lambda each: each.at_s)

    def _note(
        self,
        what: What,
        system: str,
        request: str,
        exchange: Recorded | None = None,
        where: str = "",
        recorded: Any = None,
        replayed: Any = None,
    ) -> None:
        number, at_s = (exchange.number, exchange.at_s) if exchange else (0, trio.current_time() - self._zero)
        self._found.append(
            Difference(what, self._life.name, number, round(at_s, 6), system, request, where, recorded, replayed)
        )


class _Transport:
    """One connection to one system of the tape."""

    def __init__(self, player: Player, system: str, address: str) -> None:
        self._player = player
        self._system = system
        self._address = address

    async def exchange(self, request: Request) -> Answer:
        way = way_of(request.url, request.headers)
        asked = {"way": way, **plain_request(request.url, self._address, request.body or None)}
        exchange = self._player.take(self._system, request.method, asked)
        if exchange is None:
            await trio.lowlevel.checkpoint()
            raise Trouble(TroubleKind.NOT_NOW, "not_on_tape")
        with trio.move_on_after(request.whole_s) as limit:
            await self._wait(exchange)
        if limit.cancelled_caught:
            raise lost("TooSlowError")
        outcome = exchange.outcome or Outcome(0.0, 0)
        if outcome.trouble:
            fault = Fault(outcome.fault) if outcome.fault else None
            raise Trouble(TroubleKind(outcome.trouble), outcome.problem, detail=outcome.detail, fault=fault)
        return Answer(outcome.status, outcome.headers, outcome.body)

    async def aclose(self) -> None:
        """Holds nothing."""

    async def _wait(self, exchange: Recorded) -> None:
        if exchange.outcome is None:
            await trio.sleep(math.inf)  # The life ended first.
            return
        due = self._player.moment(exchange.outcome.at_s, exchange.outcome.order)
        late = trio.current_time() + exchange.outcome.at_s - exchange.at_s
        await trio.sleep_until(due if due > trio.current_time() else late)


def _unordered(asked: dict[str, Any]) -> dict[str, Any]:
    """A look-up asks for its keys in any order, and some are sorted by what is invented on a tape."""
    body = asked.get("body")
    if not asked["path"].endswith(LOOKUP) or not isinstance(body, dict):
        return asked
    return {**asked, "body": {name: sorted(keys) if isinstance(keys, list) else keys for name, keys in body.items()}}


def _mark(system: str, method: str, asked: dict[str, Any]) -> bytes:
    return msgspec.json.encode([system, method, _unordered(asked)], order="deterministic")


def _system(settings: Settings, address: str) -> str:
    for shop in settings.shop:
        if shop.address == address:
            return shop_remote(ShopKey(shop.key))
    return MAMUT


def _secrets(settings: Settings) -> Secrets:
    """None of them opens anything; a request only has to show its key in the same way."""
    pair = ShopSecrets(consumer_key=Secret(REMOVED), consumer_secret=Secret(REMOVED))
    return Secrets(mamut_password=Secret(REMOVED), shops={ShopKey(shop.key): pair for shop in settings.shop})


def _fill(tables: list[Rows], settings: Settings, tx: apsw.Connection) -> None:
    """The journal as it was when the life began."""
    for part in tables:
        names = ", ".join(part.columns)
        places = ", ".join("?" * len(part.columns))
        rows = [_stored(part, row, settings) for row in part.rows]
        tx.executemany(f"INSERT OR REPLACE INTO {part.table} ({names}) VALUES ({places})", rows)  # noqa: S608 - our names


def _stored(part: Rows, row: list[Any], settings: Settings) -> list[Any]:
    named = dict(zip(part.columns, row, strict=True))
    if part.table == "commands":
        named["body"] = msgspec.msgpack.encode(named["body"])
    elif part.table == "notes" and named["key"] == SETTINGS_NOTE and named["value"] == SAME:
        named["value"] = settings_digest(settings)
    return list(named.values())
