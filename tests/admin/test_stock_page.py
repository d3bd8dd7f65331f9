"""The page of stock: an article found by its number, both sides, and the same sum as the command line shows."""

from __future__ import annotations

import re

import msgspec

from agent.journal import comparing
from agent.journal.users import Role
from agent.model.goods import ArticleCard
from agent.settings.tree_goods import StockSettings
from tests.admin.admin_side import SETTINGS, AdminSide, HandClock
from tests.cli.test_stock import CARD, NOW_MS, counted

PROFILE = StockSettings(warehouses=(1,), buffer=4, cap=100)
BOTH = msgspec.structs.replace(
    SETTINGS,
    shop=tuple(msgspec.structs.replace(shop, flow=2, stock=PROFILE) for shop in SETTINGS.shop),
)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_an_article_is_shown_on_both_sides_with_the_sum_of_each_shop(
    side: AdminSide, hand_clock: HandClock
) -> None:
    await side.journal.run(counted)
    async with AdminSide(side.journal, hand_clock, BOTH) as shops:
        browser = await shops.signed_in(Role.LOOK)
        text = plain((await browser.get("/stock?q=G-7")).text)
        assert text == plain((await browser.get(f"/stock?q=pk:{CARD.pk}")).text).replace("pk:3", "G-7")
    for told in (
        "G-7 · Garn blått",
        "Finns 20 Reserverat 3 Tillgängligt 17",
        "I Garnboden Produkt 70 SKU G-7 Saldo 7",
        "lager 1: 20 finns − 3 reserverat 17",
        "lager 2: 5 finns − 0 reserverat (räknas inte) –",
        "Kvar att sälja 14 Buffert −4 Tak 100 Ska visas 10",
        "Butiken visar, så vitt vi vet 7",
    ):
        assert told in text, (told, text)


async def test_a_number_that_several_have_is_asked_about_and_one_that_none_has_is_said(side: AdminSide) -> None:
    cards = [ArticleCard(pk=pk, product_no="TVÅ", description=f"nummer {pk}", group=2) for pk in (5, 6)]
    await side.journal.run(lambda tx: comparing.keep_articles(tx, comparing.differing_articles(tx, cards), NOW_MS))
    browser = await side.signed_in(Role.LOOK)
    page = (await browser.get("/stock?q=TV%C3%85")).text
    assert re.findall(r'href="(/stock\?q=pk:\d)"', page) == ["/stock?q=pk:5", "/stock?q=pk:6"]
    assert "nummer 6" in (await browser.get("/stock?q=pk:6")).text
    page = (await browser.get("/stock?q=%3Cb%3E" + "9" * 300)).text
    assert "Ingen artikel &lt;b&gt;999" in page
    for odd in ("pk:x", "pk:" + "9" * 40, "%00", "'"):
        assert (await browser.get(f"/stock?q={odd}")).status_code == 200
