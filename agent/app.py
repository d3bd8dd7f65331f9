"""The only place that builds things: from settings and secrets to actors that run."""

from __future__ import annotations

import platform
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import apsw
import msgspec
import structlog
import trio

from agent.actors.aftermath_direction import AftermathDirection
from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.health import Health
from agent.actors.mamut_writer import MamutWriter
from agent.actors.order_direction import OrderDirection, judge_for, mappers_of
from agent.actors.order_reader import OrderReader
from agent.actors.pace_keeper import PaceKeeper
from agent.actors.register_reader import RegisterReader
from agent.actors.reloader import EVERYWHERE, Reloader
from agent.actors.shop_writer import ShopWriter
from agent.actors.sights import judge_all_again
from agent.actors.supervisor import supervise
from agent.actors.times import to_ms
from agent.actors.turns import Turns
from agent.actors.wishes import Wishes
from agent.actors.wishes_goods import GoodsWishes
from agent.app_admin import serve_admin
from agent.app_goods import Around, ShopGoods, company_of, look_again_where_changed
from agent.app_ports import USER_AGENT, VERSION, hooks_of, shop_port
from agent.app_shop import Shop
from agent.app_webhooks import Bells
from agent.flows import DirectionName
from agent.journal import aftermath, commands, directions, documents, orders, records, settings_history
from agent.journal.journal import Journal, open_journal
from agent.journal.settings_history import How, Origin
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.packages import order_limit
from agent.remote.mamut.client import Mamut
from agent.remote.net import Net
from agent.remote.ports import MamutCompany, MamutPort
from agent.remote.tape.scrub import MAMUT
from agent.settings.judge import Judgement
from agent.settings.secrets import Secrets
from agent.settings.source import SettingsSource
from agent.settings.tree import Settings, ShopSettings, settings_digest
from agent.world import World

STOP_S = 20.0
"""The longest that writers take to finish what they have in hand when the agent is told to stop."""

IDLE_CHECK_S = 60.0
"""How often `once` looks whether all is done, should nobody have said so."""

STOP_SIGNALS = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGBREAK") if name in signal.Signals.__members__
)
"""What asks the agent to end. Windows has SIGBREAK: Ctrl-Break, or a console that is closed."""

RELOAD_SIGNALS = tuple(signal.Signals[name] for name in ("SIGHUP",) if name in signal.Signals.__members__)
"""What asks the agent to read its settings anew. Windows has none: there it is asked for by the command. In a
terminal it means that the terminal is closed."""

log = structlog.get_logger("brygga")


async def run(
    settings: Settings,
    secrets: Secrets,
    *,
    journal_path: Path,
    once: bool = False,
    world: World | None = None,
    on_ready: Callable[[Agent], None] | None = None,
    source: SettingsSource | None = None,
    text: str = "",
) -> None:
    """Opens the journal, works until SIGINT or SIGTERM, and closes it. Raises JournalError when it cannot be opened.

    `source` gives the settings anew when somebody asks for it; where they have changed, an agent with the new ones
    takes the place of the old one, and `on_ready` is called again. `text` is the file that `settings` come from, which
    the journal keeps when it has not seen it before.
    """
    world = world or World()
    journal: Journal = open_journal(journal_path, threaded=world.threaded)
    try:
        life = _Life(Agent(settings, secrets, journal, world, source, text))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_stop_on_signal, life)
            if not once:
                nursery.start_soon(serve_admin, lambda: life.agent.settings, journal, world)
            if RELOAD_SIGNALS and source is not None and not (sys.stdin and sys.stdin.isatty()):
                nursery.start_soon(_reload_on_signal, life)
            while True:
                if on_ready is not None:
                    on_ready(life.agent)
                await life.agent.run(once=once)
                if life.ending or life.agent.successor is None:
                    break
                world.next_life()
                settings, secrets = life.agent.successor
                life.agent = Agent(settings, secrets, journal, world, source)
            nursery.cancel_scope.cancel()
    finally:
        journal.close()


class _Life:
    """The agent at work: after a change of its settings another one."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.ending = False


async def _reload_on_signal(life: _Life) -> None:
    with trio.open_signal_receiver(*RELOAD_SIGNALS) as signals:
        async for _ in signals:
            life.agent.reload()


async def _stop_on_signal(life: _Life) -> None:
    """The first signal ends the agent in order; a second one at once."""
    with trio.open_signal_receiver(*STOP_SIGNALS) as signals:
        async for _ in signals:
            life.ending = True
            life.agent.stop()
            break
    with trio.open_signal_receiver(*STOP_SIGNALS) as signals:
        async for number in signals:
            raise SystemExit(128 + number)


class Agent:
    """A built agent. `run` it once."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        journal: Journal,
        world: World,
        source: SettingsSource | None = None,
        text: str = "",
    ) -> None:
        self.successor: tuple[Settings, Secrets] | None = None
        """What the agent that takes this one's place is to work with, once somebody has changed the settings."""
        self.reloader: Reloader | None = None
        """Who reads the settings anew, saves others and takes them up; None where they cannot change."""
        if source is not None:
            self.reloader = Reloader(settings, secrets, journal, world.clock, source, self._succeed)
        self._secrets = secrets
        self._text = text
        self.settings = settings
        self.journal = journal
        self.world = world
        self.desk = Desk()
        self._stop = trio.Event()
        self._progress = Bell()
        self._limit = order_limit(settings.package, settings.premium_limit)
        self._company = company_of(settings)
        schedules = {(shop.key, name): each for shop in settings.shop for name, each in shop.schedules.items()}
        self._turns = Turns(schedules, journal, world.clock)
        self._around = Around(
            desk=self.desk,
            journal=journal,
            clock=world.clock,
            chance=world.chance,
            progress=self._progress.ring,
            statuses_every_s=settings.mamut.register.statuses_every_s,
        )
        self._mamut_net = Net(
            world.transports(settings.mamut.address),
            connections=1,
            timeout_s=settings.mamut.timeout_s,
            user_agent=USER_AGENT,
            watch=world.watch(MAMUT, settings.mamut.address),
        )
        mamut = Mamut(
            settings.mamut.address,
            settings.mamut.client_no,
            settings.mamut.user,
            secrets.mamut_password.reveal(),
            platform.node() or "server",
            self._mamut_net,
        )
        self.mamut: MamutPort = mamut
        enabled = [shop for shop in settings.shop if shop.enabled]
        self.shops: dict[ShopKey, Shop] = {ShopKey(shop.key): self._shop(shop, secrets) for shop in enabled}
        self.register = RegisterReader(
            self.desk,
            journal,
            world.clock,
            world.chance("register"),
            settings.mamut.register,
            self._company.wants,
            self._register_read,
            self._stock_read,
        )
        self._bells = Bells(settings, secrets, {key: shop.ringer() for key, shop in self.shops.items()}, journal, world)
        self._paces = PaceKeeper({key: shop.port.pace for key, shop in self.shops.items()}, journal)
        self.writer = MamutWriter(
            mamut,
            journal,
            self.desk,
            world.clock,
            world.chance("mamut"),
            self._settled,
            self._opened,
            frozenset(shop.key for shop in enabled if shop.orders.write_note),
        )

    @property
    def requests(self) -> int:
        """Requests sent to all remotes since the start."""
        return self._mamut_net.sent + sum(shop.net.sent for shop in self.shops.values())

    def reload(self) -> None:
        """Reads the settings anew, where it knows from where."""
        if self.reloader is not None:
            self.reloader.signalled()

    def _succeed(self, judgement: Judgement) -> None:
        if judgement.settings is not None and judgement.secrets is not None:
            self.successor = (judgement.settings, judgement.secrets)
            self.stop()

    def stop(self) -> None:
        """Readers end at once, then directions, then writers when what they have in hand is done."""
        if self.world.recorder is not None and not self._stop.is_set():
            self.world.recorder.stopping()
        self._stop.set()

    async def run(self, *, once: bool = False) -> None:
        """Works until told to stop; with `once` until there is nothing left to do now."""
        if (recorder := self.world.recorder) is not None:
            self.journal.view(
                lambda tx: recorder.begin(self.settings, tx, version=VERSION, seed=self.world.seed, once=once)
            )
        await self.journal.run(self._prepare)
        async with trio.open_nursery() as writers:
            with trio.CancelScope() as writing:
                async with trio.open_nursery() as inner:
                    inner.start_soon(self._supervised, "mamut", self.writer.run)
                    for shop in self.shops.values():
                        inner.start_soon(self._supervised, f"writer/{shop.key}", shop.writer.run)
                    async with trio.open_nursery() as readers:
                        for shop in self.shops.values():
                            readers.start_soon(self._supervised, f"reader/{shop.key}", shop.reader.run)
                            readers.start_soon(self._supervised, f"direction/{shop.key}", shop.direction.run)
                            readers.start_soon(self._supervised, f"wishes/{shop.key}", shop.wishes.run)
                            readers.start_soon(self._supervised, f"aftermath/{shop.key}", shop.aftermath.run)
                            for name, run in shop.goods.actors():
                                readers.start_soon(self._supervised, name, run)
                        for name, run in self._bells.actors():
                            readers.start_soon(self._supervised, name, run)
                        if self._company.wants:
                            readers.start_soon(self._supervised, "register", self.register.run)
                        readers.start_soon(self._watch_wishes)
                        if self.reloader is not None:
                            readers.start_soon(self._supervised, "reload", self.reloader.run)
                        if once:
                            readers.start_soon(self._stop_when_idle)
                        await self._stop.wait()
                        readers.cancel_scope.cancel()
                    writing.deadline = trio.current_time() + STOP_S
                    self._stop_writers()
            writers.cancel_scope.cancel()
        with trio.CancelScope(deadline=trio.current_time() + 5):
            await self.mamut.aclose()
            for shop in self.shops.values():
                await shop.port.aclose()

    # -- building ----------------------------------------------------------------------------------------------------

    def _shop(self, settings: ShopSettings, secrets: Secrets) -> Shop:
        world, key = self.world, ShopKey(settings.key)
        hooks = hooks_of(settings)
        port, net = shop_port(
            settings,
            secrets.shops[key],
            world.transports(settings.address, verify_tls=settings.verify_tls),
            world.clock,
            world.chance(f"nonce/{key}"),
            world.watch(commands.shop_remote(key), settings.address),
        )
        shop = Shop(settings, port, net)
        turn = self._turns.of(key, DirectionName.ORDERS_TO_MAMUT)

        def may_be_asked() -> bool:
            return shop.known and not turn.quiet

        shop.writer = ShopWriter(
            key,
            port,
            self.journal,
            world.clock,
            world.chance(f"writer/{key}"),
            self._progress.ring,
            is_known=may_be_asked,
            size=settings.reading.write_size,
        )
        shop.reader = OrderReader(
            settings,
            port,
            self.journal,
            world.clock,
            world.chance(f"reader/{key}"),
            judge_for(settings),
            shop.listed,
            self._progress.ring,
            shop.recognised,
        )
        shop.reader.turn = turn
        turn.wake = shop.reader.poll_now
        shop.direction = OrderDirection(
            settings,
            port,
            self.desk,
            self.journal,
            world.clock,
            world.chance(f"direction/{key}"),
            self._limit,
            tuple(other.key for other in self.settings.shop if other.enabled),
            may_be_asked,
            self.desk.bell.ring,
            shop.read,
            self._progress.ring,
            hooks,
        )
        shop.aftermath = AftermathDirection(
            settings,
            port,
            self.desk,
            self.journal,
            world.clock,
            world.chance(f"aftermath/{key}"),
            mappers_of(settings),
            is_known=may_be_asked,
            progress=self._progress.ring,
            hooks=hooks,
        )
        shop.goods = ShopGoods(
            settings,
            self._company,
            port,
            self._around,
            is_known=lambda: shop.known,
            sold=self._sold,
            statuses=lambda: shop.reader.statuses,
            hooks=hooks,
        )
        shop.goods.take_turns(self._turns)
        wishes = GoodsWishes(
            key,
            shop.goods.names,
            lambda: self.register.read_now(),  # noqa: PLW0108 - made after the shops
            lambda name: self._turns.of(key, name),
        )
        shop.wishes = Wishes(
            key,
            port,
            self.desk,
            self.journal,
            world.clock,
            shop.reader.poll_now,
            lambda: self._fulfilled(shop),
            wishes,
        )
        return shop

    def _supervised(self, name: str, run: Callable[[], Awaitable[None]]) -> Awaitable[None]:
        return supervise(name, run, Health(name, self.journal, self.world.clock))

    # -- between the actors ------------------------------------------------------------------------------------------

    def _settled(self, key: str) -> None:
        shop = self.shops.get(ShopKey(key))
        if shop is not None:
            shop.writer.bell.ring()
            shop.direction.bell.ring()
            shop.aftermath.bell.ring()
            shop.goods.was_transferred()
        self._progress.ring()

    def _fulfilled(self, shop: Shop) -> None:
        """Somebody's wish has been done: whoever may have something to do by that looks."""
        shop.look()
        self.desk.bell.ring()
        self._progress.ring()

    def _register_read(self, key: ShopKey) -> None:
        """Tasks have been put for this shop, or the register's reader has come to rest."""
        self.shops[key].goods.look()
        self._progress.ring()

    async def _stock_read(self) -> None:
        """Mamut's stock has been read whole: it knows of orders that it did not know of before."""
        for shop in self.shops.values():
            await shop.goods.recount_sales()

    def _sold(self) -> None:
        """A shop has sold what others may show."""
        for shop in self.shops.values():
            shop.goods.stock_may_have_changed()
        self._progress.ring()

    async def _opened(self, company: MamutCompany) -> None:
        """A session is open: kept for whoever asks, with a warning when this version's days are numbered. Whoever waits
        out a Mamut that did not answer may go on."""
        for shop in self.shops.values():
            shop.direction.resume.ring()
        self.register.bell.ring()
        text = msgspec.json.encode(company).decode()
        await self.journal.run(lambda tx: records.set_value(tx, records.MAMUT_COMPANY, text))
        today = self.world.clock().date()
        left = (date.fromisoformat(company.stop_date) - today).days if company.stop_date else None
        log.info("mamut_open", company=company.name, edition=company.edition, version=company.version)
        if left is not None and left <= self.settings.mamut.stop_date_warning_days:
            fault = Fault.MAMUT_VERSION_EXPIRES_SOON.value
            log.warning("mamut_version_expires", fault=fault, stop_date=company.stop_date, days=left)

    def _prepare(self, tx: apsw.Connection) -> None:
        """Starting is recovering: what was under way is looked up before it is done, now and not when it was due."""
        now_ms = to_ms(self.world.clock())
        tx.execute("DELETE FROM health")
        tx.execute("UPDATE commands SET due_ms = min(due_ms, ?)", (now_ms,))
        tx.execute("UPDATE commands SET unsure = 1 WHERE remote = ?", (commands.MAMUT,))
        aftermath.recover(tx, now_ms)
        if self._text:
            settings_history.keep(tx, now_ms, self._text, self.settings, self._secrets, Origin(how=How.FOUND))
        digest = settings_digest(self.settings)
        if records.value(tx, "settings") != digest:
            records.set_value(tx, "settings", digest)
            for key in self.shops:
                orders.want_reading_of_held(tx, key)
                judge_all_again(tx, key, judge_for(self.shops[key].settings), now_ms)
                documents.wake_held(tx, key, now_ms)
        look_again_where_changed(tx, self.settings, self._company, now_ms)
        for key, shop in self.shops.items():
            # Orders between the old start and an earlier one have not changed, so no listing since the mark has them.
            start = str(shop.settings.orders.start_at)
            if records.value(tx, f"start/{key}") != start:
                records.set_value(tx, f"start/{key}", start)
                records.put_back_mark(tx, key, None)

    async def _watch_wishes(self) -> None:
        """Another process leaves wishes in the journal; here they become rings."""
        while True:
            wishing = self.journal.view(records.shops_with_wishes)
            if EVERYWHERE in wishing and self.reloader is not None:
                self.reloader.bell.ring()
            for key in wishing:
                shop = self.shops.get(ShopKey(key))
                if shop is not None:
                    shop.wishes.bell.ring()
            await self._paces.keep()
            await trio.sleep(self.world.wishes_every_s)

    async def _stop_when_idle(self) -> None:
        while not (self._register_rests() and all(self._is_idle(shop) for shop in self.shops.values())):
            await self._progress.wait(IDLE_CHECK_S)
        self.stop()

    def _register_rests(self) -> bool:
        return self.register.resting or not self._company.wants

    def _is_idle(self, shop: Shop) -> bool:
        """Listed at least once, nothing to read, nothing to do; a frozen shop has nothing to do, and for
        paused orders, or those that their schedule lets rest, nobody waits."""
        turn = self._turns.of(shop.key, DirectionName.ORDERS_TO_MAMUT)

        def look(tx: apsw.Connection) -> bool:
            if records.shop(tx, shop.key).frozen_fault:
                return not records.open_wishes(tx, shop.key)
            paused = directions.get(tx, shop.key, DirectionName.ORDERS_TO_MAMUT).paused
            quiet = turn.quiet
            unread = not quiet and orders.to_read(tx, shop.key, 1)
            orders_left = commands.waiting(tx, commands.MAMUT, shop.key) or unread
            left = (
                (orders_left and not paused)
                or (not quiet and commands.waiting(tx, commands.shop_remote(shop.key)))
                or records.open_wishes(tx, shop.key)
            )
            rests = shop.direction.resting and shop.aftermath.idle and shop.goods.idle
            listed = shop.reader.polls > 0 or (shop.known and not turn.may and not turn.due)
            return listed and rests and not left

        return self.journal.view(look)

    def _stop_writers(self) -> None:
        self.writer.stopping = True
        self.desk.bell.ring()
        for shop in self.shops.values():
            shop.writer.stopping = True
            shop.writer.bell.ring()
