"""In a real browser, with the agent and both systems as processes: an order that failed is repaired on its page and
sent, a buyer is recognised by one press, and each page on the way is sound on every screen."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from scenarios.demo_children import free_port
from tests.admin.admin_side import PASSWORD
from tests.admin.chromium import Chromium, chromium
from tests.admin.test_whole_way import serve_admin_at
from tests.processes.company import Company
from tests.processes.forked import Forked

CUSTOMERS = '\n[shop.customers]\nprobable = "hold"\n'
EMAIL = "adalberta@post.example"
BUYER = {
    "first_name": "Adalberta",
    "last_name": "Xylofonsson",
    "address_1": "Undangömda gränden 7",
    "postcode": "903 26",
    "city": "Umeå",
    "country": "SE",
}


async def test_an_order_that_failed_is_repaired_on_its_page_and_stands_in_mamut_once(tmp_path: Path) -> None:
    with Company(tmp_path, seed=5) as company:
        company.open()
        company.write_settings(more=CUSTOMERS)
        company.write_secrets()
        where = serve_admin_at(company, free_port())
        right = company.mamut_door.articles()[0].product_no
        failing, doubtful = place(company)
        agent = hold_two(company)
        async with chromium() as browser:
            await sign_up(browser, where, code_for(company))
            order, buyer = f"{where}/orders/butik/{failing}", f"{where}/matches/butik/{doubtful}"
            pages = [f"{order}/correct", f"{order}/records", f"{where}/matches", buyer, f"{order}/tie"]
            await are_sound(browser, pages, 360)
            await are_sound(browser, pages[:1] + pages[3:4], 1920, dark=True)
            # The field that stopped it stands first, and the number in it is the shop's.
            await browser.go(order)
            await browser.click("main a[href$='/correct']")
            assert await browser.run("return document.querySelector('.correction input:not([type])').value") == "FEL-1"
            await browser.type(".correction input:not([type])", right)
            await browser.click("#correct-form button.primary")
            await browser.until("return document.querySelector('h1 .badge.good')")
            assert "kim" in await browser.text("#order section dl.facts")
            # The buyer of the other one is somebody whom Mamut knows.
            await browser.go(f"{where}/matches")
            await browser.click("main section button.primary")
            company.wait(lambda: company.count("orders", "state = 'transferred'") == 2, 20, agent)
            await are_sound(browser, [f"{order}/tie?mamut_order_no=100000002"], 360)
        stands_once(company, agent, failing, doubtful)


def place(company: Company) -> tuple[int, int]:
    """An order of goods that Mamut does not know, and one of somebody whom it may know."""
    company.mamut_door.act("contact.create", name="A. Xylofonsson", email=EMAIL, kinds=["customer"])
    (wrong,) = company.shop_door.create("products", [{"name": "Vara", "sku": "FEL-1", "regular_price": "49.00"}])
    goods = [each["id"] for each in company.shop_door.products("id,sku") if each["sku"] not in ("", "FEL-1")]
    paid = {"set_paid": True, "payment_method": "cod", "status": "processing"}
    first = {**paid, "billing": {**BUYER, "email": "annan@post.example"}, "line_items": [{"product_id": wrong["id"]}]}
    second = {**paid, "billing": {**BUYER, "email": EMAIL}, "line_items": [{"product_id": goods[0]}]}
    made = company.shop_door.create("orders", [first, second])
    return int(made[0]["id"]), int(made[1]["id"])


def hold_two(company: Company) -> Forked:
    """An agent that has looked at both."""
    agent = company.start_agent()
    company.wait(lambda: '"admin_without_users"' in agent.log.read_text("utf-8"), 20, agent)
    company.wait(lambda: company.count("orders", "state = 'held'") == 2, 30, agent)
    return agent


def code_for(company: Company) -> str:
    """A way in for the first user."""
    found = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", company.brygga("admin", "code").stdout)
    assert found is not None
    return found.group()


async def are_sound(browser: Chromium, pages: list[str], width: int, *, dark: bool = False) -> None:
    """For the eye, for the hand and for axe; then the other language is spoken."""
    await browser.screen(width, dark=dark)
    for page in pages:
        await browser.go(page)
        found = [*await browser.overflows(), *await browser.faults(), *await browser.complaints()]
        assert found == [], f"{page}: {found}"
    language = await browser.run("return document.documentElement.lang")
    await browser.click(".who button[lang]")
    await browser.until("return document.documentElement.lang !== arguments[0]", language)


async def sign_up(browser: Chromium, where: str, code: str) -> None:
    await browser.go(f"{where}/first")
    for field, text in (("code", code), ("name", "kim"), ("password", PASSWORD), ("again", PASSWORD)):
        await browser.type(f"#{field}", text)
    await browser.click("button.primary")
    await browser.find("[data-live]")


def stands_once(company: Company, agent: Forked, *order_ids: int) -> None:
    """Asked of both systems, not of the agent."""
    totals = {each.id: each.total for each in company.shop_door.orders()}
    held: dict[str, list[Decimal]] = {}
    for document in company.mamut_door.documents():
        held.setdefault(document.external_no, []).append(document.total)
    assert held == {f"butik:{order_id}": [totals[order_id]] for order_id in order_ids}
    log = agent.log.read_text("utf-8")
    assert EMAIL not in log
    assert "Xylofonsson" not in log
