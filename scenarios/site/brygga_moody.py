# ruff: noqa: INP001 - a module by itself, as an installation puts it
"""A plugin for stories: writes a packing text, and fails with every so manieth order."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from agent.model.mamut import DocumentDraft
from agent.plugins.hooks import Context


class Moody:
    """`fails` is the share of orders that it fails with: every third with 3."""

    api = 1

    def __init__(self, options: Mapping[str, str]) -> None:
        self._fails = int(options.get("fails", "3"))

    def document_built(self, document: DocumentDraft, context: Context) -> DocumentDraft:
        if context.order is not None and context.order.order_id % self._fails == 0:
            raise ValueError("not this one")
        return msgspec.structs.replace(document, packing_text="Packas varsamt")
