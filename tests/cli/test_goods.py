"""`brygga articles`, `prices`, `register`, `pause`, `resume` and the directions in `brygga status`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import apsw
import msgspec
import pytest

from agent.flows import DirectionName
from agent.journal import comparing, directions, links, passes, tasks
from agent.journal.passes import Part
from agent.model.goods import (
    ArticleCard,
    PriceCard,
    ProductKind,
    ShopPrice,
    ShopStock,
    StockCard,
    VariantOf,
    WarehouseLevel,
)
from agent.model.said import GoodsReason, Said
from tests.cli.filled import GARN, START, TYG, filling
from tests.cli.test_orders import answer, call, plain

NOW_MS = int(START.timestamp() * 1000)
PRICES = DirectionName.PRICES_TO_SHOP
STOCK = DirectionName.STOCK_TO_SHOP

MAIN = ArticleCard(pk=7, product_no="TR-1", description="Tröja Fjäll", properties=("Färg",), price_out=Decimal("120"))
BLUE = ArticleCard(
    pk=8, product_no="TR-1B", description="Tröja Fjäll blå", variant=VariantOf(main="TR-1", property1="Blå")
)


@contextmanager
def goods(folder: Path, *, package: str = "400", flow: int = 2, language: str = "sv") -> Iterator[apsw.Connection]:
    """A journal as the agent leaves it: two articles, one of them on sale in a shop, whose price was stopped."""
    with filling(folder, package=package, language=language) as journal:
        file = folder / "brygga.toml"
        file.write_text(
            file.read_text("utf-8").replace('key = "garn"', f'key = "garn"\nflow = {flow}'), encoding="utf-8"
        )
        yield journal.tx


def stocked(tx: apsw.Connection) -> None:
    cards = comparing.differing_articles(tx, [MAIN, BLUE])
    comparing.keep_articles(tx, cards, NOW_MS)
    levels = (WarehouseLevel(warehouse=1, on_hand=Decimal("12"), reserved=Decimal("2.5")),)
    stock = comparing.differing_stock(tx, [StockCard(product_no="TR-1B", levels=levels)])
    comparing.keep_stock(tx, stock, NOW_MS)
    price = comparing.differing_prices(tx, [PriceCard(product_no="TR-1B", price_out=Decimal("120.0000"))])
    comparing.keep_prices(tx, price, NOW_MS)
    links.put(
        tx, GARN, 8, product_id=501, parent_id=500, kind=ProductKind.VARIATION, sku="TR-1B", made=True, now_ms=NOW_MS
    )
    links.set_price(tx, GARN, 8, ShopPrice(regular=Decimal("150.00")))
    links.set_stock(tx, GARN, 8, ShopStock(managed=True, quantity=9), NOW_MS // 1000)
    tasks.say(tx, GARN, STOCK, 8, NOW_MS, Said.UNCHANGED)
    tasks.put(tx, GARN, PRICES, [8], NOW_MS)
    (task,) = tasks.of(tx, GARN, PRICES, [8])
    tasks.hold(tx, task, NOW_MS, GoodsReason.PRICE_JUMP, {"old": "150.00", "new": "15.00"})
    tx.execute(
        "INSERT INTO guards (shop, pk, run, kind, old, new, at_ms) VALUES (?, 8, 3, 'jump', '150.00', '15.00', ?)",
        (GARN, NOW_MS),
    )


def test_an_article_is_shown_on_both_sides_with_what_holds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
    shown = answer(tmp_path, capsys, "articles", "show", "TR-1B")
    assert shown["mamut"]["description"] == "Tröja Fjäll blå"
    assert shown["mamut"]["stock"]["levels"][0]["on_hand"] == "12"
    (link,) = shown["shops"]
    assert (link["product_id"], link["parent_id"], link["price"]["regular"]) == (501, 500, "150.00")
    assert link["stock"]["quantity"] == 9
    assert [said["code"] for said in shown["said"]] == ["unchanged"]
    (task,) = shown["tasks"]
    assert (task["code"], task["due"], task["params"]["new"]) == ("BRY-G18", None, "15.00")
    assert "brygga prices release" in task["remedy"]
    assert call(tmp_path, "articles", "show", "TR-1B") == 0
    text = plain(capsys.readouterr().out)
    for part in ("Variant av", "TR-1 (Blå)", "12 i lager, 2.5 reserverat", "BRY-G18", "→", "Inget hade ändrats"):
        assert part in text, text


def test_an_article_is_found_by_mamut_s_number_by_a_shop_s_and_by_pk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
        links.set_sku(tx, GARN, 8, "OLD-77")
    for name in ("TR-1B", "OLD-77", "pk:8", "PK:8"):
        assert answer(tmp_path, capsys, "articles", "show", name)["mamut"]["pk"] == 8, name
    assert answer(tmp_path, capsys, "articles", "show", "TR-1")["mamut"]["variants"] == ["TR-1B"]


def test_an_article_that_is_not_there_is_an_error_with_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with goods(tmp_path, language="en"):
        pass
    for name in ("X-1", "pk:9", "pk:x"):
        assert call(tmp_path, "articles", "show", name) == 1
        assert "BRY-J09" in capsys.readouterr().err


def test_a_number_that_stands_twice_in_mamut_asks_which_one_is_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
        twin = msgspec.structs.replace(BLUE, pk=9)
        comparing.keep_articles(tx, comparing.differing_articles(tx, [twin]), NOW_MS)
    assert call(tmp_path, "articles", "show", "TR-1B") == 1
    told = capsys.readouterr().err
    assert "pk:8" in told
    assert "pk:9" in told


def test_held_and_waiting_articles_are_listed_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
        tasks.put(tx, GARN, STOCK, [7, 8], NOW_MS)
        tasks.put(tx, TYG, STOCK, [99], NOW_MS)
    for arguments, found in (
        ((), [("TR-1B", "prices_to_shop")]),
        (("--held", "--code", "bry-g18"), [("TR-1B", "prices_to_shop")]),
        (("--held", "--code", "BRY-G17"), []),
        (("--held", "--direction", "stock"), []),
        (("--waiting", "--shop", "garn"), [("TR-1", "stock_to_shop"), ("TR-1B", "stock_to_shop")]),
        (("--waiting", "--shop", "tyg"), [(None, "stock_to_shop")]),
    ):
        listed = answer(tmp_path, capsys, "articles", "list", *arguments)
        assert [(row["product_no"], row["direction"]) for row in listed["articles"]] == found, arguments
        assert listed["total"] == len(found)
    assert call(tmp_path, "articles", "list") == 0
    text = plain(capsys.readouterr().out)
    assert "Tröja Fjäll blå" in text
    assert "1 av 1" in text


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("articles", "list", "--held", "--waiting"), 2, "--waiting"),
        (("articles", "list", "--code", "BRY-G99"), 2, "BRY-G99"),
        (("articles", "list", "--direction", "bilder"), 2, "bilder"),
        (("pause", "garn", "bilder"), 2, "prices"),
        (("pause", "nope", "prices"), 2, "nope"),
        (("pause", "tyg", "prices"), 1, "tyg"),
        (("resume", "garn", "prices"), 1, "not paused"),
        (("prices", "release", "garn"), 1, "No price"),
        (("articles", "retry", "TR-1B", "--shop", "tyg"), 1, "governs nothing"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, says: str
) -> None:
    with goods(tmp_path, language="en") as tx:
        stocked(tx)
        tx.execute("DELETE FROM guards")
    assert call(tmp_path, *arguments) == code
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("arguments", "kind", "args"),
    [
        (("pause", "garn", "prices"), "pause", {"direction": "prices_to_shop"}),
        (("pause", "garn", "prices_to_shop"), "pause", {"direction": "prices_to_shop"}),
        (("pause", "garn", "price-lists"), "pause", {"direction": "price_lists_to_shop"}),
        (("pause", "tyg", "orders"), "pause", {"direction": "orders_to_mamut"}),
        (("articles", "retry", "TR-1B"), "retry_article", {"pk": "8", "direction": ""}),
        (
            ("articles", "retry", "pk:8", "--direction", "stock"),
            "retry_article",
            {"pk": "8", "direction": "stock_to_shop"},
        ),
        (("prices", "release", "garn"), "release_prices", {"pk": ""}),
        (("prices", "release", "garn", "--article", "TR-1B"), "release_prices", {"pk": "8"}),
        (("register", "--read-now"), "read_register", {}),
    ],
)
def test_what_is_asked_for_is_left_for_the_agent(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    kind: str,
    args: dict[str, str],
) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
    asked = answer(tmp_path, capsys, *arguments)
    assert asked["kind"] == kind
    assert [wish["result"] for wish in asked["wishes"]] == [None]
    with goods(tmp_path) as tx:
        left = tx.execute("SELECT shop, kind, args, done_ms FROM wishes").fetchall()
    shop = "tyg" if "tyg" in arguments else "garn"
    assert [(key, named, json.loads(str(text)), done) for key, named, text, done in left] == [(shop, kind, args, None)]


def test_stopped_prices_are_listed_until_somebody_lets_them_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
        tx.execute(
            "INSERT INTO guards (shop, pk, run, kind, old, new, at_ms, released_by, released_ms)"
            " VALUES (?, 7, 2, 'zero', '120.00', '0.00', ?, 'anna', ?)",
            (GARN, NOW_MS, NOW_MS + 1000),
        )
    (row,) = answer(tmp_path, capsys, "prices", "guards")["guards"]
    assert (row["product_no"], row["old"], row["new"], row["kind"]) == ("TR-1B", "150.00", "15.00", "jump")
    (row,) = answer(tmp_path, capsys, "prices", "guards", "--released")["guards"]
    assert (row["product_no"], row["released_by"]) == ("TR-1", "anna")
    assert call(tmp_path, "prices") == 0
    text = plain(capsys.readouterr().out)
    assert "stor ändring" in text
    assert "brygga prices release" in text


def test_an_article_is_found_by_parts_of_its_words_and_shown_on_both_sides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
    found = answer(tmp_path, capsys, "articles", "find", "tr-1b")
    assert [(each["product_no"], each["shops"]) for each in found["articles"]] == [("TR-1B", ["garn"])]
    sides = answer(tmp_path, capsys, "articles", "show", "TR-1B")["sides"]
    assert list(sides) == ["garn"]
    assert sides["garn"]["fields"]["number"]["differs"] is False
    assert sides["garn"]["fields"]["name"]["shop"] is None
    assert call(tmp_path, "articles", "show", "TR-1B") == 0
    assert "inte läst" in capsys.readouterr().out
    assert call(tmp_path, "articles", "find", "finns ej") == 1


def test_the_register_tells_how_far_each_part_has_been_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with goods(tmp_path) as tx:
        stocked(tx)
        passes.begin(tx, Part.ARTICLES, NOW_MS)
        passes.turn(tx, Part.ARTICLES, offset=250, total=1000, seen=250, changed=3)
        passes.begin(tx, Part.STOCK, NOW_MS)
        passes.turn(tx, Part.STOCK, offset=1000, total=1000, seen=1000, changed=1)
        passes.finish(tx, Part.STOCK, NOW_MS + 5)
    told = answer(tmp_path, capsys, "register")
    assert told["articles"] == 2
    articles, stock = told["parts"]
    assert (articles["part"], articles["under_way"], articles["offset"], articles["total"]) == (
        "articles",
        True,
        250,
        1000,
    )
    assert (stock["part"], stock["under_way"], stock["changed"]) == ("stock", False, 1)
    assert call(tmp_path, "register") == 0
    assert "läses: 250 (25 %)" in plain(capsys.readouterr().out)


def test_status_shows_each_direction_with_what_lies_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as journal:
        journal.transferred("7", 5_000, shop=TYG)
    with goods(tmp_path) as tx:
        stocked(tx)
        tasks.put(tx, GARN, STOCK, [7, 8], NOW_MS)
        directions.ran(tx, GARN, STOCK, NOW_MS, Said.WRITTEN, {"rows": "3", "held": "0"}, written=3, requests=1)
        directions.pause(tx, GARN, PRICES, "anna", NOW_MS)
    code = call(tmp_path, "status", "--json")
    told = json.loads(capsys.readouterr().out)
    assert code == 1, "no agent runs"
    found = {(row["shop"], row["direction"]): row for row in told["directions"]}
    stock, prices = found["garn", "stock_to_shop"], found["garn", "prices_to_shop"]
    assert (stock["off"], stock["due"], stock["written"], stock["code"]) == (None, 2, 3, "written")
    assert stock["oldest_due"] is not None
    assert (prices["paused"]["by"], prices["held"]) == ("anna", 1)
    assert found["garn", "statuses_to_shop"]["off"] == "settings"
    assert found["garn", "price_lists_to_shop"]["off"] == "settings"
    assert found["tyg", "stock_to_shop"]["off"] == "flow"
    assert (found["tyg", "orders_to_mamut"]["off"], found["tyg", "orders_to_mamut"]["written"]) == (None, 1)
    assert told["stopped_prices"] == 1
    call(tmp_path, "status")
    text = plain(capsys.readouterr().out)
    assert "lagersaldo" in text
    assert "av anna" in text
    assert "Stoppade priser: 1" in text


@pytest.mark.parametrize(("package", "off"), [("100", "package"), ("200", None)])
def test_a_direction_is_off_unless_the_package_gives_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], package: str, off: str | None
) -> None:
    with goods(tmp_path, package=package):
        pass
    call(tmp_path, "status", "--json")
    told = json.loads(capsys.readouterr().out)
    found = {(row["shop"], row["direction"]): row["off"] for row in told["directions"]}
    assert found["garn", "stock_to_shop"] == off
    assert found["garn", "products_to_shop"] is None


def test_the_pace_towards_a_shop_is_shown_with_its_budget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from agent.actors.pace_keeper import paces
    from agent.journal import records
    from agent.remote.pace import PaceShown

    shown = PaceShown(
        asked_last_minute=210,
        requests_a_minute=600,
        limit=1,
        most=3,
        under_way=0,
        waiting=0,
        waited_s=0.0,
        lowered="http_429",
        lowered_ago_s=2.0,
    )
    with goods(tmp_path, language="en") as tx:
        records.set_value(tx, "pace/garn", msgspec.json.encode(shown).decode())
        records.set_value(tx, "start/garn", "None")
        assert paces(tx) == (("garn", shown),)
    call(tmp_path, "status")
    told = capsys.readouterr().out
    assert "Pace towards garn: 210 of 600 requests last minute, at most 1 of 3 at once; lowered: http_429" in told
