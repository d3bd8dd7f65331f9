"""A play: one Mamut, some shops, and an agent that can be started, stopped and killed among them.

Everything is real but the network and the clock. What the shops and Mamut hold afterwards is asked of them, not of
the agent.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Literal
from urllib.parse import urlsplit

import apsw
import msgspec
import trio
from trio._core._run import GLOBAL_RUN_CONTEXT

from agent.app import Agent
from agent.journal.journal import Journal, Step, T, look_into, open_journal
from agent.model.ids import ShopKey
from agent.model.webhook import ORDER_TOPICS
from agent.remote.trouble import Trouble
from agent.settings.secret import Secret
from agent.settings.secrets import Secrets, ShopSecrets
from agent.settings.tree import (
    ArticleSettings,
    MamutSettings,
    Settings,
    ShopSettings,
    UnknownArticle,
    VatSettings,
)
from agent.settings.tree_webhooks import ReceiverSettings
from agent.world import Serve, World
from scenarios.new_journal import lay_down
from scenarios.stage import START, Calendar, Network
from scenarios.steps import step_name
from scenarios.trace import Trace, Watcher, Witness
from simulators.faults import FaultOptions, FaultPlan
from simulators.http import Request, Response
from simulators.mamut.options import MamutOptions
from simulators.mamut.system import Mamut
from simulators.serve import Server
from simulators.woocommerce.call import RestError
from simulators.woocommerce.courier import Courier, ShopServer, post_over
from simulators.woocommerce.freeze import freeze, thaw
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.orders_place import Basket
from simulators.woocommerce.quirks import Quirks
from simulators.woocommerce.quirks_work import QuirksAtWork
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks_model import Delivery

MAMUT_HOST = "mamut.example"

AGENT_HOST = "brygga.example"
"""Where shops deliver their webhooks to."""

WEBHOOK_SECRET = "hemlighet som ingen annan vet"  # noqa: S105 - of a simulated shop

SWEDISH_VAT = VatSettings(domestic={"25": 3, "12": 4, "6": 5}, eu_company=10, export=11, zero=1)
"""The simulated company's VAT codes."""


def shop_settings(key: str = "butik", **changes: Any) -> ShopSettings:
    """A shop's settings that fit the simulated company; anything can be changed."""
    settings = ShopSettings(
        key=key,
        address=f"https://{key}.example",
        vat=SWEDISH_VAT,
        articles=ArticleSettings(unknown=UnknownArticle.HOLD),
    )
    return msgspec.structs.replace(settings, **changes)


class KilledError(BaseException):
    """The end of a simulated process. No Exception, so that nothing in the agent can live through it."""


@contextmanager
def suppress_killed() -> Iterator[list[BaseException]]:
    """Lets a killed agent end; what it was killed by is in the list, which is empty for one that lived."""
    killed: list[BaseException] = []
    try:
        yield killed
    except* KilledError as group:
        killed.append(group)


When = Literal["before", "after"]


class StepKill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Kills the agent before or after a durable step, the `nth` time that a life comes to it."""

    step: str
    when: When = "before"
    nth: int = 1


def _elsewhere(step: Step[T]) -> Step[T]:
    """The step as it is in a thread, where a real agent's steps run: trio is out of reach, so that one which wakes
    somebody or asks for trio's time fails in a play too."""

    def there(tx: apsw.Connection) -> T:
        here = vars(GLOBAL_RUN_CONTEXT).copy()
        vars(GLOBAL_RUN_CONTEXT).clear()
        try:
            return step(tx)
        finally:
            vars(GLOBAL_RUN_CONTEXT).update(here)

    return there


class MortalJournal(Journal):
    """A journal whose process can be killed at any step: from then on it does nothing any more."""

    dead = False
    kill_at: int | None = None
    kills: tuple[StepKill, ...] = ()
    lot: Callable[[], bool] | None = None
    """Drawn before and after each step; true kills."""
    trace: Trace | None = None
    steps = 0

    async def run(self, step: Step[T], *, brief: bool = False) -> T:
        name = step_name(step)
        self._beat(2 * self.steps, name, "before")
        result = await super().run(_elsewhere(step), brief=brief)
        if self.trace is not None:
            self.trace.add("step", step=name)
        self._beat(2 * self.steps + 1, name, "after")
        self.steps += 1
        return result

    def crash(self, torn: Random | None = None) -> None:
        """Closes the files as the end of a process leaves them: what was not yet merged stays in the write-ahead log.
        With `torn` that log ends in the midst of a page, as when the power went."""
        self._writer.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        self._reader.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        self.close()
        log = self.path.with_name(self.path.name + "-wal")
        if torn is not None and log.exists() and log.stat().st_size:
            with log.open("ab") as file:
                file.write(torn.randbytes(torn.randrange(1, 4096)))

    def fill_disk(self, *, full: bool) -> None:
        """Leaves no room for a single page more, or all the room there is."""
        pages = self._writer.pragma("page_count") if full else 0
        self._writer.pragma("max_page_count", pages or 0xFFFFFFFE)

    def _beat(self, moment: int, name: str, when: When) -> None:
        if not self.dead and self._is_end(moment, name, when):
            self.dead = True
            if self.trace is not None:
                self.trace.add("killed", step=name, when=when)
        if self.dead:
            raise KilledError

    def _is_end(self, moment: int, name: str, when: When) -> bool:
        if self.kill_at is not None and moment >= self.kill_at:
            return True
        for place, kill in enumerate(self.kills):
            if kill.step != name or kill.when != when:
                continue
            left = (*self.kills[:place], *self.kills[place + 1 :])
            if kill.nth <= 1:
                self.kills = left
                return True
            self.kills = (msgspec.structs.replace(kill, nth=kill.nth - 1), *left)
            break
        return self.lot is not None and self.lot()


Gate = Callable[[Request], Response | None]
"""What stands before a shop and may answer in its place."""


class ShopSide:
    """One simulated shop with its server, and what the world does in it."""

    def __init__(
        self, key: str, calendar: Calendar, seed: int, options: ShopOptions | None = None, trace: Trace | None = None
    ) -> None:
        self.key = key
        self.options = options or ShopOptions(home=f"https://{key}.example")
        self.trace = trace or Trace()
        self._calendar = calendar
        self._seed = seed
        self.clock_off_s = 0.0
        self.shop = Shop(self.options, self.now, seed)
        self.courier: Courier | None = None
        self.gate: Gate | None = None
        self.watcher: Watcher | None = None
        self.changing: Callable[[], None] = lambda: None
        self.server = Server(self._witness(), self.now, scheme="https")

    def now(self) -> datetime:
        """The shop's own clock, which may be wrong."""
        now = self._calendar.now()
        return now + timedelta(seconds=self.clock_off_s) if self.clock_off_s else now

    def due_deliveries(self) -> list[Delivery]:
        return self.shop.due_deliveries()

    def delivered(self, delivery_id: int, status: int | None, took_ms: int = 0) -> None:
        self.shop.delivered(delivery_id, status, took_ms)

    async def visit(self) -> None:
        """Somebody looks at the shop window, which may start its queue."""
        self.shop.handle(Request(method="GET", path="/", host=f"{self.key}.example", scheme="https"))
        if self.courier is not None:
            await self.courier.after_request()

    def backup(self) -> bytes:
        """All that the shop holds, for `become`."""
        return freeze(self.shop)

    def become(self, held: bytes | None = None, *, home: str = "") -> None:
        """The shop as a backup held it, or as it is, and perhaps at another address."""
        held = self.backup() if held is None else held
        self.options = msgspec.structs.replace(self.options, home=home or self.options.home)
        self.shop = Shop(self.options, self.now, self._seed)
        thaw(self.shop, held)
        # Chance is no part of what a backup brings back: keys drawn again would make strangers look like old orders.
        self._seed += 1
        self.shop._seed = self._seed
        self.shop._chances.clear()
        self.server.simulator = self._witness()

    def set_habits(self, quirks: Quirks) -> None:
        """Faults of its version, plugins and host, from now on."""
        self.shop.faults = QuirksAtWork(self.shop, quirks)
        self.shop.races._share = quirks.races  # Read from the options once; a shop cannot get this habit otherwise.

    def _witness(self) -> Witness:
        return Witness(
            self.key, self.shop, self.trace, lambda request: self.gate and self.gate(request), lambda: self.watcher
        )

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """What the shop's own people do over REST, at once, past the network and whatever the shop's faults."""
        key = self.options.keys[0]
        token = base64.b64encode(f"{key.consumer_key}:{key.consumer_secret}".encode()).decode("ascii")
        where, _, query = path.partition("?")
        request = Request(
            method=method,
            path=f"/wp-json/wc/v3{where}",
            query=query,
            headers={"authorization": f"Basic {token}", "content-type": "application/json"},
            body=b"" if body is None else msgspec.json.encode(body),
            scheme="https",
            host=f"{self.key}.example",
        )
        if method != "GET":
            self.changing()
        faults, closed = self.shop.faults, self.shop.maintenance
        self.shop.faults, self.shop.maintenance = QuirksAtWork(self.shop, Quirks()), False
        try:
            response = self.shop.handle(request)
        finally:
            self.shop.faults, self.shop.maintenance = faults, closed
        return response.status, msgspec.json.decode(response.body)

    def do(self, method: str, path: str, body: object = None) -> Any:
        """The same, for what must succeed."""
        status, answer = self.ask(method, path, body)
        if status >= 300:
            raise ValueError(f"{method} {path}: {status} {answer}")
        return answer

    def buy(self, basket: Basket) -> int | None:
        """What a shopper does in the shop window; the order's id, or None when the shop refuses."""
        self.changing()
        faults = self.shop.faults
        self.shop.faults = QuirksAtWork(self.shop, Quirks())
        try:
            return self.shop.place_order(basket)
        except RestError as refused:
            self.trace.add("shopper_refused", code=refused.code)
            return None
        finally:
            self.shop.faults = faults

    def orders(self) -> dict[int, dict[str, Any]]:
        """Every order the shop lists, whole, by id."""
        found: dict[int, dict[str, Any]] = {}
        page = 1
        while rows := self.do("GET", f"/orders?per_page=100&orderby=id&order=asc&page={page}"):
            found.update((row["id"], row) for row in rows)
            page += 1
        return found


class Play:
    """One world. Make it with `play`."""

    def __init__(self, nursery: trio.Nursery, folder: Path, seed: int, start: datetime, trace: Trace) -> None:
        self.seed = seed
        self.trace = trace
        self.folder = folder
        self.calendar = Calendar(start)
        self.network = Network(nursery)
        self.nursery = nursery
        self.shops: dict[str, ShopSide] = {}
        self.settings = Settings(package="premium", mamut=MamutSettings(address=f"http://{MAMUT_HOST}"), shop=())
        self.set_mamut(MamutOptions())
        self.starts = 0
        self.steps = 0
        self.on_change: list[Callable[[], None]] = []
        self.free_bytes = 10**12

    def set_mamut(self, options: MamutOptions) -> None:
        """A Mamut company as given, with nothing in it yet."""
        self.mamut = Mamut(options, self.calendar.now, self.seed)
        self.mamut_server = Server(Witness("mamut", self.mamut, self.trace), self.calendar.now, workers=1)
        self.network.put(MAMUT_HOST, self.mamut_server)

    def change_mamut(self, options: MamutOptions) -> None:
        """The same books in an installation started anew: sessions are gone."""
        self.mamut = self.mamut.started_anew(options)
        self.mamut_server.simulator = Witness("mamut", self.mamut, self.trace)

    def add_shop(self, settings: ShopSettings, options: ShopOptions | None = None) -> ShopSide:
        side = ShopSide(settings.key, self.calendar, self.seed, options, self.trace)
        side.changing = self.changing
        self.shops[settings.key] = side
        self.network.put(f"{settings.key}.example", side.server)
        self.settings = msgspec.structs.replace(self.settings, shop=(*self.settings.shop, settings))
        return side

    def deliver_webhooks(self, side: ShopSide) -> None:
        """From now on the shop delivers its webhooks, when its queue runs, which visits start."""
        courier = Courier(side, self._post)
        server = ShopServer(side.server.simulator, side.now, scheme="https")
        server.courier = side.courier = courier
        side.server = server
        self.network.put(f"{side.key}.example", server)
        self.nursery.start_soon(courier.run)

    def ring(self, side: ShopSide, delivery_url: str) -> None:
        """The shop's people have installed the agent's webhooks, and the agent listens."""
        receiver = ReceiverSettings(listen="127.0.0.1:8787")
        self.settings = msgspec.structs.replace(self.settings, webhooks=receiver)
        self.deliver_webhooks(side)
        for topic in ORDER_TOPICS:
            body = {"topic": topic, "delivery_url": delivery_url, "secret": WEBHOOK_SECRET}
            side.do("POST", "/webhooks", {"name": f"Brygga {topic}", **body})

    async def _post(self, delivery: Delivery) -> int | None:
        try:
            stream = self.network.connect(urlsplit(delivery.url).hostname or "")
            async with stream:
                return await post_over(stream, delivery)
        except (Trouble, trio.BrokenResourceError):
            return None

    def changing(self) -> None:
        """Somebody other than the agent is about to change something in one of the systems."""
        for tell in self.on_change:
            tell()

    def change(self, key: str, settings: ShopSettings) -> None:
        """The merchant changes a shop's settings; the next agent reads them."""
        shops = tuple(settings if shop.key == key else shop for shop in self.settings.shop)
        self.settings = msgspec.structs.replace(self.settings, shop=shops)

    def faults(self, server: Server, options: FaultOptions) -> None:
        server.faults = FaultPlan(options)

    @property
    def journal_path(self) -> Path:
        return self.folder / "journal.db"

    def lose_journal(self) -> None:
        """Deletes the journal, as somebody does who wants to begin anew. No agent may be alive."""
        for path in self.folder.glob("journal.db*"):
            path.unlink()

    def secrets(self) -> Secrets:
        pairs = {
            ShopKey(key): ShopSecrets(
                consumer_key=Secret(side.options.keys[0].consumer_key),
                consumer_secret=Secret(side.options.keys[0].consumer_secret),
                webhook_secret=Secret(WEBHOOK_SECRET),
            )
            for key, side in self.shops.items()
        }
        return Secrets(mamut_password=Secret("simulerad"), shops=pairs)

    def world(self) -> World:
        """What the next agent is given from outside; chance goes on, so that a new life does not repeat the last."""
        self.starts += 1
        return World(
            clock=self.calendar.now,
            seed=self.seed + self.starts,
            transports=self.network.transports,
            threaded=False,
            wishes_every_s=60.0,
            listen=self._listen,
            connect=self._connect,
            room=lambda _folder: self.free_bytes,
        )

    async def _listen(
        self, _host: str, _port: int, _tls: object, serve: Serve, listening: Callable[[], Awaitable[None]]
    ) -> None:
        await self.network.serve(AGENT_HOST, serve, listening)

    async def _connect(self, host: str, _port: int) -> trio.abc.Stream:
        try:
            return self.network.connect(host)
        except Trouble as trouble:
            raise ConnectionRefusedError(111, "Connection refused") from trouble

    @asynccontextmanager
    async def agent(self) -> AsyncIterator[Agent]:
        """An agent at work; leaving the block kills it as kill -9 does: nothing it had in hand is finished."""
        journal = self.open_journal()
        try:
            made = Agent(self.settings, self.secrets(), journal, self.world())
            with suppress_killed():
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(made.run)
                    yield made
                    journal.dead = True
                    nursery.cancel_scope.cancel()
        finally:
            journal.close()

    async def run_once(self, *, kill_at: int | None = None) -> bool:
        """An agent that works until there is nothing left to do; true when it got there.

        `kill_at` kills it at a moment in its life: 2n is just before its step n, 2n + 1 just after that is on the
        disk; steps are counted from 0 over all its actors, and `steps` tells how many the last life had.
        """
        journal = self.open_journal()
        journal.kill_at = kill_at
        try:
            with suppress_killed() as killed:
                await Agent(self.settings, self.secrets(), journal, self.world()).run(once=True)
            self.steps = journal.steps
            return not killed
        finally:
            journal.close()

    def open_journal(self) -> MortalJournal:
        """The journal for the next agent."""
        lay_down(self.journal_path)
        journal = open_journal(self.journal_path, threaded=False, kind=MortalJournal, synchronous=False)
        journal.trace = self.trace
        return journal

    @contextmanager
    def look(self) -> Iterator[apsw.Connection]:
        """The journal as a command of another process sees it, also while an agent works with it."""
        connection = look_into(self.journal_path)
        try:
            yield connection
        finally:
            connection.close()

    def journal(self) -> Journal:
        """The journal between two agents."""
        return open_journal(self.journal_path, threaded=False, synchronous=False)

    def documents(self) -> dict[str, list[Decimal]]:
        """What Mamut holds: the totals of the documents that stand, by external number."""
        held: dict[str, list[Decimal]] = {}
        for document in self.mamut.orders():
            if str(document.status) not in ("cancelled", "lost_sale"):
                held.setdefault(document.external_no, []).append(document.total)
        return held


@asynccontextmanager
async def play(
    folder: Path, *, seed: int = 1, start: datetime = START, trace: Trace | None = None
) -> AsyncIterator[Play]:
    """A world to play in; its servers end with the block."""
    async with trio.open_nursery() as nursery:
        yield Play(nursery, folder, seed, start, trace or Trace())
        nursery.cancel_scope.cancel()
