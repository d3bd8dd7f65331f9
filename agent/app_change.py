"""Whom changed settings are about: those are replaced, and all others work on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from agent.app_unit import Company, Ground, Unit, company_of, grounds
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.taken_up import MAMUT, REGISTER, WEBHOOKS, TakenUp
from agent.settings.difference import differences
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings
from agent.settings.tree_admin import AdminSettings
from agent.settings.tree_goods import RegisterSettings
from agent.settings.tree_mail import AttentionSettings, MailSettings
from agent.settings.tree_webhooks import ReceiverSettings

RINGING = frozenset({Unit.SHOP, Unit.ORDERS, Unit.ARTICLES})
"""What webhooks wake."""


class Turnover(Frozen, frozen=True):
    """`whole` is the setting for which nobody can go on as they are: Mamut is another one, say.

    `ended` are the shops whose actors all end, `begun` those whose actors all begin: a shop that is in both is
    replaced. `units` are those that are replaced, begin or end in the other shops.
    """

    whole: str
    ended: tuple[ShopKey, ...]
    begun: tuple[ShopKey, ...]
    units: dict[ShopKey, frozenset[Unit]]
    mamut: bool
    register: bool
    bells: bool
    told: TakenUp

    def concerns(self, key: ShopKey, *units: Unit) -> bool:
        """Whether one of these begins anew for the shop."""
        return key in self.begun or not self.units.get(key, frozenset()).isdisjoint(units)


def turnover(was: Settings, now: Settings, secrets_were: Secrets, secrets_are: Secrets) -> Turnover:
    before, after = _Side(was, secrets_were), _Side(now, secrets_are)
    stays = [key for key in before.shops if key in after.shops and not _changed(before, after, key, {Unit.SHOP})]
    ended = tuple(key for key in before.shops if key not in stays)
    begun = tuple(key for key in after.shops if key not in stays)
    changed = {key: _changed(before, after, key, set(Unit)) for key in stays}
    units = {key: each for key, each in changed.items() if each}
    rang = {key for key in (*ended, *begun) if before.rings(key) or after.rings(key)}
    rang |= {key for key, each in units.items() if each & RINGING and after.rings(key)}
    rang |= {key for key in stays if before.bell(key) != after.bell(key)}
    whole = next((each.path for each in differences(_rest(was), _rest(now))), "")
    mamut = _login(was) != _login(now) or secrets_were.mamut_password != secrets_are.mamut_password
    register = before.company.wants != after.company.wants or was.mamut.register != now.mamut.register
    bells = was.webhooks != now.webhooks or bool(rang)
    touched = {f"{key}/{unit}" for key, each in units.items() for unit in each}
    touched |= {f"{key}/{unit}" for key in begun for unit in Unit}
    touched |= {name for name, is_so in ((MAMUT, mamut), (REGISTER, register), (WEBHOOKS, bells)) if is_so}
    return Turnover(
        whole=whole,
        ended=ended,
        begun=begun,
        units=units,
        mamut=mamut,
        register=register,
        bells=bells,
        told=_told(before.names(), after.names(), touched, whole),
    )


class _Side:
    """The settings before a change, or after it."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        self.company: Company = company_of(settings)
        self.shops: dict[ShopKey, ShopSettings] = {ShopKey(shop.key): shop for shop in settings.shop if shop.enabled}
        every_s = settings.mamut.register.statuses_every_s
        self.grounds = {key: grounds(self.company, shop, every_s) for key, shop in self.shops.items()}
        self._secrets = secrets
        self._listens = bool(settings.webhooks.listen)

    def keys(self, key: ShopKey) -> object:
        """What opens the shop to us."""
        pair = self._secrets.shops.get(key)
        return None if pair is None else (pair.consumer_key, pair.consumer_secret)

    def bell(self, key: ShopKey) -> object:
        pair = self._secrets.shops.get(key)
        return (self.shops[key].webhooks, None if pair is None else pair.webhook_secret)

    def rings(self, key: ShopKey) -> bool:
        return key in self.shops and self.shops[key].webhooks.enabled

    def names(self) -> tuple[str, ...]:
        """Whom a person knows by name."""
        units = ((key, unit) for key, each in self.grounds.items() for unit in each)
        directions = (f"{key}/{unit}" for key, unit in units if unit.direction is not None)
        register = (REGISTER,) if self.company.wants else ()
        webhooks = (WEBHOOKS,) if self._listens and any(map(self.rings, self.shops)) else ()
        return (MAMUT, *register, *webhooks, *directions)


def _changed(before: _Side, after: _Side, key: ShopKey, among: set[Unit]) -> frozenset[Unit]:
    """Which units are not what they were, or come or go."""
    was: Mapping[Unit, Ground] = before.grounds[key]
    now: Mapping[Unit, Ground] = after.grounds[key]
    changed = {unit for unit in among if was.get(unit) != now.get(unit)}
    if before.keys(key) != after.keys(key):
        changed |= {Unit.SHOP} & among
    if before.bell(key) != after.bell(key):
        changed |= {Unit.ERRANDS} & among
    return frozenset(changed)


def _told(was: tuple[str, ...], now: tuple[str, ...], touched: set[str], whole: str) -> TakenUp:
    stays = [name for name in now if name in was]
    return TakenUp(
        replaced=tuple(name for name in stays if whole or name in touched),
        begun=_without(now, was),
        ended=_without(was, now),
        kept=tuple(name for name in stays if not whole and name not in touched),
        whole=whole,
    )


def _without(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    left_out = set(others)
    return tuple(name for name in names if name not in left_out)


def _rest(settings: Settings) -> Settings:
    """What is no shop's and nobody has been taught to take up while at work. The admin and the mail look at what holds
    now, and nobody works by the rest of what is left out."""
    mamut = msgspec.structs.replace(
        settings.mamut, register=RegisterSettings(), stop_date_warning_days=0, user="", timeout_s=0
    )
    return msgspec.structs.replace(
        settings,
        shop=(),
        mamut=mamut,
        language="",
        package="",
        premium_limit=None,
        premium_price=None,
        reconciliation=(),
        contract_start=None,
        webhooks=ReceiverSettings(),
        admin=AdminSettings(),
        mail=MailSettings(),
        attention=AttentionSettings(),
    )


def _login(settings: Settings) -> tuple[str, float]:
    """What the writer to Mamut can be given anew. With another company or another address all that was decided before
    was decided by what somebody else's Mamut holds."""
    return settings.mamut.user, settings.mamut.timeout_s


def shop_of(settings: Settings, key: ShopKey) -> ShopSettings:
    return next(shop for shop in settings.shop if shop.key == key)


def enabled_keys(settings: Settings) -> tuple[str, ...]:
    return tuple(shop.key for shop in settings.shop if shop.enabled)


def noting(settings: Settings) -> frozenset[str]:
    """The shops whose orders get a note with Mamut's number."""
    return frozenset(shop.key for shop in settings.shop if shop.enabled and shop.orders.write_note)


def what_changes(was: Settings, now: Settings, secrets_were: Secrets, secrets_are: Secrets) -> TakenUp:
    """What a person is told of a change, and of plugins that a change cannot renew."""
    told = turnover(was, now, secrets_were, secrets_are).told
    plugins = [each for shop in now.shop if shop.enabled for each in shop.plugins]
    if not plugins:
        return told
    from agent.plugins.found import outdated

    return msgspec.structs.replace(told, outdated=outdated(plugins))


def told_of(taken: TakenUp) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The same for the log: those whom the change is about."""
    return (("replaced", taken.replaced), ("begun", taken.begun), ("gone", taken.ended))
