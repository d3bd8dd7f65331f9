"""Whatever is lost, killed or broken on the way: one status, one mail of each kind, one parcel."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from trio.testing import MockClock

from agent.settings.tree_goods import EventChoice, MailChoice, StatusSettings
from scenarios.play import StepKill, When
from scenarios.steps import name_of
from simulators.faults import Fault, FaultOptions
from simulators.http import Request, Response
from simulators.woocommerce.plugins import Klarna, Plugins
from tests.actors.status_shop import PARCEL, StatusShop, status_shop

HOUR = 3600.0
SETTINGS = StatusSettings(
    enabled=True,
    delivered=EventChoice(status="completed", capture=True, mail=MailChoice.NOTE, text="Order {number}: {tracking}"),
    invoiced=EventChoice(mail=MailChoice.NOTE, text="Faktura {invoice}.", parcel=False),
)
WITH_PLUGIN = Plugins(klarna=Klarna(), tracking="woocommerce")
WITHOUT_PLUGIN = Plugins(klarna=Klarna())

STEPS = (
    "take_up.<locals>.orders_followed",
    "keep_families.<locals>.progress_kept",
    "StatusBook.about_to.<locals>.about_to",
    "StatusSteps._parcel.<locals>.parcel_left",
    "StatusSteps._parcels.<locals>.parcels_done",
    "StatusSteps._status_kept.<locals>.status_kept",
    "StatusSteps._mail.<locals>.mail_kept",
    "StatusBook.end.<locals>.event_done",
    "StatusDirection._ran.<locals>.statuses_ran",
)
"""The durable steps of an order's way; how often each is come to is tried for the first time and the third."""


def send_all(shop: StatusShop, order_ids: list[int]) -> None:
    for order_id in order_ids:
        shop.deliver(order_id, PARCEL)
        shop.staff.invoice(shop.document(order_id).order_no)


def assert_told_once(shop: StatusShop, order_ids: list[int], *, plugin: bool = True) -> None:
    """Asked of the shop's outbox and its notes, not of the agent."""
    for order_id in order_ids:
        assert shop.status(order_id) == "completed", order_id
        assert shop.mails(order_id) == {"customer_completed_order": 1, "customer_note": 2}, order_id
        assert len(set(shop.notes(order_id, to_customer=True))) == 2
        assert shop.tracking(order_id) == ([PARCEL.number] if plugin else [])
        row = shop.row(order_id)
        assert (row.step, row.capture, row.acted) == ("", "captured", "delivered,invoiced")


@pytest.mark.parametrize("plugins", [WITH_PLUGIN, WITHOUT_PLUGIN])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
async def test_an_agent_killed_in_a_step_repeats_nothing(
    tmp_path: Path, autojump_clock: MockClock, step: str, when: When, plugins: Plugins
) -> None:
    came = 0
    for nth in (1, 3):
        async with status_shop(tmp_path / str(nth), SETTINGS, plugins) as shop:
            order_ids = [shop.reserved("klarna_payments", number) for number in range(2)]
            killed = await shop.live(600, StepKill(step=name_of(step), when=when, nth=nth))
            send_all(shop, order_ids)
            killed = await shop.live(1200, StepKill(step=name_of(step), when=when, nth=nth)) or killed
            came += killed
            await shop.live(HOUR)
            assert_told_once(shop, order_ids, plugin=bool(plugins.tracking))
    assert came, step


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_at_the_shop_of_one_kind_repeats_nothing(
    tmp_path: Path, autojump_clock: MockClock, fault: Fault
) -> None:
    async with status_shop(tmp_path, SETTINGS, WITH_PLUGIN) as shop:
        order_ids = [shop.reserved("klarna_payments", number) for number in range(3)]
        await shop.live(600)
        send_all(shop, order_ids)
        shop.world.faults(shop.side.server, FaultOptions(share=0.4, faults=(fault,), seed=3))
        await shop.live(6 * HOUR)
        shop.world.faults(shop.side.server, FaultOptions())
        await shop.live(3 * HOUR)
        assert_told_once(shop, order_ids)


@pytest.mark.parametrize("seed", range(3))
async def test_faults_of_all_kinds_on_both_sides_and_kills_repeat_nothing(
    tmp_path: Path, autojump_clock: MockClock, seed: int
) -> None:
    async with status_shop(tmp_path, SETTINGS, WITH_PLUGIN, seed=seed) as shop:
        order_ids = [shop.reserved("klarna_payments", number) for number in range(5)]
        await shop.live(600)
        send_all(shop, order_ids)
        shop.world.faults(shop.side.server, FaultOptions(share=0.2, seed=seed))
        shop.world.faults(shop.world.mamut_server, FaultOptions(share=0.2, seed=seed + 50))
        for life in range(12):
            step = STEPS[(seed + life) % len(STEPS)]
            await shop.live(
                HOUR, StepKill(step=name_of(step), when="after" if life % 2 else "before", nth=1 + life % 3)
            )
        shop.world.faults(shop.side.server, FaultOptions())
        shop.world.faults(shop.world.mamut_server, FaultOptions())
        await shop.live(8 * HOUR)
        assert_told_once(shop, order_ids)


@pytest.mark.parametrize("path", ["/notes", "/shipment-trackings", ""])
async def test_an_answer_lost_after_the_work_was_done_is_looked_for(
    tmp_path: Path, autojump_clock: MockClock, path: str
) -> None:
    """Every write of one kind, to every order, goes through and is not answered, twice in a row."""
    async with status_shop(tmp_path, SETTINGS, WITH_PLUGIN) as shop:
        order_ids = [shop.reserved("klarna_payments", number) for number in range(3)]
        await shop.live(600)
        send_all(shop, order_ids)
        lost: list[str] = []

        def gate(request: Request) -> Response | None:
            if request.method not in ("POST", "PUT") or "/batch" in request.path:
                return None
            if not (request.path.endswith(path) if path else request.method == "PUT"):
                return None
            lost.append(request.path)
            shop.side.shop.handle(request)
            return Response(status=504)

        shop.side.gate = gate
        await shop.live(3 * HOUR)
        assert_told_once(shop, order_ids)
        assert len(lost) == len(order_ids) * (2 if path == "/notes" else 1)


async def test_a_shop_that_is_down_is_waited_for(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, SETTINGS, WITH_PLUGIN) as shop:
        order_ids = [shop.reserved("klarna_payments", number) for number in range(3)]
        await shop.live(600)
        send_all(shop, order_ids)
        shop.side.shop.maintenance = True
        await shop.live(3 * HOUR)
        shop.side.shop.maintenance = False
        await shop.live(3 * HOUR)
        assert_told_once(shop, order_ids)


async def test_an_order_that_the_shop_fails_on_holds_up_no_other(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with status_shop(tmp_path, SETTINGS, WITH_PLUGIN) as shop:
        broken, *order_ids = [shop.reserved("klarna_payments", number) for number in range(4)]
        await shop.live(600)
        send_all(shop, [broken, *order_ids])

        def gate(request: Request) -> Response | None:
            fails = request.method == "PUT" and request.path.endswith(f"/{broken}")
            return Response(status=500, body=b"<html>") if fails else None

        shop.side.gate = gate
        await shop.live(3 * HOUR)
        assert_told_once(shop, order_ids)
        await shop.live(6 * HOUR)
        assert (shop.status(broken), shop.row(broken).code) == ("processing", "BRY-G45")


async def test_a_batch_in_which_one_order_cannot_be_read_tells_of_the_others(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with status_shop(tmp_path, SETTINGS, WITH_PLUGIN) as shop:
        broken, *order_ids = [shop.reserved("klarna_payments", number) for number in range(4)]
        await shop.live(600)
        send_all(shop, [broken, *order_ids])

        def gate(request: Request) -> Response | None:
            if request.method != "GET" or "transaction_id" not in request.query:
                return None
            answer = shop.side.shop.handle(request)
            rows = msgspec.json.decode(answer.body)
            for row in rows:
                row["total"] = "inget tal" if row["id"] == broken else row["total"]
            return msgspec.structs.replace(answer, body=msgspec.json.encode(rows))

        shop.side.gate = gate
        await shop.live(3 * HOUR)
        assert_told_once(shop, order_ids)
        assert shop.row(broken).code == "BRY-G44"
