"""Trying rules, field mappings and plugins on what is there already: the newest orders and articles of each shop."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from random import SystemRandom
from typing import Annotated, TypeVar

import msgspec
import trio
from cyclopts import Parameter

from agent.actors.order_direction import mappers_of
from agent.actors.pricing import price_ground, priced_by
from agent.app_goods import goods_rules
from agent.app_ports import hooks_of, shop_port
from agent.cli.context import CommandContext
from agent.cli.desk import NO, Desk
from agent.cli.figures import show_table, table
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_lines
from agent.decide.products import ProductGround
from agent.decide.trial import Trial, TrialChange, try_order
from agent.decide.trial_goods import ABOUT, ArticleTrial, TriedArticle
from agent.journal import orders, register, stock_facts
from agent.journal.families import families
from agent.model.catalogue import explain
from agent.model.clock import wall_clock
from agent.model.goods import ShopTerms
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import ShopOrder
from agent.plugins.hooks import Hook, Hooks
from agent.remote.net import tcp_transports
from agent.remote.trouble import Trouble
from agent.rules.chain import Chains
from agent.rules.tree import FieldMapping, MappedObject, ProcessingRule, RuleObject
from agent.settings.judge import judge
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import ShopSettings
from agent.shown.names import code_of

READ_SIZE = 50
LAST_MAX = 500

Last = Annotated[int, Parameter(help="How many of the newest orders and articles, at most 500.")]
Shown = Annotated[bool, Parameter(name="--show", negative="", help="Show personal data too.")]

VEIL = "•••"

_HOOKS = {
    Hook.PRODUCT_BUILT: RuleObject.PRODUCT,
    Hook.PRICE_COMPUTED: RuleObject.PRICE,
    Hook.STOCK_COMPUTED: RuleObject.STOCK,
}
_OF_ORDERS = (Hook.ORDER_READ, Hook.CUSTOMER_MATCHED, Hook.CUSTOMER_BUILT, Hook.DOCUMENT_BUILT)

Resting = TypeVar("Resting", ProcessingRule, FieldMapping)


class Tried(msgspec.Struct, frozen=True):
    """What came of it in one shop."""

    orders: list[Trial]
    articles: list[Trial]


def picked(several: tuple[Resting, ...], name: str | None) -> tuple[Resting, ...]:
    """All of them; or the one of this name, which works also while it rests."""
    if name is None:
        return several
    return tuple(msgspec.structs.replace(each, enabled=True) for each in several if each.name == name)


def try_shops(
    desk: Desk, context: CommandContext, shops: list[ShopSettings], last: int, *, show: bool, json: bool
) -> int:
    """`shops` have what is to be tried, and nothing else of the kind."""
    if not 1 <= last <= LAST_MAX:
        desk.end(f"--last är 1 till {LAST_MAX}.", f"--last is 1 to {LAST_MAX}.")
    judgement = judge(context.settings_file(), context.environ)
    if judgement.secrets is None:
        for line in check_lines(judgement, desk.language):
            complain(line)
        return NO
    tried: dict[str, Tried] = {}
    for shop in shops:
        pair = judgement.secrets.shops.get(ShopKey(shop.key))
        try:
            tried[shop.key] = Tried([], []) if pair is None else _tried(desk, shop, pair, last)
        except Trouble as trouble:
            complain(_trouble(desk, shop, trouble))
            return NO
    if json:
        say_json(
            {
                key: [
                    *(_json(trial, "order", show=show) for trial in each.orders),
                    *(_json(trial, "article", show=show) for trial in each.articles),
                ]
                for key, each in tried.items()
            }
        )
        return 0
    for name, each in tried.items():
        _tell(desk, f"{name}: ", desk.text("order", "orders"), each.orders, show=show)
        _tell(desk, f"{name}: ", desk.text("artiklar", "articles"), each.articles, show=show)
    if not tried:
        say(desk.text("Det finns inget att prova.", "There is nothing to try."))
    return 0


# -- reading and trying -----------------------------------------------------------------------------------------------


def _tried(desk: Desk, shop: ShopSettings, pair: ShopSecrets, last: int) -> Tried:
    """Raises Trouble when the shop cannot be asked."""
    hooks = hooks_of(shop)
    about = _about(shop, hooks)
    key = ShopKey(shop.key)
    newest = [order_id for order_id, _, _ in orders.newest(desk.tx, key, last)] if _of_orders(shop, hooks) else []
    pks = _newest_articles(desk, last) if about else []
    if not newest and not pks:
        return Tried([], [])
    read, terms = trio.run(partial(_read, shop, pair, tuple(newest), with_terms=bool(pks)))
    chains, mappers = Chains(shop.processing), mappers_of(shop)
    found = [try_order(order, shop, chains, mappers, hooks) for order in read]
    articles = [] if terms is None else _try_articles(desk, shop, pks, terms, about, hooks)
    return Tried(found, articles)


def _about(shop: ShopSettings, hooks: Hooks | None) -> frozenset[RuleObject]:
    """What of articles they are about."""
    about = {rule.object for rule in shop.processing if rule.enabled} & ABOUT
    if any(each.object is MappedObject.PRODUCT and each.enabled for each in shop.mapping):
        about = about | {RuleObject.PRODUCT}
    return frozenset(about) | {what for hook, what in _HOOKS.items() if hooks is not None and hooks.wants(hook)}


def _of_orders(shop: ShopSettings, hooks: Hooks | None) -> bool:
    return (
        any(rule.object not in ABOUT for rule in shop.processing)
        or any(each.object is not MappedObject.PRODUCT for each in shop.mapping)
        or any(hooks is not None and hooks.wants(hook) for hook in _OF_ORDERS)
    )


def _newest_articles(desk: Desk, last: int) -> list[int]:
    """Those that changed last in Mamut."""
    rows = desk.tx.execute("SELECT pk FROM articles ORDER BY changed_ms DESC, pk DESC LIMIT ?", (last,))
    return [int(str(pk)) for (pk,) in rows]


def _try_articles(
    desk: Desk,
    shop: ShopSettings,
    pks: list[int],
    terms: ShopTerms,
    about: frozenset[RuleObject],
    hooks: Hooks | None,
) -> list[Trial]:
    selling = tuple(each.key for each in desk.settings.shop if each.enabled)
    found = families(desk.tx, ShopKey(shop.key), pks)
    prices = register.prices_of(desk.tx, [priced_by(family) for family in found.values()])
    facts = stock_facts.of(desk.tx, pks, selling)
    ground = price_ground(desk.tx, shop.prices, terms, datetime.now(UTC))
    product_ground = ProductGround(settings=shop.products, terms=terms, percents=ground.percents)
    plain = goods_rules(msgspec.structs.replace(shop, processing=(), mapping=()))
    trial = ArticleTrial(shop, product_ground, ground, goods_rules(shop, hooks), plain)
    return [
        trial.try_article(
            TriedArticle(family=found[pk], price=prices.get(priced_by(found[pk])), facts=facts.get(pk)), about
        )
        for pk in pks
        if pk in found
    ]


async def _read(
    shop: ShopSettings, pair: ShopSecrets, order_ids: tuple[ShopOrderId, ...], *, with_terms: bool
) -> tuple[list[ShopOrder], ShopTerms | None]:
    transports = tcp_transports(verify_tls=shop.verify_tls)
    port, _ = shop_port(shop, pair, transports, wall_clock, SystemRandom())
    found: list[ShopOrder] = []
    try:
        for start in range(0, len(order_ids), READ_SIZE):
            seen = await port.read_orders(order_ids[start : start + READ_SIZE], "trial")
            found += seen.orders
        return found, await port.terms() if with_terms else None
    finally:
        await port.aclose()


# -- showing ----------------------------------------------------------------------------------------------------------


def _trouble(desk: Desk, shop: ShopSettings, trouble: Trouble) -> str:
    if trouble.fault is None:
        return f"{shop.key}: {trouble.problem}"
    text = explain(
        trouble.fault, desk.language, {"shop": shop.key, "address": shop.address, "problem": trouble.problem}
    )
    return f"{text.code}  {text.title}\n  {text.cause}\n  {text.remedy}"


def _value(change: TrialChange, value: str, *, show: bool) -> str:
    return value if show or change.is_open or not value else VEIL


def _tell(desk: Desk, shop: str, what: str, trials: list[Trial], *, show: bool) -> None:
    if not trials:
        return
    touched = [trial for trial in trials if trial.changes or trial.by or trial.reason != trial.was]
    say(
        desk.text(
            f"{shop}{len(trials)} {what} prövade, {len(touched)} skulle ändras.",
            f"{shop}{len(trials)} {what} tried, {len(touched)} would change.",
        )
    )
    if not touched:
        return
    shown = table(
        desk.text("Nummer", "Number"),
        desk.text("Av", "By"),
        desk.text("Fält", "Field"),
        desk.text("Före", "Before"),
        desk.text("Efter", "After"),
    )
    for trial in touched:
        if trial.reason != trial.was:
            shown.add_row(trial.number, ", ".join(trial.by), "", _reason(desk, trial.was), _reason(desk, trial.reason))
        for change in trial.changes:
            before, after = (_value(change, value, show=show) for value in (change.before, change.after))
            shown.add_row(trial.number, ", ".join(trial.by), f"{change.record}: {change.field}", before, after)
    show_table(shown)


def _reason(desk: Desk, code: str) -> str:
    if not code:
        return desk.text("går över", "goes over")
    named = code_of(code)
    return code if named is None else f"{code} {explain(named, desk.language).title}"


def _json(trial: Trial, of: str, *, show: bool) -> dict[str, object]:
    return {
        "of": of,
        "order_id" if of == "order" else "pk": trial.order_id,
        "number": trial.number,
        "reason": trial.reason,
        "reason_without": trial.was,
        "why": trial.params.get("why", ""),
        "by": list(trial.by),
        "changes": [
            {
                "record": change.record,
                "field": change.field,
                "before": _value(change, change.before, show=show),
                "after": _value(change, change.after, show=show),
            }
            for change in trial.changes
        ],
    }
