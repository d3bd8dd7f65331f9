"""What must hold of products that a shop governs, and of the articles they become, one function a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from agent.flows import DirectionName
from agent.model.owners import OwnedField, System, owner
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import Keep
from scenarios.ended import Check, Ended
from scenarios.goods_end import GoodsEnd
from scenarios.play import ShopSide
from scenarios.trace import Exchange
from simulators.mamut.records import Product
from simulators.woocommerce.products_model import Product as ShopThing

ARTICLES = DirectionName.PRODUCTS_TO_MAMUT

SENT = frozenset({"simple", "variable", "variation"})

ORE = Decimal("0.01")


def no_article_is_made_twice(ended: Ended) -> list[str]:
    """No two articles of Mamut bear one number, however often and in whatever trouble one was made."""
    goods = ended.goods
    if goods is None or not any(True for _ in goods.shops(ARTICLES)):
        return []
    twice = Counter(article.product_no.casefold() for article in goods.mamut.products())
    return [f"{number} stands {count} times in Mamut" for number, count in twice.items() if count > 1]


def each_product_is_one_article(ended: Ended) -> list[str]:
    """At rest each product of a shop that governs is an article of its number, or is told of with a reason."""
    return [
        f"{thing.sku or thing.id} of {shop.key} is no article, and nobody is told"
        for goods, shop, _, thing in _products(ended)
        if not articles_of(goods, shop, thing) and not told(goods, shop, thing)
    ]


def an_article_says_what_its_shop_says(ended: Ended) -> list[str]:
    """At rest what the shop owns is in Mamut as the shop has it, the price to the öre; but for what somebody has
    changed in Mamut, of which it is told."""
    broken = []
    for goods, shop, side, thing in _products(ended):
        found = articles_of(goods, shop, thing)
        if not found or told(goods, shop, thing) or not _is_sent(shop, thing):
            continue
        (article,) = found[:1]
        price = _price_wrong(goods, shop, side, thing, article)
        if price:
            broken.append(f"{article.product_no} of {shop.key} costs {price}")
        parent = side.shop.products.shelf.get(thing.parent) if thing.parent else None
        if (article.variant is not None) != (parent is not None):
            broken.append(f"{article.product_no} is a variant on one side alone")
        if parent is not None and article.variant is not None and article.variant.main != parent.sku:
            broken.append(f"{article.product_no} is a variant of {article.variant.main}, not of {parent.sku}")
    return broken


def no_write_is_repeated(ended: Ended) -> list[str]:
    """Where both directions run and nothing is lost, no system is told again what it was told last: an echo of our own
    write decides nothing."""
    goods, trace = ended.goods, ended.trace
    if goods is None or not any(True for _ in goods.shops(ARTICLES)):
        return []
    if any(entry.kind in ("fault", "fault_begins", "killed") for entry in trace.entries):
        return []
    governing = {shop.key for shop, _ in goods.shops(ARTICLES)}
    last: dict[tuple[str, str], str] = {}
    broken = []
    for one in trace.exchanges:
        if not one.writes or one.status >= 300:
            continue
        for thing, told_now in _told(one, governing):
            if last.get((one.system, thing)) == told_now:
                broken.append(f"{thing} of {one.system} was told {told_now} again after {one.at_s:.0f} s")
            last[one.system, thing] = told_now
    return broken


def _told(one: Exchange, governing: set[str]) -> Iterator[tuple[str, str]]:
    """What a write says of an article in Mamut, and of a product's price in a shop that governs."""
    if one.system == "mamut" and "/products" in one.path:
        yield f"{one.method} {one.path}", one.body.decode()
    elif one.system in governing and one.path.endswith("/batch") and "/products" in one.path:
        for row in msgspec.json.decode(one.body).get("update", ()):
            if "regular_price" in row:
                yield f"price of {row['id']}", f"{row['regular_price']}/{row.get('sale_price', '')}"


def no_article_is_made_inactive_unasked(ended: Ended) -> list[str]:
    """An article whose product has left its shop is made inactive by a person's word alone."""
    goods = ended.goods
    if goods is None:
        return []
    return [
        f"{row['product_no']} of {row['shop']} was made inactive and nobody had asked"
        for row in goods.tables["article_links"]
        if row["retired"] and not row["retire"]
    ]


def _products(ended: Ended) -> Iterator[tuple[GoodsEnd, ShopSettings, ShopSide, ShopThing]]:
    goods = ended.goods
    if goods is None or not ended.rested:
        return
    for shop, side in goods.shops(ARTICLES):
        if shop.key in ended.frozen:
            continue
        shelf = side.shop.products.shelf
        for thing in list(shelf.things.values()):
            parent = shelf.get(thing.parent) if thing.parent else None
            dead = thing.status == "trash" or (thing.parent and (parent is None or parent.status == "trash"))
            if not dead and thing.type in SENT:
                yield goods, shop, side, thing


def articles_of(goods: GoodsEnd, shop: ShopSettings, thing: ShopThing) -> list[Product]:
    """The article that the product is tied to."""
    pks = {
        row["pk"] for row in goods.tables["article_links"] if row["shop"] == shop.key and row["product_id"] == thing.id
    }
    return [article for article in goods.mamut.products() if article.pk in pks]


def told(goods: GoodsEnd, shop: ShopSettings, thing: ShopThing) -> str:
    """Why a product is no article, or none as the shop has it: the code of its task, or of what was last said of it."""
    waits = goods.waits(shop.key, ARTICLES, -thing.id)
    if waits:
        return waits
    for row in goods.tables["said"]:
        if (row["shop"], row["direction"], row["pk"]) == (shop.key, ARTICLES, -thing.id):
            code = str(row["code"])
            quiet = ("article_made", "article_adopted", "article_written", "article_unchanged")
            return "" if code in quiet else code
    return ""


def _is_sent(shop: ShopSettings, thing: ShopThing) -> bool:
    return thing.status in shop.to_mamut.statuses


def _price_wrong(goods: GoodsEnd, shop: ShopSettings, side: ShopSide, thing: ShopThing, article: Product) -> str:
    """How the prices differ; empty where they agree, or where the price is not the shop's to set."""
    if owner(shop.flow, OwnedField.PRICE) is not System.SHOP or shop.to_mamut.price is not Keep.ALWAYS:
        return ""
    if thing.type == "variable" or not thing.regular_price:
        return ""
    percent = goods.mamut.books.lookups.vat[article.vat_out].percent
    factor = 1 + percent / 100 if side.options.prices_include_tax else Decimal(1)
    shown = (article.price_out * factor).quantize(ORE, rounding=ROUND_HALF_UP)
    wanted = Decimal(thing.regular_price).quantize(ORE, rounding=ROUND_HALF_UP)
    return "" if shown == wanted else f"{shown} in Mamut and {wanted} in the shop"


CHECKS: tuple[Check, ...] = (
    no_article_is_made_twice,
    each_product_is_one_article,
    an_article_says_what_its_shop_says,
    no_write_is_repeated,
    no_article_is_made_inactive_unasked,
)
