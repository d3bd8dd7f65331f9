"""Every distinct order of the recorded shop goes over to the öre, or is held for a reason its merchant would give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agent.decide.orders import decide
from agent.messages import Send, Stop, UnreadableOrder
from agent.model.ids import ShopKey
from agent.remote.woocommerce.translate import read_order
from tests.decide.build import contact, facts, shop
from tests.decide.recorded import HELD, Recorded, recorded_orders
from tests.decide.totalling import mamut_total

ORDERS = recorded_orders()

SETTINGS = shop(
    # Most of the recorded orders were never paid; here every one that has left the checkout is to go over.
    orders={"trigger": ["pending", "on-hold", "processing", "completed", "cancelled", "refunded"]},
    customers={"collective": 10_000},
)


@pytest.mark.parametrize("recorded", ORDERS, ids=[recorded.name for recorded in ORDERS])
def test_a_recorded_order_goes_over_to_the_ore_or_is_held_with_its_reason(recorded: Recorded) -> None:
    order = read_order(recorded.body, ShopKey("butik"))
    assert not isinstance(order, UnreadableOrder)
    held = facts(order, SETTINGS, contacts=(contact(10_000, name="Kontantkund"),))
    decision = decide(order, held, SETTINGS)
    expected = HELD.get(recorded.place)
    if expected is not None:
        assert isinstance(decision, Stop)
        assert decision.reason is expected
        return
    assert isinstance(decision, Send), decision
    assert decision.proof.holds
    assert mamut_total(decision.draft.lines, held.registers) - Decimal(recorded.order["total"]) == 0


def test_the_list_of_held_orders_names_only_orders_that_are_recorded() -> None:
    assert set(HELD) <= {recorded.place for recorded in ORDERS}


def test_all_the_recordings_orders_are_there() -> None:
    files = {recorded.name.partition("[")[0] for recorded in ORDERS}
    expected = {"orders_create", "orders_update", "orders_lifecycle", "orders_refunds_notes"}
    assert files == expected | {"checkout_storefront", "tax_variants", "concurrency"}
    assert len(ORDERS) == 88
