"""What happens to goods and documents in a story: one function for each kind of act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import trio

from scenarios import goods_truth
from scenarios import story_goods as tell
from scenarios.workday import Workday, documents_to_work_on, try_work
from simulators.mamut.errors import Refused
from simulators.mamut.records import PriceRules, Product
from simulators.woocommerce.orders_place import Basket
from simulators.woocommerce.payments_company import Trouble

if TYPE_CHECKING:
    from scenarios.acts import Director

STAFF_LOOKS_S = 60.0
"""So often somebody at Mamut looks whether an order's document has come that they are to work on."""

SERVICE = ("FRAKT", "AVGIFT", "RABATT", "ORESAVR", "DESCRIPTION")
"""Articles that are no goods."""


# -- Mamut's register --------------------------------------------------------------------------------------------------


async def _variants(director: Director, act: tell.MamutVariants) -> None:
    main = {"product_no": act.number, "description": f"Vara {act.number}", "price_out": "200", **act.body}
    if not director.play.mamut.books.products_by_no(act.number):
        director.mamut_act("product.create", "", {**main, "properties": act.properties, "varies_by": act.varies_by})
    for number, *values in act.variants:
        names = ("property1", "property2")
        variant = {"main": act.number, **dict(zip(names, values, strict=False))}
        body = {"product_no": number, "description": f"{main['description']} {' '.join(values)}", "variant": variant}
        director.mamut_act("product.create", "", {"price_out": main["price_out"], **body, **act.each})
        if act.on_hand is not None:
            director.play.mamut.staff.count(number, act.on_hand)


async def _fill(director: Director, act: tell.MamutFill) -> None:
    director.play.changing()
    director.play.mamut.fill(act.start, products=act.count, start=act.start)


async def _duplicate(director: Director, act: tell.MamutDuplicate) -> None:
    director.play.changing()
    director.play.mamut.staff.duplicate_product(act.number)


async def _count(director: Director, act: tell.Count) -> None:
    mamut = director.play.mamut
    director.play.changing()
    for number in act.numbers or goods_of(director):
        rows = mamut.books.held.stock.get(mamut.books.product(number).pk, ())
        now = next((row.on_hand for row in rows if row.warehouse == act.warehouse), Decimal(0))
        on_hand = now + act.step if act.on_hand is None else act.on_hand
        mamut.staff.count(number, max(Decimal(0), on_hand), act.warehouse)


async def _till(director: Director, act: tell.Till) -> None:
    if not director.play.mamut.contacts():
        director.mamut_act("contact.create", "", {"name": "Kontant Kund", "kinds": ["customer"]})
    for turn in range(act.times):
        if turn and act.apart_s:
            await trio.sleep(act.apart_s)
        number = act.number or director.chance.choice(goods_of(director))
        director.play.changing()
        mamut = director.play.mamut
        try:
            mamut.staff.sell_in_till(mamut.contacts()[0].custid, {number: act.qty}, act.warehouse)
        except Refused as refused:
            director.play.trace.add("till_refused", code=refused.problem.code)


async def _price(director: Director, act: tell.Price) -> None:
    mamut = director.play.mamut
    for number in act.numbers or goods_of(director):
        price = act.price_out
        if act.factor is not None:
            price = (mamut.books.product(number).price_out * act.factor).quantize(Decimal("0.0001"))
        rules = None
        if act.categories is not None:
            held = mamut.books.held.prices.get(mamut.books.product(number).pk)
            rules = msgspec.structs.replace(held or PriceRules(), categories=list(act.categories))
        mamut.staff.set_price(number, price, rules)


async def _discounts(director: Director, act: tell.Discounts) -> None:
    director.play.mamut.staff.set_discounts(act.discounts)


def goods_of(director: Director) -> list[str]:
    """The articles that are goods: active, for the web, with a stock, and no main product of variants."""
    return [
        product.product_no
        for product in director.play.mamut.products()
        if product.web and product.use_store and not product.inactive and _is_sold(product)
    ]


def _is_sold(product: Product) -> bool:
    return not product.properties and product.product_no not in SERVICE


# -- Mamut's documents -------------------------------------------------------------------------------------------------


async def _staff(director: Director, act: tell.Staff) -> None:
    for order_id in director.ids(act.orders):
        director.background(_work_on, director, act, order_id)


async def _work_on(director: Director, act: tell.Staff, order_id: int) -> None:
    """Works on an order's documents as soon as they are there, after what was begun on them before."""
    async with director.turn_at(order_id):
        found = documents_to_work_on(director.play.mamut, director.documents_of(order_id), act)
        while not found:
            await trio.sleep(STAFF_LOOKS_S)
            found = documents_to_work_on(director.play.mamut, director.documents_of(order_id), act)
        if act.act == "cancel":
            director.deeds.by_hand.add(order_id)
        for document in found:
            director.play.changing()
            if act.act == "workday":
                Workday(director.play.mamut, director.chance).work(document.order_no, director.play.trace)
            else:
                try_work(director.play.mamut, document, act, director.play.trace)


# -- the shop ----------------------------------------------------------------------------------------------------------


async def _shop_variation(director: Director, act: tell.ShopVariation) -> None:
    if director.side.shop.products.by_sku(act.sku):
        director.side.do("PUT", director.product_path(act.sku), act.body)
        return
    path = f"{director.product_path(act.parent)}/variations"
    director.side.do("POST", path, {"sku": act.sku, **act.body})


async def _article_wish(director: Director, act: tell.ArticleWish) -> None:
    director.wish(f"{act.act}_article", args={"product_id": str(director.goods[act.sku])})


async def _remove_product(director: Director, act: tell.RemoveProduct) -> None:
    if not act.restore:
        await director.offered(director.side, [act.sku])
    product_id, variation_id = director.product_ids(act.sku)
    if act.restore:
        director.play.changing()
        director.side.shop.products.restore(variation_id or product_id)
        return
    path = f"/products/{product_id}" + (f"/variations/{variation_id}" if variation_id else "")
    director.side.do("DELETE", f"{path}{'?force=true' if act.for_good or variation_id else ''}")
    director.deeds.removed.add(act.sku)


async def _rename_product(director: Director, act: tell.RenameProduct) -> None:
    await director.offered(director.side, [act.sku])
    director.side.do("PUT", director.product_path(act.sku), {"sku": act.to})


async def _payment(director: Director, act: tell.Payment) -> None:
    (order_id,) = director.ids([act.order])
    director.side.shop.payments.trouble(order_id, Trouble(act.trouble) if act.trouble else None)


async def _shoppers(director: Director, act: tell.CrowdOfShoppers) -> None:
    """Each buys one piece; the shop window refuses those who come when all is sold."""
    await director.offered(director.side, [act.sku])
    for turn in range(act.count):
        if turn:
            await trio.sleep(act.apart_s)
        director.buy([(act.sku, 1)], "cod", None, company=False)


async def _direction(director: Director, act: tell.DirectionAct) -> None:
    director.wish(act.act, args={"direction": act.name})


async def _release(director: Director, act: tell.Release) -> None:
    """What is let through is the price as it is now, and no later one."""
    play = director.play
    shop = next(shop for shop in play.settings.shop if shop.key == director.side.key)
    for number in [act.number] if act.number else goods_of(director):
        article = play.mamut.books.product(number)
        price = goods_truth.prices(play.mamut, article, director.side, shop, play.calendar.now())
        director.deeds.released.setdefault(number, set()).add(price.regular)
    pk = play.mamut.books.product(act.number).pk if act.number else 0
    director.wish("release_prices", args={"pk": str(pk)} if pk else {})


async def _sync(director: Director, act: tell.Sync) -> None:
    await director.process.stop()
    director.background(director.clerk.do, act)


def basket(director: Director, lines: list[tuple[str, int]], method: str, address: dict[str, str]) -> Basket:
    ids = [director.product_ids(sku) for sku, _ in lines]
    goods = [(variation or product, qty) for (product, variation), (_, qty) in zip(ids, lines, strict=True)]
    return Basket(goods=goods, address=address, payment_method=method)


GOODS_ACTS: dict[type, Callable[[Director, Any], Awaitable[None]]] = {
    tell.MamutVariants: _variants,
    tell.MamutFill: _fill,
    tell.MamutDuplicate: _duplicate,
    tell.Count: _count,
    tell.Till: _till,
    tell.Price: _price,
    tell.Discounts: _discounts,
    tell.Staff: _staff,
    tell.ShopVariation: _shop_variation,
    tell.ArticleWish: _article_wish,
    tell.RemoveProduct: _remove_product,
    tell.RenameProduct: _rename_product,
    tell.Payment: _payment,
    tell.CrowdOfShoppers: _shoppers,
    tell.DirectionAct: _direction,
    tell.Release: _release,
    tell.Sync: _sync,
}
