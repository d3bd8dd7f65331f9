"""One order: how it is and why, its story in time order, its money proof, and what a person may do about it.

Whether a wish can be fulfilled is for the agent to say; here only what can never be is turned away, as the command line
does.
"""

from __future__ import annotations

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.pages_orders import MOODS, path_of
from agent.admin.visit import Visit
from agent.journal import aftermath, by_hand, documents, matches, orders, reports
from agent.journal.aftermath import AftermathRow, CreditRow
from agent.journal.documents import DocumentRow, Mailed
from agent.journal.journal import Step
from agent.journal.reports import Event, Story
from agent.model.correction import Correction, field_words
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Frozen
from agent.model.reasons import OrderState, Reason
from agent.model.words import Words
from agent.shown.events import event_text
from agent.shown.names import explained
from agent.shown.on_page import on_page
from agent.shown.progress import CAPTURES, OUTCOMES, PARTS, WAYS
from agent.shown.proof import figures

FRESH_MS = 60_000
"""So long after a wish its order's page looks by itself whether the agent has answered: it mostly does in a second."""

LONGEST = 500
"""Characters of a person's own words about an order."""

IN_DOUBT = frozenset(reason.value for reason in matches.IN_DOUBT)

_GOOD = ("transferred", "adopted", "marked")
"""Events that end well."""


class Whole(Frozen, frozen=True):
    """All that is shown of an order. `document` is how far it has come in Mamut, `change` what came of its changes
    after the transfer; None where there is nothing of it."""

    story: Story
    document: DocumentRow | None
    mails: tuple[Mailed, ...]
    change: AftermathRow | None
    credits: tuple[CreditRow, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def is_movable(self) -> bool:
        """It does not stand in Mamut yet."""
        return self.story.order.state != OrderState.TRANSFERRED.value

    @property
    def is_attended(self) -> bool:
        """A change after its transfer waits for a person."""
        return self.change is not None and self.change.outcome == "attend"

    @property
    def is_retryable(self) -> bool:
        """It has not gone over, or what came after that waits for a person."""
        status_held = self.document is not None and self.document.is_held
        return self.is_movable or status_held or self.is_attended


async def show(visit: Visit) -> Response:
    whole = visit.view(_look(visit))
    return visit.problem(404, "order.unknown") if whole is None else _page(visit, whole)


def _look(visit: Visit) -> Step[Whole | None]:
    shop, order_id = ShopKey(visit.path("shop")), ShopOrderId(visit.number("order_id"))

    def look(tx: apsw.Connection) -> Whole | None:
        row = orders.get(tx, shop, order_id)
        if row is None:
            return None
        return Whole(
            story=reports.story(tx, row),
            document=documents.get(tx, shop, order_id),
            mails=tuple(documents.mailed(tx, shop, order_id).values()),
            change=aftermath.get(tx, shop, order_id),
            credits=tuple(aftermath.credits_of(tx, shop, order_id)),
            corrections=by_hand.corrections_of(tx, shop, order_id),
        )

    return look


def _page(visit: Visit, whole: Whole, wrong: str = "") -> Response:
    story, language = whole.story, visit.language
    row = story.order
    return visit.page(
        "order/order.html",
        422 if wrong else 200,
        whole=whole,
        order=row,
        path=path_of(row.shop, row.order_id),
        mood=MOODS.get(row.state, ""),
        reason=on_page(explained(row.reason, language, orders.params_of(row)), language),
        in_doubt=row.reason in IN_DOUBT,
        corrected=[(field_words(each.field).in_(language), each) for each in whole.corrections],
        events=[(each.at_ms, event_text(each, row.currency, language), _mood(each)) for each in story.events],
        proof=[] if story.proof is None else [(each, each.shown(language)) for each in figures(story.proof, language)],
        fresh=_is_fresh(visit, story),
        stops=[kind for kind, reason in _STOPS.items() if whole.is_movable and row.reason != reason.value],
        wrong=wrong,
        longest=LONGEST,
        **_after(visit, whole),
    )


def _is_fresh(visit: Visit, story: Story) -> bool:
    """Whether the agent is about to answer, or about to do what it has been asked for."""
    begun = [wish.at_ms for wish in story.open_wishes]
    if story.order.reason in _ON_ITS_WAY:
        begun.append(story.order.since_ms)
    return any(visit.now_ms - at_ms < FRESH_MS for at_ms in begun)


_ON_ITS_WAY = frozenset({Reason.NOT_READ.value, Reason.QUEUED.value})

_STOPS = {"hold": Reason.HELD_BY_HAND, "exclude": Reason.EXCLUDED_BY_HAND}
"""Wishes that stop an order, with what then keeps it: what is so already is not offered again."""


def _after(visit: Visit, whole: Whole) -> dict[str, object]:
    """What happened after the transfer, in words."""
    change, document = whole.change, whole.document
    return {
        "parts": {part.value: text.in_(visit.language) for part, text in PARTS.items()},
        "capture": "" if document is None else _word(visit, CAPTURES, document.capture),
        "status_reason": None
        if document is None or not document.is_held
        else on_page(explained(document.code, visit.language, document.named_params), visit.language),
        "outcome": "" if change is None else _word(visit, OUTCOMES, change.outcome),
        "change_reason": None
        if change is None
        else on_page(explained(change.code, visit.language, change.named_params), visit.language),
        "ways": {name: text.in_(visit.language) for name, text in WAYS.items()},
    }


def _word(visit: Visit, known: dict[str, Words], name: str) -> str:
    """One that no text knows, because a later version wrote it, is shown as it is."""
    return known[name].in_(visit.language) if name in known else name


def _mood(event: Event) -> str:
    if event.kind in _GOOD:
        return "good"
    code = event.data.get("reason")
    return "bad" if isinstance(code, str) and code[4:5] in ("H", "D") else ""


# -- acts -------------------------------------------------------------------------------------------------------------


async def retry(visit: Visit) -> Response:
    whole = visit.view(_look(visit))
    if whole is None:
        return visit.problem(404, "order.unknown")
    return await _ask(visit, whole, "retry") if whole.is_retryable else _page(visit, whole, visit.text("order.stands"))


async def hold(visit: Visit) -> Response:
    return await _move(visit, "hold", {})


async def exclude(visit: Visit) -> Response:
    why = visit.form.get("why").strip()[:LONGEST]
    return await _move(visit, "exclude", {"why": why}, "" if why else "order.why_missing")


async def adopt(visit: Visit) -> Response:
    number = visit.form.get("mamut_order_no").strip()
    fits = number.isascii() and number.isdigit() and len(number) < 18 and int(number) > 0
    return await _move(visit, "adopt", {"mamut_order_no": number}, "" if fits else "order.number_wrong")


async def settle(visit: Visit) -> Response:
    whole = visit.view(_look(visit))
    if whole is None:
        return visit.problem(404, "order.unknown")
    if not whole.is_attended:
        return _page(visit, whole, visit.text("order.nothing_attended"))
    return await _ask(visit, whole, "settle")


async def _move(visit: Visit, kind: str, args: dict[str, str], wrong: str = "") -> Response:
    """For orders that are not in Mamut: one that is can only be changed there."""
    whole = visit.view(_look(visit))
    if whole is None:
        return visit.problem(404, "order.unknown")
    wrong = wrong if whole.is_movable else "order.stands"
    return _page(visit, whole, visit.text(wrong)) if wrong else await _ask(visit, whole, kind, args)


async def _ask(visit: Visit, whole: Whole, kind: str, args: dict[str, str] | None = None) -> Response:
    row = whole.story.order
    before: dict[str, object] = {"state": row.state, "reason": row.reason}
    await visit.wish(kind, row.shop, row.order_id, args, before=before)
    return visit.back(path_of(row.shop, row.order_id), "asked")


_ONE = "/orders/{shop}/{order_id:int}"

ROUTES = (
    get(_ONE, show),
    post(f"{_ONE}/retry", retry),
    post(f"{_ONE}/hold", hold),
    post(f"{_ONE}/exclude", exclude),
    post(f"{_ONE}/adopt", adopt),
    post(f"{_ONE}/settle", settle),
)
