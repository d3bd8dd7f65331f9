"""Plugins that are installed, found by their entry points."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from agent.model.order import Frozen
from agent.model.taken_up import Outdated
from agent.plugins.hooks import API, GROUP, Hook
from agent.plugins.tree import PluginSettings

_VERSION = "__brygga_version__"
"""Where a loaded module keeps which version it was when it was loaded: what is installed may be another one by then."""


class PluginWrong(Exception):
    """A plugin cannot be used. `problem` is a short English word, `detail` what it is about, `known` what could stand
    there."""

    def __init__(self, problem: str, detail: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(f"{problem} {detail}".strip())
        self.problem = problem
        self.detail = detail
        self.known = known


class Plugged(Frozen, frozen=True):
    """A plugin that has been made, with the hooks that it wants."""

    name: str
    version: str
    plugin: Any
    hooks: frozenset[Hook]


def installed() -> dict[str, EntryPoint]:
    """By name, those too that have been installed since the agent was started. Nothing of a plugin is run by this."""
    importlib.invalidate_caches()
    return {point.name: point for point in entry_points(group=GROUP)}


def version_of(point: EntryPoint) -> str:
    return "" if point.dist is None else point.dist.version


def load(chosen: PluginSettings) -> Plugged:
    """Imports the plugin and makes it with its options. Raises PluginWrong."""
    points = installed()
    point = points.get(chosen.name)
    if point is None:
        raise PluginWrong("not_installed", chosen.name, tuple(sorted(points)))
    try:
        made = _code_of(point)(dict(chosen.options))
    except ModuleNotFoundError as error:
        if error.name and point.module.partition(".")[0] == error.name.partition(".")[0]:
            raise PluginWrong("not_seen", error.name) from error
        raise PluginWrong("not_made", f"{type(error).__name__} {error.name}") from error
    except Exception as error:
        raise PluginWrong("not_made", type(error).__name__) from error
    api = getattr(made, "api", None)
    if api != API:
        raise PluginWrong("api_differs", str(api), (str(API),))
    return Plugged(name=chosen.name, version=loaded_version(point), plugin=made, hooks=_hooks(made))


def outdated(plugins: Iterable[PluginSettings]) -> tuple[Outdated, ...]:
    """Those of which another version is installed by now than the one that was loaded. Python would mix the two where
    it took up a changed package in the midst of its work, so the old one goes on, whole, until the next start."""
    points, found = installed(), []
    for name in dict.fromkeys(each.name for each in plugins if each.enabled):
        point = points.get(name)
        if point is not None and (at_work := loaded_version(point)) != version_of(point):
            found.append(Outdated(plugin=name, at_work=at_work, installed=version_of(point)))
    return tuple(found)


def loaded_version(point: EntryPoint) -> str:
    """The version whose code is at work, or would be."""
    module = sys.modules.get(point.module)
    return str(vars(module).get(_VERSION, version_of(point))) if module is not None else version_of(point)


def _code_of(point: EntryPoint) -> Any:
    """The plugin's class. What is loaded stays loaded, so its version is kept with it."""
    is_new = point.module not in sys.modules
    code = point.load()
    if is_new:
        vars(sys.modules[point.module])[_VERSION] = version_of(point)
    return code


def _hooks(plugin: object) -> frozenset[Hook]:
    """The hooks that it has methods for. A public method of another name is a hook that would never be called."""
    names = {name for name in dir(type(plugin)) if not name.startswith("_") and callable(getattr(plugin, name))}
    unknown = sorted(names - set(Hook))
    if unknown:
        raise PluginWrong("hook_unknown", unknown[0], tuple(Hook))
    if not names:
        raise PluginWrong("no_hook", "", tuple(Hook))
    return frozenset(Hook(name) for name in names)
