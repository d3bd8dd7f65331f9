"""Stopped prices, with a whole agent: what a person lets through is written, what they refuse is not, and both stand in
the history; what was stopped after they looked waits."""

from __future__ import annotations

import re
from pathlib import Path

import trio
from trio.testing import MockClock

from agent.journal import guards, users
from agent.journal.users import Role
from agent.model.ids import ShopKey
from scenarios.play import play, shop_settings
from tests.admin.admin_side import AdminSide
from tests.admin.whole import answered, plain

GARN = ShopKey("garn")


async def test_a_stopped_price_is_let_through_or_refused_on_the_page_and_nothing_unseen_is_decided(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=4) as world:
        world.mamut.fill(1, products=6)
        shop = world.add_shop(shop_settings("garn", name="Garnboden", flow=2))

        def prices() -> dict[str, str]:
            return {row["sku"]: row["regular_price"] for row in shop.do("GET", "/products?per_page=100")}

        def change(number: str, price: str) -> None:
            world.mamut.act_raw("product.change", number, f'{{"price_out": "{price}"}}'.encode())

        async with world.agent() as agent:
            await trio.sleep(1_500)
            first = prices()
            for number, price in (("B-00001", "9000"), ("B-00002", "0"), ("B-00003", "8000")):
                change(number, price)
            await trio.sleep(1_500)
            assert prices() == first
            async with AdminSide(agent.journal, world.calendar.now, lambda: world.settings) as side:
                looker = await side.signed_in(Role.LOOK)
                page = (await looker.get("/prices")).text
                assert "/prices/garn/release" not in page
                assert (await looker.post("/prices/garn/release", {"pk": "", "seen_ms": "1"})).status_code == 403
                robin = await side.signed_in(Role.OPERATE, name="robin")
                page = (await robin.get("/prices")).text
                text = plain(page)
                assert "11250,00" in text
                assert "priset är noll" in text
                assert "Garnboden: 3 stoppade" in text
                pks = dict(re.findall(r'/articles/(\d+)">(B-0000\d)', page))
                pk_of = {number: pk for pk, number in pks.items()}
                (seen,) = set(re.findall(r'name="seen_ms" value="(\d+)"', page))
                # B-00001 goes through, B-00002 keeps what it has.
                page = (
                    await robin.follow(
                        await robin.post("/prices/garn/release", {"pk": pk_of["B-00001"], "seen_ms": seen})
                    )
                ).text
                assert "väntar på agenten" in page
                await robin.post("/prices/garn/dismiss", {"pk": pk_of["B-00002"], "seen_ms": seen})
                await answered(agent)
                # B-00003 becomes another price than the one on the page: it is not let through unseen.
                change("B-00003", "7000")
                await trio.sleep(1_500)
                answer = await robin.post("/prices/garn/release", {"pk": pk_of["B-00003"], "seen_ms": seen})
                assert answer.status_code == 422
                now = prices()
                assert now == {**first, "B-00001": "11250.00"}
                text = plain((await robin.get("/prices/history")).text)
                assert "robin framsläppt garn B-00001" in text
                assert "robin butikens pris behållet garn B-00002" in text
                # All that stands is decided at once, and what is nonsense is refused.
                page = (await robin.get("/prices")).text
                (seen,) = set(re.findall(r'name="seen_ms" value="(\d+)"', page))
                for path, fields, status in (
                    ("/prices/nobody/release", {"pk": "", "seen_ms": seen}, 404),
                    ("/prices/garn/eat", {"pk": "", "seen_ms": seen}, 404),
                    ("/prices/garn/release", {"pk": "x", "seen_ms": seen}, 422),
                    ("/prices/garn/release", {"pk": "", "seen_ms": ""}, 422),
                    ("/prices/garn/dismiss", {"pk": "", "seen_ms": seen}, 303),
                ):
                    assert (await robin.post(path, fields)).status_code == status, path
                await answered(agent)
                assert agent.journal.view(guards.standing) == {}
                act = agent.journal.view(lambda tx: users.acts(tx, 1))[0]
                assert (act.kind, act.before, act.result) == ("dismiss_prices", {"prices": 1}, "done")
                # What was refused is not written by and by; a new price of the same article is judged anew.
                change("B-00002", "0.01")
                await trio.sleep(1_500)
                assert prices() == now
                assert list(agent.journal.view(guards.standing)) == ["garn"]
