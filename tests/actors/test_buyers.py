"""Buyers become contacts once, whoever they say they are, and their cards are changed only where that is allowed."""

from __future__ import annotations

from typing import Any

import trio
from trio.testing import MockClock

from agent.settings.tree import CustomerSettings
from scenarios.play import shop_settings
from simulators.mamut.contacts import AddressBody, ContactBody
from simulators.mamut.options import MamutOptions
from simulators.mamut.records import Contact
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal

MOVED: dict[str, Any] = {
    "first_name": "Kim",
    "last_name": "Exempel3",
    "address_1": "Nygatan 7",
    "postcode": "753 30",
    "city": "Uppsala",
    "country": "SE",
    "email": "kund3@post.example",
    "phone": "018-10 20 30",
}


def cards(shop: SmallShop, email: str) -> list[Contact]:
    return [contact for contact in shop.world.mamut.contacts() if contact.email == email]


def main_address(contact: Contact) -> tuple[str, str, str]:
    (found,) = [row for row in contact.addresses if row.type == "main"]
    return found.street, found.zip, found.city


async def test_a_guest_and_a_registered_customer_with_one_address_are_one_contact(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        customer = shop.side.do("POST", "/customers", {"email": "kund3@post.example", "password": "hemlig-123"})["id"]
        order_ids = [shop.order(3), shop.order(3, customer_id=customer), shop.order(3)]
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)
        assert len(cards(shop, "kund3@post.example")) == 1


async def test_a_buyer_in_two_shops_at_once_is_one_contact(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        other = SmallShop(shop.world, shop_settings("andra"))
        for number in range(6):
            shop.order(number)
            other.order(number)
        await shop.world.run_once()
        assert len(shop.world.documents()) == 12
        assert [len(cards(shop, f"kund{number}@post.example")) for number in range(6)] == [1] * 6


async def test_a_contact_that_mamut_no_longer_has_is_not_taken_for_the_one_with_its_number(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """Mamut was brought back from a backup: other customers have the numbers by now."""
    async with opened() as shop:
        shop.order(3)
        await shop.world.run_once()
        shop.world.set_mamut(MamutOptions())
        shop.world.mamut.fill(9, products=10, contacts=50)
        await trio.sleep(3600)
        order_id = shop.order(3)
        await shop.world.run_once()
        (document,) = shop.world.mamut.orders_by_external_no(f"butik:{order_id}")
        (card,) = cards(shop, "kund3@post.example")
        assert document.contid == card.contid


async def test_a_card_is_brought_up_to_date_where_the_merchant_allows_it(
    opened: Opened, autojump_clock: MockClock
) -> None:
    settings = shop_settings(customers=CustomerSettings(update_existing=True))
    async with opened(settings=settings) as shop:
        order_ids = [shop.order(3)]
        await shop.world.run_once()
        (card,) = cards(shop, "kund3@post.example")
        depot = AddressBody(type="delivery", street="Lager 2", zip="111 22", city="Stockholm")
        ours = [AddressBody(type=row.type, street=row.street, zip=row.zip, city=row.city) for row in card.addresses]
        shop.world.mamut.staff.change_contact(card.contid, ContactBody(memo="ring först", addresses=[*ours, depot]))
        await trio.sleep(3600)
        order_ids.append(shop.order(3, billing=MOVED))
        shop.world.mamut.trouble.order("sql_timeout_after_write")
        await shop.world.run_once()
        (card,) = cards(shop, "kund3@post.example")
        assert main_address(card) == ("Nygatan 7", "753 30", "Uppsala")
        assert (card.phone, card.memo) == ("018-10 20 30", "ring först")
        assert [row.street for row in card.addresses if row.type == "delivery"] == ["Lager 2"]
        assert "contact_updated" in shop.story(order_ids[1])
        await trio.sleep(3600)
        order_ids.append(shop.order(3, billing=MOVED))
        await shop.world.run_once()
        assert "contact_updated" not in shop.story(order_ids[2])
        assert_once_and_equal(shop, order_ids)


async def test_a_card_stays_as_it_is_where_nobody_allowed_it_to_change(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        shop.order(3)
        await shop.world.run_once()
        (before,) = cards(shop, "kund3@post.example")
        await trio.sleep(3600)
        shop.order(3, billing=MOVED)
        await shop.world.run_once()
        (after,) = cards(shop, "kund3@post.example")
        assert after == before


async def test_the_card_of_a_probable_customer_is_never_changed(opened: Opened, autojump_clock: MockClock) -> None:
    settings = shop_settings(customers=CustomerSettings(update_existing=True))
    async with opened(settings=settings) as shop:
        made = ContactBody(name="Robin Annan", email="kund3@post.example")
        shop.world.mamut.act("contact.create", "", made)
        order_id = shop.order(3, billing=MOVED)
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id])
        (card,) = cards(shop, "kund3@post.example")
        assert (card.name, card.phone, card.addresses) == ("Robin Annan", "", [])
