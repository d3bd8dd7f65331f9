"""What every table of `brygga.toml` is: frozen, by keyword, unknown keys refused."""

from __future__ import annotations

import msgspec


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the file."""
