"""The recorded shop's orders, held by the shop simulator as the real shop gave them, go the whole way into Mamut.

The decision alone is tested in tests/decide; here each goes over the wire twice. One world serves them all, so each
gets an id of its own; everything else is as it was recorded.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
import trio
import trio.testing

from agent.settings.tree import ArticleSettings, CustomerSettings, OrderSettings, UnknownArticle
from scenarios.play import play, shop_settings
from tests.decide.recorded import HELD, Recorded, recorded_orders

ORDERS = recorded_orders()
FIRST_ID = 5000
TRIGGER = ("pending", "on-hold", "processing", "completed", "cancelled", "refunded")


class Ended(msgspec.Struct):
    """Where an order came to rest: its state and reason in the journal, its totals in Mamut."""

    state: str
    reason: str
    totals: list[Decimal]
    paid: Decimal


@cache
def all_the_way() -> dict[str, Ended]:
    """Every recorded order after one agent has been through, by the name of its recording."""
    with TemporaryDirectory() as folder:
        return trio.run(_go, Path(folder), clock=trio.testing.MockClock(autojump_threshold=0))


async def _go(folder: Path) -> dict[str, Ended]:
    async with play(folder) as world:
        world.mamut.fill(1, contacts=1)
        # Some recorded orders have no address at all; those are booked on the collective customer.
        (collective,) = world.mamut.contacts()
        settings = shop_settings(
            customers=CustomerSettings(collective=collective.custid),
            orders=OrderSettings(trigger=TRIGGER, hold_repeated_payment=False),
            articles=ArticleSettings(unknown=UnknownArticle.CREATE, gift_card="PRESENTKORT"),
        )
        side = world.add_shop(settings)
        for number, recorded in enumerate(ORDERS):
            side.shop.load_order(_as(FIRST_ID + number, recorded))
        await world.run_once()
        held = world.documents()
        journal = world.journal()
        rows = journal.view(lambda tx: tx.execute("SELECT order_id, state, reason FROM orders").fetchall())
        journal.close()
        states = {int(order_id): (str(state), str(reason)) for order_id, state, reason in rows}
        return {
            recorded.name: Ended(
                *states.get(FIRST_ID + number, ("unseen", "")),
                totals=held.get(f"butik:{FIRST_ID + number}", []),
                paid=Decimal(str(recorded.order["total"])),
            )
            for number, recorded in enumerate(ORDERS)
        }


def _as(order_id: int, recorded: Recorded) -> dict[str, Any]:
    return {**recorded.order, "id": order_id, "number": str(order_id), "order_key": f"wc_order_{order_id}"}


@pytest.mark.parametrize("recorded", ORDERS, ids=[recorded.name for recorded in ORDERS])
def test_a_recorded_order_ends_in_mamut_to_the_ore_or_held_with_its_reason(recorded: Recorded) -> None:
    ended = all_the_way()[recorded.name]
    expected = HELD.get(recorded.place)
    if expected is None:
        assert (ended.state, ended.totals) == ("transferred", [ended.paid])
    else:
        assert (ended.state, ended.reason, ended.totals) == (expected.state.value, expected.value, [])
