"""What a product is to cost in a shop: Mamut's base price and what departs from it, in the shop's currency, with or
without VAT, by the day that it is where the shop is.

Mamut's order of precedence below what is agreed with one contact: product and category, then category and product
group, then the base price (docs/mamut-api.md, Prices). All of Mamut's prices are without VAT.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from agent.decide.rounding import rounded
from agent.model.goods import ArticleCard, CategoryPrice, GroupDiscount, PriceCard, ShopPrice, ShopTerms
from agent.model.money import ZERO
from agent.model.order import Frozen
from agent.model.said import GoodsReason
from agent.settings.tree_goods import PriceRounding, PriceSettings, PriceSource

NET_DECIMALS = 4
"""Decimals of a price without VAT whose price with VAT is a rounded one: with two, 12 % of it may show an öre off."""


class PriceGround(Frozen, frozen=True):
    """What prices stand on beside the article. `currency` is Mamut's; `percents` by VAT code; `today` is the shop's."""

    settings: PriceSettings
    terms: ShopTerms
    currency: str
    percents: Mapping[int, Decimal]
    discounts: tuple[GroupDiscount, ...]
    today: date


class PriceWanted(Frozen, frozen=True):
    """`next_day` is the shop's day from which something else is wanted, which no date in `price` brings about by
    itself. `dropped_sale` is a sale price that was no lower than the regular one; `by` are the merchant's rules
    that had a hand in the price."""

    price: ShopPrice
    next_day: date | None = None
    dropped_sale: Decimal | None = None
    by: tuple[str, ...] = ()


class ListsWanted(Frozen, frozen=True):
    """Meta fields by key, empty where the category has no price of its own. `by` as in PriceWanted."""

    lists: tuple[tuple[str, str], ...]
    next_day: date | None = None
    by: tuple[str, ...] = ()


class PriceHeld(Frozen, frozen=True):
    """What a person must see to first."""

    reason: GoodsReason
    params: dict[str, str] = {}


def wanted(card: ArticleCard, price: PriceCard, ground: PriceGround) -> PriceWanted | PriceHeld:
    """`price` is the main product's for a variant that inherits it; `card` is always the article's own."""
    trouble = _trouble(card, ground)
    if trouble is not None:
        return trouble
    today = _on(ground.today, card, price, ground)
    for day in _breaks(price, ground.today, _categories(ground.settings)):
        if _on(day, card, price, ground).price != today.price:
            return PriceWanted(price=today.price, next_day=day, dropped_sale=today.dropped_sale)
    return today


def lists(card: ArticleCard, price: PriceCard, ground: PriceGround) -> ListsWanted | PriceHeld:
    """What customer groups pay, for the plugins that read it."""
    trouble = _trouble(card, ground)
    if trouble is not None:
        return trouble
    today = _lists_on(ground.today, card, price, ground)
    categories = frozenset(each.category for each in ground.settings.lists)
    for day in _breaks(price, ground.today, categories):
        if _lists_on(day, card, price, ground) != today:
            return ListsWanted(lists=today, next_day=day)
    return ListsWanted(lists=today)


def inherits_price(main: ArticleCard) -> bool:
    """Whether the variants of this main product cost what it costs."""
    return "price" not in main.varies_by


def shop_day(moment: datetime, terms: ShopTerms) -> date:
    """Which day it is where the shop is."""
    return moment.astimezone(_zone(terms.time_zone)).date()


def midnight(day: date, terms: ShopTerms) -> datetime:
    """When this day begins where the shop is, UTC."""
    return datetime.combine(day, time(), tzinfo=_zone(terms.time_zone)).astimezone(UTC)


def _trouble(card: ArticleCard, ground: PriceGround) -> PriceHeld | None:
    if card.vat_code not in ground.percents:
        return PriceHeld(GoodsReason.VAT_CODE_UNKNOWN, {"vat_code": str(card.vat_code)})
    if ground.terms.currency != ground.currency and ground.settings.exchange is None:
        return PriceHeld(
            GoodsReason.EXCHANGE_MISSING, {"currency": ground.currency, "shop_currency": ground.terms.currency}
        )
    return None


# -- one day ----------------------------------------------------------------------------------------------------------


def _on(day: date, card: ArticleCard, price: PriceCard, ground: PriceGround) -> PriceWanted:
    settings = ground.settings
    regular = _shown(_source(settings.regular, day, card, price, ground), card, ground)
    if settings.sale is None:
        return PriceWanted(price=ShopPrice(regular=regular, sale_kept=True))
    rule = _campaign(settings.sale, day, card, price, ground)
    if rule is None:
        return PriceWanted(price=ShopPrice(regular=regular))
    sale = _shown(_applied(price.price_out, rule) * settings.sale.factor, card, ground)
    if sale >= regular:
        # The shop would drop it without a word (products_simple[30]).
        return PriceWanted(price=ShopPrice(regular=regular), dropped_sale=sale)
    return PriceWanted(price=ShopPrice(regular=regular, sale=sale, sale_from=rule.valid_from, sale_to=rule.valid_to))


def _source(source: PriceSource, day: date, card: ArticleCard, price: PriceCard, ground: PriceGround) -> Decimal:
    """A source's price without VAT in Mamut's currency."""
    special = None if source.category is None else _special(source.category, day, card, price, ground)
    return (price.price_out if special is None else special) * source.factor


def _special(category: int, day: date, card: ArticleCard, price: PriceCard, ground: PriceGround) -> Decimal | None:
    """What contacts of a category pay that day, None where that is the base price."""
    for rule in price.categories:
        if rule.category == category and _valid(rule, day):
            return _applied(price.price_out, rule)
    discount = _discount(category, card, ground)
    return None if discount is None else _applied(price.price_out, discount)


def _campaign(
    source: PriceSource, day: date, card: ArticleCard, price: PriceCard, ground: PriceGround
) -> CategoryPrice | None:
    """The rule that makes the sale price: the one that holds that day, else the next to come, whose days the shop is
    told ahead so that it switches by itself; else the discount on the article's group, which has no days."""
    if source.category is None:
        return CategoryPrice(category=0, price=price.price_out)
    rules = [rule for rule in price.categories if rule.category == source.category]
    for rule in rules:
        if _valid(rule, day):
            return rule
    discount = _discount(source.category, card, ground)
    if discount is not None:
        return discount
    coming = [rule for rule in rules if rule.valid_from is not None and rule.valid_from > day]
    return min(coming, key=lambda rule: rule.valid_from or date.max, default=None)


def _discount(category: int, card: ArticleCard, ground: PriceGround) -> CategoryPrice | None:
    for discount in ground.discounts:
        if discount.category == category and discount.group == card.group:
            return CategoryPrice(category=category, percent=discount.percent)
    return None


def _applied(base: Decimal, rule: CategoryPrice) -> Decimal:
    if rule.price is not None:
        return rule.price
    return base * (100 - (rule.percent or ZERO)) / 100


def _valid(rule: CategoryPrice, day: date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= day) and (rule.valid_to is None or day <= rule.valid_to)


def _lists_on(day: date, card: ArticleCard, price: PriceCard, ground: PriceGround) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for each in ground.settings.lists:
        net = _special(each.category, day, card, price, ground)
        if net is None:
            found.append((each.meta, ""))
            continue
        amount = _exchanged(net, ground) * (_factor(card, ground) if each.with_vat else 1)
        found.append((each.meta, _plain(rounded(amount, PriceRounding.NONE, ground.terms.price_decimals))))
    return tuple(found)


# -- as the shop keeps it ----------------------------------------------------------------------------------------------


def _shown(net: Decimal, card: ArticleCard, ground: PriceGround) -> Decimal:
    """A price without VAT in Mamut's currency as the shop is to keep it. Rounding rules are for what customers see,
    with VAT."""
    terms, rule, factor = ground.terms, ground.settings.rounding, _factor(card, ground)
    amount = _exchanged(net, ground)
    if terms.prices_with_vat:
        return _tidy(rounded(amount * factor, rule, terms.price_decimals))
    if rule is PriceRounding.NONE:
        return _tidy(rounded(amount, rule, terms.price_decimals))
    with_vat = rounded(amount * factor, rule, terms.price_decimals)
    return _tidy((with_vat / factor).quantize(Decimal(1).scaleb(-NET_DECIMALS), rounding=ROUND_HALF_UP))


def _exchanged(net: Decimal, ground: PriceGround) -> Decimal:
    if ground.terms.currency == ground.currency:
        return net
    return net * (ground.settings.exchange or Decimal(1))


def _factor(card: ArticleCard, ground: PriceGround) -> Decimal:
    return 1 + ground.percents[card.vat_code] / 100


def _tidy(amount: Decimal) -> Decimal:
    """Two decimals at least, and no zeros behind them, so that equal prices are written alike."""
    cents = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return cents if cents == amount else amount.normalize()


def _plain(amount: Decimal) -> str:
    return format(_tidy(amount), "f")


# -- days -------------------------------------------------------------------------------------------------------------


def _categories(settings: PriceSettings) -> frozenset[int]:
    sources = (settings.regular, settings.sale)
    return frozenset(source.category for source in sources if source is not None and source.category is not None)


def _breaks(price: PriceCard, today: date, categories: frozenset[int]) -> list[date]:
    """The days to come on which a rule begins or has ended."""
    days: set[date] = set()
    for rule in price.categories:
        if rule.category in categories:
            if rule.valid_from is not None:
                days.add(rule.valid_from)
            if rule.valid_to is not None and rule.valid_to < date.max:
                days.add(rule.valid_to + timedelta(days=1))
    return sorted(day for day in days if day > today)


def _zone(name: str) -> tzinfo:
    """A site's time zone: an IANA name, or an offset such as "+02:00" where the site was only given one."""
    if name[:1] in ("+", "-"):
        hours, _, minutes = name[1:].partition(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-offset if name[0] == "-" else offset)
    return ZoneInfo(name or "UTC")
