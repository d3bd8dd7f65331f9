"""A recorded day holds nobody's name and no secret, and plays again without a difference."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

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
    words = set(re.findall(r"[^\W_]+", text))
    private = {each.casefold() for each in tape.private}
    private |= {digits for each in tape.private if len(digits := re.sub(r"\D", "", each)) > 6}
    # A name of a letter or two is a word of every language; what is longer is not there, alone or within another word.
    assert sorted(each for each in private if len(each) > 2 and each in words) == []
    assert sorted(each for each in private if len(each) > 4 and each in text) == []


def test_an_unchanged_agent_asks_what_it_asked_when_it_was_recorded(tape: Tape) -> None:
    report = replay_tape(tape.folder)
    assert list(report.lines())[:-1] == []
    assert report.lives == 2
    assert report.requests > 3 * ORDERS / 2


def with_shop(settings: Settings, **changes: Any) -> Settings:
    shop = settings.shop[0]
    return msgspec.structs.replace(settings, shop=(msgspec.structs.replace(shop, **changes),))


def test_another_rounding_article_shows_as_rows_that_differ(tape: Tape) -> None:
    def change(settings: Settings) -> Settings:
        return with_shop(settings, articles=msgspec.structs.replace(settings.shop[0].articles, rounding="OREN"))

    report = replay_tape(tape.folder, change)
    rows = [each for each in report.differences if re.fullmatch(r"body\.lines\[\d+\]\.product_no", each.where)]
    assert rows
    assert {(each.what, each.request, each.recorded, each.replayed) for each in rows} == {
        (What.DIFFERS, "POST /api/v1/orders", "ORESAVR", "OREN")
    }


def test_a_smaller_rounding_limit_shows_as_documents_that_are_not_made(tape: Tape) -> None:
    def change(settings: Settings) -> Settings:
        orders = msgspec.structs.replace(settings.shop[0].orders, rounding_limit=Decimal(0))
        return with_shop(settings, orders=orders)

    report = replay_tape(tape.folder, change)
    assert any(each.what is What.MISSING and each.request == "POST /api/v1/orders" for each in report.differences)
