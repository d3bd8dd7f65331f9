"""What rules, mappings and plugins would change in the newest records of a shop, tried while somebody waits."""

from __future__ import annotations

import trio

from agent.admin.visit import Visit
from agent.decide.trial import Trial
from agent.model.catalogue import explain
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.plugins.found import PluginWrong
from agent.remote.trouble import Trouble
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import ShopSettings
from agent.shown.trial import is_touched, outcome, values
from agent.trials import Around, Tried, try_shop

TRY_S = 40.0
"""The longest that somebody waits for a trial."""

LAST = 50
LAST_MAX = 200

SHOWN_MAX = 400
"""Changes that a page shows."""


class Shown(Frozen, frozen=True):
    """One change, or one record that would stop or go. `link` is the order's page."""

    number: str
    link: str
    by: str
    field: str
    before: str
    after: str
    why: str = ""


class TrialShown(Frozen, frozen=True):
    """What a page says of a trial. `trouble` is why there was none; `veiled` that something is not shown unasked."""

    trouble: str = ""
    remedy: str = ""
    orders: int = 0
    articles: int = 0
    touched: int = 0
    rows: tuple[Shown, ...] = ()
    left_out: int = 0
    veiled: bool = False


def last_of(visit: Visit) -> int:
    """How many records the form asks for."""
    given = visit.form.get("last")
    return min(max(int(given), 1), LAST_MAX) if given.isascii() and given.isdigit() and len(given) < 6 else LAST


async def tried(visit: Visit, shop: ShopSettings) -> TrialShown:
    """`shop` has what is to be tried and nothing else of the kind. That personal data were shown is kept as an act."""
    pair = secrets_of(visit, shop.key)
    if pair is None or visit.admin.outside is None:
        return TrialShown(trouble=visit.text("trial.not_here"))
    show = visit.form.get("show") == "yes"
    last = last_of(visit)
    try:
        with trio.fail_after(TRY_S):
            result = await try_shop(visit.admin.settings(), shop, pair, last, around(visit, shop))
    except trio.TooSlowError:
        return TrialShown(trouble=visit.text("trial.too_slow", seconds=int(TRY_S)))
    except Trouble as trouble:
        return in_words(visit, shop, trouble)
    except PluginWrong as wrong:
        return TrialShown(trouble=visit.text("trial.plugin", problem=wrong.problem, detail=wrong.detail))
    if show:
        await visit.act("trial_shown", lambda _tx: True, shop=shop.key, subject=visit.text("trial.of", count=last))
    return _shown(visit, shop.key, result, show=show)


def secrets_of(visit: Visit, key: str) -> ShopSecrets | None:
    """The shop's keys, as they stand beside the file that is at work."""
    reloader = visit.admin.reloader()
    secrets = None if reloader is None else reloader.read().secrets
    return None if secrets is None else secrets.shops.get(ShopKey(key))


def around(visit: Visit, shop: ShopSettings) -> Around:
    outside = visit.admin.outside
    if outside is None:
        raise LookupError("no way to the shop")
    return Around(
        view=visit.admin.journal.view,
        clock=visit.admin.clock,
        transports=outside.transports(shop.address, verify_tls=shop.verify_tls),
        nonces=outside.chance(f"trial/{shop.key}/{visit.now_ms}"),
    )


def in_words(visit: Visit, shop: ShopSettings, trouble: Trouble) -> TrialShown:
    """Why the shop could not be asked, and what helps."""
    if trouble.fault is None:
        return TrialShown(trouble=visit.text("trial.trouble", problem=trouble.problem))
    params = {"shop": shop.key, "address": shop.address, "problem": trouble.problem}
    said = explain(trouble.fault, visit.language, params)
    return TrialShown(trouble=f"{said.code} {said.title}. {said.cause}", remedy=said.remedy)


def _shown(visit: Visit, shop: str, result: Tried, *, show: bool) -> TrialShown:
    rows: list[Shown] = []
    touched = 0
    veiled = False
    for trials, of_orders in ((result.orders, True), (result.articles, False)):
        for trial in trials:
            if not is_touched(trial):
                continue
            touched += 1
            veiled = veiled or any(not change.is_open and (change.before or change.after) for change in trial.changes)
            rows += _rows(visit, trial, f"/orders/{shop}/{trial.order_id}" if of_orders else "", show=show)
    return TrialShown(
        orders=len(result.orders),
        articles=len(result.articles),
        touched=touched,
        rows=tuple(rows[:SHOWN_MAX]),
        left_out=max(0, len(rows) - SHOWN_MAX),
        veiled=veiled and not show,
    )


def _rows(visit: Visit, trial: Trial, link: str, *, show: bool) -> list[Shown]:
    by = ", ".join(trial.by)
    rows: list[Shown] = []
    if trial.reason != trial.was or not trial.changes:
        before, after = (outcome(code, visit.language) for code in (trial.was, trial.reason))
        why = trial.params.get("why", "") if trial.reason else ""
        rows.append(Shown(number=trial.number, link=link, by=by, field="", before=before, after=after, why=why))
    for change in trial.changes:
        before, after = values(change, show=show)
        field = f"{visit.text(f'trial.{change.record}')}: {change.field}"
        rows.append(Shown(number=trial.number, link=link, by=by, field=field, before=before, after=after))
    return rows
