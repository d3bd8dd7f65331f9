"""A simulated shop or company with its examination before it, bytes in memory between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import msgspec
import trio

from agent.doctor.mamut import MamutDoctor
from agent.doctor.result import Finding, Result, Test, Verdict
from agent.doctor.shop import SHOP_TESTS, Known, ShopDoctor
from agent.model.reasons import Fault
from agent.remote.ports import MamutCompany
from agent.settings.secret import Secret
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import MamutSettings, Settings, ShopSettings
from scenarios.play import ShopSide
from scenarios.stage import Calendar, Network
from simulators.http import Request, Response
from simulators.mamut.options import MamutOptions
from simulators.mamut.system import Mamut
from simulators.serve import Server
from simulators.woocommerce.options import ApiKey, ShopOptions

HOST = "butik.example"
HOME = f"https://{HOST}"
HTML = (("Content-Type", "text/html; charset=UTF-8"),)
JSON = (("Content-Type", "application/json; charset=UTF-8"),)
VAT = {"25": 3, "12": 4, "6": 5}


class Bench:
    """One shop and its examination. What stands in front of the shop is `front`: it sees each request first, and what
    it gives back is the answer."""

    def __init__(self, side: ShopSide, network: Network, calendar: Calendar) -> None:
        self.side = side
        self.front: Callable[[Request], Response | None] = lambda _request: None
        self.key: ApiKey = side.options.keys[0]
        self.address = HOME
        self.known = Known()
        self.settings: dict[str, Any] = {}
        self._network = network
        self._calendar = calendar
        side.gate = self._gate

    def _gate(self, request: Request) -> Response | None:
        return self.front(request)

    def doctor(self) -> ShopDoctor:
        given = {"vat": {"domestic": VAT}, **self.settings}
        shop = msgspec.convert({"key": "butik", "address": self.address, **given}, ShopSettings)
        pair = ShopSecrets(consumer_key=Secret(self.key.consumer_key), consumer_secret=Secret(self.key.consumer_secret))
        factory = self._network.transports(self.address, True)
        return ShopDoctor(shop, pair, factory, self._calendar.now, Random(1), self.known)

    async def test(self, test: Test) -> Result:
        """One test alone, by a doctor who knows nothing yet."""
        doctor = self.doctor()
        try:
            return await doctor.examine(test)
        finally:
            await doctor.aclose()

    async def all(self) -> dict[Test, Result]:
        doctor = self.doctor()
        try:
            return {test: await doctor.examine(test) for test in SHOP_TESTS}
        finally:
            await doctor.aclose()

    def listen(self) -> list[Request]:
        """Every request from here on, as it comes."""
        seen: list[Request] = []

        def front(request: Request) -> Response | None:
            seen.append(request)
            return None

        self.front = front
        return seen

    def handle(self, request: Request) -> Response:
        """What the shop itself answers."""
        return self.side.shop.handle(request)

    def order(self, **fields: Any) -> int:
        made = self.side.do("POST", "/orders", {"status": "processing", **fields})
        return int(made["id"])

    def product(self, sku: str, **fields: Any) -> int:
        body = {"name": f"Vara {sku}", "type": "simple", "sku": sku, "regular_price": "100", **fields}
        return int(self.side.do("POST", "/products", body)["id"])


@asynccontextmanager
async def shop_bench(**changes: Any) -> AsyncIterator[Bench]:
    """`changes` are options of the shop."""
    options = msgspec.structs.replace(ShopOptions(home=HOME), **changes)
    async with trio.open_nursery() as nursery:
        calendar, network = Calendar(), Network(nursery)
        side = ShopSide("butik", calendar, 1, options)
        network.put(HOST, side.server)
        yield Bench(side, network, calendar)
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def mamut_doctor(
    options: MamutOptions | None = None,
    *,
    held_by: str = "",
    shop: dict[str, Any] | None = None,
    company: MamutCompany | None = None,
) -> AsyncIterator[tuple[MamutDoctor, Mamut]]:
    """A company and its examination. `held_by` has the only session already."""
    calendar = Calendar()
    mamut = Mamut(options or MamutOptions(), calendar.now, 1)
    if held_by:
        body = msgspec.json.encode({"client_no": "001", "user": held_by, "password": "simulerad", "computer": "SRV"})
        assert mamut.handle(Request(method="POST", path="/api/v1/session", body=body)).status == 201
    given = {"key": "butik", "address": HOME, "vat": {"domestic": VAT}, **(shop or {})}
    settings = Settings(
        package="800",
        mamut=MamutSettings(address="https://mamut.example"),
        shop=(msgspec.convert(given, ShopSettings),),
    )
    async with trio.open_nursery() as nursery:
        network = Network(nursery)
        network.put("mamut.example", Server(mamut, calendar.now, workers=1))
        factory = network.transports("", True)
        doctor = MamutDoctor(settings, Secret("simulerad"), factory, calendar.now, company=company)
        yield doctor, mamut
        await doctor.aclose()
        nursery.cancel_scope.cancel()


def faults(result: Result) -> list[Fault]:
    return [finding.fault for finding in result.findings]


def only(result: Result) -> Finding:
    """The one thing that is wrong."""
    assert result.verdict in (Verdict.ERROR, Verdict.WARNING), result
    (finding,) = result.findings
    return finding


def json_error(status: int, code: str, **data: Any) -> Response:
    body = {"code": code, "message": "No.", "data": {"status": status, **data}}
    return Response(status=status, headers=JSON, body=msgspec.json.encode(body))


def html(status: int, text: str, *headers: tuple[str, str]) -> Response:
    return Response(status=status, headers=(*HTML, *headers), body=f"<html><body>{text}</body></html>".encode())
