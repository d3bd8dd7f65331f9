"""From placed to booked when the shop rings: how long does it take?"""

from __future__ import annotations

import http.client
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from math import ceil

import apsw
import msgspec

from agent.actors.doorbell import GATHER_S
from agent.cli.desk import JOURNAL_NAME
from agent.journal import webhooks
from agent.model.ids import ShopKey
from agent.remote.receiver import signature
from agent.settings.secret import Secret
from benchmarks.command import Run
from benchmarks.figures import Result, Table, Target
from benchmarks.market import SEED, SHOP, Market, Open
from scenarios.demo_children import Child, ChildError, free_port
from scenarios.play import WEBHOOK_SECRET

ORDERS = 300
GAP_S = 0.2
LOOK_EVERY_S = 0.005
GIVE_UP_S = 60.0
P99_S = 1.0
ANSWER_S = 0.1
"""WooCommerce waits five seconds for an answer, and a shop's visitor may wait with it."""

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
        port = free_port()
        config.write_text(text + MORE.format(port=port), "utf-8")
        with (folder / "secrets.toml").open("a", encoding="utf-8") as secrets:
            secrets.write(f'webhook_secret = "{WEBHOOK_SECRET}"\n')
        agent = Child("agent", ["run", "--config", str(config), "--log-format", "json"], folder)
        try:
            installed = Child("install", ["webhooks", "install", "--config", str(config)], folder)
            installed.process.wait(GIVE_UP_S)
            _book(opened, agent, SEED)
            _book(opened, agent, SEED + 1)  # The agent, its session in Mamut and the freight article are there now.
            run.tell("the shop rings")
            count = run.size(ORDERS, 5)
            answers: list[float] = []
            rings = partial(_ring, port, answers)
            waits = sorted(_book(opened, agent, SEED + 2 + number, rings) for number in range(count))
        finally:
            agent.stop()
        documents = len(opened.mamut.documents())
    with_journal = apsw.Connection(str(folder / JOURNAL_NAME))
    tally = webhooks.tally(with_journal, ShopKey(SHOP))
    with_journal.close()
    p99, answered = _at(waits, 0.99), _at(sorted(answers), 0.99)
    return Result(
        name="doorbell",
        question="From placed to booked when the shop rings: how long does it take?",
        tables=(
            Table(
                title="One order after the other, both systems at once",
                columns=(
                    "Orders",
                    "p50 s",
                    "p95 s",
                    "p99 s",
                    "Longest s",
                    "Answer to a delivery, p99 ms",
                    "Deliveries",
                    "Rang first",
                    "Never rang",
                ),
                rows=(
                    (
                        count,
                        _at(waits, 0.5),
                        _at(waits, 0.95),
                        p99,
                        waits[-1],
                        round(answered * 1000, 1),
                        tally.heard,
                        tally.first,
                        tally.missed,
                    ),
                ),
                note="From the shop's word that the order is placed to Mamut's document, seen from outside, in real "
                "seconds. The shop's queue is run as soon as the order is there; a real shop's waits for the next "
                f"visit. {GATHER_S * 1000:.0f} ms of it are what the agent waits for further rings about an order. "
                "With each order one more signed delivery comes, of an order that is none: its answer is timed while "
                "the agent works.",
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
                what="Answer to a delivery, p99",
                wanted=f"under {ANSWER_S * 1000:g} ms",
                reached=f"{answered * 1000:.1f} ms",
                met=answered < ANSWER_S,
            ),
            Target(
                what="Orders booked",
                wanted="all, once",
                reached=f"{documents} of {count + 2}",
                met=documents == count + 2,
            ),
        ),
    )


def _book(opened: Open, agent: Child, seed: int, rings: Callable[[], None] = lambda: None) -> float:
    """Seconds from one order's placing to its document."""
    before = len(opened.mamut.documents())
    opened.shop.place(1, seed, payment_method="cod", company_share=0.15)
    began = time.monotonic()
    run_queue(opened)
    rings()
    while len(opened.mamut.documents()) == before:
        agent.check()
        if time.monotonic() - began > GIVE_UP_S:
            raise TimeoutError(f"an order that rang was not booked within {GIVE_UP_S:g} s")
        time.sleep(LOOK_EVERY_S)
    took_s = time.monotonic() - began
    time.sleep(GAP_S)
    return took_s


def _ring(port: int, answers: list[float]) -> None:
    """Notes the seconds from a delivery's first byte to its answer."""
    body = b'{"id": 1}'
    signed = signature(Secret(WEBHOOK_SECRET), body).decode("ascii")
    headers = {"X-WC-Webhook-Resource": "order", "X-WC-Webhook-Signature": signed}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_S)
    line.connect()
    began = time.monotonic()
    line.request("POST", "/butik", body, headers)
    answer = line.getresponse()
    answers.append(time.monotonic() - began)
    line.close()
    if answer.status != HTTPStatus.OK:
        raise ChildError(f"a signed delivery was answered with {answer.status}")


def run_queue(opened: Open) -> None:
    """What a visitor to the shop starts."""
    address = f"{opened.shop_address}/simulator/run-queue"
    request = urllib.request.Request(address, data=b"{}", method="POST")  # noqa: S310 - an http address of our own child
    with urllib.request.urlopen(request, timeout=GIVE_UP_S) as answer:  # noqa: S310
        msgspec.json.decode(answer.read())


def _at(waits: list[float], share: float) -> float:
    return waits[ceil(share * len(waits)) - 1]
