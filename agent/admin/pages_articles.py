"""Articles: found by any words of theirs, filtered by how they stand; and one with both sides, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import apsw
import msgspec
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.pages_shops import prices_text
from agent.admin.pages_stock import sum_row
from agent.admin.visit import Visit
from agent.flows import DirectionName
from agent.journal import article_links, article_pages, guards, items, records
from agent.journal.article_pages import Page
from agent.journal.records import Wish
from agent.journal.reports_goods import ArticleReport, article
from agent.journal.tasks import SaidRow, Task
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.said import GoodsReason
from agent.settings.given import OF_REGISTER, given
from agent.settings.tree import ShopSettings
from agent.shown import articles as shown
from agent.shown.articles import FieldRow, SeenItem
from agent.shown.names import explained
from agent.shown.on_page import remedy
from agent.shown.stock import ShopSum, shop_sum, stocking, sum_lines

SHOWN = 50
"""Articles on a page."""

LONGEST = 100
"""Characters that are searched for."""

WISHES = {
    "retry": "retry_article",
    "release": "release_article",
    "look": "look_product",
    "keep": "keep_article",
    "inactivate": "inactivate_article",
}
"""What may be asked for of an article in a shop, by the last part of the address."""


class Side(Frozen, frozen=True):
    """A shop's side of an article as it is shown. `parent_id` is 0 but for a variation. `gone` is true for a product of
    a governing shop that has left it."""

    key: str
    name: str
    product_id: int
    parent_id: int
    made: bool | None
    linked_ms: int | None
    rows: tuple[FieldRow, ...]
    seen: SeenItem | None
    gone: bool
    prices: tuple[str, ...]
    directions: tuple[str, ...]


# -- the list ---------------------------------------------------------------------------------------------------------


async def show(visit: Visit) -> Response:
    sought = visit.query("q").strip()[:LONGEST]
    chosen = {name: visit.query(name) for name in ("state", "code", "shop")}
    found = visit.view(lambda tx: _page(tx, visit, sought, chosen))
    filters = {name: value for name, value in {"q": sought, **chosen}.items() if value}
    after = "" if found.after is None else f"{found.after[1]}.{found.after[0]}"
    return visit.page(
        "articles/articles.html",
        lines=found.found,
        sought=sought,
        filters=chosen,
        shops=[shop.key for shop in visit.admin.settings().shop],
        codes=[each.value for each in GoodsReason],
        first="/articles" + (f"?{urlencode(filters)}" if filters else ""),
        more=f"/articles?{urlencode({**filters, 'after': after})}" if after else "",
        is_first=not visit.query("after"),
    )


def _page(tx: apsw.Connection, visit: Visit, sought: str, chosen: dict[str, str]) -> Page:
    """What is asked for and does not exist is not asked for."""
    shop = chosen["shop"] if chosen["shop"] in {each.key for each in visit.admin.settings().shop} else ""
    about = [(key, name) for key, name in _given(visit) if shop in ("", key)]
    pk_text, _, number = visit.query("after").partition(".")
    pk = int(pk_text) if pk_text.isascii() and pk_text.isdigit() and len(pk_text) < 18 else -1
    if sought:
        return article_pages.search(tx, sought, _given(visit), pk, SHOWN)
    code = chosen["code"] if chosen["code"] in tuple(GoodsReason) else ""
    if chosen["state"] == "held" or code:
        return article_pages.held(tx, about, code, (number, pk), SHOWN)
    unlinked = ShopKey(shop or next((key for key, _ in about), "")) if chosen["state"] == "unlinked" else None
    return article_pages.page(tx, _given(visit), (number, pk), SHOWN, unlinked)


def _given(visit: Visit) -> list[tuple[ShopKey, DirectionName]]:
    """The directions that look at articles, of all shops."""
    settings = visit.admin.settings()
    return [
        (ShopKey(shop.key), name) for shop in settings.shop for name in given(settings, shop) if name in OF_REGISTER
    ]


# -- one article ------------------------------------------------------------------------------------------------------


async def show_one(visit: Visit) -> Response:
    pk, settings = visit.number("pk"), visit.admin.settings()
    report = visit.view(lambda tx: article(tx, pk, all_of=_given(visit)))
    if report is None:
        return visit.problem(404, "articles.unknown")
    sides = visit.view(lambda tx: [_side(tx, visit, shop, report) for shop in settings.shop])
    sums = visit.view(lambda tx: [shop_sum(tx, settings, shop, pk) for shop in stocking(settings)])
    keys = [ShopKey(shop.key) for shop in settings.shop]
    wishes = visit.view(lambda tx: [wish for key in keys for wish in _wishes(tx, key, report)])
    more = visit.view(lambda tx: [row for key in keys for row in _said_of(tx, key, report)])
    said = [*report.said, *more]
    return visit.page(
        "articles/article.html",
        report=report,
        card=report.card,
        path=f"/articles/{pk}",
        sides=sides,
        tasks=[_task(visit, task) for task in report.tasks],
        told=[(row, _params(row.params)) for row in sorted(said, key=lambda row: -row.at_ms)],
        decided=visit.view(lambda tx: guards.decided_of(tx, pk)),
        sums=[(_name(visit, each.shop), each, _rows(visit, each)) for each in sums],
        wishes=wishes,
        name_of={shop.key: shop.name or shop.key for shop in settings.shop},
    )


def _side(tx: apsw.Connection, visit: Visit, shop: ShopSettings, report: ArticleReport) -> Side:
    key = ShopKey(shop.key)
    product_id, parent_id, link = shown.product_of(tx, key, report)
    seen = shown.seen_item(tx, key, product_id) if product_id else None
    bond = None
    if link is None and product_id:
        bond = next(
            (each for each in article_links.bonds(tx, (report.card.pk,))[report.card.pk] if each.shop == key), None
        )
    names = given(visit.admin.settings(), shop)
    return Side(
        key=shop.key,
        name=_name(visit, shop.key),
        product_id=product_id,
        parent_id=parent_id,
        made=None if link is None else link.made,
        linked_ms=link.linked_ms if link is not None else None if bond is None else bond.linked_ms,
        rows=tuple(shown.rows(report, shop, link, seen, visit.language)) if product_id else (),
        seen=seen,
        gone=bond is not None and bond.gone,
        prices=tuple(prices_text(visit, shop)) if DirectionName.PRICES_TO_SHOP in names else (),
        directions=tuple(name.value for name in names if name in OF_REGISTER),
    )


def _said_of(tx: apsw.Connection, shop: ShopKey, report: ArticleReport) -> Sequence[SaidRow]:
    """What was done with the product of a governing shop, which stands under the product's own number."""
    product_id, _, link = shown.product_of(tx, shop, report)
    if not product_id or link is not None:
        return ()
    about = [(shop, DirectionName.PRODUCTS_TO_MAMUT)]
    return article_pages.said_of(tx, items.key_of(product_id), about)


def _wishes(tx: apsw.Connection, shop: ShopKey, report: ArticleReport) -> list[Wish]:
    """What people have asked for of this article and the agent has not answered."""
    product_id, _, _ = shown.product_of(tx, shop, report)
    return [
        wish
        for wish in records.open_wishes(tx, shop)
        if wish.kind in WISHES.values()
        and (wish.arg("pk") == str(report.card.pk) or (product_id and wish.arg("product_id") == str(product_id)))
    ]


def _task(visit: Visit, task: Task) -> tuple[Task, dict[str, str], str]:
    """With the params of its code, and what helps."""
    params = _params(task.params)
    text = explained(task.code, visit.language, params) if task.code else None
    return task, params, "" if text is None else remedy(text.remedy, visit.language)


def _params(text: str) -> dict[str, str]:
    return msgspec.json.decode(text, type=dict[str, str])


def _name(visit: Visit, key: str) -> str:
    return next((shop.name or shop.key for shop in visit.admin.settings().shop if shop.key == key), key)


def _rows(visit: Visit, each: ShopSum) -> list[tuple[str, str | None, bool]]:
    return [sum_row(visit, line) for line in sum_lines(each, visit.language)]


# -- acts -------------------------------------------------------------------------------------------------------------


async def act(visit: Visit) -> Response:
    """Leaves a wish about the article in one shop."""
    kind, pk = WISHES.get(visit.path("what")), visit.number("pk")
    shop = next((each for each in visit.admin.settings().shop if each.key == visit.path("shop")), None)
    report = visit.view(lambda tx: article(tx, pk, all_of=_given(visit)))
    if kind is None or shop is None or report is None:
        return visit.problem(404, "articles.unknown")
    key = ShopKey(shop.key)
    product_id, parent_id, _ = visit.view(lambda tx: shown.product_of(tx, key, report))
    args = {"pk": str(pk)}
    if kind in ("look_product", "keep_article", "inactivate_article"):
        if not product_id:
            return visit.problem(422, "articles.not_there")
        args = {"product_id": str(product_id), "parent_id": str(parent_id)}
    if any(wish.kind == kind for wish in visit.view(lambda tx: _wishes(tx, key, report))):
        return visit.problem(422, "shops.asked_already")
    await visit.wish(kind, shop.key, args=args, subject=report.card.product_no)
    return visit.back(f"/articles/{pk}", "asked")


ROUTES = (
    get("/articles", show),
    get("/articles/{pk:int}", show_one),
    post("/articles/{pk:int}/{shop}/{what}", act),
)
MENU = (MenuEntry(38, "/articles", "articles.title"),)
