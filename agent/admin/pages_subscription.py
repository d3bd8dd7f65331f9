"""The subscription: what has been bought and costs, the orders of each month, and which package would do."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from agent.admin.door import get
from agent.admin.house import MenuEntry
from agent.admin.visit import Visit
from agent.journal import sums
from agent.journal.sums import Usage
from agent.model.clock import STOCKHOLM
from agent.packages import (
    CONTRACT_MONTHS,
    FEATURE_WORDS,
    NOTICE_MONTHS,
    RECONCILIATION_PRICE_KR,
    SHOP_PRICE_KR,
    Feature,
    order_limit,
    package,
)
from agent.settings.subscription import cheapest, fits, set_up_of

MONTHS_BACK = 3
"""So many whole months, and the one that goes on, decide which package would do."""


async def show(visit: Visit) -> Response:
    settings, now = visit.admin.settings(), visit.admin.clock()
    set_up = set_up_of(settings)
    if set_up is None:
        return visit.page("subscription/subscription.html", set_up=None, package=settings.package)
    limit = order_limit(settings.package, settings.premium_limit)
    used = visit.view(lambda tx: sums.usage(tx, now, limit))
    months = months_of(used, now)
    found = fits(settings, max(months.values()))
    best = cheapest(found)
    both_known = best is not None and best.cost.complete and set_up.cost().complete
    bought = package(settings.package)
    language = visit.language
    return visit.page(
        "subscription/subscription.html",
        set_up=set_up,
        package=settings.package,
        cost=set_up.cost(),
        lines=[(line.text.in_(language), line) for line in set_up.cost().lines],
        usage=used,
        months=months,
        features=[FEATURE_WORDS[each].in_(language) for each in Feature if each in bought.features],
        fits=[(each, [text.in_(language) for text in each.lacks]) for each in found],
        best=best,
        best_is_ours=best is not None and best.package.name == settings.package,
        saved_kr=set_up.cost().total_kr - best.cost.total_kr if best is not None and both_known else None,
        begun=settings.contract_start,
        shop_kr=SHOP_PRICE_KR,
        reconciliation_kr=RECONCILIATION_PRICE_KR,
        contract_months=CONTRACT_MONTHS,
        notice_months=NOTICE_MONTHS,
    )


def months_of(used: Usage, now: datetime) -> dict[str, int]:
    """Orders that each month needed room for, the newest first: this one with those that the limit holds, and up to
    three before it, none from before the first order."""
    local = now.astimezone(STOCKHOLM)
    year, month = local.year, local.month
    names = [used.month]
    for _ in range(MONTHS_BACK):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        names.append(f"{year:04}-{month:02}")
    first = min(used.months, default=used.month)
    found = {name: used.months.get(name, 0) for name in names if name >= first}
    return {**found, used.month: used.used + used.held_at_limit}


ROUTES = (get("/subscription", show),)
MENU = (MenuEntry(75, "/subscription", "subscription.title"),)
