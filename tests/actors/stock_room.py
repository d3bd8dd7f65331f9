"""Shops that show Mamut's stock: real systems, the whole agent, nothing governed by Mamut but stock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import msgspec
import trio

from agent.app import Agent
from agent.settings.tree import ReadingSettings
from agent.settings.tree_goods import PriceSettings, ProductSettings, RegisterSettings, StockSettings
from scenarios.play import Play, ShopSide, shop_settings, suppress_killed
from simulators.http import Request, Response
from simulators.woocommerce.options import ShopOptions

SECOND = "utlopp"
REST_S = 400.0
"""Longer than a reading of Mamut's stock and a look at each shop take, with their pauses."""

SELLING = ("on-hold", "processing", "completed")


class StockRoom:
    """One or two shops with goods B-00001 …, as Mamut has articles of those numbers. With
    `slow_s` everything is read that seldom, for long times."""

    def __init__(self, world: Play, shops: dict[str, StockSettings], goods: int = 10, *, slow_s: float = 0.0) -> None:
        self.world = world
        self.profiles = shops
        self.goods = [f"B-{number:05d}" for number in range(1, goods + 1)]
        self.ids: dict[str, dict[str, int]] = {}
        self.asked: dict[str, list[tuple[str, str, bytes]]] = {}
        self.before_write: list[Callable[[], None]] = []
        world.mamut.fill(world.seed, products=goods, contacts=5)
        for article in self.goods:
            world.mamut.staff.count(article, Decimal(20))
            world.mamut.staff.count(article, Decimal(0), 2)
        self.reading = ReadingSettings(interval_s=slow_s or 60.0)
        if slow_s:
            register = RegisterSettings(stock_every_s=slow_s, articles_every_s=slow_s)
            mamut = msgspec.structs.replace(world.settings.mamut, register=register)
            world.settings = msgspec.structs.replace(world.settings, mamut=mamut)
        for key, profile in shops.items():
            self._open(key, profile)

    def _open(self, key: str, profile: StockSettings) -> None:
        options = ShopOptions(home=f"https://{key}.example")
        off = {"products": ProductSettings(enabled=False), "prices": PriceSettings(enabled=False)}
        side = self.world.add_shop(shop_settings(key, flow=2, stock=profile, reading=self.reading, **off), options)
        rows = [{"name": sku, "sku": sku, "regular_price": "100"} for sku in self.goods]
        made = [side.do("POST", "/products/batch", {"create": rows[at : at + 100]}) for at in range(0, len(rows), 100)]
        self.ids[key] = {row["sku"]: row["id"] for page in made for row in page["create"]}
        asked = self.asked[key] = []

        def gate(request: Request) -> Response | None:
            path = request.path.removeprefix("/wp-json/wc/v3")
            asked.append((request.method, path, request.body))
            if request.method == "POST" and path.startswith("/products"):
                while self.before_write:
                    self.before_write.pop()()
            return None

        side.gate = gate

    def side(self, key: str = "butik") -> ShopSide:
        return self.world.shops[key]

    @asynccontextmanager
    async def working(self, *, kill_at: int | None = None) -> AsyncIterator[Agent]:
        """A life of the agent; leaving the block kills it."""
        journal = self.world.open_journal()
        journal.kill_at = kill_at
        try:
            agent = Agent(self.world.settings, self.world.secrets(), journal, self.world.world())
            with suppress_killed():
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(agent.run)
                    yield agent
                    journal.dead = True
                    nursery.cancel_scope.cancel()
        finally:
            journal.close()

    async def rest(self, seconds: float = REST_S) -> None:
        await trio.sleep(seconds)

    # -- what people do --------------------------------------------------------------------------------------------

    def buy(self, key: str = "butik", *lines: tuple[str, int], status: str = "processing") -> int:
        body = {
            "status": status,
            "payment_method": "bacs",
            "billing": {
                "first_name": "Kim",
                "last_name": "Exempel",
                "address_1": "Storgatan 1",
                "postcode": "903 26",
                "city": "Umeå",
                "country": "SE",
                "email": "kim@post.example",
            },
            "line_items": [{"product_id": self.ids[key][sku], "quantity": qty} for sku, qty in lines],
        }
        return int(self.side(key).do("POST", "/orders", body)["id"])

    def set_status(self, order_id: int, status: str, key: str = "butik") -> None:
        self.side(key).do("PUT", f"/orders/{order_id}", {"status": status})

    def till(self, sku: str, qty: int = 1) -> None:
        """The till sells from its own warehouse, which owes what it has not got."""
        contact = self.world.mamut.contacts()[0]
        self.world.mamut.staff.sell_in_till(contact.custid, {sku: Decimal(qty)})

    # -- what the systems say --------------------------------------------------------------------------------------

    def shown(self, key: str = "butik") -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        for page in range(1, 200):
            rows = self.side(key).do("GET", f"/products?per_page=100&page={page}&_fields=sku,stock_quantity")
            found.update((row["sku"], row["stock_quantity"]) for row in rows)
            if len(rows) < 100:
                break
        return found

    def unbooked(self) -> dict[str, int]:
        """What the shops' orders hold and Mamut has no document for, by article."""
        booked = {document.external_no for document in self.world.mamut.orders()}
        held: dict[str, int] = {}
        for key, side in self.world.shops.items():
            for order_id, order in side.orders().items():
                if order["status"] not in SELLING or f"{key}:{order_id}" in booked:
                    continue
                for line in order["line_items"]:
                    held[line["sku"]] = held.get(line["sku"], 0) + line["quantity"]
        return held

    def available(self, sku: str, profile: StockSettings | None = None) -> int:
        """Mamut's own figure."""
        counted = (profile or StockSettings()).warehouses
        product = self.world.mamut.books.product(sku)
        rows = self.world.mamut.books.held.stock[product.pk]
        return int(sum(row.on_hand - row.reserved for row in rows if not counted or row.warehouse in counted))

    def may_be_sold(self, key: str = "butik") -> dict[str, int]:
        profile, held = self.profiles[key], self.unbooked()
        return {sku: max(0, self.available(sku, profile) - held.get(sku, 0) - profile.buffer) for sku in self.goods}

    def wrong(self) -> dict[tuple[str, str], tuple[int | None, int]]:
        """The figures of all shops that are not what may be sold there, with what may: neither more nor less
        will do. Below nought nothing is sold, however far: an order made by hand may take what is not there."""
        return {
            (key, sku): (shown, may)
            for key in self.profiles
            for (sku, shown), may in zip(
                sorted(self.shown(key).items()), dict(sorted(self.may_be_sold(key).items())).values(), strict=True
            )
            if shown is None or max(0, shown) != may
        }

    def writes(self, key: str = "butik") -> list[list[dict[str, Any]]]:
        """The rows of each batch of products that was sent."""
        return [
            msgspec.json.decode(body)["update"]
            for method, path, body in self.asked[key]
            if method == "POST" and path.startswith("/products")
        ]

    def forget_requests(self) -> None:
        for asked in self.asked.values():
            asked.clear()
