# ruff: noqa: INP001 - a module by itself, as an installation puts it
"""A plugin for stories: says aloud which documents it is told of."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from agent.plugins.hooks import Context
from agent.plugins.records import DocumentSent


class Herald:
    api = 1

    def __init__(self, _options: Mapping[str, str]) -> None:
        self._log = structlog.get_logger("brygga")

    def document_sent(self, document: DocumentSent, context: Context) -> None:
        self._log.info("herald", shop=context.shop, number=document.external_no)
