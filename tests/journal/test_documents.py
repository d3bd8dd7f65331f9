"""What is kept of an order after its transfer: whom to follow, what is under way, what waits for a person."""

from __future__ import annotations

from pathlib import Path

import apsw
import msgspec
import pytest

from agent.decide.statuses import Part, Progress
from agent.journal import documents, orders
from agent.journal.journal import look_into, open_journal
from agent.journal.orders import OrderRow
from agent.model.goods import Parcel
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Reason

SHOP = ShopKey("butik")
ORDER = ShopOrderId(7)


@pytest.fixture
def tx(tmp_path: Path) -> apsw.Connection:
    open_journal(tmp_path / "journal.db", threaded=False).close()
    return look_into(tmp_path / "journal.db")


def transferred(tx: apsw.Connection, order_id: ShopOrderId = ORDER, *, key: str = "wc_a", no: int = 500) -> OrderRow:
    if orders.get(tx, SHOP, order_id) is None:
        orders.insert(
            tx,
            shop=SHOP,
            order_id=order_id,
            number=str(order_id),
            order_key=key,
            status="processing",
            created_at=100,
            modified_at=100,
            currency="SEK",
            total_ore=100,
            reason=Reason.NOT_READ,
            now_ms=1,
            to_read=False,
        )
    orders.set_transferred(
        tx,
        SHOP,
        order_id,
        external_no=f"butik:{order_id}",
        mamut_order_no=no,
        mamut_total_ore=100,
        custid=None,
        adopted=False,
        counted_month="2026-11",
        now_ms=no,
    )
    row = orders.get(tx, SHOP, order_id)
    assert row is not None
    return row


def followed(tx: apsw.Connection, **changes: object) -> documents.DocumentRow:
    documents.follow(tx, transferred(tx), 0, 0)
    row = documents.get(tx, SHOP, ORDER)
    assert row is not None
    row = msgspec.structs.replace(row, **changes)
    documents.save(tx, row)
    return row


def test_what_mamut_showed_is_kept_whole(tx: apsw.Connection) -> None:
    progress = Progress(
        delivered=Part.SOME,
        invoiced=Part.WHOLE,
        paid=Part.NONE,
        total_ore=1,
        credited_ore=2,
        parcels=(Parcel(carrier="PostNord", number="A"),),
        invoice_nos=(7, 8),
    )
    documents.save(tx, followed(tx).having(progress))
    kept = documents.get(tx, SHOP, ORDER)
    assert kept is not None
    assert kept.progress == progress


def test_an_order_is_taken_up_once(tx: apsw.Connection) -> None:
    order = transferred(tx)
    assert [each.order_id for each in documents.not_followed(tx, SHOP, 0, 10)] == [ORDER]
    assert documents.not_followed(tx, SHOP, 501, 10) == []
    documents.follow(tx, order, 0, 0)
    assert documents.not_followed(tx, SHOP, 0, 10) == []


def test_an_order_made_anew_in_mamut_keeps_what_its_customer_was_told(tx: apsw.Connection) -> None:
    followed(tx, acted="delivered")
    documents.keep_mailed(tx, SHOP, ORDER, "delivered", 1, "note", "sent")
    documents.follow(tx, transferred(tx, no=600), 0, 0)
    row = documents.get(tx, SHOP, ORDER)
    assert row is not None
    assert (row.order_no, row.acted) == (600, "delivered")
    assert list(documents.mailed(tx, SHOP, ORDER)) == ["delivered"]


def test_another_order_with_the_same_id_begins_afresh(tx: apsw.Connection) -> None:
    followed(tx, acted="delivered")
    documents.keep_mailed(tx, SHOP, ORDER, "delivered", 1, "note", "sent")
    order = msgspec.structs.replace(transferred(tx, no=600), order_key="wc_b")
    documents.follow(tx, order, 0, 0)
    row = documents.get(tx, SHOP, ORDER)
    assert row is not None
    assert (row.order_key, row.acted) == ("wc_b", "")
    assert documents.mailed(tx, SHOP, ORDER) == {}


def test_a_held_order_is_woken_by_a_change_in_the_shop_alone(tx: apsw.Connection) -> None:
    followed(tx, event="delivered", step="status", due_ms=None, seen_at=100)
    assert documents.changed_in_shop(tx, SHOP, 10) == []
    order = orders.get(tx, SHOP, ORDER)
    assert order is not None
    orders.set_sight(tx, order, status="processing", modified_at=101, total_ore=90, number="7")
    assert [row.order_id for row in documents.changed_in_shop(tx, SHOP, 10)] == [ORDER]


def test_a_person_retries_what_is_held_and_nothing_else(tx: apsw.Connection) -> None:
    assert not documents.retry(tx, SHOP, ORDER, 5)
    followed(tx, event="delivered", step="mail", due_ms=1)
    assert not documents.retry(tx, SHOP, ORDER, 5)
    followed(tx, event="delivered", step="capture", due_ms=None)
    assert documents.count(tx, SHOP).held == 1
    assert documents.retry(tx, SHOP, ORDER, 5)
    row = documents.get(tx, SHOP, ORDER)
    assert row is not None
    assert (row.step, row.due_ms, row.asked) == ("status", 5, 1)


def test_a_proof_that_is_waited_for_keeps_nobody_from_ending(tx: apsw.Connection) -> None:
    followed(tx, event="delivered", step="capture", due_ms=900)
    assert not documents.is_any_under_way(tx, SHOP, 899)
    assert documents.is_any_under_way(tx, SHOP, 900)
    followed(tx, event="delivered", step="status", due_ms=900)
    assert documents.is_any_under_way(tx, SHOP, 1)
