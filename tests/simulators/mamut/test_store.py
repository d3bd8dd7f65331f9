"""What a client was told is there after any death of the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path
from random import Random

import httpx
import msgspec
import pytest

from simulators.mamut.options import MamutOptions, Quirks
from simulators.mamut.store import StateError, open_mamut
from tests.simulators.mamut.company import Client, Clock, line

QUIRKS = Quirks(
    change_tracking="sequence",
    desktop_user_overwrites=0.3,
    silent_cancel=0.3,
    header_without_lines=0.2,
    sql_timeout_after_write=0.2,
)


def _open(path: Path, clock: Clock, options: MamutOptions | None = None) -> Client:
    mamut, _ = open_mamut(path, options or MamutOptions(quirks=QUIRKS), clock, 3)
    client = Client(mamut, clock)
    client.log_in()
    return client


def _held(client: Client) -> bytes:
    """All the books, without the count of sessions, which a look at them raises."""
    held = client.mamut.books.held
    return msgspec.json.encode(msgspec.structs.replace(held, sessions_opened=0, acts=0))


def _a_busy_day(client: Client, clock: Clock) -> None:
    staff = client.mamut.staff
    client.call("POST", "contacts", {"name": "Maja 🎉", "email": "maja@example.com", "credit_limit": "1.005"})
    client.call("POST", "products", {"product_no": "A-1", "description": "Kanna", "price_out": "80"})
    client.mamut.fill(5, products=20, contacts=5, start=100)
    staff.count("A-1", Decimal(50))
    random = Random(4)
    for number in range(60):
        clock.pass_time(seconds=random.random() * 100)
        client.call(
            "POST", "orders", {"contid": 1, "external_no": f"main-{number}", "lines": [line(qty="2"), line("NONE")]}
        )
        order_no = 100000001 + random.randrange(number + 1)
        act = random.choice(["deliver", "invoice", "cancel", "credit"])
        part = {"lines": [{"line_no": 1, "qty": "1"}]} if act == "deliver" else None
        client.call("POST", f"orders/{order_no}/{act}", part)
        client.call("PATCH", f"orders/{order_no}", {"reference": str(number)})
        client.call("PATCH", "contacts/1", {"phone": str(number)})
        client.call("PATCH", "products/A-1", {"ean": str(number)})


def test_a_killed_company_is_the_same_again(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "mamut.state"
    client = _open(path, clock)
    _a_busy_day(client, clock)
    census = client.mamut.census()
    assert len(census.by_status) >= 5
    assert client.mamut.trouble.counts.keys() >= {"silent_cancel", "header_without_lines", "desktop_user_overwrites"}
    again = _open(path, clock)
    assert _held(again) == _held(client)
    assert again.mamut.census() == census


def test_a_restart_under_other_options_keeps_the_past(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "mamut.state"
    client = _open(path, clock)
    client.mamut.act_raw("contact.create", "", b'{"name": "' + b"x" * 70 + b'"}')
    client.mamut.act_raw("product.create", "", b'{"product_no": "A-1", "description": "Kanna"}')
    strict = MamutOptions(quirks=Quirks(on_too_long="refuse", on_unknown_product="refuse"))
    assert _held(_open(path, clock, strict)) == _held(client)
    assert _held(_open(path, clock, strict)) == _held(client)


def test_a_last_line_cut_off_is_an_act_that_never_was(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "mamut.state"
    client = _open(path, clock)
    client.contact(name="Ett")
    before = _held(client)
    size = path.stat().st_size
    client.contact(name="Två")
    whole = path.read_bytes()
    for cut in (size + 1, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert _held(_open(path, clock)) == before
    path.write_bytes(whole)
    assert len(_open(path, clock).mamut.contacts()) == 2


def test_a_refused_call_is_not_in_the_file(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "mamut.state"
    client = _open(path, clock)
    client.contact()
    size = path.stat().st_size
    client.refused("POST", "orders", {"contid": 1, "lines": [line(vat_code=99)]})
    client.ok("GET", "contacts")
    assert path.stat().st_size == size


def test_sessions_end_with_the_process(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "mamut.state"
    old = _open(path, clock).token
    again = _open(path, clock)
    assert again.token != old
    again.token = old
    assert again.refused("GET", "registers") == (401, "session_unknown")


def test_no_password_is_written(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "mamut.state"
    _open(path, clock).contact()
    assert b"simulerad" not in path.read_bytes()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "BRY-S25"),
        (b"[shop]\nname=1\n", "BRY-S25"),
        (b'{"format":9,"seed":0,"options":{}}\n{}\n', "BRY-S26"),
        (b'{"format":1,"seed":0,"options":{}}\n{}\nrubbish\n', "BRY-S27"),
        (
            b'{"format":1,"seed":0,"options":{}}\n{}\n{"at":"2026-03-02T09:00:00Z","act":"order.cancel","key":"1","body":{}}\n',
            "BRY-S27",
        ),
        (b'{"format":1,"seed":0,"options":{"first_order_no":5}}\n{}\n', "BRY-S28"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_alone(tmp_path: Path, clock: Clock, content: bytes, code: str) -> None:
    path = tmp_path / "mamut.state"
    path.write_bytes(content)
    with pytest.raises(StateError) as raised:
        _open(path, clock)
    assert raised.value.code == code
    assert path.read_bytes() == content


PROGRAM = """
import sys, trio
from pathlib import Path
from simulators.mamut.options import MamutOptions
from simulators.mamut.run import serve
trio.run(serve, 0, 1, Path(sys.argv[1]), MamutOptions())
"""
ROOT = Path(__file__).parents[3]


class Process:
    """The simulator as a process of its own."""

    def __init__(self, state: Path) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(state)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self.popen.stdout is not None
        self.url = self.popen.stdout.readline().split()[-1]
        credentials = {"client_no": "001", "user": "brygga", "password": "simulerad"}
        with httpx.Client(base_url=self.url) as http:
            opened = http.post("/api/v1/session", json=credentials)
        self.headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    def end(self, how: signal.Signals) -> int:
        assert self.popen.stdout is not None
        self.popen.send_signal(how)
        self.popen.stdout.close()
        return self.popen.wait(20)


class Writer(threading.Thread):
    """Writes orders one after the other until the process is gone, and remembers those that were answered."""

    def __init__(self, process: Process, first: int) -> None:
        super().__init__()
        self.answered: list[int] = []
        self.progress = threading.Condition()
        self._process = process
        self._first = first

    def run(self) -> None:
        with httpx.Client(base_url=self._process.url, headers=self._process.headers) as http:
            for number in range(self._first, self._first + 5000):
                body = {"contid": 1, "external_no": f"main-{number}", "lines": [line("NONE")]}
                try:
                    status = http.post("/api/v1/orders", json=body).status_code
                except httpx.TransportError:
                    return
                assert status == 201
                with self.progress:
                    self.answered.append(number)
                    self.progress.notify()

    def wait_for(self, count: int) -> None:
        with self.progress:
            assert self.progress.wait_for(lambda: len(self.answered) >= count, timeout=30)


def test_every_answered_order_survives_kill_9_in_the_middle_of_writing(tmp_path: Path) -> None:
    state = tmp_path / "mamut.state"
    answered: list[int] = []
    begun = 0
    for life in range(4):
        process = Process(state)
        if not life:
            httpx.post(f"{process.url}/simulator/fill", json={"contacts": 1})
        writer = Writer(process, begun)
        writer.start()
        writer.wait_for(40 + 17 * life)
        process.end(signal.SIGKILL)
        writer.join()
        answered += writer.answered
        begun = answered[-1] + 2  # The order after the last answered one may or may not have arrived.
    process = Process(state)
    census = httpx.get(f"{process.url}/simulator/census").json()
    found: list[str] = []
    with httpx.Client(base_url=process.url, headers=process.headers) as http:
        for start in range(0, len(answered), 100):
            keys = {"external_nos": [f"main-{number}" for number in answered[start : start + 100]]}
            found += [row["external_no"] for row in http.post("/api/v1/orders/lookup", json=keys).json()["orders"]]
    assert found == [f"main-{number}" for number in answered]
    assert len(answered) <= census["documents"] <= len(answered) + 4
    assert census["external_nos_twice"] == []
    assert process.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop_leaves_a_snapshot_and_no_acts(tmp_path: Path, how: signal.Signals) -> None:
    state = tmp_path / "mamut.state"
    process = Process(state)
    httpx.post(f"{process.url}/simulator/fill", json={"products": 3})
    assert state.read_bytes().count(b"\n") == 4
    assert process.end(how) == 0
    assert state.read_bytes().count(b"\n") == 2
    assert b"B-00003" in state.read_bytes()
    assert list(tmp_path.iterdir()) == [state]
