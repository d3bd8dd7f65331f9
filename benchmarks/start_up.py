"""How long until the command line answers, and until the agent works?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.command import Run
from benchmarks.figures import Cell, Result, Table, Target
from benchmarks.market import Market
from scenarios.demo_children import Child, environment

TIMES = 7
HELP_S = 0.25
READY_S = 1.0
LOOK_EVERY_S = 0.005
GIVE_UP_S = 30.0
READY = b'"mamut_open"'
"""The agent says so when its session with Mamut is open: from then on documents can be made."""


def start_up(run: Run) -> Result:
    market = Market(run.new_folder("market"), 4)
    times = run.size(TIMES, 1)
    rows: list[tuple[Cell, ...]] = []
    wall: dict[str, float] = {}
    folder = run.new_folder("agent")
    with market.open(folder) as opened:
        config = opened.write_settings()
        for name, arguments in _commands(config):
            run.tell(f"brygga {name}")
            taken = [_command(arguments) for _ in range(times)]
            wall[name] = min(seconds for seconds, _ in taken)
            rows.append((name, wall[name], median(seconds for seconds, _ in taken), min(cpu for _, cpu in taken)))
        run.tell("brygga run")
        ready = [_until_ready(config, folder) for _ in range(times)]
        rows.append(("run, until Mamut's session is open", min(ready), median(ready), None))
    return Result(
        name="startup",
        question="How long until the command line answers, and until the agent works?",
        tables=(
            Table(
                title="Start-up",
                columns=("brygga", "Best s", "Median s", "CPU s"),
                rows=tuple(rows),
                note="Wall clock from the start of the process; the best of several says most on a busy computer.",
            ),
        ),
        targets=(
            Target(
                what="brygga --help",
                wanted=f"under {HELP_S} s",
                reached=f"{wall['--help']:.2f} s",
                met=wall["--help"] < HELP_S,
            ),
            Target(
                what="ready", wanted=f"under {READY_S:g} s", reached=f"{min(ready):.2f} s", met=min(ready) < READY_S
            ),
        ),
    )


def _commands(config: Path) -> tuple[tuple[str, list[str]], ...]:
    return (
        ("--help", ["--help"]),
        ("--version", ["--version"]),
        ("check", ["check", "--config", str(config)]),
        ("run --once of 4 orders", ["run", "--once", "--config", str(config)]),
        ("status", ["status", "--config", str(config)]),
    )


def _command(arguments: list[str]) -> tuple[float, float]:
    """Wall clock and CPU seconds of one command."""
    before, began = os.times(), time.monotonic()
    command = [sys.executable, "-m", "agent.cli", *arguments]
    subprocess.run(command, capture_output=True, timeout=GIVE_UP_S, env=environment(), check=False)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, cpu


def _until_ready(config: Path, folder: Path) -> float:
    began = time.monotonic()
    agent = Child("agent", ["run", "--config", str(config), "--log-format", "json"], folder)
    try:
        while READY not in agent.log.read_bytes():
            agent.check()
            if time.monotonic() - began > GIVE_UP_S:
                raise TimeoutError("the agent did not open its session")
            time.sleep(LOOK_EVERY_S)
        return time.monotonic() - began
    finally:
        agent.stop()
