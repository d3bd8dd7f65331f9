"""What a shop may show of Mamut's goods, worked out from the systems themselves and by none of the agent's code.

It is asked of the simulated Mamut and the simulated shops at the moment of asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import msgspec

from agent.decide.external import external_no
from agent.model.ids import ShopKey, ShopOrderId
from agent.settings.tree import Settings, ShopSettings
from agent.settings.tree_goods import PriceRounding, PriceSource, StockBasis, StockSettings
from scenarios.play import ShopSide
from simulators.mamut.records import CategoryPrice, Document, PriceRules, Product
from simulators.mamut.system import Mamut
from simulators.woocommerce.orders_model import Order

HOLDS_STOCK = frozenset({"on-hold", "processing", "completed"})
"""In these WooCommerce has taken an order's goods from its stock."""

STEPS = {"0.10": Decimal("0.1"), "0.50": Decimal("0.5"), "1": Decimal(1), "5": Decimal(5), "10": Decimal(10)}
ENDINGS = {
    "x.90": (Decimal(1), "0.90"),
    "x.95": (Decimal(1), "0.95"),
    "x.99": (Decimal(1), "0.99"),
    "9": (Decimal(10), "9"),
}


class Prices(msgspec.Struct, frozen=True):
    """A product's prices as the shop keeps them; `sale` with its days, both included."""

    regular: Decimal
    sale: Decimal | None = None
    sale_from: date | None = None
    sale_to: date | None = None


# -- stock -------------------------------------------------------------------------------------------------------------


def stock_article(mamut: Mamut, article: Product) -> Product:
    """The article whose stock is counted: the main one, for variants that do not differ in stock."""
    if article.variant is None:
        return article
    main = mamut.books.product(article.variant.main)
    return article if "stock" in main.varies_by else main


def figure(mamut: Mamut, article: Product, profile: StockSettings) -> Decimal:
    """What Mamut's warehouses have of it, by the shop's profile."""
    rows = mamut.books.held.stock.get(article.pk, ())
    counted = [row for row in rows if not profile.warehouses or row.warehouse in profile.warehouses]
    if profile.basis is StockBasis.ON_HAND:
        return sum((row.on_hand for row in counted), Decimal(0))
    return sum((row.on_hand - row.reserved for row in counted), Decimal(0))


def unbooked(
    mamut: Mamut, sides: Mapping[str, ShopSide], settings: Settings, left_out: frozenset[tuple[str, int]]
) -> dict[str, Decimal]:
    """What the shops have sold and Mamut does not know, by article number: all of an order that has no document there,
    and what one that has has gained since. Orders `left_out` are a person's matter."""
    sold: dict[str, Decimal] = {}
    articles = {article.pk: article for article in mamut.products()}
    for shop in settings.shop:
        side = sides[shop.key]
        for order in side.shop.orders.all.values():
            if order.status not in HOLDS_STOCK | set(shop.orders.trigger) or (shop.key, order.id) in left_out:
                continue
            if _is_before_start(order, shop):
                continue
            number = external_no(ShopKey(shop.key), ShopOrderId(order.id), order.number or str(order.id))
            documents = [each for each in mamut.orders_by_external_no(number) if each.lines]
            booked = _booked(mamut, documents, articles)
            for article_no, qty in goods_of(mamut, side, order, paid_back=not documents):
                known = min(qty, booked.get(article_no, Decimal(0)))
                booked[article_no] = booked.get(article_no, Decimal(0)) - known
                sold[article_no] = sold.get(article_no, Decimal(0)) + qty - known
    return sold


def _booked(mamut: Mamut, documents: Iterable[Document], articles: Mapping[int, Product]) -> dict[str, Decimal]:
    """What these documents, and those that were split off them, have of each article that is counted."""
    pieces: dict[str, Decimal] = {}
    left = list(documents)
    while left:
        document = left.pop()
        if document.kind == "credit_note":
            continue
        left += [mamut.books.document(number) for number in document.children]
        for line in document.lines:
            if line.product_id in articles:
                counted = stock_article(mamut, articles[line.product_id]).product_no
                pieces[counted] = pieces.get(counted, Decimal(0)) + line.qty
    return pieces


def goods_of(mamut: Mamut, side: ShopSide, order: Order, *, paid_back: bool = True) -> Iterable[tuple[str, Decimal]]:
    """The articles that an order takes from Mamut's stock; without `paid_back` less the pieces that were refunded."""
    shelf = side.shop.products.shelf
    for line in order.lines:
        one = shelf.get(line.variation_id or line.product_id)
        if one is None:
            continue
        for article in mamut.books.products_by_no(side.shop.products.sku_of(one))[:1]:
            back = 0 if paid_back else side.shop.refunds.pieces_of(order, line.id)
            yield stock_article(mamut, article).product_no, Decimal(line.quantity - back)


def may_be_sold(mamut: Mamut, article: Product, profile: StockSettings, sold: Mapping[str, Decimal]) -> int:
    """The most that a shop with this profile may show."""
    holder = stock_article(mamut, article)
    left = figure(mamut, holder, profile) - sold.get(holder.product_no, Decimal(0))
    left -= max(Decimal(profile.buffer), left * profile.buffer_percent / 100)
    whole = int((left * profile.share_percent / 100).to_integral_value(ROUND_FLOOR))
    return max(0, min(whole, profile.cap) if profile.cap else whole)


def _is_before_start(order: Order, shop: ShopSettings) -> bool:
    start = shop.orders.start_at
    return start is not None and order.created < start.timestamp()


# -- prices ------------------------------------------------------------------------------------------------------------


def prices(mamut: Mamut, article: Product, side: ShopSide, shop: ShopSettings, now: datetime) -> Prices:
    """What the shop is to ask for the article today."""
    today = now.astimezone(ZoneInfo(side.options.time_zone)).date()
    priced = _price_article(mamut, article)
    wanted = shop.prices
    exchange = wanted.exchange or Decimal(1)

    def in_the_shop(without_vat: Decimal) -> Decimal:
        percent = mamut.books.lookups.vat[article.vat_out].percent
        return _kept(without_vat * exchange, percent, side, wanted.rounding)

    regular = in_the_shop(_regular(mamut, priced, wanted.regular, today))
    if wanted.sale is None:
        return Prices(regular)
    found = _sale(mamut, priced, wanted.sale, today)
    if found is None:
        return Prices(regular)
    price, row = found
    sale = in_the_shop(price)
    if sale >= regular:
        return Prices(regular)
    return Prices(regular, sale, row.valid_from if row else None, row.valid_to if row else None)


def _price_article(mamut: Mamut, article: Product) -> Product:
    if article.variant is None:
        return article
    main = mamut.books.product(article.variant.main)
    return article if "price" in main.varies_by else main


def _kept(price: Decimal, percent: Decimal, side: ShopSide, rounding: PriceRounding) -> Decimal:
    """With or without VAT as the shop keeps its prices; rules round what customers see."""
    cents = Decimal(1).scaleb(-side.options.currency_decimals)
    with_vat = price * (100 + percent) / 100
    if rounding is not PriceRounding.NONE:
        with_vat = _rounded(with_vat, rounding.value)
    elif not side.options.prices_include_tax:
        return price.quantize(cents, ROUND_HALF_UP)
    if side.options.prices_include_tax:
        return with_vat.quantize(cents, ROUND_HALF_UP)
    return (with_vat * 100 / (100 + percent)).quantize(cents, ROUND_HALF_UP)


def _rounded(price: Decimal, rule: str) -> Decimal:
    if rule in STEPS:
        return (price / STEPS[rule]).quantize(Decimal(1), ROUND_HALF_UP) * STEPS[rule]
    step, ending = ENDINGS[rule]
    below = (price / step).to_integral_value(ROUND_FLOOR) * step - step + Decimal(ending)
    candidates = [below + step * number for number in range(3) if below + step * number > 0]
    return min(candidates, key=lambda each: (abs(each - price), -each))


def _regular(mamut: Mamut, article: Product, source: PriceSource, today: date) -> Decimal:
    base = article.price_out
    if source.category is not None:
        rules = mamut.books.held.prices.get(article.pk, PriceRules())
        valid = [row for row in rules.categories if row.category == source.category and _holds(row, today)]
        if valid:
            return _applied(base, valid[0]) * source.factor
        base = _group_price(mamut, article, source.category) or base
    return base * source.factor


def _sale(
    mamut: Mamut, article: Product, source: PriceSource, today: date
) -> tuple[Decimal, CategoryPrice | None] | None:
    """The campaign that runs or comes next in the category of sale prices."""
    if source.category is None:
        return article.price_out * source.factor, None
    rules = mamut.books.held.prices.get(article.pk, PriceRules())
    rows = [
        row
        for row in rules.categories
        if row.category == source.category and (row.valid_to is None or row.valid_to >= today)
    ]
    if rows:
        first = min(rows, key=lambda row: row.valid_from or date.min)
        return _applied(article.price_out, first) * source.factor, first
    discounted = _group_price(mamut, article, source.category)
    return None if discounted is None else (discounted * source.factor, None)


def _group_price(mamut: Mamut, article: Product, category: int) -> Decimal | None:
    for row in mamut.books.held.group_discounts:
        if row.category == category and row.group == article.group:
            return article.price_out * (100 - row.percent) / 100
    return None


def _applied(base: Decimal, row: CategoryPrice) -> Decimal:
    return row.price if row.price is not None else base * (100 - (row.percent or Decimal(0))) / 100


def _holds(row: CategoryPrice, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)
