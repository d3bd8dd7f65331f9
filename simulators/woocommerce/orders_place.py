"""An order placed by a shopper in the shop window, without the HTTP in between: for scenarios and demos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.orders_model import Address, Order
from simulators.woocommerce.storefront_cart import Cart, CartLine

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """What a shopper buys and how.

    `goods` are product or variation ids with their quantities. `address` is a person's as simulators.people gives it;
    `ship_to` another one, if the goods go elsewhere. `method` is the instance id of a shipping method, 0 for the first
    one that the shop offers.
    """

    goods: Sequence[tuple[int, int]]
    address: Mapping[str, str]
    ship_to: Mapping[str, str] | None = None
    payment_method: str = "bacs"
    method: int = 0
    coupons: Sequence[str] = ()
    note: str = ""
    customer_id: int = 0
    meta: Mapping[str, str] = {}


def place(shop: Shop, basket: Basket) -> Order:
    """Buy: the same draft, checks, stock, notes, mails and status as the block checkout gives.

    Raises:
        KeyError: for goods that the shop does not have.
        RestError: when the shop refuses, as it would a shopper: out of stock, no such payment method.
    """
    cart = Cart("", method=basket.method, coupons=[code.lower() for code in basket.coupons])
    cart.billing = _address(basket.address)
    cart.shipping = _address(basket.ship_to or basket.address)
    for id_, quantity in basket.goods:
        product = shop.products.sellable(id_)
        if product is None:
            raise KeyError(id_)
        values = tuple((key, value) for key, _label, value, _text in product.attributes if product.variation_id)
        line = CartLine(product.product_id, product.variation_id, quantity, values)
        held = cart.lines.get(line.key)
        line.quantity += held.quantity if held is not None else 0
        cart.lines[line.key] = line
    order = shop.storefront.checkout.draft(cart, "127.0.0.1", "Mozilla/5.0")
    order.customer_id = basket.customer_id
    for key, value in basket.meta.items():
        shop.orders.writer.put_meta(order, key, value)
    return shop.storefront.checkout.place(order, basket.payment_method, basket.note)


def _address(given: Mapping[str, str]) -> Address:
    return Address(**{name: given.get(name, "") for name in Address.__struct_fields__})
