"""`brygga replay`: plays stories with seeds and says what does not hold, with the shortest history that shows it."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from agent.cli.output import complain, say, say_json
from scenarios.engine import FALLEN, Played, fallen, play_story
from scenarios.expect import EXPECTED
from scenarios.kept import Kept
from scenarios.matrix import Cell, crash_cells, fault_cells, table
from scenarios.shrink import history, shrunk
from scenarios.story import StoryError, find, load
from scenarios.tape_read import is_tape
from scenarios.tape_show import replay_tapes
from scenarios.trace import Trace

BROKEN = 1
BAD_CALL = 2
BROKEN_OFF = 130
"""What a shell calls a command that somebody has interrupted."""

SHRINK_MAX = 3
"""So many failures are told with their shortest history; the others would mostly be the same ones."""


class Failure(msgspec.Struct, frozen=True):
    """One play that broke a check, with the shortest history that still does."""

    story: str
    seed: int
    broken: dict[str, list[str]]
    shortest: list[str]


class Rest(msgspec.Struct, frozen=True):
    """Plays that were not played: those that had held before, and those for which there was no time."""

    before: int = 0
    after: int = 0


def replay(
    *paths: Annotated[Path, Parameter(help="Stories (files or names), folders of them or tapes; else all stories.")],
    seed: Annotated[int, Parameter(help="The seed to play with.")] = 1,
    seeds: Annotated[str, Parameter(help="Play with each of these seeds: 1..200.")] = "",
    jobs: Annotated[int, Parameter(help="Processes that play at the same time.")] = 1,
    json: Annotated[bool, Parameter(negative="", help="Print one JSON document.")] = False,
    trace: Annotated[bool, Parameter(negative="", help="Print what happened, as JSON lines.")] = False,
    kept: Annotated[
        Path | None, Parameter(help="Keep in this file which plays held, and do not play again what held before.")
    ] = None,
    minutes: Annotated[float, Parameter(help="Begin no play after so many minutes; 0 plays all.")] = 0.0,
    matrix: Annotated[
        bool, Parameter(negative="", help="Kill the agent at every durable step, and try every fault for itself.")
    ] = False,
) -> int:
    """Play stories: the real agent among simulated systems, in virtual time. Ends with 1 when a check does not hold."""
    if paths and all(is_tape(path) for path in paths):
        return replay_tapes(paths, json=json)
    if matrix:
        return _matrix(seed)
    try:
        found = find(paths)
        numbers = _seeds(seeds, seed)
        # All stories with a seed before the next seed: a run that is broken off has tried a little of everything.
        tasks = [(path, number) for number in numbers for path in found]
        for path in found:
            load(path)
        if not found:
            raise ValueError(f"there is no story and no tape in {', '.join(map(str, paths))}")
        if minutes < 0:
            raise ValueError("--minutes is 0 or more")
        memory = None if kept is None else Kept(kept)
    except (StoryError, ValueError, OSError) as error:
        complain(str(error))
        return BAD_CALL
    if trace:
        return _trace(tasks)
    began = time.perf_counter()
    left = tasks if memory is None else [task for task in tasks if not memory.has_held(task)]
    until = began + minutes * 60 if minutes else math.inf
    played: list[Played] = []
    broken_off = False
    try:
        for one in _until(until, left, jobs, memory, show=not json):
            played.append(one)
    except* KeyboardInterrupt:
        broken_off = True  # By a person, who wants to know how far it came and not to wait for shorter histories.
    rest = Rest(before=len(tasks) - len(left), after=len(left) - len(played))
    wrong = [one for one in played if not one.holds]
    failures = [] if broken_off else [_failure(one, found) for one in wrong[:SHRINK_MAX]]
    seconds = time.perf_counter() - began
    if json:
        say_json(_report(played, failures, seconds, rest))
    else:
        _show_end(played, failures, seconds, jobs, rest)
    if broken_off:
        return BROKEN_OFF
    return BROKEN if wrong else 0


def _until(
    until: float, tasks: list[tuple[Path, int]], jobs: int, memory: Kept | None, *, show: bool
) -> Iterator[Played]:
    """Plays as long as there is time. In several processes those at work when it is over are not waited for."""
    for number, (task, one) in enumerate(zip(tasks, plays(tasks, jobs), strict=True), start=1):
        if memory is not None:
            memory.add(task, one)
        if show:
            _show(one, number, len(tasks))
        yield one if not show else msgspec.structs.replace(one, steps=frozenset())  # So that a hundred thousand fit.
        if time.perf_counter() > until:
            return


def plays(tasks: list[tuple[Path, int]], jobs: int = 1) -> Iterator[Played]:
    """Plays each story with each seed, in several processes when told to; the results come in their order."""
    if jobs <= 1:
        yield from map(_play, tasks)
        return
    # Spawned and not forked, so that every process begins as the first one did.
    with get_context("spawn").Pool(jobs, _leave_interrupts) as pool:
        yield from pool.imap(_play, tasks, chunksize=1 if len(tasks) < 50 else 5)


def _leave_interrupts() -> None:
    """A terminal interrupts all its processes: the first one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _play(task: tuple[Path, int]) -> Played:
    path, seed = task
    began = time.process_time()
    try:
        played = play_story(load(path), seed)
    except (Exception, BaseExceptionGroup) as error:  # It is told with its seed, and the next play begins.
        if isinstance(error, BaseExceptionGroup) and error.subgroup(KeyboardInterrupt) is not None:
            raise
        played = fallen(path.stem, seed, error)
    return msgspec.structs.replace(played, cpu_s=time.process_time() - began)


def _seeds(text: str, one: int) -> list[int]:
    if not text:
        return [one]
    first, _, last = text.partition("..")
    if not (first.isdigit() and last.isdigit()) or int(first) > int(last):
        raise ValueError(f"--seeds is written as 1..200, not {text}")
    return list(range(int(first), int(last) + 1))


def _matrix(seed: int) -> int:
    """Both tables; ends with 1 when a cell is empty or broken."""
    cells: list[Cell] = []

    def kept(made: Iterator[Cell]) -> Iterator[Cell]:
        for cell in made:
            cells.append(cell)
            yield cell

    for line in table(kept(chain(crash_cells(seed), fault_cells(seed)))):
        say(line)
    bad = [cell for cell in cells if cell.broken or not cell.happened]
    say(f"{len(cells)} cells, {len(bad)} of them empty or broken")
    return BROKEN if bad else 0


def _trace(tasks: Iterable[tuple[Path, int]]) -> int:
    code = 0
    for path, seed in tasks:
        trace = Trace(whole=True)
        played = play_story(load(path), seed, trace=trace)
        for line in trace.lines():
            sys.stdout.buffer.write(line + b"\n")
        code = code if played.holds else BROKEN
    return code


def _failure(played: Played, paths: list[Path]) -> Failure:
    path = next(path for path in paths if path.stem == played.story)
    check = next(iter(played.broken))
    if check in (EXPECTED, FALLEN):
        # With an act left out a story expects too much: it is only told whole.
        return Failure(story=played.story, seed=played.seed, broken=played.broken, shortest=history(load(path)))
    shortest, ended = shrunk(load(path), played.seed, check)
    return Failure(
        story=played.story, seed=played.seed, broken=ended.broken or played.broken, shortest=history(shortest)
    )


def _show(played: Played, number: int, of: int) -> None:
    if of > 60 and played.holds and number % 20 and number != of:
        return
    word = "holds" if played.holds else f"BROKEN: {', '.join(played.broken)}"
    say(f"{number:>5}/{of}  {played.story}  seed {played.seed}  {word}")


def _show_end(played: list[Played], failures: list[Failure], seconds: float, jobs: int, rest: Rest) -> None:
    for failure in failures:
        say("")
        say(f"{failure.story} with seed {failure.seed}:")
        for check, sentences in failure.broken.items():
            say(f"  {check.replace('_', ' ')}: {'; '.join(sentences[:3])}")
        say("  the shortest history that still breaks it:")
        for line in failure.shortest:
            say(f"    {line}")
    wrong = [one for one in played if not one.holds]
    if len(wrong) > len(failures):
        say("")
        say(f"all {len(wrong)} that broke something:")
        for one in wrong:
            say(f"  {one.story} --seed {one.seed}: {', '.join(one.broken)}")
    broken = len(wrong)
    virtual = sum(one.virtual_s for one in played)
    orders = sum(one.orders for one in played)
    say("")
    say(
        f"{len(played)} plays, {broken} broken, {orders} orders, {sum(one.kills for one in played)} kills,"
        f" {sum(sum(one.faults.values()) for one in played)} faults"
    )
    say(f"{rest.before} had held before, {rest.after} are left" + (": the same call goes on" if rest.after else ""))
    say(
        f"{seconds:.1f} s with {jobs} {'process' if jobs == 1 else 'processes'}:"
        f" {len(played) / max(seconds, 1e-9):.2f} plays a second, {_a_core(played):.2f} a second of one core's,"
        f" {virtual / max(seconds, 1e-9):.0f} virtual seconds a second"
    )


def _a_core(played: list[Played]) -> float:
    """Plays in a second of one core's, whatever else the computer did meanwhile."""
    return len(played) / max(sum(one.cpu_s for one in played), 1e-9)


def _report(played: list[Played], failures: list[Failure], seconds: float, rest: Rest) -> object:
    return {
        "plays": len(played),
        "broken": sum(1 for one in played if not one.holds),
        "held_before": rest.before,
        "left": rest.after,
        "seconds": round(seconds, 3),
        "plays_per_second": round(len(played) / max(seconds, 1e-9), 3),
        "plays_per_cpu_second": round(_a_core(played), 3),
        "virtual_seconds_per_second": round(sum(one.virtual_s for one in played) / max(seconds, 1e-9), 1),
        "failures": [msgspec.to_builtins(failure) for failure in failures],
        "results": [msgspec.to_builtins(one) for one in played],
    }
