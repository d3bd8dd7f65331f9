"""`brygga replay` as people call it: what it prints, how it ends, and the shortest history of a failure."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from agent.cli import execute
from scenarios.engine import play_story
from scenarios.faults import NAMES, FaultSettings
from scenarios.shrink import history, shrunk
from scenarios.story import STORIES, Expect, Place, load

SEEDS_A_TEST = 10

QUICK = "a_guest_who_buys_three_times_is_one_contact"

TOO_MANY = """
shows = "A package of the merchant's that is smaller than what the story expects."
minutes = 4
[[then]]
do = "place"
count = 3
[expect]
documents = 4
"""


def test_stories_that_hold_end_with_nought(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["replay", QUICK, "--seeds", "1..2"]) == 0
    told = capsys.readouterr().out
    assert told.count("holds") == 2
    assert "2 plays, 0 broken" in told
    assert "plays a second" in told
    assert "a second of one core's" in told


def test_a_broken_expectation_ends_with_one_and_names_seed_check_and_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "too_many.toml"
    path.write_text(TOO_MANY)
    assert execute(["replay", str(path), "--seed", "4"]) == 1
    told = capsys.readouterr().out
    assert "too_many with seed 4" in told
    assert "documents: 3, not 4" in told
    assert "place" in told


def test_the_report_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["replay", QUICK, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["plays"], report["broken"], report["failures"]) == (1, 0, [])
    assert report["results"][0]["documents"] == 7


def test_the_trace_is_json_lines_and_ends_with_the_last_thing_that_happened(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert execute(["replay", QUICK, "--trace"]) == 0
    entries = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert {"exchange", "step", "act", "log"} <= {entry["kind"] for entry in entries}
    assert [entry["at_s"] for entry in entries] == sorted(entry["at_s"] for entry in entries)


@pytest.mark.parametrize(
    "arguments", [["nowhere"], [str(Path(__file__).parent)], [QUICK, "--seeds", "7"], [QUICK, "--seeds", "9..2"]]
)
def test_a_call_that_makes_no_sense_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["replay", *arguments]) == 2
    assert capsys.readouterr().err


def test_a_failure_is_shrunk_to_what_it_takes() -> None:
    """Nine orders, an edit and two faults; but one order suffices to break an expectation of a contact too many."""
    story = load(STORIES / f"{QUICK}.toml")
    story = msgspec.structs.replace(
        story, expect=Expect(contacts=0), faults=FaultSettings(names=("slow", "notice"), share=0.1)
    )
    shortest, ended = shrunk(story, 1, "what_the_story_expects", plays_max=25)
    assert "what_the_story_expects" in ended.broken
    assert shortest.faults.names == ()
    (only,) = shortest.then
    assert isinstance(only, Place)
    assert only.count == 1
    assert [line.split()[1] for line in history(shortest)] == ["place"]


def test_a_swarm_gives_each_seed_faults_of_its_own_and_always_the_same_ones() -> None:
    swarm = FaultSettings(swarm=True)
    drawn = [swarm.drawn(seed).names for seed in range(200)]
    assert drawn == [swarm.drawn(seed).names for seed in range(200)]
    assert len(set(drawn)) > 190
    assert {name for names in drawn for name in names} == set(NAMES) - {"journal_lost"}


@pytest.mark.parametrize("first", range(1, 201, SEEDS_A_TEST))
def test_a_short_day_goes_over_whatever_a_seed_brings(first: int) -> None:
    """Two hundred seeds, a few in each test, so that all processors have their share."""
    story = load(STORIES / "a_short_day_in_any_weather.toml")
    played = [play_story(story, seed) for seed in range(first, first + SEEDS_A_TEST)]
    assert {one.seed: one.broken for one in played if not one.holds} == {}
    assert {one.orders for one in played} == {12}


@pytest.mark.parametrize("seed", range(201, 207))
def test_a_hundred_orders_go_over_among_whatever_a_seed_brings(seed: int) -> None:
    played = play_story(load(STORIES / "a_hundred_orders_among_faults_of_every_kind.toml"), seed)
    assert played.broken == {}
    assert played.orders == 100


def test_a_long_run_goes_on_where_it_was_and_plays_again_what_broke_or_was_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, good, bad = tmp_path / "kept.jsonl", tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(TOO_MANY.replace("documents = 4", "documents = 3"))
    bad.write_text(TOO_MANY)

    def soaked(*more: str) -> str:
        execute(["replay", str(good), str(bad), "--seeds", "1..2", "--kept", str(kept), *more])
        return capsys.readouterr().out

    assert "0 had held before, 3 are left: the same call goes on" in soaked("--minutes", "0.0000001")
    # Cut off in the midst of a line, as by a kill.
    kept.write_bytes(kept.read_bytes() + b'{"story":"good","of":"')
    assert "3 plays, 2 broken" in soaked()
    told = soaked()
    assert "2 plays, 2 broken" in told
    assert "2 had held before, 0 are left" in told
    bad.write_text(TOO_MANY.replace("documents = 4", "documents = 3"))
    assert "2 plays, 0 broken" in soaked()
    assert soaked().count("0 plays, 0 broken") == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_that_is_interrupted_says_how_far_it_came_and_how_to_go_on(jobs: str) -> None:
    command = [sys.executable, "-m", "agent.cli", "replay", QUICK, "--seeds", "1..59", "--jobs", jobs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "holds" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        told, complaints = process.stdout.read(), process.stderr.read()
    assert process.returncode == 130
    assert "are left: the same call goes on" in told
    assert complaints == ""


def test_a_play_that_falls_is_told_with_its_seed_and_the_next_one_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "falls.toml"
    path.write_text('shows = "Nobody has placed what is edited."\n[[then]]\ndo = "edit"\norders = [3]')
    assert execute(["replay", str(path), QUICK]) == 1
    told = capsys.readouterr().out
    assert "falls  seed 1  BROKEN: the_play_ends" in told
    assert "IndexError at acts.py" in told
    assert "2 plays, 1 broken" in told
