"""One part of `brygga sync products` in a process that measures itself:
`python -m benchmarks.first_sync_process SETTINGS plan|apply mamut|shop`. `apply` applies the newest plan.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path

import msgspec
import trio

from agent.app_sync import first_sync
from agent.cli.run import set_up_log
from agent.journal import plans
from agent.journal.journal import Journal, open_journal
from agent.model.owners import System
from agent.model.plan import WRITES
from agent.settings.judge import judge
from agent.world import World
from benchmarks.market import Figures
from benchmarks.memory import peak_mb


def main(settings_file: Path, part: str, source: System) -> Figures:
    judgement = judge(settings_file, os.environ)
    assert judgement.settings is not None
    assert judgement.secrets is not None
    settings, secrets = judgement.settings, judgement.secrets
    set_up_log("json", "warning")
    gc.set_threshold(50_000, 20, 50)  # As `brygga run` does.
    journal: Journal = open_journal(Path(settings.data_dir) / "journal.db")
    told: list[int] = []

    async def work() -> None:
        async with first_sync(settings, secrets, settings.shop[0], journal, World(), lambda *_: None) as sync:
            if part == "plan":
                await sync.plan(source)
            else:
                (number,) = journal.view(lambda tx: tx.execute("SELECT max(number) FROM plans").fetchone()) or (0,)
                plan = journal.view(lambda tx: plans.get(tx, int(str(number))))
                assert plan is not None
                await sync.apply(plan)
            told.append(sync.requests)

    began, cpu = time.monotonic(), time.process_time()
    trio.run(work)
    figures = Figures(
        cpu_s=time.process_time() - cpu,
        seconds=time.monotonic() - began,
        requests=told[0],
        orders=journal.view(lambda tx: _rows(tx.execute("SELECT max(number) FROM plans").fetchone(), journal)),
        commits=journal.commits,
        rss_mb=peak_mb(),
    )
    journal.close()
    return figures


def _rows(newest: object, journal: Journal) -> int:
    """Rows of the newest plan that are still to be done."""
    (number,) = newest if isinstance(newest, tuple) else (0,)
    counts = journal.view(lambda tx: plans.counts(tx, int(number)))
    return sum(counts.of(action) for action in WRITES) if counts.left else 0


if __name__ == "__main__":
    figures = main(Path(sys.argv[1]), sys.argv[2], System(sys.argv[3]))
    sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
