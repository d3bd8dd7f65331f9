"""What the shop's staff do with products in its admin pages: no REST call, but the same rules, dates and hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce.call import Json
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_write import Writer, start
from simulators.woocommerce.variations_write import VariationWriter

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


def add(shop: Shop, **fields: Json) -> int:
    """A new product with the fields of the REST API; its id.

    Raises:
        RestError: a field is refused, e.g. a SKU that is taken.
    """
    writer, one = Writer(shop, shop.products), start(shop.products, 0, shop.now())
    writer.write(None, one, {"type": "simple", "status": "publish", **fields}, {})
    one.id = shop.ids.posts.next()
    writer.post(None, one)
    shop.products.save(one, "created")
    return one.id


def edit(shop: Shop, id_: int, **fields: Json) -> None:
    """Change a product or a variation, with the fields of the REST API.

    Raises:
        RestError: a field is refused.
        KeyError: there is no such product.
    """
    old = shop.products.shelf.things[id_]
    one = shop.products.shelf.draft(old)
    if old.type == "variation":
        VariationWriter(shop, shop.products).write(old, one, fields, {})
    else:
        writer = Writer(shop, shop.products)
        writer.write(old, one, fields, {})
        writer.post(old, one)
        _drop_variations(shop, old, one)
    shop.products.save(one)


def _drop_variations(shop: Shop, old: Product, one: Product) -> None:
    if old.type == "variable" and one.type != "variable":
        for child in shop.products.shelf.children(old.id):
            shop.products.shelf.remove(child)


def throw_away(shop: Shop, id_: int) -> None:
    """To the trash, from which `Products.restore` brings it back.

    Raises:
        KeyError: there is no such product.
        RestError: it is there already.
    """
    shop.products.trash(shop.products.shelf.things[id_])
