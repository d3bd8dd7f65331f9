"""`brygga articles` of products that a shop governs: listed, shown, tried again, made inactive or kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import apsw
import pytest

from agent.journal import article_links, items, tasks
from agent.model.goods import ProductKind
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ArticleLink, ShopItem
from tests.cli.filled import GARN, START, TYG, filling
from tests.cli.test_orders import answer, call, plain

NOW_MS = int(START.timestamp() * 1000)
NAME = items.NAME

SOCK = ShopItem(
    product_id=31,
    kind=ProductKind.SIMPLE,
    kind_word="simple",
    status="publish",
    sku="S-1",
    name="Strumpa Fjäll",
    regular=Decimal("99.90"),
)
HAT = ShopItem(
    product_id=32, kind=ProductKind.SIMPLE, kind_word="simple", status="publish", sku="", name="Mössa utan nummer"
)


@contextmanager
def governed(folder: Path) -> Iterator[apsw.Connection]:
    """A journal as the agent leaves it: one product that was an article and has left its shop, one without a number."""
    with filling(folder, package="400") as journal:
        file = folder / "brygga.toml"
        text = file.read_text("utf-8").replace('.example"\n', '.example"\n[shop.to_mamut]\nenabled = true\n')
        file.write_text(text, encoding="utf-8")
        tx = journal.tx
        items.keep(tx, GARN, [(SOCK, 0), (HAT, 0)], NOW_MS)
        link = ArticleLink(product_id=31, pk=7, product_no="S-1", made=True)
        article_links.put(tx, GARN, link, NOW_MS)
        items.gone(tx, GARN, (31,), NOW_MS)
        sock, hat = (task for pk in (-31, -32) for task in tasks.of(tx, GARN, NAME, [pk]))
        tasks.hold(tx, sock, NOW_MS, GoodsReason.PRODUCT_REMOVED, {"number": "S-1"})
        tasks.say(tx, GARN, NAME, -31, NOW_MS, Said.ARTICLE_MADE)
        tasks.hold(tx, hat, NOW_MS, GoodsReason.NUMBER_MISSING)
        yield tx


def wished(tx: apsw.Connection) -> list[tuple[str, str, dict[str, str]]]:
    rows = tx.execute("SELECT kind, shop, args FROM wishes ORDER BY wish_id")
    return [(str(kind), str(shop), json.loads(str(args))) for kind, shop, args in rows]


def test_held_products_are_listed_by_name_and_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with governed(tmp_path):
        listed = answer(tmp_path, capsys, "articles")
    assert {(row["product_no"], row["description"], row["code"]) for row in listed["articles"]} == {
        ("S-1", "Strumpa Fjäll", "BRY-G75"),
        (None, "Mössa utan nummer", "BRY-G60"),
    }


def test_a_product_is_shown_with_its_article_and_what_holds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with governed(tmp_path):
        assert call(tmp_path, "articles", "show", "s-1") == 0
        text = plain(capsys.readouterr().out)
        shown = answer(tmp_path, capsys, "articles", "show", "S-1")
    assert "Strumpa Fjäll" in text
    assert "brygga articles inactivate S-1" in text
    assert shown["mamut"] == {"product_no": "S-1", "pk": 7, "made": True}
    assert (shown["gone"], shown["tasks"][0]["code"]) == (True, "BRY-G75")


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("inactivate", "S-1"), "inactivate_article"),
        (("inactivate", "--all"), "inactivate_article"),
        (("keep", "S-1"), "keep_article"),
        (("retry", "S-1"), "retry_product"),
    ],
)
def test_what_a_person_decides_is_left_for_the_agent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], kind: str
) -> None:
    with governed(tmp_path) as tx:
        assert call(tmp_path, "articles", *arguments) == 0
        assert "S-1" in plain(capsys.readouterr().out)
        assert wished(tx) == [(kind, GARN, {"product_id": "31"})]


def test_only_what_is_proposed_is_made_inactive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with governed(tmp_path) as tx:
        assert call(tmp_path, "articles", "inactivate", "S-2") == 1
        assert call(tmp_path, "articles", "inactivate", "S-1", "--shop", TYG) == 1
        assert call(tmp_path, "articles", "inactivate") == 2
        assert call(tmp_path, "articles", "keep") == 2
        assert wished(tx) == []
    assert "BRY-G75" in capsys.readouterr().err
