"""The web around the recorded shop, as far as it fetched images from it."""

from __future__ import annotations

from urllib.parse import urlsplit

CLOSED_PORT = 9399
"""The receiver's port on which nobody listened (`products_simple[99]`)."""


def recorded_web(address: str) -> str:
    """Why the recorded shop could not fetch this address, "" if it could: nobody listened on a port, or the receiver
    had no such file (`products_simple[106]`)."""
    parts = urlsplit(address)
    if parts.port == CLOSED_PORT:
        told = f"Failed to connect to {parts.hostname} port {parts.port} after 0 ms: Couldn't connect to server"
        return f"cURL error 7: {told}"
    return "Not Found" if parts.path.startswith("/404.") else ""
