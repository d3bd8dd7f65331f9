"""The simulator's own door beside the shop's API, under /simulator/. No part of WooCommerce, and open to everybody who
can reach the simulator, which listens on this computer alone.

    GET  /simulator/census         what is in the shop, and what its clients have cost it
    GET  /simulator/mails          every mail that the shop has sent: when, of which kind, about which order
    POST /simulator/place-orders   {"n": 20, "seed": 1}: shoppers come and buy in the shop window
    POST /simulator/fill           {"products": 1000, "orders": 1000, "seed": 1}: goods and a past
    POST /simulator/run-queue      {}: what the shop's owner does who does not want to wait for cron
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from simulators.http import Request, Response
from simulators.serve import DOOR as PATH
from simulators.serve import Cost
from simulators.woocommerce.census import census
from simulators.woocommerce.fill import FillOptions, fill
from simulators.woocommerce.shoppers import Visit, place_orders

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

__all__ = ["PATH", "Door"]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a request that needs none."""


class Door:
    """`cost` is the server's account of what its clients have caused; without a server it stays at nothing."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.cost = Cost()
        self._acts: dict[tuple[str, str], Callable[[bytes], object]] = {
            ("GET", "census"): self._census,
            ("GET", "mails"): self._mails,
            ("POST", "place-orders"): self._place_orders,
            ("POST", "fill"): self._fill,
            ("POST", "run-queue"): self._run_queue,
        }

    def handle(self, request: Request) -> Response:
        """Answers in JSON: 404 for an unknown path, 400 for a body that does not fit."""
        act = self._acts.get((request.method, request.path.removeprefix(PATH)))
        if act is None:
            known = sorted(f"{method} {PATH}{name}" for method, name in self._acts)
            return _answer(404, {"error": "no such door", "known": known})
        try:
            return _answer(200, act(request.body or b"{}"))
        except (msgspec.DecodeError, ValueError) as fault:
            return _answer(400, {"error": str(fault)})

    def _census(self, _body: bytes) -> object:
        cost = {"requests": self.cost.requests, "work_ms": round(self.cost.work_ms, 1)}
        return {**msgspec.to_builtins(census(self._shop)), "cost": cost}

    def _mails(self, _body: bytes) -> object:
        sent = self._shop.orders.mails.sent
        return {"mails": [{"at": mail.at, "kind": mail.kind, "order_id": mail.order_id} for mail in sent]}

    def _place_orders(self, body: bytes) -> object:
        return {"ids": place_orders(self._shop, msgspec.json.decode(body, type=Visit))}

    def _fill(self, body: bytes) -> object:
        return msgspec.to_builtins(fill(self._shop, msgspec.json.decode(body, type=FillOptions)))

    def _run_queue(self, body: bytes) -> object:
        msgspec.json.decode(body, type=Nothing)
        self._shop.run_queue()
        return {"runs": self._shop.work.runs}


def _answer(status: int, body: object) -> Response:
    data = msgspec.json.encode(body)
    return Response(status=status, headers=(("Content-Type", "application/json"),), body=data)
