"""The shop's cron: only visits start it, at most once a minute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulators.woocommerce.ids import Series
from simulators.woocommerce.work import Work


def test_nothing_is_done_while_nobody_visits() -> None:
    work, done = Work(Series()), list[int]()
    work.on("hook", done.append)
    work.visit(1000)
    work.queue("hook", 7, 1001)
    assert done == []
    assert work.visit(5000)
    assert done == [7]


def test_work_that_is_not_due_yet_waits_and_due_work_is_done_in_order() -> None:
    work, done = Work(Series()), list[int]()
    work.on("hook", done.append)
    for argument, due in ((3, 30), (1, 10), (9, 900), (2, 10)):
        work.queue("hook", argument, due)
    work.run(100)
    assert done == [1, 2, 3]
    assert work.waiting("hook", 9)
    assert not work.waiting("hook", 1)


def test_work_that_queues_work_for_now_is_done_in_the_same_run() -> None:
    work, done = Work(Series()), list[int]()

    def again(argument: int) -> None:
        done.append(argument)
        if argument < 3:
            work.queue("hook", argument + 1, 50)

    work.on("hook", again)
    work.queue("hook", 1, 50)
    work.run(50)
    assert done == [1, 2, 3]


def test_a_late_visit_does_not_move_the_minute() -> None:
    work = Work(Series())
    assert work.visit(1000)
    assert work.visit(1095)
    assert not work.visit(1110)
    assert work.visit(1120)


@given(st.lists(st.integers(min_value=0, max_value=600), min_size=1, max_size=60))
def test_cron_starts_at_most_once_a_minute(visits: list[int]) -> None:
    work = Work(Series())
    runs = [moment for moment in sorted(visits) if work.visit(moment)]
    minutes = [(moment - runs[0]) // 60 for moment in runs]
    assert len(set(minutes)) == len(minutes)
