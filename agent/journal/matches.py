"""Orders that wait for somebody to say who their buyer is. Reading only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw

from agent.journal import order_pages, reports
from agent.journal.order_pages import Place
from agent.journal.orders import OrderRow
from agent.model.ids import ShopKey
from agent.model.reasons import Reason

IN_DOUBT = (Reason.CUSTOMER_PROBABLE, Reason.CUSTOMER_AMBIGUOUS, Reason.CUSTOMER_NEW, Reason.CUSTOMER_INACTIVE)


def waiting(
    tx: apsw.Connection, shops: Sequence[ShopKey] | None, limit: int, before: Place | None = None
) -> list[OrderRow]:
    """The orders, those that have waited least first; at most `limit` of each shop and reason."""
    rows: list[OrderRow] = []
    for shop in reports.shop_keys(tx) if shops is None else shops:
        for reason in IN_DOUBT:
            rows += order_pages.page(tx, reason=reason, shop=shop, before=before, limit=limit).orders
    return sorted(rows, key=lambda row: (row.since_ms, row.shop, row.order_id), reverse=True)


def candidates(params: Mapping[str, str]) -> tuple[int, ...]:
    """The customer numbers that the reason's own words name."""
    text = params.get("customer") or params.get("customers") or ""
    return tuple(int(each) for each in text.replace(" ", "").split(",") if each.isascii() and each.isdigit())
