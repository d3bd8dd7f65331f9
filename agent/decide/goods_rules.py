"""Where rules, field mappings and plugins meet what goes from Mamut to a shop: articles, prices and stock.

What was read passes the rules about it before anything is decided. What is to be written passes the field mappings, the
rules and the plugins before it is compared with what was last written, so that what they make of it is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from agent.decide.prices import NET_DECIMALS, ListsWanted, PriceGround, PriceHeld, PriceWanted, lists
from agent.decide.prices import wanted as wanted_price
from agent.decide.products import Family, Hold, Nothing
from agent.decide.stock import StockFacts, StockSum, shop_stock, stock_sum, word_of
from agent.messages import Note
from agent.model.goods import ArticleCard, PriceCard, ShopPrice, ShopProduct, ShopStock, StockWord
from agent.model.money import ZERO
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said
from agent.plugins.hooks import Context, Hook, Hooks
from agent.rules.chain import Applied, Chains, to_tree
from agent.rules.tree import MappedObject, RuleObject, RuleSide
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import StockSettings

if TYPE_CHECKING:
    # Loaded by whoever has mappings: the sandbox takes longer to load than all the rest of a small command.
    from agent.rules.mapping import Mapper

T = TypeVar("T", bound=msgspec.Struct)

Released = Callable[[RuleObject, int], frozenset[str]]
"""The rules from whose holding a person has released an article, by its number in Mamut."""


class Shaped(msgspec.Struct, Generic[T], frozen=True):
    """A record as the merchant's rules leave it, or why it stops here. `by` are the rules, mappings and plugins that
    changed it, each with the fields that it changed."""

    record: T
    stop: Nothing | Hold | None = None
    by: tuple[str, ...] = ()


class Stocked(Frozen, frozen=True):
    """What a shop is to show of an article. `stock` None where its own word is left alone."""

    total: StockSum
    stock: ShopStock | None
    stop: Nothing | Hold | None = None
    by: tuple[str, ...] = ()


class GoodsRules:
    """One shop's. Compiled once; raises RuleWrong when a rule cannot work. `mapper` is that of products, None without
    mappings; so are `hooks` without plugins."""

    def __init__(
        self,
        shop: ShopSettings,
        mapper: Mapper | None = None,
        hooks: Hooks | None = None,
        released: Released | None = None,
    ) -> None:
        self._released = released
        self._shop = shop.key
        self._chains = Chains(shop.processing)
        self._mapper = mapper
        self._hooks = hooks

    def family(self, family: Family) -> Shaped[Family]:
        """The article, its main product and its variants after the rules about what was read. Of a relative that a rule
        keeps away nothing is shown."""
        if not self._chains.of(RuleObject.PRODUCT, RuleSide.READ):
            return Shaped(family)
        own = self._read(RuleObject.PRODUCT, family.card, family.card.pk)
        if own.stop is not None:
            return Shaped(family, stop=own.stop, by=own.by)
        main = None if family.main is None else self._relative(family.main)
        siblings = tuple(map(self._relative, family.siblings))
        return Shaped(msgspec.structs.replace(family, card=own.record, main=main, siblings=siblings), by=own.by)

    def product(self, card: ArticleCard, product: ShopProduct) -> Shaped[ShopProduct]:
        """What is to stand in the shop, before the fields that the merchant keeps there are left out."""
        shaped = Shaped(product)
        if self._mapper is not None:
            mapped = self._mapper.apply(to_tree(card), product)
            if mapped.failed:
                return Shaped(product, stop=_failed(mapped.failed, mapped.why))
            shaped = Shaped(mapped.target, by=_names(mapped.notes))
        return self._written(shaped, RuleObject.PRODUCT, Hook.PRODUCT_BUILT, card)

    def prices(self, card: PriceCard, pk: int) -> Shaped[PriceCard]:
        """`pk` is the article's own number in Mamut."""
        return self._read(RuleObject.PRICE, card, pk)

    def price(self, card: ArticleCard, price: ShopPrice) -> Shaped[ShopPrice]:
        return self._written(Shaped(price), RuleObject.PRICE, Hook.PRICE_COMPUTED, card)

    def facts(self, facts: StockFacts) -> Shaped[StockFacts]:
        if not self._chains.of(RuleObject.STOCK, RuleSide.READ):
            return Shaped(facts)
        read = [self._read(RuleObject.STOCK, card, facts.card.pk) for card in facts.cards]
        stop = next((each.stop for each in read if each.stop is not None), None)
        cards = tuple(each.record for each in read)
        by = tuple(dict.fromkeys(name for each in read for name in each.by))
        return Shaped(msgspec.structs.replace(facts, cards=cards), stop=stop, by=by)

    def stock(self, card: ArticleCard, stock: ShopStock) -> Shaped[ShopStock]:
        """The word in the shop follows from the figure where nobody has said another."""
        shaped = self._written(Shaped(stock), RuleObject.STOCK, Hook.STOCK_COMPUTED, card)
        made = shaped.record
        if made == stock or not made.managed:
            return shaped
        made = msgspec.structs.replace(made, quantity=max(0, made.quantity))
        if made.word is stock.word:
            made = msgspec.structs.replace(made, word=word_of(made.quantity, made.backorders))
        return Shaped(made, stop=shaped.stop, by=shaped.by)

    # -- the two sides -------------------------------------------------------------------------------------------------

    def _read(self, about: RuleObject, record: T, pk: int) -> Shaped[T]:
        return _of(self._chains.of(about, RuleSide.READ).apply(record, self._let_go(about, pk)))

    def _let_go(self, about: RuleObject, pk: int) -> frozenset[str]:
        return frozenset() if self._released is None else self._released(about, pk)

    def _relative(self, card: ArticleCard) -> ArticleCard:
        read = self._read(RuleObject.PRODUCT, card, card.pk)
        return read.record if read.stop is None else msgspec.structs.replace(card, web=False)

    def _written(self, shaped: Shaped[T], about: RuleObject, hook: Hook, card: ArticleCard) -> Shaped[T]:
        chain = self._chains.of(about, RuleSide.WRITTEN)
        if chain:
            ruled = _of(chain.apply(shaped.record, self._let_go(about, card.pk)))
            shaped = Shaped(ruled.record, stop=ruled.stop, by=(*shaped.by, *ruled.by))
        if shaped.stop is not None or self._hooks is None:
            return shaped
        hooked = self._hooks.run(hook, shaped.record, Context(shop=self._shop, article=card))
        if hooked.failed:
            stop = Hold(GoodsReason.PLUGIN_HELD, {"plugin": hooked.failed, "why": hooked.why})
            return Shaped(shaped.record, stop=stop)
        return Shaped(hooked.record, by=(*shaped.by, *_names(hooked.notes)))


def goods_rules(shop: ShopSettings, hooks: Hooks | None = None, released: Released | None = None) -> GoodsRules:
    """What the merchant's rules, mappings and plugins make of articles, prices and stock."""
    mapper = None
    if any(each.object is MappedObject.PRODUCT for each in shop.mapping):
        from agent.rules.mapping import Mapper

        mapper = Mapper(shop.mapping, MappedObject.PRODUCT)
    return GoodsRules(shop, mapper, hooks, released)


def priced(
    rules: GoodsRules, card: ArticleCard, price: PriceCard, ground: PriceGround
) -> PriceWanted | PriceHeld | Nothing:
    """What the article is to cost in the shop. A price that rules or plugins have changed is brought to the decimals
    that the shop keeps; a sale price that is no longer lower than the regular one is left out, as the shop would."""
    read = rules.prices(price, card.pk)
    if read.stop is not None:
        return _held(read.stop)
    decision = wanted_price(card, read.record, ground)
    if isinstance(decision, PriceHeld):
        return decision
    shaped = rules.price(card, decision.price)
    if shaped.stop is not None:
        return _held(shaped.stop)
    by = tuple(dict.fromkeys((*read.by, *shaped.by)))
    if shaped.record == decision.price:
        return msgspec.structs.replace(decision, by=by)
    keep = _kept(ground)
    made = msgspec.structs.replace(shaped.record, regular=keep(shaped.record.regular), sale=keep(shaped.record.sale))
    if any(amount is not None and amount < ZERO for amount in (made.regular, made.sale)):
        return PriceHeld(GoodsReason.RULE_FAILED, {"rule": ", ".join(shaped.by), "why": "below_zero"})
    if made.sale is not None and made.regular is not None and made.sale >= made.regular:
        dropped = made.sale
        made = msgspec.structs.replace(made, sale=None, sale_from=None, sale_to=None)
        return PriceWanted(price=made, next_day=decision.next_day, dropped_sale=dropped, by=by)
    return PriceWanted(price=made, next_day=decision.next_day, dropped_sale=decision.dropped_sale, by=by)


def listed(
    rules: GoodsRules, card: ArticleCard, price: PriceCard, ground: PriceGround
) -> ListsWanted | PriceHeld | Nothing:
    """What customer groups pay, by prices that have passed the rules about what was read."""
    read = rules.prices(price, card.pk)
    if read.stop is not None:
        return _held(read.stop)
    decision = lists(card, read.record, ground)
    return msgspec.structs.replace(decision, by=read.by) if isinstance(decision, ListsWanted) else decision


def stocked(
    rules: GoodsRules, facts: StockFacts, profile: StockSettings, *, making: bool = False, shop_counts: bool = True
) -> Stocked:
    """What the shop is to show. A product that is being made is made sold out where its stock is held."""
    read = rules.facts(facts)
    total = stock_sum(read.record, profile)
    if read.stop is not None:
        return Stocked(
            total=total, stock=_while_held(read.stop, making=making, shop_counts=shop_counts), stop=read.stop
        )
    shown = shop_stock(total, making=making, shop_counts=shop_counts)
    if shown is None:
        return Stocked(total=total, stock=None, by=read.by)
    shaped = rules.stock(facts.card, shown)
    by = tuple(dict.fromkeys((*read.by, *shaped.by)))
    if shaped.stop is not None:
        stock = _while_held(shaped.stop, making=making, shop_counts=shop_counts)
        return Stocked(total=total, stock=stock, stop=shaped.stop, by=by)
    return Stocked(total=total, stock=shaped.record, by=by)


def _while_held(stop: Nothing | Hold, *, making: bool, shop_counts: bool) -> ShopStock | None:
    if not making or isinstance(stop, Nothing):
        return None
    return ShopStock(managed=shop_counts, quantity=0, word=StockWord.SOLD_OUT)


def _of(applied: Applied[T]) -> Shaped[T]:
    stop: Nothing | Hold | None = None
    match applied.verdict:
        case "ignore":
            stop = Nothing(Said.IGNORED_BY_RULE, {"rule": applied.rule})
        case "hold":
            stop = Hold(GoodsReason.HELD_BY_RULE, {"rule": applied.rule})
        case "fail":
            stop = _failed(applied.rule, applied.why)
        case _:
            pass
    return Shaped(applied.record, stop=stop, by=_names(applied.notes))


def _failed(rule: str, why: str) -> Hold:
    return Hold(GoodsReason.RULE_FAILED, {"rule": rule, "why": why})


def _held(stop: Nothing | Hold) -> PriceHeld | Nothing:
    return stop if isinstance(stop, Nothing) else PriceHeld(stop.reason, stop.params)


def _names(notes: tuple[Note, ...]) -> tuple[str, ...]:
    """Who has changed the record, each with the fields: "märke (name, meta_data)"."""
    fields: dict[str, dict[str, None]] = {}
    for note in notes:
        fields.setdefault(note.detail, {})[note.field] = None
    return tuple(f"{name} ({', '.join(each)})" for name, each in fields.items())


def without_fields(hand: str) -> str:
    """The name alone of one of those in `by`."""
    return hand.rpartition(" (")[0]


def _kept(ground: PriceGround) -> Callable[[Any], Any]:
    decimals = ground.terms.price_decimals if ground.terms.prices_with_vat else NET_DECIMALS

    def keep(amount: Decimal | None) -> Decimal | None:
        if amount is None:
            return None
        amount = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        cents = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return cents if cents == amount else amount.normalize()

    return keep
