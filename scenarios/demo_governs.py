"""The demo of flows 1 and 3: the shop is full of products and Mamut knows none of them.

The agent makes the articles; shoppers buy; the merchant changes products; and in flow 3 the people at the company
deliver, count, set prices and sell in the till, and that comes back to the shop. In the end both systems are asked and
compared.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from agent.cli.settings import PackageName
from agent.model.words import Language
from scenarios.demo_doors import MamutDoor, ShopDoor
from scenarios.demo_figures import Told
from scenarios.demo_goods import CONTACTS, COUNTED, PLUGINS, PRICED, STILL_S, TILL_SALES, VISIT, GoodsStage
from scenarios.demo_goods_figures import Progress, Truth
from scenarios.demo_settings import CONSUMER_KEY, CONSUMER_SECRET, MAMUT_PASSWORD, write_settings
from scenarios.demo_staff import Staff

PRODUCTS = 80
MAINS = 12
SIZES = ("S", "M", "L")
COLOURS = ("Röd", "Blå")
CHANGED = 6
ON_HAND = 40
CHECK_S = 12.0
"""So long after a change the agent has read the shop again, at the pace of a demo."""

BOTH_WAYS = 3
"""The flow in which prices and stock come back from Mamut."""


class GoverningStage(GoodsStage):
    """A full shop, an empty Mamut, and the same people as in flow 2."""

    def __init__(self, folder: Path, language: Language, *, flow: int, seed: int, pace: float) -> None:
        super().__init__(folder, language, seed=seed, pace=pace)
        self._flow = flow
        self._chance = Random(f"governs/{seed}")
        self._ids: list[int] = []

    def open(self) -> None:
        plugins = [part for plugin in PLUGINS for part in ("--plugin", plugin)]
        mamut = self._crew.simulator("mamut", 0, self._pace)
        shop = self._crew.simulator("woocommerce", 0, self._pace, *plugins)
        self._mamut = MamutDoor(mamut.address(), MAMUT_PASSWORD)
        self._shop = ShopDoor(shop.address(), CONSUMER_KEY, CONSUMER_SECRET, self._seed)
        self._mamut.fill(seed=self._seed, products=0, contacts=CONTACTS)
        self._staff = Staff(self._mamut, self._seed)
        rows = [self._product(number) for number in range(1, PRODUCTS + 1)]
        self._ids = [int(row["id"]) for row in self._shop.create("products", rows)]
        mains = self._shop.create("products", [self._main(number) for number in range(1, MAINS + 1)])
        for main in mains:
            self._shop.create(f"products/{main['id']}/variations", self._variations(str(main["sku"])))

    def write_settings(self, package_name: PackageName) -> None:
        write_settings(
            self._folder,
            mamut=self._mamut.address,
            shop=self._shop.address,
            package_name=package_name,
            flow=self._flow,
            language=self._language,
            statuses=self._flow == BOTH_WAYS,
            to_mamut=True,
        )

    # -- what happens ------------------------------------------------------------------------------------------------

    def _one_day(self, orders: int) -> None:
        self._until(lambda goods, _: self._filled(goods), "the articles are made")
        if self._flow == BOTH_WAYS:
            self._staff.learn(self._mamut.rows("products"))
            self._staff.count_all(ON_HAND)
            self._settle()
        while self._placed < orders:
            before = self._placed
            self._visit(min(VISIT, orders - self._placed))
            if self._placed == before:
                break
            self._until(lambda _, seen: seen.is_settled(self._placed), "the orders are in Mamut")
        self._merchant_works()
        if self._flow == BOTH_WAYS:
            self._staff.work_through(self._mamut.documents())
            self._staff.sell_in_till(TILL_SALES)
            self._staff.count_shelves(COUNTED)
            self._staff.set_prices(PRICED)
        self._watch(CHECK_S)
        self._settle()

    def _filled(self, goods: Progress) -> bool:
        return goods.listed and goods.articles >= PRODUCTS + MAINS * (1 + len(SIZES) * len(COLOURS)) and not goods.due

    def _settle(self) -> None:
        if self._flow == BOTH_WAYS:
            super()._settle()
            return

        def rests(goods: Progress, seen: Told) -> bool:
            return goods.listed and not goods.due and seen.is_settled(self._placed)

        self._until(rests, "everything has come to Mamut")
        self._watch(STILL_S)
        self._until(rests, "everything has come to Mamut")

    def _merchant_works(self) -> None:
        """Names, and in flow 1 prices, are changed in the shop, and some products are new."""
        for product_id in self._chance.sample(self._ids, CHANGED):
            body: dict[str, Any] = {"name": f"Garn {product_id}, ny kulör"}
            if self._flow != BOTH_WAYS:
                body["regular_price"] = f"{self._chance.randrange(50, 500)}.90"
            self._shop.change(f"products/{product_id}", body)
        first = PRODUCTS + 1
        rows = [self._product(number) for number in range(first, first + CHANGED)]
        self._ids += [int(row["id"]) for row in self._shop.create("products", rows)]

    # -- what there is -----------------------------------------------------------------------------------------------

    def _product(self, number: int) -> dict[str, Any]:
        price = Decimal(self._chance.randrange(1900, 59900)) / 100
        return {
            "name": f"Garn {number}",
            "sku": f"G-{number:04d}",
            "regular_price": str(price),
            "weight": f"0.{self._chance.randrange(1, 10)}",
        }

    def _main(self, number: int) -> dict[str, Any]:
        attributes = [
            {"name": name, "options": list(options), "variation": True, "visible": True}
            for name, options in (("Storlek", SIZES), ("Färg", COLOURS))
        ]
        return {"name": f"Tröja {number}", "sku": f"T-{number:03d}", "type": "variable", "attributes": attributes}

    def _variations(self, sku: str) -> list[dict[str, Any]]:
        price = f"{self._chance.randrange(200, 900)}.50"
        return [
            {
                "sku": f"{sku}-{size}-{colour[0]}",
                "regular_price": price,
                "attributes": [{"name": "Storlek", "option": size}, {"name": "Färg", "option": colour}],
            }
            for size in SIZES
            for colour in COLOURS
        ]

    def _truth(self) -> Truth:
        """Order status is no part of flow 1."""
        found = super()._truth()
        return found if self._flow == BOTH_WAYS else found.without_statuses()
