"""What an order costs both systems, counted by themselves."""

from __future__ import annotations

from trio.testing import MockClock

from tests.actors.small_shop import Opened, assert_once_and_equal

ORDERS = 1000
CONTACTS = 200


async def test_a_backlog_of_known_customers_costs_at_most_1_2_requests_an_order(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        shop.world.mamut.fill(2, products=0, contacts=CONTACTS)
        known = [contact for contact in shop.world.mamut.contacts() if "private" in contact.kinds]
        order_ids = [shop.order(number, billing=_billing(known[number % len(known)].email)) for number in range(ORDERS)]
        contacts = len(shop.world.mamut.contacts())
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)
        assert len(shop.world.mamut.contacts()) == contacts, "they were all known"
        spent = shop.world.mamut_server.cost.requests + shop.side.server.cost.requests
        assert spent <= 1.2 * ORDERS


def _billing(email: str) -> dict[str, str]:
    return {
        "first_name": "Kim",
        "last_name": "Exempel",
        "address_1": "Storgatan 1",
        "postcode": "903 26",
        "city": "Umeå",
        "country": "SE",
        "email": email,
    }
