"""The agent's port on one end, a simulated shop on the other, and what a test may put between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import msgspec
import trio

from agent.model.goods import ProductKind, ProductWrite, ShopProduct
from agent.model.ids import ShopKey
from agent.remote.net import Net
from agent.remote.pace import Pace
from agent.remote.woocommerce.auth import AuthWay, Signer
from agent.remote.woocommerce.client import WooCommerce
from scenarios.play import ShopSide
from scenarios.stage import Calendar, Network
from scenarios.trace import Exchange
from simulators.http import Request, Response
from simulators.woocommerce.options import ShopOptions

HOME = "https://butik.example"

JSON = (("Content-Type", "application/json; charset=UTF-8"),)


class ShopBench:
    """One shop with its port. Paths are those below /wp-json/wc/v3."""

    def __init__(self, side: ShopSide, port: WooCommerce) -> None:
        self.side = side
        self.port = port
        self.do = side.do

    def product(self, product_id: int) -> dict[str, Any]:
        """A product as the shop's own people see it, whole."""
        found: dict[str, Any] = self.do("GET", f"/products/{product_id}?context=edit")
        return found

    def variation(self, parent_id: int, product_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.do("GET", f"/products/{parent_id}/variations/{product_id}?context=edit")
        return found

    @property
    def asked(self) -> list[Exchange]:
        """Everything that the port has asked."""
        return self.side.trace.exchanges

    def answer_with(self, change: Callable[[Request, Response], Response | None]) -> None:
        """From now on the shop does what it is asked, and `change` is what comes back; None leaves it as it is."""

        def gate(request: Request) -> Response | None:
            response = self.side.shop.handle(request)
            return change(request, response) or response

        self.side.gate = gate

    def refuse(self, status: int, *paths: str, code: str = "") -> None:
        """From now on nothing is done at these paths, which are answered so."""

        def gate(request: Request) -> Response | None:
            if not any(path in request.path for path in paths):
                return None
            if not code:
                return Response(status=status, headers=(("Content-Type", "text/html"),), body=b"<html>no</html>")
            return Response(status=status, headers=JSON, body=msgspec.json.encode({"code": code, "message": "No."}))

        self.side.gate = gate


@asynccontextmanager
async def shop_bench(options: ShopOptions | None = None, **changes: Any) -> AsyncIterator[ShopBench]:
    """A shop and its port; `changes` are options of the shop."""
    options = msgspec.structs.replace(options or ShopOptions(home=HOME), **changes)
    async with trio.open_nursery() as nursery:
        calendar, network = Calendar(), Network(nursery)
        side = ShopSide("butik", calendar, 1, options)
        network.put("butik.example", side.server)
        key = options.keys[0]
        chance = Random(1)
        signer = Signer(
            key.consumer_key,
            key.consumer_secret,
            AuthWay.BASIC,
            calendar.now,
            lambda: f"{chance.getrandbits(128):032x}",
        )
        net = Net(network.transports(HOME, True), connections=3, timeout_s=30, user_agent="test")
        port = WooCommerce(ShopKey("butik"), HOME, net, signer, calendar.now, Pace(3))
        yield ShopBench(side, port)
        await port.aclose()
        nursery.cancel_scope.cancel()


def simple(**fields: Any) -> ShopProduct:
    return ShopProduct(kind=ProductKind.SIMPLE, **fields)


def variable(**fields: Any) -> ShopProduct:
    return ShopProduct(kind=ProductKind.VARIABLE, **fields)


def variation(**fields: Any) -> ShopProduct:
    return ShopProduct(kind=ProductKind.VARIATION, **fields)


def making(*products: ShopProduct) -> tuple[ProductWrite, ...]:
    """Rows that make these, by Mamut's internal numbers 1, 2 and so on."""
    return tuple(ProductWrite(pk=pk, product_id=0, product=product) for pk, product in enumerate(products, 1))


def changing(product_id: int, product: ShopProduct) -> tuple[ProductWrite, ...]:
    return (ProductWrite(pk=1, product_id=product_id, product=product),)
