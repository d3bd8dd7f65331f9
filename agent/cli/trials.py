"""Trying rules, field mappings and plugins from the command line, on the newest orders and articles of each shop."""

from __future__ import annotations

from random import SystemRandom
from typing import Annotated

import apsw
import trio
from cyclopts import Parameter

from agent.cli.context import CommandContext
from agent.cli.desk import NO, Desk
from agent.cli.figures import show_table, table
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_lines
from agent.decide.trial import Trial
from agent.journal.journal import Step, T
from agent.model.catalogue import explain
from agent.model.clock import wall_clock
from agent.model.ids import ShopKey
from agent.remote.net import tcp_transports
from agent.remote.trouble import Trouble
from agent.settings.judge import judge
from agent.settings.tree import ShopSettings
from agent.shown.trial import is_touched, outcome, trial_json, values
from agent.trials import LAST_MAX, Around, Tried, View, picked, try_shop

__all__ = ["Last", "Shown", "picked", "try_shops"]

Last = Annotated[int, Parameter(help="How many of the newest orders and articles, at most 500.")]
Shown = Annotated[bool, Parameter(name="--show", negative="", help="Show personal data too.")]


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
        around = Around(
            view=_view(desk.tx),
            clock=wall_clock,
            transports=tcp_transports(verify_tls=shop.verify_tls),
            nonces=SystemRandom(),
        )
        try:
            tried[shop.key] = Tried() if pair is None else trio.run(try_shop, desk.settings, shop, pair, last, around)
        except Trouble as trouble:
            complain(_trouble(desk, shop, trouble))
            return NO
    if json:
        say_json(
            {
                key: [
                    *(trial_json(trial, "order", show=show) for trial in each.orders),
                    *(trial_json(trial, "article", show=show) for trial in each.articles),
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


def _view(tx: apsw.Connection) -> View:
    def view(look: Step[T]) -> T:
        return look(tx)

    return view


def _trouble(desk: Desk, shop: ShopSettings, trouble: Trouble) -> str:
    if trouble.fault is None:
        return f"{shop.key}: {trouble.problem}"
    text = explain(
        trouble.fault, desk.language, {"shop": shop.key, "address": shop.address, "problem": trouble.problem}
    )
    return f"{text.code}  {text.title}\n  {text.cause}\n  {text.remedy}"


def _tell(desk: Desk, shop: str, what: str, trials: list[Trial], *, show: bool) -> None:
    if not trials:
        return
    touched = [trial for trial in trials if is_touched(trial)]
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
        by = ", ".join(trial.by)
        if trial.reason != trial.was:
            before, after = (outcome(code, desk.language) for code in (trial.was, trial.reason))
            shown.add_row(trial.number, by, "", before, after)
        for change in trial.changes:
            shown.add_row(trial.number, by, f"{change.record}: {change.field}", *values(change, show=show))
    show_table(shown)
