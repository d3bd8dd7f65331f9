"""Changes after the transfer are followed once, whatever is lost, broken or killed on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest
import trio
from trio.testing import MockClock

from simulators.faults import Fault, FaultOptions
from tests.actors.aftermath_shop import ChangedShop
from tests.actors.small_shop import Opened


class Changed:
    """An order cancelled, one edited, one refunded before and one after its invoice; and what must come of it."""

    def __init__(self, shop: ChangedShop) -> None:
        self.shop = shop
        self.orders: list[int] = []
        self.refunds: list[int] = []

    async def begin(self) -> None:
        shop = self.shop
        self.orders = [shop.shop.order(number=1) for _ in range(4)]
        await shop.shop.world.run_once()
        await trio.sleep(60)
        cancelled, edited, reduced, credited = self.orders
        shop.invoice(credited)
        shop.edit(cancelled, status="cancelled")
        row = shop.raw(edited)["line_items"][0]
        shop.edit(edited, line_items=[{"id": row["id"], "quantity": 5, "total": "405.00"}], customer_note="Ring")
        shop.refund(reduced, lines={0: 1})
        self.refunds = [shop.refund(credited, lines={0: 1}), shop.refund(credited, "11.11")]

    def has_followed(self) -> bool:
        shop = self.shop
        cancelled, edited, reduced, credited = self.orders
        notes = [shop.notes(credited, refund_id) for refund_id in self.refunds]
        living = [[note for note in found if note.status != "cancelled"] for found in notes]
        amounts = [Decimal(each["total"]) for each in reversed(shop.raw(credited)["refunds"])]
        return (
            shop.document(cancelled).status == "cancelled"
            and str(shop.document(edited).total) == shop.raw(edited)["total"]
            and shop.document(edited).packing_text == "Ring"
            and shop.document(reduced).total == _left(shop.raw(reduced))
            and sorted(note.total for (note,) in living) == sorted(amounts)
            and shop.document(credited).status == "invoice"
        )


def _left(raw: dict[str, object]) -> Decimal:
    refunds = raw["refunds"]
    assert isinstance(refunds, list)
    return Decimal(str(raw["total"])) + sum(Decimal(each["total"]) for each in refunds)


async def test_changes_are_followed(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        changed = Changed(ChangedShop(small))
        await changed.begin()
        await small.world.run_once()
        assert changed.has_followed()


@pytest.mark.parametrize(
    "kind", ["sql_timeout_after_write", "sql_timeout_mid_write", "header_without_lines", "record_locked", "busy"]
)
@pytest.mark.parametrize("times", [1, 3])
async def test_trouble_of_mamuts_own_changes_nothing_twice(
    opened: Opened, autojump_clock: MockClock, kind: str, times: int
) -> None:
    async with opened() as small:
        changed = Changed(ChangedShop(small))
        await changed.begin()
        small.world.mamut.trouble.order(kind, times)
        async with small.world.agent():
            await trio.sleep(3 * 3600)
        assert changed.has_followed()


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_of_mamuts_network_changes_nothing_twice(
    opened: Opened, autojump_clock: MockClock, fault: Fault
) -> None:
    async with opened() as small:
        changed = Changed(ChangedShop(small))
        await changed.begin()
        small.world.faults(small.world.mamut_server, FaultOptions(share=0.3, faults=(fault,), seed=5))
        async with small.world.agent():
            await trio.sleep(3 * 3600)
        small.world.faults(small.world.mamut_server, FaultOptions())
        async with small.world.agent():
            await trio.sleep(3600)
        assert changed.has_followed()


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_of_the_shops_network_changes_nothing_twice(
    opened: Opened, autojump_clock: MockClock, fault: Fault
) -> None:
    async with opened() as small:
        changed = Changed(ChangedShop(small))
        await changed.begin()
        small.world.faults(small.side.server, FaultOptions(share=0.3, faults=(fault,), seed=7))
        async with small.world.agent():
            await trio.sleep(3 * 3600)
        small.world.faults(small.side.server, FaultOptions())
        async with small.world.agent():
            await trio.sleep(2 * 3600)
        assert changed.has_followed()


async def test_an_agent_killed_at_every_step_in_turn_follows_each_change_once(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        changed = Changed(ChangedShop(small))
        await changed.begin()
        for moment in range(60):
            # Each life ends a little further on than the last.
            if await small.world.run_once(kill_at=moment):
                break
        await small.world.run_once()
        assert changed.has_followed()


async def test_a_lost_journal_credits_no_refund_again(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        changed = Changed(ChangedShop(small))
        await changed.begin()
        await small.world.run_once()
        assert changed.has_followed()
        documents = len(small.world.mamut.orders())
        small.world.lose_journal()
        await trio.sleep(3600)
        await small.world.run_once()
        await trio.sleep(3600)
        await small.world.run_once()
        assert changed.has_followed()
        assert len(small.world.mamut.orders()) == documents
