"""Plugins in the whole agent, between the simulated shop and the simulated Mamut."""

from __future__ import annotations

from pathlib import Path

import pytest
from trio.testing import MockClock

from agent.plugins.tree import PluginSettings
from scenarios.play import play, shop_settings
from tests.actors.small_shop import SmallShop, assert_once_and_equal
from tests.plugins.installed import install

DAY = """
import msgspec


class Plugin:
    api = 1

    def __init__(self, options):
        self.days = 0

    def document_built(self, document, context):
        day = context.record["meta_data"][0]["value"] if context.record["meta_data"] else ""
        if day == "fel":
            raise ValueError(day)
        return msgspec.structs.replace(document, packing_text=f"Leverans {day}")
"""


async def test_a_plugin_reads_what_the_shop_knows_and_one_bad_order_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, autojump_clock: MockClock
) -> None:
    install(monkeypatch, tmp_path, "bry-day", DAY)
    settings = shop_settings(plugins=(PluginSettings(name="bry-day"),))
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(world, settings)
        good = shop.order(1, meta_data=[{"key": "dag", "value": "1 december"}])
        bad = shop.order(2, meta_data=[{"key": "dag", "value": "fel"}])
        await world.run_once()
        assert shop.states() == {good: ("transferred", ""), bad: ("held", "BRY-H29")}
        (document,) = world.mamut.orders()
        assert document.packing_text == "Leverans 1 december"

        world.change("butik", shop_settings())
        await world.run_once()
        assert_once_and_equal(shop, [good, bad])
