"""Everything that happened in a play, in its order: requests with their answers, faults, durable steps, log lines.

Two plays with one seed have the same trace to the byte; that is what "replay" means here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import msgspec
import structlog
import trio

from simulators.faults import Fault, FaultPlan
from simulators.http import Request, Response, Simulator

READS = frozenset({"GET", "HEAD"})
QUESTIONS = ("/lookup", "/session")
"""Paths that are posted to and change nothing a merchant would see; an empty batch is a question too."""


MOMENT_MAX = 20_000
"""Far more than a hundred orders make happen in one moment of the play's clock."""


class StandstillError(BaseException):
    """Somebody works for ever without waiting. No Exception, so that nothing in the agent can live through it."""


class Entry(msgspec.Struct, frozen=True):
    """One thing that happened. `at_s` is seconds since the play began, by the play's own clock."""

    at_s: float
    kind: str
    data: dict[str, Any]


class Exchange(msgspec.Struct, frozen=True):
    """A request that reached a system, and the status of its answer."""

    at_s: float
    system: str
    method: str
    path: str
    query: str
    body: bytes
    status: int
    answer: bytes

    @property
    def writes(self) -> bool:
        probe = self.path.endswith("/batch") and not any(msgspec.json.decode(self.body).values())
        return self.method not in READS and not self.path.endswith(QUESTIONS) and not probe


class Trace:
    """What happened so far. With `whole`, exchanges carry the digests of their bodies, which costs time."""

    def __init__(self, *, whole: bool = False) -> None:
        self.whole = whole
        self.entries: list[Entry] = []
        self.exchanges: list[Exchange] = []
        self.log_lines: list[dict[str, Any]] = []
        self.on_exchange: Callable[[], None] | None = None
        self._zero_s: float | None = None
        self._in_moment = 0

    def now_s(self) -> float:
        now = trio.current_time()
        if self._zero_s is None:
            self._zero_s = now
        return round(now - self._zero_s, 6)

    def add(self, kind: str, **data: Any) -> None:
        self._add(self.now_s(), kind, data)

    def _add(self, now_s: float, kind: str, data: dict[str, Any]) -> None:
        self._in_moment = self._in_moment + 1 if self.entries and self.entries[-1].at_s == now_s else 0
        if self._in_moment > MOMENT_MAX:
            raise StandstillError(
                f"{MOMENT_MAX} things happened without any time passing, the last of them {kind} {data}"
            )
        self.entries.append(Entry(now_s, kind, data))

    def exchanged(self, system: str, request: Request, response: Response) -> None:
        now_s = self.now_s()
        found = Exchange(
            now_s,
            system,
            request.method,
            request.path,
            request.query,
            request.body,
            response.status,
            response.body,
        )
        self.exchanges.append(found)
        data: dict[str, Any] = {
            "system": system,
            "asked": f"{request.method} {request.path}",
            "status": response.status,
        }
        if self.whole:
            data["query"] = request.query
            data["body"] = _digest(request.body)
            data["answer"] = _digest(response.body)
        self._add(now_s, "exchange", data)
        if self.on_exchange is not None:
            self.on_exchange()

    def logged(self, event: dict[str, Any]) -> None:
        self.log_lines.append(event)
        self.add("log", line=event)

    def lines(self) -> Iterator[bytes]:
        """The trace as JSON lines."""
        encoder = msgspec.json.Encoder()
        for entry in self.entries:
            yield encoder.encode({"at_s": entry.at_s, "kind": entry.kind, **_plain(entry.data)})

    def digest(self) -> str:
        """Equal for two plays in which the same things happened in the same order at the same times."""
        digest = hashlib.blake2b(digest_size=16)
        for line in self.lines():
            digest.update(line + b"\n")
        return digest.hexdigest()


class Watcher(Protocol):
    """Looks at a request before it is worked on, and after."""

    def before(self, request: Request) -> None: ...
    def after(self, request: Request, response: Response) -> None: ...


class Witness:
    """Stands before a simulated system and notes each request with its answer. What the gate answers never reaches the
    system, nor a watcher."""

    def __init__(
        self,
        system: str,
        simulator: Simulator,
        trace: Trace,
        gate: Callable[[Request], Response | None] = lambda _request: None,
        watcher: Callable[[], Watcher | None] = lambda: None,
    ) -> None:
        self.system = system
        self.simulator = simulator
        self._trace = trace
        self._gate = gate
        self._watcher = watcher

    def handle(self, request: Request) -> Response:
        response = self._gate(request) or self._watched(request)
        self._trace.exchanged(self.system, request, response)
        return response

    def _watched(self, request: Request) -> Response:
        watcher = self._watcher()
        if watcher is None:
            return self.simulator.handle(request)
        watcher.before(request)
        response = self.simulator.handle(request)
        watcher.after(request, response)
        return response


class ToldFaults(FaultPlan):
    """Draws faults from a plan, and notes each."""

    def __init__(self, system: str, plan: FaultPlan, trace: Trace) -> None:
        super().__init__(plan.options)
        self._system = system
        self._plan = plan
        self._trace = trace

    def draw(self) -> Fault | None:
        fault = self._plan.draw()
        if fault is not None:
            self.counts[fault] = self.counts.get(fault, 0) + 1
            self._trace.add("fault", system=self._system, fault=fault.value)
        return fault


@contextmanager
def log_into(trace: Trace) -> Iterator[None]:
    """The agent's log lines go into the trace, whole, until the block ends."""
    before = structlog.get_config()

    def keep(_logger: object, _name: str, event: Any) -> Any:
        event.pop("exc_info", None)
        trace.logged(dict(event))
        raise structlog.DropEvent

    structlog.configure(
        processors=[structlog.processors.add_log_level, keep],
        wrapper_class=structlog.BoundLogger,
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=8).hexdigest() if body else ""


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, int | float | str | bool | list | dict) else str(value)
        for key, value in data.items()
    }
