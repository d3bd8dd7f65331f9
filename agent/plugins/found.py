"""Plugins that are installed, found by their entry points."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from agent.model.order import Frozen
from agent.plugins.hooks import API, GROUP, Hook
from agent.plugins.tree import PluginSettings


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
    """By name. Nothing of a plugin is run by this."""
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
        made = point.load()(dict(chosen.options))
    except Exception as error:
        raise PluginWrong("not_made", type(error).__name__) from error
    api = getattr(made, "api", None)
    if api != API:
        raise PluginWrong("api_differs", str(api), (str(API),))
    return Plugged(name=chosen.name, version=version_of(point), plugin=made, hooks=_hooks(made))


def _hooks(plugin: object) -> frozenset[Hook]:
    """The hooks that it has methods for. A public method of another name is a hook that would never be called."""
    names = {name for name in dir(type(plugin)) if not name.startswith("_") and callable(getattr(plugin, name))}
    unknown = sorted(names - set(Hook))
    if unknown:
        raise PluginWrong("hook_unknown", unknown[0], tuple(Hook))
    if not names:
        raise PluginWrong("no_hook", "", tuple(Hook))
    return frozenset(Hook(name) for name in names)
