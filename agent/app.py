"""The only place that builds things: from settings and secrets to actors that run."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import apsw
import msgspec
import structlog
import trio

from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.health import Health
from agent.actors.mailer import Mailing
from agent.actors.mamut_writer import MamutWriter
from agent.actors.pace_keeper import PaceKeeper
from agent.actors.register_reader import RegisterReader
from agent.actors.reloader import EVERYWHERE, Reloader
from agent.actors.span import Span
from agent.actors.supervisor import supervise
from agent.actors.times import to_ms
from agent.actors.turns import Turns
from agent.app_admin import serve_admin
from agent.app_again import look_again, look_again_at_start
from agent.app_build import Calls, ShopMaker, mamut_port, note_opened
from agent.app_change import Turnover, enabled_keys, noting, shop_of, told_of, turnover, what_changes
from agent.app_idle import is_idle
from agent.app_ports import VERSION
from agent.app_shop import CLOSE_S, Shop, ShopLife, lookups_of
from agent.app_signals import RELOAD_SIGNALS, reload_on_signal, stop_on_signal
from agent.app_sync_runs import GOODS, Rests, SyncRuns
from agent.app_told import watch_over
from agent.app_unit import Unit, company_of
from agent.app_webhooks import Bells
from agent.journal import aftermath, commands, records, settings_history, sync_runs
from agent.journal.journal import Journal, open_journal
from agent.journal.settings_history import How, Origin
from agent.model.ids import ShopKey
from agent.packages import order_limit
from agent.remote.ports import MamutCompany, MamutPort
from agent.settings.judge import Judgement
from agent.settings.secret import Secret
from agent.settings.secrets import Secrets
from agent.settings.source import SettingsSource
from agent.settings.tree import Settings
from agent.world import World

STOP_S = 20.0
"""The longest that writers take to finish what they have in hand when the agent is told to stop."""

IDLE_CHECK_S = 60.0
"""How often `once` looks whether all is done, should nobody have said so."""

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
    opened: Journal | None = None,
) -> None:
    """Opens the journal, works until SIGINT or SIGTERM, and closes it. Raises JournalError when it cannot be opened.
    A journal that is `opened` already is its owner's to close, and the owner serves the admin.

    `source` gives the settings anew when somebody asks for it; where they have changed, an agent with the new ones
    takes the place of the old one, and `on_ready` is called again. `text` is the file that `settings` come from, which
    the journal keeps when it has not seen it before.
    """
    world = world or World()
    journal = opened or open_journal(journal_path, threaded=world.threaded)
    try:
        log.info("started", package=settings.package, shops=enabled_keys(settings), journal=str(journal.path))
        life = _Life(Agent(settings, secrets, journal, world, source, text))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(stop_on_signal, life.stop)
            if not once and opened is None:
                served = partial(serve_admin, lookups=lambda: lookups_of(life.agent.shops, life.agent.desk))
                nursery.start_soon(served, lambda: life.agent.settings, journal, world, life.reloader)
            if not once:
                nursery.start_soon(watch_over, lambda: life.agent, journal, world)
            if RELOAD_SIGNALS and source is not None and not (sys.stdin and sys.stdin.isatty()):
                nursery.start_soon(reload_on_signal, lambda: life.agent.reload())  # noqa: PLW0108 - of the moment
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
        if opened is None:
            journal.close()


class _Life:
    """The agent at work: after a change of its settings another one."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.ending = False

    def stop(self) -> None:
        self.ending = True
        self.agent.stop()

    def reloader(self) -> Reloader | None:
        """Who changes the settings; nobody while an agent gives its place to another, which knows nothing of it."""
        return None if self.ending or self.agent.successor is not None else self.agent.reloader


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
            self.reloader = Reloader(settings, secrets, journal, world.clock, source, self._accepted, what_changes)
        self._secrets = secrets
        self._text = text
        self.settings = settings
        self.journal = journal
        self.world = world
        self.desk = Desk()
        self._stop = trio.Event()
        self._progress = Bell()
        self._sync_asked = Bell()
        self._company = company_of(settings)
        schedules = {(shop.key, name): each for shop in settings.shop for name, each in shop.schedules.items()}
        self._turns = Turns(schedules, journal, world.clock)
        calls = Calls(
            progress=self._progress.ring,
            fulfilled=self._fulfilled,
            sold=self._sold,
            read_register=lambda: self.register.read_now(),  # noqa: PLW0108 - another one after a change of settings
            sync_asked=self._sync_asked.ring,
        )
        self._maker = ShopMaker(world, journal, self.desk, self._turns, calls)
        mamut, self._mamut_net = mamut_port(settings, secrets, world)
        self.mamut: MamutPort = mamut
        self.shops: dict[ShopKey, Shop] = {
            ShopKey(shop.key): self._maker.make(settings, shop, secrets) for shop in settings.shop if shop.enabled
        }
        self.register = self._make_register()
        self._syncs = SyncRuns(
            journal,
            world,
            self.desk,
            self._sync_asked,
            lambda: (self.settings, self._secrets),
            self.shops.get,
            Rests(
                end_goods=lambda key: self._lives[key].end(GOODS),
                begin_goods=self._begin_goods,
                end_register=lambda: self._register_life.end(),  # noqa: PLW0108 - another one by then
                begin_register=lambda: self._start_register(),  # noqa: PLW0108 - set when it runs
                stopping=self._stop.is_set,
            ),
        )
        self._bells = self._make_bells()
        self._lives: dict[ShopKey, ShopLife] = {}
        self._start_register: Callable[[], None] = lambda: None
        self._register_life = self._bells_life = self._mamut_life = Span(())
        self._next: Judgement | None = None
        self._next_bell = Bell()
        self._sent_before = 0
        self._pace_of = {key: shop.port.pace for key, shop in self.shops.items()}
        self._paces = PaceKeeper(self._pace_of, journal)
        self.writer = MamutWriter(
            mamut,
            journal,
            self.desk,
            world.clock,
            world.chance("mamut"),
            self._settled,
            self._opened,
            noting(settings),
        )

    @property
    def requests(self) -> int:
        """Requests sent to all remotes since the start."""
        return self._sent_before + self._mamut_net.sent + sum(shop.net.sent for shop in self.shops.values())

    @property
    def mailing(self) -> Mailing:
        return Mailing(settings=self.settings, password=self._secrets.mail_password)

    @property
    def mamut_password(self) -> Secret:
        return self._secrets.mamut_password

    def reload(self) -> None:
        """Reads the settings anew, where it knows from where."""
        if self.reloader is not None:
            self.reloader.signalled()

    def _accepted(self, judgement: Judgement) -> None:
        self._next = judgement
        self._next_bell.ring()

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
        async with trio.open_nursery() as outer:
            with trio.CancelScope() as writing:
                async with trio.open_nursery() as writers:
                    self._begin_mamut(writers)
                    async with trio.open_nursery() as readers:
                        for key in self.shops:
                            self._begin(key, readers, writers)
                        self._begin_bells(readers)
                        self._begin_register(readers)
                        readers.start_soon(self._watch_wishes)
                        self._start_register = partial(self._begin_register, readers)
                        readers.start_soon(self._supervised, "sync", self._syncs.run)
                        if self.reloader is not None:
                            readers.start_soon(self._supervised, "reload", self.reloader.run)
                            readers.start_soon(self._supervised, "settings", partial(self._follow, readers, writers))
                        if once:
                            readers.start_soon(self._stop_when_idle)
                        await self._stop.wait()
                        readers.cancel_scope.cancel()
                    writing.deadline = trio.current_time() + STOP_S
                    self._stop_writers()
            outer.cancel_scope.cancel()
        with trio.CancelScope(deadline=trio.current_time() + CLOSE_S):
            await self.mamut.aclose()
            for shop in self.shops.values():
                await shop.port.aclose()

    # -- what runs ---------------------------------------------------------------------------------------------------

    def _begin(self, key: ShopKey, readers: trio.Nursery, writers: trio.Nursery) -> None:
        life = ShopLife(self.shops[key], lambda span: readers.start_soon(span.run, self._supervised))
        self._lives[key] = life
        writers.start_soon(life.writing.run, self._supervised)
        life.begin(frozenset(Unit))

    def _begin_mamut(self, writers: trio.Nursery) -> None:
        self._mamut_life = Span([("mamut", self.writer.run)])
        writers.start_soon(self._mamut_life.run, self._supervised)

    def _begin_bells(self, readers: trio.Nursery) -> None:
        self._bells_life = Span(self._bells.actors())
        readers.start_soon(self._bells_life.run, self._supervised)

    def _begin_register(self, readers: trio.Nursery) -> None:
        self.register = self._make_register()
        self._register_life = Span([("register", self.register.run)] if self._company.wants else ())
        readers.start_soon(self._register_life.run, self._supervised)

    def _make_register(self) -> RegisterReader:
        return RegisterReader(
            self.desk,
            self.journal,
            self.world.clock,
            self.world.chance("register"),
            self.settings.mamut.register,
            self._company.wants,
            self._register_read,
            self._stock_read,
        )

    def _make_bells(self) -> Bells:
        ringers = {key: shop.ringer() for key, shop in self.shops.items()}
        return Bells(self.settings, self._secrets, ringers, self.journal, self.world)

    # -- settings that change ------------------------------------------------------------------------------------------

    async def _follow(self, readers: trio.Nursery, writers: trio.Nursery) -> None:
        """Takes up settings that were accepted: whom they are about is replaced, all others work on."""
        while True:
            if (judgement := self._next) is not None and judgement.settings and judgement.secrets:
                await self._take_up(judgement.settings, judgement.secrets, readers, writers)
                if self._next is judgement:
                    self._next = None
                self._progress.ring()
            else:
                await self._next_bell.wait(IDLE_CHECK_S)

    async def _take_up(
        self, settings: Settings, secrets: Secrets, readers: trio.Nursery, writers: trio.Nursery
    ) -> None:
        """Failing anywhere it may be begun again: what counts as changed is compared with what was taken up last."""
        change = turnover(self.settings, settings, self._secrets, secrets)
        if change.whole:
            self.successor = (settings, secrets)
            self.stop()
            return
        await self._syncs.break_off()
        ended = await self._end_changed(change)
        self._company = company_of(settings)

        def turning_over(tx: apsw.Connection) -> None:
            now_ms = to_ms(self.world.clock())
            tx.executemany("DELETE FROM health WHERE actor = ?", [(name,) for name in ended])
            look_again(tx, settings, change, now_ms)

        await self.journal.run(turning_over)
        self.world.next_life()
        if change.mamut:
            await self._take_mamut(settings, secrets)
        deciding = [key for key in self.shops if change.concerns(key, Unit.ORDERS)]
        self.writer.change(noting(settings), {*deciding, *change.begun})
        for key in (*change.begun, *change.units):
            self._turns.change(key, shop_of(settings, key).schedules)
        for key in change.begun:
            self.shops[key] = self._maker.make(settings, shop_of(settings, key), secrets)
            self._pace_of[key] = self.shops[key].port.pace
        for key, units in change.units.items():
            self._maker.change(self.shops[key], settings, shop_of(settings, key), secrets, units)
        self.settings, self._secrets = settings, secrets
        self._begin_changed(change, readers, writers)
        log.info("settings_taken_up", **{name: list(who) for name, who in told_of(change.told)})

    async def _end_changed(self, change: Turnover) -> list[str]:
        """Gives the names of the actors that are no more at work."""
        if change.bells:
            await self._bells_life.end()
            self._bells.leave()
        if change.register:
            await self._register_life.end()
        if change.mamut:
            self.writer.stopping = True
            self.desk.bell.ring()
            await self._mamut_life.end(STOP_S)
        ended: list[str] = []

        async def end(ending: Awaitable[tuple[str, ...]]) -> None:
            ended.extend(await ending)

        async with trio.open_nursery() as nursery:
            for key in change.ended:
                if key in self._lives:
                    nursery.start_soon(end, self._lives[key].end_all(STOP_S))
            for key, units in change.units.items():
                nursery.start_soon(end, self._lives[key].end(units))
        for key in change.ended:
            if self._lives.pop(key, None) is not None:
                self._sent_before += self.shops.pop(key).net.sent
                self._pace_of.pop(key, None)
        return ended

    def _begin_changed(self, change: Turnover, readers: trio.Nursery, writers: trio.Nursery) -> None:
        if change.mamut:
            self._begin_mamut(writers)
        for key in change.begun:
            self._begin(key, readers, writers)
        for key, units in change.units.items():
            self._lives[key].begin(units)
        if change.register:
            self._begin_register(readers)
        if change.bells:
            self._bells = self._make_bells()
            self._begin_bells(readers)
        limit = order_limit(self.settings.package, self.settings.premium_limit)
        for shop in self.shops.values():
            shop.direction.change_room(limit, enabled_keys(self.settings))
            shop.look()
        self.desk.bell.ring()

    # -- first synchronisations ----------------------------------------------------------------------------------------

    def _begin_goods(self, key: ShopKey) -> None:
        """After a synchronisation: nothing that those actors remembered counts any more."""
        self._maker.change(self.shops[key], self.settings, shop_of(self.settings, key), self._secrets, GOODS)
        self._lives[key].begin(GOODS)
        self.shops[key].look()

    async def _take_mamut(self, settings: Settings, secrets: Secrets) -> None:
        """The session is another one from here on; no call of the old one is under way."""
        with trio.CancelScope(deadline=trio.current_time() + CLOSE_S):
            await self.mamut.aclose()
        self._sent_before += self._mamut_net.sent
        mamut, self._mamut_net = mamut_port(settings, secrets, self.world)
        self.mamut = mamut
        self.writer.take(mamut)

    def _supervised(self, name: str, run: Callable[[], Awaitable[None]]) -> Awaitable[None]:
        return supervise(name, run, Health(name, self.journal, self.world.clock))

    # -- between the actors ------------------------------------------------------------------------------------------

    def _settled(self, key: str) -> None:
        shop = self.shops.get(ShopKey(key))
        if shop is not None:
            shop.settled()
        self._progress.ring()

    def _fulfilled(self, shop: Shop) -> None:
        """Somebody's wish has been done: whoever may have something to do by that looks."""
        shop.look()
        self.desk.bell.ring()
        self._progress.ring()

    def _register_read(self, key: ShopKey) -> None:
        """Tasks have been put for this shop, or the register's reader has come to rest."""
        if (shop := self.shops.get(key)) is not None:
            shop.goods.look()
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
        if self.journal.view(lambda tx: records.value(tx, records.MAMUT_COMPANY)) != text:
            await self.journal.run(lambda tx: records.set_value(tx, records.MAMUT_COMPANY, text))
        note_opened(company, self.world.clock().date(), self.settings.mamut.stop_date_warning_days)

    def _prepare(self, tx: apsw.Connection) -> None:
        """Starting is recovering: what was under way is looked up before it is done, now and not when it was due."""
        now_ms = to_ms(self.world.clock())
        tx.execute("DELETE FROM health")
        tx.execute("UPDATE commands SET due_ms = min(due_ms, ?)", (now_ms,))
        tx.execute("UPDATE commands SET unsure = 1 WHERE remote = ?", (commands.MAMUT,))
        aftermath.recover(tx, now_ms)
        sync_runs.recover(tx, now_ms)
        if self._text:
            settings_history.keep(tx, now_ms, self._text, self.settings, self._secrets, Origin(how=How.FOUND))
        look_again_at_start(tx, self.settings, now_ms)

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
                    shop.errands.bell.ring()
            await self._paces.keep()
            await trio.sleep(self.world.wishes_every_s)

    async def _stop_when_idle(self) -> None:
        while not self._is_idle():
            await self._progress.wait(IDLE_CHECK_S)
        self.stop()

    def _is_idle(self) -> bool:
        if self._next is not None or not self._syncs.idle or (self._company.wants and not self.register.resting):
            return False
        return all(is_idle(shop, self.journal, self._turns) for shop in self.shops.values())

    def _stop_writers(self) -> None:
        self.writer.stopping = True
        self.desk.bell.ring()
        for shop in self.shops.values():
            shop.writer.stopping = True
            shop.writer.bell.ring()
