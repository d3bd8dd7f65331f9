"""What must hold of products, prices and stock after every play, one function a sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from agent.actors.times import to_ms
from agent.flows import DirectionName
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import Keep, PriceGuards
from scenarios import goods_truth
from scenarios.ended import Check, Ended
from scenarios.goods_end import GoodsEnd
from scenarios.play import ShopSide
from scenarios.watch import PriceShown, Watch
from simulators.mamut.records import Product
from simulators.woocommerce import dates
from simulators.woocommerce.products_model import Product as ShopThing

PRODUCTS, PRICES, STOCK = DirectionName.PRODUCTS_TO_SHOP, DirectionName.PRICES_TO_SHOP, DirectionName.STOCK_TO_SHOP

RUN_S = 120.0
"""What is written within this time was found in one reading of the register."""

OF_PRICE = frozenset({"regular_price", "sale_price", "date_on_sale_from", "date_on_sale_to"})
OF_STOCK = frozenset({"manage_stock", "stock_quantity", "stock_status", "backorders", "catalog_visibility", "status"})
PARTS = {
    "name": "name",
    "description": "text",
    "short_description": "short_text",
    "categories": "categories",
    "weight": "weight",
    "global_unique_id": "gtin",
    "tax_class": "tax_class",
    "status": "status",
}
"""Fields of the shop's product, with the setting that says who keeps them."""

ALWAYS_OURS = frozenset({"_fields", "id", "sku", "type", "attributes", "meta_data", *OF_PRICE, *OF_STOCK})


# -- stock -------------------------------------------------------------------------------------------------------------


def no_more_stock_was_written_than_may_be_sold(ended: Ended) -> list[str]:
    """What is written to a shop could be sold at the moment when the agent last could look."""
    broken = []
    for watch in _watches(ended):
        broken += [
            f"{row.asked} of {row.sku} were shown after {row.at_s:.0f} s, {row.most} may be sold"
            for row in watch.stock
            if row.asked > row.most
        ]
        broken += [f"{row.sku} is not counted any more after {row.at_s:.0f} s" for row in watch.uncounted]
    return broken


def no_more_stock_is_shown_than_may_be_sold(ended: Ended) -> list[str]:
    """At rest a shop shows no more of an article than Mamut's figure less what was sold and less the buffer."""
    return [
        f"{article.product_no} is shown as {shown} in {shop.key}, {most} may be sold"
        for shop, article, shown, most in _stocks(ended)
        if shown > most
    ]


def what_may_be_sold_is_shown(ended: Ended) -> list[str]:
    """At rest nothing that may be sold is kept from the customers. A shop that has gone below nought offers none."""
    goods = ended.goods
    if goods is None or not ended.rested:
        return []
    return [
        f"{article.product_no} is shown as {shown} in {shop.key}, {most} may be sold"
        for shop, article, shown, most in _stocks(ended)
        if max(0, shown) < most and not goods.waits(shop.key, STOCK, article.pk)
    ]


def _stocks(ended: Ended) -> Iterator[tuple[ShopSettings, Product, int, int]]:
    """Each counted article that a shop shows: how many are shown, and how many may be."""
    goods = ended.goods
    if goods is None or not ended.rested:
        return
    sold = goods.sold()
    for shop, side in goods.shops(STOCK):
        if shop.key in ended.frozen:
            continue
        for article, thing in _linked(goods, shop.key, side):
            if not article.use_store or article.properties or goods.waits(shop.key, PRODUCTS, article.pk):
                continue
            most = goods_truth.may_be_sold(goods.mamut, article, shop.stock, sold)
            holder = side.shop.stock.holder(thing)
            if holder is None:
                yield shop, article, 0 if thing.stock_status == "outofstock" else 10**6, most
            else:
                yield shop, article, holder.stock or 0, most


# -- products ----------------------------------------------------------------------------------------------------------


def each_article_is_one_product(ended: Ended) -> list[str]:
    """Each article for the web is exactly one product of the shop, or waits for a reason that can be told."""
    goods, broken = ended.goods, []
    if goods is None:
        return []
    numbers = Counter(article.product_no for article in goods.mamut.products())
    for shop, side in goods.shops(PRODUCTS):
        if shop.key in ended.frozen:
            continue
        for article in goods.goods():
            found, waits = goods.things(side, article.product_no), goods.waits(shop.key, PRODUCTS, article.pk)
            if len(found) > 1:
                broken.append(f"{article.product_no} stands {len(found)} times in {shop.key}")
            wanted = not shop.products.groups or article.group in shop.products.groups
            if wanted and ended.rested and not found and not waits and shop.products.create:
                broken.append(f"{article.product_no} is not in {shop.key}")
            if numbers[article.product_no] > 1 and not waits:
                broken.append(f"{article.product_no} is there twice in Mamut and nobody is told")
    return broken


def no_product_is_made_in_vain(ended: Ended) -> list[str]:
    """At rest every product that was made in a shop and is still there is the product of an article."""
    goods = ended.goods
    if goods is None or not ended.rested:
        return []
    broken = []
    for key, watch in goods.watches.items():
        linked = {row["product_id"] for row in goods.tables["links"] if row["shop"] == key}
        things = goods.sides[key].shop.products.shelf
        there = {made for made in watch.made if (one := things.get(made)) is not None and one.status != "trash"}
        broken += [f"product {made} was made in {key} and is no article's" for made in sorted(there - linked)]
    return broken


def what_is_not_for_the_web_is_not_offered(ended: Ended) -> list[str]:
    """At rest no article that is inactive or not for the web is offered to customers."""
    goods, broken = ended.goods, []
    if goods is None or not ended.rested:
        return []
    for shop, side in goods.shops(PRODUCTS):
        if shop.products.unpublish == "leave" or shop.products.status is not Keep.ALWAYS or shop.key in ended.frozen:
            continue
        for article in goods.mamut.products():
            if (article.web and not article.inactive) or goods.waits(shop.key, PRODUCTS, article.pk):
                continue
            offered = [one for one in goods.things(side, article.product_no) if one.status == "publish"]
            broken += [f"{article.product_no} is offered in {shop.key}" for _ in offered]
    return broken


def no_product_changes_its_type(ended: Ended) -> list[str]:
    """A simple product stays simple, and one with variations keeps them."""
    return [
        f"product {row.product_id} was {row.before}, {row.asked} was asked" for w in _watches(ended) for row in w.types
    ]


def the_merchants_fields_are_left_alone(ended: Ended) -> list[str]:
    """No field is sent that the merchant keeps, and none after the product was made that Mamut gives once."""
    goods, broken = ended.goods, set()
    if goods is None:
        return []
    keeps = {shop.key: shop.products for shop in goods.settings.shop}
    for key, watch in goods.watches.items():
        for row in watch.fields:
            for field in sorted(row.fields - ALWAYS_OURS):
                keep = getattr(keeps[key], PARTS[field]) if field in PARTS else Keep.NEVER
                if keep is Keep.NEVER or (keep is Keep.ONCE and row.product_id):
                    broken.add(f"{field} was sent to {'a product of ' if row.product_id else ''}{key}")
    return sorted(broken)


# -- prices ------------------------------------------------------------------------------------------------------------


def prices_are_equal_to_the_ore(ended: Ended) -> list[str]:
    """At rest each product has the price that Mamut's register gives it, VAT, currency and rounding worked out anew."""
    goods, broken = ended.goods, []
    if goods is None or not ended.rested:
        return []
    for shop, side in goods.shops(PRICES):
        if shop.key in ended.frozen:
            continue
        for article, thing in _linked(goods, shop.key, side):
            waits = goods.waits(shop.key, PRICES, article.pk) or goods.waits(shop.key, PRODUCTS, article.pk)
            if article.properties or waits or article.product_no in goods.by_merchant:
                continue
            wanted = goods_truth.prices(goods.mamut, article, side, shop, goods.now)
            found = _prices(side, thing)
            if shop.prices.sale is None:
                wanted, found = goods_truth.Prices(wanted.regular), goods_truth.Prices(found.regular)
            if wanted != found:
                broken.append(f"{article.product_no} is {_told(found)} in {shop.key}, Mamut says {_told(wanted)}")
    return broken


def no_guarded_price_is_written(ended: Ended) -> list[str]:
    """No price of zero, none too far from the one before, and not too many at once, unless a person has let exactly
    these through."""
    broken = []
    for key, guard, changes in _changed_prices(ended):
        for row in changes:
            if guard.zero and row.asked == 0:
                broken.append(f"{row.sku} was given away in {key}")
            if guard.percent and row.before and abs(row.asked - row.before) * 100 > guard.percent * row.before:
                broken.append(f"{row.sku} went from {row.before} to {row.asked} in {key}")
        times = [row.at_s for row in changes if row.asked != row.before]
        at_once = max((sum(1 for at_s in times if start <= at_s < start + RUN_S) for start in times), default=0)
        if guard.articles and at_once > guard.articles:
            broken.append(f"{at_once} prices changed at once in {key}")
    return broken


def _changed_prices(ended: Ended) -> Iterator[tuple[str, PriceGuards, list[PriceShown]]]:
    """For each shop the prices that were written over others of ours and that nobody had let through. The first price
    of a product, also of one that was there before us, is no change."""
    goods = ended.goods
    for shop in goods.settings.shop if goods is not None else ():
        priced: set[str] = set()
        changes = []
        for row in goods.watches[shop.key].prices if goods is not None else ():
            let_through = goods is not None and row.asked in goods.released.get(row.sku, ())
            if row.sku in priced and not let_through:
                changes.append(row)
            priced.add(row.sku)
        yield shop.key, shop.prices.guards, changes


def _prices(side: ShopSide, thing: ShopThing) -> goods_truth.Prices:
    def day(moment: int | None) -> str:
        return "" if moment is None else dates.local(moment, side.options.time_zone)[:10]

    return goods_truth.Prices(
        Decimal(thing.regular_price or "-1"),
        Decimal(thing.sale_price) if thing.sale_price else None,
        date.fromisoformat(day(thing.sale_from)) if thing.sale_price and thing.sale_from else None,
        date.fromisoformat(day(thing.sale_to)) if thing.sale_price and thing.sale_to else None,
    )


def _told(found: goods_truth.Prices) -> str:
    return f"{found.regular}" + (f" ({found.sale}, {found.sale_from} to {found.sale_to})" if found.sale else "")


# -- how it is written -------------------------------------------------------------------------------------------------


CUTS = ("close", "cut_before", "cut_after")


def the_request_budget_is_kept(ended: Ended) -> list[str]:
    """In no minute more is asked of a shop than its budget, but for what recognises it when an agent begins, and for
    what is asked once more at once because the connection was cut."""
    broken = []
    for shop in ended.settings.shop:
        budget = shop.reading.requests_a_minute
        if not budget:
            continue
        times = [one.at_s for one in ended.trace.exchanges if one.system == shop.key]
        starts = [entry.at_s for entry in ended.trace.entries if entry.kind == "agent_starts"]
        cut = [
            entry.at_s
            for entry in ended.trace.entries
            if entry.kind == "fault" and entry.data["system"] == shop.key and entry.data["fault"] in CUTS
        ]
        first = 0
        for last, at_s in enumerate(times):
            while times[first] <= at_s - 60:
                first += 1
            lives = 1 + sum(1 for start in starts if at_s - 60 < start <= at_s)
            more = sum(1 for moment in cut if at_s - 60 < moment <= at_s)
            if last - first + 1 > budget * lives + more:
                broken.append(f"{last - first + 1} requests to {shop.key} in the minute before {at_s:.0f} s")
                break
    return broken


def nothing_is_left_to_do(ended: Ended) -> list[str]:
    """At rest no article is still to be looked at now, in any direction that works."""
    goods = ended.goods
    if goods is None or not ended.rested:
        return []
    now_ms = to_ms(goods.now)
    at_work = {
        (shop.key, name) for name in DirectionName for shop, _ in goods.shops(name) if shop.key not in ended.frozen
    }
    return [
        f"article {row['pk']} is still to be looked at by {row['direction']} of {row['shop']}"
        for row in goods.tables["tasks"]
        if row["due_ms"] is not None and row["due_ms"] <= now_ms and (row["shop"], row["direction"]) in at_work
    ]


def every_article_is_told_about(ended: Ended) -> list[str]:
    """Of each product that an article has, each direction has said why it wrote or did not."""
    goods = ended.goods
    if goods is None or not ended.rested:
        return []
    said = defaultdict(set)
    for row in goods.tables["said"]:
        said[row["shop"], row["direction"]].add(row["pk"])
    broken = []
    for direction in (PRODUCTS, PRICES, STOCK):
        for shop, _side in goods.shops(direction):
            linked = {row["pk"] for row in goods.tables["links"] if row["shop"] == shop.key}
            silent = {pk for pk in linked - said[shop.key, direction] if not goods.waits(shop.key, direction, pk)}
            if shop.key not in ended.frozen:
                broken += [f"nothing is said of article {pk} in {direction} of {shop.key}" for pk in sorted(silent)]
    return broken


# -- what they share ---------------------------------------------------------------------------------------------------


def _watches(ended: Ended) -> list[Watch]:
    return [] if ended.goods is None else list(ended.goods.watches.values())


def _linked(goods: GoodsEnd, key: str, side: ShopSide) -> Iterator[tuple[Product, ShopThing]]:
    """The articles with their products, as the journal has them, where both are offered."""
    articles = {article.pk: article for article in goods.goods()}
    for row in goods.tables["links"]:
        thing = side.shop.products.shelf.get(row["product_id"])
        if row["shop"] == key and row["pk"] in articles and thing is not None and thing.status != "trash":
            yield articles[row["pk"]], thing


CHECKS: tuple[Check, ...] = (
    no_more_stock_was_written_than_may_be_sold,
    no_more_stock_is_shown_than_may_be_sold,
    what_may_be_sold_is_shown,
    each_article_is_one_product,
    no_product_is_made_in_vain,
    what_is_not_for_the_web_is_not_offered,
    no_product_changes_its_type,
    the_merchants_fields_are_left_alone,
    prices_are_equal_to_the_ore,
    no_guarded_price_is_written,
    the_request_budget_is_kept,
    nothing_is_left_to_do,
    every_article_is_told_about,
)
