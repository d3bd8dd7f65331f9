"""The way to a shop under examination: raw answers for judging, the agent's own port for reading, all of it watched."""

from __future__ import annotations

from random import Random

from agent.doctor import culprit
from agent.doctor.culprit import Culprit
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.remote.answer import Answer
from agent.remote.net import Net, TransportFactory
from agent.remote.pace import Pace
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.ask import Api
from agent.remote.woocommerce.auth import AuthWay, Signer
from agent.remote.woocommerce.client import WooCommerce
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import ShopSettings

USER_AGENT = "Brygga-doctor"

ORDERS = "/wp-json/wc/v3/orders"
"""What a key is tried on: it opens wc/ routes alone (auth[52])."""


class Suspicion(Frozen, frozen=True):
    """Something about an answer that only its bytes show."""

    fault: Fault
    guilty: Culprit


class Watcher:
    """Sees every answer, those too that the port makes sense of: a notice before the JSON is trouble to come."""

    def __init__(self) -> None:
        self.last: Answer | None = None
        self.answers = 0
        self.suspicions: dict[Suspicion, int] = {}

    def asked(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> int:  # noqa: ARG002 - a Watch
        self.last = None
        return 0

    def answered(self, number: int, answer: Answer) -> None:  # noqa: ARG002 - a Watch
        self.last = answer
        self.answers += 1
        seen = suspicion(answer)
        if seen is not None:
            self.suspicions[seen] = self.suspicions.get(seen, 0) + 1

    def failed(self, number: int, trouble: Trouble) -> None:  # noqa: ARG002 - a Watch
        self.last = None


def suspicion(answer: Answer) -> Suspicion | None:
    """What is wrong with an answer that is not WordPress' own, and who is guilty."""
    for fault, judge in (
        (Fault.SHOP_PLUGIN_CRASHES, culprit.crash),
        (Fault.SHOP_REST_CLOSED, culprit.closed),
        (Fault.SHOP_BLOCKED, culprit.blocked),
        (Fault.SHOP_PAGE_INSTEAD, culprit.page),
        (Fault.SHOP_PLUGIN_PRINTS, culprit.notice),
    ):
        guilty = judge(answer)
        if guilty is not None:
            return Suspicion(fault=fault, guilty=guilty)
    return None


class Line:
    """Connections to one shop, and its key shown in any of the three ways."""

    def __init__(
        self, shop: ShopSettings, pair: ShopSecrets, transports: TransportFactory, clock: Clock, nonces: Random
    ) -> None:
        self.address = shop.address.rstrip("/")
        self.clock = clock
        self.watcher = Watcher()
        self._shop = shop
        self._pair = pair
        self._nonces = nonces
        self._net = Net(
            transports, connections=2, timeout_s=shop.reading.timeout_s, user_agent=USER_AGENT, watch=self.watcher
        )

    def signer(self, way: AuthWay) -> Signer:
        return Signer(
            self._pair.consumer_key.reveal(),
            self._pair.consumer_secret.reveal(),
            way,
            self.clock,
            lambda: f"{self._nonces.getrandbits(128):032x}",
        )

    def api(self, way: AuthWay) -> Api:
        """Single questions that no port asks."""
        return Api(self.address, self._net, self.signer(way), self.clock, Pace(2))

    def port(self, way: AuthWay) -> WooCommerce:
        """The agent's own port, at its own pace, over the same connections."""
        whole = bool(self._shop.mapping or self._shop.plugins)
        key = ShopKey(self._shop.key)
        return WooCommerce(key, self.address, self._net, self.signer(way), self.clock, Pace(2), whole=whole)

    async def openly(self, path: str) -> Answer:
        """What the site says to anybody; no key is shown. Raises Trouble."""
        return await self._net.send("GET", self.address + path)

    async def keyed(self, way: AuthWay, *, signed_as: str = "") -> Answer:
        """The smallest question that needs the key. `signed_as` is another address for the signature alone. Raises
        Trouble."""
        url, headers = self.signer(way).sign("GET", (signed_as or self.address) + ORDERS, {"per_page": "1"})
        if signed_as:
            url = self.address + url.removeprefix(signed_as)
        return await self._net.send("GET", url, headers=headers)

    async def aclose(self) -> None:
        await self._net.aclose()
