"""Every story holds with its own seed, and what stories are written in refuses what it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.act import seconds
from scenarios.engine import play_story
from scenarios.story import STORIES, StoryError, find, load

PATHS = sorted(STORIES.glob("*.toml"))


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_the_story_holds(path: Path) -> None:
    story = load(path)
    played = play_story(story, 1)
    assert played.broken == {}


def test_there_are_at_least_forty_and_each_says_what_it_shows() -> None:
    stories = [load(path) for path in PATHS]
    assert len(stories) >= 40
    assert all(story.shows.endswith(".") for story in stories)
    assert len({story.shows for story in stories}) == len(stories)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('shows = "A."\ncolour = 1', "colour"),
        ('shows = "A."\n[[then]]\ndo = "dance"', "dance"),
        ('shows = "A."\n[[then]]\ndo = "place"\nat = "noon"', "noon"),
        ('shows = "A."\n[faults]\nnames = ["earthquake"]', "earthquake"),
        ('shows = "A."\n[shop.orders]\ntrigers = []', "trigers"),
        ("shows = ", "story.toml"),
    ],
)
def test_a_story_that_says_nonsense_is_refused_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "story.toml"
    path.write_text(text)
    with pytest.raises(StoryError, match=told):
        load(path)


def test_moments_are_minutes_hours_or_days() -> None:
    given = ("5", "5:30", "2:05:00", "3d", "1d 2:00:00", "0")
    assert [seconds(moment) for moment in given] == [300, 330, 7500, 259_200, 93_600, 0]


def test_a_story_is_found_by_its_name_its_file_or_its_folder() -> None:
    (path,) = find((Path(PATHS[0].stem),))
    assert path == PATHS[0] == find((PATHS[0],))[0] == find((STORIES,))[0]
    with pytest.raises(StoryError, match="no story"):
        find((Path("nowhere"),))
