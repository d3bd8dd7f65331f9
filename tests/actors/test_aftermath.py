"""What the shop changes of an order after its transfer follows in Mamut, is credited once, or waits for a person."""

from __future__ import annotations

from decimal import Decimal

import trio
from trio.testing import MockClock

from agent.settings.tree_aftermath import AftermathSettings, CancelledChoice, EditedChoice, RefundedChoice
from scenarios.play import shop_settings
from tests.actors.aftermath_shop import ChangedShop
from tests.actors.small_shop import Opened

# -- cancelled and removed --------------------------------------------------------------------------------------------


async def test_an_order_cancelled_in_the_shop_is_cancelled_in_mamut(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.edit(order_id, status="cancelled")
        await shop.look()
        assert shop.document(order_id).status == "cancelled"
        assert shop.outcome(order_id) == ("cancelled", "after_cancelled")
        assert small.states()[order_id] == ("transferred", "")


async def test_an_order_cancelled_after_its_delivery_waits_for_a_person(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.deliver(order_id)
        shop.edit(order_id, status="cancelled")
        await shop.look()
        assert shop.document(order_id).status == "processed_order"
        assert shop.outcome(order_id) == ("attend", "BRY-A01")


async def test_an_order_that_comes_back_to_life_after_its_document_was_cancelled_is_shown(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.edit(order_id, status="cancelled")
        await shop.look()
        await trio.sleep(60)
        shop.edit(order_id, status="processing")
        await shop.look()
        assert shop.outcome(order_id) == ("attend", "BRY-A13")


async def test_a_trashed_order_waits_for_a_person_and_its_document_stands(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        small.side.do("DELETE", f"/orders/{order_id}")
        async with small.world.agent():
            await trio.sleep(3 * 3600)
        assert shop.document(order_id).status == "unprocessed_order"
        assert shop.outcome(order_id) == ("attend", "BRY-A02")


async def test_a_deleted_order_is_cancelled_where_the_merchant_wants_that(
    opened: Opened, autojump_clock: MockClock
) -> None:
    settings = shop_settings(aftermath=AftermathSettings(deleted=CancelledChoice.CANCEL))
    async with opened(settings=settings) as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        small.side.do("DELETE", f"/orders/{order_id}?force=true")
        async with small.world.agent():
            await trio.sleep(3 * 3600)
        assert shop.document(order_id).status == "cancelled"


# -- edited -----------------------------------------------------------------------------------------------------------


async def test_edited_rows_are_brought_up_to_date_to_the_ore(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        row = shop.raw(order_id)["line_items"][0]
        shop.edit(order_id, line_items=[{"id": row["id"], "quantity": 4, "total": "320.00"}])
        await shop.look()
        document = shop.document(order_id)
        assert str(document.total) == shop.raw(order_id)["total"]
        assert document.lines[0].qty == 4
        assert shop.outcome(order_id) == ("updated", "after_updated")
        assert "document_updated" in small.story(order_id)


async def test_a_new_address_reaches_the_document_and_its_rows_stay(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        before = shop.document(order_id)
        shop.edit(order_id, shipping={"first_name": "Kim", "address_1": "Nygatan 9", "city": "Luleå"})
        await shop.look()
        after = shop.document(order_id)
        assert "Nygatan 9" in after.delivery_address
        assert (after.lines, after.total) == (before.lines, before.total)


async def test_a_change_that_no_document_shows_writes_nothing(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        before = shop.document(order_id)
        shop.edit(order_id, status="completed", billing={"phone": "070-000 00 00"})
        await shop.look()
        assert shop.document(order_id) == before
        assert shop.outcome(order_id) == ("harmless", "after_nothing")


async def test_an_edit_after_the_invoice_changes_nothing_and_shows_the_difference(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.invoice(order_id)
        before = shop.document(order_id)
        row = shop.raw(order_id)["line_items"][0]
        shop.edit(order_id, line_items=[{"id": row["id"], "quantity": 4, "total": "320.00"}])
        await shop.look()
        assert shop.document(order_id) == before
        row_now = shop.row(order_id)
        assert row_now is not None
        assert row_now.code == "BRY-A03"
        assert row_now.named_params["difference"] == "B-00001: 1 → 4"
        assert row_now.named_params["now"] == f"{shop.raw(order_id)['total']} SEK"


async def test_a_document_that_somebody_has_worked_with_is_not_overwritten(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.retype(order_id, "7")
        row = shop.raw(order_id)["line_items"][0]
        shop.edit(order_id, line_items=[{"id": row["id"], "quantity": 4, "total": "320.00"}])
        await shop.look()
        assert shop.document(order_id).lines[0].qty == 7
        assert shop.outcome(order_id) == ("attend", "BRY-A08")


async def test_an_address_typed_in_mamut_is_never_overwritten_and_another_text_is(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        moved, noted = await shop.transferred(), await shop.transferred()
        was = shop.document(moved).delivery_address
        shop.type_in(moved, delivery_address="Lagret, port 4")
        shop.type_in(noted, delivery_address="Lagret, port 4")
        shop.edit(moved, shipping={"address_1": "Nygatan 9"})
        shop.edit(noted, customer_note="Lämna hos grannen")
        await shop.look()
        assert shop.document(moved).delivery_address == shop.document(noted).delivery_address == "Lagret, port 4"
        assert shop.outcome(moved) == ("attend", "BRY-A08")
        row = shop.row(moved)
        assert row is not None
        assert row.named_params["edited"] == "delivery_address"
        assert shop.outcome(noted)[0] == "updated"

        shop.type_in(moved, delivery_address=was)
        await trio.sleep(7 * 3600)
        await shop.look()
        assert "Nygatan 9" in shop.document(moved).delivery_address


async def test_a_record_that_somebody_saves_over_a_new_address_is_told(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        was = shop.document(order_id).delivery_address
        shop.edit(order_id, shipping={"address_1": "Nygatan 9"})
        await shop.look()
        assert "Nygatan 9" in shop.document(order_id).delivery_address
        shop.type_in(order_id, delivery_address=was)
        await trio.sleep(900)
        await shop.look()
        assert shop.outcome(order_id) == ("attend", "BRY-A08")


async def test_an_edit_waits_for_a_person_where_the_merchant_wants_that(
    opened: Opened, autojump_clock: MockClock
) -> None:
    settings = shop_settings(aftermath=AftermathSettings(edited=EditedChoice.ATTEND))
    async with opened(settings=settings) as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        before = shop.document(order_id)
        shop.edit(order_id, customer_note="Ring innan")
        await shop.look()
        assert shop.document(order_id) == before
        assert shop.outcome(order_id) == ("attend", "BRY-A03")


async def test_an_edit_that_names_an_unknown_article_is_shown_and_tried_again(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        product = small.side.do("POST", "/products", {"name": "Ny", "sku": "NY-1", "regular_price": "50"})["id"]
        shop.edit(order_id, line_items=[{"product_id": product, "quantity": 1}])
        await shop.look()
        assert shop.outcome(order_id) == ("attend", "BRY-A09")
        small.world.mamut.act_raw("product.create", "", b'{"product_no": "NY-1", "description": "Ny"}')
        await trio.sleep(7 * 3600)
        await shop.look()
        assert shop.outcome(order_id) == ("updated", "after_updated")
        assert str(shop.document(order_id).total) == shop.raw(order_id)["total"]


async def test_a_document_that_a_desktop_user_saves_as_it_was_is_found_and_shown_until_somebody_has_seen_to_it(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        row = shop.raw(order_id)["line_items"][0]
        small.world.mamut.trouble.order("desktop_user_overwrites")
        shop.edit(order_id, line_items=[{"id": row["id"], "quantity": 4, "total": "320.00"}])
        await shop.look()
        assert shop.outcome(order_id)[0] == "updated"
        for _ in range(2):
            await trio.sleep(7 * 3600)
            await shop.look()
            assert shop.outcome(order_id) == ("attend", "BRY-A08")


async def test_a_document_that_mamut_cancelled_as_it_was_changed_is_shown(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        small.world.mamut.trouble.order("silent_cancel")
        shop.edit(order_id, customer_note="Ring innan")
        await shop.look()
        await trio.sleep(3600)
        await shop.look()
        assert shop.outcome(order_id) == ("attend", "BRY-A13")


# -- refunded before it is booked -------------------------------------------------------------------------------------


async def test_a_refund_before_the_invoice_is_taken_off_the_rows(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred(number=1)
        total = Decimal(shop.raw(order_id)["total"])
        refund_id = shop.refund(order_id, lines={0: 1})
        back = -Decimal(shop.raw(order_id)["refunds"][0]["total"])
        await shop.look()
        document = shop.document(order_id)
        assert document.total == total - back
        assert document.lines[0].qty == 1
        assert shop.notes(order_id, refund_id) == []
        assert [(row.way, row.amount_ore) for row in shop.credits(order_id)] == [("document", int(back * 100))]


async def test_a_refund_of_an_amount_before_the_invoice_is_a_row_below_zero(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        total = Decimal(shop.raw(order_id)["total"])
        shop.refund(order_id, "33.33")
        await shop.look()
        document = shop.document(order_id)
        assert document.total == total - Decimal("33.33")
        assert document.lines[-1].line_sum < 0


async def test_an_order_refunded_whole_before_its_delivery_is_cancelled(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.refund(order_id, shop.raw(order_id)["total"])
        assert shop.raw(order_id)["status"] == "refunded"
        await shop.look()
        assert shop.document(order_id).status == "cancelled"
        assert [row.way for row in shop.credits(order_id)] == ["cancelled"]


# -- refunded after it is booked --------------------------------------------------------------------------------------


async def test_each_refund_of_an_invoice_is_one_credit_note(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred(number=1)
        shop.invoice(order_id)
        before = shop.document(order_id)
        pieces = shop.refund(order_id, lines={0: 1})
        amount = shop.refund(order_id, "12.34")
        shipping = shop.refund_shipping(order_id)
        await shop.look()
        await trio.sleep(7200)
        await shop.look()
        amounts = {row["id"]: Decimal(row["total"]) for row in shop.raw(order_id)["refunds"]}
        for refund_id in (pieces, amount, shipping):
            (note,) = shop.notes(order_id, refund_id)
            assert (note.total, note.status, note.parent) == (
                amounts[refund_id],
                "unissued_credit_note",
                before.order_no,
            )
        assert shop.document(order_id).total == before.total
        assert shop.notes(order_id, pieces)[0].lines[0].qty == -1
        assert shop.notes(order_id, shipping)[0].lines[0].product_no == "FRAKT"
        assert shop.outcome(order_id) == ("credited", "after_credited")


async def test_a_whole_refund_of_an_invoice_credits_all_of_it(opened: Opened, autojump_clock: MockClock) -> None:
    settings = shop_settings(aftermath=AftermathSettings(issue_credit_notes=True))
    async with opened(settings=settings) as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.invoice(order_id)
        refund_id = shop.refund(order_id, shop.raw(order_id)["total"])
        await shop.look()
        (note,) = shop.notes(order_id, refund_id)
        assert note.status == "credit_note"
        assert note.total == -shop.document(order_id).total


async def test_goods_that_the_shop_took_back_come_back_in_when_the_note_is_issued(
    opened: Opened, autojump_clock: MockClock
) -> None:
    settings = shop_settings(aftermath=AftermathSettings(issue_credit_notes=True))
    async with opened(settings=settings) as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred(number=1)
        shop.invoice(order_id)
        product = small.side.do("GET", f"/products/{small.goods[1]}")["id"]
        small.side.do("PUT", f"/products/{product}", {"manage_stock": True, "stock_quantity": 10})
        refund_id = shop.refund(order_id, lines={0: 1}, api_restock=False)
        await shop.look()
        (note,) = shop.notes(order_id, refund_id)
        assert not note.restock


async def test_a_refund_between_delivery_and_invoice_waits_for_the_invoice(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred(number=1)
        shop.deliver(order_id)
        refund_id = shop.refund(order_id, lines={0: 1})
        await shop.look()
        assert shop.outcome(order_id) == ("waits", "after_waits_for_invoice")
        shop.invoice(order_id)
        await trio.sleep(2 * 3600)
        await shop.look()
        assert len(shop.notes(order_id, refund_id)) == 1
        assert shop.outcome(order_id) == ("credited", "after_credited")


async def test_refunds_wait_for_a_person_where_the_merchant_wants_that(
    opened: Opened, autojump_clock: MockClock
) -> None:
    settings = shop_settings(aftermath=AftermathSettings(refunded=RefundedChoice.ATTEND))
    async with opened(settings=settings) as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.invoice(order_id)
        refund_id = shop.refund(order_id, "10.00")
        await shop.look()
        assert shop.notes(order_id, refund_id) == []
        assert shop.outcome(order_id) == ("attend", "BRY-A04")


async def test_a_refund_taken_back_after_it_was_credited_is_shown(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.invoice(order_id)
        refund_id = shop.refund(order_id, "10.00")
        await shop.look()
        small.side.do("DELETE", f"/orders/{order_id}/refunds/{refund_id}")
        shop.edit(order_id, customer_note="Ångrat")
        await shop.look()
        assert shop.outcome(order_id) == ("attend", "BRY-A07")
        assert len(shop.notes(order_id, refund_id)) == 1


# -- people -----------------------------------------------------------------------------------------------------------


async def test_what_a_person_has_seen_to_is_not_shown_again(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as small:
        shop = ChangedShop(small)
        order_id = await shop.transferred()
        shop.invoice(order_id)
        shop.edit(order_id, customer_note="Ring innan")
        await shop.look()
        assert shop.outcome(order_id)[0] == "attend"
        async with small.world.agent() as agent:
            await small.wish(agent, "settle", order_id)
            await trio.sleep(120)
        assert shop.outcome(order_id) == ("settled", "after_settled")
        await trio.sleep(60)
        shop.edit(order_id, status="completed")
        await shop.look()
        assert shop.outcome(order_id) == ("harmless", "after_nothing")
