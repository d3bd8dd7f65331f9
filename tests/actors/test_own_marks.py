"""Our mark moves an order's date before the shop has answered: a listing that shows that is nobody's change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from agent.actors.sights import MARK_ANSWER_S, mark_key, note_sights
from agent.journal import aftermath, commands, orders
from agent.journal.journal import Journal, open_journal
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import OrderSight
from agent.model.reasons import Reason

SHOP, ORDER = ShopKey("butik"), ShopOrderId(1042)
NOW_MS = 1_700_000_000_000
MADE = datetime(2023, 11, 14, 12, tzinfo=UTC)
MARKED = datetime(2023, 11, 14, 13, tzinfo=UTC)
LATER_MS = NOW_MS + MARK_ANSWER_S * 1000


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """One order, transferred, whose mark is on its way to the shop."""
    made: Journal = open_journal(tmp_path / "journal.db", threaded=False, synchronous=False)
    key, at = mark_key(SHOP, ORDER), int(MADE.timestamp())
    with made._writer as tx:
        orders.insert(
            tx,
            shop=SHOP,
            order_id=ORDER,
            number="1042",
            order_key="wc_order_a",
            status="processing",
            created_at=at,
            modified_at=at,
            currency="SEK",
            total_ore=10_000,
            reason=Reason.QUEUED,
            now_ms=NOW_MS,
            to_read=False,
        )
        tx.execute("UPDATE orders SET state = 'transferred', reason = '', read_modified_at = modified_at")
        remote = commands.shop_remote(SHOP)
        commands.put(tx, key=key, remote=remote, kind="mark", shop=SHOP, order_id=ORDER, body=b"", now_ms=NOW_MS)
        commands.take(tx, remote, NOW_MS, 1)
    yield made
    made.close()


async def _shown(journal: Journal, total: str = "100.00") -> None:
    sight = OrderSight(
        order_id=ORDER,
        status="processing",
        modified_at=MARKED,
        created_at=MADE,
        number="1042",
        order_key="wc_order_a",
        total=Decimal(total),
        currency="SEK",
    )
    await journal.run(note_sights(SHOP, (sight,), NOW_MS, lambda _sight: None))


def _due(journal: Journal, at_ms: int) -> int:
    return len(journal.view(lambda tx: aftermath.due(tx, SHOP, at_ms, 10)))


async def test_a_date_that_our_mark_has_moved_waits_for_the_answer_and_is_then_forgotten(journal: Journal) -> None:
    await _shown(journal)
    assert (_due(journal, NOW_MS), _due(journal, LATER_MS)) == (0, 1)
    await journal.run(lambda tx: aftermath.was_our_mark(tx, SHOP, ORDER, NOW_MS))
    assert _due(journal, LATER_MS) == 0


async def test_a_change_beside_our_mark_is_judged_at_once_and_not_forgotten(journal: Journal) -> None:
    await _shown(journal)
    await _shown(journal, total="90.00")
    assert _due(journal, NOW_MS) == 1
    await journal.run(lambda tx: aftermath.was_our_mark(tx, SHOP, ORDER, NOW_MS))
    assert _due(journal, NOW_MS) == 1


async def test_a_moved_date_without_a_mark_on_its_way_is_judged_at_once(journal: Journal) -> None:
    await journal.run(lambda tx: commands.done(tx, mark_key(SHOP, ORDER)))
    await _shown(journal)
    assert _due(journal, NOW_MS) == 1
