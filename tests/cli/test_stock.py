"""`brygga stock show`: the formula with its numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import apsw
import pytest

from agent.journal import comparing, links, passes, sales, stock_facts
from agent.journal.passes import Part
from agent.journal.records import set_value
from agent.model.goods import ArticleCard, ProductKind, Sale, SaleLine, ShopStock, StockCard, WarehouseLevel
from agent.model.ids import ShopKey
from tests.cli.filled import GARN, START, TYG
from tests.cli.test_goods import goods
from tests.cli.test_orders import answer, call, plain

NOW_MS = int(START.timestamp() * 1000)
CARD = ArticleCard(pk=3, product_no="G-7", description="Garn blått", group=2)


def counted(tx: apsw.Connection) -> None:
    """Twenty on hand, three reserved; two sold in the shop, one in another, four in an order that people look after."""
    comparing.keep_articles(tx, comparing.differing_articles(tx, [CARD]), NOW_MS)
    levels = (
        WarehouseLevel(warehouse=1, on_hand=Decimal("20.00"), reserved=Decimal("3.00")),
        WarehouseLevel(warehouse=2, on_hand=Decimal("5.00"), reserved=Decimal("0.00")),
    )
    comparing.keep_stock(tx, comparing.differing_stock(tx, [StockCard(product_no="G-7", levels=levels)]), NOW_MS)
    for key, product_id in ((GARN, 70), (TYG, 71)):
        links.put(
            tx, key, 3, product_id=product_id, parent_id=0, kind=ProductKind.SIMPLE, sku="G-7", made=False, now_ms=0
        )
        set_value(tx, sales.mark_key(key), "1 |")
    links.set_stock(tx, GARN, 3, ShopStock(managed=True, quantity=9), 1)  # before the two that it sold
    for key, order_id, product_id, qty in ((GARN, 9001, 70, 2), (TYG, 9002, 71, 1)):
        sell(tx, key, order_id, product_id, qty)


def sell(tx: apsw.Connection, key: ShopKey, order_id: int, product_id: int, qty: int) -> None:
    line = SaleLine(product_id=product_id, variation_id=0, sku="G-7", qty=Decimal(qty), taken=Decimal(qty))
    sale = Sale(order_id=order_id, status="on-hold", created_at=START, modified_at=START, lines=(line,))
    sales.note(tx, key, sale, frozenset(), None)


PROFILE = "\n[shop.stock]\nwarehouses = [1]\nbuffer = 4\nshare_percent = 50\ncap = 100\n"


def profile(folder: Path, text: str) -> None:
    """The first shop's stock profile."""
    file = folder / "brygga.toml"
    head, mark, rest = file.read_text("utf-8").partition("[[shop]]")
    first, second, others = rest.partition("[[shop]]")
    file.write_text(head + mark + first + text + "\n" + second + others, encoding="utf-8")


def test_the_sum_is_shown_from_the_warehouses_to_the_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with goods(tmp_path) as tx:
        profile(tmp_path, PROFILE)
        counted(tx)
        assert call(tmp_path, "stock", "show", "G-7", "--shop", "garn") == 0
    out = capsys.readouterr().out
    told = [" ".join(line.split()) for line in plain(out).splitlines()]
    assert "lager 1: 20 finns − 3 reserverat 17" in told
    assert "lager 2: 5 finns − 0 reserverat (räknas inte) –" in told
    assert any(line.startswith("Mamuts saldo, läst") and line.endswith(" 17") for line in told)
    assert any(line.startswith("garn 9001, on-hold:") and line.endswith(" −2") for line in told)
    assert any(line.startswith("tyg 9002, on-hold:") and line.endswith(" −1") for line in told)
    assert "Kvar att sälja 14" in told
    assert "Buffert −4" in told
    assert "Butikens del: 50 %, hela 5" in told
    assert "Ska visas 5" in told
    assert "Butiken visar, så vitt vi vet 7" in told


def test_the_same_sum_comes_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with goods(tmp_path) as tx:
        profile(tmp_path, PROFILE)
        counted(tx)
        told = answer(tmp_path, capsys, "stock", "show", "G-7", "--shop", "garn")
    (shop,) = told["shops"]
    assert (shop["figure"], shop["sold"], shop["left"], shop["shared"], shop["pieces"]) == ("17.00", "3", "14.00", 5, 5)
    assert [(each["shop"], each["order_id"], each["qty"]) for each in shop["unbooked"]] == [
        ("garn", 9001, "2"),
        ("tyg", 9002, "1"),
    ]
    assert shop["wanted"]["quantity"] == 5
    assert shop["believed"]["quantity"] == 7


def test_an_order_that_people_take_care_of_is_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with goods(tmp_path) as tx:
        counted(tx)
        tx.execute(
            "INSERT INTO orders (shop, order_id, status, created_at, modified_at, state, reason, since_ms)"
            " VALUES (?, 9001, 'on-hold', 1, 1, 'excluded', 'BRY-X03', 0)",
            (GARN,),
        )
        told = answer(tmp_path, capsys, "stock", "show", "G-7", "--shop", "garn")
    assert [each["order_id"] for each in told["shops"][0]["unbooked"]] == [9002]


def test_an_order_in_mamut_counts_until_its_stock_has_been_read_after_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with goods(tmp_path) as tx:
        counted(tx)
        tx.execute(
            "INSERT INTO orders (shop, order_id, status, created_at, modified_at, state, since_ms, transferred_ms)"
            " VALUES (?, 9001, 'processing', 1, 1, 'transferred', 0, ?)",
            (GARN, NOW_MS),
        )
        before = answer(tmp_path, capsys, "stock", "show", "G-7", "--shop", "garn")
        passes.begin(tx, Part.STOCK, NOW_MS + 5)
        passes.finish(tx, Part.STOCK, NOW_MS + 9)
        stock_facts.note_whole_reading(tx, NOW_MS + 5)
        after = answer(tmp_path, capsys, "stock", "show", "G-7", "--shop", "garn")
    assert [(each["order_id"], each["why"]) for each in before["shops"][0]["unbooked"]] == [
        (9001, "transferred"),
        (9002, None),
    ]
    assert [each["order_id"] for each in after["shops"][0]["unbooked"]] == [9002]


def test_an_article_that_is_not_there_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with goods(tmp_path):
        assert call(tmp_path, "stock", "show", "FINNS-EJ") == 1
    assert "FINNS-EJ" in capsys.readouterr().err
