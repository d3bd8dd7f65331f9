"""The first page: what needs a person, how each shop and direction is, the package's month, and the last days in
figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import apsw
from starlette.responses import Response

from agent.actors.times import to_ms
from agent.admin.door import get
from agent.admin.house import Admin, MenuEntry
from agent.admin.live import Piece
from agent.admin.visit import Visit
from agent.flows import DirectionName
from agent.journal import overview, records, reports, sums
from agent.journal.overview import OrdersNow
from agent.journal.reports import ActorHealth
from agent.model.clock import STOCKHOLM
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import OrderState
from agent.packages import NAMES, order_limit
from agent.settings.given import DIRECTIONS, Off, off
from agent.settings.tree import Settings, ShopSettings
from agent.shown.attention import Waiting
from agent.shown.schedule import times_of

STALE_S = 600.0
"""An actor that has said nothing for so long is shown as silent: it writes every few minutes while it works."""

RANGES: dict[str, tuple[timedelta, int]] = {
    "day": (timedelta(hours=1), 24),
    "week": (timedelta(hours=6), 28),
    "month": (timedelta(days=1), 30),
}
"""What the charts show: how long a bucket is, and how many there are."""


class DirectionLine(Frozen, frozen=True):
    """One direction of a shop as it is shown. `mood` is good, busy, warn or bad; `state` a key of the words."""

    name: str
    mood: str
    state: str
    by: str = ""
    due: int = 0
    held: int = 0
    oldest_ms: int | None = None
    last_ms: int | None = None
    next_ms: int | None = None
    every_s: float | None = None
    code: str = ""


class ShopCard(Frozen, frozen=True):
    key: str
    name: str
    frozen: str
    orders: OrdersNow
    trouble: tuple[ActorHealth, ...]
    directions: tuple[DirectionLine, ...]


async def show(visit: Visit) -> Response:
    return visit.page("overview/page.html", now=visit.admin.live.html("overview", visit.language), ranges=tuple(RANGES))


async def chart(visit: Visit) -> Response:
    """The figures of the charts: columns for uPlot, times in seconds since 1970."""
    long, count = RANGES.get(visit.query("range"), RANGES["day"])
    end_ms = visit.now_ms
    starts = _starts(visit.admin.clock(), long, count)
    buckets = visit.view(lambda tx: overview.over_time(tx, starts, end_ms))
    return visit.json(
        {
            "at": [bucket.start_ms // 1000 for bucket in buckets],
            "orders": [bucket.orders for bucket in buckets],
            "median": [bucket.median_s for bucket in buckets],
            "slow": [bucket.slow_s for bucket in buckets],
        }
    )


def _starts(now: datetime, long: timedelta, count: int) -> list[int]:
    """The buckets' beginnings, on whole hours and on midnights of Swedish time."""
    local = now.astimezone(STOCKHOLM)
    first = local.replace(minute=0, second=0, microsecond=0)
    if long >= timedelta(hours=6):
        first = first.replace(hour=0 if long >= timedelta(days=1) else first.hour // 6 * 6)
    # Wall clock time is stepped, so that days begin at midnight on both sides of a change of the clocks.
    walls = [first.replace(tzinfo=None) - long * back for back in reversed(range(count))]
    return sorted({to_ms(wall.replace(tzinfo=STOCKHOLM).astimezone(UTC)) for wall in walls})


# -- what is live -----------------------------------------------------------------------------------------------------


def look(tx: apsw.Connection, admin: Admin) -> Mapping[str, object]:
    settings, now = admin.settings(), admin.clock()
    counted = overview.orders_now(tx)
    health = reports.health(tx)
    keys = [ShopKey(shop.key) for shop in settings.shop]
    limit = order_limit(settings.package, settings.premium_limit) if settings.package in NAMES else None
    midnight = now.astimezone(STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "needs": Waiting(tx, settings, now, {*keys, *counted}).needs(),
        "parts": [each for each in health if not each.actor.partition("/")[2] and _is_troubled(each, now)],
        "silent": not any(to_ms(now) - (each.last_good_ms or 0) < STALE_S * 1000 for each in health),
        "shops": [_card(tx, settings, shop, counted, health, now) for shop in settings.shop],
        "usage": sums.usage(tx, now, limit),
        "package": settings.package,
        "today": overview.transferred_since(tx, to_ms(midnight.astimezone(UTC))),
        "states": [state.value for state in OrderState],
    }


def _is_troubled(each: ActorHealth, now: datetime) -> bool:
    return each.state in ("paused", "parked") and to_ms(now) >= each.since_ms


def _card(
    tx: apsw.Connection,
    settings: Settings,
    shop: ShopSettings,
    counted: Mapping[ShopKey, OrdersNow],
    health: Sequence[ActorHealth],
    now: datetime,
) -> ShopCard:
    key = ShopKey(shop.key)
    nothing = dict.fromkeys((state.value for state in OrderState), 0)
    orders = counted.get(key, OrdersNow(shop=key, states=nothing, backlog=0, oldest_waiting_ms=None))
    mine = [each for each in health if each.actor.partition("/")[2] == shop.key]
    return ShopCard(
        key=shop.key,
        name=shop.name or shop.key,
        frozen=records.shop(tx, key).frozen_fault,
        orders=orders,
        trouble=tuple(each for each in mine if _is_troubled(each, now)),
        directions=tuple(
            _line(tx, settings, shop, name, orders, now)
            for name in DIRECTIONS
            if off(settings, shop, name) not in (Off.FLOW, Off.PACKAGE)
        ),
    )


def _line(
    tx: apsw.Connection,
    settings: Settings,
    shop: ShopSettings,
    name: DirectionName,
    orders: OrdersNow,
    now: datetime,
) -> DirectionLine:
    key = ShopKey(shop.key)
    found = overview.direction_now(tx, key, name, to_ms(now))
    times = times_of(tx, shop, found.row, name, now)
    next_at = times.next[0] if times.next else times.quiet_until
    is_orders = name is DirectionName.ORDERS_TO_MAMUT
    due = orders.backlog if is_orders else found.due
    held = orders.states[OrderState.HELD.value] + orders.states[OrderState.DEAD.value] if is_orders else found.held
    if off(settings, shop, name) is not None:
        mood, state = "", "off"
    elif found.row.paused:
        mood, state = "warn", "paused"
    elif times.quiet_until is not None:
        mood, state = "", "quiet"
    else:
        mood, state = ("busy", "working") if due else ("good", "in_step")
    return DirectionLine(
        name=name.value,
        mood=mood,
        state=state,
        by=found.row.paused_by,
        due=due,
        held=held,
        oldest_ms=orders.oldest_waiting_ms if is_orders else found.oldest_ms,
        last_ms=overview.last_transfer(tx, key) if is_orders else found.row.last_ms,
        next_ms=None if next_at is None else to_ms(next_at),
        every_s=None if times.next else times.usual_s,
        code=found.row.code,
    )


ROUTES = (get("/", show), get("/overview/chart.json", chart))
MENU = (MenuEntry(10, "/", "overview.title"),)
LIVE = (Piece("overview", "overview/now.html", look),)
