"""Builds what webhooks need: one receiver for all shops, and for each that rings a doorbell and a keeper."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

import structlog
import trio

from agent.actors.doorbell import Doorbell
from agent.actors.health import Health
from agent.actors.order_reader import OrderReader
from agent.actors.webhook_keeper import WebhookKeeper
from agent.flows import DirectionName
from agent.journal.journal import Journal
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.model.webhook import ORDER_TOPICS, PRODUCT_TOPICS
from agent.remote.ports import WebhookPort
from agent.remote.receiver import Door, Receiver
from agent.settings.check_webhooks import host_and_port
from agent.settings.given import off
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings
from agent.settings.tree_webhooks import ReceiverSettings
from agent.world import World

LISTEN_AGAIN_S = 60.0
"""So long after a port was found taken it is tried again."""

log = structlog.get_logger("brygga")

Run = Callable[[], Awaitable[None]]


class Ringer(NamedTuple):
    """A shop's parts that webhooks need and wake."""

    settings: ShopSettings
    reader: OrderReader
    port: WebhookPort
    is_known: Callable[[], bool]
    orders_rang: Callable[[], None]
    products_rang: Callable[[], None]


def topics(settings: Settings, shop: ShopSettings) -> tuple[str, ...]:
    """What the agent wants to hear of: products only where they are the shop's to change."""
    if off(settings, shop, DirectionName.PRODUCTS_TO_MAMUT) is None:
        return (*ORDER_TOPICS, *PRODUCT_TOPICS)
    return ORDER_TOPICS


class Bells:
    """The doorbells of all shops that have one. `actors` is empty where no shop rings."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        shops: Mapping[ShopKey, Ringer],
        journal: Journal,
        world: World,
    ) -> None:
        self._settings = settings.webhooks
        self._world = world
        self._health = Health("webhooks", journal, world.clock)
        self._bells: dict[ShopKey, tuple[Doorbell, WebhookKeeper]] = {}
        self._readers = tuple(shop.reader for shop in shops.values())
        doors: dict[str, Door] = {}
        for key, shop in shops.items():
            secret = secrets.shops[key].webhook_secret
            if not shop.settings.webhooks.enabled or secret is None or not self._settings.listen:
                continue
            bell = Doorbell(key, journal, world.clock, shop.reader.bell.ring, shop.products_rang)
            shop.reader.doorbell = bell
            shop.reader.rung = shop.orders_rang
            doors[key] = Door(secret=secret, heard=bell.heard, refused=bell.refused)
            keeper = _keeper(settings, shop, journal, world, world.chance(f"webhooks/{key}"))
            self._bells[key] = (bell, keeper)
        self._receiver = Receiver(doors)

    def actors(self) -> Iterator[tuple[str, Run]]:
        if not self._bells:
            return
        yield "webhooks", self._listen
        for key, (bell, keeper) in self._bells.items():
            yield f"doorbell/{key}", bell.run
            yield f"webhooks/{key}", keeper.run

    def leave(self) -> None:
        """Nobody waits for a ring of these any more."""
        for reader in self._readers:
            reader.doorbell = None
            reader.rung = _nothing

    async def _listen(self) -> None:
        """Listens until cancelled. A port that somebody else has is no reason to stop: the shops are polled anyway."""
        place = host_and_port(self._settings.listen)
        if place is None:
            return  # The settings are judged before anything starts.
        while True:
            try:
                await self._world.listen(*place, tls_of(self._settings), self._receiver.serve_stream, self._heard)
            except OSError as error:
                problem = type(error).__name__
                log.error("webhooks_unheard", address=self._settings.listen, problem=problem)
                await self._health.stopped("paused", Fault.WEBHOOKS_UNHEARD.value, problem)
                await trio.sleep(LISTEN_AGAIN_S)

    async def _heard(self) -> None:
        await self._health.good("waiting")


def _nothing() -> None:
    """What follows a ring that nobody waits for."""


def _keeper(settings: Settings, shop: Ringer, journal: Journal, world: World, chance: Random) -> WebhookKeeper:
    return WebhookKeeper(
        shop.settings.key,
        topics(settings, shop.settings),
        shop.settings.webhooks.delivery_url,
        shop.port,
        journal,
        world.clock,
        chance,
        is_known=shop.is_known,
    )


def tls_of(settings: ReceiverSettings) -> ssl.SSLContext | None:
    """Raises OSError when the files cannot be used; ssl.SSLError is one."""
    if not settings.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(Path(settings.certificate), Path(settings.private_key) if settings.private_key else None)
    return context
