"""`brygga rules` and `brygga map`: what the merchant's rules and field mappings are, and what they would change."""

from __future__ import annotations

from functools import partial
from random import SystemRandom
from typing import Annotated

import msgspec
import trio
from cyclopts import App, Parameter

from agent.actors.order_direction import mappers_of
from agent.cli.context import CommandContext, Given
from agent.cli.desk import NO, AsJson, Desk, Shop, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_lines
from agent.decide.trial import Trial, TrialChange, try_order
from agent.journal import orders
from agent.model.catalogue import explain
from agent.model.clock import wall_clock
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import ShopOrder
from agent.model.reasons import Reason
from agent.remote.net import tcp_transports
from agent.remote.trouble import Trouble
from agent.rules.chain import Chains
from agent.settings.judge import judge
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import ShopSettings

app = App(name="rules", help="List the processing rules; try them on real orders.", help_format="plaintext")
mapping = App(name="map", help="Try the field mappings on real orders.", help_format="plaintext")

READ_SIZE = 50
LAST_MAX = 500

Last = Annotated[int, Parameter(help="How many of the newest orders, at most 500.")]
Named = Annotated[str | None, Parameter(help="Only this one, by its name, also while it rests.")]
Shown = Annotated[bool, Parameter(name="--show", negative="", help="Show personal data too.")]

VEIL = "•••"


@app.default
@app.command(name="list")
def list_rules(*, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """List the rules in the order in which they run."""
    with open_desk(context) as desk:
        chosen = _shops(desk, shop)
        if json:
            say_json({each.key: [msgspec.to_builtins(rule) for rule in each.processing] for each in chosen})
            return 0
        shown = table(
            desk.text("Butik", "Shop"),
            desk.text("Regel", "Rule"),
            desk.text("Gäller", "About"),
            desk.text("Villkor", "Conditions"),
            desk.text("Gör", "Does"),
        )
        for each in chosen:
            for rule in each.processing:
                rests = "" if rule.enabled else desk.text(" (vilar)", " (rests)")
                fields = ", ".join(condition.field for condition in rule.when) or desk.text("alltid", "always")
                does = ", ".join(f"{change.do.value} {change.field}".strip() for change in rule.do)
                shown.add_row(each.key, rule.name + rests, f"{rule.object.value}, {rule.side.value}", fields, does)
        show_table(shown)
        return 0


@app.command(name="test")
def try_rules(
    *,
    last: Last = 50,
    rule: Named = None,
    shop: Shop = None,
    show: Shown = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Show what the rules would change in the newest orders. Nothing is written anywhere; Mamut is not asked."""
    with open_desk(context) as desk:
        chosen = [
            msgspec.structs.replace(
                each,
                mapping=(),
                processing=tuple(
                    msgspec.structs.replace(one, enabled=True) if rule else one
                    for one in each.processing
                    if rule is None or one.name == rule
                ),
            )
            for each in _shops(desk, shop)
        ]
        if rule is not None and not any(each.processing for each in chosen):
            desk.end(f'Ingen regel heter "{rule}".', f'No rule is called "{rule}".')
        return _try(desk, context, [each for each in chosen if each.processing], last, show=show, json=json)


@mapping.default
@mapping.command(name="test")
def try_mapping(
    *,
    last: Last = 50,
    name: Named = None,
    shop: Shop = None,
    show: Shown = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Show what the field mappings would change in the newest orders. Nothing is written; Mamut is not asked."""
    with open_desk(context) as desk:
        chosen = [
            msgspec.structs.replace(
                each,
                processing=(),
                mapping=tuple(
                    msgspec.structs.replace(one, enabled=True) if name else one
                    for one in each.mapping
                    if name is None or one.name == name
                ),
            )
            for each in _shops(desk, shop)
        ]
        if name is not None and not any(each.mapping for each in chosen):
            desk.end(f'Ingen mappning heter "{name}".', f'No mapping is called "{name}".')
        return _try(desk, context, [each for each in chosen if each.mapping], last, show=show, json=json)


def _shops(desk: Desk, key: str | None) -> list[ShopSettings]:
    chosen = desk.shop(key)
    return [shop for shop in desk.settings.shop if chosen is None or shop.key == chosen]


def _try(desk: Desk, context: CommandContext, shops: list[ShopSettings], last: int, *, show: bool, json: bool) -> int:
    if not 1 <= last <= LAST_MAX:
        desk.end(f"--last är 1 till {LAST_MAX}.", f"--last is 1 to {LAST_MAX}.")
    judgement = judge(context.settings_file(), context.environ)
    if judgement.secrets is None:
        for line in check_lines(judgement, desk.language):
            complain(line)
        return NO
    tried: dict[str, list[Trial]] = {}
    for shop in shops:
        key = ShopKey(shop.key)
        newest = [order_id for order_id, _, _ in orders.newest(desk.tx, key, last)]
        pair = judgement.secrets.shops.get(key)
        if pair is None or not newest:
            tried[shop.key] = []
            continue
        try:
            read = trio.run(partial(_read, shop, pair, tuple(newest)))
        except Trouble as trouble:
            complain(_trouble(desk, shop, trouble))
            return NO
        chains, mappers = Chains(shop.processing), mappers_of(shop)
        tried[shop.key] = [try_order(order, shop, chains, mappers) for order in read]
    if json:
        say_json({key: [_json(trial, show=show) for trial in trials] for key, trials in tried.items()})
        return 0
    for name, trials in tried.items():
        _tell(desk, name, trials, show=show)
    if not tried:
        say(desk.text("Det finns inget att prova.", "There is nothing to try."))
    return 0


async def _read(shop: ShopSettings, pair: ShopSecrets, order_ids: tuple[ShopOrderId, ...]) -> list[ShopOrder]:
    from agent.app_ports import shop_port

    transports = tcp_transports(verify_tls=shop.verify_tls)
    port, _ = shop_port(shop, pair, transports, wall_clock, SystemRandom())
    found: list[ShopOrder] = []
    try:
        for start in range(0, len(order_ids), READ_SIZE):
            seen = await port.read_orders(order_ids[start : start + READ_SIZE], "trial")
            found += seen.orders
    finally:
        await port.aclose()
    return found


def _trouble(desk: Desk, shop: ShopSettings, trouble: Trouble) -> str:
    if trouble.fault is None:
        return f"{shop.key}: {trouble.problem}"
    text = explain(
        trouble.fault, desk.language, {"shop": shop.key, "address": shop.address, "problem": trouble.problem}
    )
    return f"{text.code}  {text.title}\n  {text.cause}\n  {text.remedy}"


def _value(change: TrialChange, value: str, *, show: bool) -> str:
    return value if show or change.is_open or not value else VEIL


def _tell(desk: Desk, key: str, trials: list[Trial], *, show: bool) -> None:
    touched = [trial for trial in trials if trial.changes or trial.by or trial.reason != trial.was]
    say(
        desk.text(
            f"{key}: {len(trials)} order prövade, {len(touched)} skulle ändras.",
            f"{key}: {len(trials)} orders tried, {len(touched)} would change.",
        )
    )
    if not touched:
        return
    shown = table(
        desk.text("Order", "Order"),
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
    return f"{code} {explain(Reason(code), desk.language).title}"


def _json(trial: Trial, *, show: bool) -> dict[str, object]:
    return {
        "order_id": trial.order_id,
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
