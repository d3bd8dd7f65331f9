"""The pages on which people put an order right, see its records, tie it to a document and say who its buyer is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.app_shop import lookups_of
from agent.journal import by_hand, users
from agent.journal.users import Role
from agent.model.catalogue import entries
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Reason
from agent.model.words import Language
from agent.settings.tree import CustomerSettings, ProbableChoice
from agent.shown.on_page import remedy
from scenarios.play import Play, play, shop_settings
from simulators.mamut.contacts import ContactBody
from simulators.mamut.lines import LineBody
from simulators.mamut.orders import OrderBody
from tests.actors.small_shop import SmallShop, assert_once_and_equal
from tests.admin.admin_side import AdminSide, Browser

PERSON = ("Xylofonsson", "Undangömda gränden", "adalberta@post.example", "903 26")
BILLING = {
    "first_name": "Adalberta",
    "last_name": "Xylofonsson",
    "address_1": "Undangömda gränden 7",
    "postcode": "903 26",
    "city": "Umeå",
    "country": "SE",
    "email": "adalberta@post.example",
}


@asynccontextmanager
async def opened(folder: Path, customers: CustomerSettings | None = None) -> AsyncIterator[tuple[Play, SmallShop]]:
    async with play(folder, seed=9) as world:
        world.mamut.fill(9, products=10, contacts=5)
        world.settings = msgspec.structs.replace(world.settings, package="400")
        settings = shop_settings("garn", customers=customers or CustomerSettings())
        yield world, SmallShop(world, settings)


@asynccontextmanager
async def at_work(world: Play) -> AsyncIterator[tuple[Agent, Browser]]:
    """An agent, and somebody who operates it."""
    async with world.agent() as agent:
        lookups = lookups_of(agent.shops, agent.desk)
        async with AdminSide(agent.journal, world.calendar.now, world.settings, lookups=lookups) as side:
            yield agent, await side.signed_in(Role.OPERATE)


def acts(agent: Agent) -> list[tuple[str, dict[str, object]]]:
    return [(each.kind, each.after) for each in agent.journal.view(lambda tx: users.acts(tx, 100))]


def told(page: str) -> list[str]:
    """What of the person stands on the page."""
    return [sign for sign in PERSON if sign in page]


async def test_an_order_is_put_right_on_its_page_and_what_tells_of_its_buyer_is_hidden_until_asked_for(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with opened(tmp_path) as (world, shop):
        wrong = shop.side.do("POST", "/products", {"name": "Vara", "sku": "FEL-1", "regular_price": "49.00"})["id"]
        bare = shop.side.do("POST", "/products", {"name": "Utan nummer", "regular_price": "20.00"})["id"]
        order_id = shop.order(1, line_items=[{"product_id": wrong, "quantity": 2}], billing=BILLING)
        no_number = shop.order(2, line_items=[{"product_id": bare, "quantity": 1}])
        path = f"/orders/garn/{order_id}"
        async with at_work(world) as (agent, browser):
            await trio.sleep(120)
            page = (await browser.get(path)).text
            assert f'href="{path}/correct"' in page
            assert "tryck på ”Försök igen”" in page
            assert "brygga orders" not in page
            page = (await browser.get(f"{path}/correct")).text
            assert 'name="was.article.FEL-1" value="FEL-1"' in page, "what stopped it stands first, as it was read"
            assert page.index("article.FEL-1") < page.index("billing.postcode")
            assert told(page) == []
            assert "Butikens uppgift är dold" in page
            page = (await browser.post(f"{path}/correct/show")).text
            assert told(page) == list(PERSON)
            assert acts(agent) == [("personal_shown", {})]
            # Wrong input is said at its field, and nothing is lost.
            fields: dict[str, str | list[str]] = {
                "shown": "yes",
                "field": ["article.FEL-1", "billing.postcode", "billing.city", "billing.country"],
                "was.article.FEL-1": "FEL-1",
                "value.article.FEL-1": "B-00004",
                "was.billing.postcode": "903 26",
                "value.billing.postcode": "111 22",
                "was.billing.city": "Umeå",
                "value.billing.city": "Umeå",
                "was.billing.country": "SE",
                "value.billing.country": "Sverige",
            }
            answer = await browser.post(f"{path}/correct", fields)
            assert (answer.status_code, 'value="111 22"' in answer.text) == (422, True)
            assert "Så kan det inte stå här." in answer.text
            answer = await browser.post(f"{path}/correct", {**fields, "value.billing.country": "se"})
            page = (await browser.follow(answer)).text
            assert acts(agent)[0] == ("correct", {"fields": "article.FEL-1, billing.postcode"}), "fields, no values"
            # A row without a number is known by its goods.
            page = (await browser.get(f"/orders/garn/{no_number}/correct")).text
            assert "Utan nummer" in page
            field = re.findall(r'name="value\.(line\.\d+\.article_no)"', page)[0]
            await browser.post(
                f"/orders/garn/{no_number}/correct", {"field": field, f"was.{field}": "", f"value.{field}": "B-00001"}
            )
            await trio.sleep(300)
            page = (await browser.get(path)).text
            assert "Rättat för hand" in page
            assert "rättad för hand: artikelnummer FEL-1, postnummer (faktura)" in page
            assert (await browser.get(f"{path}/correct")).status_code == 422
        assert_once_and_equal(shop, [order_id, no_number])
        (made,) = [each for each in world.mamut.orders() if each.external_no == f"garn:{order_id}"]
        assert (made.lines[0].product_no, "111 22" in made.invoice_address) == ("B-00004", True)


async def test_records_of_both_sides_are_shown_and_an_order_is_tied_to_another_document_with_open_eyes(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with opened(tmp_path) as (world, shop):
        order_id, other = shop.order(1, billing=BILLING), shop.order(2)
        path = f"/orders/garn/{order_id}"
        async with at_work(world) as (agent, browser):
            await trio.sleep(120)
            ours, theirs = world.mamut.orders()
            page = (await browser.get(f"{path}/records")).text
            assert told(page) == []
            for stands in ("line_items.1.sku", "B-00002", str(ours.order_no), "Dokumentet som det skickades"):
                assert stands in page, stands
            page = (await browser.post(f"{path}/records/show")).text
            assert told(page) == list(PERSON)
            assert acts(agent) == [("personal_shown", {})]
            lines = [
                LineBody(product_no=row.product_no, qty=row.qty, line_sum=row.line_sum, vat_code=row.vat_code)
                for row in ours.lines
            ]
            world.mamut.act("order.create", "", OrderBody(kind="order", contid=1, currency="SEK", lines=lines))
            new = world.mamut.orders()[-1].order_no
            for number, says in (
                (ours.order_no, "redan kopplad"),
                (theirs.order_no, f"hör till order {other}"),
                (4711, "Mamut har ingen order"),
            ):
                answer = await browser.get(f"{path}/tie?mamut_order_no={number}")
                assert (answer.status_code, says in answer.text) == (200, True), says
                assert (await browser.post(f"{path}/tie", {"mamut_order_no": str(number)})).status_code == 422
            page = (await browser.get(f"{path}/tie?mamut_order_no={new}")).text
            assert "Det gamla dokumentet står kvar" in page
            assert (await browser.post(f"{path}/tie", {"mamut_order_no": str(new)})).status_code == 422
            world.mamut.staff.cancel(ours.order_no)
            assert "Belopp och nummer stämmer." in (await browser.get(f"{path}/tie?mamut_order_no={new}")).text
            await browser.follow(await browser.post(f"{path}/tie", {"mamut_order_no": str(new)}))
            assert acts(agent)[0] == ("relink", {"mamut_order_no": str(new)})
            await trio.sleep(180)
            page = (await browser.get(path)).text
            assert f"kopplad till {new} i Mamut i stället för {ours.order_no}" in page
            # Without an agent at work nothing can be looked up, and the page says so.
        async with AdminSide(world.journal(), world.calendar.now, world.settings) as side:
            alone = await side.signed_in(Role.OPERATE, "ensam")
            page = (await alone.get(f"{path}/records")).text
            assert "Agenten arbetar inte just nu" in page
            side.journal.close()


async def test_who_a_buyer_is_is_said_by_one_press_with_both_sides_before_one_s_eyes(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    customers = CustomerSettings(probable=ProbableChoice.HOLD)
    async with opened(tmp_path, customers) as (world, shop):
        body = ContactBody(name="A. Xylofonsson", email=str(BILLING["email"]), kinds=["customer"])
        world.mamut.act("contact.create", "", body)
        (custid,) = [each.custid for each in world.mamut.contacts() if each.email == BILLING["email"]]
        ids = [shop.order(1, billing=BILLING), shop.order(1, billing=BILLING)]
        path = f"/matches/garn/{ids[0]}"
        async with at_work(world) as (agent, browser):
            await trio.sleep(120)
            page = (await browser.get("/matches")).text
            assert page.count("<section") == 2
            assert f"Det är kund {custid}" in page
            page = (await browser.get(path)).text
            assert told(page) == []
            assert page.count(">lika<") == 1, "the address is the same, the name is not"
            assert ">skiljer<" in page
            assert told((await browser.post(f"{path}/show")).text) == list(PERSON)
            assert (await browser.post(f"{path}/choose", {"custid": "tio"})).status_code == 422
            said = await browser.follow(await browser.post(f"{path}/choose", {"custid": str(custid), "back": "list"}))
            assert "Agenten gör det strax." in said.text
            await trio.sleep(300)
            assert "Ingen kund väntar" in (await browser.get("/matches")).text
            assert agent.journal.view(lambda tx: by_hand.choice_at(tx, ShopKey("garn"), ShopOrderId(ids[0])))
            assert (await browser.post(f"{path}/choose", {"custid": "0"})).status_code == 422
        assert_once_and_equal(shop, ids)
        assert {each.custid for each in world.mamut.orders()} == {custid}


def test_a_page_names_the_button_where_the_command_line_names_its_command() -> None:
    for code, text in entries().items():
        for language in Language:
            on_page = remedy(text.remedy.in_(language), language)
            assert "brygga orders" not in on_page or not isinstance(code, Reason), on_page
            assert "  " not in on_page
