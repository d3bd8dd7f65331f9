"""Many addresses, one simulated shop behind them: `python -m benchmarks.street_process SHOPS ORDERS`.

For an agent each is a shop of its own with a connection of its own, and a thousand whole shops would not fit beside it.
Says `listening on` and the ports; ends with its standard input.
"""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime

import trio

from simulators.serve import Server
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.shoppers import Visit, place_orders

BACKLOG = 2_000
"""Connections that may wait to be taken: a thousand shops are visited within a second."""


def _now() -> datetime:
    return datetime.now(UTC)


async def main(shops: int, orders: int) -> None:
    gc.set_threshold(50_000, 20, 50)
    shop = Shop(ShopOptions(home="http://127.0.0.1"), _now, 1)
    shop.products.shelf.put(
        Product(
            id=shop.ids.posts.next(),
            created=1,
            modified=1,
            name="Vara",
            sku="B-00001",
            price="100",
            regular_price="100",
        )
    )
    place_orders(shop, Visit(n=orders, seed=1, payment_method="cod", company_share=0))
    server = Server(shop, _now)
    async with trio.open_nursery() as nursery:
        ports = []
        for _ in range(shops):
            (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1", backlog=BACKLOG)
            ports.append(listener.socket.getsockname()[1])
            nursery.start_soon(server.serve_tcp, listener)
        sys.stdout.write(f"listening on {','.join(map(str, ports))}\n")
        sys.stdout.flush()
        await trio.to_thread.run_sync(sys.stdin.read, abandon_on_cancel=True)
        nursery.cancel_scope.cancel()


if __name__ == "__main__":
    trio.run(main, int(sys.argv[1]), int(sys.argv[2]))
