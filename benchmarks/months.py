"""A month of each package: what does it take from placed order to Mamut, and what does it cost?

In virtual time, so that every run is the same: the agent polls, waits and retries as it would, the shop and Mamut
answer as the recorded ones. A tenth more orders come than the package allows, so that the limit is met.

Each month is played twice: with orders alone, and with Mamut governing (flow 2), where all directions that the package
has work beside them: staff deliver, invoice, take payments, sell over the counter and change a price.

The month's orders come within one day, thirty times as dense: thirty days are 43,200 polls of which nearly all find
nothing. What such a poll costs is measured first, and the month's are counted at that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import trio

from agent.app import Agent
from agent.model.order import Frozen
from agent.packages import order_limit
from agent.settings.tree_goods import PriceGuards, PriceSettings, StatusSettings
from benchmarks.command import Run
from benchmarks.figures import Cell, Chart, Line, Result, Table, Target
from scenarios.determinism import run_in_virtual_time
from scenarios.play import Play, ShopSide, play, shop_settings
from simulators.http import Request, Response, Simulator
from simulators.mamut.records import Tracking
from simulators.mamut.system import Mamut

PACKAGES = (("100", 100), ("200", 200), ("400", 400), ("800", 800), ("premium", 10_000))
OVER = 0.1
DAY_S = 86_400
DAYS = 1
MONTH_POLLS = 30 * 1_440
IDLE_S = 3_600
START = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
"""Midnight in Sweden, when the package's month begins."""

BUYERS_SHARE = 4
INTERVAL_S = 60
FIRST_S = 1_200
"""By then the first comparison of all goods is through."""

WORK_S = 3_600
GOVERNED: dict[str, Any] = {
    "flow": 2,
    "statuses": StatusSettings(enabled=True),
    "prices": PriceSettings(guards=PriceGuards(percent=Decimal(0))),  # Mamut's prices are quite other than the shop's.
}
ENOUGH, PRICE = Decimal(1_000_000), Decimal(200)
SEED = 3


class Month(Frozen, frozen=True):
    """`governed` says that the other directions ran too; `written` is how often they wrote to the shop."""

    package: str
    governed: bool
    written: int
    placed: int
    booked: int
    held: int
    days: float
    requests: int
    polls: int
    shop_ms: float
    agent_cpu_s: float
    poll_cpu_s: float
    poll_shop_ms: float
    real_s: float
    delays_s: tuple[float, ...]

    @property
    def order_cpu_s(self) -> float:
        """CPU seconds of an order beyond what the polls would have cost without it."""
        return max(0.0, self.agent_cpu_s - self.polls * self.poll_cpu_s) / self.booked

    @property
    def month_cpu_s(self) -> float:
        return self.booked * self.order_cpu_s + MONTH_POLLS * self.poll_cpu_s

    def delay(self, share: float) -> float:
        """Seconds from placed to booked that this share of the booked orders took at most."""
        return self.delays_s[min(len(self.delays_s) - 1, int(share * len(self.delays_s)))]


def months(run: Run) -> Result:
    found = []
    for package, limit in PACKAGES[:1] if run.small else PACKAGES:
        days = run.size(DAYS, 1)
        orders = round(run.size(limit, 20) * (1 + OVER))
        for governed in (False, True):
            run.tell(f"package {package}: {orders} orders in {days} days{', Mamut governs' if governed else ''}")
            found.append(play_month(run.new_folder(package), package, orders, days, governed=governed))
    alone, beside = ([one for one in found if one.governed is governed] for governed in (False, True))
    return Result(
        name="packages",
        question="A month of each package: what does it take from placed order to Mamut, and what does it cost?",
        tables=(
            _table(alone, "A month of each package", ALONE),
            _table(beside, "The same with all directions of flow 2", BESIDE),
        ),
        charts=(_chart(alone),),
        targets=tuple(
            Target(
                what=f"Placed to booked, p99, package {one.package}{', all directions' if one.governed else ''}",
                wanted=f"under {INTERVAL_S + 2} s",
                reached=f"{one.delay(0.99):.1f} s",
                met=one.delay(0.99) < INTERVAL_S + 2,
            )
            for one in found
        ),
    )


def play_month(
    folder: Path, package: str, orders: int, days: float, *, idle_s: float = IDLE_S, governed: bool = False
) -> Month:
    """So many orders within so many days, after `idle_s` seconds without any."""
    return run_in_virtual_time(SEED, lambda: _month(folder, package, orders, days, idle_s, governed))


async def _month(folder: Path, package: str, orders: int, days: float, idle_s: float, governed: bool) -> Month:
    limit = order_limit(package, 10_000 if package == "premium" else None) or orders
    async with play(folder, seed=SEED, start=START) as world:
        world.mamut.fill(SEED, products=10, contacts=0, rich=governed)
        side = world.add_shop(shop_settings(**GOVERNED) if governed else shop_settings())
        world.settings = msgspec.structs.replace(
            world.settings, package=package, premium_limit=limit if package == "premium" else None
        )
        shop, mamut = Timed(side.shop), Timed(world.mamut)
        side.server.simulator, world.mamut_server.simulator = shop, mamut
        side.server.pace = world.mamut_server.pace = 1.0
        buyers, warehouse = Buyers(side, orders), Warehouse(world.mamut)
        began = time.perf_counter()
        async with world.agent() as agent, trio.open_nursery() as nursery:
            await trio.sleep(FIRST_S if governed else INTERVAL_S)

            def spent() -> tuple[float, float, int, int]:
                cpu = time.process_time() - shop.cpu_s - mamut.cpu_s - buyers.cpu_s - warehouse.cpu_s
                return cpu, side.server.cost.work_ms, agent.requests, _polls(agent)

            before = spent()
            await trio.sleep(idle_s)
            idle = spent()
            told = shop.writes
            if governed:
                nursery.start_soon(warehouse.work)
            await buyers.come(orders, days * DAY_S)
            await trio.sleep(2 * INTERVAL_S + 60)
            end = spent()
            written = shop.writes - told
            nursery.cancel_scope.cancel()
        delays = _delays(world, side, buyers)
        idle_polls = idle[3] - before[3]
        return Month(
            package=package,
            governed=governed,
            written=written,
            placed=orders,
            booked=len(delays),
            held=orders - len(delays),
            days=days,
            requests=end[2] - idle[2],
            polls=end[3] - idle[3],
            shop_ms=end[1] - idle[1],
            agent_cpu_s=end[0] - idle[0],
            poll_cpu_s=(idle[0] - before[0]) / idle_polls,
            poll_shop_ms=(idle[1] - before[1]) / idle_polls,
            real_s=time.perf_counter() - began,
            delays_s=tuple(sorted(delays)),
        )


def _polls(agent: Agent) -> int:
    return sum(shop.reader.polls for shop in agent.shops.values())


def _delays(world: Play, side: ShopSide, buyers: Buyers) -> list[float]:
    booked = {document.external_no: document.created_at for document in world.mamut.orders()}
    assert len(booked) == len(world.mamut.orders())
    return [
        (booked[f"{side.key}:{order_id}"] - placed).total_seconds()
        for order_id, placed in buyers.placed.items()
        if f"{side.key}:{order_id}" in booked
    ]


class Timed:
    """A simulator whose own CPU time is known, so that it can be taken off the process's, and how often it was written
    to."""

    def __init__(self, inner: Simulator) -> None:
        self._inner = inner
        self.cpu_s = 0.0
        self.writes = 0

    def handle(self, request: Request) -> Response:
        began = time.process_time()
        self.writes += request.method not in ("GET", "HEAD", "OPTIONS")
        response = self._inner.handle(request)
        self.cpu_s += time.process_time() - began
        return response


class Warehouse:
    """Mamut's staff: every hour what has come since is delivered, invoiced and paid, an article is sold over the
    counter, and the price of another is changed. There is enough of everything."""

    def __init__(self, mamut: Mamut) -> None:
        self._mamut = mamut
        self._seen = 0
        self.cpu_s = 0.0
        self._numbers = [a.product_no for a in mamut.products() if mamut.books.held.stock.get(a.pk)]
        for number in self._numbers:
            mamut.staff.count(number, ENOUGH)

    async def work(self) -> None:
        for hour in count(1):
            await trio.sleep(WORK_S)
            cpu = time.process_time()
            self._mamut.staff.count(self._numbers[hour % len(self._numbers)], ENOUGH - hour)
            self._mamut.staff.set_price(self._numbers[(hour + 1) % len(self._numbers)], price_out=PRICE + hour)
            documents = self._mamut.orders()
            for document in documents[self._seen :]:
                self._mamut.staff.deliver(document.order_no, tracking=[Tracking("PostNord", f"SE{document.order_no}")])
                invoiced = self._mamut.staff.invoice(document.order_no)
                if invoiced.invoice_no is not None:
                    self._mamut.staff.pay(invoiced.invoice_no)
            self._seen = len(documents)
            self.cpu_s += time.process_time() - cpu


class Buyers:
    """People who come at any time of the month; each of them four times."""

    def __init__(self, side: ShopSide, orders: int) -> None:
        self._side = side
        self._chance = Random(f"{SEED}/buyers")
        self._people = max(1, orders // BUYERS_SHARE)
        self._goods = [
            side.do(
                "POST",
                "/products",
                {"name": f"Vara {number}", "sku": f"B-{number:05d}", "regular_price": f"{99 + number}.50"},
            )["id"]
            for number in range(1, 11)
        ]
        self.placed: dict[int, datetime] = {}
        self.cpu_s = 0.0

    async def come(self, orders: int, within_s: float) -> None:
        began = trio.current_time()
        for at_s in sorted(self._chance.uniform(0, within_s) for _ in range(orders)):
            await trio.sleep_until(began + at_s)
            self.buy()
        await trio.sleep_until(began + within_s)

    def buy(self) -> None:
        cpu = time.process_time()
        now = self._side.server.clock()
        order_id = int(self._side.do("POST", "/orders", self._order())["id"])
        self.placed[order_id] = now
        self.cpu_s += time.process_time() - cpu

    def _order(self) -> dict[str, Any]:
        buyer = self._chance.randrange(self._people)
        goods = self._chance.sample(self._goods, self._chance.choice((1, 1, 2, 3)))
        return {
            "set_paid": True,
            "payment_method": "bacs",
            "billing": {
                "first_name": "Kim",
                "last_name": f"Exempel{buyer}",
                "address_1": f"Storgatan {buyer % 90 + 1}",
                "postcode": "903 26",
                "city": "Umeå",
                "country": "SE",
                "email": f"kund{buyer}@post.example",
            },
            "line_items": [{"product_id": one, "quantity": self._chance.choice((1, 1, 2))} for one in goods],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "PostNord", "total": "39.20"}],
        }


ALONE = (
    "p50, p95, p99: seconds from the order's payment to Mamut's document, with a poll a minute and both systems at "
    "their recorded pace. A month is 43,200 polls whatever is sold; where it says so they are counted in, as they are "
    "in all CPU. It is of the agent and the memory network, without the simulators."
)
BESIDE = (
    "Products and prices, and with the package that has them stock and statuses, work beside the orders; each order is "
    "delivered, invoiced and paid within the hour. A poll is then a minute of all directions."
)


def _table(found: list[Month], title: str, note: str) -> Table:
    share: Callable[[Month, float], float] = Month.delay
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.package,
            one.placed,
            one.booked,
            one.held,
            share(one, 0.5),
            share(one, 0.95),
            share(one, 0.99),
            (one.requests - one.polls) / one.booked,
            (one.requests - one.polls + MONTH_POLLS) / one.booked,
            one.written / one.booked,
            (one.shop_ms - one.polls * one.poll_shop_ms) / one.booked,
            (one.shop_ms + (MONTH_POLLS - one.polls) * one.poll_shop_ms) / one.booked,
            one.month_cpu_s / one.booked * 1e6,
            one.poll_cpu_s * 1e6,
            one.month_cpu_s,
            one.month_cpu_s / (30 * DAY_S) * 100,
            one.booked / one.month_cpu_s,
            one.days * DAY_S,
            one.real_s,
        )
        for one in found
    )
    return Table(
        title=title,
        columns=(
            "Package",
            "Placed",
            "Booked",
            "Held at the limit",
            "p50 s",
            "p95 s",
            "p99 s",
            "Requests an order",
            "and the polls",
            "Writes to the shop an order",
            "Shop ms an order",
            "and of the polls",
            "CPU µs an order and its polls",
            "CPU µs a poll",
            "CPU s a month",
            "% of a core",
            "Orders per CPU second",
            "Virtual s",
            "Real s",
        ),
        rows=rows,
        note=note,
    )


def _chart(found: list[Month]) -> Chart:
    lines = tuple(
        Line(
            name=f"package {one.package}",
            points=tuple((share, one.delay(share / 100)) for share in (1, 10, 25, 50, 75, 90, 95, 99)),
        )
        for one in found
    )
    return Chart(name="packages", title="From placed to booked", x="% of orders", y="seconds", lines=lines)
