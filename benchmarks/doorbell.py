"""From placed to booked when the shop rings: how long does it take?"""

from __future__ import annotations

import time
import urllib.request
from math import ceil

import apsw
import msgspec

from agent.actors.doorbell import GATHER_S
from agent.cli.desk import JOURNAL_NAME
from agent.journal import webhooks
from agent.model.ids import ShopKey
from benchmarks.command import Run
from benchmarks.figures import Result, Table, Target
from benchmarks.market import SEED, SHOP, Market, Open
from scenarios.demo_children import Child, free_port

ORDERS = 300
GAP_S = 0.2
LOOK_EVERY_S = 0.005
GIVE_UP_S = 60.0
P99_S = 1.0
POLL_S = 3_600.0
"""A poll so seldom that none falls into the measuring: what is booked was rung for."""

MORE = """
[shop.webhooks]
enabled = true
delivery_url = "http://127.0.0.1:{port}/butik"

[webhooks]
listen = "127.0.0.1:{port}"
"""


def doorbell(run: Run) -> Result:
    market = Market(run.new_folder("market"), 0)
    folder = run.new_folder("agent")
    with market.open(folder) as opened:
        config = opened.write_settings()
        text = config.read_text("utf-8").replace("interval_s = 5.0", f"interval_s = {POLL_S}")
        config.write_text(text + MORE.format(port=free_port()), "utf-8")
        with (folder / "secrets.toml").open("a", encoding="utf-8") as secrets:
            secrets.write('webhook_secret = "a secret of sixteen letters and more"\n')
        agent = Child("agent", ["run", "--config", str(config), "--log-format", "json"], folder)
        try:
            installed = Child("install", ["webhooks", "install", "--config", str(config)], folder)
            installed.process.wait(GIVE_UP_S)
            _book(opened, agent, SEED)
            _book(opened, agent, SEED + 1)  # The agent, its session in Mamut and the freight article are there now.
            run.tell("the shop rings")
            count = run.size(ORDERS, 5)
            waits = sorted(_book(opened, agent, SEED + 2 + number) for number in range(count))
        finally:
            agent.stop()
        documents = len(opened.mamut.documents())
    with_journal = apsw.Connection(str(folder / JOURNAL_NAME))
    tally = webhooks.tally(with_journal, ShopKey(SHOP))
    with_journal.close()
    p99 = _at(waits, 0.99)
    return Result(
        name="doorbell",
        question="From placed to booked when the shop rings: how long does it take?",
        tables=(
            Table(
                title="One order after the other, both systems at once",
                columns=("Orders", "p50 s", "p95 s", "p99 s", "Longest s", "Deliveries", "Rang first", "Never rang"),
                rows=(
                    (
                        count,
                        _at(waits, 0.5),
                        _at(waits, 0.95),
                        p99,
                        waits[-1],
                        tally.heard,
                        tally.first,
                        tally.missed,
                    ),
                ),
                note="From the shop's word that the order is placed to Mamut's document, seen from outside, in real "
                "seconds. The shop's queue is run as soon as the order is there; a real shop's waits for the next "
                f"visit. {GATHER_S * 1000:.0f} ms of it are what the agent waits for further rings about an order.",
            ),
        ),
        targets=(
            Target(
                what="Placed to booked, p99",
                wanted=f"under {P99_S:g} s",
                reached=f"{p99:.2f} s",
                met=p99 < P99_S,
            ),
            Target(
                what="Orders booked",
                wanted="all, once",
                reached=f"{documents} of {count + 2}",
                met=documents == count + 2,
            ),
        ),
    )


def _book(opened: Open, agent: Child, seed: int) -> float:
    """Seconds from one order's placing to its document."""
    before = len(opened.mamut.documents())
    opened.shop.place(1, seed, payment_method="cod", company_share=0.15)
    began = time.monotonic()
    run_queue(opened)
    while len(opened.mamut.documents()) == before:
        agent.check()
        if time.monotonic() - began > GIVE_UP_S:
            raise TimeoutError(f"an order that rang was not booked within {GIVE_UP_S:g} s")
        time.sleep(LOOK_EVERY_S)
    took_s = time.monotonic() - began
    time.sleep(GAP_S)
    return took_s


def run_queue(opened: Open) -> None:
    """What a visitor to the shop starts."""
    address = f"{opened.shop_address}/simulator/run-queue"
    request = urllib.request.Request(address, data=b"{}", method="POST")  # noqa: S310 - an http address of our own child
    with urllib.request.urlopen(request, timeout=GIVE_UP_S) as answer:  # noqa: S310
        msgspec.json.decode(answer.read())


def _at(waits: list[float], share: float) -> float:
    return waits[ceil(share * len(waits)) - 1]
