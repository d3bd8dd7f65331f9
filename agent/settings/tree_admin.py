"""The table of `brygga.toml` about the admin, the pages in a browser."""

from __future__ import annotations

from agent.model.node import Node


class AdminSettings(Node, frozen=True):
    """Where the admin is served. Beyond this computer only with `certificate`.

    `certificate` and `private_key` are PEM files with which the agent speaks https itself. `public_url` is the address
    that people use where a web server of the merchant's stands in front; `hosts` are further names that the
    admin may be called by.
    """

    enabled: bool = True
    listen: str = "127.0.0.1:8321"
    certificate: str = ""
    private_key: str = ""
    public_url: str = ""
    hosts: tuple[str, ...] = ()
