"""What the tests speak through: a clock that stands until it is moved, and a client that holds a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from simulators.http import Request, Response
from simulators.mamut.system import Mamut

JsonObject = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Client:
    """Speaks to a simulator in memory, as the agent does over a wire."""

    def __init__(self, mamut: Mamut, clock: Clock) -> None:
        self.mamut = mamut
        self.clock = clock
        self.token = ""

    def raw(self, method: str, path: str, body: bytes = b"") -> Response:
        address, _, query = path.partition("?")
        full = address if address.startswith("/") else f"/api/v1/{address}"
        headers = {"authorization": f"Bearer {self.token}"}
        return self.mamut.handle(Request(method=method, path=full, query=query, headers=headers, body=body))

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        response = self.raw(method, path, b"" if body is None else msgspec.json.encode(body))
        return response.status, msgspec.json.decode(response.body) if response.body else None

    def ok(self, method: str, path: str, body: object = None) -> Any:
        status, answer = self.call(method, path, body)
        assert status in (200, 201), answer
        return answer

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        status, answer = self.call(method, path, body)
        assert status >= 400, answer
        return status, answer["error"]["code"]

    def log_in(self, *, replace: bool = False, **changes: object) -> JsonObject:
        body = {"client_no": "001", "user": "brygga", "password": "simulerad", "computer": "SRV", "replace": replace}
        opened: JsonObject = self.ok("POST", "session", {**body, **changes})
        self.token = opened["token"]
        return opened

    def contact(self, **fields: object) -> JsonObject:
        made: JsonObject = self.ok("POST", "contacts", {"name": "Maja Exempel", **fields})
        return made

    def product(self, product_no: str = "A-1", **fields: object) -> JsonObject:
        made: JsonObject = self.ok("POST", "products", {"product_no": product_no, "description": "Kanna", **fields})
        return made

    def order(self, *lines: JsonObject, **fields: object) -> JsonObject:
        made: JsonObject = self.ok("POST", "orders", {"contid": 1, "lines": lines or [line()], **fields})
        return made


def line(product_no: str = "A-1", qty: str = "1", line_sum: str | None = "80", **fields: object) -> JsonObject:
    return {"product_no": product_no, "qty": qty, "line_sum": line_sum, **fields}


Company = Callable[..., Client]
