"""A shop with a clock that tests set, and short words for asking it about products."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from simulators.woocommerce.events import Change
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.shop import Shop
from tests.simulators.woocommerce.shop_client import ask

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Bench:
    """One shop under test. Time stands still until `wait` is called. `listen` is whether its changes are heard, which
    keeps it from being taken into a snapshot."""

    def __init__(self, options: ShopOptions | None = None, *, listen: bool = True) -> None:
        self.time = START
        self.shop = Shop(options or ShopOptions(), lambda: self.time)
        self.heard: list[Change] = []
        if listen:
            self.shop.events.listen(self.heard.append)

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def ask(self, method: str, path: str, body: Any = None, **params: Any) -> tuple[int, Any]:
        told = {name: str(value) for name, value in params.items()}
        return ask(self.shop, method, f"/wp-json/wc/v3{path}", body, **told)

    def make(self, path: str = "/products", **fields: Any) -> dict[str, Any]:
        status, body = self.ask("POST", path, fields)
        assert status == 201, body
        return dict(body)

    def change(self, path: str, **fields: Any) -> dict[str, Any]:
        status, body = self.ask("PUT", path, fields)
        assert status == 200, body
        return dict(body)

    def read(self, path: str, **params: Any) -> Any:
        status, body = self.ask("GET", path, **params)
        assert status == 200, body
        return body

    def ids(self, path: str = "/products", **params: Any) -> list[int]:
        return [row["id"] for row in self.read(path, _fields="id", **params)]

    def shirt(self, *colours: str, **fields: Any) -> int:
        """A variable product that varies in colour; its id."""
        attribute = {"name": "Färg", "options": list(colours), "variation": True, "visible": True}
        made = self.make(name="Tröja", type="variable", attributes=[attribute], **fields)
        return int(made["id"])

    def variation(self, parent: int, colour: str, **fields: Any) -> int:
        chosen = [{"name": "Färg", "option": colour}]
        made = self.make(f"/products/{parent}/variations", attributes=chosen, **fields)
        return int(made["id"])
