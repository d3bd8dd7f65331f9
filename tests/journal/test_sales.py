"""What counts as sold, and what a sale does to what its shop is believed to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import apsw
import pytest

from agent.journal import comparing, links, sales, stock_facts
from agent.journal.schema import migrate
from agent.model.goods import ArticleCard, ProductKind, Sale, SaleLine, ShopStock, StockCard, WarehouseLevel
from agent.model.ids import ShopKey

SHOP, OTHER = ShopKey("butik"), ShopKey("utlopp")
WRITTEN_AT = 1_800_000_000
NONE: frozenset[str] = frozenset()


@pytest.fixture
def tx() -> Iterator[apsw.Connection]:
    """An article that one shop sells, and that is believed to show ten there."""
    connection = apsw.Connection(":memory:")
    migrate(connection)
    card = ArticleCard(pk=7, product_no="A-7", description="Vara")
    comparing.keep_articles(connection, comparing.differing_articles(connection, [card]), 1)
    levels = (WarehouseLevel(warehouse=1, on_hand=Decimal(10)),)
    comparing.keep_stock(connection, comparing.differing_stock(connection, [StockCard("A-7", levels)]), 1)
    links.put(connection, SHOP, 7, product_id=70, parent_id=0, kind=ProductKind.SIMPLE, sku="A-7", made=False, now_ms=1)
    links.set_stock(connection, SHOP, 7, ShopStock(managed=True, quantity=10), WRITTEN_AT)
    yield connection
    connection.close()


def sale(
    status: str = "processing",
    *,
    order_id: int = 1,
    created: int = 60,
    modified: int | None = None,
    qty: int = 2,
    taken: int | None = 2,
    sku: str = "A-7",
    product_id: int = 70,
) -> Sale:
    """Seconds count from our last write."""
    line = SaleLine(
        product_id=product_id,
        variation_id=0,
        sku=sku,
        qty=Decimal(qty),
        taken=None if taken is None else Decimal(taken),
    )
    return Sale(
        order_id=order_id,
        status=status,
        created_at=datetime.fromtimestamp(WRITTEN_AT + created, UTC),
        modified_at=datetime.fromtimestamp(WRITTEN_AT + (created if modified is None else modified), UTC),
        lines=(line,),
    )


def note(tx: apsw.Connection, seen: Sale, shop: ShopKey = SHOP, custom: frozenset[str] = NONE) -> frozenset[int]:
    return sales.note(tx, shop, seen, custom, None)


def believed(tx: apsw.Connection) -> int | None:
    link = links.get(tx, SHOP, 7)
    assert link is not None
    return None if link.stock is None else link.stock.quantity


def unbooked(tx: apsw.Connection) -> list[tuple[str, int, int]]:
    facts = stock_facts.of(tx, [7], (SHOP, OTHER))[7]
    return [(each.shop, each.order_id, int(each.qty)) for each in facts.unbooked]


def test_a_sale_surely_after_our_write_lowers_what_is_believed(tx: apsw.Connection) -> None:
    assert note(tx, sale()) == {7}
    assert believed(tx) == 8
    assert unbooked(tx) == [("butik", 1, 2)]


@pytest.mark.parametrize("created", [-600, -1, 0, 1, 2])
def test_a_sale_that_may_be_older_than_our_write_gives_the_belief_up(tx: apsw.Connection, created: int) -> None:
    assert note(tx, sale(created=created, modified=900)) == {7}
    assert believed(tx) is None


def test_what_is_not_told_gives_the_belief_up(tx: apsw.Connection) -> None:
    note(tx, sale(taken=None))
    assert believed(tx) is None


def test_a_second_look_at_the_same_changes_nothing(tx: apsw.Connection) -> None:
    note(tx, sale())
    assert sales.is_known(tx, SHOP, sale(), NONE, None)
    assert note(tx, sale()) == frozenset()
    assert believed(tx) == 8


def test_a_change_of_status_or_meta_alone_moves_nothing(tx: apsw.Connection) -> None:
    note(tx, sale("on-hold"))
    for number, status in enumerate(("on-hold", "processing", "completed"), 1):
        assert note(tx, sale(status, modified=60 + 100 * number)) == frozenset()
    assert believed(tx) == 8


def test_a_cancelled_sale_counts_no_more_and_its_pieces_are_back(tx: apsw.Connection) -> None:
    note(tx, sale())
    assert note(tx, sale("cancelled", modified=300, taken=None)) == {7}
    assert believed(tx) == 10
    assert unbooked(tx) == []


def test_a_failed_sale_counts_no_more_though_the_shop_keeps_its_pieces(tx: apsw.Connection) -> None:
    note(tx, sale())
    assert note(tx, sale("failed", modified=300)) == {7}
    assert believed(tx) == 8
    assert unbooked(tx) == []


def test_an_order_cancelled_before_it_was_seen_is_in_doubt_only_around_our_write(tx: apsw.Connection) -> None:
    assert note(tx, sale("cancelled", created=60, taken=None)) == frozenset()
    assert believed(tx) == 10
    assert note(tx, sale("cancelled", order_id=2, created=-5, modified=20, taken=None)) == {7}
    assert believed(tx) is None


def test_goods_put_back_by_a_refund_are_taken_for_shown_and_looked_at(tx: apsw.Connection) -> None:
    note(tx, sale(qty=3, taken=3))
    assert note(tx, sale(qty=3, taken=1, modified=400)) == {7}
    assert believed(tx) == 9
    assert unbooked(tx) == [("butik", 1, 3)]


def test_a_deleted_product_leaves_the_order_what_it_was(tx: apsw.Connection) -> None:
    note(tx, sale("on-hold"))
    note(tx, sale("processing", modified=500, product_id=0, sku=""))
    assert unbooked(tx) == [("butik", 1, 2)]


def test_another_shops_sale_counts_by_its_article_number_in_any_case(tx: apsw.Connection) -> None:
    assert note(tx, sale(product_id=900, sku="a-7"), OTHER) == {7}
    assert unbooked(tx) == [("utlopp", 1, 2)]
    assert believed(tx) == 10


def test_a_status_of_the_shops_own_counts_as_a_trigger_or_when_stock_was_taken(tx: apsw.Connection) -> None:
    note(tx, sale("packad", taken=None), custom=frozenset({"packad"}))
    note(tx, sale("plockas", order_id=2, taken=2))
    note(tx, sale("offert", order_id=3, taken=None))
    note(tx, sale("processing", order_id=4))
    note(tx, sale("hos-skraddaren", order_id=4, modified=300, taken=None))
    assert [order_id for _, order_id, _ in unbooked(tx)] == [1, 2, 4]


def order(tx: apsw.Connection, state: str, *, order_id: int = 1, transferred_ms: int | None = None) -> None:
    tx.execute(
        "INSERT OR REPLACE INTO orders (shop, order_id, status, created_at, modified_at, state, reason, since_ms,"
        " transferred_ms) VALUES (?, ?, 'processing', 1, ?, ?, '', 0, ?)",
        (SHOP, order_id, WRITTEN_AT, state, transferred_ms),
    )


def test_an_order_counts_until_the_figure_was_asked_for_after_its_document_stood(tx: apsw.Connection) -> None:
    note(tx, sale())
    for transferred_ms, counts in ((0, False), (1, True), (2, True)):  # The figure was asked for at 1.
        order(tx, "transferred", transferred_ms=transferred_ms)
        assert bool(unbooked(tx)) is counts


@pytest.mark.parametrize("state", ["waiting", "held", "dead"])
def test_an_order_that_waits_is_held_or_dead_counts(tx: apsw.Connection, state: str) -> None:
    note(tx, sale())
    order(tx, state)
    assert unbooked(tx) == [("butik", 1, 2)]


def test_an_order_left_to_people_counts_no_more_until_it_is_to_go_after_all(tx: apsw.Connection) -> None:
    note(tx, sale())
    order(tx, "excluded")
    assert sales.recount(tx, SHOP, NONE, None) == {7}
    assert unbooked(tx) == []
    order(tx, "waiting")
    assert sales.recount(tx, SHOP, NONE, None) == {7}
    assert unbooked(tx) == [("butik", 1, 2)]
    assert not sales.is_to_be_recounted(tx, SHOP, NONE, None)


def test_what_mamut_surely_knows_is_forgotten_in_the_end(tx: apsw.Connection) -> None:
    note(tx, sale())
    order(tx, "transferred", transferred_ms=5)
    assert sales.recount(tx, SHOP, NONE, 5) == frozenset()
    assert sales.forget(tx, SHOP, WRITTEN_AT + 10_000) == 0
    assert sales.recount(tx, SHOP, NONE, 6) == {7}
    assert sales.forget(tx, SHOP, WRITTEN_AT + 10_000) == 1
    assert sales.known(tx, SHOP, 1) is None


def test_a_sale_that_no_look_has_shown_is_missed(tx: apsw.Connection) -> None:
    order(tx, "waiting")
    assert not sales.missed(tx, SHOP, NONE, WRITTEN_AT - 1)
    assert sales.missed(tx, SHOP, NONE, WRITTEN_AT)
    note(tx, sale())
    assert not sales.missed(tx, SHOP, NONE, WRITTEN_AT)


def test_an_order_that_is_gone_counts_no_more(tx: apsw.Connection) -> None:
    note(tx, sale("on-hold"))
    assert sales.counted(tx, SHOP, 0, 10) == [1]
    assert sales.gone(tx, SHOP, [1]) == {7}
    assert unbooked(tx) == []
    assert sales.counted(tx, SHOP, 0, 10) == []
