"""The example between a simulated shop and a simulated Mamut, with the real agent. Time is virtual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.plugins.tree import PluginSettings
from scenarios.play import play, shop_settings

FIRST_OF_DECEMBER = "1796083200"


def packing_texts(folder: Path, *metas: dict[str, str], **options: str) -> list[str]:
    """The packing texts of the documents that orders with these meta fields become."""
    plugin = PluginSettings(name="brygga-leveransdag", options=options)

    async def story() -> list[str]:
        async with play(folder) as world:
            world.mamut.fill(1, products=10, contacts=5)
            shop = world.add_shop(shop_settings(plugins=(plugin,)))
            goods = shop.do("POST", "/products", {"name": "Vara", "sku": "B-00001", "regular_price": "99.50"})
            for meta in metas:
                shop.do("POST", "/orders", order(goods["id"], meta))
            await world.run_once()
            return [document.packing_text for document in world.mamut.orders()]

    return trio.run(story, clock=MockClock(autojump_threshold=0))


def order(product_id: int, meta: dict[str, str]) -> dict[str, Any]:
    billing = {"first_name": "Kim", "last_name": "Exempel", "address_1": "Storgatan 1", "postcode": "903 26"}
    return {
        "set_paid": True,
        "payment_method": "bacs",
        "billing": {**billing, "city": "Umeå", "country": "SE", "email": "kim@post.example"},
        "line_items": [{"product_id": product_id, "quantity": 1}],
        "meta_data": [{"key": key, "value": value} for key, value in meta.items()],
        "customer_note": "Ring på",
    }


@pytest.mark.parametrize("field", ["_orddd_timestamp", "_orddd_lite_timestamp"])
def test_the_chosen_day_stands_first_in_the_packing_text(field: str, tmp_path: Path) -> None:
    assert packing_texts(tmp_path, {field: FIRST_OF_DECEMBER}) == ["Leveransdag: 2026-12-01\nRing på"]


def test_an_order_without_a_day_goes_over_as_it_is_unless_a_day_is_required(tmp_path: Path) -> None:
    assert packing_texts(tmp_path / "a", {}) == ["Ring på"]
    assert packing_texts(tmp_path / "b", {}, {"_orddd_timestamp": FIRST_OF_DECEMBER}, required="yes") == [
        "Leveransdag: 2026-12-01\nRing på"
    ]


def test_what_is_no_day_holds_its_order_alone(tmp_path: Path) -> None:
    texts = packing_texts(tmp_path, {"_orddd_timestamp": "snart"}, {"_orddd_timestamp": FIRST_OF_DECEMBER})
    assert texts == ["Leveransdag: 2026-12-01\nRing på"]
