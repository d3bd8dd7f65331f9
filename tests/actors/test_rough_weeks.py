"""A rough week, drawn from a seed: Mamut locks, drops and forgets, the shop fails, orders change, agents are killed.

Whatever happened on the way: in the end each order that should be in Mamut is there once, as it is in the shop or with
the difference shown, and no order that was never paid is there at all.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
import trio
from trio.testing import MockClock

from agent.journal.sums import account
from scenarios.play import shop_settings
from simulators.faults import FaultOptions
from simulators.mamut.options import MamutOptions, Quirks
from simulators.mamut.trouble import Trouble
from tests.actors.small_shop import Opened, SmallShop

ROUGH = Quirks(
    record_locked=0.1,
    busy=0.05,
    session_dropped=0.03,
    sql_timeout_mid_write=0.05,
    sql_timeout_after_write=0.05,
    header_without_lines=0.04,
    clock_ahead_s=5_400,
)


def happen(shops: list[SmallShop], chance: Random) -> None:
    """One thing that people do in a shop."""
    shop = chance.choice(shops)
    orders = [row for row in shop.side.orders().values() if row["status"] in ("pending", "processing", "on-hold")]
    what = chance.choice(("order", "order", "order", "unpaid", "pay", "cancel", "edit", "complete", "trash"))
    if what in ("order", "unpaid") or not orders:
        shop.order(chance.randrange(30), set_paid=what != "unpaid")
        return
    path = f"/orders/{chance.choice(orders)['id']}"
    if what == "trash":
        shop.side.do("DELETE", path)
    elif what == "edit":
        total = str(chance.randrange(10, 90))
        shop.side.do("PUT", path, {"shipping_lines": [{"method_id": "flat_rate", "total": total}]})
    else:
        status = {"pay": "processing", "cancel": "cancelled", "complete": "completed"}[what]
        shop.side.do("PUT", path, {"status": status})


@pytest.mark.parametrize("seed", range(2))
async def test_after_a_rough_week_everything_is_accounted_for(
    opened: Opened, autojump_clock: MockClock, seed: int
) -> None:
    async with opened(seed=seed) as first:
        world = first.world
        world.set_mamut(MamutOptions(quirks=ROUGH))
        world.mamut.fill(seed, products=10, contacts=5)
        shops = [first, SmallShop(world, shop_settings("andra"))]
        chance = Random(seed)
        world.faults(world.mamut_server, FaultOptions(share=0.05, seed=seed))
        for shop in shops:
            world.faults(shop.side.server, FaultOptions(share=0.05, seed=seed + 50))
        for _ in range(5):
            async with world.agent():
                for _ in range(9):
                    happen(shops, chance)
                    await trio.sleep(chance.choice((0.5, 5, 40, 200, 900)))
            for _ in range(chance.randrange(4)):
                happen(shops, chance)
            await trio.sleep(chance.choice((1, 600, 8 * 3600)))
        world.mamut.trouble = Trouble(Quirks(), seed)
        world.faults(world.mamut_server, FaultOptions())
        for shop in shops:
            world.faults(shop.side.server, FaultOptions())
        async with world.agent():
            await trio.sleep(2 * 3600)
        documents = world.documents()
        journal = world.journal()
        proof = journal.view(account)
        rows = journal.view(
            lambda tx: tx.execute("SELECT shop, order_id, state, reason, changed_after FROM orders").fetchall()
        )
        journal.close()
        assert all(part.adds_up for part in proof.shops)
        assert not proof.shared
        known = {(str(row[0]), int(str(row[1]))): row for row in rows}
        for shop in shops:
            for order_id, order in shop.side.orders().items():
                row = known[shop.side.key, order_id]
                held = documents.get(f"{shop.side.key}:{order_id}", [])
                assert len(held) <= 1, (seed, order_id, held)
                if order["status"] in ("processing", "completed"):
                    assert row[2] == "transferred", row
                if row[2] == "transferred":
                    assert len(held) == 1 or order["status"] in ("cancelled", "refunded"), row
                    left = Decimal(order["total"]) + sum(Decimal(each["total"]) for each in order["refunds"])
                    assert held in ([], [left]) or row[4], (row, held, left)
                else:
                    assert not held, (row, held)
        assert len({contact.email for contact in world.mamut.contacts() if contact.ext_id}) == len(
            [contact for contact in world.mamut.contacts() if contact.ext_id]
        )
