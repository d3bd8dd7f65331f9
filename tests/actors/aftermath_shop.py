"""A small shop whose orders change after their transfer: what its people do, and what both systems hold then."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import trio

from agent.journal import aftermath
from agent.journal.aftermath import AftermathRow, CreditRow
from agent.model.ids import ShopKey, ShopOrderId
from simulators.mamut.records import Document
from tests.actors.small_shop import SmallShop


class ChangedShop:
    """A shop with what can be done to it and asked of it after an order's transfer."""

    def __init__(self, shop: SmallShop) -> None:
        self.shop = shop
        self.mamut = shop.world.mamut

    async def transferred(self, **changes: Any) -> int:
        """An order that stands in Mamut, since a minute: the shop's clock has whole seconds."""
        order_id = self.shop.order(**changes)
        await self.shop.world.run_once()
        await trio.sleep(60)
        return order_id

    async def look(self) -> None:
        await self.shop.world.run_once()
        await trio.sleep(60)

    def raw(self, order_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.shop.side.do("GET", f"/orders/{order_id}")
        return found

    def edit(self, order_id: int, **body: Any) -> None:
        self.shop.side.do("PUT", f"/orders/{order_id}", body)

    def refund(self, order_id: int, amount: str = "", *, lines: dict[int, int] | None = None, **body: Any) -> int:
        """An amount, or so many pieces of these rows (by position) at what they cost; the refund's id."""
        rows = self.raw(order_id)["line_items"]
        asked = [_pieces(rows[at], count) for at, count in (lines or {}).items()]
        given: dict[str, Any] = {"api_refund": False, "line_items": asked, **body}
        if amount:
            given["amount"] = amount
        return int(self.shop.side.do("POST", f"/orders/{order_id}/refunds", given)["id"])

    def refund_shipping(self, order_id: int) -> int:
        row = self.raw(order_id)["shipping_lines"][0]
        tax = [{"id": part["id"], "refund_total": float(part["total"])} for part in row["taxes"]]
        line = {"id": row["id"], "refund_total": float(row["total"]), "refund_tax": tax}
        body = {"api_refund": False, "line_items": [line]}
        return int(self.shop.side.do("POST", f"/orders/{order_id}/refunds", body)["id"])

    # -- what Mamut holds ---------------------------------------------------------------------------------------------

    def document(self, order_id: int) -> Document:
        (found,) = self.mamut.orders_by_external_no(f"butik:{order_id}")
        return found

    def notes(self, order_id: int, refund_id: int) -> list[Document]:
        return list(self.mamut.orders_by_external_no(f"butik:{order_id}/r{refund_id}"))

    def deliver(self, order_id: int) -> None:
        self.mamut.staff.deliver(self.document(order_id).order_no)

    def invoice(self, order_id: int) -> None:
        self.mamut.staff.invoice(self.document(order_id).order_no)

    def retype(self, order_id: int, qty: str) -> None:
        """Somebody at Mamut changes the first row's quantity."""
        document = self.document(order_id)
        lines = [
            {
                "product_no": row.product_no,
                "qty": qty if row.line_no == 1 else str(row.qty),
                "line_sum": str(row.line_sum),
                "vat_code": row.vat_code,
            }
            for row in document.lines
        ]
        self.mamut.act_raw("order.change", str(document.order_no), msgspec.json.encode({"lines": lines}))

    def type_in(self, order_id: int, **fields: str) -> None:
        """Somebody at Mamut changes what the document says beside its rows."""
        number = str(self.document(order_id).order_no)
        self.mamut.act_raw("order.change", number, msgspec.json.encode(fields))

    # -- what the journal says ----------------------------------------------------------------------------------------

    def row(self, order_id: int) -> AftermathRow | None:
        journal = self.shop.world.journal()
        try:
            return journal.view(lambda tx: aftermath.get(tx, ShopKey("butik"), ShopOrderId(order_id)))
        finally:
            journal.close()

    def outcome(self, order_id: int) -> tuple[str, str]:
        row = self.row(order_id)
        return ("", "") if row is None else (row.outcome, row.code)

    def credits(self, order_id: int) -> list[CreditRow]:
        journal = self.shop.world.journal()
        try:
            return journal.view(lambda tx: aftermath.credits_of(tx, ShopKey("butik"), ShopOrderId(order_id)))
        finally:
            journal.close()


def _pieces(row: dict[str, Any], count: int) -> dict[str, Any]:
    def part(whole: str) -> float:
        return float(round(Decimal(whole) * count / int(row["quantity"]), 2))

    tax = [{"id": each["id"], "refund_total": part(each["total"])} for each in row["taxes"]]
    return {"id": row["id"], "quantity": count, "refund_total": part(row["total"]), "refund_tax": tax}
