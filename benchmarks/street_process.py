"""Many simulated shops in one process: `python -m benchmarks.street_process SHOPS ORDERS`.

Each has one order, or with ORDERS 0 none. Says `listening on` and the ports; ends with its standard input.
"""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime

import trio

from simulators.serve import Server
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.orders_place import Basket, place
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.shop import Shop

BACKLOG = 16
BUYER = {
    "first_name": "Kim",
    "last_name": "Exempel",
    "address_1": "Storgatan 1",
    "postcode": "903 26",
    "city": "Umeå",
    "country": "SE",
    "email": "kim@post.example",
}


def _now() -> datetime:
    return datetime.now(UTC)


def _shop(orders: int) -> Shop:
    shop = Shop(ShopOptions(home="http://127.0.0.1"), _now, 1)
    if orders:
        product = Product(
            id=shop.ids.posts.next(),
            created=1,
            modified=1,
            name="Vara",
            sku="B-00001",
            price="100",
            regular_price="100",
        )
        shop.products.shelf.put(product)
        place(shop, Basket(goods=[(product.id, 1)], address=BUYER, payment_method="cod"))
    return shop


async def main(shops: int, orders: int) -> None:
    gc.set_threshold(50_000, 20, 50)
    gc.disable()  # What is made now lives until the end.
    async with trio.open_nursery() as nursery:
        ports = []
        for _ in range(shops):
            server = Server(_shop(orders), _now)
            (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1", backlog=BACKLOG)
            ports.append(listener.socket.getsockname()[1])
            nursery.start_soon(server.serve_tcp, listener)
        gc.freeze()
        gc.enable()
        sys.stdout.write(f"listening on {','.join(map(str, ports))}\n")
        sys.stdout.flush()
        await trio.to_thread.run_sync(sys.stdin.read, abandon_on_cancel=True)
        nursery.cancel_scope.cancel()


if __name__ == "__main__":
    trio.run(main, int(sys.argv[1]), int(sys.argv[2]))
