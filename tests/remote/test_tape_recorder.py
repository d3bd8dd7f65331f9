"""A tape grows line by line, is nobody else's to read, and never stops the agent."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec
import trio
from trio.testing import MockClock

from agent.remote.net import Answer
from agent.remote.tape.recorder import Recorder
from agent.settings.tree import MamutSettings, Settings
from scenarios.play import shop_settings
from scenarios.tape_read import read_tape
from scenarios.tape_replay import replay_tape

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
ROOT = "https://butik.example"


def begun(folder: Path, **options: int) -> Recorder:
    recorder = Recorder(folder, lambda: NOW, **options)
    settings = Settings(package="premium", mamut=MamutSettings(address="http://erp"), shop=(shop_settings(),))
    journal = apsw.Connection(":memory:")
    for table in ("shops", "commands", "orders", "contacts", "usage", "notes"):
        journal.execute(f"CREATE TABLE {table} (key)")
    recorder.begin(settings, journal, version="0", seed=1, once=False)
    return recorder


def exchange(recorder: Recorder) -> None:
    watch = recorder.watch("shop:butik", ROOT)
    number = watch.asked("GET", f"{ROOT}/wp-json/wc/v3/orders?page=1", {"Authorization": "Basic abc"}, None)
    watch.answered(number, Answer(200, {"content-type": "application/json"}, b'[{"id": 7}]'))


async def test_a_tape_may_be_read_by_its_owner_alone_and_each_life_has_its_own_file(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    for _ in range(2):
        recorder = begun(tmp_path / "tape")
        exchange(recorder)
        recorder.close()
    files = sorted((tmp_path / "tape").iterdir())
    assert [file.name for file in files] == ["tape-0001.jsonl", "tape-0002.jsonl"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert "abc" not in files[0].read_text()


async def test_a_life_that_was_killed_in_the_middle_of_a_word_has_lost_that_word_alone(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    recorder = begun(tmp_path)
    exchange(recorder)
    await trio.sleep(3)
    exchange(recorder)
    whole = recorder.path.read_bytes()
    recorder.path.write_bytes(whole[:-20])
    (life,) = read_tape(tmp_path)
    assert [each.outcome is not None for each in life.exchanges] == [True, False]
    assert life.exchanges[1].at_s == 3.0
    assert life.cut
    recorder.close()


async def test_a_full_tape_says_so_and_holds_no_half_line(tmp_path: Path, autojump_clock: MockClock) -> None:
    recorder = begun(tmp_path, size_max=4_000)
    for _ in range(50):
        exchange(recorder)
    lines = recorder.path.read_bytes().splitlines()
    assert msgspec.json.decode(lines[-1])["kind"] == "full"
    assert recorder.path.stat().st_size < 4_200
    recorder.close()
    assert recorder.path.read_bytes().splitlines() == lines


def test_a_tape_of_requests_that_nobody_makes_is_told_as_missing(tmp_path: Path) -> None:
    async def record() -> None:
        recorder = begun(tmp_path)
        watch = recorder.watch("shop:butik", ROOT)
        number = watch.asked("GET", f"{ROOT}/wp-json/nothing", {}, None)
        watch.answered(number, Answer(200, {}, b"{}"))
        recorder.close()

    trio.run(record)
    report = replay_tape(tmp_path)
    assert not report.ok
    assert any("GET /wp-json/nothing: missing" in text for text in report.lines())
