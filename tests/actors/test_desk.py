"""Questions to Mamut: orders first, the register in the background and yet never starved, nobody left waiting."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
import trio
from trio.testing import MockClock

from agent.actors.mamut_writer import BACKGROUND_EVERY_S
from agent.app import Agent
from agent.model.goods import ArticlePage
from agent.model.reasons import Fault
from agent.remote.ports import MamutPort
from agent.remote.trouble import Trouble
from simulators.http import Request, Response
from simulators.mamut import orders
from simulators.mamut.lines import LineBody
from simulators.mamut.options import MamutOptions
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal


async def _first_page(port: MamutPort) -> ArticlePage:
    return await port.list_articles(0, 5)


async def test_a_question_in_the_background_is_answered_when_there_is_nothing_else(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop, shop.world.agent() as agent:
        await trio.sleep(30)
        asked_at = trio.current_time()
        page = await agent.desk.ask(_first_page, background=True)
        assert (len(page.rows), page.total) == (5, 11)
        assert trio.current_time() - asked_at < 1


async def test_orders_go_before_the_background_and_do_not_starve_it(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(60)]
        shop.world.mamut_server.latency_s = 1.0
        answered: list[float] = []
        shop.world.mamut_server.simulator = watch = Watch(shop)
        async with shop.world.agent() as agent:
            await watch.made.wait()
            with trio.move_on_after(40):
                while True:
                    await agent.desk.ask(_first_page, background=True)
                    answered.append(trio.current_time())
            assert len(shop.world.documents()) < 60  # The flood was there all the time.
            gaps = [later - earlier for earlier, later in pairwise(answered)]
            assert len(gaps) >= 2
            assert all(BACKGROUND_EVERY_S <= gap < BACKGROUND_EVERY_S + 5 for gap in gaps)
            await trio.sleep(600)
        assert_once_and_equal(shop, order_ids)


async def test_a_question_that_cannot_wait_is_answered_before_one_that_can(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        shop.world.mamut_server.latency_s = 2.0
        order: list[str] = []

        async def ask(agent: Agent, name: str, *, background: bool) -> None:
            await agent.desk.ask(_first_page, background=background)
            order.append(name)

        async with shop.world.agent() as agent, trio.open_nursery() as nursery:
            await trio.sleep(60)
            for number in range(3):
                nursery.start_soon(lambda: ask(agent, "background", background=True), name=str(number))
            await trio.sleep(1)
            nursery.start_soon(lambda: ask(agent, "urgent", background=False))
        assert order == ["background", "urgent", "background", "background"]


async def test_whoever_asks_a_mamut_that_lets_nobody_in_is_told_why(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        shop.world.set_mamut(MamutOptions(users={"brygga": "another"}))
        async with shop.world.agent() as agent:
            await trio.sleep(5)
            with trio.fail_after(60), pytest.raises(Trouble) as caught:
                await agent.desk.ask(_first_page, background=True)
            assert caught.value.fault is Fault.MAMUT_PASSWORD_WRONG


async def test_a_session_lost_over_a_question_lets_everything_be_looked_up_anew(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """Somebody else had the session in between and made the very documents that we had looked up as missing."""
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(12)]
        between = Between(shop, order_ids)
        shop.world.mamut_server.simulator = between
        shop.world.mamut_server.latency_s = 0.05
        async with shop.world.agent() as agent:
            with trio.move_on_after(60):
                while True:
                    await agent.desk.ask(_first_page)
        held = shop.world.documents()
        assert between.others > 0
        assert {number: len(amounts) for number, amounts in held.items()} == {
            f"{shop.side.key}:{order_id}": 1 for order_id in order_ids
        }


class Watch:
    """Mamut as it is, and a sign when the first document has been made."""

    def __init__(self, shop: SmallShop) -> None:
        self.mamut = shop.world.mamut
        self.made = trio.Event()

    def handle(self, request: Request) -> Response:
        answer = self.mamut.handle(request)
        if request.method == "POST" and request.path.endswith("/orders") and not self.made.is_set():
            self.made.set()
            self.meddle()
        return answer

    def meddle(self) -> None:
        """What happens in the very moment after it."""


class Between(Watch):
    """A Mamut in which, after our first document, somebody else takes the session and makes all the others."""

    def __init__(self, shop: SmallShop, order_ids: list[int]) -> None:
        super().__init__(shop)
        self._numbers = [f"{shop.side.key}:{order_id}" for order_id in order_ids]
        self.others = 0

    def meddle(self) -> None:
        self.mamut.sessions.end_all()
        for number in self._numbers:
            if not self.mamut.orders_by_external_no(number):
                body = orders.OrderBody(
                    external_no=number, contid=1, lines=[LineBody(product_no="B-00001", qty=Decimal(1))]
                )
                self.mamut.act("order.create", body=body)
                self.others += 1
