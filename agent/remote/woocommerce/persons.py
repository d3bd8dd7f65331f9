"""Which orders of a shop are a person's: asked of the shop, since the journal keeps no e-mail addresses."""

from __future__ import annotations

import msgspec

from agent.model.ids import ShopOrderId
from agent.remote.woocommerce.ask import Api, decoded

PAGE = 100


class _Billing(msgspec.Struct):
    email: str | None = ""


class _Order(msgspec.Struct):
    id: int
    billing: _Billing | None = None


async def orders_of(api: Api, email: str) -> tuple[ShopOrderId, ...]:
    """Orders with this e-mail address, in any case, by ascending id. Raises Trouble. The shop's search looks in other
    fields too, so what it finds is compared."""
    found: list[ShopOrderId] = []
    offset = 0
    while True:
        params = {
            "search": email,
            "status": "any",
            "orderby": "id",
            "order": "asc",
            "per_page": str(PAGE),
            "offset": str(offset),
            "_fields": "id,billing",
        }
        rows = decoded(await api.get("/wc/v3/orders", params), list[_Order])
        found += (
            ShopOrderId(row.id)
            for row in rows
            if row.billing is not None and (row.billing.email or "").casefold() == email.casefold()
        )
        if len(rows) < PAGE:
            return tuple(found)
        offset += PAGE
