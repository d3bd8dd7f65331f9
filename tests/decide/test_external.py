"""External numbers and identities: no two things share one, and the same thing always has the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.decide.external import buyer_id, external_no
from agent.decide.texts import EXTERNAL_NO_CHARS
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Address
from tests.decide.build import BUYER, order

keys = st.from_regex(r"[a-z][a-z0-9-]{0,19}", fullmatch=True)
ids = st.integers(1, 10**9)
numbers = st.one_of(ids.map(str), st.text(max_size=80), st.tuples(ids, ids).map(lambda two: f"{two[0]}/{two[1]}"))


def test_a_number_that_is_the_id_stands_alone() -> None:
    assert external_no(ShopKey("butik"), ShopOrderId(1042), "1042") == "butik:1042"


def test_a_number_of_a_plugins_making_is_followed_by_the_id() -> None:
    assert external_no(ShopKey("butik"), ShopOrderId(1042), "2026-0007") == "butik:2026-0007/1042"


@given(keys, ids, numbers, keys, ids, numbers)
def test_no_two_orders_share_an_external_number(
    shop: str, order_id: int, number: str, other_shop: str, other_id: int, other_number: str
) -> None:
    first = external_no(ShopKey(shop), ShopOrderId(order_id), number)
    second = external_no(ShopKey(other_shop), ShopOrderId(other_id), other_number)
    assert (first == second) == (
        (shop, order_id) == (other_shop, other_id) and first.removeprefix(shop) == second.removeprefix(other_shop)
    )
    if (shop, order_id) != (other_shop, other_id):
        assert first != second


@given(keys, ids, numbers)
def test_mamut_can_keep_every_external_number_as_it_is(shop: str, order_id: int, number: str) -> None:
    made = external_no(ShopKey(shop), ShopOrderId(order_id), number)
    assert len(made) <= EXTERNAL_NO_CHARS
    assert made.encode("cp1252").decode("cp1252") == made
    assert made == " ".join(made.split())


def test_a_company_is_one_buyer_whoever_of_its_people_orders() -> None:
    assert buyer_id(order(customer_id=7), "5560360793") == buyer_id(order(customer_id=8), "5560360793")


def test_a_registered_customer_is_known_by_the_shops_number_whatever_the_address_says() -> None:
    moved = order(customer_id=7, billing=Address(email="ny@kund.example"))
    assert buyer_id(order(customer_id=7), "") == buyer_id(moved, "") == "butik:c7"


def test_a_guest_is_known_by_the_email_in_any_case_and_it_is_not_shown() -> None:
    guest = buyer_id(order(), "")
    shouting = order(billing=Address(email=BUYER.email.upper()))
    assert guest == buyer_id(shouting, "")
    assert "asa" not in guest
    assert guest != buyer_id(order(billing=Address(email="bo@kund.example")), "")


def test_guests_without_an_email_are_never_taken_for_each_other() -> None:
    nobody = Address(first_name="Bo")
    one = order(billing=nobody)
    other = order(billing=nobody, order_id=ShopOrderId(1043))
    assert buyer_id(one, "") != buyer_id(other, "")
