"""Stories of a month take minutes to play: here their beginnings, whole with `brygga replay scenarios/stories/long`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from scenarios.act import seconds
from scenarios.engine import play_story
from scenarios.story import STORIES, Expect, Story, load

PATHS = sorted((STORIES / "long").glob("*.toml"))
DAYS = 3


def beginning(story: Story, days: int) -> Story:
    """The story up to the end of a day; what it expects of the whole is left out."""
    then = tuple(act for act in story.then if seconds(act.at) < days * 86_400)
    return msgspec.structs.replace(story, minutes=days * 1_440.0, then=then, expect=Expect(kills=1))


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_the_first_days_of_a_long_story_hold(path: Path) -> None:
    played = play_story(beginning(load(path), DAYS), 1)
    assert played.broken == {}
    assert played.kills >= 1


def test_a_long_story_is_a_month() -> None:
    assert PATHS
    assert all(load(path).minutes >= 30 * 1_440 for path in PATHS)
