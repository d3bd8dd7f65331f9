"""Plans of a first synchronisation on their pages, with a whole agent: made, read, downloaded, applied, taken back."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.journal import plans, sync_runs, users
from agent.journal.users import Role
from scenarios.play import play, shop_settings
from simulators.mamut.products import ProductBody
from tests.admin.admin_side import AdminSide
from tests.admin.whole import answered, plain


async def done(agent: Agent) -> None:
    await answered(agent)
    for _ in range(2_000):
        if agent.journal.view(sync_runs.open_run) is None:
            return
        await trio.sleep(1)
    raise AssertionError("a synchronisation never ended")


async def test_a_plan_is_made_read_applied_and_taken_back_from_its_pages(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=4) as world:
        shop = world.add_shop(shop_settings("garn", name="Garnboden", flow=2))
        async with world.agent() as agent, AdminSide(agent.journal, world.calendar.now, lambda: world.settings) as side:
            robin = await side.signed_in(Role.OPERATE, name="robin")
            await robin.get("/plans")
            assert (await robin.post("/plans", {"shop": "garn", "source": "mamut"})).status_code == 403
            kim = await side.signed_in(Role.CONFIGURE, name="kim")
            page = (await kim.get("/plans")).text
            assert "riktningen är på" in page
            # Paused before there is anything in Mamut, so that the agent has made none of it by itself.
            await kim.post("/schedule/garn/products_to_shop/pause")
            await answered(agent)
            world.mamut.fill(1, products=12)
            world.mamut.act(
                "product.create", body=ProductBody(product_no="<b>Å;1", description="=Farlig", web=True, group=1)
            )
            for fields, status in (
                ({"shop": "nobody", "source": "mamut"}, 404),
                ({"shop": "garn", "source": "moon"}, 404),
                ({"shop": "garn", "source": "mamut", "pause": "1"}, 303),
                ({"shop": "garn", "source": "mamut"}, 422),
            ):
                assert (await kim.post("/plans", fields)).status_code == status, fields
            await done(agent)
            assert shop.do("GET", "/products") == []
            assert "klar att verkställas" in plain((await kim.get("/plans")).text)
            text = plain((await kim.get("/plans/1")).text)
            assert "Riktningen är pausad" in text
            assert re.search(r"Skapas 1\d B-00001", text), text
            rows = plain((await kim.get("/plans/1/rows?action=make")).text)
            assert "&lt;b&gt;Å;1 =Farlig" in rows
            assert "name: =Farlig" in rows
            plan = agent.journal.view(lambda tx: plans.get(tx, 1))
            assert plan is not None
            file = await kim.get("/plans/1/plan.json")
            assert hashlib.sha256(file.content).hexdigest() == plan.digest, "the command line takes it too"
            sheet = (await kim.get("/plans/1/plan.csv")).content
            assert sheet.startswith(b"\xef\xbb\xbfplace,action")
            assert b"'=Farlig" in sheet
            for path in ("/plans/2", "/plans/99999999999999999999", "/plans/2/plan.csv"):
                assert (await kim.get(path)).status_code == 404, path
            assert (await kim.get("/plans/1/rows?action=eat&after=x")).status_code == 200
            assert (await kim.post("/plans/1/eat")).status_code == 404
            assert (await kim.post("/plans/stop")).status_code == 422
            await kim.post("/plans/1/apply")
            await done(agent)
            text = plain((await kim.get("/plans/1")).text)
            made = len(shop.do("GET", "/products?per_page=100"))
            assert "verkställd" in text
            assert f"Gjort {made}" in text
            assert made >= 12
            await kim.post("/plans/1/undo")
            await done(agent)
            assert shop.do("GET", "/products?per_page=100") == []
            assert "tillbakatagen" in plain((await kim.get("/plans/1")).text)
            acts = [act.kind for act in agent.journal.view(lambda tx: users.acts(tx, 5))]
            assert acts[:4] == ["sync_undo", "sync_apply", "sync_plan", "pause"]
