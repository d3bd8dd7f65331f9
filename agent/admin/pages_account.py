"""The account proof: for a shop or all of them, for a day or a month, every order in exactly one place and every amount
the same on both sides. Made to be printed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import apsw
from starlette.responses import Response

from agent.admin.door import get
from agent.admin.house import MenuEntry
from agent.admin.visit import Visit
from agent.journal import sums
from agent.journal.sums import Account, Period
from agent.model.clock import STOCKHOLM
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import OrderState, Reason

LISTED = 200
"""Orders that do not agree, at most; how many there are is told."""


class Chosen(Frozen, frozen=True):
    """What the account is of. `day` is a date or a month as it was given."""

    shop: str
    day: str
    period: Period
    before: str
    after: str


async def show(visit: Visit) -> Response:
    settings, today = visit.admin.settings(), visit.admin.clock().astimezone(STOCKHOLM).date()
    keys = visit.view(lambda tx: _keys(tx, [shop.key for shop in settings.shop]))
    chosen = _chosen(visit.query("shop"), visit.query("day") or today.isoformat(), keys)
    if chosen is None:
        return visit.problem(404, "account.no_such")
    made = visit.view(lambda tx: _account(tx, chosen, keys))
    return visit.page(
        "account/account.html",
        made=made,
        chosen=chosen,
        keys=keys,
        names={shop.key: shop.name or shop.key for shop in settings.shop},
        states=[state.value for state in OrderState],
        reasons=_reasons(made),
        listed=LISTED,
        printed=visit.now_ms,
    )


def _keys(tx: apsw.Connection, known: list[str]) -> list[str]:
    """The shops that are set up, and those that were."""
    return sorted({*known, *(str(key) for (key,) in tx.execute("SELECT shop FROM shops"))})


def _chosen(shop: str, day: str, keys: list[str]) -> Chosen | None:
    if shop and shop not in keys:
        return None
    try:
        if len(day) == len("2026-11"):
            first = datetime.strptime(day, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone until it is a period
            last = first - timedelta(days=1)
            following = first + timedelta(days=31)
            period = sums.month_period(first.year, first.month)
            return Chosen(shop=shop, day=day, period=period, before=f"{last:%Y-%m}", after=f"{following:%Y-%m}")
        at = date.fromisoformat(day)
        one = timedelta(days=1)
        return Chosen(
            shop=shop,
            day=at.isoformat(),
            period=sums.day_period(at),
            before=(at - one).isoformat(),
            after=(at + one).isoformat(),
        )
    except (ValueError, OverflowError):
        return None


def _account(tx: apsw.Connection, chosen: Chosen, keys: list[str]) -> Account:
    """Shop by shop, for the index of days begins with the shop."""
    parts = [sums.account(tx, ShopKey(key), chosen.period) for key in ([chosen.shop] if chosen.shop else keys)]
    return Account(
        shops=tuple(shop for part in parts for shop in part.shops),
        differing=tuple(row for part in parts for row in part.differing),
        shared=tuple(row for part in parts for row in part.shared),
    )


def _reasons(made: Account) -> list[tuple[str, str, int]]:
    """State, code and count, for all that was not transferred."""
    counts: dict[str, int] = {}
    for part in made.shops:
        for code, count in part.reasons.items():
            counts[code] = counts.get(code, 0) + count
    return sorted((Reason(code).state.value, code, count) for code, count in counts.items())


ROUTES = (get("/account", show),)
MENU = (MenuEntry(25, "/account", "account.title"),)
