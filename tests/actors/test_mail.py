"""Nothing fails in silence: a real agent, its shops, Mamut and a mail server, through days in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
import trio
from trio.testing import MockClock

from agent.actors.mailer import MAIL, TEST
from agent.app import Agent
from agent.app_told import watch_over
from agent.journal import records, reports, told_by_mail, users
from agent.model.reasons import Fault
from agent.remote.trouble import Trouble
from agent.settings.tree import ReadingSettings
from agent.settings.tree_admin import AdminSettings
from agent.settings.tree_mail import MailSecurity, MailSettings
from agent.world import World
from scenarios.play import MAMUT_HOST, Play, play, shop_settings
from simulators.mail.server import MailFault, MailServer, Taken
from tests.actors.small_shop import SmallShop

HOST = "smtp.example"

MAIL_SETTINGS = MailSettings(
    host=HOST, security=MailSecurity.NONE, sender="brygga@example.com", to=("agare@example.com",), timeout_s=20.0
)

HOUR = 3_600.0


class Post:
    """The merchant's mail, as it comes."""

    def __init__(self, world: Play, server: MailServer) -> None:
        self.world = world
        self.server = server
        self.read = 0

    async def through(self, hours: float) -> list[Taken]:
        """The letters of the time."""
        await trio.sleep(hours * HOUR)
        new, self.read = self.server.taken[self.read :], len(self.server.taken)
        return new

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[Agent]:
        """An agent at work, and those who watch beside it; leaving the block kills all of them."""
        async with self.world.agent() as agent:
            given = World(
                clock=self.world.calendar.now,
                seed=1,
                threaded=False,
                wishes_every_s=60.0,
                connect=self._connect,
                room=lambda _: 10**12,
            )

            async with trio.open_nursery() as nursery:
                nursery.start_soon(watch_over, lambda: agent, agent.journal, given)
                yield agent
                agent.journal.dead = True  # type: ignore[attr-defined]  # a MortalJournal
                nursery.cancel_scope.cancel()

    async def _connect(self, host: str, _port: int) -> trio.abc.Stream:
        try:
            return self.world.network.connect(host)
        except Trouble as trouble:
            raise ConnectionRefusedError(111, "Connection refused") from trouble


@asynccontextmanager
async def posting(folder: Path, **changes: object) -> AsyncIterator[tuple[Post, SmallShop]]:
    async with play(folder, seed=5) as world:
        world.mamut.fill(5, products=4, contacts=3)
        reading = ReadingSettings(interval_s=300.0, reread_every_s=36_000.0)
        shop = SmallShop(world, shop_settings("garn", name="Garnboden", reading=reading))
        mail = msgspec.structs.replace(MAIL_SETTINGS, **changes)
        admin = AdminSettings(public_url="https://brygga.example")
        world.settings = msgspec.structs.replace(world.settings, mail=mail, admin=admin)
        post = Post(world, MailServer())
        listening = trio.Event()

        async def listens() -> None:
            listening.set()

        world.nursery.start_soon(world.network.serve, HOST, post.server.serve, listens)
        await listening.wait()
        yield post, shop


async def test_a_shop_that_is_away_is_told_once_and_so_is_its_return(tmp_path: Path, autojump_clock: MockClock) -> None:
    """Also when the agent is killed in between, and though everything is looked at every minute."""
    async with posting(tmp_path) as (post, shop):
        async with post.watched():
            shop.order(1)
            assert await post.through(1) == []
            post.world.network.refuse("garn.example", refuse=True)
            (letter,) = await post.through(1)
            assert letter.message["Subject"] == "Brygga: Butiken svarar inte (BRY-C01) (Garnboden)"
            assert "Connection refused" in letter.text
            assert "https://brygga.example/attention" in letter.text
            assert await post.through(1) == []
        async with post.watched():
            assert await post.through(1) == []
            post.world.network.refuse("garn.example", refuse=False)
            (letter,) = await post.through(1)
            assert letter.message["Subject"] == "Brygga: allt är bra igen"
            assert await post.through(2) == []


async def test_what_is_held_is_told_when_it_has_aged_and_without_anybodys_name(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with posting(tmp_path, daily_at="") as (post, shop), post.watched():
        strange = shop.side.do("POST", "/products", {"name": "Okänd", "sku": "OKÄND-1", "regular_price": "49.00"})
        lines = [{"product_id": strange["id"], "quantity": 1}]
        order_id = shop.order(1, line_items=lines)
        order = shop.side.do("GET", f"/orders/{order_id}")
        (letter,) = await post.through(1.5)
        assert "Artikeln finns inte i Mamut (BRY-H02)" in letter.text
        assert f"https://brygga.example/orders/garn/{order_id}" in letter.text
        for part in (letter.body.decode("ascii"), letter.text):
            for secret in (order["billing"]["email"], order["billing"]["last_name"], order["billing"]["address_1"]):
                assert secret not in part
        shop.order(2, line_items=lines)
        (letter,) = await post.through(0.5)
        assert "FLER ÄN SIST" in letter.text
        html = letter.message.get_body(("html",))
        assert html is not None
        assert f'href="https://brygga.example/orders/garn/{order_id}"' in html.get_content()


async def test_a_mail_server_that_is_away_stops_nothing_and_is_seen(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with posting(tmp_path) as (post, shop), post.watched() as agent:
        post.world.network.refuse(HOST, refuse=True)
        post.world.network.refuse(MAMUT_HOST, refuse=True)
        assert await post.through(2) == []
        row = next(each for each in agent.journal.view(reports.health) if each.actor == "mail")
        assert (row.state, row.fault) == ("paused", Fault.MAIL_NOT_SENT.value)
        assert row.problem == "connect_failed: Connection refused"
        assert agent.journal.view(told_by_mail.get).failed is not None
        post.server.faults += [MailFault.BUSY, MailFault.HANG, MailFault.LOST]
        post.world.network.refuse(HOST, refuse=False)
        letters = await post.through(1.5)
        assert len(letters) == 2, "one was taken and its answer lost: told again rather than never"
        assert letters[0].message["Message-ID"] == letters[1].message["Message-ID"]
        assert "Mamut svarar inte" in letters[0].text
        post.world.network.refuse(HOST, refuse=True)
        post.world.network.refuse(MAMUT_HOST, refuse=False)
        shop.order(1)
        await trio.sleep(HOUR)
        assert len(post.world.documents()) == 1, "orders go over all the same"
        post.world.network.refuse(HOST, refuse=False)
        (letter,) = await post.through(1)
        assert letter.message["Subject"] == "Brygga: allt är bra igen"
        assert agent.journal.view(told_by_mail.get).failed is None


async def test_somebody_tries_whether_letters_come(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with posting(tmp_path) as (post, _), post.watched() as agent:
        for fault, result in ((None, "done"), (MailFault.REFUSED, "letter_554: 5.7.1 message refused")):
            post.server.faults += [] if fault is None else [fault]
            wish_id = await agent.journal.run(lambda tx: users.wish(tx, at_ms=1, who="kim", kind=TEST, shop=MAIL))
            await trio.sleep(130)
            assert agent.journal.view(partial(reports.wish_results, wish_ids=[wish_id])) == {wish_id: result}
        assert [letter.message["Subject"] for letter in post.server.taken] == ["Brygga: provbrev"]
        assert agent.journal.view(lambda tx: records.open_wishes(tx, MAIL)) == []
