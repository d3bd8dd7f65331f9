"""What happened in the recorded shop between the recorded exchanges: what stood there before the first one, and what
the recorder did by hand (ran the queue, put the shop into maintenance, set a draft's date back).

A recording without directions of its own gets its past worked out from what it shows (conform_past.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.orders_model import Address
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.storefront_cart import Cart, CartLine


class Ask(msgspec.Struct, frozen=True):
    """A REST request that was made and not recorded; `post_id` is the id that what it makes must get."""

    method: str
    path: str
    body: Body
    post_id: int = 0


class Hand(msgspec.Struct, frozen=True):
    """Something done by hand on the server."""

    what: Callable[[Shop], None]


Act: TypeAlias = Ask | Hand


class Direction(msgspec.Struct, frozen=True):
    """Acts before the exchange `before`, a second before the first one and a moment before a later one. What an act
    makes is made when the recording shows that it was. `early` ones came before the queue was run for the exchange
    before."""

    before: int
    acts: tuple[Act, ...]
    early: bool = False

    def moment(self, exchange: Body) -> datetime:
        ahead = timedelta(seconds=1) if self.before == 0 else timedelta(milliseconds=300)
        return datetime.fromisoformat(exchange["at"]) - ahead


def product(post_id: int, name: str, price: str, **fields: Json) -> Ask:
    return Ask("POST", "/wp-json/wc/v3/products", {"name": name, "regular_price": price, **fields}, post_id)


def order(post_id: int, **fields: Json) -> Ask:
    return Ask("POST", "/wp-json/wc/v3/orders", fields, post_id)


def _cron(shop: Shop) -> None:
    """The shop had been running: its queue was due 28 seconds later, and a cron that hung was in its way for 63."""
    shop.work.anchor(shop.now() + 28, shop.now() + 63)


def _maintenance(shop: Shop) -> None:
    shop.maintenance = True


def _two_days_on(shop: Shop) -> None:
    """The dates of the draft are set back two days, and the daily job runs."""
    for order in shop.orders.with_status("checkout-draft", shop.now() + 1):
        order.modified -= 2 * 86_400
        shop.orders.keep(order)
    shop.orders.background.delete_drafts(shop.now() - 86_400)


RUN_QUEUE = Hand(lambda shop: shop.run_queue())


def _stock(pieces: int) -> Ask:
    return Ask("PUT", "/wp-json/wc/v3/products/11", {"stock_quantity": pieces})


def _managed(pieces: int) -> Body:
    return {"manage_stock": True, "stock_quantity": pieces}


def _line(product_id: int, quantity: int) -> list[Json]:
    return [{"product_id": product_id, "quantity": quantity}]


def _variation(post_id: int, parent: int, **fields: Json) -> Ask:
    return Ask("POST", f"/wp-json/wc/v3/products/{parent}/variations", fields, post_id)


def _shirt(post_id: int, **fields: Json) -> Ask:
    colour = {"name": "Färg", "options": ["Röd", "Blå"], "variation": True, "visible": True}
    body = {"name": "Tröja", "type": "variable", "attributes": [colour], **fields}
    return Ask("POST", "/wp-json/wc/v3/products", body, post_id)


def _gone(parent: int, variation: int) -> Ask:
    return Ask("DELETE", f"/wp-json/wc/v3/products/{parent}/variations/{variation}", {"force": True})


RED = [{"name": "Färg", "option": "Röd"}]
TEN_PER_CENT = {"code": "TIO", "discount_type": "percent", "amount": "10"}


def _coupon(post_id: int, body: Body) -> Ask:
    return Ask("POST", "/wp-json/wc/v3/coupons", body, post_id)


_STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")


def _listed_order(number: int) -> Ask:
    post_id = 13 + number + (number > 5)
    return order(
        post_id,
        status=_STATUSES[number],
        customer_id=2 if number % 2 else 0,
        transaction_id=f"TX-{number}",
        billing={"first_name": f"Namn{number}", "email": f"k{number}@kund.example", "country": "SE"},
        line_items=_line(11 if number < 4 else 12, 1),
    )


def _round(place: int, order_id: int, status: str, pieces: int, stock: int = 0) -> Direction:
    before = (_stock(stock),) if stock else ()
    return Direction(place, (*before, order(order_id, status=status, line_items=_line(11, pieces))))


def _orders(first: int, count: int) -> Ask:
    return Ask("POST", "/wp-json/wc/v3/orders/batch", {"create": [{}] * count}, first)


BILLING = {
    "first_name": "Åsa",
    "last_name": "Öberg",
    "address_1": "Storgatan 1",
    "address_2": "lgh 1102",
    "city": "Umeå",
    "postcode": "903 26",
    "country": "SE",
    "email": "asa@kund.example",
    "phone": "070-123 45 67",
}
"""The invented customer of the recordings."""

CUSTOMER = Ask("POST", "/wp-json/wc/v3/customers", {"email": "kund@kund.example", "first_name": "Asa"})


def _a_cart(shop: Shop) -> None:
    """A shopper has put something into the cart, under the token that the recording shows."""
    home = Address("Åsa", "Öberg", "", "Storgatan 1", "lgh 1102", "Umeå", "", "903 26", "SE")
    billing = msgspec.structs.replace(home, email="asa@kund.example", phone="070-123 45 67")
    shipping = Address("Bo", "Ek", "Ek Bygg AB", "Lagergatan 9", "", "Luleå", "", "972 31", "SE", "", "0920-1")
    shop.storefront.carts["PLACEHOLDER"] = Cart("PLACEHOLDER", {"": CartLine(11, 0, 1)}, [], billing, shipping)


def _three_carts(shop: Shop) -> None:
    """Three shoppers have the last piece in their carts."""
    for number in range(3):
        token = f"PLACEHOLDER {number}"
        shop.storefront.carts[token] = Cart(token, {"": CartLine(11, 0, 1)}, [], Address(), Address())


RESTORE_PRODUCT = Hand(lambda shop: shop.products.restore(23))

DIRECTIONS: dict[str, tuple[Direction, ...]] = {
    "caching": (
        Direction(0, (product(11, "Vara", "10"), order(12, status="pending"))),
    ),
    "errors": (
        Direction(
            0,
            (
                product(11, "Vara", "10", **_managed(5)),
                order(12, status="processing", line_items=_line(11, 1)),
            ),
        ),
        Direction(72, (Hand(_maintenance),)),
    ),
    "customers": (Direction(33, (product(11, "Vara", "10"),)),),
    "background": (
        Direction(4, (RUN_QUEUE,)),
        Direction(8, (RUN_QUEUE,)),
        Direction(12, (product(14, "Lager", "10", **_managed(10)),)),
        Direction(15, (RUN_QUEUE,)),
        Direction(20, (Hand(_two_days_on),)),
    ),
    "checkout_storefront": (
        Direction(
            0,
            (
                product(11, "Vara 25", "99.90", sku="C-25", **_managed(5)),
                product(12, "Mat 12", "47.50", sku="C-12", tax_class="reduced-rate"),
                _shirt(13),
                _variation(14, 13, regular_price="249", sku="C-V-R", attributes=RED, **_managed(10)),
                _coupon(15, TEN_PER_CENT),
            ),
        ),
    ),
    "concurrency": (
        Direction(0, (product(11, "Vara", "10", **_managed(100)),)),
        Direction(18, (_stock(100),)),
        *(_round(50 + 5 * number, 25 + number, "pending", 3, 100) for number in range(6)),
        _round(81, 31, "processing", 3),
        _round(85, 32, "pending", 1),
        _round(90, 33, "processing", 1),
        _round(95, 38, "processing", 1),
        _round(100, 43, "processing", 1),
        _round(105, 46, "processing", 1),
        *(Direction(111 + 5 * number, (Hand(_three_carts),)) for number in range(5)),
    ),
    "orders_create": (
        Direction(
            0,
            (
                product(11, "Vara 25", "125", sku="O-25", **_managed(100)),
                product(12, "Mat 12", "99.95", sku="O-12", tax_class="reduced-rate", **_managed(100)),
                product(13, "Bok 6", "189", sku="O-6", tax_class="super-reduced-rate"),
                product(14, "Öresvara", "9.99", sku="O-ODD"),
                product(15, "Momsfri", "50", sku="O-NONE", tax_status="none"),
                _shirt(16),
                _variation(17, 16, regular_price="249", sku="O-V-R", attributes=RED, **_managed(10)),
                _variation(18, 16, regular_price="249", sku="O-V-A"),
            ),
        ),
        Direction(59, (product(60, "Fil", "10", virtual=True, downloadable=True),)),
        Direction(
            69,
            (
                product(
                    70,
                    "Med bild",
                    "10",
                    sku="O-IMG",
                    images=[{"src": "http://receiver.example:9310/bild.png"}],
                ),
            ),
        ),
    ),
    "orders_lifecycle": (Direction(0, (product(11, "Vara", "125", **_managed(100)),)),),
    "orders_list": (
        Direction(0, (product(11, "Vara 1", "100"), product(12, "Vara 2", "100"), CUSTOMER)),
        Direction(0, tuple(_listed_order(number) for number in range(7))),
    ),
    "orders_modified": (
        Direction(0, (CUSTOMER, product(11, "Vara", "125", sku="OM-1", **_managed(100)))),
    ),
    "orders_refunds_notes": (
        Direction(
            0,
            (
                product(11, "Vara", "125", sku="R-1", **_managed(100)),
                product(12, "Mat", "112", sku="R-2", tax_class="reduced-rate", **_managed(100)),
            ),
        ),
        Direction(54, (order(28, status="pending"),)),
    ),
    "orders_update": (
        Direction(
            0,
            (
                product(11, "Vara", "125", sku="U-1", **_managed(100)),
                product(12, "Vara 2", "50", sku="U-2", **_managed(100)),
            ),
        ),
        Direction(41, (order(14, status="processing", line_items=_line(12, 1), billing={"country": "SE"}),)),
        Direction(
            46,
            (
                Ask("PUT", "/wp-json/wc/v3/products/11", {"name": "Nytt namn", "regular_price": "999"}),
                order(15, status="pending", line_items=_line(11, 1), billing={"country": "SE"}),
            ),
        ),
    ),
    "products_batch": (
        Direction(
            0,
            (
                product(11, "A", "10", sku="B-A"),
                product(12, "B", "10", sku="B-B"),
                product(13, "C", "10", sku="B-C"),
            ),
        ),
    ),
    "products_list": (
        Direction(0, tuple(product(10 + n, f"Vara {n}", f"{n}0", sku=f"V-{n}") for n in range(1, 8))),
    ),
    "products_modified": (
        Direction(0, (Ask("POST", "/wp-json/wc/v3/products/categories", {"name": "K1"}),)),
    ),
    "variations": (
        Direction(16, tuple(_gone(11, variation) for variation in (14, 15, 16, 18))),
        Direction(59, (product(20, "Annan", "10"),)),
        Direction(63, (product(22, "Enkel", "10"),)),
        Direction(69, (_shirt(27), _variation(28, 27, regular_price="249", attributes=RED))),
    ),
    "throughput": (
        Direction(
            0,
            (
                product(11, "P1-0", "100", **_managed(100)),
                *(product(111 + n, f"P1-{n}", "100", sku=f"TP-1-{n}", **_managed(1000)) for n in (33, 34, 35)),
                *(_orders(200 + 100 * n, count) for n, count in enumerate((100, 100, 19))),
                order(
                    560,
                    status="processing",
                    billing=BILLING,
                    line_items=[*_line(144, 1), *_line(145, 2), *_line(146, 3)],
                    shipping_lines=[{"method_id": "flat_rate", "method_title": "PostNord", "total": "39.20"}],
                ),
            ),
        ),
    ),
    "webhooks": (
        Direction(54, (Hand(lambda shop: shop.orders.restore(21)),)),
        Direction(56, (Hand(_a_cart),)),
        Direction(64, (RESTORE_PRODUCT,), early=True),
    ),
    "webhooks_delay": (Direction(0, (Hand(_cron),)),),
    "tax_variants": (
        Direction(
            0,
            (
                product(11, "Vara 25", "99.95", sku="T-25"),
                product(12, "Mat 12", "33.33", sku="T-12", tax_class="reduced-rate"),
                product(13, "Bok 6", "19.99", sku="T-6", tax_class="super-reduced-rate"),
                _coupon(14, TEN_PER_CENT),
            ),
        ),
    ),
}  # fmt: skip
"""By scenario."""

BODIES: dict[str, dict[int, Body]] = {
    "errors": {
        59: {"customer_note": "x" * 70_000},
        64: {"meta_data": [{"key": "stor", "value": "v" * 100_000}]},
    }
}
"""Request bodies that the recordings cut short."""
