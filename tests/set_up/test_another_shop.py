"""The guided set-up beside an agent at work: another shop is set up in its own session with Mamut, wrong input is told
and kept, what was typed survives, and the agent takes the shop up without leaving its others."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.journal import records, settings_history
from agent.journal.users import Role
from agent.model.words import Language
from agent.set_up.work import Place, Running, SetUp
from agent.settings.judge import judge
from agent.settings.secret import Secret
from agent.settings.secrets_file import PASSWORD
from agent.settings.source import SettingsFile
from scenarios.play import Play, play, shop_settings
from tests.actors.small_shop import SmallShop
from tests.admin.admin_side import AdminSide, Browser

SETTINGS = """\
# Skrivet för hand.
package = "100"  # räcker för en butik

[mamut]
address = "http://mamut.example"

[[shop]]
key = "garn"
address = "https://garn.example"
department = 10

[shop.vat.domestic]
"25" = 3
"""

SECRETS = """\
[mamut]
password = "simulerad"

[shop.garn]
consumer_key = "{key}"
consumer_secret = "{secret}"
"""


class Side(NamedTuple):
    world: Play
    agent: Agent
    set_up: SetUp
    kim: Browser
    tyg: SmallShop
    file: Path

    async def page(self, step: str) -> str:
        """The step's page when its tests are through."""
        await trio.sleep(20)
        return (await self.kim.get(f"/setup/{step}")).text

    async def saved(self, step: str, **fields: str | list[str]) -> int:
        await self.kim.get(f"/setup/{step}")
        return (await self.kim.post(f"/setup/{step}", fields)).status_code


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[Side]:
    async with play(folder, seed=4) as world, trio.open_nursery() as nursery:
        world.mamut.fill(1, products=10, contacts=5)
        SmallShop(world, shop_settings("garn"))
        tyg = SmallShop(world, shop_settings("tyg"), seed=9)
        file = folder / "brygga.toml"
        file.write_text(SETTINGS, "utf-8")
        pair = world.shops["garn"].options.keys[0]
        _write_private(folder / "secrets.toml", SECRETS.format(key=pair.consumer_key, secret=pair.consumer_secret))
        judgement = judge(file, {})
        assert judgement.settings is not None
        assert judgement.secrets is not None
        journal, outside = world.open_journal(), world.world()
        agent = Agent(judgement.settings, judgement.secrets, journal, outside, SettingsFile(file, {}), judgement.text)
        nursery.start_soon(agent.run)

        def running() -> Running:
            return Running(agent.settings.mamut, agent.mamut_password, agent.desk.ask)

        place = Place(file=file, environ={}, language=Language.SWEDISH)
        set_up = SetUp(place, journal, outside.clock, outside.transports, running)
        nursery.start_soon(set_up.run)
        async with AdminSide(journal, world.calendar.now, lambda: agent.settings, agent.reloader) as side:
            side.admin.set_up = set_up
            kim = await side.signed_in(Role.CONFIGURE, "kim")
            await trio.sleep(30)
            yield Side(world, agent, set_up, kim, tyg, file)
            nursery.cancel_scope.cancel()
        journal.close()


async def test_another_shop_is_set_up_beside_an_agent_that_goes_on(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with at_work(tmp_path) as side:
        world, kim = side.world, side.kim
        sessions = side.agent.mamut.sessions
        garn = next(iter(side.agent.shops.values()))
        order = side.tyg.order(1)
        await kim.get("/setup")
        assert (await kim.post("/setup/begin")).headers["location"] == "/setup/company"
        # The agent has the session; it is asked there, and none is opened beside it.
        assert await side.saved("company", address="http://mamut.example", client_no="001", user="brygga") == 303
        page = await side.page("company")
        assert "den körande agenten har sessionen" in page
        assert side.agent.mamut.sessions == sessions
        await _the_shop(side)
        await _the_package_and_codes(side)
        await kim.post("/setup/trial/test")
        page = await side.page("trial")
        assert "order i Mamut" in page
        assert "stämmer på öret" in page
        assert side.file.read_text("utf-8") == SETTINGS
        assert not [each for each in world.documents() if each.startswith("tyg")]
        assert await side.saved("go", begin="listed") == 303
        basis = _hidden((await kim.get("/setup/go")).text, "basis")
        answer = await kim.post("/setup/go", {"begin": "listed", "go": "1", "basis": basis, "anyway": "1"})
        assert answer.headers["location"].startswith("/?said=set_up"), answer.text
        await trio.sleep(120)
        assert [each for each in world.documents() if each == f"tyg:{order}"]
        assert side.agent.shops[garn.key] is garn, "the shop that was there was left alone"
        text = side.file.read_text("utf-8")
        assert text.startswith("# Skrivet för hand.\n")
        assert 'package = "400"  # räcker för en butik' in text
        newest = side.agent.journal.view(settings_history.newest)
        assert newest is not None
        assert newest.who == "kim"
        assert "shop[tyg]" in [each.path for each in newest.changes]
        assert side.set_up.draft() is None
        assert "set_up" not in (tmp_path / "secrets.toml").read_text("utf-8")


async def _the_shop(side: Side) -> None:
    """Wrong first: told with its place, nothing tested, nothing lost, and the working shop's keys untouched."""
    pair = side.world.shops["tyg"].options.keys[0]
    status = await side.saved("shop", key="garn", name="Tyg & Tråd", address="tyg.example", consumer_key="ck_fel")
    page = await side.page("shop")
    assert status == 422
    for told in ("shop[1].address", "shop[1].key", 'value="Tyg &amp; Tråd"'):
        assert told in page, told
    assert "ck_fel" not in page
    assert judge(side.file, {}).secrets is not None
    # Who begins again finds what was typed: it lies in the journal and in the file of secrets, not in memory.
    again = SetUp(side.set_up.place, side.agent.journal, side.world.calendar.now, side.set_up.transports, lambda: None)
    made = again.draft()
    assert made is not None
    assert made.shop_of(made.settings).name == "Tyg & Tråd"
    assert again.secrets.tried(("shop", "garn", "consumer_key")) == Secret("ck_fel")
    assert again.secrets.tried(PASSWORD) == Secret("simulerad")
    fields = {"key": "tyg", "name": "Tyg & Tråd", "address": "https://tyg.example"}
    keys = {"consumer_key": pair.consumer_key, "consumer_secret": "cs_" + "9" * 40}
    assert await side.saved("shop", **fields, **keys) == 303
    page = await side.page("shop")
    assert "BRY-" in page, page
    assert await side.saved("shop", **fields, consumer_secret=pair.consumer_secret) == 303
    page = await side.page("shop")
    assert 'class="badge bad"' not in page, page
    made = side.set_up.draft()
    assert made is not None
    assert made.shop_lists is not None
    assert "processing" in [each.key for each in made.shop_lists.statuses]


async def _the_package_and_codes(side: Side) -> None:
    """Two shops are not in package 100, and a flow that does not exist changes nothing."""
    assert await side.saved("package", flow="9", package="400") == 422
    assert await side.saved("package", flow="1", package="100") == 422
    assert "BRY-S05" in await side.page("package")
    assert await side.saved("package", flow="1", package="400") == 303
    page = await side.page("mapping")
    assert '<option value="20" selected>20 Webbutik 2' in page, "the first web shop has department 10"
    chosen: dict[str, str | list[str]] = {
        "trigger": ["processing", "completed"],
        "document": "order",
        "department": "20",
        "terms:bacs": "4",
        "form:flat_rate": "1",
        "vat:25": "3",
        "zero": "1",
        "unknown": "hold",
    }
    assert await side.saved("mapping", **{**chosen, "trigger": []}) == 422
    assert await side.saved("mapping", **chosen) == 303
    assert "6 momskoder" in await side.page("mapping")
    made = side.set_up.draft()
    assert made is not None
    shop = made.shop_of(made.settings)
    assert shop.department == 20
    assert shop.orders.payment_methods["bacs"].payment_terms == 4
    assert shop.vat.domestic == {"25": 3}


async def test_what_may_not_be_is_refused_and_what_was_begun_is_thrown_away(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with at_work(tmp_path) as side:
        kim = side.kim
        await kim.get("/setup")
        await kim.post("/setup/begin", {"shop": "garn"})
        made = side.set_up.draft()
        assert made is not None
        assert (made.was, made.shop) == ("garn", 0)
        # A shop that is there keeps its short name, whatever is sent.
        await side.saved("shop", key="annan", name="Garnet", address="https://garn.example")
        made = side.set_up.draft()
        assert made is not None
        assert made.shop_of(made.settings).key == "garn"
        # What is not there cannot be tested, nor what is wrong.
        for wrong in ("", "garn.example"):
            await side.saved("shop", name="Garnet", address=wrong)
            for step in ("shop", "mapping", "trial"):
                await kim.get("/setup/go")
                assert "setup_first" in (await kim.post(f"/setup/{step}/test")).headers["location"]
        assert side.set_up.jobs == {}
        await side.saved("shop", name="Garnet", address="https://garn.example")
        # Untested it starts only when a person says so, from a day that is one, and by the file that was shown.
        await side.kim.get("/setup/go")
        basis = _hidden((await kim.get("/setup/go")).text, "basis")
        for fields, told in (
            ({"begin": "kept", "basis": basis}, "Allt är inte prövat"),
            ({"begin": "date", "begin_on": "2026-02-30", "basis": basis}, "ingen dag"),
            ({"begin": "listed", "basis": basis}, "provet är inte kört"),
            ({"begin": "kept", "anyway": "1", "basis": "en annan"}, "någon annan har ändrat"),
        ):
            answer = await kim.post("/setup/go", {**fields, "go": "1"})
            assert answer.status_code == 422
            assert told in answer.text
        assert side.file.read_text("utf-8") == SETTINGS
        await kim.post("/setup/forget")
        assert side.set_up.draft() is None
        assert (await kim.get("/setup/shop")).headers["location"] == "/setup"
        # A draft that another version wrote is none.
        await side.agent.journal.run(lambda tx: records.set_value(tx, "set_up", '{"text": 5}'))
        assert side.set_up.draft() is None
        # Secrets that others may read are neither used nor written to.
        await side.set_up.begin()
        secrets = tmp_path / "secrets.toml"
        secrets.chmod(0o644)
        stood = secrets.read_text("utf-8")
        assert await side.saved("company", address="http://mamut.example", client_no="001", password="nytt") == 422
        assert "BRY-S07" in (await kim.get("/setup/company")).text
        assert secrets.read_text("utf-8") == stood


def _hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
