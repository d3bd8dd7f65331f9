"""A simulated shop in a file: nothing that a client was told is lost, whatever end its process takes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import trio

from simulators.http import Clock
from simulators.woocommerce import freeze
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.site import Site
from simulators.woocommerce.state import Made, StateError, StateFile
from tests.simulators.woocommerce.shop_client import Signer, ask, ask_over

PLACE = "/wp-json/wc/v3/webhooks"
ORDERS = "/wp-json/wc/v3/orders"
PROGRAM = """
import sys, trio
from pathlib import Path
from simulators.http import Clock
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.run import serve
trio.run(serve, 0, 1, Path(sys.argv[1]), ShopOptions())
"""


class Ticking:
    """A clock that goes on by 0.7 s each time somebody looks."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(milliseconds=700)
        return self._now


Open: TypeAlias = Callable[..., Site]


@pytest.fixture(name="open_site")
def _open_site(tmp_path: Path) -> Iterator[Open]:
    """Opens the site in the test's own file; each ends as by kill -9 unless the test ended it."""
    opened: list[Site] = []

    def open_site(seed: int = 3, clock: Clock | None = None, name: str = "shop") -> Site:
        site = Site(clock or Ticking(), options=ShopOptions(), seed=seed, state=tmp_path / name)
        opened.append(site)
        return site

    yield open_site
    for site in opened:
        site.close(snapshot=False)


def _new(number: int) -> dict[str, str]:
    return {"name": f"N{number}", "topic": "order.created", "delivery_url": "https://receiver.example/"}


def _names(site: Site) -> list[Any]:
    status, body = ask(site, "GET", PLACE, per_page="100", orderby="id", order="asc")
    assert status == 200
    return [(row["id"], row["name"], row["status"], row["date_created_gmt"]) for row in body]


def test_a_start_does_all_steps_again_at_the_moments_they_had(open_site: Open) -> None:
    site = open_site()
    for number in range(5):
        assert ask(site, "POST", PLACE, _new(number))[0] == 201
    ask(site, "PUT", f"{PLACE}/2", {"status": "paused"})
    ask(site, "DELETE", f"{PLACE}/3", force="true")
    names = _names(site)
    site.close(snapshot=False)
    assert len(names) == 4
    assert _names(open_site()) == names


def test_a_torn_end_is_ignored_and_cut_away(tmp_path: Path, open_site: Open) -> None:
    path = tmp_path / "shop"
    site = open_site()
    for number in range(3):
        ask(site, "POST", PLACE, _new(number))
    site.close(snapshot=False)
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    again = open_site()
    assert [name for _, name, _, _ in _names(again)] == ["N0", "N1"]
    ask(again, "POST", PLACE, _new(9))
    again.close(snapshot=False)
    assert [name for _, name, _, _ in _names(open_site())] == ["N0", "N1", "N9"]


def test_a_clean_stop_leaves_a_snapshot_that_gives_the_same_shop(tmp_path: Path, open_site: Open) -> None:
    path = tmp_path / "shop"
    site = open_site()
    for number in range(60):
        ask(site, "POST", PLACE, _new(number))
        if number < 55:
            ask(site, "DELETE", f"{PLACE}/{number + 1}", force="true")
    before = path.stat().st_size
    names = _names(site)
    site.close()
    assert path.stat().st_size < before
    again = open_site()
    assert _names(again) == names
    status, made = ask(again, "POST", PLACE, _new(60))
    assert (status, made["id"]) == (201, 61)


V3 = "/wp-json/wc/v3"
COLOUR = {"name": "Färg", "options": ["Röd"], "variation": True}
LIFE: list[tuple[str, str, Any]] = [
    ("POST", "/products", {"name": "Vara", "regular_price": "100", "manage_stock": True, "stock_quantity": 9}),
    ("POST", "/products", {"name": "Tröja", "type": "variable", "attributes": [COLOUR]}),
    ("POST", "/products/12/variations", {"regular_price": "50", "attributes": [{"name": "Färg", "option": "Röd"}]}),
    ("POST", "/customers", {"email": "kund@kund.example"}),
    ("POST", "/coupons", {"code": "tio", "amount": "10", "discount_type": "percent"}),
    ("POST", "/webhooks", {"topic": "order.updated", "delivery_url": "http://receiver.example/"}),
    ("POST", "/orders", {"status": "processing", "customer_id": 2, "line_items": [{"product_id": 11, "quantity": 2}]}),
    ("PUT", "/orders/15", {"status": "completed", "meta_data": [{"key": "k", "value": [1]}]}),
    ("POST", "/orders/15/refunds", {"amount": "10", "api_refund": False}),
    ("POST", "/orders", {"coupon_lines": [{"code": "tio"}], "line_items": [{"product_id": 11, "quantity": 1}]}),
]  # fmt: skip
AFTERWARDS: list[tuple[str, str, Any]] = [
    ("PUT", "/orders/17", {"status": "processing"}),
    ("POST", "/orders", {"line_items": [{"product_id": 13, "quantity": 1}]}),
    ("PUT", "/products/11", {"stock_quantity": 3}),
    ("DELETE", "/products/12/variations/13", None),
    ("GET", "/orders", None),
    ("GET", "/orders/15/notes", None),
    ("GET", "/products", None),
    ("GET", "/customers", None),
    ("GET", "/coupons", None),
    ("GET", "/webhooks", None),
    ("GET", "/payment_gateways", None),
]


class Standing:
    """A clock that is put on by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("snapshot", [True, False])
def test_a_shop_goes_on_after_a_stop_as_if_there_had_been_none(
    tmp_path: Path, open_site: Open, *, snapshot: bool
) -> None:
    clock = Standing()
    stopped, going = open_site(clock=clock), open_site(clock=clock, name="going")
    for method, path, body in LIFE:
        clock.now += timedelta(seconds=7)
        assert ask(stopped, method, V3 + path, body) == ask(going, method, V3 + path, body)
    stopped.close(snapshot=snapshot)
    stopped = open_site(clock=clock)
    going.shop.webhooks.interrupted()
    for method, path, body in AFTERWARDS:
        clock.now += timedelta(seconds=7)
        one, other = ask(stopped, method, V3 + path, body), ask(going, method, V3 + path, body)
        assert one[0] in {200, 201}
        assert one == other
    assert going.shop.webhooks.has_due()
    assert stopped.due_deliveries() == going.due_deliveries()


def test_reading_leaves_no_steps_behind(tmp_path: Path, open_site: Open) -> None:
    path = tmp_path / "shop"
    frozen = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    site = open_site(clock=lambda: frozen)
    ask(site, "GET", PLACE)
    size = path.stat().st_size
    for _ in range(10):
        ask(site, "GET", PLACE)
    assert path.stat().st_size == size


@pytest.mark.parametrize(
    ("content", "seed", "code"),
    [(b"{}\n", 3, "BRY-S21"), (b"BRYGGA SHOP 1\n" + b"x" * 5000, 3, "BRY-S21"), (None, 4, "BRY-S22")],
)
def test_a_file_that_is_not_this_shops_is_refused(
    tmp_path: Path, open_site: Open, content: bytes | None, seed: int, code: str
) -> None:
    path = tmp_path / "shop"
    if content is None:
        open_site().close()
        content = path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(StateError) as refused:
        open_site(seed)
    assert refused.value.code == code
    assert path.read_bytes() == content


def test_a_shop_may_come_back_at_another_address(tmp_path: Path) -> None:
    one = Site(Standing(), options=ShopOptions(home="http://127.0.0.1:8301"), state=tmp_path / "shop")
    assert ask(one, "POST", PLACE, _new(1))[0] == 201
    one.close(snapshot=False)
    other = Site(Standing(), options=ShopOptions(home="http://127.0.0.1:8302"), state=tmp_path / "shop")
    assert [name for _, name, _, _ in _names(other)] == ["N1"]
    other.close(snapshot=False)


def test_two_shops_do_not_share_a_file(open_site: Open) -> None:
    site = open_site()
    for closing in (False, True):
        with pytest.raises(StateError) as refused:
            open_site()
        assert refused.value.code == "BRY-S24"
        if not closing:
            site.close()
            site = open_site()
    site.close(snapshot=False)
    open_site()


def test_a_snapshot_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop"
    shop = Shop(seed=3)
    ask(shop, "POST", PLACE, _new(1))
    snapshot = freeze.freeze(shop)
    assert b'"delivery_url"' in snapshot
    file = StateFile(path, Made(ShopOptions(), 3))
    file.compact(snapshot.replace(b'"delivery_url"', b'"delivery_uri"'))
    file.close()
    before = path.read_bytes()
    with pytest.raises(StateError) as refused:
        Site(Standing(), seed=3, state=path)
    assert refused.value.code == "BRY-S23"
    assert path.read_bytes() == before


def _started(path: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on http://127.0.0.1:")
    return process, line.rpartition("/")[2].strip()


def _ended(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    process.stdout.close()
    return process.wait(timeout=20)


async def _client(host: str, name: str, told: set[str], enough: trio.Event) -> None:
    """Places orders as fast as it can, and notes those it was told of, until the shop is gone."""
    signer = Signer(host, name)
    address, _, port = host.partition(":")
    try:
        async with await trio.open_tcp_stream(address, int(port)) as stream:
            for number in range(1000):
                body = json.dumps({"status": "processing", "transaction_id": f"{name}-{number}"}).encode()
                query = signer.query("POST", ORDERS, {}, int(time.time()))
                status, made = await ask_over(stream, "POST", f"{ORDERS}?{query}", host, body)
                assert status == 201
                told.add(made["transaction_id"])
                if len(told) >= 60:
                    enough.set()
    except (OSError, EOFError, trio.BrokenResourceError):
        return


async def _all_orders(host: str, reader: str) -> list[str]:
    signer = Signer(host, reader)
    address, _, port = host.partition(":")
    found: list[str] = []
    async with await trio.open_tcp_stream(address, int(port)) as stream:
        for page in range(1, 100):
            params = {"per_page": "100", "page": str(page), "_fields": "transaction_id"}
            query = signer.query("GET", ORDERS, params, int(time.time()))
            status, rows = await ask_over(stream, "GET", f"{ORDERS}?{query}", host)
            assert status == 200
            found += [row["transaction_id"] for row in rows]
            if len(rows) < 100:
                return found
    return found


async def test_what_was_acknowledged_survives_kill_9_and_is_there_once(tmp_path: Path) -> None:
    process, host = _started(tmp_path / "shop")
    told: set[str] = set()
    enough = trio.Event()
    async with trio.open_nursery() as nursery:
        for name in ("a", "b", "c"):
            nursery.start_soon(_client, host, name, told, enough)
        await enough.wait()
        process.send_signal(signal.SIGKILL)
    _ended(process)
    process, host = _started(tmp_path / "shop")
    try:
        found = await _all_orders(host, "first")
        assert len(told) >= 60
        assert told <= set(found)
        assert len(found) == len(set(found))
    finally:
        process.terminate()
        assert _ended(process) == 0
    process, host = _started(tmp_path / "shop")
    try:
        assert await _all_orders(host, "second") == found
    finally:
        process.kill()
        _ended(process)
