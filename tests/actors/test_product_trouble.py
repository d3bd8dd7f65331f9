"""Products from Mamut to a shop that fails, through kills and pauses: none is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from agent.journal import directions
from simulators.faults import Fault, FaultOptions
from simulators.http import Request, Response
from tests.actors.goods_shop import PRICES, PRODUCTS, goods_shop, sweater

JSON = (("Content-Type", "application/json; charset=UTF-8"),)
LOST = FaultOptions(share=0.25, faults=(Fault.CUT_AFTER, Fault.HANG_AFTER, Fault.STATUS_504_AFTER), seed=3)


async def test_lost_answers_double_no_product(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES)) as shop:
        shop.world.mamut.fill(1, products=40)
        sweater(shop)
        shop.world.faults(shop.side.server, LOST)
        assert await shop.sync(settle_s=3600)
        shop.world.faults(shop.side.server, FaultOptions())
        assert await shop.sync(settle_s=3600)
        assert len(shop.products()) == 44
        assert shop.left() == {}
        assert shop.left(PRICES) == {}


@pytest.mark.parametrize("seed", range(4))
async def test_killed_anywhere_each_article_is_one_product(
    tmp_path: Path, autojump_clock: MockClock, seed: int
) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES), seed=seed) as shop:
        sweater(shop)
        shop.world.mamut.fill(seed, products=12)
        moment = seed
        while not await shop.sync(kill_at=moment):
            moment += 4
        made = shop.products()
        assert len(made) == 16
        assert all(row["regular_price"] for row in made.values() if row["type"] != "variable")
        assert shop.left() == {}


async def test_one_row_that_crashes_the_shop_is_found_and_held_alone(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.world.mamut.fill(1, products=120)
        shop.article("GIFT", description="Giftig vara")

        def gate(request: Request) -> Response | None:
            if request.method == "POST" and "Giftig" in request.body.decode():
                body = b'{"code":"internal_server_error","message":"x","data":{"status":500}}'
                return Response(status=500, headers=JSON, body=body)
            return None

        shop.side.gate = gate
        assert await shop.sync(settle_s=6 * 3600)
        assert len(shop.products()) == 120
        assert shop.left() == {"GIFT": ("BRY-G03", True)}


async def test_a_shop_that_is_down_holds_no_article(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.world.mamut.fill(1, products=10)
        shop.side.gate = lambda _request: Response(status=503, headers=(("Retry-After", "600"),), body=b"")
        journal = shop.world.open_journal()
        async with shop.agent(journal):
            await trio.sleep(7200)
            asked = shop.requests()
            journal.dead = True
        journal.close()
        assert asked < 40
        assert all(not held for _code, held in shop.left().values())
        shop.side.gate = None
        assert await shop.sync()
        assert len(shop.products()) == 10


async def test_a_paused_direction_writes_nothing_and_keeps_its_tasks(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("A")
        journal = shop.look()
        await journal.run(lambda tx: directions.pause(tx, shop.key, PRODUCTS, "kim", 0))
        journal.close()
        assert await shop.sync()
        assert shop.products() == {}
        assert shop.left() == {"A": ("", False)} | {number: row for number, row in shop.left().items() if number != "A"}
        journal = shop.look()
        await journal.run(lambda tx: directions.resume(tx, shop.key, PRODUCTS))
        journal.close()
        assert await shop.sync()
        assert sorted(shop.products()) == ["A"]
