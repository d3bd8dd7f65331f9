"""Rules, field mappings and plugins tried on what is there already: the newest orders and articles of a shop.

Nothing is written anywhere. The shop is read by a port of its own; Mamut is not asked, for its session belongs to the
agent, but what the journal has kept of its registers counts as it does in the real steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Protocol, TypeVar

import apsw
import msgspec
import trio

from agent.actors.order_direction import mappers_of
from agent.actors.pricing import price_ground, priced_by
from agent.actors.shelf import Shelf
from agent.app_ports import hooks_of, shop_port
from agent.decide.goods_rules import GoodsRules, goods_rules
from agent.decide.prices import PriceGround
from agent.decide.processing import Prepared
from agent.decide.products import Family, ProductGround, category_path, fold
from agent.decide.trial import Kept, Trial, articles_wanted, begin, try_order
from agent.decide.trial_goods import ABOUT, ArticleTrial, TriedArticle
from agent.journal import orders, passes, register, stock_facts
from agent.journal.families import families
from agent.journal.journal import Step
from agent.journal.passes import Part
from agent.model.clock import Clock
from agent.model.goods import ArticleCard, ShopTerms
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.mamut import Article, Registers
from agent.model.order import Frozen, ShopOrder
from agent.plugins.hooks import Hook, Hooks
from agent.remote.net import TransportFactory
from agent.remote.woocommerce.client import WooCommerce
from agent.rules.chain import Chains, to_tree
from agent.rules.sources import SourceField, fields_in
from agent.rules.tree import FieldMapping, MappedObject, ProcessingRule, RuleObject
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import Settings, ShopSettings
from agent.settings.tree_goods import MissingCategory

if TYPE_CHECKING:
    # Loaded by whoever has mappings: the sandbox takes longer to load than all the rest of a small command.
    from agent.rules.mapping import Mappers

READ_SIZE = 50
LAST_MAX = 500
"""So many of the newest orders and articles are tried at most."""

_HOOKS = {
    Hook.PRODUCT_BUILT: RuleObject.PRODUCT,
    Hook.PRICE_COMPUTED: RuleObject.PRICE,
    Hook.STOCK_COMPUTED: RuleObject.STOCK,
}
_OF_ORDERS = (Hook.ORDER_READ, Hook.CUSTOMER_MATCHED, Hook.CUSTOMER_BUILT, Hook.DOCUMENT_BUILT)

T = TypeVar("T")
Resting = TypeVar("Resting", ProcessingRule, FieldMapping)


class View(Protocol):
    """Looks something up in the journal."""

    def __call__(self, look: Step[T]) -> T: ...


class Around(Frozen, frozen=True):
    """What a trial is given from outside. `transports` lead to the shop."""

    view: View
    clock: Clock
    transports: TransportFactory
    nonces: Random


class Tried(Frozen, frozen=True):
    """What came of it in one shop."""

    orders: list[Trial] = []
    articles: list[Trial] = []


class _Goods(Frozen, frozen=True):
    """What articles are tried with, as the real steps have it."""

    found: dict[int, Family]
    ground: ProductGround
    prices: PriceGround
    names: dict[int, str]


def picked(several: tuple[Resting, ...], name: str | None) -> tuple[Resting, ...]:
    """All of them; or the one of this name, which works also while it rests."""
    if name is None:
        return several
    return tuple(msgspec.structs.replace(each, enabled=True) for each in several if each.name == name)


async def try_shop(settings: Settings, shop: ShopSettings, pair: ShopSecrets, last: int, around: Around) -> Tried:
    """`shop` has what is to be tried and nothing else of the kind; `settings` are those of everybody. Raises Trouble
    when the shop cannot be asked, and PluginWrong."""
    hooks = hooks_of(shop)
    about = _about(shop, hooks)
    key = ShopKey(shop.key)
    newest = (
        [each[0] for each in around.view(lambda tx: orders.newest(tx, key, last))] if _of_orders(shop, hooks) else []
    )
    pks = around.view(lambda tx: _newest_articles(tx, last)) if about else []
    if not newest and not pks:
        return Tried()
    port, _ = shop_port(shop, pair, around.transports, around.clock, around.nonces)
    try:
        found = await read_orders(port, newest)
        goods = await _goods(shop, port, pks, around, hooks) if pks else None
    finally:
        await port.aclose()
    tried = await _try_orders(shop, found, around, hooks) if found else []
    if goods is None:
        return Tried(orders=tried)
    selling = tuple(each.key for each in settings.shop if each.enabled)
    return Tried(orders=tried, articles=await _try_articles(shop, goods, selling, about, around, hooks))


async def read_orders(port: WooCommerce, order_ids: Iterable[ShopOrderId]) -> list[ShopOrder]:
    """These orders whole, those left out that are gone or cannot be read. Raises Trouble."""
    wanted = tuple(order_ids)
    found: list[ShopOrder] = []
    for start in range(0, len(wanted), READ_SIZE):
        seen = await port.read_orders(wanted[start : start + READ_SIZE], "trial")
        found += seen.orders
    return found


class Sources(Frozen, frozen=True):
    """What can be picked from: `orders` as the shop gives them, `articles` as Mamut has them."""

    orders: list[SourceField]
    articles: list[SourceField]
    records: int


async def source_fields(shop: ShopSettings, pair: ShopSecrets, last: int, around: Around) -> Sources:
    """The fields that the newest records have, without a word of what stands in them. Raises Trouble."""
    key = ShopKey(shop.key)
    newest = [each[0] for each in around.view(lambda tx: orders.newest(tx, key, last))]
    pks = around.view(lambda tx: _newest_articles(tx, last))
    cards = around.view(lambda tx: register.articles(tx, pks))
    articles = fields_in([to_tree(card) for card in cards.values()])
    if not newest:
        return Sources(orders=[], articles=articles, records=0)
    # A port keeps records whole where something is picked from them.
    picking = FieldMapping(name="any", object=MappedObject.ORDER, field="reference")
    whole = msgspec.structs.replace(shop, mapping=(picking,), plugins=())
    port, _ = shop_port(whole, pair, around.transports, around.clock, around.nonces)
    try:
        found = await read_orders(port, newest)
    finally:
        await port.aclose()
    records = [msgspec.json.decode(order.raw) for order in found if order.raw]
    return Sources(orders=fields_in(records), articles=articles, records=len(records))


def _about(shop: ShopSettings, hooks: Hooks | None) -> frozenset[RuleObject]:
    """What of articles they are about."""
    about = {rule.object for rule in shop.processing if rule.enabled} & ABOUT
    if any(each.object is MappedObject.PRODUCT and each.enabled for each in shop.mapping):
        about = about | {RuleObject.PRODUCT}
    return frozenset(about) | {what for hook, what in _HOOKS.items() if hooks is not None and hooks.wants(hook)}


def _of_orders(shop: ShopSettings, hooks: Hooks | None) -> bool:
    return (
        any(rule.object not in ABOUT for rule in shop.processing)
        or any(each.object is not MappedObject.PRODUCT for each in shop.mapping)
        or any(hooks is not None and hooks.wants(hook) for hook in _OF_ORDERS)
    )


async def _run(work: Callable[[], T], hooks: Hooks | None) -> T:
    """In a thread where plugins take part: they may take their time, and nobody else is to wait for them."""
    if hooks is None:
        await trio.lowlevel.checkpoint()
        return work()
    return await trio.to_thread.run_sync(work, abandon_on_cancel=True)


# -- orders -----------------------------------------------------------------------------------------------------------


async def _try_orders(shop: ShopSettings, found: list[ShopOrder], around: Around, hooks: Hooks | None) -> list[Trial]:
    chains, mappers = Chains(shop.processing), mappers_of(shop)
    ready = [await _run(partial(begin, order, shop, chains, hooks), hooks) for order in found]
    numbers: set[str] = set()
    for order, each in zip(found, ready, strict=True):
        numbers |= articles_wanted(order, shop, each)
    kept = around.view(lambda tx: _kept(tx, numbers))
    return [
        await _run(partial(_try_order, order, each, shop, chains, mappers, hooks, kept), hooks)
        for order, each in zip(found, ready, strict=True)
    ]


def _try_order(
    order: ShopOrder,
    ready: Prepared,
    shop: ShopSettings,
    chains: Chains,
    mappers: Mappers | None,
    hooks: Hooks | None,
    kept: Kept,
) -> Trial:
    return try_order(order, shop, chains, mappers, hooks, ready=ready, kept=kept)


def _kept(tx: apsw.Connection, numbers: set[str]) -> Kept:
    """What the journal knows of Mamut. Of two articles with one number the one that is in use counts."""
    registers = register.registers(tx)
    if not passes.of(tx, Part.ARTICLES).whole_ms:
        return Kept(registers=registers)
    pks = [pk for group in register.pks_of(tx, numbers).values() for pk in group]
    articles: dict[str, Article] = {}
    for card in register.articles(tx, pks).values():
        if card.product_no not in articles or not card.inactive:
            articles[card.product_no] = _article(card)
    return Kept(registers=registers, articles=articles)


def _article(card: ArticleCard) -> Article:
    return Article(
        product_no=card.product_no, description=card.description, inactive=card.inactive, vat_code=card.vat_code
    )


# -- articles ---------------------------------------------------------------------------------------------------------


def _newest_articles(tx: apsw.Connection, last: int) -> list[int]:
    """Those that changed last in Mamut."""
    rows = tx.execute("SELECT pk FROM articles ORDER BY changed_ms DESC, pk DESC LIMIT ?", (last,))
    return [int(str(pk)) for (pk,) in rows]


async def _goods(shop: ShopSettings, port: WooCommerce, pks: list[int], around: Around, hooks: Hooks | None) -> _Goods:
    """Raises Trouble."""
    shelf = Shelf(port, around.clock)
    terms = await shelf.terms()
    key = ShopKey(shop.key)
    found = around.view(lambda tx: families(tx, key, pks))
    registers = around.view(register.registers) or Registers()
    groups = {row.id: row.name for row in registers.product_groups}
    subgroups = {row.id: row.name for row in registers.product_subgroups}
    rules = goods_rules(shop, hooks)
    cards = [card for family in found.values() for card in (family.card, rules.family(family).record.card)]
    paths = {category_path(card, shop.products, groups, subgroups) for card in cards} - {()}
    categories = dict(await shelf.categories(paths, make=False))
    names = _named(paths, categories, makes=shop.products.missing_category is MissingCategory.CREATE)
    has_choices = any(family.card.properties or family.card.variant for family in found.values())
    attributes = await shelf.attributes() if has_choices else {}
    prices = around.view(lambda tx: price_ground(tx, shop.prices, terms, around.clock()))
    ground = _product_ground(shop, terms, prices)
    return _Goods(
        found=found,
        ground=msgspec.structs.replace(
            ground, groups=groups, subgroups=subgroups, categories=categories, attributes=attributes
        ),
        prices=prices,
        names=names,
    )


def _product_ground(shop: ShopSettings, terms: ShopTerms, prices: PriceGround) -> ProductGround:
    return ProductGround(settings=shop.products, terms=terms, percents=prices.percents)


def _named(paths: set[tuple[str, ...]], categories: dict[tuple[str, ...], int], *, makes: bool) -> dict[int, str]:
    """What the categories are called, by id. One that would be made first gets a number that no category has."""
    names: dict[int, str] = {}
    for path in sorted(paths):
        folded = tuple(fold(name) for name in path)
        if folded not in categories:
            if not makes:
                continue
            categories[folded] = -len(names) - 1
        names[categories[folded]] = " > ".join(path)
    return names


async def _try_articles(
    shop: ShopSettings,
    goods: _Goods,
    selling: tuple[str, ...],
    about: frozenset[RuleObject],
    around: Around,
    hooks: Hooks | None,
) -> list[Trial]:
    prices = around.view(lambda tx: register.prices_of(tx, [priced_by(family) for family in goods.found.values()]))
    facts = around.view(lambda tx: stock_facts.of(tx, list(goods.found), selling))
    plain: GoodsRules = goods_rules(msgspec.structs.replace(shop, processing=(), mapping=()))
    trial = ArticleTrial(shop, goods.ground, goods.prices, goods_rules(shop, hooks), plain, goods.names)
    several = [
        TriedArticle(family=family, price=prices.get(priced_by(family)), facts=facts.get(pk))
        for pk, family in goods.found.items()
    ]
    return [await _run(partial(trial.try_article, each, about), hooks) for each in several]
