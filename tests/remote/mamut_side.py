"""A simulated Mamut with the agent's own client before it, bytes in memory between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import trio

from agent.remote.mamut.client import Mamut as Client
from agent.remote.net import Net
from scenarios.stage import Calendar, Network
from simulators.http import Simulator
from simulators.mamut.options import MamutOptions
from simulators.mamut.products import ProductBody
from simulators.mamut.system import Mamut
from simulators.serve import Server

HOST = "mamut.example"


class MamutSide:
    """`mamut` is the simulator, `server` what serves it, `network` where it stands, `port` the client under
    test, `net` what it sends through."""

    def __init__(self, mamut: Mamut, server: Server, network: Network, net: Net) -> None:
        self.mamut = mamut
        self.network = network
        self.server = server
        self.net = net
        self.port = Client(f"https://{HOST}", mamut.options.client_no, "brygga", "simulerad", "SRV", net)

    def product(self, product_no: str, **fields: object) -> None:
        """An article made at the company itself."""
        body = ProductBody(product_no=product_no, description=f"Vara {product_no}", **fields)  # type: ignore[arg-type]
        self.mamut.act("product.create", body=body)


@asynccontextmanager
async def mamut_side(
    options: MamutOptions | None = None, seed: int = 1, simulator: Callable[[Mamut], Simulator] | None = None
) -> AsyncIterator[MamutSide]:
    """`simulator` puts something of the test's own between the server and Mamut."""
    calendar = Calendar()
    mamut = Mamut(options or MamutOptions(edition="E5"), calendar.now, seed)
    async with trio.open_nursery() as nursery:
        network = Network(nursery)
        server = Server(simulator(mamut) if simulator else mamut, calendar.now, workers=1)
        network.put(HOST, server)
        net = Net(network.transports("", True), connections=1, timeout_s=30.0, user_agent="Brygga/test")
        yield MamutSide(mamut, server, network, net)
        nursery.cancel_scope.cancel()
