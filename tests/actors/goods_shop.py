"""A shop, a Mamut and the directions of products and prices between them, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import apsw
import msgspec
import trio

from agent.actors.desk import Desk
from agent.actors.goods_direction import GoodsLoop
from agent.actors.linker import Linker
from agent.actors.mamut_writer import MamutWriter
from agent.actors.price_direction import PriceDirection
from agent.actors.price_list_direction import PriceListDirection
from agent.actors.pricing import Pricing
from agent.actors.product_direction import ProductDirection
from agent.actors.register_reader import RegisterReader
from agent.actors.shelf import Shelf
from agent.flows import DirectionName
from agent.journal import links, records, tasks
from agent.journal.journal import Journal
from agent.journal.passes import Part
from agent.model.goods import ArticleCard, ShopPrice, ShopStock
from agent.model.ids import ShopKey
from agent.model.link import Link
from agent.remote.mamut.client import Mamut as MamutClient
from agent.remote.net import Net
from agent.remote.ports import MamutCompany
from agent.remote.woocommerce.auth import AuthWay, Signer
from agent.remote.woocommerce.client import WooCommerce
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import RegisterSettings
from scenarios.play import MAMUT_HOST, MortalJournal, Play, ShopSide, play, shop_settings, suppress_killed
from simulators.mamut.products import ProductBody, VariantBody

PRODUCTS = DirectionName.PRODUCTS_TO_SHOP
PRICES = DirectionName.PRICES_TO_SHOP
PRICE_LISTS = DirectionName.PRICE_LISTS_TO_SHOP

REST_S = 48 * 3600.0
"""The longest that a test waits for all to come to rest (virtual)."""


class GoodsShop:
    """Make it in a play. `sync` lets an agent read Mamut and write the shop until there is nothing left to do."""

    def __init__(
        self, world: Play, settings: ShopSettings, directions: tuple[DirectionName, ...] = (PRODUCTS, PRICES)
    ) -> None:
        self.world = world
        self.settings = settings
        self.directions = directions
        self.side: ShopSide = world.add_shop(settings)
        self.key = ShopKey(settings.key)
        self.do = self.side.do
        self.register = RegisterSettings()
        self._lives = 0

    # -- Mamut's people ------------------------------------------------------------------------------------------------

    def article(self, product_no: str, price: str = "80", **fields: Any) -> None:
        body = ProductBody(
            product_no=product_no,
            **{"description": f"Vara {product_no}", "price_out": Decimal(price), "web": True, "group": 1, **fields},
        )
        self.world.mamut.act("product.create", body=body)

    def main(self, product_no: str, *properties: str, **fields: Any) -> None:
        self.article(product_no, properties=list(properties), **fields)

    def variant(self, product_no: str, main: str, first: str, second: str | None = None, **fields: Any) -> None:
        self.article(product_no, variant=VariantBody(main=main, property1=first, property2=second), **fields)

    def change(self, product_no: str, /, **fields: Any) -> None:
        self.world.mamut.staff.change_product(product_no, ProductBody(**fields))

    # -- the agent -----------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def agent(self, journal: MortalJournal) -> AsyncIterator[tuple[RegisterReader, list[GoodsLoop]]]:
        """Everything at work until the block ends, which is as a kill."""
        world, clock = self.world, self.world.calendar.now
        self._lives += 1
        chance = Random(f"{world.seed}/{self._lives}")
        mamut_net = Net(world.network.transports("", True), connections=1, timeout_s=60.0, user_agent="Brygga/test")
        mamut = MamutClient(f"http://{MAMUT_HOST}", "001", "brygga", "simulerad", "SRV", mamut_net)
        net = Net(
            world.network.transports("", True),
            connections=3,
            timeout_s=self.settings.reading.timeout_s,
            user_agent="Brygga/test",
        )
        key = self.side.options.keys[0]
        signer = Signer(
            key.consumer_key, key.consumer_secret, AuthWay.BASIC, clock, lambda: f"{chance.getrandbits(64)}"
        )
        port = WooCommerce(self.key, self.settings.address, net, signer, clock)
        desk = Desk()
        loops: list[GoodsLoop] = []

        def look() -> None:
            for loop in loops:
                loop.bell.ring()

        async def opened(company: MamutCompany) -> None:
            text = msgspec.json.encode(company).decode()
            await journal.run(lambda tx: records.set_value(tx, records.MAMUT_COMPANY, text))

        writer = MamutWriter(mamut, journal, desk, clock, Random(1), lambda _: None, opened)
        reader = RegisterReader(
            desk,
            journal,
            clock,
            Random(2),
            self.register,
            [(self.key, name) for name in self.directions],
            lambda _: look(),
        )
        shelf = Shelf(port, clock)
        followers = tuple(name for name in self.directions if name is not PRODUCTS)
        linker = Linker(port, followers, makes=PRODUCTS in self.directions)
        pricing = Pricing(
            self.settings, port, journal, clock, chance, shelf, linker, is_known=lambda: True, progress=lambda: None
        )
        prices, price_lists = PriceDirection(pricing), PriceListDirection(pricing)

        def facets(tx: apsw.Connection, shop: ShopKey, card: ArticleCard) -> tuple[ShopPrice | None, ShopStock | None]:
            return (prices.facet(tx, shop, card) if PRICES in self.directions else None), None

        products = ProductDirection(
            self.settings,
            port,
            desk,
            journal,
            clock,
            chance,
            shelf,
            linker,
            is_known=lambda: True,
            progress=lambda: None,
            linked=look,
            parts=(Part.ARTICLES, Part.PRICES) if PRICES in self.directions else (Part.ARTICLES,),
            facets=facets,
        )
        loops += [products.loop] if PRODUCTS in self.directions else []
        loops += [prices.loop] if PRICES in self.directions else []
        loops += [price_lists.loop] if PRICE_LISTS in self.directions else []
        async with trio.open_nursery() as nursery:
            nursery.start_soon(writer.run)
            nursery.start_soon(reader.run)
            for loop in loops:
                nursery.start_soon(loop.run)
            yield reader, loops
            nursery.cancel_scope.cancel()

    async def sync(self, *, kill_at: int | None = None, settle_s: float = 0.0) -> bool:
        """A life from start to rest, or until its `kill_at`; true when it came to rest. The register is read anew."""
        journal = self.world.open_journal()
        journal.kill_at = kill_at
        try:
            with suppress_killed() as killed:
                async with self.agent(journal) as (reader, loops):
                    await rested(reader, loops)
                    if settle_s:
                        await trio.sleep(settle_s)
                        await rested(reader, loops)
                    journal.dead = True
            return not killed
        finally:
            journal.close()

    # -- what came of it ----------------------------------------------------------------------------------------------

    def products(self) -> dict[str, dict[str, Any]]:
        """Every product and variation of the shop by article number, as its own people see them."""
        found: dict[str, dict[str, Any]] = {}
        page = 1
        while rows := self.do("GET", f"/products?per_page=100&orderby=id&order=asc&context=edit&page={page}"):
            for row in rows:
                assert row["sku"] not in found, row["sku"]
                found[row["sku"]] = row
                if row["type"] == "variable":
                    for each in self.do("GET", f"/products/{row['id']}/variations?per_page=100&context=edit"):
                        assert each["sku"] not in found, each["sku"]
                        found[each["sku"]] = {**each, "parent": row["id"]}
            page += 1
        return found

    def look(self) -> Journal:
        return self.world.journal()

    def link(self, product_no: str) -> Link | None:
        journal = self.world.journal()
        try:
            return journal.view(lambda tx: links.get(tx, self.key, self.pk(product_no)))
        finally:
            journal.close()

    def pk(self, product_no: str) -> int:
        return next(row.pk for row in self.world.mamut.products() if row.product_no == product_no)

    def said(self, product_no: str, direction: DirectionName = PRODUCTS) -> str:
        """The code of what a direction last said of an article; empty when it never said anything."""
        return self.told(product_no, direction)[0]

    def told(self, product_no: str, direction: DirectionName = PRODUCTS) -> tuple[str, dict[str, str]]:
        journal = self.world.journal()
        try:
            rows = journal.view(lambda tx: tasks.said(tx, self.key, self.pk(product_no)))
        finally:
            journal.close()
        for row in rows:
            if row.direction == direction:
                return row.code, msgspec.json.decode(row.params, type=dict[str, str])
        return "", {}

    def left(self, direction: DirectionName = PRODUCTS) -> dict[str, tuple[str, bool]]:
        """Tasks that are not done: code, and whether they wait for a person."""
        numbers = {row.pk: row.product_no for row in self.world.mamut.products()}
        journal = self.world.journal()
        try:
            rows = journal.view(lambda tx: tasks.due(tx, self.key, direction, 2**60, 10**6))
            held = journal.view(lambda tx: tasks.held(tx, self.key, direction))
        finally:
            journal.close()
        found = {numbers[row.pk]: (row.code, False) for row in rows}
        return found | {numbers[row.pk]: (row.code, True) for row in held}

    def writes(self) -> list[str]:
        """The paths of all batches that the shop has been sent, but for those of categories."""
        return [path for path in self.batches() if "/categories/" not in path]

    def batches(self) -> list[str]:
        asked = self.world.trace.exchanges
        return [each.path for each in asked if each.method == "POST" and each.path.endswith("/batch")]

    def requests(self) -> int:
        """Requests of the agent to the shop."""
        return sum(1 for each in self.world.trace.exchanges if each.path.startswith("/wp-json"))


async def rested(reader: RegisterReader, loops: list[GoodsLoop]) -> None:
    """Until the register has been read and nobody has anything to do."""
    with trio.fail_after(REST_S):
        while not (reader.resting and all(loop.idle for loop in loops)):  # noqa: ASYNC110 - a test waits for what actors show
            await trio.sleep(0.5)


@asynccontextmanager
async def goods_shop(
    folder: Path, *, directions: tuple[DirectionName, ...] = (PRODUCTS,), seed: int = 1, **settings: Any
) -> AsyncIterator[GoodsShop]:
    """A shop of flow 2 in a world of its own."""
    async with play(folder, seed=seed) as world:
        yield GoodsShop(world, shop_settings(flow=2, **settings), directions)


def sweater(shop: GoodsShop) -> None:
    """A sweater in two colours and two sizes, of which three are made."""
    shop.main("TRÖJA", "Färg", "Storlek", text="En varm tröja.\n\nTvättas i 30 grader.", weight="0.4")
    shop.variant("TRÖJA-RS", "TRÖJA", "Röd", "S")
    shop.variant("TRÖJA-RM", "TRÖJA", "Röd", "M")
    shop.variant("TRÖJA-BS", "TRÖJA", "Blå", "S")
