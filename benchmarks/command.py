"""`brygga bench`: measures, shows how far it is, and leaves JSON, Markdown and charts."""

from __future__ import annotations

import importlib
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from agent.cli.context import Given
from agent.cli.output import complain, say, say_json
from benchmarks.figures import Result, markdown
from benchmarks.svg import draw

RESULTS = Path("benchmarks/results")

BAD_CALL = 2

# Name, where it is. In this order they are run.
BENCHMARKS: dict[str, str] = {
    "drain": "benchmarks.drain:drain",
    "packages": "benchmarks.months:months",
    "shops": "benchmarks.many_shops:many_shops",
    "startup": "benchmarks.start_up:start_up",
    "recovery": "benchmarks.recovery:recovery",
    "replay": "benchmarks.replay:replay",
    "growth": "benchmarks.growth:growth",
    "stock": "benchmarks.stock:stock",
    "first-sync": "benchmarks.first_sync:first_sync",
    "rules": "benchmarks.rules:rules",
    "doorbell": "benchmarks.doorbell:doorbell",
    "admin": "benchmarks.admin:admin",
}


class Run:
    """What a benchmark is given: a folder of its own, how thorough to be, and where to tell how far it is.

    `small` asks for the fast form, whose counts are right and whose times mean nothing.
    """

    def __init__(self, folder: Path, *, small: bool = False, tell: Callable[[str], None] = lambda _text: None) -> None:
        self.folder = folder
        self.small = small
        self.tell = tell

    def size(self, full: int, small: int) -> int:
        return small if self.small else full

    def new_folder(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))


Benchmark = Callable[[Run], Result]


def bench(
    *names: str,
    small: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
    out: Path = RESULTS,
    context: Given,  # noqa: ARG001 - every command is given it
) -> int:
    """Measure the agent against the simulators: drain, packages, shops, startup, recovery, replay, growth,
    stock, rules, doorbell, first-sync, admin.

    Parameters
    ----------
    names
        Which benchmarks; all when none is named.
    small
        The fast form: the counts are right, the times mean little. Nothing is written.
    json
        Print the results as one JSON document.
    out
        The folder for the results.
    """
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        complain(f"{', '.join(unknown)}? There are: {', '.join(BENCHMARKS)}.")
        return BAD_CALL
    signal.signal(signal.SIGTERM, _interrupt)  # As Ctrl-C, so that no process of ours is left behind.
    results = []
    for name in names or BENCHMARKS:
        result = measure(name, small=small, tell=_progress(name))
        results.append(result)
        if not small:
            save(result, out)
        if not json:
            say(markdown(result))
    if json:
        say_json([msgspec.to_builtins(result) for result in results])
    return 0


def measure(name: str, *, small: bool, tell: Callable[[str], None] = lambda _text: None) -> Result:
    """Runs one benchmark in a folder that is gone afterwards."""
    module, _, function = BENCHMARKS[name].partition(":")
    run: Benchmark = getattr(importlib.import_module(module), function)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"brygga-bench-{name}-") as folder:
        result = run(Run(Path(folder), small=small, tell=tell))
    return msgspec.structs.replace(result, seconds=round(time.monotonic() - began, 1))


def save(result: Result, out: Path) -> None:
    """NAME.json, NAME.md and a chart each, and the page that lists them all."""
    out.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.format(msgspec.json.encode(result), indent=1)
    (out / f"{result.name}.json").write_bytes(encoded + b"\n")
    (out / f"{result.name}.md").write_text(markdown(result), encoding="utf-8")
    for chart in result.charts:
        (out / f"{chart.name}.svg").write_text(draw(chart), encoding="utf-8")
    pages = [name for name in BENCHMARKS if (out / f"{name}.md").exists()]
    listed = [f"- [{name}]({name}.md)" for name in pages]
    (out / "README.md").write_text("\n".join(["# Results of `brygga bench`", "", *listed, ""]), encoding="utf-8")


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _progress(name: str) -> Callable[[str], None]:
    began = time.monotonic()

    def tell(text: str) -> None:
        sys.stderr.write(f"[{name} {time.monotonic() - began:6.1f} s] {text}\n")
        sys.stderr.flush()

    return tell
