"""A shop with a clock that tests set, goods in it, and short words for orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from simulators.woocommerce.events import Change
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.shop import Shop
from tests.simulators.woocommerce.shop_client import ask

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SWEDE = {"first_name": "Siv", "country": "SE", "postcode": "431 30", "city": "Mölndal", "email": "siv@post.example"}


class OrderBench:
    """One shop under test. Time stands still until `wait` is called."""

    def __init__(self, **options: Any) -> None:
        self.time = START
        self.shop = Shop(ShopOptions(**options), lambda: self.time)
        self.heard: list[Change] = []
        self.shop.events.listen(self.heard.append)

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def ask(self, method: str, path: str, body: Any = None, **params: Any) -> tuple[int, Any]:
        told = {name: str(value) for name, value in params.items()}
        return ask(self.shop, method, f"/wp-json/wc/v3{path}", body, **told)

    def read(self, path: str, **params: Any) -> Any:
        status, body = self.ask("GET", path, **params)
        assert status == 200, body
        return body

    def make(self, path: str, **fields: Any) -> dict[str, Any]:
        status, body = self.ask("POST", path, fields)
        assert status == 201, body
        return dict(body)

    def change(self, order_id: int, **fields: Any) -> dict[str, Any]:
        status, body = self.ask("PUT", f"/orders/{order_id}", fields)
        assert status == 200, body
        return dict(body)

    def product(self, price: str, **fields: Any) -> int:
        """The id of something that costs so much, as prices are entered in this shop."""
        return int(self.make("/products", name=fields.pop("name", "Sak"), regular_price=price, **fields)["id"])

    def stocked(self, price: str, pieces: int, **fields: Any) -> int:
        return self.product(price, manage_stock=True, stock_quantity=pieces, **fields)

    def coupon(self, code: str, kind: str, amount: str, **fields: Any) -> None:
        self.make("/coupons", code=code, discount_type=kind, amount=amount, **fields)

    def order(self, *goods: tuple[int, int], **fields: Any) -> dict[str, Any]:
        """An order of so many of these products, to Sweden unless told otherwise."""
        lines = [{"product_id": id_, "quantity": count} for id_, count in goods]
        return self.make("/orders", line_items=lines, **{"billing": SWEDE, "shipping": {"country": "SE"}, **fields})

    def stock(self, id_: int) -> int:
        return int(self.read(f"/products/{id_}")["stock_quantity"])

    def notes(self, order_id: int) -> list[str]:
        """The order's notes, the oldest first."""
        return [note["note"] for note in reversed(self.read(f"/orders/{order_id}/notes"))]

    def mails(self, order_id: int) -> list[str]:
        return [mail.kind for mail in self.shop.orders.mails.sent if mail.order_id == order_id]
