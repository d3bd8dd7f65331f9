"""The table of `brygga.toml` about plugins."""

from __future__ import annotations

from agent.model.node import Node


class PluginSettings(Node, frozen=True):
    """One plugin of a shop. `limit_s` is the longest that it may take with one record, in seconds; one that takes
    longer is parked until the agent is started again. `options` are the plugin's own."""

    name: str
    enabled: bool = True
    limit_s: float = 1.0
    options: dict[str, str] = {}
