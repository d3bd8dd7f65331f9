"""What would change is tried with what the real steps have: Mamut's groups, the shop's categories, the articles that
Mamut knows. Nothing is written."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
from trio.testing import MockClock

from agent.journal.journal import Journal
from agent.model.ids import ShopKey
from agent.rules.tree import FieldMapping, MappedObject, ProcessingRule
from agent.settings.tree import ShopSettings
from agent.trials import Around, Sources, Tried, source_fields, try_shop
from scenarios.play import Play, play, shop_settings
from tests.actors.small_shop import SmallShop


def rule(**fields: object) -> ProcessingRule:
    return msgspec.convert({"name": "regeln", "side": "read", **fields}, ProcessingRule)


def mapping(**fields: str) -> FieldMapping:
    return FieldMapping(name="mappningen", object=MappedObject.ORDER, field="reference", **fields)


WATCHED = ("orders", "products", "products/categories")


class Bench:
    """Tries on the journal of a play that has ended its agent's day."""

    def __init__(self, world: Play) -> None:
        self.world = world
        self.settings = world.settings
        self.shop = self.settings.shop[0]
        self.pair = world.secrets().shops[ShopKey(self.shop.key)]

    async def tries(self, **changes: object) -> Tried:
        shop: ShopSettings = msgspec.structs.replace(self.shop, **changes)
        journal = self.world.journal()
        try:
            return await try_shop(self.settings, shop, self.pair, 50, self._around(journal))
        finally:
            journal.close()

    async def sources(self) -> Sources:
        journal = self.world.journal()
        try:
            return await source_fields(self.shop, self.pair, 50, self._around(journal))
        finally:
            journal.close()

    def _around(self, journal: Journal) -> Around:
        transports = self.world.network.transports(self.shop.address, True)
        return Around(view=journal.view, clock=self.world.calendar.now, transports=transports, nonces=Random(3))


def changes(tried: Tried, number: str, *, of: str = "articles") -> dict[str, tuple[str, str]]:
    (trial,) = (each for each in getattr(tried, of) if each.number == number)
    return {change.field: (change.before, change.after) for change in trial.changes}


async def test_articles_and_orders_are_tried_with_what_mamut_and_the_shop_have(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=1) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(world, shop_settings(flow=2))
        order_id = shop.order(1, meta_data=[{"key": "_svar's", "value": "x"}, {"key": "_tom", "value": ""}])
        await world.run_once()
        stood = [shop.side.do("GET", f"/{what}?per_page=100") for what in WATCHED]
        bench = Bench(world)

        # Another group is another category, by name: one that is there, and one that would be made.
        moved = await bench.tries(
            processing=(rule(object="product", do=[{"do": "set", "field": "group", "value": "3"}]),)
        )
        found = {each.number: changes(moved, each.number) for each in moved.articles}
        named = {pair for each in found.values() for field, pair in each.items() if field == "categories[1]"}
        assert named
        assert all(before and after and not after.lstrip("-").isdigit() for before, after in named), named

        # An article number that Mamut lacks holds the order, as it would.
        lost = rule(object="order", do=[{"do": "replace", "field": "lines.article_no", "find": "B-", "value": "X-"}])
        (trial,) = (await bench.tries(processing=(lost,))).orders
        assert (trial.order_id, trial.was) == (order_id, "")
        assert trial.reason.startswith("BRY-H")
        assert trial.params["article"].startswith("X-")
        (right,) = (await bench.tries(mapping=(mapping(pick="created_via", compute="value|upper"),))).orders
        assert [(change.field, change.after) for change in right.changes] == [("reference", "REST-API")]

        sources = await bench.sources()
        picks = {each.pick: each.meta for each in sources.orders}
        assert picks["meta_data[?key=='_svar\\'s'].value | [0]"] == "_svar's"
        assert not any("_tom" in each for each in picks)
        assert "billing.city" in picks
        assert "line_items[].sku" in picks
        assert "product_no" in {each.pick for each in sources.articles}
        assert [shop.side.do("GET", f"/{what}?per_page=100") for what in WATCHED] == stood
