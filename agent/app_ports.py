"""The port to one shop, as the agent and the commands that only look both build it."""

from __future__ import annotations

from random import Random

from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.plugins.hooks import Hooks
from agent.remote.net import Net, TransportFactory, Watch
from agent.remote.pace import Pace
from agent.remote.woocommerce.auth import AuthWay, Signer
from agent.remote.woocommerce.client import WooCommerce
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import ShopSettings

VERSION = "0.1.0"
USER_AGENT = f"Brygga/{VERSION}"


def shop_port(
    settings: ShopSettings,
    pair: ShopSecrets,
    transports: TransportFactory,
    clock: Clock,
    nonces: Random,
    watch: Watch | None = None,
) -> tuple[WooCommerce, Net]:
    """The shop's port and the connections below it. Nothing is asked of the shop yet."""
    reading = settings.reading
    net = Net(
        transports,
        connections=reading.concurrency + 1,  # one more, so that marks never wait for readings
        timeout_s=reading.timeout_s,
        user_agent=USER_AGENT,
        watch=watch,
    )
    way = AuthWay.BASIC if settings.address.startswith("https:") else AuthWay.OAUTH1
    signer = Signer(
        pair.consumer_key.reveal(),
        pair.consumer_secret.reveal(),
        way,
        clock,
        lambda: f"{nonces.getrandbits(128):032x}",
    )
    port = WooCommerce(
        ShopKey(settings.key),
        settings.address,
        net,
        signer,
        clock,
        Pace(reading.concurrency + 1, reading.requests_a_minute),
        unit_meta=settings.products.unit_meta,
        whole=bool(settings.mapping or settings.plugins),
    )
    return port, net


def hooks_of(settings: ShopSettings) -> Hooks | None:
    """The shop's plugins, None without any. Raises PluginWrong."""
    if not settings.plugins:
        return None
    from agent.plugins.runner import plugins_of

    return plugins_of(settings.plugins)
