"""Processes as forks of one that has imported everything: a start costs 30 ms instead of half a second or more, and
fifty deaths cost the deaths alone. What is killed is a process all the same."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from pathlib import Path

from agent.cli import main
from scenarios.demo_children import LISTENING, START_S, environment

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["agent.cli.run", "agent.app", "simulators.cli", "simulators.mamut.run", "simulators.woocommerce.run", __name__]
)


class Forked:
    """`brygga` with these arguments; all it says goes into one file."""

    def __init__(self, arguments: list[str], log: Path, variables: dict[str, str]) -> None:
        self.log = log
        log.touch()
        self._process = _FORKS.Process(target=_live, args=(arguments, str(log), {**environment(), **variables}))
        self._process.start()
        self._code: int | None = None

    def address(self) -> str:
        """Where the simulator listens, once it does."""
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up:
            for line in self.log.read_text("utf-8", "replace").splitlines(keepends=True):
                if line.startswith(LISTENING) and line.endswith("\n"):
                    return line.removeprefix(LISTENING).strip()
            self.check()
            time.sleep(0.01)
        raise AssertionError(f"{self.log.name} does not listen")

    def check(self) -> None:
        """Fails when the process has ended."""
        assert self._code is None
        assert self._process.is_alive(), self.log.read_text("utf-8")

    def kill(self) -> None:
        if self._code is None:
            self._process.kill()
            self.wait()

    def stop(self) -> int:
        """Asks it to end; its exit code."""
        if self._code is None:
            self._process.terminate()
        return self.wait()

    def wait(self, within_s: float = 30) -> int:
        """Its exit code, when it has ended by itself."""
        if self._code is None:
            self._process.join(within_s)
            code = self._process.exitcode
            assert code is not None, f"{self.log.name} has not ended: {self.log.read_text('utf-8')}"
            self._code = code
            self._process.close()
        return self._code


def _live(arguments: list[str], log: str, variables: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
    file = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.argv = ["brygga", *arguments]
    main()
