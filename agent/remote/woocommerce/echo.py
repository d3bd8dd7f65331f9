"""Our own write, known again: the answer to a mark shows the whole order, nearly always as it was read before.

Reading costs ten times as much as seeing that nothing differs, so the last readings are remembered by a fingerprint of
all that is read of an order. What does not equal one is read in full.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from agent.messages import UnreadableOrder
from agent.model.ids import ShopKey
from agent.remote.ports import Echo
from agent.remote.woocommerce import shapes
from agent.remote.woocommerce.translate import MARK_META, status_of, times_of, translated
from agent.remote.woocommerce.values import items

ROOM = 2_048
"""Readings that are remembered: more than are ever under way to Mamut from one shop; 0.5 MB."""

_encoder = msgspec.json.Encoder()


class Readings:
    """Fingerprints of a shop's last readings, with the hash of each one's content."""

    def __init__(self, shop: ShopKey) -> None:
        self._shop = shop
        self._hashes: dict[int, tuple[bytes, str]] = {}

    def keep(self, wire: shapes.WireOrder, content_hash: str) -> None:
        self._hashes.pop(wire.id, None)
        self._hashes[wire.id] = (_fingerprint(wire), content_hash)
        if len(self._hashes) > ROOM:
            del self._hashes[next(iter(self._hashes))]

    def echo(self, wire: shapes.WireOrder) -> Echo | None:
        """What the shop's answer to a mark says of the order; None when it is unreadable."""
        fingerprint, content_hash = self._hashes.pop(wire.id, (b"", ""))
        if fingerprint != _fingerprint(wire):
            order = translated(wire, self._shop)
            if isinstance(order, UnreadableOrder):
                return None
            content_hash = order.content_hash
        modified = times_of(wire)[1]
        return Echo(status=status_of(wire), total=wire.total, modified_at=modified, content_hash=content_hash)


def _fingerprint(wire: shapes.WireOrder) -> bytes:
    """Over everything that is read but the date that our mark moves and the mark itself."""
    dated, metas = wire.date_modified_gmt, wire.meta_data
    wire.date_modified_gmt = None
    wire.meta_data = [meta for meta in items(metas) if meta.key != MARK_META]
    try:
        return blake2b(_encoder.encode(wire), digest_size=16).digest()
    finally:
        wire.date_modified_gmt, wire.meta_data = dated, metas
