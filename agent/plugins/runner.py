"""Calls plugins: one thread each, a limit to each call, and a judge of what comes back.

The caller waits, so a step is as it would be without plugins: the same records give the same decisions. A plugin that
takes longer than its limit is left to its thread and not called again before the next start; one that keeps Python's
lock all the time, as a loop within a C library does, cannot be cut short by anybody but the operating system.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from decimal import Decimal
from queue import SimpleQueue
from typing import Any, TypeVar

import msgspec
import structlog

from agent.messages import Note
from agent.plugins.found import Plugged, load
from agent.plugins.hooks import HOOKS, WHY_MAX, Context, HoldRecord, Hook, Hooked
from agent.plugins.tree import PluginSettings
from agent.rules.chain import BUILTIN_TYPES, to_tree

T = TypeVar("T", bound=msgspec.Struct)

log = structlog.get_logger("brygga")


class Plugins:
    """All plugins of one shop, in the order of the settings; each gets what the one before left."""

    def __init__(self, plugins: Iterable[tuple[Plugged, float]]) -> None:
        self._workers = [_Worker(plugged, limit_s) for plugged, limit_s in plugins]

    def wants(self, hook: Hook) -> bool:
        return any(hook in worker.plugged.hooks for worker in self._workers)

    def tell(self, hook: Hook, record: msgspec.Struct, context: Context) -> tuple[tuple[str, str], ...]:
        failed: list[tuple[str, str]] = []
        for worker in self._workers:
            if hook in worker.plugged.hooks:
                _, why = worker.call(hook, _copy(record), _copied(context))
                failed += [(worker.plugged.name, why)] if why else []
        return tuple(failed)

    def run(self, hook: Hook, record: T, context: Context) -> Hooked[T]:
        notes: list[Note] = []
        made = record
        for worker in self._workers:
            if hook not in worker.plugged.hooks:
                continue
            name = worker.plugged.name
            given, why = worker.call(hook, _copy(made), _copied(context))
            why = why or _trouble(hook, made, given)
            if why:
                return Hooked(record, failed=name, why=why)
            if given != made:
                made = given
                notes.append(Note(code="plugin_changed", field=hook.value, detail=name))
        return Hooked(made, notes=tuple(notes))


def plugins_of(chosen: Iterable[PluginSettings]) -> Plugins | None:
    """None without any that is switched on. Raises PluginWrong."""
    loaded = [(load(each), each.limit_s) for each in chosen if each.enabled]
    return Plugins(loaded) if loaded else None


class _Worker:
    """One plugin with its thread, which begins with the first call."""

    def __init__(self, plugged: Plugged, limit_s: float) -> None:
        self.plugged = plugged
        self._limit_s = limit_s
        self._jobs: SimpleQueue[tuple[Future[Any], Hook, Any, Context]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._parked = False

    def call(self, hook: Hook, record: Any, context: Context) -> tuple[Any, str]:
        """What the plugin gave, or why nothing came of it."""
        if self._parked:
            return None, "parked"
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=f"plugin/{self.plugged.name}", daemon=True)
            self._thread.start()
        answer: Future[Any] = Future()
        self._jobs.put((answer, hook, record, context))
        try:
            error = answer.exception(self._limit_s)
        except TimeoutError:
            self._parked = True
            log.error("plugin_parked", plugin=self.plugged.name, hook=hook.value, limit_s=self._limit_s)
            return None, "too_slow"
        if error is None:
            return answer.result(), ""
        if isinstance(error, HoldRecord):
            return None, error.why or "held"
        log.error("plugin_failed", plugin=self.plugged.name, hook=hook.value, error=type(error).__name__, at=_at(error))
        return None, type(error).__name__[:WHY_MAX]

    def _work(self) -> None:
        while True:
            answer, hook, record, context = self._jobs.get()
            try:
                answer.set_result(getattr(self.plugged.plugin, hook.value)(record, context))
            except BaseException as error:  # noqa: BLE001 - code of others may raise anything; it becomes the answer
                answer.set_exception(error)


def _trouble(hook: Hook, before: msgspec.Struct, after: object) -> str:
    """Why what a plugin gave back cannot be used; empty when it can."""
    if type(after) is not type(before):
        return "wrong_type"
    if after == before:
        return ""
    old, new = to_tree(before), to_tree(after)
    try:
        msgspec.convert(new, type(before), builtin_types=BUILTIN_TYPES)
    except msgspec.ValidationError:
        return "not_a_value"
    if not all(number.is_finite() for number in _numbers(new)):
        return "not_a_value"
    for path in sorted(HOOKS[hook].fixed):
        was, now = list(_values(old, path.split("."))), list(_values(new, path.split(".")))
        if ("." in path and any(value not in was for value in now)) or ("." not in path and was != now):
            return f"fixed: {path}"
    return ""


def _values(at: Any, names: list[str]) -> Iterator[Any]:
    """What stands at a path, of every row where it leads through a list."""
    if isinstance(at, list):
        for row in at:
            yield from _values(row, names)
    elif not names:
        yield at
    elif isinstance(at, dict):
        yield from _values(at.get(names[0]), names[1:])


def _numbers(at: Any) -> Iterator[Decimal]:
    if isinstance(at, Decimal):
        yield at
    elif isinstance(at, list | dict):
        for inner in at.values() if isinstance(at, dict) else at:
            yield from _numbers(inner)


def _copy(record: T) -> T:
    """A record of the plugin's own: what it does to a table within one is not done to ours."""
    return msgspec.convert(to_tree(record), type(record), builtin_types=BUILTIN_TYPES)


def _copied(context: Context) -> Context:
    return context if context.order is None else msgspec.structs.replace(context, order=_copy(context.order))


def _at(error: BaseException) -> str:
    """Where it was raised: file and line, never the text, which may hold somebody's name."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
