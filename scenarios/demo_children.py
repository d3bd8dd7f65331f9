"""A demo's three processes: started, watched, and ended by their own numbers and nothing else."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PREFIX = "BRYGGA_"
CREDENTIALS = "CREDENTIALS_DIRECTORY"

LISTENING = "listening on "
START_S = 60.0
STOP_S = 15.0
LOOK_EVERY_S = 0.05
TAIL_LINES = 8
PORTS = range(20_000, 32_000)


class ChildError(Exception):
    """A process did not start or ended by itself; the text tells the end of what it said."""


class Child:
    """One process of `brygga`, in a session of its own so that Ctrl-C reaches it only through us, in our order.

    What it says goes into two files of the folder: `NAME.out` and `NAME.log`. `variables` are set in its environment.
    """

    def __init__(self, name: str, arguments: list[str], folder: Path, variables: dict[str, str] | None = None) -> None:
        self.name = name
        self.out = folder / f"{name}.out"
        self.log = folder / f"{name}.log"
        command = [sys.executable, "-m", "agent.cli", *arguments]
        with self.out.open("wb") as out, self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                env={**environment(), "PYTHONUNBUFFERED": "1", **(variables or {})},
            )

    def address(self) -> str:
        """Where the simulator listens, once it does. Raises ChildError when it ends or takes too long."""
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up:
            for line in self.out.read_text("utf-8", "replace").splitlines(keepends=True):
                if line.startswith(LISTENING) and line.endswith("\n"):
                    return line.removeprefix(LISTENING).strip()
            self.check()
            time.sleep(LOOK_EVERY_S)
        raise ChildError(f"{self.name} did not start within {START_S:.0f} s{self._tail()}")

    def check(self) -> None:
        """Raises ChildError when the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise ChildError(f"{self.name} ended by itself with {code}{self._tail()}")

    def kill(self) -> None:
        """Ends it at once, as kill -9 and a power cut do."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Asks it to end and waits; one that does not end is killed."""
        if self.process.poll() is not None:
            return
        gentle = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM)
        self.process.send_signal(gentle)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _tail(self) -> str:
        lines = [
            *self.out.read_text("utf-8", "replace").splitlines(),
            *self.log.read_text("utf-8", "replace").splitlines(),
        ]
        return "".join(f"\n  {line}" for line in lines[-TAIL_LINES:])


class Crew:
    """The processes of one demo: two simulators and the agent."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed
        self._children: list[Child] = []

    def simulator(self, name: str, port: int, pace: float, *more: str) -> Child:
        """A simulated system that keeps its state in the folder; port 0 takes a free one."""
        state = self._folder / f"{name}.state"
        options = {"--port": port, "--seed": self._seed, "--pace": pace, "--state": state}
        arguments = [str(part) for option in options.items() for part in option]
        return self._start(name, ["simulate", name, *arguments, *more])

    def agent(self) -> Child:
        return self._start("agent", ["run", "--config", str(self._folder / "brygga.toml"), "--log-format", "json"])

    def stop(self, child: Child) -> None:
        child.stop()
        self._children.remove(child)

    def check(self) -> None:
        """Raises ChildError when one of them has ended by itself."""
        for child in self._children:
            child.check()

    def close(self) -> None:
        """Ends the agent first, so that it can finish what it has in hand; a second Ctrl-C does not hurry it."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in reversed(self._children):
            child.stop()

    def _start(self, name: str, arguments: list[str]) -> Child:
        child = Child(name, arguments, self._folder)
        self._children.append(child)
        return child


def environment() -> dict[str, str]:
    """This process's environment without anything that would set up another Brygga: a merchant's own passwords have
    no business in a demo."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) and name != CREDENTIALS}


def free_port() -> int:
    """A port that nobody listens on now, below those that systems lend to outgoing connections: a server that is
    started again finds it free."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
