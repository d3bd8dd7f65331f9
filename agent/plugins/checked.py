"""Installed plugins looked at and loaded as the agent would, for whoever wants to know what is wrong with one."""

from __future__ import annotations

import traceback

from agent.model.order import Frozen
from agent.plugins.found import PluginWrong, installed, load, version_of
from agent.plugins.tree import PluginSettings


class Checked(Frozen, frozen=True):
    """`problem` is empty for a plugin that can be used; `trace` are the lines of the error that it raised."""

    name: str
    version: str = ""
    hooks: tuple[str, ...] = ()
    problem: str = ""
    detail: str = ""
    trace: tuple[str, ...] = ()


def versions() -> dict[str, str]:
    """The installed plugins by name. Nothing of them is run."""
    return {name: version_of(point) for name, point in sorted(installed().items())}


def check(chosen: PluginSettings) -> Checked:
    """Imports the plugin and makes it with its options. Never raises for what it does."""
    try:
        made = load(chosen)
    except PluginWrong as error:
        cause = error.__cause__
        trace = [] if cause is None else traceback.format_exception_only(cause)
        where = [] if cause is None else traceback.format_tb(cause.__traceback__)[-1:]
        lines = tuple(line.strip() for text in (*where, *trace) for line in text.splitlines())
        return Checked(name=chosen.name, problem=error.problem, detail=error.detail, trace=lines)
    return Checked(name=chosen.name, version=made.version, hooks=tuple(sorted(made.hooks)))
