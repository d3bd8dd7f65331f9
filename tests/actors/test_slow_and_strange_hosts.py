"""Hosts that are slow, stand in the way, or never come to an end: the agent goes on by itself, and harms no order."""

from __future__ import annotations

from random import Random

import msgspec
import trio
from trio.testing import MockClock

from agent.remote.net import Answer
from agent.remote.retry import RETRY_AFTER_MAX_S, STEPS_S, delay_s
from simulators.http import Request, Response, Simulator
from simulators.serve import Server
from tests.actors.small_shop import Opened, assert_once_and_equal

HTML = (("content-type", "text/html"),)


class Portal:
    """Something in front of a system that answers by itself what is not asked of it, with a status of its own."""

    def __init__(self, behind: Simulator, status: int, *, only: str = "") -> None:
        self._behind = behind
        self._status = status
        self._only = only
        self.met = 0

    def handle(self, request: Request) -> Response:
        if request.method == "POST" and request.path.endswith(self._only):
            self.met += 1
            return Response(status=self._status, headers=HTML, body=b"<html>Sign in</html>")
        return self._behind.handle(request)


class Shuffling:
    """A shop that gives the rows of a batch in another order."""

    def __init__(self, behind: Simulator) -> None:
        self._behind = behind

    def handle(self, request: Request) -> Response:
        response = self._behind.handle(request)
        if not request.path.endswith("/orders/batch"):
            return response
        answer = msgspec.json.decode(response.body)
        if "update" not in answer:
            return response
        answer["update"].reverse()
        body = msgspec.json.encode(answer)
        headers = tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
        return msgspec.structs.replace(response, body=body, headers=headers)


class Trickling(Server):
    """Begins an answer and gives a byte of it now and then, for ever."""

    async def serve_stream(self, stream: trio.abc.Stream) -> None:
        try:
            async with stream:
                await stream.receive_some(65_536)
                await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
                while True:
                    await trio.sleep(10)
                    await stream.send_all(b" ")
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return


async def test_a_very_slow_shop_is_read_and_marked_in_small_pieces(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(40)]
        shop.side.server.pace = 150
        async with shop.world.agent():
            await trio.sleep(3 * 3600)
        assert_once_and_equal(shop, order_ids)
        marked = [
            row["id"] for row in shop.side.orders().values() if any("mamut" in m["key"] for m in row["meta_data"])
        ]
        assert sorted(marked) == order_ids


async def test_a_portal_in_front_of_mamut_kills_no_order(opened: Opened, autojump_clock: MockClock) -> None:
    for status in (302, 400, 405, 413, 418):
        async with opened() as shop:
            order_ids = [shop.order(number) for number in range(3)]
            portal = Portal(shop.world.mamut, status, only="/orders")
            shop.world.mamut_server.simulator = portal
            async with shop.world.agent():
                await trio.sleep(120)
                assert portal.met
                shop.world.mamut_server.simulator = shop.world.mamut
                await trio.sleep(3600)
            assert_once_and_equal(shop, order_ids)
            for path in shop.world.folder.glob("journal.db*"):
                path.unlink()


async def test_marks_go_by_the_ids_of_the_answer_and_not_by_its_order(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(5)]
        shop.side.server.simulator = Shuffling(shop.side.shop)
        shop.world.mamut_server.latency_s = 2
        await shop.world.run_once()
        await trio.sleep(3600)
        await shop.world.run_once()
        journal = shop.world.journal()
        (strange,) = journal.view(
            lambda tx: tx.execute("SELECT count(*) FROM orders WHERE read_modified_at <> modified_at").fetchone()
        )
        journal.close()
        assert not strange, "our own marks were taken for changes"
        assert_once_and_equal(shop, order_ids)
        assert {shop.story(order_id)[-1] for order_id in order_ids} == {"marked"}


async def test_an_answer_that_never_ends_is_given_up(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_id = shop.order()
        real = shop.world.mamut_server
        shop.world.network.put("mamut.example", Trickling(shop.world.mamut, shop.world.calendar.now))
        async with shop.world.agent():
            await trio.sleep(600)
            shop.world.network.put("mamut.example", real)
            await trio.sleep(3600)
        assert_once_and_equal(shop, [order_id])


async def test_orders_go_over_as_soon_as_mamut_is_back(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        shop.world.network.refusing.add("mamut.example")
        order_id = shop.order()
        async with shop.world.agent() as agent:
            await trio.sleep(5 * 3600)
            shop.world.network.refusing.clear()
            await trio.sleep(1)
            back = None
            for _ in range(2_000):
                await trio.sleep(1)
                row = agent.journal.view(
                    lambda tx: tx.execute("SELECT state FROM health WHERE actor = 'mamut'").fetchone()
                )
                if back is None and row is not None and row[0] == "working":
                    back = trio.current_time()
                if back is not None and trio.current_time() - back > 30:
                    break
        assert_once_and_equal(shop, [order_id])


def test_no_remote_sends_us_away_for_longer_than_an_hour() -> None:
    chance = Random(1)
    assert delay_s(1, chance, 30.0) == 30.0
    assert delay_s(1, chance, 31_536_000.0) == RETRY_AFTER_MAX_S
    assert delay_s(1, chance, float("inf")) == RETRY_AFTER_MAX_S
    assert delay_s(1, chance, None) <= STEPS_S[0] * 1.2
    assert Answer(503, {"retry-after": "\u00b2"}, b"").retry_after_s is None
