"""Which actors changed settings are about: those are replaced, and all others work on."""

from __future__ import annotations

import msgspec

from agent.app_goods import STATUSES, Company, company_of
from agent.flows import DirectionName
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings
from agent.settings.tree_goods import RegisterSettings
from agent.settings.tree_webhooks import ReceiverSettings


class Turnover(Frozen, frozen=True):
    """`whole` when nobody can go on as they are: Mamut is another one, say.

    `ended` are the shops whose actors end, `begun` those whose actors begin: a shop that is in both is replaced.
    """

    whole: bool
    ended: tuple[ShopKey, ...]
    begun: tuple[ShopKey, ...]
    register: bool
    bells: bool


def turnover(was: Settings, now: Settings, secrets_were: Secrets, secrets_are: Secrets) -> Turnover:
    before, after = company_of(was), company_of(now)
    shops_before = {shop.key: shop for shop in was.shop if shop.enabled}
    shops_after = {shop.key: shop for shop in now.shop if shop.enabled}

    def stays(key: str) -> bool:
        pair = ShopKey(key)
        return (
            key in shops_before
            and key in shops_after
            and shops_before[key] == shops_after[key]
            and secrets_were.shops.get(pair) == secrets_are.shops.get(pair)
            and _surroundings(was, before, key) == _surroundings(now, after, key)
        )

    ended = tuple(ShopKey(key) for key in shops_before if not stays(key))
    begun = tuple(ShopKey(key) for key in shops_after if not stays(key))
    rings = [*(shops_before[key] for key in ended), *(shops_after[key] for key in begun)]
    return Turnover(
        whole=_rest(was) != _rest(now) or secrets_were.mamut_password != secrets_are.mamut_password,
        ended=ended,
        begun=begun,
        register=before.wants != after.wants or was.mamut.register != now.mamut.register,
        bells=was.webhooks != now.webhooks or any(shop.webhooks.enabled for shop in rings),
    )


def _rest(settings: Settings) -> Settings:
    """What is no shop's and nobody has been taught to take up while at work."""
    mamut = msgspec.structs.replace(settings.mamut, register=RegisterSettings(), stop_date_warning_days=0)
    return msgspec.structs.replace(
        settings,
        shop=(),
        mamut=mamut,
        package="",
        premium_limit=None,
        premium_price=None,
        reconciliation=(),
        contract_start=None,
        webhooks=ReceiverSettings(),
    )


def _surroundings(settings: Settings, company: Company, key: str) -> tuple[object, ...]:
    """What a shop's actors know of all that is not the shop's own."""
    names = company.directions[key]
    return (
        names,
        company.governing if DirectionName.PRODUCTS_TO_MAMUT in names else (),
        company.stocked if company.selling else (),
        company.selling,
        settings.mamut.register.statuses_every_s if STATUSES in names else None,
    )


def shop_of(settings: Settings, key: ShopKey) -> ShopSettings:
    return next(shop for shop in settings.shop if shop.key == key)


def enabled_keys(settings: Settings) -> tuple[str, ...]:
    return tuple(shop.key for shop in settings.shop if shop.enabled)


def noting(settings: Settings) -> frozenset[str]:
    """The shops whose orders get a note with Mamut's number."""
    return frozenset(shop.key for shop in settings.shop if shop.enabled and shop.orders.write_note)
