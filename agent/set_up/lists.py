"""The shop's and Mamut's own lists, from which the set-up's choices are filled."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

import msgspec

from agent.model.mamut import Registers
from agent.model.order import Frozen, LineKind, ShopOrder
from agent.model.reasons import Fault
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.ask import Api, decoded
from agent.remote.woocommerce.client import WooCommerce

ZONES_MAX = 20
"""Shipping zones whose methods are asked for, each a request of its own."""

T = TypeVar("T")


class Choice(Frozen, frozen=True):
    """Something of the shop's that a person chooses by its name. `used` is whether it is switched on, or stands on an
    order."""

    key: str
    name: str
    used: bool = True


class Numbered(Frozen, frozen=True):
    """A row of one of Mamut's registers."""

    number: int
    name: str


class ShopLists(Frozen, frozen=True):
    """`percents` are what the shop's classes of tax come to at its own address. `unread` names what this key may not
    read."""

    statuses: tuple[Choice, ...] = ()
    payments: tuple[Choice, ...] = ()
    shippings: tuple[Choice, ...] = ()
    percents: tuple[str, ...] = ()
    currency: str = ""
    country: str = ""
    time_zone: str = ""
    unread: tuple[str, ...] = ()


class _Status(msgspec.Struct):
    slug: str
    name: str = ""


class _Gateway(msgspec.Struct):
    id: str
    title: str = ""
    method_title: str = ""
    enabled: bool = False


class _Zone(msgspec.Struct):
    id: int
    name: str = ""


class _Method(msgspec.Struct):
    method_id: str
    title: str = ""
    enabled: bool = True


def rows(registers: Registers, name: str) -> tuple[Numbered, ...]:
    """One of Mamut's registers, by its name in the model."""
    known = registers.names.get(name, {})
    numbers: frozenset[int] = getattr(registers, name)
    return tuple(Numbered(number=each, name=known.get(each, "")) for each in sorted(numbers))


async def read_shop_lists(api: Api, port: WooCommerce) -> ShopLists:
    """What this key may read of them. Raises Trouble when the shop cannot be asked at all."""
    unread: list[str] = []
    statuses = await _list(api, "/wc/v3/orders/statuses", list[_Status], unread)
    if not statuses:
        statuses = await _list(api, "/wc/v3/reports/orders/totals", list[_Status], unread)
    gateways = await _list(api, "/wc/v3/payment_gateways", list[_Gateway], unread)
    terms = await port.terms()
    return ShopLists(
        statuses=tuple(Choice(key=_bare(row.slug), name=row.name or row.slug) for row in statuses),
        payments=tuple(
            Choice(key=row.id, name=row.title or row.method_title or row.id, used=row.enabled) for row in gateways
        ),
        shippings=await _shippings(api, unread),
        percents=_percents(percent for _, percent in terms.tax_rates),
        currency=terms.currency,
        country=terms.country,
        time_zone=terms.time_zone,
        unread=tuple(dict.fromkeys((*unread, *terms.unread))),
    )


def with_seen(lists: ShopLists, orders: tuple[ShopOrder, ...]) -> ShopLists:
    """The same with what stands on orders: methods that no list of the shop names, and rates that were charged."""
    payments = {each.key: each for each in lists.payments}
    shippings = {each.key: each for each in lists.shippings}
    percents = {Decimal(each) for each in lists.percents}
    statuses = {each.key: each for each in lists.statuses}
    for order in orders:
        statuses.setdefault(order.status, Choice(key=order.status, name=order.status))
        if key := order.payment_method:
            had = payments.get(key)
            payments[key] = Choice(key=key, name=had.name if had else order.payment_title or key)
        for line in order.lines:
            if line.kind is LineKind.SHIPPING and line.method:
                had = shippings.get(line.method)
                shippings[line.method] = Choice(key=line.method, name=had.name if had else line.name or line.method)
            at_home = (part for part in line.taxes if part.country in ("", lists.country))
            percents.update(part.percent for part in at_home if part.percent)
    return msgspec.structs.replace(
        lists,
        statuses=tuple(statuses.values()),
        payments=tuple(payments.values()),
        shippings=tuple(shippings.values()),
        percents=_percents(percents),
    )


def _percents(several: Iterable[Decimal]) -> tuple[str, ...]:
    """As the settings write them: "25", the highest first; no VAT at all needs no line of its own."""
    return tuple(f"{each.normalize():f}" for each in sorted({each for each in several if each}, reverse=True))


async def _shippings(api: Api, unread: list[str]) -> tuple[Choice, ...]:
    """The methods of all zones; zone 0 is the rest of the world."""
    zones = await _list(api, "/wc/v3/shipping/zones", list[_Zone], unread)
    found: dict[str, Choice] = {}
    for zone in zones[:ZONES_MAX]:
        for row in await _list(api, f"/wc/v3/shipping/zones/{zone.id}/methods", list[_Method], unread):
            had = found.get(row.method_id, Choice(key=row.method_id, name="", used=False))
            names = dict.fromkeys((*(each for each in had.name.split(", ") if each), row.title or row.method_id))
            found[row.method_id] = Choice(key=row.method_id, name=", ".join(names), used=row.enabled or had.used)
    return tuple(found.values())


async def _list(api: Api, path: str, shape: type[list[T]], unread: list[str]) -> list[T]:
    """Empty where the shop lacks the route, or the key the right to it."""
    try:
        return decoded(await api.get(path, {"per_page": "100"}), shape)
    except Trouble as trouble:
        closed = trouble.fault in (Fault.SHOP_KEY_REFUSED, Fault.SHOP_KEY_WITHOUT_RIGHTS, Fault.SHOP_NOT_WOOCOMMERCE)
        if not closed and trouble.kind is not TroubleKind.REFUSED:
            raise
        unread.append(path.removeprefix("/wc/v3/"))
        return []


def _bare(slug: str) -> str:
    return slug.removeprefix("wc-")
