"""The agent of `brygga run --once` in a process that measures itself: `python -m benchmarks.agent_process SETTINGS`.

Start-up is measured elsewhere, so the count begins when everything has been imported. With a second argument the
requests go onto a tape, and the journal's statements into a file beside it; with `--profile FILE` samples of where the
time goes go into a file, and the journal works in line so that they show all of it.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import msgspec
import trio

from agent import app
from agent.cli.run import set_up_log
from agent.settings.judge import judge
from agent.world import World
from benchmarks.market import Figures
from benchmarks.memory import peak_mb
from benchmarks.sampler import sampled
from benchmarks.statements import Statements, beside
from benchmarks.tape import Tape


def main(settings_file: Path, tape_file: Path | None, profile_file: Path | None) -> Figures:
    judgement = judge(settings_file, os.environ)
    assert judgement.settings is not None
    assert judgement.secrets is not None
    settings, secrets = judgement.settings, judgement.secrets
    set_up_log("json", "info")
    gc.set_threshold(50_000, 20, 50)  # As `brygga run` does.
    tape = Tape()
    world = World(transports=tape.transports if tape_file else None, threaded=not profile_file)
    agents: list[app.Agent] = []
    statements: list[Statements] = []

    def ready(agent: app.Agent) -> None:
        agents.append(agent)
        if tape_file:
            statements.append(Statements(agent.journal))

    began, cpu = time.monotonic(), time.process_time()
    with sampled() if profile_file else nullcontext(Counter[str]()) as counts:
        trio.run(
            lambda: app.run(
                settings,
                secrets,
                journal_path=Path(settings.data_dir) / "journal.db",
                once=True,
                world=world,
                on_ready=ready,
            )
        )
    if profile_file:
        profile_file.write_bytes(msgspec.json.encode(counts))
    if tape_file:
        tape.save(tape_file)
        statements[0].save(beside(tape_file))
    return Figures(
        cpu_s=time.process_time() - cpu,
        seconds=time.monotonic() - began,
        requests=agents[0].requests,
        commits=agents[0].journal.commits,
        rss_mb=peak_mb(),
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    profiled = Path(arguments.pop()) if "--profile" in arguments else None
    if profiled:
        arguments.remove("--profile")
    taped = Path(arguments[1]) if len(arguments) > 1 else None
    sys.stdout.write(msgspec.json.encode(main(Path(arguments[0]), taped, profiled)).decode() + "\n")
