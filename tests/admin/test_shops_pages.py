"""The pages of shops, with a whole agent: what it learns, an examination, webhooks made and removed, and acceptance."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.journal import records, users
from agent.journal.users import Role
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from scenarios.play import play, shop_settings
from tests.actors.small_shop import SmallShop
from tests.admin.admin_side import AdminSide, Browser
from tests.admin.whole import answered, plain

GARN = ShopKey("garn")


async def asks(agent: Agent, browser: Browser, what: str) -> str:
    """Presses the button, and gives the page once the agent has answered."""
    answer = await browser.post(f"/shops/garn/{what}")
    assert "Väntar på agenten" in (await browser.follow(answer)).text
    await answered(agent)
    return plain((await browser.get("/shops/garn")).text)


async def test_a_shop_is_examined_told_of_and_accepted_by_the_agent_from_its_page(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=3) as world:
        settings = shop_settings("garn", name="Garnboden")
        SmallShop(world, settings)
        world.settings = msgspec.structs.replace(world.settings, package="400")
        async with world.agent() as agent:
            await trio.sleep(30)
            async with AdminSide(agent.journal, world.calendar.now, lambda: world.settings) as side:
                looker = await side.signed_in(Role.LOOK)
                listed = plain((await looker.get("/shops")).text)
                assert "Garnboden läses" in listed
                assert "ingår i paketet" in listed
                assert re.search(r"\d+\.\d+\.\d+", listed), "the version of WooCommerce"
                assert (await looker.post("/shops/garn/examine")).status_code == 403
                robin = await side.signed_in(Role.OPERATE, name="robin")
                page = plain((await robin.get("/shops/garn")).text)
                assert "Tidszon, moms och tillägg läses när butiken prövas" in page
                page = await asks(agent, robin, "examine")
                assert page.count(" bra ") > 8, page
                assert "av robin" in page
                assert "Europe/Stockholm" in page
                # What must not be asked for is refused with its reason.
                assert "inte fryst" in (await robin.post("/shops/garn/accept")).text
                assert "avstängda" in (await robin.post("/shops/garn/webhooks-install")).text
                assert (await robin.post("/shops/garn/nothing")).status_code == 404
                assert (await robin.get("/shops/nobody")).status_code == 404
                await agent.journal.run(
                    lambda tx: records.freeze_shop(tx, GARN, Fault.SHOP_CHANGED, "https://kopia.example", 1_000)
                )
                page = plain((await robin.get("/shops/garn")).text)
                for told in ("fryst", "https://kopia.example", "bokföras två gånger"):
                    assert told in page, told
                assert "fryst" not in await asks(agent, robin, "accept")
                act = agent.journal.view(lambda tx: users.acts(tx, 1))[0]
                assert (act.kind, act.before["what_changed"], act.result) == ("accept", "https://kopia.example", "done")
