"""Every distinct order of the recorded shop goes over to the öre, or is held for a reason its merchant would give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agent.decide.orders import decide
from agent.messages import Send, Stop, UnreadableOrder
from agent.model.ids import ShopKey
from agent.model.reasons import Reason
from agent.remote.woocommerce.translate import read_order
from tests.decide.build import contact, facts, shop
from tests.decide.recorded import Recorded, recorded_orders
from tests.decide.totalling import mamut_total

ORDERS = recorded_orders()

SETTINGS = shop(
    # Most of the recorded orders were never paid; here every one that has left the checkout is to go over.
    orders={"trigger": ["pending", "on-hold", "processing", "completed", "cancelled", "refunded"]},
    customers={"collective": 10_000},
)

HELD = {
    # Nothing was bought.
    "orders_create[2] order 21": Reason.ORDER_EMPTY,
    # The row names no product of the shop, so nobody can say which article it is.
    "orders_create[28] order 38": Reason.ARTICLE_MISSING,
    "orders_create[29] order 39": Reason.ARTICLE_MISSING,
    "orders_create[37] order 45": Reason.ARTICLE_MISSING,
    # A product with variants was sold without saying which; it has no number of its own.
    "orders_create[33] order 41": Reason.ARTICLE_MISSING,
    # The customer has not finished.
    "orders_create[44] order 50": Reason.IN_CHECKOUT,
    "checkout_storefront[9] order 16": Reason.IN_CHECKOUT,
    "checkout_storefront[35] order 19": Reason.IN_CHECKOUT,
    # Money went back before the order went over: the merchant decides what is to be booked.
    "orders_lifecycle[13] order 12": Reason.REFUNDED_BEFORE_TRANSFER,
    "orders_refunds_notes[9] order 13": Reason.REFUNDED_BEFORE_TRANSFER,
    "orders_refunds_notes[22] order 18": Reason.REFUNDED_BEFORE_TRANSFER,
    "orders_refunds_notes[32] order 18": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[94] order 33": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[99] order 38": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[104] order 43": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[109] order 46": Reason.REFUNDED_BEFORE_TRANSFER,
}


def _place(recorded: Recorded) -> str:
    return " ".join(recorded.name.split(" ")[:3])


@pytest.mark.parametrize("recorded", ORDERS, ids=[recorded.name for recorded in ORDERS])
def test_a_recorded_order_goes_over_to_the_ore_or_is_held_with_its_reason(recorded: Recorded) -> None:
    order = read_order(recorded.body, ShopKey("butik"))
    assert not isinstance(order, UnreadableOrder)
    held = facts(order, SETTINGS, contacts=(contact(10_000, name="Kontantkund"),))
    decision = decide(order, held, SETTINGS)
    expected = HELD.get(_place(recorded))
    if expected is not None:
        assert isinstance(decision, Stop)
        assert decision.reason is expected
        return
    assert isinstance(decision, Send), decision
    assert decision.proof.holds
    assert mamut_total(decision.draft.lines, held.registers) - Decimal(recorded.order["total"]) == 0


def test_the_list_of_held_orders_names_only_orders_that_are_recorded() -> None:
    assert set(HELD) <= {_place(recorded) for recorded in ORDERS}


def test_all_the_recordings_orders_are_there() -> None:
    files = {recorded.name.partition("[")[0] for recorded in ORDERS}
    expected = {"orders_create", "orders_update", "orders_lifecycle", "orders_refunds_notes"}
    assert files == expected | {"checkout_storefront", "tax_variants", "concurrency"}
    assert len(ORDERS) == 88
