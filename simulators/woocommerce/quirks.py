"""Known faults of other WooCommerce versions, plugins and hosts, as switches. All are off in the recorded shop."""

from __future__ import annotations

import msgspec


class Quirks(msgspec.Struct, frozen=True, kw_only=True):
    """One field a fault; the default is always the recorded shop's behaviour."""
