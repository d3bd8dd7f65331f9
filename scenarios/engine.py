"""Plays a story with a seed: the agent lives among what happens, comes to rest, and everything is checked."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from pathlib import Path
from typing import Any

import apsw
import msgspec
import trio

from agent.actors.reloader import EVERYWHERE
from agent.journal import records, settings_history, sums
from agent.journal.orders import OrderRow
from scenarios import checks, expect
from scenarios.act import seconds
from scenarios.acts import KEY, Director
from scenarios.beside import Beside
from scenarios.beside_end import asked
from scenarios.determinism import run_in_virtual_time
from scenarios.ended import Deeds, Ended, Reloads, ShopEnd
from scenarios.goods_end import GoodsEnd, Row, read_tables
from scenarios.play import Play, play
from scenarios.plugged import plugins_installed
from scenarios.process import AgentProcess
from scenarios.story import Agent, Happening, Reload, Story
from scenarios.trace import Exchange, Trace, log_into
from scenarios.watch import Watch
from scenarios.weather import Weather
from simulators.woocommerce.options import ShopOptions

REST_S = 4 * 3_600.0
"""The longest that an agent may take to come to rest once all faults have ended."""

MAMUT_GOVERNS = 2
"""The flow in which a shop's products are made by the agent."""

FROZEN_REST_S = 3_600.0
"""The same where a person is needed, so that it does not rest at all."""

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
"""Where files never reach a disk, on systems that have it: a play opens and closes its journal many times."""


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one play. `broken` gives the sentences that are not true, by the check's name; `cpu_s` is what it
    took of a processor, where somebody has measured."""

    story: str
    seed: int
    broken: dict[str, list[str]]
    orders: int
    documents: int
    lives: int
    kills: int
    requests: int
    virtual_s: float
    faults: dict[str, int]
    reasons: tuple[str, ...]
    steps: frozenset[str]
    killed_in: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    cpu_s: float = 0.0

    @property
    def holds(self) -> bool:
        return not self.broken


FALLEN = "the_play_ends"
"""What does not hold where a play itself fell."""


def fallen(story: str, seed: int, error: BaseException) -> Played:
    """A play that ended with an error, of ours or a simulator's: where it happened, without what it was about."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    places = traceback.extract_tb(error.__traceback__)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "nowhere"
    return Played(
        story=story,
        seed=seed,
        broken={FALLEN: [f"{type(error).__name__} at {where}"]},
        orders=0,
        documents=0,
        lives=0,
        kills=0,
        requests=0,
        virtual_s=0.0,
        faults={},
        reasons=(),
        steps=frozenset(),
    )


def play_story(story: Story, seed: int, *, trace: Trace | None = None, with_digest: bool = False) -> Played:
    """Plays a story in a run and a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="brygga-", dir=MEMORY if MEMORY.is_dir() else None))
    trace = trace or Trace(whole=with_digest)
    try:
        with log_into(trace), plugins_installed(story.settings().plugins):
            played = run_in_virtual_time(seed, lambda: _play(story, seed, folder, trace))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return msgspec.structs.replace(played, digest=trace.digest()) if with_digest else played


async def _play(story: Story, seed: int, folder: Path, trace: Trace) -> Played:
    async with play(folder, seed=seed, start=story.start, trace=trace) as world:
        world.set_mamut(story.mamut)
        world.settings = msgspec.structs.replace(
            world.settings,
            package=story.package,
            premium_limit=story.premium_limit,
            mail=story.mail,
            mamut=msgspec.structs.replace(world.settings.mamut, register=story.register),
        )
        world.mamut.fill(1, products=story.goods)
        side = world.add_shop(story.settings(), story.shop_options)
        process = AgentProcess(world)
        process.reloads = any(isinstance(act, Reload) for act in story.then)
        if story.beside:
            process.beside = Beside(world, story.beside)
        weather = Weather(world, process, story.faults.drawn(seed), seed)
        director = Director(world, process, weather, seed)
        director.stock_up(story.goods if story.in_shop is None else story.in_shop)
        for key in story.others:
            other = world.add_shop(story.other_settings(key), _other_options(story, key))
            if story.other_settings(key).flow != MAMUT_GOVERNS:
                director.stock_up_other(other.key, story.goods)
        for shop in world.settings.shop:
            if shop.webhooks.enabled:
                world.ring(world.shops[shop.key], shop.webhooks.delivery_url)
        watches = watch(world, director.deeds)
        began = trio.current_time()
        await _live(story, director, process, weather)
        rested, second = await _rest(story, world)
        ended = end_of(world, director.deeds, watches, rested=rested, second=second, frozen=story.frozen)
        if process.reloads:
            ended = msgspec.structs.replace(ended, reloads=_reloads(world, process))
        if process.beside is not None:
            ended = msgspec.structs.replace(ended, beside=process.beside.end())
        broken = checks.broken(ended) | expect.unmet(story, ended, director.placed, process.kills)
        return Played(
            story=story.name,
            seed=seed,
            broken=broken,
            orders=len(side.shop.orders.all),
            documents=len(ended.documents),
            lives=process.lives,
            kills=process.kills,
            requests=len(trace.exchanges),
            virtual_s=trio.current_time() - began,
            faults=_faults(trace),
            reasons=tuple(sorted(expect.reasons_seen(ended))),
            steps=frozenset(entry.data["step"] for entry in trace.entries if entry.kind == "step"),
            killed_in=tuple((e.data["step"], e.data["when"]) for e in trace.entries if e.kind == "killed"),
        )


async def _live(story: Story, director: Director, process: AgentProcess, weather: Weather) -> None:
    """From the story's beginning to the end of its faults."""
    zero = trio.current_time()
    starts_itself = not any(isinstance(act, Agent) and act.act == "start" for act in story.then)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(process.run)
        nursery.start_soon(weather.run)
        if starts_itself:
            # What the story has ready at its beginning is there when the agent comes.
            director.play.nursery.start_soon(_start_soon, process)
        with trio.move_on_at(zero + story.minutes * 60):
            for act in sorted(story.then, key=lambda act: seconds(act.at)):
                await trio.sleep_until(zero + seconds(act.at))
                await director.do(act, nursery)
        await trio.sleep_until(zero + story.minutes * 60)
        weather.calm()
        await process.end()
        nursery.cancel_scope.cancel()


async def _start_soon(process: AgentProcess) -> None:
    await trio.sleep(0.001)
    process.start()


async def _rest(story: Story, world: Play) -> tuple[bool, tuple[Exchange, ...]]:
    """Lets the agent come to rest; later once more, since causes that went away are looked at by the hour. Gives what
    another pass over everything asked and wrote: where the later one had nothing to write, it was that pass."""
    await _pass(story, world)
    await trio.sleep(story.settle_minutes * 60)
    rested, last = await _pass(story, world)
    if rested and any(one.writes for one in last):
        await trio.sleep(story.settle_minutes * 60)
        rested, last = await _pass(story, world)
    return rested, last if rested else ()


async def _pass(story: Story, world: Play) -> tuple[bool, tuple[Exchange, ...]]:
    """One more life of the agent, until it rests; whether it came to that, and what it asked and wrote."""
    before = len(world.trace.exchanges)
    with trio.move_on_after(FROZEN_REST_S if story.frozen else REST_S) as limit:
        await world.run_once()
    return not limit.cancelled_caught, tuple(world.trace.exchanges[before:])


def _other_options(story: Story, key: str) -> ShopOptions:
    return msgspec.structs.replace(story.shop_options, home=f"https://{key}.example")


def watch(world: Play, deeds: Deeds) -> dict[str, Watch]:
    """Watches what is written to the shops from now on, where goods go in either direction."""
    if all(shop.flow == 1 and not shop.to_mamut.enabled for shop in world.settings.shop):
        return {}
    watches = {key: Watch(world, side, lambda: frozenset(deeds.left_out)) for key, side in world.shops.items()}
    for key, each in watches.items():
        world.shops[key].watcher = each
        world.on_change.append(each.changing)
    return watches


def end_of(
    world: Play,
    deeds: Deeds,
    watches: dict[str, Watch],
    *,
    rested: bool,
    second: tuple[Exchange, ...],
    frozen: bool = False,
) -> Ended:
    """Everything there is to judge now. No agent may be alive. `frozen` shops are expected."""
    with world.look() as journal:
        rows, events, commands, usage, frozen_shops, account, sound = _read(journal)
        tables = read_tables(journal) if watches else {}
        aftermath = _read_aftermath(journal)
        plan = _read_plan(journal)
        people_asked = asked(world, journal)
    shops = {
        key: ShopEnd(
            settings=next(shop for shop in world.settings.shop if shop.key == key),
            orders=side.orders(),
            statuses_set=deeds.statuses if key == KEY else {},
            mails=tuple(side.shop.orders.mails.sent),
            by_hand=frozenset(deeds.by_hand) if key == KEY else frozenset(),
        )
        for key, side in world.shops.items()
    }
    keys = [key for side in world.shops.values() for key in side.options.keys]
    return Ended(
        settings=world.settings,
        shops=shops,
        documents=tuple(world.mamut.orders()),
        contacts=tuple(world.mamut.contacts()),
        rows=rows,
        events=events,
        commands=commands,
        usage=usage,
        frozen=frozen_shops,
        account=account,
        sound=sound,
        rested=rested,
        frozen_is_expected=frozen,
        second_pass=second,
        journal_lost=any(entry.kind == "journal_lost" for entry in world.trace.entries),
        secrets=("simulerad", *(key.consumer_key for key in keys), *(key.consumer_secret for key in keys)),
        trace=world.trace,
        goods=_goods(world, deeds, watches, tables) if watches else None,
        aftermath=aftermath,
        plan=plan,
        asked=people_asked,
    )


def _goods(world: Play, deeds: Deeds, watches: dict[str, Watch], tables: dict[str, tuple[Row, ...]]) -> GoodsEnd:
    return GoodsEnd(
        settings=world.settings,
        now=world.calendar.now(),
        mamut=world.mamut,
        sides=dict(world.shops),
        watches=watches,
        tables=tables,
        removed=frozenset(deeds.removed),
        by_merchant=frozenset(deeds.by_merchant),
        left_out=frozenset(deeds.left_out),
        released=deeds.released,
    )


def _read(tx: apsw.Connection) -> tuple[Any, ...]:
    columns = ", ".join(OrderRow.__struct_fields__)
    rows = tuple(OrderRow(*row) for row in tx.execute(f"SELECT {columns} FROM orders ORDER BY shop, order_id"))  # noqa: S608 - column names of ours
    events = tuple(
        (str(shop), int(order_id), str(kind), msgspec.json.decode(data))
        for shop, order_id, kind, data in tx.execute("SELECT shop, order_id, kind, data FROM events ORDER BY event_id")
    )
    commands = tuple((str(k), str(s), int(o)) for k, s, o in tx.execute("SELECT kind, shop, order_id FROM commands"))
    usage = {str(month): int(count) for month, count in tx.execute("SELECT month, orders FROM usage")}
    frozen = frozenset(str(key) for (key,) in tx.execute("SELECT shop FROM shops WHERE frozen_fault <> ''"))
    sound = str(tx.pragma("integrity_check"))
    return rows, events, commands, usage, frozen, sums.account(tx), sound


def _read_aftermath(tx: apsw.Connection) -> dict[tuple[str, int], tuple[str, str]]:
    rows = tx.execute("SELECT shop, order_id, outcome, code FROM aftermath")
    return {(str(shop), int(order_id)): (str(outcome), str(code)) for shop, order_id, outcome, code in rows}


def _read_plan(tx: apsw.Connection) -> dict[str, int]:
    sql = "SELECT {0}, count(*) FROM plan_rows WHERE plan = (SELECT max(plan) FROM plan_rows) GROUP BY {0}"
    return {
        str(word): int(str(count))
        for column in ("action", "state")
        for word, count in tx.execute(sql.format(column))
        if word
    }


def _reloads(world: Play, process: AgentProcess) -> Reloads:
    with world.look() as journal:
        newest = settings_history.newest(journal)
        unanswered = len(records.open_wishes(journal, EVERYWHERE))
    written = settings_history.text_digest(process.file.judge().text)
    return Reloads(written, newest.digest if newest is not None else "", unanswered)


def _faults(trace: Trace) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in trace.entries:
        if entry.kind in ("fault", "fault_begins", "fault_happens"):
            name = entry.data["fault"]
            found[name] = found.get(name, 0) + 1
    return found


def without(story: Story, position: int) -> Story:
    """The story without one of its acts."""
    then: tuple[Happening, ...] = (*story.then[:position], *story.then[position + 1 :])
    return msgspec.structs.replace(story, then=then)
