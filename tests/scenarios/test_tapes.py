"""A recorded day holds nobody's name and no secret, and plays again without a difference."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import msgspec
import pytest

from agent.settings.tree import Settings
from scenarios.determinism import run_in_virtual_time
from scenarios.tape_replay import replay_tape
from scenarios.tape_report import What
from tests.scenarios.shoppers import ORDERS, record_day


class Tape:
    """A recorded day, and what must not be on it."""

    def __init__(self, folder: Path, private: frozenset[str], documents: int) -> None:
        self.folder = folder
        self.private = private
        self.documents = documents

    def text(self) -> str:
        return "".join(path.read_text("utf-8") for path in sorted(self.folder.iterdir()))


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Tape:
    folder = tmp_path_factory.mktemp("day")
    private, documents = run_in_virtual_time(3, partial(record_day, folder, folder / "tape", 3))
    return Tape(folder / "tape", private, documents)


def test_a_tape_holds_no_name_address_number_or_key_of_anybody(tape: Tape) -> None:
    assert tape.documents > ORDERS / 2
    assert len(tape.private) > 200
    text = tape.text().casefold()
    # A word of a letter or two stands in every text; what is longer must not stand there by itself, nor joined.
    left = [
        word
        for word in sorted(tape.private)
        if len(word) > 2 and re.search(rf"(?<![^\W_]){re.escape(word.casefold())}(?![^\W_])", text)
    ]
    assert left == []
    assert [word for word in sorted(tape.private) if len(word) > 4 and word.casefold() in text] == []


def test_an_unchanged_agent_asks_what_it_asked_when_it_was_recorded(tape: Tape) -> None:
    report = replay_tape(tape.folder)
    assert list(report.lines())[:-1] == []
    assert report.lives == 2
    assert report.requests > 3 * ORDERS / 2


def test_a_smaller_rounding_limit_shows_as_documents_that_are_not_made(tape: Tape) -> None:
    def change(settings: Settings) -> Settings:
        shop = settings.shop[0]
        orders = msgspec.structs.replace(shop.orders, rounding_limit=0)
        return msgspec.structs.replace(settings, shop=(msgspec.structs.replace(shop, orders=orders),))

    report = replay_tape(tape.folder, change)
    assert any(each.what is What.MISSING and each.request == "POST /api/v1/orders" for each in report.differences)
