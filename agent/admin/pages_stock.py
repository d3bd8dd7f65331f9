"""One article's stock and price on both sides, and how each shop's figure comes about."""

from __future__ import annotations

import apsw
from starlette.responses import Response

from agent.admin.door import get
from agent.admin.house import MenuEntry
from agent.admin.visit import Visit
from agent.journal.reports_goods import PK_PREFIX, ArticleReport, LinkReport, article, find
from agent.shown.stock import Figure, ShopSum, believed_text, figure, shop_sum, stocking, sum_lines

LONGEST = 80
"""Characters of an article number that is searched for."""

MOST = 20
"""So many articles of one number are offered."""


async def show(visit: Visit) -> Response:
    asked = visit.query("q").strip()[:LONGEST]
    found = visit.view(lambda tx: _found(tx, asked)) if asked else []
    if len(found) != 1:
        return visit.page("stock/stock.html", asked=asked, several=found, prefix=PK_PREFIX, report=None)
    report = found[0]
    settings = visit.admin.settings()
    sums = visit.view(lambda tx: [shop_sum(tx, settings, shop, report.card.pk) for shop in stocking(settings)])
    names = {shop.key: shop.name or shop.key for shop in settings.shop}
    return visit.page(
        "stock/stock.html",
        asked=asked,
        several=[],
        report=report,
        levels=_levels(visit, report),
        price=None if report.price is None else figure(report.price.price_out, visit.language),
        shops=[(names.get(link.shop, link.shop), *_shop(visit, link)) for link in report.links],
        sums=[(names[each.shop], each, _rows(visit, each)) for each in sums],
    )


def _found(tx: apsw.Connection, asked: str) -> list[ArticleReport]:
    reports = (article(tx, pk) for pk in find(tx, asked)[:MOST])
    return [report for report in reports if report is not None]


def _levels(visit: Visit, report: ArticleReport) -> list[tuple[int, list[str]]]:
    """Of each warehouse: on hand, reserved, available, on purchase."""
    levels = () if report.stock is None else report.stock.levels
    return [
        (
            level.warehouse,
            [
                figure(value, visit.language)
                for value in (level.on_hand, level.reserved, level.on_hand - level.reserved, level.on_purchase)
            ],
        )
        for level in levels
    ]


def _shop(visit: Visit, link: LinkReport) -> tuple[LinkReport, str, str, str]:
    """The link with what the shop is believed to show: stock, price and sale price."""
    price = link.price
    regular = "" if price is None or price.regular is None else figure(price.regular, visit.language)
    sale = "" if price is None or price.sale is None else figure(price.sale, visit.language)
    return link, believed_text(link.stock, visit.language), regular, sale


def _rows(visit: Visit, each: ShopSum) -> list[tuple[str, str | None, bool]]:
    """Text, figure, and whether a part of the sum begins; a sentence has no figure."""
    return [sum_row(visit, line) for line in sum_lines(each, visit.language)]


def sum_row(visit: Visit, line: Figure | str) -> tuple[str, str | None, bool]:
    """Text, figure, and whether a part of the sum begins."""
    if isinstance(line, str):
        return line, None, False
    return line.text, "–" if line.value is None else figure(line.value, visit.language), line.ruled


ROUTES = (get("/stock", show),)
MENU = (MenuEntry(40, "/stock", "stock.title"),)
