"""The delivery day that the customer chose in the checkout, from Order Delivery Date for WooCommerce to Mamut.

The extension (Tyche Softwares) keeps the day in the order's meta as seconds since 1970: `_orddd_lite_timestamp` in the
free edition, `_orddd_timestamp` in the paid one. No rule can make a day of such a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from agent.model.mamut import DocumentDraft
from agent.model.order import ShopOrder
from agent.plugins.hooks import Context, HoldRecord

FIELDS = ("_orddd_timestamp", "_orddd_lite_timestamp")


class Plugin:
    """Options: `before` is what stands before the day; `time_zone` the zone in which the shop's clock told the day
    (WordPress counts in UTC); `required` "yes" holds an order without a day."""

    api = 1

    def __init__(self, options: Mapping[str, str]) -> None:
        self._before = options.get("before", "Leveransdag: ")
        self._zone: tzinfo = ZoneInfo(options["time_zone"]) if "time_zone" in options else UTC
        self._required = options.get("required", "no") == "yes"

    def document_built(self, document: DocumentDraft, context: Context) -> DocumentDraft:
        """The day goes first, since a long packing text is cut at its end."""
        day = "" if context.order is None else self._day(context.order)
        if not day:
            if self._required:
                raise HoldRecord("leveransdag saknas")
            return document
        lines = [line for line in (self._before + day, document.packing_text) if line]
        return msgspec.structs.replace(document, packing_text="\n".join(lines))

    def _day(self, order: ShopOrder) -> str:
        told = next((order.meta[name].strip() for name in FIELDS if order.meta.get(name, "").strip()), "")
        if not told:
            return ""
        if not told.isdigit() or len(told) > 10:
            raise HoldRecord("leveransdagen är ingen tidpunkt")
        return datetime.fromtimestamp(int(told), self._zone).date().isoformat()
