"""A journal that is put back is older than the world: nothing is done twice by that, and no shelf is believed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import trio
from trio.testing import MockClock

from agent.journal import backup
from agent.settings.tree_goods import EventChoice, MailChoice, StatusSettings
from scenarios.play import Play, ShopSide, play, shop_settings
from scenarios.stage import START
from simulators.mamut.products import ProductBody
from simulators.mamut.staff import Staff

STATUSES = StatusSettings(
    enabled=True,
    delivered=EventChoice(status="completed", capture=True, mail=MailChoice.NOTE, text="Nu är det på väg."),
)


def _product(side: ShopSide, sku: str) -> dict[str, Any]:
    (row,) = side.do("GET", f"/products?sku={sku}&status=any")
    return dict(row)


def _skus(side: ShopSide) -> list[str]:
    return sorted(str(row["sku"]) for row in side.do("GET", "/products?per_page=100&status=any"))


async def _settle(world: Play) -> None:
    """An agent that looks at everything, Mamut's documents too, which it asks about every now and then."""
    await trio.sleep(7_200)
    assert await world.run_once()


async def test_what_came_after_the_copy_is_found_and_not_done_again(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with play(tmp_path, seed=1) as world:
        world.mamut.fill(1, products=6)
        side = world.add_shop(shop_settings(flow=2, statuses=STATUSES))
        staff = Staff(world.mamut)
        staff.count("B-00001", Decimal(0), warehouse=2)
        staff.count("B-00001", Decimal(5))
        staff.set_price("B-00002", Decimal(80))
        await _settle(world)
        price = _product(side, "B-00002")["regular_price"]
        backup.backup(world.journal_path, tmp_path / "copy.db")

        # After the copy: goods, a new article, an order that is booked, delivered, told of.
        staff.count("B-00001", Decimal(7))
        staff.set_price("B-00002", Decimal(88))
        world.mamut.act(
            "product.create", body=ProductBody(product_no="NY-1", description="Ny", price_out=Decimal(10), web=True)
        )
        line = {"product_id": _product(side, "B-00003")["id"], "quantity": 1}
        billing = {"first_name": "Kim", "last_name": "Exempel", "email": "kim@post.example", "country": "SE"}
        body = {"set_paid": True, "payment_method": "bacs", "billing": billing, "line_items": [line]}
        order_id = side.do("POST", "/orders", body)["id"]
        await _settle(world)
        (document,) = world.mamut.orders()
        staff.deliver(document.order_no)
        await _settle(world)
        assert _product(side, "B-00001")["stock_quantity"] == 7
        assert _product(side, "B-00002")["regular_price"] != price
        held, skus, mails = world.documents(), _skus(side), list(side.shop.orders.mails.sent)
        assert "NY-1" in skus
        assert [mail.kind for mail in mails][-2:] == ["customer_completed_order", "customer_note"]

        # Everything in Mamut becomes what it was at the copy, and then the copy is put back.
        staff.count("B-00001", Decimal(5))
        staff.set_price("B-00002", Decimal(80))
        backup.restore(tmp_path / "copy.db", world.journal_path, at=START, who="anna")
        await _settle(world)
        assert _product(side, "B-00001")["stock_quantity"] == 5, "the journal thought that the shop showed 5 already"
        assert _product(side, "B-00002")["regular_price"] == price
        assert _skus(side) == skus, "no product is made twice"
        assert world.documents() == held
        assert list(side.shop.orders.mails.sent) == mails
        assert side.do("GET", f"/orders/{order_id}")["status"] == "completed"
