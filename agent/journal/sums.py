"""The account proof and the package's usage, out of the journal. Reading only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import apsw

from agent.journal.orders import OrderRow
from agent.journal.records import used
from agent.model.clock import STOCKHOLM, package_month
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import OrderState

WARNING_PERCENTS = (80, 100)
"""At these parts of the package the merchant is warned (the product's own rule)."""

_SHARED = (
    "mamut_order_no IN (SELECT mamut_order_no FROM orders WHERE mamut_order_no IS NOT NULL"
    " GROUP BY mamut_order_no HAVING count(*) > 1)"
)

_SHARED_BY_EACH = (
    "EXISTS (SELECT 1 FROM orders other INDEXED BY orders_by_mamut WHERE other.mamut_order_no = orders.mamut_order_no"
    " AND other.mamut_order_no IS NOT NULL AND NOT (other.shop = orders.shop AND other.order_id = orders.order_id))"
)
"""The same asked of each order, for the few of a day."""


def _refunded(way: str) -> str:
    """In SQL, of one order: what Mamut knows of its refunds in this way."""
    return (
        "coalesce((SELECT sum(amount_ore) FROM credits c"  # noqa: S608 - a word of ours
        f" WHERE c.shop = orders.shop AND c.order_id = orders.order_id AND c.way = '{way}'), 0)"
    )


_DIFFERING = (
    "(mamut_total_ore IS NULL OR (mamut_total_ore <> total_ore"
    f" AND mamut_total_ore + {_refunded('document')} <> total_ore))"
)

_SHOPS = """
    WITH RECURSIVE with_orders (shop) AS (
        SELECT min(shop) FROM orders
        UNION ALL
        SELECT (SELECT min(shop) FROM orders WHERE shop > with_orders.shop) FROM with_orders WHERE shop IS NOT NULL
    )
    SELECT shop FROM shops UNION SELECT shop FROM with_orders WHERE shop IS NOT NULL
"""
"""All shops that are or were, by one step in the index for each and not for each order."""

# -- the account proof ------------------------------------------------------------------------------------------------


class Period(Frozen, frozen=True):
    """Orders made from `start` up to, not including, `end`, by the shop's clock."""

    start: datetime
    end: datetime


def day_period(day: date) -> Period:
    """A day of Swedish time, 23 or 25 hours long when the clocks change."""
    return Period(start=_midnight(day), end=_midnight(day + timedelta(days=1)))


def month_period(year: int, month: int) -> Period:
    """A calendar month of Swedish time."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(start=_midnight(date(year, month, 1)), end=_midnight(following))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).astimezone(UTC)


class Money(Frozen, frozen=True):
    """The transferred orders of one currency: what they sum to in the shop's figures and in Mamut's.

    `reduced_ore` is what refunds have taken off documents' rows, `credited_ore` what credit notes stand for,
    `cancelled_ore` what documents came to that were cancelled because their orders were. The shop's own totals stay
    what they were.
    """

    currency: str
    orders: int
    shop_ore: int
    mamut_ore: int
    reduced_ore: int = 0
    credited_ore: int = 0
    cancelled_ore: int = 0

    @property
    def difference_ore(self) -> int:
        return self.mamut_ore + self.reduced_ore - self.shop_ore

    @property
    def left_ore(self) -> int:
        """What Mamut holds in the end: transferred, less what was credited and cancelled."""
        return self.mamut_ore - self.credited_ore - self.cancelled_ore


class ShopAccount(Frozen, frozen=True):
    """One shop's part of the account. `seen` is counted for itself, not summed from the states."""

    shop: ShopKey
    seen: int
    states: dict[str, int]
    reasons: dict[str, int]
    money: tuple[Money, ...]

    @property
    def adds_up(self) -> bool:
        return self.seen == sum(self.states[state.value] for state in OrderState)


class Account(Frozen, frozen=True):
    """The proof: every order seen is in one state, and what was transferred has the same amount in both systems.

    `differing` are transferred orders whose amounts are not equal, `shared` those whose document in Mamut stands for
    another order too.
    """

    shops: tuple[ShopAccount, ...]
    differing: tuple[OrderRow, ...]
    shared: tuple[OrderRow, ...]

    @property
    def seen(self) -> int:
        return sum(shop.seen for shop in self.shops)

    @property
    def states(self) -> dict[str, int]:
        return {state.value: sum(shop.states[state.value] for shop in self.shops) for state in OrderState}

    @property
    def money(self) -> tuple[Money, ...]:
        currencies = sorted({money.currency for shop in self.shops for money in shop.money})
        return tuple(
            _summed(currency, [money for shop in self.shops for money in shop.money if money.currency == currency])
            for currency in currencies
        )

    @property
    def holds(self) -> bool:
        return all(shop.adds_up for shop in self.shops) and not self.differing and not self.shared


def _summed(currency: str, parts: Sequence[Money]) -> Money:
    return Money(
        currency=currency,
        orders=sum(part.orders for part in parts),
        shop_ore=sum(part.shop_ore for part in parts),
        mamut_ore=sum(part.mamut_ore for part in parts),
        reduced_ore=sum(part.reduced_ore for part in parts),
        credited_ore=sum(part.credited_ore for part in parts),
        cancelled_ore=sum(part.cancelled_ore for part in parts),
    )


def account(tx: apsw.Connection, shop: ShopKey | None = None, period: Period | None = None) -> Account:
    """The account of one shop or all, of all time or the orders made in a period."""
    where = "1" if shop is None else "shop = ?"
    bounds: list[str | int] = [] if shop is None else [str(shop)]
    if period is not None:
        where += " AND created_at >= ? AND created_at < ?"
        bounds += [int(period.start.timestamp()), int(period.end.timestamp())]
    keys = [ShopKey(str(key)) for (key,) in tx.execute(_SHOPS)]
    shared = _SHARED if period is None else _SHARED_BY_EACH
    groups = _groups(tx, where, bounds, shared)
    differing = f"{where} AND state = 'transferred' AND {_DIFFERING}"
    return Account(
        shops=tuple(
            _shop_account(tx, key, where, bounds, groups.get(str(key), []))
            for key in sorted(keys)
            if shop in (None, key)
        ),
        differing=_rows(tx, differing, bounds) if any(g.differing for each in groups.values() for g in each) else (),
        shared=_rows(tx, f"{where} AND {shared}", bounds) if any(g.shared for e in groups.values() for g in e) else (),
    )


class _Group(NamedTuple):
    """Orders of one shop, state, reason and currency. `differing` and `shared` are how many of them do not agree."""

    state: str
    reason: str
    currency: str
    orders: int
    shop_ore: int
    mamut_ore: int
    differing: int
    shared: int


def _groups(tx: apsw.Connection, where: str, bounds: list[str | int], shared: str) -> dict[str, list[_Group]]:
    """Everything that is asked of each order, in one walk: a month of a large shop is read from the disk once."""
    found: dict[str, list[_Group]] = {}
    rows = tx.execute(
        "SELECT shop, state, coalesce(reason, ''), coalesce(currency, ''), count(*), sum(coalesce(total_ore, 0)),"  # noqa: S608 - conditions of ours
        f" sum(coalesce(mamut_total_ore, 0)), sum(state = 'transferred' AND {_DIFFERING}), sum({shared})"
        f" FROM orders WHERE {where} GROUP BY shop, state, reason, currency",
        bounds,
    )
    for key, *group in rows:
        found.setdefault(str(key), []).append(_Group(*group))
    return found


def _shop_account(
    tx: apsw.Connection, key: ShopKey, where: str, bounds: list[str | int], groups: list[_Group]
) -> ShopAccount:
    one = f"FROM orders WHERE shop = ? AND {where}"
    values = [str(key), *bounds]
    seen = tx.execute(f"SELECT count(*) {one}", values).fetchone()
    states = dict.fromkeys((state.value for state in OrderState), 0)
    reasons: dict[str, int] = {}
    transferred: dict[str, list[_Group]] = {}
    for group in groups:
        states[group.state] = states.get(group.state, 0) + group.orders
        if group.reason:
            reasons[group.reason] = reasons.get(group.reason, 0) + group.orders
        if group.state == OrderState.TRANSFERRED.value:
            transferred.setdefault(group.currency, []).append(group)
    back = _given_back(tx, one, values)
    return ShopAccount(
        shop=key,
        seen=0 if seen is None else int(seen[0]),
        states=states,
        reasons=dict(sorted(reasons.items())),
        money=tuple(
            Money(
                currency=currency,
                orders=sum(group.orders for group in of),
                shop_ore=sum(group.shop_ore for group in of),
                mamut_ore=sum(group.mamut_ore for group in of),
                reduced_ore=back.get((currency, "document"), 0),
                credited_ore=back.get((currency, "note"), 0),
                cancelled_ore=back.get((currency, "cancelled"), 0),
            )
            for currency, of in sorted(transferred.items())
        ),
    )


def _given_back(tx: apsw.Connection, one: str, values: list[str | int]) -> dict[tuple[str, str], int]:
    """What was given back of transferred orders, by currency and way; the few that have changed are asked for alone."""
    found: dict[tuple[str, str], int] = {}
    # By number of the condition's first value, the shop: asked once, and not of each order. Found by their keys, and
    # not among all of the period.
    refunded = "order_id IN (SELECT order_id FROM credits WHERE shop = ?1)"
    cancelled = "order_id IN (SELECT order_id FROM aftermath WHERE shop = ?1 AND outcome = 'cancelled')"
    few = one.replace("created_at", "+created_at")
    for way in ("document", "note"):
        rows = tx.execute(
            f"SELECT currency, sum({_refunded(way)}) {few} AND state = 'transferred' AND {refunded} GROUP BY currency",
            values,
        )
        found.update({(str(currency), way): int(amount_ore) for currency, amount_ore in rows})
    rows = tx.execute(
        f"SELECT currency, sum(mamut_total_ore) {few} AND state = 'transferred' AND {cancelled} GROUP BY currency",
        values,
    )
    found.update({(str(currency), "cancelled"): int(amount_ore or 0) for currency, amount_ore in rows})
    return found


def _rows(tx: apsw.Connection, where: str, values: list[str | int]) -> tuple[OrderRow, ...]:
    columns = ", ".join(OrderRow.__struct_fields__)
    rows = tx.execute(f"SELECT {columns} FROM orders WHERE {where} ORDER BY created_at, shop, order_id", values)  # noqa: S608 - column names of ours
    return tuple(OrderRow(*row) for row in rows)


# -- usage of the package ---------------------------------------------------------------------------------------------


class Usage(Frozen, frozen=True):
    """How much of the package a month has used. `limit` is None where a quote decides and none has been entered.

    `reached_on` is the day (Swedish) of the order that filled the package, `forecast_day` the day on which it will be
    full if the month goes on as until now: used orders divided by the days gone by, a day at the least. None when the
    month ends before that, or when nothing has been used.
    """

    month: str
    limit: int | None
    used: int
    held_at_limit: int
    per_day: float
    forecast_day: date | None
    reached_on: date | None
    months: dict[str, int]

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(self.limit - self.used, 0)

    @property
    def warning_percent(self) -> int | None:
        """The highest level that has been reached."""
        if not self.limit:
            return None
        return max((level for level in WARNING_PERCENTS if self.used * 100 >= level * self.limit), default=None)


def usage(tx: apsw.Connection, now: datetime, limit: int | None) -> Usage:
    month = package_month(now)
    count = used(tx, month)
    held = tx.execute("SELECT count(*) FROM orders INDEXED BY orders_held_by_limit WHERE reason = 'BRY-H01'").fetchone()
    reached_on = _reached_on(tx, month, limit) if limit and count >= limit else None
    period = month_period(int(month[:4]), int(month[5:]))
    gone = max(now - period.start, timedelta(days=1))
    return Usage(
        month=month,
        limit=limit,
        used=count,
        held_at_limit=0 if held is None else int(held[0]),
        per_day=count / (gone / timedelta(days=1)),
        forecast_day=_forecast(period, gone, count, limit),
        reached_on=reached_on,
        months={str(m): int(n) for m, n in tx.execute("SELECT month, orders FROM usage ORDER BY month DESC LIMIT 12")},
    )


def _forecast(period: Period, gone: timedelta, count: int, limit: int | None) -> date | None:
    if not limit or not count or count >= limit:
        return None
    full_at = period.start + gone * limit / count
    return full_at.astimezone(STOCKHOLM).date() if full_at < period.end else None


def _reached_on(tx: apsw.Connection, month: str, limit: int) -> date | None:
    row = tx.execute(
        "SELECT transferred_ms FROM orders WHERE counted_month = ? ORDER BY transferred_ms LIMIT 1 OFFSET ?",
        (month, limit - 1),
    ).fetchone()
    if row is None or row[0] is None:
        return None
    return datetime.fromtimestamp(row[0] / 1000, UTC).astimezone(STOCKHOLM).date()
