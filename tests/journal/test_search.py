"""Orders are found by what they hold, by an index, without any of it standing in the journal; a person who is erased is
found no more."""

from __future__ import annotations

from pathlib import Path

import trio
from trio.testing import MockClock

from agent.journal import order_keys, orders, records, reports, search
from agent.journal.erase import erase
from agent.journal.journal import Journal
from agent.journal.order_keys import Kind
from agent.model.ids import ShopKey, ShopOrderId
from scenarios.matrix import MOMENTS
from scenarios.play import Play, StepKill, play, shop_settings
from tests.actors.small_shop import SmallShop
from tests.actors.test_said_by_hand import live
from tests.admin.test_counts import walks, watched

SHOP = ShopKey("butik")


def found(journal: Journal, text: str) -> tuple[str, list[int]]:
    said = journal.view(lambda tx: search.find(tx, text))
    return said.by, [int(row.order_id) for row in said.orders]


async def bought(world: Play) -> tuple[SmallShop, list[int]]:
    shop = SmallShop(world, shop_settings(SHOP))
    world.mamut.fill(products=10)
    ids = [shop.order(1, transaction_id="pi_3Mtw"), shop.order(1), shop.order(2)]
    assert await world.run_once()
    return shop, ids


async def test_an_order_is_found_by_address_payment_and_article_until_its_person_is_erased(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=1) as world:
        _, (first, second, third) = await bought(world)
        journal = world.journal()
        assert found(journal, " Kund1@Post.Example ") == ("email", [second, first])
        assert found(journal, "PI_3mtw") == ("payment", [first])
        assert found(journal, "b-00002") == ("article", [second, first])
        assert found(journal, str(third)) == ("number", [third])
        for nobody in ("kund3@post.example", "B-99999", "", "'", "x" * 500):
            assert found(journal, nobody) == ("", [])
        with watched(journal) as said:
            found(journal, "kund1@post.example")
            found(journal, "B-00002")
        assert said
        assert [walk for sql in said for walk in walks(journal, sql)] == []
        journal.close()
        with world.look() as tx:
            salt = records.value(tx, order_keys.SALT)
            records.set_value(tx, order_keys.SALT, "00" * 16)
            assert search.find(tx, "kund1@post.example").orders == (), "digests say nothing without this journal's key"
            records.set_value(tx, order_keys.SALT, salt)
            rows = list(orders.get_many(tx, SHOP, [ShopOrderId(first)]).values())
        erase(world.journal_path, rows, at_ms=1, who="anna")
        journal = world.journal()
        assert found(journal, "kund1@post.example") == ("email", [second])
        assert found(journal, "pi_3mtw") == ("", [])
        assert found(journal, "B-00002") == ("article", [second, first]), "goods tell of nobody"
        journal.close()


async def test_orders_from_before_there_were_keys_are_gone_through_while_the_agent_works(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=1) as world:
        shop, ids = await bought(world)
        with world.look() as tx:
            tx.execute("DELETE FROM order_keys")
            rows = list(orders.get_many(tx, SHOP, [ShopOrderId(ids[2])]).values())
        erase(world.journal_path, rows, at_ms=1, who="anna")
        with world.look() as tx:
            order_keys.gone_through(tx, SHOP, max(ids) + 1)
            assert search.is_incomplete(tx)
            assert search.find(tx, "kund1@post.example").orders == ()
        for when in MOMENTS:
            assert await live(shop, 120, StepKill(step="keep_keys", when=when))
        async with world.agent() as agent:
            await trio.sleep(240)
            assert found(agent.journal, "kund1@post.example") == ("email", [ids[1], ids[0]])
            assert found(agent.journal, "kund2@post.example") == ("", []), "of the erased nothing comes back"
            assert not agent.journal.view(search.is_incomplete)


async def test_the_newest_of_many_come_first_and_no_more_than_asked_for(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=1) as world:
        _, ids = await bought(world)
        with world.look() as tx:
            assert [row.order_id for row in order_keys.find(tx, Kind.EMAIL, "kund1@post.example", SHOP, 1)] == [ids[1]]
            assert order_keys.find(tx, Kind.EMAIL, "kund1@post.example", ShopKey("annan"), 9) == []
            assert reports.shop_keys(tx) == [SHOP]
