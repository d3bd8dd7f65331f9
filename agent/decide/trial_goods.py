"""What rules, field mappings and plugins would change in articles that are there already, without changing anything.

What is compared is the product, the price and the stock as they would be written anew, with and without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from agent.decide.goods_rules import GoodsRules, priced, stocked, without_fields
from agent.decide.prices import PriceGround, PriceWanted
from agent.decide.products import Family, ProductGround, Write, wanted
from agent.decide.stock import StockFacts
from agent.decide.trial import Trial, TrialChange, differing
from agent.model.goods import PriceCard
from agent.model.order import Frozen
from agent.rules.tree import RuleObject
from agent.settings.tree import ShopSettings

ABOUT = frozenset({RuleObject.PRODUCT, RuleObject.PRICE, RuleObject.STOCK})


class TriedArticle(Frozen, frozen=True):
    """One article as the journal has it. What has not been read of it is not tried."""

    family: Family
    price: PriceCard | None = None
    facts: StockFacts | None = None


class Outcome(Frozen, frozen=True):
    """What would be written of one record, or the code with which it stops."""

    record: msgspec.Struct | None = None
    code: str = ""
    params: dict[str, str] = {}
    by: tuple[str, ...] = ()


class ArticleTrial:
    """One shop's. `rules` are what is tried, `plain` none at all; `categories` what the shop's categories are called,
    by id."""

    def __init__(
        self,
        shop: ShopSettings,
        ground: ProductGround,
        prices: PriceGround,
        rules: GoodsRules,
        plain: GoodsRules,
        categories: Mapping[int, str] = {},
    ) -> None:
        self._categories = {str(number): name for number, name in categories.items()}
        self._shop = shop
        self._ground = ground
        self._prices = prices
        self._rules = rules
        self._plain = plain

    def try_article(self, found: TriedArticle, about: Collection[RuleObject]) -> Trial:
        card = found.family.card
        changes: list[TrialChange] = []
        by: dict[str, None] = {}
        stop, was = Outcome(), Outcome()
        for record, before, after in self._outcomes(found, about):
            by |= dict.fromkeys(map(without_fields, after.by))
            if after.code != before.code and not stop.code:
                stop, was = after, before
                by |= dict.fromkeys(name for name in (after.params.get("rule"), after.params.get("plugin")) if name)
            if before.record is not None and after.record is not None:
                changes += map(self._named, differing(record, before.record, after.record))
        return Trial(
            order_id=card.pk,
            number=card.product_no,
            reason=stop.code,
            was=was.code,
            params=stop.params,
            changes=tuple(changes),
            by=tuple(by),
        )

    def _named(self, change: TrialChange) -> TrialChange:
        if not change.field.startswith("categories["):
            return change
        before, after = (self._categories.get(each, each) for each in (change.before, change.after))
        return msgspec.structs.replace(change, before=before, after=after)

    def _outcomes(self, found: TriedArticle, about: Collection[RuleObject]) -> Iterator[tuple[str, Outcome, Outcome]]:
        # As if it were to be made, so that everything that would be written is seen.
        family = msgspec.structs.replace(found.family, link=None)
        if RuleObject.PRODUCT in about:
            yield "product", self._product(family, self._plain), self._product(family, self._rules)
        if RuleObject.PRICE in about and found.price is not None and not family.card.properties:
            yield (
                "price",
                self._price(family, found.price, self._plain),
                self._price(family, found.price, self._rules),
            )
        if RuleObject.STOCK in about and found.facts is not None and found.facts.cards:
            yield "stock", self._stock(found.facts, self._plain), self._stock(found.facts, self._rules)

    def _product(self, family: Family, rules: GoodsRules) -> Outcome:
        read = rules.family(family)
        decision = read.stop or wanted(read.record, msgspec.structs.replace(self._ground, shape=rules.product))
        if isinstance(decision, Write):
            return Outcome(record=decision.product, by=(*read.by, *decision.by))
        return Outcome(code=_code(decision), params=decision.params, by=read.by)

    def _price(self, family: Family, price: PriceCard, rules: GoodsRules) -> Outcome:
        decision = priced(rules, family.card, price, self._prices)
        if isinstance(decision, PriceWanted):
            return Outcome(record=decision.price, by=decision.by)
        return Outcome(code=_code(decision), params=decision.params)

    def _stock(self, facts: StockFacts, rules: GoodsRules) -> Outcome:
        decision = stocked(rules, facts, self._shop.stock)
        if decision.stop is not None:
            return Outcome(code=_code(decision.stop), params=decision.stop.params, by=decision.by)
        return Outcome(record=decision.stock, by=decision.by)


def _code(stop: object) -> str:
    """Its reason, or what is said of an article that is left alone."""
    return str(getattr(stop, "reason", "") or getattr(stop, "code", ""))
