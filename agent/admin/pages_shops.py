"""The shops: what each is set up as, what it has told of itself, whether it is frozen and may be accepted, its
directions, its webhooks, and an examination on demand."""

from __future__ import annotations

from collections.abc import Mapping

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.pages_schedule import lines_of
from agent.admin.visit import Visit
from agent.doctor import kept
from agent.doctor.result import Result, Verdict
from agent.doctor.shown import result_json
from agent.flows import NUMBERS, flow
from agent.journal import records, shop_facts, webhooks
from agent.journal.records import ShopRow
from agent.journal.shop_facts import ShopFacts
from agent.journal.users import Role
from agent.model.catalogue import explain
from agent.model.goods import ShopTerms
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.packages import SHOP_PRICE_KR
from agent.settings.check_package import connected
from agent.settings.given import given
from agent.settings.subscription import set_up_of
from agent.settings.tree import Settings, ShopSettings
from agent.settings.tree_goods import PriceSource, StockSettings
from agent.shown.stock import figure
from agent.shown.webhooks import of_shop, status_name, tally_lines

WISHES = {
    "accept": "accept",
    "examine": "examine",
    "webhooks-install": "webhooks_install",
    "webhooks-remove": "webhooks_remove",
    "webhooks-look": "webhooks_look",
}
"""What may be asked for of a shop, by the last part of the address."""

OF_EVERY_SHOP = (
    "oembed/",
    "wp/",
    "wp-abilities/",
    "wp-block-editor/",
    "wp-site-health/",
    "wc/",
    "wc-admin",
    "wc-analytics",
    "wc-telemetry",
    "wccom-site/",
)
"""How the REST namespaces begin that WordPress and WooCommerce have by themselves."""

MOODS = {Verdict.GOOD: "good", Verdict.WARNING: "warn", Verdict.ERROR: "bad", Verdict.NOT_TESTED: ""}

FRESH_MS = 5_000
"""For so long after the last wish the page looks again by itself."""


class Line(Frozen, frozen=True):
    """One shop in the list."""

    settings: ShopSettings
    address: str
    facts: ShopFacts
    row: ShopRow
    mood: str
    state: str
    orders: int
    cost_kr: int | None


async def show(visit: Visit) -> Response:
    settings = visit.admin.settings()
    lines = [_line(visit, settings, shop) for shop in settings.shop]
    set_up = set_up_of(settings)
    return visit.page(
        "shops/shops.html",
        lines=[(line, flow_name(visit, line.settings)) for line in lines],
        package=settings.package,
        cost=None if set_up is None else set_up.cost(),
    )


def _line(visit: Visit, settings: Settings, shop: ShopSettings) -> Line:
    key = ShopKey(shop.key)
    row = visit.view(lambda tx: records.shop(tx, key))
    mood, state = _state(shop, row)
    return Line(
        settings=shop,
        address=row.url or shop.address,
        facts=visit.view(lambda tx: shop_facts.of(tx, key)),
        row=row,
        mood=mood,
        state=state,
        orders=visit.view(lambda tx: _orders(tx, key)),
        cost_kr=_cost_kr(settings, shop),
    )


def _orders(tx: apsw.Connection, key: ShopKey) -> int:
    row = tx.execute("SELECT count(*) FROM orders WHERE shop = ?", (key,)).fetchone()
    return int(row[0]) if row else 0


def _state(shop: ShopSettings, row: ShopRow) -> tuple[str, str]:
    """How it is: a mood, and a key of the words."""
    if row.frozen_fault:
        return "bad", "frozen"
    if not shop.enabled:
        return "", "off"
    return ("good", "read") if row.url else ("busy", "unread")


def _cost_kr(settings: Settings, shop: ShopSettings) -> int | None:
    """What this shop adds a month: nothing for the first, which the package is for; None for one that is off."""
    joined = [each.key for each in connected(settings)]
    if shop.key not in joined:
        return None
    return SHOP_PRICE_KR if joined.index(shop.key) else 0


def flow_name(visit: Visit, shop: ShopSettings) -> str:
    return flow(shop.flow).text.in_(visit.language) if shop.flow in NUMBERS else str(shop.flow)


# -- one shop ---------------------------------------------------------------------------------------------------------


async def show_one(visit: Visit) -> Response:
    settings = visit.admin.settings()
    shop = _shop(visit)
    if shop is None:
        return visit.problem(404, "shops.unknown")
    key = ShopKey(shop.key)
    line = _line(visit, settings, shop)
    wishes = visit.view(lambda tx: [wish for wish in records.open_wishes(tx, key) if wish.kind in WISHES.values()])
    examined = visit.view(lambda tx: kept.last(tx, key))
    answered = visit.view(lambda tx: _last_answers(tx, key))
    running = examined is not None and examined.ended_ms is None
    fresh = any(visit.now_ms - done_ms < FRESH_MS for _, _, done_ms in answered)
    tally, mended = visit.view(lambda tx: of_shop(tx, key))
    name = shop.name or shop.key
    return visit.page(
        "shops/shop.html",
        line=line,
        name=name,
        flow=flow_name(visit, shop),
        frozen=_frozen(visit, line.row),
        wishes=wishes,
        answers=[(kind, result) for kind, result, _ in answered if result != "done"],
        live=bool(wishes) or running or fresh,
        lines=[line for line in visit.view(lambda tx: lines_of(tx, visit.admin)) if line.times.row.shop == shop.key],
        key=shop.key,
        terms=line.facts.terms,
        plugins=_plugins(line.facts.terms),
        rates=_rates(visit, line.facts.terms),
        prices=prices_text(visit, shop) if any("prices" in each for each in given(settings, shop)) else None,
        stock=_stock(visit, shop.stock) if any("stock" in each for each in given(settings, shop)) else None,
        hooks=[
            (row, status_name(row.status, visit.language)) for row in visit.view(lambda tx: webhooks.states(tx, key))
        ],
        tally=tally_lines(tally, mended, visit.language) if shop.webhooks.enabled else [],
        examined=examined,
        results=[] if examined is None else [_result(visit, each) for each in examined.results],
        done=0 if examined is None else len(examined.results),
    )


def _shop(visit: Visit) -> ShopSettings | None:
    key = visit.path("shop")
    return next((each for each in visit.admin.settings().shop if each.key == key), None)


def _frozen(visit: Visit, row: ShopRow) -> Mapping[str, str] | None:
    """What has happened to a frozen shop, and what helps."""
    if not row.frozen_fault:
        return None
    params = {"shop": row.shop, "address": row.url, "problem": row.frozen_detail}
    told = explain(Fault(row.frozen_fault), visit.language, params)
    means = "restored" if row.frozen_fault == Fault.SHOP_RESTORED.value else "another"
    return {
        "code": told.code,
        "title": told.title,
        "cause": told.cause,
        "remedy": told.remedy,
        "detail": row.frozen_detail,
        "means": visit.text(f"shops.frozen_{means}"),
    }


def _last_answers(tx: apsw.Connection, key: ShopKey) -> list[tuple[str, str, int]]:
    """The newest answer of each kind of wish: kind, answer and when (ours)."""
    rows = tx.execute(
        "SELECT kind, result, done_ms FROM wishes WHERE shop = ? AND done_ms IS NOT NULL"
        " ORDER BY wish_id DESC LIMIT 50",
        (key,),
    )
    found: dict[str, tuple[str, str, int]] = {}
    for kind, result, done_ms in rows:
        if kind in WISHES.values():
            found.setdefault(str(kind), (str(kind), str(result), int(done_ms)))
    return list(found.values())


def _rates(visit: Visit, terms: ShopTerms | None) -> str:
    rates = () if terms is None else sorted({percent for _, percent in terms.tax_rates}, reverse=True)
    return ", ".join(f"{figure(percent, visit.language)} %" for percent in rates)


def _plugins(terms: ShopTerms | None) -> list[str]:
    """What shows of plugins, without what every WooCommerce has."""
    return [] if terms is None else [name for name in terms.plugins if not name.startswith(OF_EVERY_SHOP)]


def prices_text(visit: Visit, shop: ShopSettings) -> list[str]:
    """Where the shop's prices come from."""
    settings = shop.prices
    told = [visit.text("shops.price_regular", source=_source(visit, settings.regular))]
    if settings.sale is not None:
        told.append(visit.text("shops.price_sale", source=_source(visit, settings.sale)))
    told += [visit.text("shops.price_list", category=each.category, meta=each.meta) for each in settings.lists]
    return told


def _source(visit: Visit, source: PriceSource) -> str:
    name = visit.text("shops.base_price")
    if source.category is not None:
        name = visit.text("shops.category_price", category=source.category)
    return name if source.factor == 1 else f"{name} × {figure(source.factor, visit.language)}"


def _stock(visit: Visit, profile: StockSettings) -> list[str]:
    """The stock profile in words."""
    names = ", ".join(map(str, profile.warehouses)) or visit.text("shops.all_warehouses")
    told = [visit.text("shops.warehouses", names=names), visit.text(f"shops.basis_{profile.basis.value}")]
    if profile.buffer or profile.buffer_percent:
        parts = [str(profile.buffer)] if profile.buffer else []
        parts += [f"{figure(profile.buffer_percent, visit.language)} %"] if profile.buffer_percent else []
        told.append(visit.text("shops.buffer", buffer=" / ".join(parts)))
    if profile.share_percent != 100:
        told.append(visit.text("shops.share", share=figure(profile.share_percent, visit.language)))
    if profile.cap:
        told.append(visit.text("shops.cap", cap=profile.cap))
    told.append(visit.text(f"shops.zero_{profile.at_zero.value}"))
    return told


def _result(visit: Visit, result: Result) -> tuple[str, dict[str, object]]:
    return MOODS[result.verdict], result_json(result, visit.language)


# -- acts -------------------------------------------------------------------------------------------------------------


async def act(visit: Visit) -> Response:
    """Leaves one of the wishes about a shop, once until it is answered."""
    shop, kind = _shop(visit), WISHES.get(visit.path("what"))
    if shop is None or kind is None:
        return visit.problem(404, "shops.unknown")
    if problem := _why_not(visit, shop, kind):
        return visit.problem(422, problem)
    await visit.wish(kind, shop.key, before=_before(visit, shop, kind))
    return visit.back(f"/shops/{shop.key}", "asked")


def _why_not(visit: Visit, shop: ShopSettings, kind: str) -> str:
    """A key of the words; empty when it may be asked for."""
    key = ShopKey(shop.key)
    if not shop.enabled:
        return "shops.is_off"
    if kind == "accept" and not visit.view(lambda tx: records.shop(tx, key)).frozen_fault:
        return "shops.not_frozen"
    if kind.startswith("webhooks") and not shop.webhooks.enabled:
        return "shops.webhooks_off"
    waiting = visit.view(lambda tx: {wish.kind for wish in records.open_wishes(tx, key)})
    return "shops.asked_already" if kind in waiting else ""


def _before(visit: Visit, shop: ShopSettings, kind: str) -> dict[str, object] | None:
    """What a person has accepted is kept with the act."""
    if kind != "accept":
        return None
    row = visit.view(lambda tx: records.shop(tx, ShopKey(shop.key)))
    return {"fault": row.frozen_fault, "what_changed": row.frozen_detail}


ROUTES = (
    get("/shops", show),
    get("/shops/{shop}", show_one),
    post("/shops/{shop}/{what}", act, Role.OPERATE),
)
MENU = (MenuEntry(50, "/shops", "shops.title"),)
