"""The people at the demo's company: they deliver, invoice, take payments, count, set prices and sell in the till, the
same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from scenarios.demo_doors import DoorError, MamutDocument, MamutDoor

TILL_CUSTOMER = 10_000
"""The first contact of the simulated company: whoever buys in the till."""

TILL_WAREHOUSE = 2
WHOLE = Decimal(1)
CENT = Decimal("0.01")

DELIVERED = 0.75
PART_DELIVERED = 0.1
"""So many of the orders, 0 to 1, leave the warehouse whole, and in part; a few of the others are cancelled."""

CANCELLED = 0.03
PAID = 0.6


class Staff:
    """Everybody at the company. What Mamut refuses (a shelf that is empty, say) is left for another day."""

    def __init__(self, mamut: MamutDoor, seed: int) -> None:
        self._mamut = mamut
        self._chance = Random(f"staff/{seed}")
        self._parcels = 0
        self._articles: list[dict[str, Any]] = []
        self.done: dict[str, int] = {}

    def learn(self, articles: Sequence[dict[str, Any]]) -> None:
        """What there is to sell: articles as Mamut lists them."""
        self._articles = [row for row in articles if row["use_store"] and not row["properties"] and not row["inactive"]]

    def work_through(self, documents: Sequence[MamutDocument]) -> None:
        """Each waiting order of a shop is delivered, delivered in part, cancelled or left."""
        for document in documents:
            if document.external_no and document.status == "unprocessed_order":
                self.work_on(document.order_no)

    def work_on(self, order_no: int) -> None:
        lot = self._chance.random()
        if lot < DELIVERED:
            self._deliver(order_no)
        elif lot < DELIVERED + PART_DELIVERED:
            self._deliver_part(order_no)
        elif lot < DELIVERED + PART_DELIVERED + CANCELLED:
            self._try("cancelled", "order.cancel", order_no)

    def _deliver(self, order_no: int) -> None:
        if not self._try("delivered", "order.deliver", order_no, tracking=[self._parcel()]):
            return
        invoice = self._try("invoiced", "order.invoice", order_no)
        if invoice and self._chance.random() < PAID:
            self._try("paid", "ledger.pay", invoice_no=invoice["invoice_no"])

    def _deliver_part(self, order_no: int) -> None:
        """One piece of the first row leaves, and the rest waits."""
        part = [{"line_no": 1, "qty": str(WHOLE)}]
        self._try("delivered_in_part", "order.deliver", order_no, lines=part, tracking=[self._parcel()])

    def sell_in_till(self, count: int) -> None:
        """So many sales over the counter, as the till's end of day books them."""
        for _ in range(count):
            article = self._chance.choice(self._articles)
            line = {"product_no": article["product_no"], "qty": "1", "warehouse": TILL_WAREHOUSE}
            sale = self._try(
                "till_sales",
                "order.create",
                kind="invoice",
                custid=TILL_CUSTOMER,
                origin_web=False,
                payment_terms=3,
                reference="Kassa",
                lines=[line],
            )
            if sale and sale["status"] == "invoice_not_delivered":
                self._try("till_delivered", "order.deliver", sale["order_no"])

    def count_all(self, on_hand: int) -> None:
        """The first count of all there is to sell."""
        for article in self._articles:
            self._try("counted", "stock.count", product_no=article["product_no"], on_hand=str(on_hand))

    def count_shelves(self, count: int) -> None:
        for article in self._chance.sample(self._articles, min(count, len(self._articles))):
            pieces = str(self._chance.randint(0, 80))
            self._try("counted", "stock.count", product_no=article["product_no"], on_hand=pieces)

    def set_prices(self, count: int) -> None:
        """A little up or down, as a guard lets through."""
        for article in self._chance.sample(self._articles, min(count, len(self._articles))):
            factor = Decimal(self._chance.randint(85, 120)) / 100
            price = (Decimal(str(article["price_out"])) * factor).quantize(CENT, ROUND_HALF_UP)
            if self._try("priced", "price.set", product_no=article["product_no"], price_out=str(price)):
                article["price_out"] = str(price)

    def _parcel(self) -> dict[str, str]:
        self._parcels += 1
        number = f"00373{self._parcels:013d}SE"
        return {"carrier": "PostNord", "number": number, "url": f"https://spara.example/{number}"}

    def _try(self, name: str, act: str, key: str | int = "", **body: object) -> dict[str, Any] | None:
        try:
            answer = self._mamut.act(act, key, **body)
        except DoorError:
            return None
        self.done[name] = self.done.get(name, 0) + 1
        return answer
