"""The register in the journal: what is newer stands, what cannot be told apart is not kept, families are known."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import apsw
import pytest

from agent.journal import comparing, passes, register
from agent.journal.journal import Journal, look_into, open_journal
from agent.journal.passes import Part
from agent.model.goods import ArticleCard, PriceCard, StockCard, VariantOf, WarehouseLevel

D = Decimal


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[apsw.Connection]:
    journal: Journal = open_journal(tmp_path / "journal.db", threaded=False)
    journal.close()
    connection = look_into(tmp_path / "journal.db")
    yield connection
    connection.close()


def article(pk: int, number: str, main: str = "", **fields: object) -> ArticleCard:
    variant = VariantOf(main=main, property1="S") if main else None
    return ArticleCard(pk=pk, product_no=number, description=number, variant=variant, **fields)  # type: ignore[arg-type]


def stock(number: str, on_hand: int) -> StockCard:
    return StockCard(product_no=number, levels=(WarehouseLevel(warehouse=1, on_hand=D(on_hand)),))


def keep_articles(tx: apsw.Connection, *cards: ArticleCard) -> comparing.Kept:
    return comparing.keep_articles(tx, comparing.differing_articles(tx, cards), 1000)


def keep_stock(tx: apsw.Connection, read_ms: int, *cards: StockCard) -> set[int]:
    return comparing.keep_stock(tx, comparing.differing_stock(tx, cards), read_ms)


def on_hand(tx: apsw.Connection, number: str) -> Decimal | None:
    card = register.stock_of(tx, [number]).get(number)
    return None if card is None else card.levels[0].on_hand


def test_an_answer_that_left_earlier_changes_nothing(tx: apsw.Connection) -> None:
    keep_articles(tx, article(1, "A"))
    keep_stock(tx, 5000, stock("A", 4))
    keep_stock(tx, 4000, stock("A", 9))
    assert on_hand(tx, "A") == D(4)
    assert register.stock_known_since(tx, "A") == 5000


def test_what_is_asked_for_alone_is_known_from_then_on_though_it_is_as_it_was(tx: apsw.Connection) -> None:
    keep_articles(tx, article(1, "A"))
    keep_stock(tx, 5000, stock("A", 4))
    assert comparing.keep_stock_again(tx, [stock("A", 4)], 7000) == set()
    assert register.stock_known_since(tx, "A") == 7000
    assert comparing.keep_stock_again(tx, [stock("A", 3)], 8000) == {1}
    assert (on_hand(tx, "A"), register.stock_known_since(tx, "A")) == (D(3), 8000)


def test_stock_that_a_whole_pass_left_as_it_was_is_known_since_the_pass_began(tx: apsw.Connection) -> None:
    keep_articles(tx, article(1, "A"))
    keep_stock(tx, 5000, stock("A", 4))
    passes.begin(tx, Part.STOCK, 9000)
    assert register.stock_known_since(tx, "A") == 5000
    passes.turn(tx, Part.STOCK, offset=250, total=1, seen=1, changed=0)
    passes.finish(tx, Part.STOCK, 9900)
    assert register.stock_known_since(tx, "A") == 9000


def test_an_article_is_asked_for_its_stock_when_both_are_known_whichever_came_last(tx: apsw.Connection) -> None:
    assert keep_stock(tx, 5000, stock("A", 4)) == set()
    assert keep_articles(tx, article(1, "A"), article(2, "B")).stock == {1}
    assert keep_stock(tx, 6000, stock("B", 4)) == {2}


def test_an_article_that_keeps_no_stock_is_asked_for_at_once(tx: apsw.Connection) -> None:
    keep_stock(tx, 5000, stock("A", 4))
    assert keep_articles(tx, article(1, "A", keeps_stock=False)).stock == {1}
    assert on_hand(tx, "A") is None
    kept = keep_articles(tx, article(1, "A"))
    assert kept.numbers == {"A"}  # It keeps some again: how much has to be asked.


def test_a_number_that_another_article_takes_over_forgets_whose_price_it_was(tx: apsw.Connection) -> None:
    keep_articles(tx, article(1, "A"), article(2, "B"))
    for number, price in (("A", 10), ("B", 20)):
        card = PriceCard(product_no=number, price_out=D(price))
        comparing.keep_prices(tx, comparing.differing_prices(tx, [card]), 1000)
    kept = keep_articles(tx, article(1, "C"), article(2, "A"))
    assert register.prices_of(tx, ["A", "B", "C"]) == {}
    assert kept.numbers == {"A", "C"}
    assert kept.articles == {1, 2}


def test_a_number_that_two_have_is_nobodys_and_said_of_both_once(tx: apsw.Connection) -> None:
    keep_articles(tx, article(1, "A"))
    keep_stock(tx, 5000, stock("A", 4))
    kept = keep_articles(tx, article(2, "A"))
    assert (kept.articles, kept.prices, kept.stock) == ({1, 2}, {1, 2}, {1, 2})
    assert register.twice(tx, "A") == (1, 2)
    assert keep_stock(tx, 6000, stock("A", 4)) == set()
    assert on_hand(tx, "A") is None


def test_a_variant_and_its_main_article_look_after_each_other(tx: apsw.Connection) -> None:
    keep_articles(tx, article(1, "T", properties=("Storlek",)), article(2, "T-S", "T"), article(3, "T-M", "T"))
    keep_articles(tx, article(4, "X", properties=("Storlek",)), article(5, "Y"))
    assert register.family(tx, {2}) == {1}
    assert register.family(tx, {1}) == {2, 3}
    assert register.family(tx, {5}) == set()
    kept = keep_articles(tx, article(3, "T-M", "X"))
    assert {1, 3, 4} <= kept.articles  # The one it has left, and the one it has come to.
    assert [card.pk for card in register.variants(tx, "T")] == [2]


def test_no_two_passes_have_the_same_number_or_begin_with_the_last(tx: apsw.Connection) -> None:
    begun = [passes.begin(tx, part, 1000) for part in (Part.STOCK, Part.PRICES, Part.STOCK)]
    assert len({reading.number for reading in begun}) == 3
    passes.finish(tx, Part.STOCK, 1000)
    assert not passes.of(tx, Part.STOCK).is_under_way
    assert passes.begin(tx, Part.STOCK, 1000).is_under_way
