"""One entry of the catalogue: what a code is called, why it comes, what to do."""

from __future__ import annotations

from agent.model.order import Frozen
from agent.model.words import Words


class Entry(Frozen, frozen=True):
    """Texts may hold placeholders ("{article}"), the same ones in both languages."""

    title: Words
    cause: Words
    remedy: Words


def entry(title: Words, cause: Words, remedy: Words) -> Entry:
    return Entry(title=title, cause=cause, remedy=remedy)
