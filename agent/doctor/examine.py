"""The whole set-up examined, Mamut first, then each shop, as `brygga doctor` does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Protocol

import trio

from agent.doctor import computer
from agent.doctor.mail import MailLine, mail_server
from agent.doctor.mamut import MAMUT_TESTS, MamutDoctor
from agent.doctor.result import Result
from agent.doctor.shop import SHOP_TESTS, Known, ShopDoctor
from agent.flows import DirectionName
from agent.journal.records import ShopRow
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.webhook import ORDER_TOPICS, PRODUCT_TOPICS
from agent.remote.net import TransportFactory
from agent.remote.ports import MamutCompany
from agent.settings.given import off
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings


class Transports(Protocol):
    """Connections to an address, as `agent.world.World` gives them."""

    def __call__(self, address: str, *, verify_tls: bool = True) -> TransportFactory: ...


class Remembered(Frozen, frozen=True):
    """What the journal at `journal` knows, nothing where there is none. `company` is only given while an agent runs: it
    has the session, and none may be opened beside it."""

    journal: Path | None = None
    rows: tuple[ShopRow, ...] = ()
    company: MamutCompany | None = None


async def examine(
    settings: Settings,
    secrets: Secrets,
    transports: Transports,
    clock: Clock,
    nonces: Random,
    remembered: Remembered,
    only: ShopKey | None = None,
    tell: Callable[[Result], None] = lambda _: None,
    mail: MailLine | None = None,
) -> list[Result]:
    """Every test, in order, each told as it comes. With `only`, Mamut and that shop. Never raises for what Mamut or a
    shop does."""
    results: list[Result] = []

    def note(result: Result) -> None:
        results.append(result)
        tell(result)

    if remembered.journal is not None:
        note(await trio.to_thread.run_sync(computer.journal, remembered.journal))
    if mail is not None and settings.mail.is_on and only is None:
        note(await mail_server(settings.mail, secrets.mail_password, mail))
    mamut = MamutDoctor(
        settings, secrets.mamut_password, transports(settings.mamut.address), clock, company=remembered.company
    )
    try:
        for test in MAMUT_TESTS:
            note(await mamut.examine(test))
    finally:
        await mamut.aclose()
    for shop in settings.shop:
        key = ShopKey(shop.key)
        if not shop.enabled or key not in secrets.shops or only not in (None, key):
            continue
        known = Known(
            row=next((row for row in remembered.rows if row.shop == key), None),
            others=tuple((row.shop, row.store_id) for row in remembered.rows if row.shop != key),
            registers=mamut.registers,
            company_currency="" if mamut.company is None else mamut.company.currency,
            topics=topics(settings, shop),
        )
        factory = transports(shop.address, verify_tls=shop.verify_tls)
        doctor = ShopDoctor(shop, secrets.shops[key], factory, clock, nonces, known)
        try:
            for one in SHOP_TESTS:
                note(await doctor.examine(one))
        finally:
            await doctor.aclose()
    return results


def topics(settings: Settings, shop: ShopSettings) -> tuple[str, ...]:
    """What the agent wants to hear of by webhook: of products only where they are the shop's to change."""
    if off(settings, shop, DirectionName.PRODUCTS_TO_MAMUT) is None:
        return (*ORDER_TOPICS, *PRODUCT_TOPICS)
    return ORDER_TOPICS
