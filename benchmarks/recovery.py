"""Killed with a thousand orders under way: how long until all is right again, and what does it cost?"""

from __future__ import annotations

import time

from benchmarks.command import Run
from benchmarks.drain import AGENT
from benchmarks.figures import Result, Table, Target
from benchmarks.market import Market, Open
from scenarios.demo_children import Child

UNDER_WAY = 1_000
LOOK_EVERY_S = 0.01
GIVE_UP_S = 60.0


def recovery(run: Run) -> Result:
    done_before = run.size(100, 5)
    orders = run.size(UNDER_WAY, 20) + done_before
    market = Market(run.new_folder("market"), orders)
    folder = run.new_folder("agent")
    with market.open(folder) as opened:
        config = opened.write_settings()
        run.tell(f"killed with {orders - done_before} orders under way")
        child = Child("agent", ["run", "--config", str(config), "--log-format", "json"], folder)
        _wait(opened, done_before, child)
        child.kill()
        stood = len(opened.mamut.documents())
        requests = opened.mamut.cost().requests + opened.shop.cost().requests
        run.tell(f"{stood} documents stood; started again")
        child = Child("again", ["run", "--config", str(config), "--log-format", "json"], folder)
        began = time.monotonic()
        _wait(opened, stood + 1, child)
        first_s = time.monotonic() - began
        child.kill()
        figures = opened.measured(AGENT, str(config))
        numbers = [document.external_no for document in opened.mamut.documents()]
        requests = opened.mamut.cost().requests + opened.shop.cost().requests - requests
    doubles = len(numbers) - len(set(numbers))
    return Result(
        name="recovery",
        question="Killed with a thousand orders under way: how long until all is right again, and what does it cost?",
        tables=(
            Table(
                title="After kill -9",
                columns=(
                    "Orders",
                    "Booked before",
                    "First new document after s",
                    "All booked, CPU s",
                    "CPU µs an order",
                    "Requests an order left",
                    "Doubled",
                    "Lost",
                ),
                rows=(
                    (
                        orders,
                        stood,
                        first_s,
                        figures.cpu_s,
                        figures.cpu_s / (orders - stood) * 1e6,
                        requests / (orders - stood),
                        doubles,
                        orders - len(set(numbers)),
                    ),
                ),
                note="It is killed twice, the second time right after its first new document. The first seconds are "
                "the process's whole start, the fence and the look-up of what was under way.",
            ),
        ),
        targets=(
            Target(
                what="Orders doubled or lost",
                wanted="none",
                reached=f"{doubles + orders - len(set(numbers))}",
                met=len(numbers) == orders and not doubles,
            ),
        ),
    )


def _wait(opened: Open, documents: int, child: Child) -> None:
    give_up = time.monotonic() + GIVE_UP_S
    while len(opened.mamut.documents()) < documents:
        child.check()
        if time.monotonic() > give_up:
            raise TimeoutError(f"fewer than {documents} documents after {GIVE_UP_S:g} s")
        time.sleep(LOOK_EVERY_S)
