"""The last steps of the guided set-up: the dry run, where to begin, and saving."""

from __future__ import annotations

from datetime import date

import msgspec
import trio
from starlette.responses import Response

from agent.admin.pages_setup_parts import TESTED, frame, tested
from agent.admin.saving import judged, told
from agent.admin.visit import Visit
from agent.flows import NUMBERS, flow
from agent.journal.settings_history import text_digest
from agent.model.catalogue import explain
from agent.model.clock import STOCKHOLM
from agent.model.money import to_ore
from agent.model.proof import MoneyProof
from agent.model.reasons import OrderState, Reason
from agent.set_up import compose
from agent.set_up.draft import Draft, Step
from agent.set_up.trial import TriedOrder
from agent.set_up.work import SetUp
from agent.settings.finding import has_errors
from agent.settings.given import DIRECTIONS, off
from agent.settings.subscription import set_up_of
from agent.shown.settings_history import difference

BEGINNINGS = ("now", "date", "listed", "kept")


# -- the dry run ------------------------------------------------------------------------------------------------------


def trial_page(visit: Visit, set_up: SetUp, made: Draft, status: int = 200) -> Response:
    trial = made.trial
    orders = [] if trial is None else [_order(visit, each) for each in trial.orders]
    return visit.page(
        "setup/trial.html",
        status,
        tried=trial is not None,
        orders=orders,
        unreadable=() if trial is None else trial.unreadable,
        sums=_sums(orders),
        frame=frame(set_up, made, Step.TRIAL),
        tests=tested(visit, set_up, made, Step.TRIAL),
    )


def _order(visit: Visit, order: TriedOrder) -> dict[str, object]:
    reason = None if not order.reason else Reason(order.reason)
    state = OrderState.TRANSFERRED if reason is None else reason.state
    return {
        "order": order,
        "state": state.value,
        "total_ore": to_ore(order.total),
        "at_ms": int(order.created_at.timestamp() * 1000),
        "why": None if reason is None else explain(reason, visit.language, order.params),
        "proof": None if order.proof is None else _proof(order.proof),
    }


def _proof(proof: MoneyProof) -> dict[str, object]:
    return {
        "currency": proof.currency,
        "lines": [(line.text, to_ore(line.line_sum), line.vat_percent) for line in proof.lines],
        "net_ore": to_ore(proof.net_total),
        "vat_ore": to_ore(proof.mamut_total) - to_ore(proof.net_total),
        "rounding_ore": to_ore(proof.rounding),
        "mamut_ore": to_ore(proof.mamut_total + proof.rounding),
        "paid_ore": to_ore(proof.paid),
        "holds": proof.holds,
    }


def _sums(orders: list[dict[str, object]]) -> dict[str, int]:
    found = {state.value: 0 for state in OrderState}
    for each in orders:
        found[str(each["state"])] += 1
    return {state: count for state, count in found.items() if count}


# -- go ---------------------------------------------------------------------------------------------------------------


def go_page(visit: Visit, set_up: SetUp, made: Draft, status: int = 200, **said: object) -> Response:
    settings, now = made.settings, set_up.clock()
    chosen = made.shop_of(settings)
    shown = made if made.begin else msgspec.structs.replace(made, begin="kept" if made.was else "now")
    text = compose.final(shown, now)
    judgement = set_up.judge(made, text)
    stands = set_up.stands()
    oldest = None if made.trial is None else made.trial.oldest
    reasons = _doubts(made)
    return visit.page(
        "setup/go.html",
        status,
        begin=shown.begin,
        begin_on=made.begin_on or now.astimezone(STOCKHOLM).date().isoformat(),
        shop=chosen,
        company=None if made.mamut is None else made.mamut.company,
        flow=flow(chosen.flow).text.in_(visit.language) if chosen.flow in NUMBERS else "",
        package=settings.package,
        runs=[name.value for name in DIRECTIONS if off(settings, chosen, name) is None],
        cost=None if (bought := set_up_of(settings)) is None else bought.cost(),
        oldest_ms=None if oldest is None else int(oldest.timestamp() * 1000),
        kept=None if chosen.orders.start_at is None else int(chosen.orders.start_at.timestamp() * 1000),
        doubts=reasons,
        possible=not has_errors(judgement.findings) and visit.admin.reloader() is not None,
        saving=visit.admin.reloader() is not None,
        lines=difference(stands, text)[2:],
        basis=text_digest(stands),
        changed_meanwhile=text_digest(stands) != made.basis,
        file=str(set_up.place.file),
        file_name=set_up.place.file.name,
        first=set_up.is_first,
        **{**judged(visit, None), "findings": [told(visit, each) for each in judgement.findings], **said},
        frame=frame(set_up, made, Step.GO),
    )


def _doubts(made: Draft) -> list[str]:
    """Steps whose tests found an error, or were not all made."""
    doubtful = []
    for step in (Step.COMPANY, Step.SHOP, Step.MAPPING):
        tests = TESTED[step].tests
        if step not in made.saved or made.has_errors(tests) or len(made.about(tests)) < len(tests):
            doubtful.append(step.value)
    return [*doubtful, *([Step.TRIAL.value] if made.trial is None else [])]


async def save_go(visit: Visit, set_up: SetUp, made: Draft) -> Response:
    """Where to begin is kept first, so that what is shown and what is saved are the same; then, when asked for, go."""
    begin = visit.form.get("begin") if visit.form.get("begin") in BEGINNINGS else ""
    day = visit.form.get("begin_on")
    if begin == "date" and not _is_day(day):
        return go_page(visit, set_up, made, 422, reason=visit.text("setup.day_wrong"))
    if begin == "listed" and (made.trial is None or made.trial.oldest is None):
        return go_page(visit, set_up, made, 422, reason=visit.text("setup.nothing_listed"))

    def changed(draft: Draft) -> Draft:
        return msgspec.structs.replace(draft, begin=begin, begin_on=day if begin == "date" else "")

    await set_up.change(changed)
    made = set_up.draft() or made
    if not visit.form.get("go"):
        return visit.back("/setup/go")
    reloader = visit.admin.reloader()
    if reloader is None:
        return go_page(visit, set_up, made, 422)
    if _doubts(made) and not visit.form.get("anyway"):
        return go_page(visit, set_up, made, 422, reason=visit.text("setup.doubts_first"))
    first, key = set_up.is_first, made.shop_of(made.settings).key
    # Begun is done: a browser that goes away leaves no file that the agent does not know of.
    with trio.CancelScope(shield=True):
        saved = await set_up.go(made, reloader, visit.user.name, visit.form.get("basis"))
        if saved.good:
            await visit.act("set_up", lambda _tx: True, shop=key, subject=f"brygga.toml, {saved.number or ''}")
    if not saved.good:
        return go_page(visit, set_up, made, 422, **judged(visit, saved))
    return visit.back("/", "set_up_first" if first else "set_up")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year > 2000
    except ValueError:
        return False
