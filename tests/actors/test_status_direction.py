"""What happens to an order in Mamut reaches its shop once, forwards only, and is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import trio
from trio.testing import MockClock

from agent.actors.status_direction import NAME
from agent.journal import directions, records
from agent.model.reasons import Fault
from agent.settings.tree_goods import EventChoice, MailChoice, StatusSettings
from simulators.mamut.booking import CreditBody
from simulators.mamut.options import MamutOptions, Quirks
from simulators.woocommerce.orders_model import Order
from simulators.woocommerce.plugins import Plugins
from tests.actors.status_shop import PARCEL, SHOP, changed, status_shop

HOUR = 3600.0
PLAIN = StatusSettings(enabled=True, delivered=EventChoice(status="completed"))
NOTED = StatusSettings(
    enabled=True,
    delivered=EventChoice(status="completed", mail=MailChoice.NOTE, text="Order {number} är på väg med {carrier}."),
)


async def test_a_delivered_order_is_completed_and_mailed_once(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"
        assert shop.mails(order_id) == {"customer_completed_order": 1}
        assert shop.row(order_id).code == "status_set"
        assert "mamut_progress" in shop.story(order_id)
        assert "status_set" in shop.story(order_id)


async def test_nothing_is_written_while_nothing_happens(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path) as shop:
        order_ids = [shop.order(number) for number in range(5)]
        await shop.live(600)
        before = {order_id: row["date_modified_gmt"] for order_id, row in shop.side.orders().items()}
        await shop.live(24 * HOUR)
        assert {order_id: row["date_modified_gmt"] for order_id, row in shop.side.orders().items()} == before
        assert {shop.status(order_id) for order_id in order_ids} == {"processing"}


async def test_part_of_an_order_leaves_it_and_the_backorder_completes_it(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path) as shop:
        order_id = shop.order()
        await shop.live(600)
        backorder = shop.deliver_one_row(order_id)
        await shop.live(HOUR)
        assert shop.status(order_id) == "processing"
        assert shop.row(order_id).delivered == 1
        shop.staff.deliver(backorder)
        await shop.live(2 * HOUR)
        assert shop.status(order_id) == "completed"
        assert shop.mails(order_id) == {"customer_completed_order": 1}


async def test_a_backorder_of_a_backorder_is_waited_for(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, PLAIN) as shop:
        order_id = shop.order(1)
        await shop.live(600)
        backorder = shop.deliver_one_row(order_id)
        lines = next(each for each in shop.world.mamut.orders() if each.order_no == backorder).lines
        goods = next(line for line in lines if line.stock_item)
        shop.staff.deliver(backorder, {goods.line_no: Decimal(1)})
        await shop.live(HOUR)
        assert shop.status(order_id) == "processing"
        (grandchild,) = [each for each in shop.world.mamut.orders() if each.parent == backorder]
        shop.staff.deliver(grandchild.order_no)
        await shop.live(2 * HOUR)
        assert shop.status(order_id) == "completed"


async def test_what_is_cancelled_of_a_family_no_longer_counts(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, PLAIN) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.staff.cancel(shop.deliver_one_row(order_id))
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"


async def test_an_invoice_that_is_not_delivered_completes_nothing(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path) as shop:
        shop.world.set_mamut(MamutOptions(quirks=Quirks(stock_moves_at="slip")))
        shop.world.mamut.fill(1, products=10, contacts=5)
        order_id = shop.order()
        await shop.live(600)
        shop.staff.invoice(shop.document(order_id).order_no)
        await shop.live(HOUR)
        assert shop.document(order_id).status == "invoice_not_delivered"
        assert (shop.status(order_id), shop.row(order_id).invoiced) == ("processing", 2)
        shop.deliver(order_id)
        await shop.live(2 * HOUR)
        assert shop.status(order_id) == "completed"


async def test_a_cancelled_document_cancels_the_order(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.staff.cancel(shop.document(order_id).order_no)
        await shop.live(HOUR)
        assert shop.status(order_id) == "cancelled"
        assert shop.row(order_id).next_ms is None


async def test_a_payment_taken_back_moves_nothing_back_and_is_told(tmp_path: Path, autojump_clock: MockClock) -> None:
    paid = EventChoice(status="completed", mail=MailChoice.NOTE, text="Tack för betalningen, order {number}.")
    async with status_shop(tmp_path, changed(PLAIN, delivered=EventChoice(), paid=paid)) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        invoice_no = shop.staff.invoice(shop.document(order_id).order_no).invoice_no
        shop.staff.pay(invoice_no)
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"
        shop.staff.reopen(invoice_no)
        await shop.live(26 * HOUR)
        assert shop.status(order_id) == "completed"
        assert "payment_reopened" in shop.story(order_id)
        shop.staff.pay(invoice_no)
        await shop.live(26 * HOUR)
        assert shop.mails(order_id) == {"customer_completed_order": 1, "customer_note": 1}


async def test_a_credit_note_is_told_and_changes_no_status(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, PLAIN) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        shop.staff.invoice(shop.document(order_id).order_no)
        await shop.live(HOUR)
        shop.staff.credit(shop.document(order_id).order_no, CreditBody())
        await shop.live(26 * HOUR)
        assert shop.status(order_id) == "completed"
        assert "credited" in shop.story(order_id)
        assert shop.row(order_id).credited_ore == shop.row(order_id).total_ore


async def test_the_highest_status_wins_and_is_the_only_one_written(tmp_path: Path, autojump_clock: MockClock) -> None:
    settings = changed(PLAIN, invoiced=EventChoice(status="on-hold"), paid=EventChoice(status="completed"))
    async with status_shop(tmp_path, settings) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        invoice = shop.staff.invoice(shop.document(order_id).order_no)
        shop.staff.pay(invoice.invoice_no)
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"
        assert shop.mails(order_id) == {"customer_completed_order": 1}
        assert shop.row(order_id).events_acted == {"delivered", "invoiced", "paid"}


async def test_what_a_person_set_in_the_shop_is_not_put_back(tmp_path: Path, autojump_clock: MockClock) -> None:
    settings = changed(PLAIN, delivered=EventChoice(status="processing"), invoiced=EventChoice(status="completed"))
    async with status_shop(tmp_path, settings) as shop:
        further, refunded = shop.order(1), shop.order(2)
        await shop.live(600)
        shop.side.do("PUT", f"/orders/{further}", {"status": "completed"})
        shop.side.do("PUT", f"/orders/{refunded}", {"status": "refunded"})
        shop.deliver(further)
        shop.deliver(refunded)
        await shop.live(HOUR)
        assert (shop.status(further), shop.row(further).code) == ("completed", "status_beyond")
        assert (shop.status(refunded), shop.row(refunded).code) == ("refunded", "status_terminal")


async def test_a_status_without_a_rank_is_a_persons_matter(tmp_path: Path, autojump_clock: MockClock) -> None:
    settings = changed(PLAIN, order=("pending", "processing", "completed"))
    async with status_shop(tmp_path, settings) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.side.do("PUT", f"/orders/{order_id}", {"status": "on-hold"})
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert (shop.status(order_id), shop.row(order_id).code) == ("on-hold", "BRY-G41")
        shop.side.do("PUT", f"/orders/{order_id}", {"status": "processing"})
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"


async def test_a_status_that_the_shop_lacks_is_never_sent(tmp_path: Path, autojump_clock: MockClock) -> None:
    settings = changed(PLAIN, delivered=EventChoice(status="levererad"), order=("processing", "levererad"))
    async with status_shop(tmp_path, settings) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert (shop.status(order_id), shop.row(order_id).code) == ("processing", "BRY-G40")
        shop.change(PLAIN)
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"


async def test_a_shop_that_refuses_a_status_holds_that_order_alone(tmp_path: Path, autojump_clock: MockClock) -> None:
    settings = changed(PLAIN, delivered=EventChoice(status="okänd"), order=("processing", "okänd"))
    async with status_shop(tmp_path, settings) as shop:
        shop.known = ()
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert (shop.status(order_id), shop.row(order_id).code) == ("processing", "BRY-G40")


async def test_a_status_that_a_plugin_undoes_is_not_sent_again(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, PLAIN) as shop:
        lifecycle = shop.side.shop.orders.lifecycle

        def undo(order: Order, _before: str, after: str) -> None:
            if after == "completed":
                lifecycle.to(order, "processing")

        lifecycle.listeners.append(undo)
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert (shop.status(order_id), shop.row(order_id).code) == ("processing", "BRY-G42")
        shop.side.do("PUT", f"/orders/{order_id}", {"customer_note": "Ring först."})
        await shop.live(2 * HOUR)
        assert shop.mails(order_id)["customer_completed_order"] == 1
        lifecycle.listeners.remove(undo)
        assert await shop.retry(order_id)
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"


async def test_a_paused_direction_asks_and_writes_nothing_until_it_is_resumed(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, PLAIN) as shop:
        order_id = shop.order()
        await shop.live(600)
        await shop.keep(lambda tx: directions.pause(tx, SHOP, NAME, "kim", 1))
        shop.deliver(order_id)
        await shop.live(6 * HOUR)
        assert (shop.status(order_id), shop.row(order_id).delivered) == ("processing", 0)
        await shop.keep(lambda tx: directions.resume(tx, SHOP, NAME))
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"


async def test_a_frozen_shop_is_told_nothing(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, PLAIN) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        await shop.keep(lambda tx: records.freeze_shop(tx, SHOP, Fault.SHOP_CHANGED, "", 1))
        await shop.live(6 * HOUR)
        assert shop.status(order_id) == "processing"


# -- parcels ----------------------------------------------------------------------------------------------------------


async def test_a_parcel_is_left_with_the_plugin_once_and_before_the_mail(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    for tracking in ("woocommerce", "ast"):
        async with status_shop(tmp_path / tracking, PLAIN, Plugins(tracking=tracking)) as shop:
            order_id = shop.order()
            await shop.live(600)
            shop.deliver(order_id, PARCEL)
            await shop.live(HOUR)
            assert shop.tracking(order_id) == [PARCEL.number]
            assert shop.status(order_id) == "completed"
            story = shop.story(order_id)
            assert story.index("parcel_left") < story.index("status_set")
            assert not any(PARCEL.number in text for text in shop.notes(order_id, to_customer=True))


async def test_each_parcel_of_a_delivery_in_parts_is_left_once(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, PLAIN, Plugins(tracking="woocommerce")) as shop:
        order_id = shop.order()
        await shop.live(600)
        backorder = shop.deliver_one_row(order_id, PARCEL)
        await shop.live(HOUR)
        assert shop.tracking(order_id) == [PARCEL.number]
        second = msgspec.structs.replace(PARCEL, number="UA987654321SE")
        shop.staff.deliver(backorder, None, [second])
        await shop.live(2 * HOUR)
        assert shop.tracking(order_id) == [PARCEL.number, second.number]
        assert shop.mails(order_id) == {"customer_completed_order": 1}


async def test_without_a_plugin_the_customer_reads_the_parcel_in_the_one_note(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, NOTED) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id, PARCEL)
        await shop.live(HOUR)
        (note,) = shop.notes(order_id, to_customer=True)
        assert note == f"Order {order_id} är på väg med PostNord.\nPostNord {PARCEL.number} {PARCEL.url}"
        assert shop.mails(order_id) == {"customer_completed_order": 1, "customer_note": 1}


async def test_without_a_plugin_and_without_a_note_the_parcel_is_written_for_the_staff(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, PLAIN) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id, PARCEL)
        await shop.live(HOUR)
        private = [text for text in shop.notes(order_id, to_customer=False) if PARCEL.number in text]
        assert len(private) == 1
        assert shop.notes(order_id, to_customer=True) == []


async def test_a_parcel_that_the_plugin_refuses_is_not_lost(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, PLAIN, Plugins(tracking="ast")) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id, msgspec.structs.replace(PARCEL, number="UA/123#4"))
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"
        assert any("UA/123#4" in text for text in shop.notes(order_id, to_customer=False))


# -- mail -------------------------------------------------------------------------------------------------------------


async def test_a_lost_journal_mails_nobody_twice(tmp_path: Path, autojump_clock: MockClock) -> None:
    invoiced = EventChoice(mail=MailChoice.NOTE, text="Faktura {invoice} till order {number}.", parcel=False)
    async with status_shop(tmp_path, changed(NOTED, invoiced=invoiced)) as shop:
        order_ids = [shop.order(number) for number in range(3)]
        await shop.live(600)
        for order_id in order_ids:
            shop.deliver(order_id, PARCEL)
            shop.staff.invoice(shop.document(order_id).order_no)
        await shop.live(HOUR)
        shop.world.lose_journal()
        await shop.live(HOUR)
        for order_id in order_ids:
            assert shop.status(order_id) == "completed"
            assert shop.mails(order_id) == {"customer_completed_order": 1, "customer_note": 2}
            assert shop.row(order_id).events_acted == {"delivered", "invoiced"}


async def test_old_news_changes_no_order_when_order_status_is_switched_on(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, NOTED) as shop:
        old = shop.order(1)
        await shop.live(600)
        shop.deliver(old, PARCEL)
        shop.world.lose_journal()
        await trio.sleep(20 * 24 * HOUR)
        new = shop.order(2)
        await shop.live(600)
        shop.deliver(new)
        await shop.live(HOUR)
        assert (shop.status(old), shop.row(old).code) == ("processing", "status_old_news")
        assert shop.mails(old) == {}
        assert shop.status(new) == "completed"


async def test_an_order_that_the_shop_threw_away_is_told_and_left(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, NOTED) as shop:
        gone, stays = shop.order(1), shop.order(2)
        await shop.live(600)
        shop.side.do("DELETE", f"/orders/{gone}")
        shop.deliver(gone)
        shop.deliver(stays)
        await shop.live(HOUR)
        assert shop.row(gone).code == "order_gone"
        assert shop.row(gone).next_ms is None
        assert "status_order_gone" in shop.story(gone)
        assert shop.mails(gone) == {}
        assert shop.status(stays) == "completed"
