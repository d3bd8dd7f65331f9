"""Reserved money is taken once, to the öre, and what a payment plugin says of it is read, not believed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from trio.testing import MockClock

from agent.settings.tree_goods import EventChoice, MailChoice, StatusSettings
from simulators.http import Request, Response
from simulators.woocommerce.payments_company import Trouble
from simulators.woocommerce.plugins import Klarna, Nets, PayPal, Plugins, Svea
from tests.actors.status_shop import StatusShop, changed, status_shop

HOUR = 3600.0
DAY = 24 * HOUR
TAKING = StatusSettings(
    enabled=True,
    delivered=EventChoice(
        status="completed", capture=True, mail=MailChoice.NOTE, text="Order {number} är skickad.", parcel=False
    ),
)
KLARNA = Plugins(klarna=Klarna())


def total(shop: StatusShop, order_id: int) -> Decimal:
    return Decimal(shop.side.orders()[order_id]["total"])


@pytest.mark.parametrize(
    ("plugins", "method"),
    [
        (KLARNA, "klarna_payments"),
        (KLARNA, "kco"),
        (Plugins(svea=Svea()), "svea_checkout"),
        (Plugins(paypal=PayPal()), "ppcp-gateway"),
    ],
)
async def test_a_delivery_takes_the_money_and_the_proof_is_kept(
    tmp_path: Path, autojump_clock: MockClock, plugins: Plugins, method: str
) -> None:
    async with status_shop(tmp_path, TAKING, plugins) as shop:
        order_id = shop.reserved(method)
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert shop.status(order_id) == "completed"
        assert shop.captured(order_id) == total(shop, order_id)
        row = shop.row(order_id)
        assert row.capture == "captured"
        assert row.captured_ore == int(total(shop, order_id) * 100)
        assert "capture_proved" in shop.story(order_id)
        assert shop.mails(order_id) == {"customer_completed_order": 1, "customer_note": 1}


async def test_amounts_that_differ_are_held_before_anything_is_sent(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, TAKING, KLARNA) as shop:
        order_id = shop.reserved("klarna_payments")
        await shop.live(600)
        backorder = shop.deliver_one_row(order_id)
        left = next(each for each in shop.world.mamut.orders() if each.order_no == backorder).total
        shop.staff.cancel(backorder)
        await shop.live(HOUR)
        row = shop.row(order_id)
        assert (row.code, shop.status(order_id)) == ("BRY-G46", "processing")
        assert not shop.captured(order_id)
        assert Decimal(row.param("shop").removesuffix(" SEK")) == total(shop, order_id)
        assert Decimal(row.param("mamut").removesuffix(" SEK")) == shop.document(order_id).total
        assert shop.mails(order_id) == {}
        # The merchant gives back what is not sent: the amounts agree, and the order goes on by itself.
        assert shop.document(order_id).total + left == total(shop, order_id)
        shop.side.do("POST", f"/orders/{order_id}/refunds", {"amount": str(left), "api_refund": False})
        await shop.live(2 * HOUR)
        assert shop.status(order_id) == "completed"
        assert shop.row(order_id).capture == "captured"


@pytest.mark.parametrize("trouble", [Trouble.PENDING, Trouble.DECLINED, Trouble.EXPIRED, Trouble.UNREACHABLE])
async def test_a_capture_that_klarna_refuses_is_shown_and_not_tried_again_by_itself(
    tmp_path: Path, autojump_clock: MockClock, trouble: Trouble
) -> None:
    async with status_shop(tmp_path, TAKING, KLARNA) as shop:
        order_id = shop.reserved("klarna_payments")
        shop.side.shop.payments.trouble(order_id, trouble)
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(8 * HOUR)
        row = shop.row(order_id)
        assert (row.code, row.capture, shop.status(order_id)) == ("BRY-G47", "failed", "on-hold")
        assert row.param("provider") == "Klarna"
        assert shop.mails(order_id) == {"customer_completed_order": 1, "customer_note": 1}
        assert shop.story(order_id).count("status_set") == 1
        shop.side.shop.payments.trouble(order_id, None)
        assert await shop.retry(order_id)
        await shop.live(HOUR)
        assert (shop.row(order_id).capture, shop.status(order_id)) == ("captured", "completed")
        assert shop.captured(order_id) == total(shop, order_id)
        assert shop.mails(order_id)["customer_note"] == 1


async def test_a_person_who_completes_the_order_by_hand_ends_the_matter(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, TAKING, KLARNA) as shop:
        order_id = shop.reserved("klarna_payments")
        shop.side.shop.payments.trouble(order_id, Trouble.DECLINED)
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert shop.row(order_id).capture == "failed"
        shop.side.shop.payments.trouble(order_id, None)
        shop.side.do("PUT", f"/orders/{order_id}", {"status": "completed"})
        await shop.live(HOUR)
        row = shop.row(order_id)
        assert (row.capture, row.step, row.acted) == ("captured", "", "delivered")


async def test_svea_fails_behind_a_completed_order_and_is_found_out(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, TAKING, Plugins(svea=Svea())) as shop:
        order_id = shop.reserved("svea_checkout")
        shop.side.shop.payments.trouble(order_id, Trouble.DECLINED)
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(2 * HOUR)
        row = shop.row(order_id)
        assert shop.status(order_id) == "completed"
        assert (row.code, row.capture, row.param("provider")) == ("BRY-G48", "failed", "Svea")


async def test_nets_that_does_not_manage_orders_takes_nothing_and_is_found_out(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, TAKING, Plugins(nets=Nets())) as shop:
        order_ids = [shop.reserved("dibs_easy", number) for number in range(6)]
        await shop.live(600)
        for order_id in order_ids:
            shop.deliver(order_id)
        await shop.live(2 * HOUR)
        kinds = {order_id: shop.meta(order_id, "dibs_payment_type") for order_id in order_ids}
        assert "A2A" in kinds.values()
        assert len(set(kinds.values())) > 1
        for order_id, kind in kinds.items():
            assert shop.status(order_id) == "completed"
            assert shop.row(order_id).capture == ("not_needed" if kind == "A2A" else "failed")
            assert shop.row(order_id).code == ("status_set" if kind == "A2A" else "BRY-G48")


async def test_nets_that_manages_orders_charges_and_tells_its_failure_by_the_status(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, TAKING, Plugins(nets=Nets(manage_orders=True))) as shop:
        order_ids = [shop.reserved("dibs_easy", number) for number in range(6)]
        charged = [order_id for order_id in order_ids if shop.meta(order_id, "dibs_payment_type") != "A2A"]
        refused, *rest = charged
        shop.side.shop.payments.trouble(refused, Trouble.DECLINED)
        await shop.live(600)
        for order_id in order_ids:
            shop.deliver(order_id)
        await shop.live(2 * HOUR)
        assert (shop.status(refused), shop.row(refused).code) == ("on-hold", "BRY-G47")
        assert rest
        for order_id in rest:
            assert (shop.status(order_id), shop.row(order_id).capture) == ("completed", "captured")


@pytest.mark.parametrize(
    ("trouble", "status", "code", "captured"),
    [
        (None, "completed", "status_set", "captured"),
        (Trouble.PENDING, "on-hold", "BRY-G47", "failed"),
        (Trouble.DECLINED, "failed", "BRY-G47", "failed"),
    ],
)
async def test_paypal_takes_authorised_money_when_it_is_told_to(
    tmp_path: Path, autojump_clock: MockClock, trouble: Trouble | None, status: str, code: str, captured: str
) -> None:
    plugins = Plugins(paypal=PayPal(intent="authorize", capture_on_status_change=True))
    async with status_shop(tmp_path, TAKING, plugins, trigger=("on-hold", "processing", "completed")) as shop:
        order_id = shop.reserved("ppcp-gateway")
        assert shop.status(order_id) == "on-hold"
        shop.side.shop.payments.trouble(order_id, trouble)
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(2 * HOUR)
        row = shop.row(order_id)
        assert (shop.status(order_id), row.code, row.capture) == (status, code, captured)


async def test_paypal_that_is_not_told_to_takes_nothing_and_is_found_out(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    plugins = Plugins(paypal=PayPal(intent="authorize"))
    async with status_shop(tmp_path, TAKING, plugins, trigger=("on-hold", "processing", "completed")) as shop:
        order_id = shop.reserved("ppcp-gateway")
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(2 * HOUR)
        assert (shop.status(order_id), shop.row(order_id).code) == ("completed", "BRY-G48")


async def test_what_was_paid_outside_the_shop_needs_no_proof(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, TAKING) as shop:
        order_id = shop.order()
        await shop.live(600)
        shop.deliver(order_id)
        await shop.live(HOUR)
        assert (shop.status(order_id), shop.row(order_id).capture) == ("completed", "not_needed")


@pytest.mark.parametrize("trouble", [None, Trouble.DECLINED])
async def test_a_lost_answer_to_the_capturing_status_is_not_repeated(
    tmp_path: Path, autojump_clock: MockClock, trouble: Trouble | None
) -> None:
    async with status_shop(tmp_path, TAKING, KLARNA) as shop:
        order_id = shop.reserved("klarna_payments")
        shop.side.shop.payments.trouble(order_id, trouble)
        await shop.live(600)
        shop.deliver(order_id)
        sent = []

        def gate(request: Request) -> Response | None:
            if request.method != "PUT":
                return None
            sent.append(request.path)
            shop.side.shop.handle(request)
            return Response(status=504)

        shop.side.gate = gate
        await shop.live(HOUR)
        assert len(sent) == 1
        assert shop.mails(order_id) == {"customer_completed_order": 1, "customer_note": 1}
        assert shop.row(order_id).capture == ("captured" if trouble is None else "failed")


async def test_a_lost_answer_that_leaves_no_trace_is_a_persons_matter(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    """Authorised PayPal orders stand in on-hold before, and after a capture that is pending."""
    plugins = Plugins(paypal=PayPal(intent="authorize", capture_on_status_change=True))
    async with status_shop(tmp_path, TAKING, plugins, trigger=("on-hold", "processing", "completed")) as shop:
        order_id = shop.reserved("ppcp-gateway")
        shop.side.shop.payments.trouble(order_id, Trouble.PENDING)
        await shop.live(600)
        shop.deliver(order_id)

        def gate(request: Request) -> Response | None:
            if request.method != "PUT":
                return None
            shop.side.shop.handle(request)
            return Response(status=504)

        shop.side.gate = gate
        await shop.live(HOUR)
        assert shop.row(order_id).code == "BRY-G43"
        shop.side.gate = None
        shop.side.do("PUT", f"/orders/{order_id}", {"customer_note": "Ring först."})
        await shop.live(HOUR)
        assert shop.row(order_id).code == "BRY-G43"
        assert shop.mails(order_id)["customer_completed_order"] == 1


async def test_money_that_is_about_to_expire_is_warned_of_and_then_lost(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    settings = changed(TAKING, expiry_days={"klarna_payments": 2}, warn_days=1)
    async with status_shop(tmp_path, settings, KLARNA) as shop:
        waits, sent, cancelled = (shop.reserved("klarna_payments", number) for number in range(3))
        plain = shop.order(4)
        await shop.live(600)
        shop.deliver(sent)
        shop.staff.cancel(shop.document(cancelled).order_no)
        await shop.live(20 * HOUR)
        assert shop.row(waits).capture == ""
        await shop.live(6 * HOUR)
        assert (shop.row(waits).capture, shop.row(waits).code) == ("expiring", "BRY-G49")
        assert shop.row(waits).param("day") == "2026-11-04"
        await shop.live(DAY)
        assert (shop.row(waits).capture, shop.row(waits).code) == ("expired", "BRY-G50")
        assert [code for code in shop.reasons_told(waits) if "-G" in code] == ["BRY-G49", "BRY-G50"]
        assert [shop.row(order_id).capture for order_id in (sent, cancelled, plain)] == ["captured", "", ""]


async def test_a_warned_order_that_is_delivered_after_all_is_captured(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    settings = changed(TAKING, expiry_days={"klarna_payments": 2}, warn_days=1)
    async with status_shop(tmp_path, settings, KLARNA) as shop:
        order_id = shop.reserved("klarna_payments")
        await shop.live(26 * HOUR)
        assert shop.row(order_id).capture == "expiring"
        shop.deliver(order_id)
        await shop.live(2 * HOUR)
        assert (shop.row(order_id).capture, shop.row(order_id).code) == ("captured", "status_set")
        await shop.live(DAY)
        assert "BRY-G50" not in shop.reasons_told(order_id)
