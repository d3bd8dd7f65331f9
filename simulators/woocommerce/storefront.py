"""The shop window: the Store API that the block checkout uses, and plain pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulators.http import Request, Response
from simulators.woocommerce import php, schema
from simulators.woocommerce.call import (
    CREATE,
    READ,
    UPDATE,
    Arg,
    Body,
    Call,
    Endpoint,
    Json,
    Reply,
    RestError,
    Route,
    anybody,
)
from simulators.woocommerce.coupons_model import code_of
from simulators.woocommerce.orders_model import Address, Order
from simulators.woocommerce.products_text import slug_of
from simulators.woocommerce.storefront_cart import Cart, CartLine, cart_hash, totals
from simulators.woocommerce.storefront_checkout import Checkout
from simulators.woocommerce.storefront_render import StoreRenderer

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_BASE = "/wc/store/v1"
MOST_CARTS = 10_000
"""Carts kept at once; the oldest one goes for a new one."""

_ID, _TEXT = Arg(kind="integer"), Arg(kind="string")
_ADDRESS = Arg(kind="object")

Act = Callable[[Call, Cart], Reply]


class Storefront:
    """Carts are kept by their Cart-Token, which every answer hands out; no cookies."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.carts: dict[str, Cart] = {}
        self.checkout = Checkout(shop)

    def page(self, _request: Request) -> Response:
        """Any page of the shop that is no REST call; a visit, which may start cron."""
        return Response(status=200, headers=(("Content-Type", "text/html; charset=UTF-8"),), body=b"")

    def routes(self) -> list[Route]:
        adding = {"id": _ID, "quantity": Arg(kind="integer", default=1), "variation": Arg(kind="array")}
        keyed = {"key": _TEXT, "quantity": _ID}
        people = {"billing_address": _ADDRESS, "shipping_address": _ADDRESS}
        acts: dict[str, tuple[Act, dict[str, Arg]]] = {
            "add-item": (self._add, adding),
            "update-item": (self._change, keyed),
            "remove-item": (self._remove, keyed),
            "apply-coupon": (self._apply_coupon, {"code": _TEXT}),
            "remove-coupon": (self._remove_coupon, {"code": _TEXT}),
            "update-customer": (self._customer, people),
            "select-shipping-rate": (self._select, {"package_id": Arg(), "rate_id": _TEXT}),
        }
        placing = {**people, "payment_method": _TEXT, "customer_note": _TEXT, "create_account": Arg(kind="boolean")}
        return [
            Route(f"{_BASE}/cart", (Endpoint(READ, self._safe(self._show, write=False), anybody),)),
            *(
                Route(f"{_BASE}/cart/{name}", (Endpoint(CREATE, self._safe(act), anybody, args),))
                for name, (act, args) in acts.items()
            ),
            Route(
                f"{_BASE}/checkout",
                (
                    Endpoint(READ, self._safe(self._open), anybody),
                    Endpoint(UPDATE, self._safe(self._place), anybody, placing),
                ),
            ),
        ]

    # What every call has in common

    def _safe(self, act: Act, *, write: bool = True) -> Callable[[Call], Reply]:
        """An act with its cart, and with the headers of the Store API on its answer, errors too."""

        def answer(call: Call) -> Reply:
            cart, known = self._cart(call)
            try:
                if write and not known:
                    text = "Missing the Nonce header. This endpoint requires a valid nonce."
                    raise RestError("woocommerce_rest_missing_nonce", text, 401)
                reply = act(call, cart)
            except RestError as fault:
                reply = Reply(body=fault.body(), status=fault.status)
            reply.headers = [
                *reply.headers,
                ("Nonce", f"{self._shop.chance('nonces').getrandbits(40):010x}"),
                ("Cart-Token", cart.token),
                ("Cart-Hash", cart_hash(cart)),
            ]
            return reply

        return answer

    def _cart(self, call: Call) -> tuple[Cart, bool]:
        token = call.request.headers.get("cart-token", "") if call.request is not None else ""
        known = self.carts.get(token)
        if known is not None:
            return known, True
        cart = Cart(f"{self._shop.chance('carts').getrandbits(160):040x}")
        self.carts[cart.token] = cart
        if len(self.carts) > MOST_CARTS:
            del self.carts[next(iter(self.carts))]
        return cart, False

    def _shown(self, cart: Cart, status: int = 200) -> Reply:
        return Reply(body=StoreRenderer(self._shop).cart(cart, totals(self._shop, cart)), status=status)

    # The cart

    def _show(self, _call: Call, cart: Cart) -> Reply:
        return self._shown(cart)

    def _add(self, call: Call, cart: Cart) -> Reply:
        product = self._shop.products.sellable(php.to_int(call.args.get("id")))
        if product is None or product.price is None:
            raise RestError("woocommerce_rest_cart_invalid_product", "This product cannot be added to the cart.", 400)
        quantity = max(1, php.to_int(call.args.get("quantity", 1)))
        given = {slug_of(name): value for name, value in _chosen(call.args.get("variation"))}
        chosen = tuple(
            (key, value or given.get(key, ""))
            for key, _label, value, _text in product.attributes
            if product.variation_id
        )
        line = CartLine(product.product_id, product.variation_id, quantity, chosen)
        held = cart.lines[line.key].quantity if line.key in cart.lines else 0
        self._check(line, product.name, held + quantity)
        line.quantity = held + quantity
        cart.lines[line.key] = line
        return self._shown(cart, 201)

    def _check(self, line: CartLine, name: str, wanted: int) -> None:
        left = self.checkout.left(line.product_id, line.variation_id)
        if left is None or wanted <= left:
            return
        if left == 0:
            text = f"You cannot add &quot;{name}&quot; to the cart because the product is out of stock."
            raise RestError("woocommerce_rest_product_out_of_stock", text, 400)
        text = (
            f"You cannot add that amount of &quot;{name}&quot; to the cart because there is not enough stock "
            f"({left} remaining)."
        )
        raise RestError("woocommerce_rest_product_partially_out_of_stock", text, 400)

    def _line(self, call: Call, cart: Cart) -> CartLine:
        line = cart.lines.get(php.to_str(call.args.get("key")))
        if line is None:
            text = "Cart item no longer exists or is invalid."
            raise RestError("woocommerce_rest_cart_invalid_key", text, 409)
        return line

    def _change(self, call: Call, cart: Cart) -> Reply:
        line = self._line(call, cart)
        quantity = max(1, php.to_int(call.args.get("quantity")))
        product = self._shop.products.sellable(line.product_id, line.variation_id)
        self._check(line, product.name if product is not None else "", quantity)
        line.quantity = quantity
        return self._shown(cart)

    def _remove(self, call: Call, cart: Cart) -> Reply:
        del cart.lines[self._line(call, cart).key]
        return self._shown(cart)

    def _apply_coupon(self, call: Call, cart: Cart) -> Reply:
        code = code_of(php.to_str(call.args.get("code")))
        coupon = self._shop.coupons.by_code(code)
        fault = f"Coupon &quot;{code}&quot; cannot be applied because it does not exist."
        if coupon is not None:
            priced = totals(self._shop, cart)
            spent = sum(one.subtotal + sum(one.subtotal_taxes.values()) for one in priced.lines)
            fault = coupon.fault(self._shop.now(), spent, [one.product for one in priced.lines], cart.billing.email)
        if not fault and code in cart.coupons:
            fault = f"Coupon code &quot;{code}&quot; already applied!"
        if fault:
            raise RestError("woocommerce_rest_cart_coupon_error", fault, 400)
        cart.coupons = [*cart.coupons, code]
        return self._shown(cart)

    def _remove_coupon(self, call: Call, cart: Cart) -> Reply:
        code = code_of(php.to_str(call.args.get("code")))
        cart.coupons = [one for one in cart.coupons if one != code]
        return self._shown(cart)

    def _customer(self, call: Call, cart: Cart) -> Reply:
        self._set_people(call, cart)
        return self._shown(cart)

    def _set_people(self, call: Call, cart: Cart) -> None:
        cart.billing = _address(cart.billing, call.args.get("billing_address"))
        cart.shipping = _address(cart.shipping, call.args.get("shipping_address"))

    def _select(self, call: Call, cart: Cart) -> Reply:
        wanted = php.to_str(call.args.get("rate_id"))
        for rate in totals(self._shop, cart).rates:
            if rate.id == wanted:
                cart.method = rate.method.instance_id
        return self._shown(cart)

    # The checkout

    def _open(self, call: Call, cart: Cart) -> Reply:
        order = self._draft(call, cart)
        return Reply(body=StoreRenderer(self._shop).checkout(order, None))

    def _draft(self, call: Call, cart: Cart) -> Order:
        if not cart.lines:
            raise RestError("woocommerce_rest_cart_empty", "Cannot create order from empty cart.", 400)
        agent = call.request.headers.get("user-agent", "") if call.request is not None else ""
        return self.checkout.draft(cart, "127.0.0.1", agent)

    def _place(self, call: Call, cart: Cart) -> Reply:
        """Place the order. The draft is made before anything is checked, and stays when it is refused
        (`checkout_storefront[27]`)."""
        self._set_people(call, cart)
        order = self._draft(call, cart)
        if not schema.is_email(cart.billing.email):
            raise RestError("woocommerce_rest_missing_email_address", "A valid email address is required", 400)
        note = php.to_str(call.args.get("customer_note"))
        self.checkout.place(order, php.to_str(call.args.get("payment_method")), note)
        where = f"{self._shop.base}/checkout/order-received/{order.id}/?key={order.key}"
        details = [{"key": "result", "value": "success"}, {"key": "redirect", "value": where}]
        result: Body = {"payment_status": "success", "payment_details": details, "redirect_url": where}
        cart.lines, cart.coupons, cart.draft = {}, [], 0
        return Reply(body=StoreRenderer(self._shop).checkout(order, result))


def _address(known: Address, sent: Json) -> Address:
    if not isinstance(sent, dict):
        return known
    texts = {name: php.to_str(sent[name]) for name in Address.__struct_fields__ if sent.get(name) is not None}
    return Address(**{name: texts.get(name, getattr(known, name)) for name in Address.__struct_fields__})


def _chosen(sent: Json) -> list[tuple[str, str]]:
    rows = [one for one in sent if isinstance(one, dict)] if isinstance(sent, list) else []
    return [(php.to_str(one.get("attribute")), php.to_str(one.get("value"))) for one in rows]
