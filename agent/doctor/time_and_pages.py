"""What a reader of a shop relies on: its clock, its time zone, its selections by time, and lists in pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.doctor.result import Finding, Result, Test, found, good, not_tested
from agent.model.clock import STOCKHOLM, Clock
from agent.model.goods import ShopTerms
from agent.model.reasons import Fault
from agent.model.words import words
from agent.remote.ports import Listing, ListQuery, ShopIdentity
from agent.remote.woocommerce.client import WooCommerce

SKEW_MAX_S = 300
"""A shop refuses signatures that are off by more than fifteen minutes (auth[38])."""

SLOW_S = 10.0
"""A page of 100 ids takes 0.15 s in the recorded shop."""

PAGE = 10
PAGES = 3


def clock(shop: str, identity: ShopIdentity, terms: ShopTerms) -> Result:
    seconds = round(identity.clock_skew_s)
    zone = terms.time_zone
    said = words(f"Skillnad {seconds} s, tidszon {zone}.", f"Difference {seconds} s, time zone {zone}.")
    findings = []
    if abs(seconds) > SKEW_MAX_S:
        params = {"shop": shop, "seconds": str(seconds)}
        findings.append(Finding(fault=Fault.SHOP_CLOCK_WRONG, params=params))
    if "time_zone" not in terms.unread and not _is_place(zone):
        findings.append(Finding(fault=Fault.SHOP_TIME_ZONE, params={"shop": shop, "value": zone}))
    if findings:
        return found(Test.SHOP_CLOCK, said, *findings, shop=shop, warning=True)
    return good(Test.SHOP_CLOCK, said, shop)


async def dates(shop: str, port: WooCommerce, terms: ShopTerms) -> Result:
    """One order is asked for by a time between its own in UTC and in the shop's zone: only where one of the two is
    taken for the other does the answer differ."""
    listing = await port.list_orders(ListQuery(limit=1))
    if not listing.sights:
        return not_tested(Test.SHOP_DATES, words("Butiken har inga order än.", "The shop has no orders yet."), shop)
    sight = listing.sights[0]
    never = sight.modified_at + timedelta(days=366)
    if (await port.list_orders(ListQuery(modified_after=never, order_ids=(sight.order_id,), limit=1))).sights:
        said = words("Butiken bryr sig inte om urvalet.", "The shop ignores the selection.")
        return found(Test.SHOP_DATES, said, Finding(fault=Fault.SHOP_FILTER_BROKEN, params={"shop": shop}), shop=shop)
    offset = _offset(terms.time_zone, sight.modified_at)
    if not offset:
        said = words("Butiken räknar i UTC: inget att ta fel på.", "The shop counts in UTC: nothing to be mistaken.")
        return good(Test.SHOP_DATES, said, shop)
    between = sight.modified_at + offset / 2
    query = ListQuery(modified_after=between, order_ids=(sight.order_id,), limit=1)
    shown = bool((await port.list_orders(query)).sights)
    expected = sight.modified_at > between
    if shown != expected:
        said = words("Urvalet gav fel svar.", "The selection gave a wrong answer.")
        return found(Test.SHOP_DATES, said, Finding(fault=Fault.SHOP_DATES_NOT_GMT, params={"shop": shop}), shop=shop)
    return good(Test.SHOP_DATES, words("dates_are_gmt följs.", "dates_are_gmt is kept to."), shop)


async def paging(shop: str, port: WooCommerce, now: Clock) -> Result:
    """Small pages behind each other, by ascending id as the agent reads; then one of 100 for the time it takes."""
    pages = [await port.list_orders(ListQuery(offset=page * PAGE, limit=PAGE)) for page in range(PAGES)]
    began = now()
    whole = await port.list_orders(ListQuery(limit=100))
    took_s = (now() - began).total_seconds()
    problem = _broken(pages, whole)
    total = "?" if whole.total is None else str(whole.total)
    said = words(f"{total} order; 100 rader på {took_s:.1f} s.", f"{total} orders; 100 rows in {took_s:.1f} s.")
    if problem:
        params = {"shop": shop, "problem": problem}
        return found(Test.SHOP_PAGING, said, Finding(fault=Fault.SHOP_PAGING_BROKEN, params=params), shop=shop)
    if took_s > SLOW_S:
        params = {"seconds": f"{took_s:.0f}"}
        return found(Test.SHOP_PAGING, said, Finding(fault=Fault.SHOP_SLOW, params=params), shop=shop, warning=True)
    return good(Test.SHOP_PAGING, said, shop)


def _broken(pages: list[Listing], whole: Listing) -> str:
    ids = [sight.order_id for page in pages for sight in page.sights]
    if len(set(ids)) < len(ids):
        return "overlap"
    if ids != sorted(ids):
        return "order of ids"
    unreadable = sum(len(page.unreadable) for page in (*pages, whole))
    if not unreadable and ids != [sight.order_id for sight in whole.sights][: len(ids)]:
        return "rows missing"
    if whole.total is not None and whole.total < whole.rows:
        return f"X-WP-Total {whole.total} < {whole.rows}"
    return ""


def _is_place(zone: str) -> bool:
    """Whether the zone keeps summer time as Sweden does: places do, offsets never."""
    try:
        named = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return all(
        datetime(2026, month, 15, 12, tzinfo=named).utcoffset()
        == datetime(2026, month, 15, 12, tzinfo=STOCKHOLM).utcoffset()
        for month in (1, 7)
    )


def _offset(zone: str, at: datetime) -> timedelta:
    try:
        return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    except (ZoneInfoNotFoundError, ValueError):
        pass
    try:
        return datetime.fromisoformat(f"2026-01-01T00:00:00{zone}").utcoffset() or timedelta()
    except ValueError:
        return timedelta()
