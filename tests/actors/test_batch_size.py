"""How much is asked of a shop at once: by what it did with the last request."""

from __future__ import annotations

import pytest

from agent.actors.batch_size import SLOW_S, BatchSize
from agent.remote.trouble import Trouble, TroubleKind


def test_an_answer_that_was_near_to_none_halves_what_is_asked_next() -> None:
    size = BatchSize(100)
    size.worked(SLOW_S + 1)
    assert size.now == 50


def test_a_slow_answer_is_no_reason_to_ask_for_more() -> None:
    size = BatchSize(100)
    size.now = 40
    size.worked(SLOW_S * 0.75)
    assert size.now == 40
    size.worked(SLOW_S / 2)
    assert size.now == 41


def test_it_never_asks_for_nothing_nor_for_more_than_all() -> None:
    size = BatchSize(2)
    for _ in range(4):
        size.worked(SLOW_S * 2)
    assert size.now == 1
    for _ in range(4):
        size.worked()
    assert size.now == 2


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(TroubleKind.NOT_NOW, "answer_lost"),
        Trouble(TroubleKind.REFUSED, "http_413"),
        Trouble(TroubleKind.UNSURE, "http_504"),
        Trouble(TroubleKind.GARBLED, "answer_too_large"),
    ],
)
def test_trouble_that_a_smaller_request_may_not_meet_halves_it(trouble: Trouble) -> None:
    size = BatchSize(100)
    size.failed(trouble)
    assert size.now == 50


def test_a_refusal_says_nothing_about_the_size() -> None:
    size = BatchSize(100)
    size.failed(Trouble(TroubleKind.REFUSED, "rest_invalid_param"))
    size.failed(Trouble(TroubleKind.NOT_NOW, "connect_failed"))
    assert size.now == 100
