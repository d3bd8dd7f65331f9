"""What an order gains in the shop after its transfer is sold too, until Mamut's document and Mamut's figure have it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import apsw
import pytest

from agent.journal import aftermath, comparing, sales, standing, stock_facts
from agent.journal.schema import migrate
from agent.model.aftermath import Booked, Content
from agent.model.goods import ArticleCard, Sale, SaleLine, StockCard, WarehouseLevel
from agent.model.ids import ShopKey, ShopOrderId

SHOP, ORDER = ShopKey("butik"), ShopOrderId(1)
TRANSFERRED_MS = 1_000
NONE: frozenset[str] = frozenset()


@pytest.fixture
def tx() -> Iterator[apsw.Connection]:
    connection = apsw.Connection(":memory:")
    migrate(connection)
    card = ArticleCard(pk=7, product_no="A-7", description="Vara")
    comparing.keep_articles(connection, comparing.differing_articles(connection, [card]), 1)
    levels = (WarehouseLevel(warehouse=1, on_hand=Decimal(10)),)
    comparing.keep_stock(connection, comparing.differing_stock(connection, [StockCard("A-7", levels)]), 1)
    connection.execute(
        "INSERT INTO orders (shop, order_id, status, created_at, modified_at, state, since_ms, transferred_ms)"
        " VALUES (?, ?, 'processing', 1, 1, 'transferred', 0, ?)",
        (SHOP, ORDER, TRANSFERRED_MS),
    )
    yield connection
    connection.close()


def document(tx: apsw.Connection, qty: int, at_ms: int = 0) -> None:
    """It stands for so many pieces since then."""
    content = Content(rows=str(qty), addresses="", texts="", status="")
    goods = {70: Decimal(qty)}
    aftermath.keep_booked(tx, SHOP, ORDER, Booked(content=content, goods=goods, at_ms=at_ms))
    standing.lower(tx, SHOP, ORDER, goods)


def see(tx: apsw.Connection, qty: int, known_ms: int | None) -> frozenset[int]:
    """The shop shows the order with so many pieces; Mamut's stock was last read whole at `known_ms`."""
    line = SaleLine(product_id=70, variation_id=0, sku="A-7", qty=Decimal(qty), taken=Decimal(qty))
    seen = datetime.fromtimestamp(1_800_000_000 + qty, UTC)
    return sales.note(tx, SHOP, Sale(ORDER, "processing", seen, seen, (line,)), NONE, known_ms)


def counting(tx: apsw.Connection) -> int:
    return sum(int(each.qty) for each in stock_facts.of(tx, [7], (SHOP,))[7].unbooked)


def test_a_row_that_grows_after_the_transfer_counts_for_what_it_has_gained(tx: apsw.Connection) -> None:
    document(tx, 2)
    see(tx, 2, TRANSFERRED_MS + 1)
    assert counting(tx) == 0
    assert see(tx, 5, TRANSFERRED_MS + 1) == {7}
    assert counting(tx) == 3
    assert not sales.is_to_be_recounted(tx, SHOP, NONE, TRANSFERRED_MS + 9_000)


def test_what_was_gained_counts_until_the_stock_has_been_read_after_the_document_had_it(tx: apsw.Connection) -> None:
    document(tx, 2)
    see(tx, 2, 2_000)
    see(tx, 5, 2_000)
    document(tx, 5, at_ms=3_000)
    assert sales.recount(tx, SHOP, NONE, 3_000) == frozenset()
    assert counting(tx) == 3
    assert sales.recount(tx, SHOP, NONE, 3_001) == {7}
    assert counting(tx) == 0


def test_a_document_that_stands_for_less_is_believed_at_once(tx: apsw.Connection) -> None:
    document(tx, 3)
    see(tx, 3, 2_000)
    document(tx, 1, at_ms=3_000)
    assert counting(tx) == 2  # The shop may have gone back to three before its order was seen again.
    see(tx, 1, 2_000)
    assert counting(tx) == 0


def test_a_grown_order_counts_whole_until_its_first_document_is_in_the_figure(tx: apsw.Connection) -> None:
    document(tx, 2)
    see(tx, 5, TRANSFERRED_MS)
    assert counting(tx) == 5
    sales.recount(tx, SHOP, NONE, TRANSFERRED_MS + 1)
    assert counting(tx) == 3


def test_where_nobody_knows_what_was_booked_what_came_later_counts(tx: apsw.Connection) -> None:
    see(tx, 2, TRANSFERRED_MS + 1)
    assert counting(tx) == 0
    see(tx, 3, TRANSFERRED_MS + 1)
    assert counting(tx) == 1


def test_a_person_who_has_seen_to_it_ends_the_counting_with_the_next_reading(tx: apsw.Connection) -> None:
    document(tx, 2)
    see(tx, 5, 2_000)
    aftermath.put(tx, SHOP, ORDER, 2_500)
    row = aftermath.get(tx, SHOP, ORDER)
    assert row is not None
    content = Content(rows="5", addresses="", texts="", status="")
    judged = aftermath.Judged(content=content, goods={70: Decimal(5)})
    aftermath.settle(tx, row, outcome="attend", code="", params={}, judged=judged, due_ms=None, now_ms=2_600)
    assert aftermath.settle_by_hand(tx, SHOP, ORDER, 1, 3_000)
    sales.recount(tx, SHOP, NONE, 3_000)
    assert counting(tx) == 3
    sales.recount(tx, SHOP, NONE, 3_001)
    assert counting(tx) == 0
