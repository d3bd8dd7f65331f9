"""The orders of a real shop, as its recorded answers tell of them.

Most answers were kept in part. An order here is what all exchanges up to one have told of it: a later answer replaces
what it names, an address that only the request held is taken from there, and what no answer tells (key, dates, number)
is filled in with what is plain to see. Money is never filled in, but for orders of which only the total was kept: they
get one row of goods with 25 % VAT, which is what their scenario sold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from agent.model.reasons import Reason

RECORDINGS = Path(__file__).parents[1] / "recordings"
FILES = (
    *sorted(path.stem for path in RECORDINGS.glob("orders_*.json")),
    "checkout_storefront",
    "tax_variants",
    "concurrency",
)
MONEY = (
    "status",
    "currency",
    "total",
    "total_tax",
    "line_items",
    "shipping_lines",
    "fee_lines",
    "coupon_lines",
    "refunds",
)


HELD = {
    # Nothing was bought.
    "orders_create[2] order 21": Reason.ORDER_EMPTY,
    # The row names no product of the shop, so nobody can say which article it is.
    "orders_create[28] order 38": Reason.ARTICLE_MISSING,
    "orders_create[29] order 39": Reason.ARTICLE_MISSING,
    "orders_create[37] order 45": Reason.ARTICLE_MISSING,
    # A product with variants was sold without saying which; it has no number of its own.
    "orders_create[33] order 41": Reason.ARTICLE_MISSING,
    # The customer has not finished.
    "orders_create[44] order 50": Reason.IN_CHECKOUT,
    "checkout_storefront[9] order 16": Reason.IN_CHECKOUT,
    "checkout_storefront[35] order 19": Reason.IN_CHECKOUT,
    # Money went back before the order went over: the merchant decides what is to be booked.
    "orders_lifecycle[13] order 12": Reason.REFUNDED_BEFORE_TRANSFER,
    "orders_refunds_notes[9] order 13": Reason.REFUNDED_BEFORE_TRANSFER,
    "orders_refunds_notes[22] order 18": Reason.REFUNDED_BEFORE_TRANSFER,
    "orders_refunds_notes[32] order 18": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[94] order 33": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[99] order 38": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[104] order 43": Reason.REFUNDED_BEFORE_TRANSFER,
    "concurrency[109] order 46": Reason.REFUNDED_BEFORE_TRANSFER,
}
"""The orders that are not sent, by where they were seen first, and the reason that their merchant would give."""


class Recorded:
    """One distinct state of one order: `name` is where it was seen first and what the recording says it shows."""

    def __init__(self, name: str, order: dict[str, Any]) -> None:
        self.name = name
        self.order = order

    @property
    def place(self) -> str:
        return " ".join(self.name.split(" ")[:3])

    @property
    def body(self) -> bytes:
        return json.dumps(self.order).encode()


def recorded_orders() -> list[Recorded]:
    """Every distinct order, in the order of the files."""
    found = []
    for file in FILES:
        known: dict[int, dict[str, Any]] = {}
        seen: set[str] = set()
        for at, exchange in enumerate(json.loads((RECORDINGS / f"{file}.json").read_text("utf-8"))["exchanges"]):
            for told in _orders(exchange["response"].get("body")):
                order = _completed(known.get(told["id"], {}), told, exchange)
                known[told["id"]] = order
                content = json.dumps([order.get(key) for key in MONEY] + [told["id"]])
                if content not in seen:
                    seen.add(content)
                    note = str(exchange["note"]).split(":")[0].split(",")[0][:48].strip()
                    found.append(Recorded(f"{file}[{at}] order {told['id']} {note}", order))
    return found


def _orders(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, list):
        for item in body:
            yield from _orders(item)
    elif isinstance(body, dict) and {"id", "total"} <= body.keys() and body.keys() & {"line_items", "status"}:
        yield body
    elif isinstance(body, dict):
        for item in body.values():
            yield from _orders(item)


def _completed(known: dict[str, Any], told: dict[str, Any], exchange: dict[str, Any]) -> dict[str, Any]:
    at = exchange["at"][:19]
    frame = {
        "number": str(told["id"]),
        "order_key": f"wc_order_{told['id']}",
        "status": "processing",
        "currency": "SEK",
        "date_created_gmt": at,
        "date_modified_gmt": at,
    }
    order = frame | known
    asked = exchange["request"].get("body")
    if isinstance(asked, dict):
        order |= {key: asked[key] for key in ("billing", "shipping", "customer_note") if key in asked}
    order |= told
    if "line_items" not in order:
        order |= _one_row(Decimal(order["total"]))
    return order


def _one_row(total: Decimal) -> dict[str, Any]:
    tax = (total / 5).quantize(Decimal("0.01"), ROUND_HALF_UP)
    taxes = [{"id": 1, "total": str(tax)}]
    row = {"id": 1, "name": "Vara", "sku": "VARA", "quantity": 1, "total": str(total - tax), "total_tax": str(tax)}
    return {
        "total_tax": str(tax),
        "line_items": [row | {"taxes": taxes}],
        "tax_lines": [
            {
                "id": 2,
                "rate_code": "SE-MOMS 25%-1",
                "rate_id": 1,
                "label": "Moms 25%",
                "compound": False,
                "tax_total": str(tax),
                "shipping_tax_total": "0.00",
                "rate_percent": 25,
                "meta_data": [],
            }
        ],
    }
