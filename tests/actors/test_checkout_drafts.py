"""A draft of the checkout becomes an order under the same id; from then on it is known by what it has become."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from agent.actors.order_direction import judge_for
from agent.actors.sights import note_sights
from agent.journal import orders, records
from agent.journal.journal import open_journal
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import OrderSight
from scenarios.play import shop_settings
from scenarios.stage import START

SHOP = ShopKey("butik")


def _sight(status: str, key: str, *, days: int, modified: int) -> OrderSight:
    born = START + timedelta(days=days)
    return OrderSight(
        order_id=ShopOrderId(7),
        status=status,
        order_key=key,
        created_at=born,
        modified_at=born + timedelta(seconds=modified),
        number="7",
        currency="SEK",
    )


async def test_a_draft_that_becomes_an_order_with_another_key_and_date_freezes_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.db", threaded=False)
    judge = judge_for(shop_settings())
    await journal.run(lambda tx: records.know_shop(tx, SHOP, "https://butik.example", ""))
    seen = (
        _sight("checkout-draft", "draft", days=0, modified=0),
        _sight("processing", "order", days=2, modified=0),
        _sight("processing", "order", days=2, modified=60),
    )
    for sight in seen:
        await journal.run(note_sights(SHOP, (sight,), 0, judge))
    row = journal.view(lambda tx: orders.get(tx, SHOP, ShopOrderId(7)))
    shop = journal.view(lambda tx: records.shop(tx, SHOP))
    journal.close()
    assert row is not None
    assert (row.order_key, row.created_at) == ("order", int((START + timedelta(days=2)).timestamp()))
    assert shop.frozen_fault == ""


async def test_an_order_that_gets_another_key_freezes_its_shop(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.db", threaded=False)
    judge = judge_for(shop_settings())
    await journal.run(lambda tx: records.know_shop(tx, SHOP, "https://butik.example", ""))
    for key in ("first", "another"):
        await journal.run(note_sights(SHOP, (_sight("processing", key, days=0, modified=0),), 0, judge))
    shop = journal.view(lambda tx: records.shop(tx, SHOP))
    journal.close()
    assert shop.frozen_fault != ""
