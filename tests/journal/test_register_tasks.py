"""Tasks: put any number of times, never lost while they are done, held until somebody says otherwise."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from agent.flows import DirectionName
from agent.journal import tasks
from agent.journal.journal import Journal, open_journal
from agent.model.ids import ShopKey

SHOP = ShopKey("butik")
STOCK = DirectionName.STOCK_TO_SHOP


@pytest.fixture
def tx(tmp_path: Path) -> apsw.Connection:
    journal: Journal = open_journal(tmp_path / "journal.db", threaded=False, synchronous=False)
    journal.close()
    return apsw.Connection(str(tmp_path / "journal.db"))


def test_what_is_put_while_it_is_done_stays(tx: apsw.Connection) -> None:
    tasks.put(tx, SHOP, STOCK, [1, 2], 1000)
    taken = tasks.due(tx, SHOP, STOCK, 1000, 10)
    tasks.put(tx, SHOP, STOCK, [2], 1500)
    tasks.done(tx, taken, 2000)
    left = tasks.due(tx, SHOP, STOCK, 2000, 10)
    assert [task.pk for task in left] == [2]
    tasks.done(tx, left, 2500)
    assert tasks.count(tx, SHOP, STOCK, 9999) == tasks.Counts()


def test_a_task_is_one_shops_and_one_directions(tx: apsw.Connection) -> None:
    tasks.put(tx, SHOP, STOCK, [1], 1000)
    tasks.put(tx, ShopKey("annan"), STOCK, [1], 1000)
    tasks.put(tx, SHOP, DirectionName.PRICES_TO_SHOP, [1], 1000)
    tasks.done(tx, tasks.due(tx, SHOP, STOCK, 1000, 10), 1000)
    assert tasks.due(tx, SHOP, STOCK, 1000, 10) == []
    assert len(tasks.due(tx, ShopKey("annan"), STOCK, 1000, 10)) == 1
    assert len(tasks.due(tx, SHOP, DirectionName.PRICES_TO_SHOP, 1000, 10)) == 1


def test_a_held_task_waits_for_a_person_or_a_change(tx: apsw.Connection) -> None:
    tasks.put(tx, SHOP, STOCK, [1, 2, 3], 1000)
    for task in tasks.due(tx, SHOP, STOCK, 1000, 10):
        tasks.hold(tx, task, 1000, "sku_twice", {"sku": "A-1"})
    assert tasks.next_due(tx, SHOP, STOCK) is None
    assert [task.code for task in tasks.held(tx, SHOP)] == ["sku_twice"] * 3
    tasks.put(tx, SHOP, STOCK, [1], 2000)
    assert tasks.release(tx, SHOP, STOCK, 2000, pks=[2]) == 1
    assert tasks.release(tx, SHOP, STOCK, 2000, code="another") == 0
    assert [(task.pk, task.code) for task in tasks.due(tx, SHOP, STOCK, 2000, 10)] == [(1, ""), (2, "")]
    assert tasks.count(tx, SHOP, STOCK, 2000) == tasks.Counts(due=2, held=1)


def test_a_change_that_came_while_it_was_decided_is_not_held(tx: apsw.Connection) -> None:
    tasks.put(tx, SHOP, STOCK, [1], 1000)
    (task,) = tasks.due(tx, SHOP, STOCK, 1000, 10)
    tasks.put(tx, SHOP, STOCK, [1], 1100)
    tasks.hold(tx, task, 1200, "price_zero")
    (again,) = tasks.due(tx, SHOP, STOCK, 1200, 10)
    assert again.code == ""


def test_an_unsure_task_keeps_its_time_though_it_is_put_again(tx: apsw.Connection) -> None:
    tasks.put(tx, SHOP, STOCK, [1], 1000)
    taken = tasks.due(tx, SHOP, STOCK, 1000, 10)
    tasks.mark_unsure(tx, taken, 61_000)
    tasks.put(tx, SHOP, STOCK, [1], 2000)
    assert tasks.due(tx, SHOP, STOCK, 60_999, 10) == []
    (task,) = tasks.due(tx, SHOP, STOCK, 61_000, 10)
    assert task.unsure == 1
    tasks.delay(tx, task, 70_000, unsure=False, code="shop_busy")
    (later,) = tasks.of(tx, SHOP, STOCK, [1, 2])
    assert (later.unsure, later.due_ms, later.attempts, later.code) == (0, 70_000, 1, "shop_busy")


def test_the_oldest_is_done_first_and_told(tx: apsw.Connection) -> None:
    tasks.put(tx, SHOP, STOCK, [9], 1000)
    tasks.put(tx, SHOP, STOCK, [1, 5], 2000)
    tasks.put(tx, SHOP, STOCK, [9], 3000)
    assert tasks.oldest(tx, SHOP, STOCK, 3000) == 1000
    assert [task.pk for task in tasks.due(tx, SHOP, STOCK, 3000, 2)] == [9, 1]
    tasks.drop(tx, SHOP, STOCK, [9])
    assert tasks.oldest(tx, SHOP, STOCK, 3000) == 2000


def test_the_last_word_on_an_article_is_kept(tx: apsw.Connection) -> None:
    tasks.say(tx, SHOP, STOCK, 7, 1000, "written", {"quantity": "4"})
    tasks.say(tx, SHOP, STOCK, 7, 2000, "unchanged")
    assert [(row.at_ms, row.code, row.params) for row in tasks.said(tx, SHOP, 7)] == [(2000, "unchanged", "{}")]
