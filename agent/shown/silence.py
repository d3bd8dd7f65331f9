"""What nobody would notice by itself: who does not answer, what has not run, what comes to an end soon.

Nothing is written of it: it follows from the journal, the settings and the time. What is a fault of a part of the
agent, of an order or of an article stands in `agent.journal.attention`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import computer, directions, overview, records, reports, sums, turns
from agent.journal.attention import Cause, Item
from agent.journal.reports import ActorHealth
from agent.model.clock import STOCKHOLM, package_month
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.packages import NAMES, order_limit
from agent.schedule import Plan, ScheduleWrong
from agent.settings.given import DIRECTIONS, OF_REGISTER, off
from agent.settings.tree import Settings, ShopSettings

AREAS = ("system", "late", "computer", "soon")
"""What an item is about: a shop or Mamut that does not answer, a direction that has not run, this computer and its
disk, something that ends soon."""

POLLED = {DirectionName.ORDERS_TO_MAMUT: "reader", DirectionName.PRODUCTS_TO_MAMUT: "products"}
"""Directions whose reader asks the shop again and again, and what it is called."""

_BY_ITSELF = frozenset({"", Fault.SHOP_UNREACHABLE.value, Fault.MAMUT_UNREACHABLE.value, Fault.MAMUT_MAINTENANCE.value})
"""What mostly mends itself, so that it needs a person only when it lasts."""

_MINUTE_MS = 60_000


def silences(tx: apsw.Connection, settings: Settings, now: datetime, *, runs: bool = True) -> list[Item]:
    """All of it, area by area. Without `runs`, when no agent is at work, nothing is late."""
    health = reports.health(tx)
    away = list(_away(tx, settings, health, now))
    late = list(_late(tx, settings, health, now, {item.shop for item in away})) if runs else []
    return [*away, *late, *_computer(tx, settings), *_soon(tx, settings, now)]


def of_shop(items: list[Item], shop: ShopKey | None) -> list[Item]:
    """A shop's own, and what is everybody's."""
    return [item for item in items if shop is None or item.shop in (shop, "")]


def causes(items: list[Item], limit: int) -> list[Cause]:
    """The items by area and code, oldest first."""
    by_code: dict[tuple[str, str], list[Item]] = {}
    for item in sorted(items, key=lambda each: (AREAS.index(each.area), each.since_ms, each.shop, each.name)):
        by_code.setdefault((item.area, item.code), []).append(item)
    return [
        Cause(area=area, code=code, count=len(same), items=tuple(same[:limit]))
        for (area, code), same in by_code.items()
    ]


# -- who does not answer ----------------------------------------------------------------------------------------------


def _away(tx: apsw.Connection, settings: Settings, health: list[ActorHealth], now: datetime) -> Iterator[Item]:
    """Mamut and each shop once, however many parts of the agent wait for them."""
    after_ms = round(settings.attention.unreachable_after_s * 1000)
    now_ms = round(now.timestamp() * 1000)
    waiting = [each for each in health if each.state == "paused" and each.fault in _BY_ITSELF]
    waiting = [each for each in waiting if now_ms - each.since_ms >= after_ms]
    mamut = [each for each in waiting if _is_of_mamut(each)]
    if mamut:
        first = min(mamut, key=lambda each: each.since_ms)
        fault = first.fault or Fault.MAMUT_UNREACHABLE.value
        yield _item("system", fault, "Mamut", first.since_ms, problem=first.problem)
    for shop in settings.shop:
        mine = [each for each in waiting if each.actor.partition("/")[2] == shop.key and not _is_of_mamut(each)]
        if not mine or not shop.enabled or records.shop(tx, ShopKey(shop.key)).frozen_fault:
            continue
        first = min(mine, key=lambda each: each.since_ms)
        if not _was_quiet(tx, shop, DirectionName.ORDERS_TO_MAMUT, now, after_ms):
            fault = Fault.SHOP_UNREACHABLE.value
            yield _item("system", fault, shop.name or shop.key, first.since_ms, shop=shop.key, problem=first.problem)


def _is_of_mamut(each: ActorHealth) -> bool:
    faults = (Fault.MAMUT_UNREACHABLE.value, Fault.MAMUT_MAINTENANCE.value)
    return each.fault in faults or (not each.fault and each.actor in ("mamut", "register"))


def _was_quiet(tx: apsw.Connection, shop: ShopSettings, name: DirectionName, now: datetime, within_ms: int) -> bool:
    """Whether the direction was to leave the shop alone at any time of the last `within_ms`."""
    plan = _plan(shop, name)
    if plan is None:
        return False
    kept = turns.get(tx, ShopKey(shop.key), name)
    steps = max(within_ms // _MINUTE_MS, 1)
    moments = (now - timedelta(milliseconds=within_ms * step / steps) for step in range(steps + 1))
    return any(plan.quiet_until(at) is not None for at in moments if round(at.timestamp() * 1000) >= kept.by_hand_ms)


def _plan(shop: ShopSettings, name: DirectionName) -> Plan | None:
    given = shop.schedules.get(name.value)
    if given is None:
        return None
    try:
        return Plan(given, shop.reading.interval_s)
    except ScheduleWrong:
        return None


# -- what has not run -------------------------------------------------------------------------------------------------


def _late(
    tx: apsw.Connection, settings: Settings, health: list[ActorHealth], now: datetime, away: set[str]
) -> Iterator[Item]:
    """What is behind through no fault that is told already. After a start everything has its time first."""
    now_ms, after_ms = round(now.timestamp() * 1000), round(settings.attention.late_after_s * 1000)
    if "" in away or now_ms - computer.started(tx) < after_ms:
        return
    troubled = {each.actor for each in health if each.state not in ("working", "waiting")}
    good = {each.actor: each.last_good_ms or 0 for each in health if each.actor not in troubled}
    for shop in settings.shop:
        key = ShopKey(shop.key)
        if not shop.enabled or key in away or records.shop(tx, key).frozen_fault:
            continue
        for name in DIRECTIONS:
            if off(settings, shop, name) is not None or directions.get(tx, key, name).paused:
                continue
            since_ms = _behind_since(tx, shop, name, good, troubled, now_ms)
            if since_ms is None or now_ms - since_ms < after_ms:
                continue
            if not _was_quiet(tx, shop, name, now, after_ms):
                yield _item("late", Fault.DIRECTION_LATE.value, "", since_ms, shop=shop.key, direction=name.value)
    stocked = any(off(settings, shop, name) is None for shop in settings.shop for name in OF_REGISTER)
    if stocked and "register" in good:
        register = settings.mamut.register
        allowed_ms = max(after_ms, round(3_000 * max(register.articles_every_s, register.stock_every_s)))
        if now_ms - good["register"] >= allowed_ms:
            yield _item("late", Fault.DIRECTION_LATE.value, "register", good["register"])


def _behind_since(
    tx: apsw.Connection,
    shop: ShopSettings,
    name: DirectionName,
    good: dict[str, int],
    troubled: set[str],
    now_ms: int,
) -> int | None:
    """Since when the direction should have worked and has not; None where it has, or why it has not is told already."""
    key = ShopKey(shop.key)
    schedule = shop.schedules.get(name.value)
    row = directions.get(tx, key, name)
    if schedule is not None and (schedule.every_s is not None or schedule.cron):
        plan, kept = _plan(shop, name), turns.get(tx, key, name)
        if plan is None or kept.began_ms is None:
            return None
        if kept.open:
            return max(kept.began_ms, row.last_ms or 0, good.get(f"{POLLED.get(name, name.value)}/{key}", 0))
        began = datetime.fromtimestamp(kept.began_ms / 1000, UTC)
        due_ms = round(plan.next_run(began, began + timedelta(seconds=1)).timestamp() * 1000)
        return due_ms if due_ms <= now_ms else None
    if name in POLLED:
        reader = f"{POLLED[name]}/{key}"
        return None if reader in troubled else good.get(reader)
    if f"{name.value}/{key}" in troubled:
        return None
    oldest_ms = overview.direction_now(tx, key, name, now_ms).oldest_ms
    return None if oldest_ms is None else max(oldest_ms, row.last_ms or 0)


# -- this computer, and what ends soon --------------------------------------------------------------------------------


def _computer(tx: apsw.Connection, settings: Settings) -> Iterator[Item]:
    seen = computer.get(tx)
    if seen.room_mb is not None:
        yield _item("computer", Fault.JOURNAL_ROOM.value, "", seen.since_ms, count=str(seen.room_mb))
    for shop in settings.shop:
        if shop.enabled and shop.key in seen.clocks:
            seconds = str(seen.clocks[shop.key])
            fault = Fault.COMPUTER_CLOCK_WRONG.value
            yield _item("computer", fault, shop.name or shop.key, seen.since_ms, shop=shop.key, seconds=seconds)
    for host, ends_ms in sorted(seen.certificates.items()):
        day = datetime.fromtimestamp(ends_ms / 1000, STOCKHOLM).date().isoformat()
        yield _item("soon", Fault.CERTIFICATE_ENDS.value, host, seen.since_ms, address=host, day=day)


def _soon(tx: apsw.Connection, settings: Settings, now: datetime) -> Iterator[Item]:
    today = now.astimezone(STOCKHOLM).date()
    text = records.value(tx, records.MAMUT_COMPANY)
    stop_date = str(msgspec.json.decode(text, type=dict[str, object]).get("stop_date", "")) if text else ""
    if stop_date:
        stops = date.fromisoformat(stop_date)
        left, most = (stops - today).days, settings.mamut.stop_date_warning_days
        if 0 <= left <= most:
            fault, since = Fault.MAMUT_VERSION_EXPIRES_SOON.value, _midnight_ms(stops - timedelta(days=most))
            yield _item("soon", fault, "Mamut", since, stop_date=stop_date, days=str(left))
    limit = order_limit(settings.package, settings.premium_limit) if settings.package in NAMES else None
    if limit:
        used = records.used(tx, package_month(now))
        if limit * min(sums.WARNING_PERCENTS) <= used * 100 < limit * 100:
            yield _item("soon", Fault.PACKAGE_FILLS.value, settings.package, 0, count=str(used), limit=str(limit))


def _midnight_ms(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).timestamp() * 1000)


def _item(
    area: str, code: str, name: str, since_ms: int, *, shop: str = "", direction: str = "", **params: str
) -> Item:
    told = {"shop": shop, **params} if shop else params
    return Item(area=area, shop=shop, name=name, code=code, params=told, since_ms=since_ms, direction=direction)
