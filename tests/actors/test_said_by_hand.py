"""What people say of an order counts until they take it back: corrections, who the buyer is, which document is its."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.actors.wishes import DONE
from agent.app import Agent
from agent.journal import by_hand, orders, users
from agent.journal.by_hand import Asked
from agent.journal.erase import erase
from agent.model.ids import ShopKey, ShopOrderId
from agent.settings.tree import CustomerSettings, MatchBy, ProbableChoice
from scenarios.play import StepKill, When, shop_settings, suppress_killed
from simulators.mamut.contacts import ContactBody
from simulators.mamut.lines import LineBody
from simulators.mamut.orders import OrderBody
from simulators.mamut.records import Document
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal


def ask(shop: SmallShop, kind: str, order_id: int, **args: str) -> int:
    """Leaves a wish as a page does, of another process or not."""
    key, now_ms = ShopKey(shop.side.key), int(shop.world.calendar.now().timestamp() * 1000)
    with shop.world.look() as tx:
        return users.wish(tx, at_ms=now_ms, who="kim", kind=kind, shop=key, order_id=order_id, args=args)


def correct(shop: SmallShop, order_id: int, **fields: str | None) -> None:
    """`a__b` is the field `a.b`."""
    asked = [Asked(field=name.replace("__", "."), value=value) for name, value in fields.items()]
    wish_id = ask(shop, "correct", order_id)
    with shop.world.look() as tx, tx:
        by_hand.ask_to_correct(tx, wish_id, ShopKey(shop.side.key), ShopOrderId(order_id), asked)


def results(shop: SmallShop) -> list[str]:
    with shop.world.look() as tx:
        rows = tx.execute("SELECT result FROM wishes ORDER BY wish_id").fetchall()
    return [str(result) for (result,) in rows]


async def live(shop: SmallShop, seconds: float, *kills: StepKill) -> bool:
    """A life of the agent; true when it was killed in it."""
    journal = shop.world.open_journal()
    journal.kills = kills
    try:
        with suppress_killed() as killed:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(Agent(shop.world.settings, shop.world.secrets(), journal, shop.world.world()).run)
                await trio.sleep(seconds)
                journal.dead = True
                nursery.cancel_scope.cancel()
        return bool(killed)
    finally:
        journal.close()


def document(shop: SmallShop, order_id: int) -> Document:
    (found,) = [each for each in shop.world.mamut.orders() if each.external_no == f"butik:{order_id}"]
    return found


def known(shop: SmallShop, email: str) -> int:
    """Somebody whom Mamut knows by this address: the customer number."""
    shop.world.mamut.act("contact.create", "", ContactBody(name="Någon Annan", email=email, kinds=["customer"]))
    (custid,) = {each.custid for each in shop.world.mamut.contacts() if each.email == email}
    return custid


def article_field(shop: SmallShop, order_id: int) -> str:
    return f"line.{shop.side.orders()[order_id]['line_items'][0]['id']}.article_no"


@pytest.mark.parametrize("when", ["before", "after"])
async def test_what_is_corrected_is_sent_once_whatever_step_it_dies_in_and_stays_so_when_the_shop_changes_more(
    opened: Opened, autojump_clock: MockClock, when: When
) -> None:
    async with opened() as shop:
        wrong = shop.side.do("POST", "/products", {"name": "Vara", "sku": "FEL-1", "regular_price": "49.00"})["id"]
        order_id = shop.order(1, line_items=[{"product_id": wrong, "quantity": 2}])
        await live(shop, 120)
        assert shop.states()[order_id] == ("held", "BRY-H02")
        correct(shop, order_id, **{article_field(shop, order_id): "B-00004", "billing__postcode": "111 22"})
        for step in ("wish", "decide", "documents_tried"):
            assert await live(shop, 120, StepKill(step=step, when=when)), step
        await live(shop, 120)
        assert results(shop) == [DONE]
        assert_once_and_equal(shop, [order_id])
        made = document(shop, order_id)
        assert made.lines[0].product_no == "B-00004"
        assert "111 22" in made.invoice_address
        assert "corrected" in shop.story(order_id)
        # The shop changes something else: the document follows, with what was corrected.
        shop.side.do("PUT", f"/orders/{order_id}", {"customer_note": "Ring på dörren"})
        await live(shop, 600)
        made = document(shop, order_id)
        assert "Ring på dörren" in made.packing_text
        assert (made.lines[0].product_no, "111 22" in made.invoice_address) == ("B-00004", True)


async def test_a_correction_yields_to_what_the_shop_says_later_only_when_a_person_says_so(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        wrong = shop.side.do("POST", "/products", {"name": "Vara", "sku": "FEL-1", "regular_price": "49.00"})["id"]
        lines = [{"product_id": wrong, "quantity": 2}]
        overtaken, needless, refused = (shop.order(number, line_items=lines) for number in (1, 2, 3))
        await live(shop, 120)
        correct(shop, overtaken, billing__postcode="111 22")
        correct(shop, needless, billing__postcode="111 22")
        correct(shop, refused, billing__country="Sverige")
        await live(shop, 120)
        assert results(shop) == [DONE, DONE, "value_wrong"]
        assert set(shop.states().values()) == {("held", "BRY-H02")}
        for order_id, postcode in ((overtaken, "333 33"), (needless, "111 22")):
            billing = {**shop.side.orders()[order_id]["billing"], "postcode": postcode}
            shop.side.do("PUT", f"/orders/{order_id}", {"billing": billing})
        await live(shop, 300)
        assert shop.states()[overtaken] == ("held", "BRY-H30")
        assert "correction_needless" in shop.story(needless)
        # Taken back, the shop's word counts.
        correct(shop, overtaken, **{"billing__postcode": None, article_field(shop, overtaken): "B-00002"})
        correct(shop, needless, **{article_field(shop, needless): "B-00003"})
        await live(shop, 300)
        assert_once_and_equal(shop, [overtaken, needless])
        assert "333 33" in document(shop, overtaken).invoice_address
        correct(shop, overtaken, billing__postcode="1")
        await live(shop, 60)
        assert results(shop)[-1] == "already_transferred"


async def test_who_a_buyer_is_is_asked_once_and_remembered_for_all_orders_of_theirs(
    opened: Opened, autojump_clock: MockClock
) -> None:
    customers = CustomerSettings(probable=ProbableChoice.HOLD)
    async with opened(settings=shop_settings(customers=customers)) as shop:
        custid = known(shop, "kund1@post.example")
        first, second, other = shop.order(1), shop.order(1), shop.order(2)
        await live(shop, 120)
        assert [shop.states()[each] for each in (first, second)] == [("held", "BRY-H17")] * 2
        assert_once_and_equal(shop, [other])
        ask(shop, "choose_customer", first, custid=str(custid))
        await live(shop, 300)
        later = shop.order(1)
        await live(shop, 300)
        assert_once_and_equal(shop, [first, second, other, later])
        assert results(shop) == [DONE]
        with shop.world.look() as tx:
            rows = tx.execute("SELECT DISTINCT custid FROM orders WHERE order_id <> ?", (other,)).fetchall()
        assert rows == [(custid,)]


async def test_one_who_only_seems_known_becomes_a_new_customer_and_a_key_may_be_sure(
    opened: Opened, autojump_clock: MockClock
) -> None:
    customers = CustomerSettings(probable=ProbableChoice.HOLD)
    async with opened(settings=shop_settings(customers=customers)) as shop:
        known(shop, "kund1@post.example")
        count = len(shop.world.mamut.contacts())
        first = shop.order(1)
        await live(shop, 120)
        for text in ("", "x"):
            ask(shop, "choose_customer", first, custid=text)
        ask(shop, "choose_customer", first, custid="0")
        await live(shop, 300)
        assert results(shop) == ["nothing_chosen", "customer_no_wrong", DONE]
        assert_once_and_equal(shop, [first])
        assert len(shop.world.mamut.contacts()) == count + 1
        # What the merchant calls sure is not asked about.
        sure = msgspec.structs.replace(customers, sure=(MatchBy.EMAIL,))
        shop.world.change("butik", shop_settings(customers=sure))
        custid = known(shop, "kund2@post.example")
        second = shop.order(2)
        await live(shop, 300)
        assert document(shop, second).custid == custid


async def test_an_order_is_tied_to_another_document_only_where_nothing_speaks_against_it_or_a_person_insists(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_id, other = shop.order(1), shop.order(2)
        await live(shop, 120)
        ours, theirs = document(shop, order_id), document(shop, other)
        for number in (ours.order_no, theirs.order_no, 4711):
            ask(shop, "relink", order_id, mamut_order_no=str(number))
        await live(shop, 60)
        assert results(shop) == [DONE, f"document_belongs_to_{other}", "document_unknown"]
        # Somebody has made it anew in Mamut, first with a row too few.
        lines = [
            LineBody(product_no=row.product_no, qty=row.qty, line_sum=row.line_sum, vat_code=row.vat_code)
            for row in ours.lines
        ]
        made = []
        for rows in (lines[:1], lines):
            shop.world.mamut.act("order.create", "", OrderBody(kind="order", contid=1, currency="SEK", lines=rows))
            made.append(shop.world.mamut.orders()[-1].order_no)
        ask(shop, "relink", order_id, mamut_order_no=str(made[0]))
        ask(shop, "relink", order_id, mamut_order_no=str(made[1]))
        await live(shop, 60)
        assert results(shop)[3:] == ["amount_differs", "old_stands"]
        shop.world.mamut.staff.cancel(ours.order_no)
        ask(shop, "relink", order_id, mamut_order_no=str(made[1]))
        assert await live(shop, 60, StepKill(step="relink_document", when="after"))
        await live(shop, 120)
        assert results(shop)[5:] == [DONE]
        marks = [
            row["value"] for row in shop.side.orders()[order_id]["meta_data"] if row["key"] == "_brygga_mamut_order_no"
        ]
        assert marks == [str(made[1])]
        with shop.world.look() as tx:
            assert tx.execute("SELECT orders FROM usage").fetchall() == [(2,)], "an order is counted once"
        assert shop.states()[order_id] == ("transferred", "")


async def test_what_was_said_of_a_person_is_erased_with_them(
    opened: Opened, autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with opened(settings=shop_settings(customers=CustomerSettings(probable=ProbableChoice.HOLD))) as shop:
        custid = known(shop, "kund1@post.example")
        order_id = shop.order(1)
        await live(shop, 120)
        correct(shop, order_id, billing__street="Zebrastigen 99")
        ask(shop, "choose_customer", order_id, custid=str(custid))
        await live(shop, 300)
        assert_once_and_equal(shop, [order_id])
        with shop.world.look() as tx:
            rows = list(orders.get_many(tx, ShopKey("butik"), [ShopOrderId(order_id)]).values())
            assert by_hand.corrections_of(tx, ShopKey("butik"), ShopOrderId(order_id))
        erase(shop.world.journal_path, rows, at_ms=1, who="anna")
        with shop.world.look() as tx:
            for table in ("corrections", "corrections_asked", "matches", "customer_choices"):
                assert tx.execute(f"SELECT 1 FROM {table}").fetchall() == [], table  # noqa: S608 - names of this test
        assert await trio.to_thread.run_sync(holds, tmp_path, b"Zebrastigen") is False


def holds(folder: Path, sign: bytes) -> bool:
    return any(sign in path.read_bytes() for path in folder.glob("journal.db*"))
