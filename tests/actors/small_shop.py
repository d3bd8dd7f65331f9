"""A small shop with ten goods that Mamut knows too, and people who buy them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from agent.app import Agent
from agent.journal import records
from agent.model.ids import ShopKey
from agent.settings.tree import ShopSettings
from scenarios.play import Play, ShopSide
from simulators.woocommerce.options import ShopOptions

Opened = Callable[..., Any]
"""What the fixture `opened` gives."""


class SmallShop:
    """One shop in a play, with goods B-00001 to B-00010."""

    def __init__(
        self, world: Play, settings: ShopSettings, options: ShopOptions | None = None, seed: int | None = None
    ) -> None:
        self.world = world
        was, world.seed = world.seed, world.seed if seed is None else seed
        self.side: ShopSide = world.add_shop(settings, options)
        world.seed = was
        self.goods = [
            self.side.do(
                "POST",
                "/products",
                {"name": f"Vara {number}", "sku": f"B-{number:05d}", "regular_price": f"{99 + number}.50"},
            )["id"]
            for number in range(1, 11)
        ]

    def order(self, number: int = 0, **changes: Any) -> int:
        """A paid order of two goods with shipping; the id of it."""
        body = {
            "set_paid": True,
            "payment_method": "bacs",
            "billing": {
                "first_name": "Kim",
                "last_name": f"Exempel{number}",
                "address_1": "Storgatan 1",
                "postcode": "903 26",
                "city": "Umeå",
                "country": "SE",
                "email": f"kund{number}@post.example",
            },
            "line_items": [
                {"product_id": self.goods[number % 10], "quantity": 1 + number % 3},
                {"product_id": self.goods[(number * 7 + 3) % 10], "quantity": 2},
            ],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "PostNord", "total": "39.20"}],
            **changes,
        }
        return int(self.side.do("POST", "/orders", body)["id"])

    async def wish(self, agent: Agent, kind: str, order_id: int = 0, **args: str) -> None:
        """Leaves a wish in the journal as the command line does."""
        key, now_ms = ShopKey(self.side.key), int(self.world.calendar.now().timestamp() * 1000)
        await agent.journal.run(
            lambda tx: records.wish(tx, at_ms=now_ms, who="kim", kind=kind, shop=key, order_id=order_id, args=args)
        )

    def states(self) -> dict[int, tuple[str, str]]:
        """State and reason of each order, as the journal has them between two agents."""
        journal = self.world.journal()
        rows = journal.view(lambda tx: tx.execute("SELECT order_id, state, reason FROM orders").fetchall())
        journal.close()
        return {int(str(order_id)): (str(state), str(reason)) for order_id, state, reason in rows}

    def story(self, order_id: int) -> list[str]:
        journal = self.world.journal()
        rows = journal.view(
            lambda tx: tx.execute(
                "SELECT kind FROM events WHERE order_id = ? ORDER BY event_id", (order_id,)
            ).fetchall()
        )
        journal.close()
        return [str(kind) for (kind,) in rows]

    def reasons_told(self, order_id: int) -> list[str]:
        """The reasons that the order's story names, in order."""
        journal = self.world.journal()
        rows = journal.view(
            lambda tx: tx.execute(
                "SELECT data FROM events WHERE order_id = ? ORDER BY event_id", (order_id,)
            ).fetchall()
        )
        journal.close()
        told = [msgspec.json.decode(str(data), type=dict[str, Any]) for (data,) in rows]
        return [str(data["reason"]) for data in told if "reason" in data]


def assert_once_and_equal(shop: SmallShop, order_ids: list[int]) -> None:
    """Each order stands in Mamut once, with the shop's total to the öre: asked of the systems, not of the agent."""
    held = shop.world.documents()
    totals = {row["number"]: row["total"] for row in shop.side.orders().values()}
    assert sorted(held) == sorted(f"{shop.side.key}:{order_id}" for order_id in order_ids)
    for order_id in order_ids:
        amounts = held[f"{shop.side.key}:{order_id}"]
        assert [str(amount) for amount in amounts] == [totals[str(order_id)]], order_id
