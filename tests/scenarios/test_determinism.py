"""One seed is one history: in any process, whatever the order of sets and dictionaries of strings is there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import trio
from trio.testing import MockClock

from scenarios.determinism import run_in_virtual_time

ROOT = Path(__file__).resolve().parents[2]
STORY = "the_same_seed_gives_the_same_history"
PROCESSES = int(os.environ.get("BRYGGA_PROCESSES", "20"))
AT_ONCE = 4

PROGRAM = """
import sys
from pathlib import Path
from scenarios.engine import play_story
from scenarios.story import find, load
story = load(find((Path(sys.argv[1]),))[0])
for seed in sys.argv[2:]:
    print(seed, play_story(story, int(seed), with_digest=True).digest)
"""


def test_a_seed_has_one_trace_in_every_process_and_every_seed_has_another() -> None:
    waiting = list(range(PROCESSES))
    digests: dict[str, set[str]] = {}
    while waiting:
        batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        children = [_child("7", str(100 + number)) for number in batch]
        for child in children:
            out, _ = child.communicate(timeout=150)
            assert child.returncode == 0
            for line in out.splitlines():
                seed, digest = line.split()
                digests.setdefault(seed, set()).add(digest)
    assert len(digests["7"]) == 1
    others = [digest for seed, found in digests.items() if seed != "7" for digest in found]
    assert len(others) == len(set(others)) == PROCESSES


def _child(*seeds: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONHASHSEED": str(random.SystemRandom().randrange(2**32)), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, STORY, *seeds], env=environment, stdout=subprocess.PIPE, text=True
    )


async def _order_of_tasks() -> list[int]:
    """Thirty tasks that become ready at the same moment note the order in which they run."""
    order: list[int] = []

    async def note(number: int) -> None:
        await trio.sleep(1)
        order.append(number)

    async with trio.open_nursery() as nursery:
        for number in range(30):
            nursery.start_soon(note, number)
    return order


def test_the_scheduler_follows_the_seed() -> None:
    """Fails when trio's private switches stop working."""
    first, again, other = (run_in_virtual_time(seed, _order_of_tasks) for seed in (1, 1, 2))
    assert first == again != other


def test_outside_of_a_play_trio_is_left_as_it_was() -> None:
    internals = trio._core._run  # type: ignore[attr-defined]
    before = internals._r.getstate(), internals._ALLOW_DETERMINISTIC_SCHEDULING
    run_in_virtual_time(1, _order_of_tasks)
    assert (internals._r.getstate(), internals._ALLOW_DETERMINISTIC_SCHEDULING) == before


async def test_an_hour_of_waiting_takes_no_time(autojump_clock: MockClock) -> None:
    before = trio.current_time()
    await trio.sleep(3600)
    assert trio.current_time() - before == 3600
