"""How long does a page of the admin take with many orders behind it, and what do twenty open pages cost?"""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Self

import apsw

from agent.admin.contents import ROUTES
from agent.cli.desk import JOURNAL_NAME
from benchmarks.admin_process import NAME
from benchmarks.command import Run
from benchmarks.figures import Cell, Result, Table, Target
from benchmarks.growth import fill
from benchmarks.market import PASSWORD, SHOP
from scenarios.demo_children import environment, free_port

ORDERS = 100_000
TIMES = 9
PAGE_S = 0.150
OPEN = 20
SHARE = 0.05
WATCH_S = 20.0
CHANGE_EVERY_S = 0.25
GIVE_UP_S = 30.0
FIRST_S, STEP_S = 1_500_000_000, 100
"""When the first order of a filled journal was transferred, and how long after it each next one."""

ASKED = ("/overview/chart.json?range=month", f"/account?shop={SHOP}&day=2017-10", "/account?day=2017-10-20")
_SECONDS_A_TICK = 1 / os.sysconf("SC_CLK_TCK")


def admin(run: Run) -> Result:
    folder, count = run.new_folder("admin"), run.size(ORDERS, 300)
    run.tell(f"{count:,} orders")
    fill(folder / JOURNAL_NAME, count)
    _tell_when_seen(folder / JOURNAL_NAME)
    with _Served(folder, FIRST_S + count * STEP_S) as served:
        paths = [
            route.path
            for route in ROUTES
            if route.method == "GET" and route.role is not None and "{" not in route.path and route.path != "/live"
        ]
        rows: list[tuple[Cell, ...]] = []
        for path in (*paths, *ASKED):
            run.tell(path)
            taken = sorted(served.get(path) for _ in range(run.size(TIMES, 1)))
            rows.append((path, 1000 * median(taken), 1000 * taken[-1]))
        watch_s = run.size(int(WATCH_S), 1)
        shares = {}
        for pages in (0, OPEN):
            run.tell(f"{pages} open pages")
            shares[pages] = served.share(pages, watch_s)
    slowest = max(rows, key=lambda row: row[1] if isinstance(row[1], float) else 0.0)
    added = shares[OPEN] - shares[0]
    return Result(
        name="admin",
        question=f"How long does a page take with {count:,} orders behind it, and what do {OPEN} open pages cost?",
        tables=(
            Table(
                title="Pages",
                columns=("Page", "Median ms", "Longest ms"),
                rows=tuple(rows),
                note="From the request on a connection of its own to the last byte of the answer.",
            ),
            Table(
                title="Open pages",
                columns=("Pages open", "CPU, share of one core"),
                rows=tuple((pages, share) for pages, share in shares.items()),
                note=f"The overview, live, while the journal changes every {CHANGE_EVERY_S} s.",
            ),
        ),
        targets=(
            Target(
                what=f"The slowest page with {count:,} orders",
                wanted=f"under {PAGE_S * 1000:.0f} ms",
                reached=f"{slowest[1]:.0f} ms ({slowest[0]})",
                met=isinstance(slowest[1], float) and slowest[1] < PAGE_S * 1000,
            ),
            Target(
                what=f"CPU that {OPEN} open pages add",
                wanted=f"at most {SHARE:.0%} of one core",
                reached=f"{added:.1%}",
                met=added <= SHARE,
            ),
        ),
    )


def _tell_when_seen(journal: Path) -> None:
    tx = apsw.Connection(str(journal))
    with tx:
        tx.execute(
            "INSERT INTO events (shop, order_id, at_ms, kind)"
            " SELECT shop, order_id, transferred_ms - 1000 * (5 + abs(order_id) % 30), 'seen' FROM orders"
        )
    tx.close()


class _Served:
    """The admin in a process of its own, and somebody who has signed in."""

    def __init__(self, folder: Path, now_s: int) -> None:
        self._journal = folder / JOURNAL_NAME
        self._port = free_port()
        arguments = ["-m", "benchmarks.admin_process", str(folder), str(self._port), str(now_s)]
        self._process = subprocess.Popen([sys.executable, *arguments], env=environment(), stderr=subprocess.DEVNULL)
        self._cookie = ""

    def __enter__(self) -> Self:
        deadline = time.monotonic() + GIVE_UP_S
        while True:
            try:
                self._sign_in()
            except ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(GIVE_UP_S)

    def get(self, path: str) -> float:
        """Seconds from request to the last byte."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=GIVE_UP_S)
        connection.connect()
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": self._cookie})
        answer = connection.getresponse()
        answer.read()
        taken = time.perf_counter() - began
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return taken

    def share(self, pages: int, watch_s: float) -> float:
        """The server's CPU while so many have the overview open and the journal changes."""
        tx = apsw.Connection(str(self._journal))
        tx.set_busy_timeout(5_000)
        with ExitStack() as stack:
            for _ in range(pages):
                stack.enter_context(self._listening())
            time.sleep(min(2.0, watch_s))
            cpu, began = self._cpu_s(), time.monotonic()
            while time.monotonic() - began < watch_s:
                # Somebody's order comes and goes, so that there is something new to show each time.
                tx.execute(
                    "UPDATE orders SET state = CASE state WHEN 'held' THEN 'transferred' ELSE 'held' END,"
                    " reason = CASE state WHEN 'held' THEN '' ELSE 'BRY-H02' END WHERE order_id = -1"
                )
                time.sleep(CHANGE_EVERY_S)
            share = (self._cpu_s() - cpu) / (time.monotonic() - began)
        tx.close()
        return share

    def _listening(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self._port))
        head = f"GET /live?pieces=overview HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._cookie}\r\n\r\n"
        opened.sendall(head.encode())
        return opened

    def _cpu_s(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * _SECONDS_A_TICK

    def _sign_in(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=GIVE_UP_S)
        connection.request("GET", "/login")
        page = connection.getresponse()
        token = re.search(rb'name="csrf" content="([0-9a-f]+)"', page.read())
        door = str(page.headers["set-cookie"]).partition(";")[0]
        body = urllib.parse.urlencode(
            {"csrf": token.group(1).decode() if token else "", "name": NAME, "password": PASSWORD}
        )
        kind = "application/x-www-form-urlencoded"
        connection.request("POST", "/login", body, {"Cookie": door, "Content-Type": kind})
        answer = connection.getresponse()
        answer.read()
        self._cookie = str(answer.headers["set-cookie"]).partition(";")[0]
        connection.close()
