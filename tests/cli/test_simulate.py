"""`brygga simulate` and `brygga run` as far as they need no second process."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli import execute
from scenarios.demo_children import Child, free_port
from scenarios.demo_doors import MamutDoor, ShopDoor
from simulators.woocommerce.options import READ_WRITE
from tests.cli.filled import filling
from tests.cli.test_orders import call

RECORDINGS = Path(__file__).parents[1] / "recordings"


@contextmanager
def simulator(folder: Path, *arguments: str) -> Iterator[Child]:
    child = Child(arguments[0], ["simulate", *arguments], folder)
    try:
        yield child
    finally:
        child.stop()


def test_the_simulated_mamut_says_where_it_is_and_how_to_get_in(tmp_path: Path) -> None:
    with simulator(tmp_path, "mamut", "--port", "0", "--seed", "4") as child:
        door = MamutDoor(child.address(), "simulerad")
        door.fill(seed=1, products=3, contacts=1)
        numbers = [article.product_no for article in door.articles()]
        assert numbers == ["DESCRIPTION", "B-00001", "B-00002", "B-00003"]
        assert door.documents() == []
        assert door.cost().requests == 4, "a session, two pages and its end; doors cost nothing"
    assert "user brygga\npassword simulerad\n" in child.out.read_text("utf-8")
    assert child.process.returncode == 0, "asked to end, it ends in order"


def test_a_shop_with_a_state_file_is_the_same_shop_after_a_kill(tmp_path: Path) -> None:
    port = str(free_port())
    arguments = ("woocommerce", "--port", port, "--seed", "4", "--state", str(tmp_path / "shop.state"))
    with simulator(tmp_path, *arguments) as child:
        door = ShopDoor(child.address(), READ_WRITE.consumer_key, READ_WRITE.consumer_secret, 1)
        door.create("products", [{"name": "Skål", "sku": "B-1", "regular_price": "100.00"}])
        door.create("orders", [{"status": "processing", "fee_lines": [{"name": "Avgift", "total": "80.00"}]}])
        before = door.orders()
        child.process.kill()
        child.process.wait()
    assert len(before) == 1
    with simulator(tmp_path, *arguments) as child:
        door = ShopDoor(child.address(), READ_WRITE.consumer_key, READ_WRITE.consumer_secret, 2)
        assert door.orders() == before


def test_faults_come_as_often_as_asked_but_never_at_the_doors(tmp_path: Path) -> None:
    with simulator(tmp_path, "mamut", "--port", "0", "--faults", "1", "--fault", "status-503") as child:
        address = child.address()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/api/v1/session")  # noqa: S310 - our own child
        refused.value.close()
        assert refused.value.code == 503
        assert MamutDoor(address, "").documents() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("mamut", "--quirk", "no_such_switch=1"),
        ("mamut", "--quirk", "busy=often"),
        ("woocommerce", "--faults", "2"),
        ("mamut", "--port", "99999"),
    ],
)
def test_a_wrong_switch_is_a_bad_call(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        execute(["simulate", *arguments])
    assert end.value.code == 2
    assert capsys.readouterr().err.strip()


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        for simulated in ("mamut", "woocommerce"):
            assert execute(["simulate", simulated, "--port", str(port)]) == 1
            assert f"port {port} is taken" in capsys.readouterr().err


def test_a_state_file_of_something_else_is_refused_with_code_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "letter.txt"
    state.write_text("Hej!\n")
    assert execute(["simulate", "mamut", "--port", "0", "--state", str(state)]) == 1
    assert "BRY-S25:" in capsys.readouterr().err
    assert state.read_text() == "Hej!\n"


def test_conform_replays_a_recording_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    code = execute(["simulate", "conform", str(RECORDINGS / "auth.json"), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert list(report["per_recording"]) == ["auth"]
    assert report["exchanges"] == report["per_recording"]["auth"]["exchanges"] > 0
    assert code == (0 if report["agree"] == report["exchanges"] else 1)
    assert execute(["simulate", "conform", "no/such/folder"]) == 2


def test_an_agent_does_not_start_on_settings_with_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path):
        pass
    assert call(tmp_path, "run", "--once") == 1
    complaints = capsys.readouterr().err
    assert "BRY-S06" in complaints, "the secrets are missing"
    assert "shop.garn" in complaints
