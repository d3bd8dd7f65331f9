"""The whole thing as processes: the demo, Ctrl-C, and a person's wishes while the agent works."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.cli.desk import JOURNAL_NAME
from agent.model.words import Language
from scenarios.demo import Stage
from scenarios.demo_figures import told
from tests.cli.test_orders import answer

DEMO = [sys.executable, "-m", "agent.cli", "demo"]


def test_the_demo_ends_by_itself_with_every_order_once_and_to_the_ore(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    ended = subprocess.run(
        [*DEMO, "--orders", "110", "--package", "100", "--once", "--json", "--seed", "7", "--keep", str(kept)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    end = json.loads(ended.stdout)
    assert end["shop_orders"] == end["seen"] == 110
    assert end["transferred"] == end["mamut_orders"] == end["marked"] == 100, "the package's limit"
    assert end["held"] == 10
    assert end["reasons"]["BRY-H01"] >= 1
    assert (end["dead"], end["waiting"], end["mamut_orders_twice"]) == (0, 0, 0)
    assert end["amount_difference_ore"] == 0
    assert end["requests_per_order"] <= 1.45, "most are known; each new customer costs a request"
    told_of = [json.loads(line) for line in (kept / "agent.log").read_text("utf-8").splitlines()]
    assert [told_of[0]["event"], told_of[-1]["event"]] == ["started", "stopped"]
    text = (kept / "agent.log").read_text("utf-8") + (kept / "agent.out").read_text("utf-8")
    for secret in ("kunder.example", "070-", "cs_1111", "simulerad"):
        assert secret not in text, "no person and no password is told of"


def test_the_demo_of_flow_2_fills_an_empty_shop_and_ends_with_both_sides_alike(tmp_path: Path) -> None:
    ended = subprocess.run(
        [*DEMO, "--flow", "2", "--orders", "12", "--once", "--json", "--seed", "3", "--keep", str(tmp_path / "kept")],
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert ended.returncode == 0, ended.stderr + ended.stdout
    end = json.loads(ended.stdout)
    assert end["articles"]["shop"] == end["articles"]["mamut"] > 150
    assert (end["articles"]["missing"], end["articles"]["extra"], end["articles"]["twice"]) == ([], [], [])
    assert end["prices"]["compared"] > 150
    assert end["prices"]["differ"] == []
    assert end["stock"]["compared"] > 150
    assert (end["stock"]["oversold"], end["stock"]["undersold"]) == ([], [])
    assert (end["orders"]["placed"], end["orders"]["transferred"], end["orders"]["differ"]) == (12, 12, [])
    assert end["staff"]["delivered"] >= 5
    assert end["statuses"]["differ"] == []
    assert end["statuses"]["shop"]["completed"] >= 5
    assert end["mails"]["completed"] == end["statuses"]["shop"]["completed"], "one mail for each, and no second one"
    assert end["mails"]["twice"] == []


@pytest.mark.parametrize("flow", [1, 3])
def test_the_demo_of_a_shop_that_governs_ends_with_both_sides_alike(tmp_path: Path, flow: int) -> None:
    ended = subprocess.run(
        [*DEMO, "--flow", str(flow), "--orders", "8", "--once", "--json", "--keep", str(tmp_path / "kept")],
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert ended.returncode == 0, ended.stderr + ended.stdout
    end = json.loads(ended.stdout)
    assert end["articles"]["shop"] == end["articles"]["mamut"] == 170
    assert (end["articles"]["missing"], end["articles"]["extra"], end["articles"]["twice"]) == ([], [], [])
    assert (end["prices"]["compared"], end["prices"]["differ"]) == (158, [])
    assert (end["orders"]["transferred"], end["orders"]["differ"]) == (8, [])
    assert end["written"]["products_to_mamut"] == 176, "164 made, 6 changed and 6 new: each written once"
    assert end["stock"]["compared"] == (158 if flow == 3 else 0)
    assert (end["stock"]["oversold"], end["stock"]["undersold"]) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--package", "250"), 2, "premium"),
        (("--orders", "x"), 2, "--orders"),
        (("--orders=-1",), 2, "Numbers"),
        (("--keep", __file__), 2, "cannot be used"),
        (("--keep", str(Path(__file__).parent)), 2, "not empty"),
        (("--package", "100", "--flow", "3", "--orders", "0"), 1, "BRY-S05"),
        (("--package", "100", "--flow", "2", "--orders", "0"), 1, "BRY-S05"),
    ],
)
def test_a_demo_that_cannot_be_says_why(arguments: tuple[str, ...], code: int, says: str) -> None:
    ended = subprocess.run(
        [*DEMO, "--language", "en", "--once", "--json", *arguments], capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (code, "")
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


def test_ctrl_c_ends_all_three_processes(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    demo = subprocess.Popen(
        [*DEMO, "--orders", "5", "--package", "100", "--keep", str(kept)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        give_up = time.monotonic() + 60
        while told(kept / JOURNAL_NAME).seen < 5:
            assert demo.poll() is None, demo.stderr.read() if demo.stderr else ""
            assert time.monotonic() < give_up
            time.sleep(0.05)
        children = _children(demo.pid)
        assert len(children) == 3
        demo.send_signal(signal.SIGINT)
        _, complaints = demo.communicate(timeout=30)
    finally:
        demo.kill()
        demo.wait()
    assert "Traceback" not in complaints
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    before = signal.getsignal(signal.SIGINT)
    made = Stage(tmp_path, Language.SWEDISH, seed=1, pace=0.0, mistakes=True)
    try:
        made.open(60)
        made.write_settings("100")
        yield made
    finally:
        made.close()
        signal.signal(signal.SIGINT, before)


def test_a_running_agent_does_what_a_person_asks(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.start_agent()
    give_up = time.monotonic() + 60
    while not told(tmp_path / JOURNAL_NAME).is_settled(60):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    held = answer(tmp_path, capsys, "orders", "list", "--reason", "BRY-H02")["orders"]
    assert held, "some shopper has bought what Mamut does not know"
    number = held[0]["number"]
    asked = answer(tmp_path, capsys, "orders", "exclude", number, "--why", "utgången vara")
    assert [wish["result"] for wish in asked["wishes"]] == ["done"]
    story = answer(tmp_path, capsys, "orders", "show", number)
    assert story["order"]["reason"] == "BRY-X03"
    assert story["events"][-1]["data"]["why"] == "utgången vara"
    assert story["open_wishes"] == []
    asked = answer(tmp_path, capsys, "orders", "retry", number)
    assert [wish["result"] for wish in asked["wishes"]] == ["done"]
    status = answer(tmp_path, capsys, "status")
    assert status["runs"] is True
    assert answer(tmp_path, capsys, "account")["holds"] is True
    assert (tmp_path / JOURNAL_NAME).stat().st_mode & 0o077 == 0, "nobody else reads the journal"
