"""What must hold of those who ask the agent for something, and of those who are told."""

from __future__ import annotations

from agent.model.reasons import OrderState
from scenarios.ended import Check, Ended

HERALD = "herald"
"""What the stories' plugin says of each document that it is told of."""


def who_asked_is_answered(ended: Ended) -> list[str]:
    """Every wish has its answer once the agent rests; nothing that somebody had begun stays half done."""
    if not ended.rested or ended.frozen:
        return []
    broken = [f"who asked for {kind} has no answer" for kind, result in ended.asked.answers if result is None]
    broken += [f"the examination of {key} has not ended" for key in ended.asked.half_examined]
    return broken + (["a synchronisation is still open"] if ended.asked.sync_open else [])


def what_is_told_by_mail_is_told_as_one(ended: Ended) -> list[str]:
    """A letter that comes twice has the identity of the first, so that the merchant's mail shows one."""
    if ended.beside is None:
        return []
    told: dict[tuple[str, str], set[str]] = {}
    for letter in ended.beside.letters:
        told.setdefault((letter.subject, letter.text), set()).add(letter.identity)
    return [f"{subject!r} came as {len(found)} letters" for (subject, _), found in told.items() if len(found) > 1]


def it_is_known_when_the_agent_started(ended: Ended) -> list[str]:
    """And that nothing is said of the disk any more once there is room."""
    if ended.beside is None or "watch" not in ended.beside.companions:
        return []
    broken = [] if ended.beside.started else ["it is not known when the agent started"]
    return broken + (["the disk is told to be full"] if ended.beside.room_mb is not None else [])


def the_admin_lets_the_first_user_in(ended: Ended) -> list[str]:
    """Where it is served is known, and the code that was shown last is good."""
    if ended.beside is None or "admin" not in ended.beside.companions:
        return []
    broken = [] if ended.beside.address else ["nobody is told where the admin is"]
    return broken + ([] if ended.beside.code_is_good else ["the code that was shown last is not good"])


def plugins_are_told_of_every_document(ended: Ended) -> list[str]:
    """At least once; more often only where the agent died before it had noted that it had told."""
    lines = [line for line in ended.trace.log_lines if line.get("event") == HERALD]
    if all(plugin.name != "brygga-herald" for shop in ended.settings.shop for plugin in shop.plugins):
        return []
    told = [str(line["number"]) for line in lines]
    stand = {row.external_no for row in ended.rows if row.state == OrderState.TRANSFERRED.value}
    kills = sum(1 for entry in ended.trace.entries if entry.kind == "killed")
    broken = [f"no plugin was told of {number}" for number in sorted(stand - set(told))]
    return broken + [f"{number} was told again and again" for number in set(told) if told.count(number) > 1 + kills]


CHECKS: tuple[Check, ...] = (
    who_asked_is_answered,
    what_is_told_by_mail_is_told_as_one,
    it_is_known_when_the_agent_started,
    the_admin_lets_the_first_user_in,
    plugins_are_told_of_every_document,
)
