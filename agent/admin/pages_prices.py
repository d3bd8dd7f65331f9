"""Prices that were stopped before they were written: to let through or to refuse, and what was decided before."""

from __future__ import annotations

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.visit import Visit
from agent.journal import guards, records
from agent.journal.guards import Decided
from agent.journal.records import Wish
from agent.journal.reports_goods import GuardRow, stopped_page
from agent.model.ids import ShopKey
from agent.settings.given import given
from agent.shown.prices import decision_name, kind_name, percent, shown

SHOWN = 50
"""Stopped prices, and decisions, on a page."""

WISHES = {"release": "release_prices", "dismiss": "dismiss_prices"}
"""What may be asked for, by the last part of the address."""


async def show(visit: Visit) -> Response:
    settings = visit.admin.settings()
    names = {shop.key: shop.name or shop.key for shop in settings.shop}
    limits = {shop.key: shop.prices.guards for shop in settings.shop}
    after = _place(visit.query("after"))
    found = visit.view(lambda tx: stopped_page(tx, SHOWN + 1, after))
    waiting = visit.view(lambda tx: _waiting(tx, list(names)))
    shops = visit.view(guards.standing)
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    return visit.page(
        "prices/prices.html",
        rows=[_row(visit, row, waiting) for row in found[:SHOWN]],
        shops=[(key, names.get(key, key), count) for key, count in shops.items()],
        waiting=waiting,
        names=names,
        limits=[(names[key], each) for key, each in limits.items() if _is_given(visit, key)],
        seen_ms=visit.now_ms,
        more="" if last is None else f"/prices?after={last.shop}.{last.pk}.{last.kind}",
        first=after is None,
        live=bool(waiting),
    )


def _is_given(visit: Visit, key: str) -> bool:
    settings = visit.admin.settings()
    shop = next(each for each in settings.shop if each.key == key)
    return any("prices" in name for name in given(settings, shop))


def _waiting(tx: apsw.Connection, keys: list[str]) -> list[Wish]:
    """What people have asked for about prices and the agent has not answered."""
    return [wish for key in keys for wish in records.open_wishes(tx, ShopKey(key)) if wish.kind in WISHES.values()]


def _row(visit: Visit, row: GuardRow, waiting: list[Wish]) -> tuple[GuardRow, str, str, int | None, str, bool]:
    """With what the shop has, what it was to get, by how many percent, why, and whether somebody has decided."""
    asked = any(wish.shop == row.shop and wish.arg("pk") in ("", str(row.pk)) for wish in waiting)
    return (
        row,
        shown(row.old, visit.language),
        shown(row.new, visit.language),
        percent(row.old, row.new),
        kind_name(row.kind, visit.language),
        asked,
    )


def _place(text: str) -> tuple[str, int, str] | None:
    """After which row the page begins; shops' keys have no full stops."""
    shop, _, rest = text.partition(".")
    pk, _, kind = rest.partition(".")
    fits = shop and pk.isascii() and pk.isdigit() and len(pk) < 18
    return (shop, int(pk), kind) if fits else None


async def history(visit: Visit) -> Response:
    before = visit.query("before")
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    found = visit.view(lambda tx: guards.decided(tx, SHOWN, *([] if place is None else [place])))
    return visit.page(
        "prices/history.html",
        rows=[_decided(visit, row) for row in found],
        older=str(found[-1].place) if len(found) == SHOWN else "",
        newest=place is None,
    )


def _decided(visit: Visit, row: Decided) -> tuple[Decided, str, str, str, str]:
    language = visit.language
    return (
        row,
        shown(row.old, language),
        shown(row.new, language),
        kind_name(row.kind, language),
        decision_name(row.decision, language),
    )


async def decide(visit: Visit) -> Response:
    """Leaves the wish about one article or about all of a shop: of what had been stopped when the page was made, for
    what came since nobody has seen."""
    kind, key, pk = WISHES.get(visit.path("what")), visit.path("shop"), visit.form.get("pk")
    seen = visit.form.get("seen_ms")
    if kind is None or key not in {shop.key for shop in visit.admin.settings().shop}:
        return visit.problem(404, "prices.unknown")
    if not all(each.isascii() and each.isdigit() and len(each) < 18 for each in (seen, pk or "0")):
        return visit.problem(422, "prices.unknown")
    stands = visit.view(lambda tx: guards.stands(tx, ShopKey(key), int(pk) if pk else None, int(seen)))
    if not stands:
        return visit.problem(422, "prices.nothing")
    about: dict[str, object] = {"old": stands[0].old, "new": stands[0].new} if pk else {"prices": len(stands)}
    await visit.wish(kind, key, args={"pk": pk, "seen_ms": seen}, subject=_subject(visit, pk), before=about)
    return visit.back("/prices", "asked")


def _subject(visit: Visit, pk: str) -> str:
    if not pk:
        return ""
    row = visit.view(lambda tx: tx.execute("SELECT product_no FROM articles WHERE pk = ?", (int(pk),)).fetchone())
    return str(row[0]) if row else f"pk:{pk}"


ROUTES = (
    get("/prices", show),
    get("/prices/history", history),
    post("/prices/{shop}/{what}", decide),
)
MENU = (MenuEntry(42, "/prices", "prices.title"),)
