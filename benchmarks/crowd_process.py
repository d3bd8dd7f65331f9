"""One agent with many shops that measures itself.

`python -m benchmarks.crowd_process FOLDER MAMUT INTERVAL ORDERS PORTS`: it works until every shop has transferred and
marked its orders, then looks on for a while without any, then stops.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import apsw
import msgspec
import trio

from agent import app
from agent.cli.run import set_up_log
from agent.journal.journal import Journal, open_journal
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.settings.secret import Secret
from agent.settings.secrets import Secrets, ShopSecrets
from agent.settings.tree import ArticleSettings, MamutSettings, ReadingSettings, Settings, ShopSettings, VatSettings
from agent.world import World
from benchmarks.market import PASSWORD
from simulators.woocommerce.options import READ_WRITE

LOOK_EVERY_S = 0.02
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Crowd(Frozen, frozen=True):
    """Seconds are real ones, `cpu_s` of this process alone, memory what is resident now."""

    shops: int
    empty_mb: float
    polled_s: float
    first_order_s: float
    all_orders_s: float
    busy_cpu_s: float
    busy_mb: float
    idle_cpu_s: float
    idle_s: float
    idle_polls: int
    idle_commits: int
    idle_mb: float
    stop_s: float
    requests: int


def settings_for(ports: list[int], mamut: str, interval_s: float) -> Settings:
    shops = tuple(
        ShopSettings(
            key=f"s{number}",
            address=f"http://127.0.0.1:{port}",
            vat=VatSettings(domestic={"25": 3, "12": 4, "6": 5}),
            articles=ArticleSettings(),
            reading=ReadingSettings(interval_s=interval_s),
        )
        for number, port in enumerate(ports)
    )
    return Settings(package="premium", premium_limit=1_000_000, mamut=MamutSettings(address=mamut), shop=shops)


async def main(folder: Path, mamut: str, interval_s: float, orders: int, ports: list[int]) -> Crowd:
    settings = settings_for(ports, mamut, interval_s)
    pair = ShopSecrets(Secret(READ_WRITE.consumer_key), Secret(READ_WRITE.consumer_secret))
    secrets = Secrets(mamut_password=Secret(PASSWORD), shops={ShopKey(shop.key): pair for shop in settings.shop})
    empty_mb = resident_mb()
    journal: Journal = open_journal(folder / "journal.db")
    agent = app.Agent(settings, secrets, journal, World())
    wanted = orders * len(ports)
    began, cpu = time.monotonic(), time.process_time()

    def since() -> float:
        return time.monotonic() - began

    async with trio.open_nursery() as nursery:
        nursery.start_soon(agent.run)
        await _until(lambda: all(shop.reader.polls for shop in agent.shops.values()))
        polled_s = since()
        await _until(lambda: not wanted or journal.view(_transferred))
        first_s = since()
        await _until(lambda: journal.view(_marked) >= wanted)
        all_s, busy_cpu, busy_mb = since(), time.process_time() - cpu, resident_mb()
        polls, commits = _polls(agent), journal.commits
        idle_from, cpu = since(), time.process_time()
        await trio.sleep(interval_s * 2)
        idle_cpu, idle_s, idle_mb = time.process_time() - cpu, since() - idle_from, resident_mb()
        polls, commits = _polls(agent) - polls, journal.commits - commits
        stopping = time.monotonic()
        agent.stop()
    journal.close()
    return Crowd(
        shops=len(ports),
        empty_mb=empty_mb,
        polled_s=polled_s,
        first_order_s=first_s,
        all_orders_s=all_s,
        busy_cpu_s=busy_cpu,
        busy_mb=busy_mb,
        idle_cpu_s=idle_cpu,
        idle_s=idle_s,
        idle_polls=polls,
        idle_commits=commits,
        idle_mb=idle_mb,
        stop_s=time.monotonic() - stopping,
        requests=agent.requests,
    )


async def _until(so: Callable[[], bool]) -> None:
    while not so():  # noqa: ASYNC110 - looked at from outside, as a person would
        await trio.sleep(LOOK_EVERY_S)


def _transferred(tx: apsw.Connection) -> bool:
    return tx.execute("SELECT 1 FROM orders WHERE state = 'transferred' LIMIT 1").fetchone() is not None


def _marked(tx: apsw.Connection) -> int:
    (count,) = tx.execute("SELECT total(marked) FROM orders").fetchone() or (0,)
    return int(count)


def _polls(agent: app.Agent) -> int:
    return sum(shop.reader.polls for shop in agent.shops.values())


def resident_mb() -> float:
    """What the process holds in memory now; Linux alone tells it without asking others."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE_BYTES / 2**20


if __name__ == "__main__":
    gc.set_threshold(50_000, 20, 50)
    set_up_log("json", "error")
    place, address, every, each, listed = sys.argv[1:]
    crowd = trio.run(main, Path(place), address, float(every), int(each), [int(port) for port in listed.split(",")])
    sys.stdout.write(msgspec.json.encode(crowd).decode() + "\n")
