"""Plugins in the whole agent, between the simulated shop and the simulated Mamut."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.journal import documents
from agent.model.ids import ShopKey, ShopOrderId
from agent.plugins.tree import PluginSettings
from agent.settings.tree_goods import StatusSettings
from scenarios.play import play, shop_settings
from tests.actors.small_shop import SmallShop, assert_once_and_equal
from tests.plugins.installed import install

SHOP = ShopKey("butik")

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


MATCH = """
import msgspec


class Plugin:
    api = 1

    def __init__(self, options):
        pass

    def customer_matched(self, match, context):
        if context.order.billing.city == "Kiruna":
            raise KeyError("Kim")
        if context.order.billing.city == "Umeå" or match.word == "new":
            return match
        return msgspec.structs.replace(match, as_new=True)
"""


async def test_a_plugin_says_that_a_buyer_is_somebody_else_and_no_contact_is_made_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, autojump_clock: MockClock
) -> None:
    install(monkeypatch, tmp_path, "bry-match", MATCH)
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(world, shop_settings(plugins=(PluginSettings(name="bry-match"),)))
        card = {"name": "Anna Annan", "email": "anna@example.com", "kinds": ["customer"]}
        world.mamut.act_raw("contact.create", "", msgspec.json.encode(card))
        known = world.mamut.contacts()[-1].custid
        buyer = {"first_name": "Bo", "last_name": "Exempel", "address_1": "Gatan 2", "postcode": "111 22"}
        bought = {
            shop.order(number, billing={**buyer, "city": city, "email": "anna@example.com"}): city
            for number, city in enumerate(("Umeå", "Luleå", "Luleå", "Kiruna"))
        }
        await world.run_once()
        states = {bought[order_id]: state for order_id, state in shop.states().items()}
        assert states == {
            "Umeå": ("transferred", ""),
            "Luleå": ("transferred", ""),
            "Kiruna": ("held", "BRY-H29"),
        }
        customers = {document.external_no: document.custid for document in world.mamut.orders()}
        of = [customers.get(f"butik:{order_id}") for order_id in bought]
        assert of[0] == known
        assert of[1] == of[2] != known


SENT = """
class Plugin:
    api = 1
    told = []

    def __init__(self, options):
        self.fails = options.get("fails") == "yes"

    def document_sent(self, document, context):
        self.told.append((context.shop, document.number, document.total_ore, document.adopted))
        if self.fails:
            raise OSError(document.number)
"""


async def test_a_plugin_is_told_of_each_document_and_one_that_fails_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, autojump_clock: MockClock
) -> None:
    install(monkeypatch, tmp_path, "bry-sent", SENT)
    install(monkeypatch, tmp_path, "bry-sour", SENT)
    both = tuple(
        PluginSettings(name=name, options={"fails": bad}) for name, bad in (("bry-sour", "yes"), ("bry-sent", ""))
    )
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(world, shop_settings())
        before = shop.order(1)
        await world.run_once()
        world.change("butik", shop_settings(plugins=both))
        ids = [shop.order(number) for number in range(2, 6)]
        moment = 0
        while not await world.run_once(kill_at=moment):
            moment += 6  # Killed again and again on its way, also between the telling and its commit.
        assert_once_and_equal(shop, [before, *ids])
        for name in ("bry_sent", "bry_sour"):
            heard = sys.modules[name].Plugin.told
            assert {number for _, number, _, _ in heard} == {str(order_id) for order_id in ids}
            totals = {row["number"]: row["total"] for row in shop.side.orders().values()}
            assert all(total == round(float(totals[number]) * 100) for _, number, total, _ in heard)
        with world.look() as tx:
            failed = tx.execute("SELECT order_id, data FROM events WHERE kind = 'plugin_failed'").fetchall()
        assert sorted({int(order_id) for order_id, _ in failed}) == ids
        assert all('"plugin":"bry-sour"' in data and '"why":"OSError"' in data for _, data in failed)


STATUS = """
import msgspec


class Plugin:
    api = 1

    def __init__(self, options):
        pass

    def status_to_send(self, status, context):
        if status.number == "23":
            raise KeyError(status.number)
        if status.event == "delivered" and status.number == "22":
            return msgspec.structs.replace(status, status="")
        return status
"""


async def test_a_plugin_chooses_the_status_of_one_order_and_holds_that_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, autojump_clock: MockClock
) -> None:
    install(monkeypatch, tmp_path, "bry-status", STATUS)
    statuses = StatusSettings(enabled=True)
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        settings = shop_settings(flow=2, statuses=statuses, plugins=(PluginSettings(name="bry-status"),))
        shop = SmallShop(world, settings)
        ids = [shop.order(number) for number in range(3)]
        assert ids == [21, 22, 23]
        await world.run_once()
        for document in world.mamut.orders():
            world.mamut.staff.deliver(document.order_no)
        await trio.sleep(1800)  # Mamut is asked again after a while.
        await world.run_once()
        orders = shop.side.orders()
        assert [orders[order_id]["status"] for order_id in ids] == ["completed", "processing", "processing"]
        with world.look() as tx:
            left, row = (documents.get(tx, SHOP, ShopOrderId(order_id)) for order_id in ids[1:])
        assert left is not None
        assert row is not None
        assert (left.is_held, row.code, row.param("plugin")) == (False, "BRY-G52", "bry-status")
        world.change("butik", msgspec.structs.replace(settings, plugins=()))
        await world.run_once()
        statuses_now = [shop.side.orders()[order_id]["status"] for order_id in ids]
        assert statuses_now == ["completed", "processing", "completed"]
        assert_once_and_equal(shop, ids)
