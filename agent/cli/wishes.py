"""Asking the agent for something: the wish is left in the journal, and what came of it is waited for a little while."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Sequence

import apsw

from agent.cli.desk import NO, Desk
from agent.cli.output import say
from agent.journal import records
from agent.journal.reports import wish_results
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.shown.names import wish_result

WAIT_S = 5.0
"""How long a command waits for the agent, which takes wishes up within a second."""

LOOK_EVERY_S = 0.1

DONE = "done"
"""The agent's word for a wish that it has fulfilled."""


class Asked(Frozen, frozen=True):
    """One thing asked for, of an order or, with `order_id` 0, of a shop. `about` is how a person calls it."""

    shop: ShopKey
    order_id: int
    about: str


class Answer(Frozen, frozen=True):
    """What came of a wish: `result` is the agent's own word, None while it has not been done."""

    wish_id: int
    shop: str
    order_id: int
    about: str
    result: str | None


def ask(
    desk: Desk,
    kind: str,
    asked: Sequence[Asked],
    args: dict[str, str] | None = None,
    beside: Callable[[apsw.Connection, int, Asked], None] | None = None,
) -> tuple[Answer, ...]:
    """Leaves one wish for each in one transaction, and waits while an agent runs that may do them. `beside` leaves in
    the same transaction what belongs to a wish, by its number."""
    if not asked:
        return ()
    who, now_ms = person(), desk.now_ms()

    with desk.tx as tx:
        wish_ids = [
            records.wish(tx, at_ms=now_ms, who=who, kind=kind, shop=each.shop, order_id=each.order_id, args=args)
            for each in asked
        ]
        for wish_id, each in zip(wish_ids, asked, strict=True):
            if beside is not None:
                beside(tx, wish_id, each)
    results = _wait(desk, wish_ids)
    return tuple(
        Answer(wish_id=wish_id, shop=each.shop, order_id=each.order_id, about=each.about, result=results.get(wish_id))
        for wish_id, each in zip(wish_ids, asked, strict=True)
    )


def person() -> str:
    """Who asks: the user of this computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"  # A container may run under a number that has no name.


def _wait(desk: Desk, wish_ids: list[int]) -> dict[int, str]:
    give_up = time.monotonic() + WAIT_S
    while True:
        results = wish_results(desk.tx, wish_ids)
        if len(results) == len(wish_ids) or not desk.agent_runs() or time.monotonic() > give_up:
            return results
        time.sleep(LOOK_EVERY_S)


def exit_code(answers: Sequence[Answer]) -> int:
    """1 when the agent said no to one of them."""
    return NO if any(answer.result not in (None, DONE) for answer in answers) else 0


def answers_json(desk: Desk, kind: str, answers: Sequence[Answer]) -> dict[str, object]:
    """For programs: `result` is null for what has not been done yet."""
    return {"kind": kind, "agent_runs": desk.agent_runs(), "wishes": answers}


def tell(desk: Desk, answers: Sequence[Answer]) -> None:
    """One line for each that is done, and one about those that are not yet."""
    for answer in answers:
        if answer.result is not None:
            say(f"{answer.about}: {wish_result(answer.result, desk.language)}")
    waiting = [answer.about for answer in answers if answer.result is None]
    if not waiting:
        return
    named = ", ".join(waiting[:10]) + (", …" if len(waiting) > 10 else "")
    if desk.agent_runs():
        say(
            desk.text(
                f"{named}: begärt; agenten arbetar på det. Se brygga orders show.",
                f"{named}: asked for; the agent is at work on it. See brygga orders show.",
            )
        )
    else:
        say(
            desk.text(
                f"{named}: begärt. Agenten körs inte nu; det görs när den startas nästa gång.",
                f"{named}: asked for. The agent is not running now; it will be done when it next starts.",
            )
        )
