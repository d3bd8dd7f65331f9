"""What one WooCommerce shop has given back of an order: the refunds themselves, with the rows the shop stored.

An order carries its refunds too, but only their ids and amounts, and at times not even those; their rows and taxes
stand in the refunds' own list. Amounts and quantities are negative there (orders_refunds_notes[11]).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from agent.model.aftermath import OrderRefund, RefundedLine
from agent.model.money import ZERO
from agent.model.order import LineKind, OrderLine, ShopOrder, TaxPart
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce import shapes
from agent.remote.woocommerce.ask import Api, decoded
from agent.remote.woocommerce.rows import Rates, rates_of, rows
from agent.remote.woocommerce.shapes import Text
from agent.remote.woocommerce.values import BrokenContractError, amount, items, text_of, whole

PAGE_MAX = 100
"""Refunds of one page, the most a shop gives."""

OF_LINE = "_refunded_item_id"
"""The meta of a refund's row that names the order's row it is of (orders_refunds_notes[11])."""

RESTOCKED = "_restock_refunded_items"
"""The meta of an order's row that counts the pieces that refunds have taken back into stock
(orders_refunds_notes[22]). A refund itself does not tell."""


class _WireRow(msgspec.Struct):
    id: int | str = 0
    meta_data: list[shapes.WireMeta] | dict[str, shapes.WireMeta] = []


class _WireRowsOf(msgspec.Struct):
    """The rows' meta alone, which says whose they are."""

    line_items: list[_WireRow] | dict[str, _WireRow] = []
    shipping_lines: list[_WireRow] | dict[str, _WireRow] = []
    fee_lines: list[_WireRow] | dict[str, _WireRow] = []


class _WireRefund(msgspec.Struct):
    """`amount` is "" for a refund without one (orders_refunds_notes[7])."""

    id: int
    amount: Text = ""
    line_items: list[shapes.WireLine] | dict[str, shapes.WireLine] = []
    shipping_lines: list[shapes.WireShippingLine] | dict[str, shapes.WireShippingLine] = []
    fee_lines: list[shapes.WireFee] | dict[str, shapes.WireFee] = []
    tax_lines: list[shapes.WireTaxLine] | dict[str, shapes.WireTaxLine] = []


class RefundCalls:
    """Asked as orders are, before all that concerns goods."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def read_refunds(self, order: ShopOrder) -> tuple[OrderRefund, ...]:
        """Raises Trouble GARBLED when a refund cannot be read: what went back is never guessed."""
        path = f"/wc/v3/orders/{order.order_id}"
        raws: list[msgspec.Raw] = []
        while len(raws) % PAGE_MAX == 0:
            params = {"per_page": str(PAGE_MAX), "offset": str(len(raws)), "order": "asc"}
            page = decoded(await self._api.get(f"{path}/refunds", params), list[msgspec.Raw])
            raws += page
            if not page:
                break
        if not raws:
            return ()
        restocked = _pieces(decoded(await self._api.get(path, {"_fields": "line_items"}), _WireRowsOf).line_items)
        try:
            found = sorted((read_refund(raw, order) for raw in raws), key=lambda refund: refund.refund_id)
        except (msgspec.ValidationError, BrokenContractError) as error:
            raise Trouble(TroubleKind.GARBLED, "refund_unreadable", detail=type(error).__name__) from error
        return tuple(_with_stock(refund, restocked) for refund in found)


def read_refund(raw: bytes | msgspec.Raw, order: ShopOrder) -> OrderRefund:
    """One refund of the order. Raises msgspec.ValidationError and BrokenContractError."""
    wire = msgspec.json.decode(raw, type=_WireRefund)
    of_rows = msgspec.json.decode(raw, type=_WireRowsOf)
    of_line = {
        whole(row.id): _meta(row, OF_LINE)
        for kind in (of_rows.line_items, of_rows.shipping_lines, of_rows.fee_lines)
        for row in items(kind)
    }
    as_order = shapes.WireOrder(
        id=wire.id,
        status="",
        currency=order.currency,
        total=ZERO,
        line_items=wire.line_items,
        shipping_lines=wire.shipping_lines,
        fee_lines=wire.fee_lines,
        tax_lines=wire.tax_lines,
    )
    lines = [_turned(line) for line in rows(as_order, rates_of(as_order) | _rates(order))]
    return OrderRefund(
        refund_id=wire.id,
        amount=abs(amount(wire.amount, "amount")),
        lines=tuple(RefundedLine(of_line=of_line.get(line.line_id, 0), line=line) for line in lines),
    )


def _turned(line: OrderLine) -> OrderLine:
    """With positive amounts. A row of shipping or a fee has one piece, whatever its sign."""
    taxes = tuple(msgspec.structs.replace(part, amount=-part.amount) for part in line.taxes)
    return msgspec.structs.replace(
        line,
        quantity=-line.quantity if line.kind is LineKind.PRODUCT else Decimal(1),
        total=-line.total,
        tax_total=-line.tax_total,
        subtotal=-line.total,
        taxes=tuple(part for part in taxes if part.amount),
    )


def _rates(order: ShopOrder) -> Rates:
    """What the rates' ids mean, as far as the order itself tells."""
    parts: Iterable[TaxPart] = (part for line in order.lines for part in line.taxes if part.percent is not None)
    return {part.rate_id: (part.percent, part.country) for part in parts}


def _pieces(lines: list[_WireRow] | dict[str, _WireRow]) -> dict[int, int]:
    return {whole(row.id): _meta(row, RESTOCKED) for row in items(lines)}


def _meta(row: _WireRow, key: str) -> int:
    return next((whole(text_of(meta.value)) for meta in items(row.meta_data) if meta.key == key), 0)


def _with_stock(refund: OrderRefund, left: dict[int, int]) -> OrderRefund:
    """The order's rows count only how many pieces came back in all: the oldest refunds are taken to be those."""
    goods = [row for row in refund.lines if row.line.kind is LineKind.PRODUCT and row.line.quantity > 0]
    if not goods or any(left.get(row.of_line, 0) < row.line.quantity for row in goods):
        return refund
    for row in goods:
        left[row.of_line] -= int(row.line.quantity)
    return msgspec.structs.replace(refund, restocked=True)
