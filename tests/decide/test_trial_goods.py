"""What rules would change in articles, their prices and their stock, shown without changing anything."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from agent.decide.goods_rules import GoodsRules
from agent.decide.prices import PriceGround
from agent.decide.products import Family, ProductGround
from agent.decide.stock import StockFacts
from agent.decide.trial import Trial
from agent.decide.trial_goods import ABOUT, ArticleTrial, TriedArticle
from agent.model.goods import ArticleCard, PriceCard, StockCard, WarehouseLevel
from agent.model.said import GoodsReason, Said
from agent.rules.tree import ProcessingRule
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import PriceSettings, ProductSettings
from tests.decide.items import TERMS

PERCENTS = {3: Decimal(25)}
CARD = ArticleCard(pk=7, product_no="A-1", description="Kanna", vat_code=3, keeps_stock=True)
FOUND = TriedArticle(
    family=Family(card=CARD),
    price=PriceCard(product_no="A-1", price_out=Decimal(80)),
    facts=StockFacts(
        card=CARD,
        cards=(StockCard(product_no="A-1", levels=(WarehouseLevel(warehouse=1, on_hand=Decimal(9)),)),),
    ),
)


def tried(*rules: ProcessingRule) -> Trial:
    shop = ShopSettings(key="butik", address="https://butik.example", processing=rules)
    plain = msgspec.structs.replace(shop, processing=())
    trial = ArticleTrial(
        shop,
        ProductGround(settings=ProductSettings(), terms=TERMS, percents=PERCENTS),
        PriceGround(
            settings=PriceSettings(),
            terms=TERMS,
            currency="SEK",
            percents=PERCENTS,
            discounts=(),
            today=date(2026, 11, 2),
        ),
        GoodsRules(shop),
        GoodsRules(plain),
    )
    return trial.try_article(FOUND, ABOUT)


def rule(about: str, name: str, *changes: dict[str, object], side: str = "written") -> ProcessingRule:
    return msgspec.convert({"name": name, "object": about, "side": side, "do": changes}, ProcessingRule)


def test_a_change_of_each_kind_is_shown_before_and_after_by_its_rule() -> None:
    trial = tried(
        rule("product", "namn", {"do": "build", "field": "name", "value": "{name} (ny)"}),
        rule("price", "påslag", {"do": "add_amount", "field": "regular", "amount": 10}),
        rule("stock", "buffert", {"do": "add_amount", "field": "quantity", "amount": -2}),
    )
    shown = {(change.record, change.field): (change.before, change.after) for change in trial.changes}
    assert shown["product", "name"] == ("Kanna", "Kanna (ny)")
    assert shown["price", "regular"] == ("100.00", "110.00")
    assert shown["stock", "quantity"] == ("9", "7")
    assert (trial.order_id, trial.number, trial.by) == (7, "A-1", ("namn", "påslag", "buffert"))
    assert all(change.is_open for change in trial.changes)


def test_an_article_that_would_stop_says_why_and_by_what() -> None:
    trial = tried(rule("price", "för hand", {"do": "hold"}, side="read"))
    assert (trial.reason, trial.was, trial.by) == (GoodsReason.HELD_BY_RULE.value, "", ("för hand",))
    trial = tried(rule("product", "inte här", {"do": "ignore"}, side="read"))
    assert (trial.reason, trial.was) == (Said.IGNORED_BY_RULE.value, "")


def test_without_rules_nothing_would_change() -> None:
    assert tried() == Trial(order_id=7, number="A-1")
