"""The shortest history that still breaks the same check: acts and faults are left out as long as it stays broken."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from scenarios.engine import Played, play_story, without
from scenarios.story import Place, Story

PLAYS_MAX = 60
SECONDS_MAX = 60.0
"""So many plays, and so much real time, are spent on one failure."""


def shrunk(story: Story, seed: int, check: str, *, plays_max: int = PLAYS_MAX) -> tuple[Story, Played]:
    """A story in which nothing more can be left out without the check holding again, and how it ended. The faults are
    those of the seed, named."""
    best = msgspec.structs.replace(story, faults=story.faults.drawn(seed))
    ended = play_story(best, seed)
    left = plays_max
    until = time.monotonic() + SECONDS_MAX
    found = True
    while found and left > 0:
        found = False
        for smaller in _smaller(best):
            if left <= 0 or time.monotonic() > until:
                break
            left -= 1
            played = _played(smaller, seed)
            if played is not None and check in played.broken:
                best, ended, found = smaller, played, True
                break
    return best, ended


def _played(story: Story, seed: int) -> Played | None:
    played: Played | None = None
    try:
        played = play_story(story, seed)
    except* (IndexError, KeyError, ValueError):
        pass  # An act was about something that an act left out would have made: no story.
    return played


def _smaller(story: Story) -> Iterator[Story]:
    """Stories with one thing less, those that leave out most first."""
    names = story.faults.names
    for position in range(len(names)):
        less = msgspec.structs.replace(story.faults, names=(*names[:position], *names[position + 1 :]))
        yield msgspec.structs.replace(story, faults=less)
    for position in reversed(range(len(story.then))):
        yield without(story, position)
    for position, act in enumerate(story.then):
        if isinstance(act, Place) and act.count > 1:
            for count in sorted({1, act.count // 4 or 1, act.count // 2, act.count - 1}):
                fewer = msgspec.structs.replace(act, count=count)
                then = (*story.then[:position], fewer, *story.then[position + 1 :])
                yield msgspec.structs.replace(story, then=then)


def history(story: Story) -> list[str]:
    """The story's acts and faults, a line each, for people."""
    lines = [f"faults {', '.join(story.faults.names)} (share {story.faults.share})"] if story.faults.names else []
    for act in story.then:
        raw = msgspec.to_builtins(act)
        shown = ", ".join(
            f"{key} {value}"
            for key, value in raw.items()
            if key not in ("do", "at") and value not in ("", [], {}, None)
        )
        lines.append(f"{act.at:>8}  {raw['do']}  {shown}")
    return lines
