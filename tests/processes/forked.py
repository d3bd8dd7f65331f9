"""Agents as forks of one process that has imported everything: a start costs 30 ms instead of half a second, and forty
deaths cost the deaths alone. What is killed is a process all the same."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

from agent.cli import main

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["agent.cli.run", "agent.app", "tests.processes.forked"])


class Forked:
    """`brygga` with these arguments; its log goes into a file."""

    def __init__(self, arguments: list[str], log: Path) -> None:
        self.log = log
        log.touch()
        self._process = _FORKS.Process(target=_live, args=(arguments, str(log)))
        self._process.start()

    def check(self) -> None:
        """Fails when the process has ended."""
        assert self._process.is_alive(), self.log.read_text("utf-8")

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()


def _live(arguments: list[str], log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.argv = ["brygga", *arguments]
    main()
