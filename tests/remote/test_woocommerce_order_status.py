"""An order after its transfer, in the shop: status, parcels and notes, each written once and read back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest
from trio.testing import MockClock

from agent.model.goods import Parcel
from agent.model.ids import ShopOrderId
from agent.remote.trouble import Trouble, TroubleKind
from scenarios.stage import START
from simulators.http import Request, Response
from simulators.woocommerce.orders_place import Basket
from simulators.woocommerce.plugins import Klarna, Plugins, Svea
from tests.remote.shop_bench import JSON, ShopBench, shop_bench

PARCEL = Parcel(carrier="PostNord", number="UC 123456 SE")
Plugin = Literal["", "woocommerce", "ast"]


def order(bench: ShopBench, **fields: Any) -> ShopOrderId:
    product = bench.do("POST", "/products", {"name": "Vara", "regular_price": "125"})
    lines = [{"product_id": product["id"], "quantity": 2}]
    made = bench.do("POST", "/orders", {"line_items": lines, "set_paid": True, "payment_method": "bacs", **fields})
    return ShopOrderId(made["id"])


def bought(bench: ShopBench, payment_method: str) -> ShopOrderId:
    """An order of the shop window, so that the payment company knows of it."""
    product = bench.do("POST", "/products", {"name": "Vara", "regular_price": "125"})
    address = {
        "first_name": "Kim",
        "last_name": "Exempel",
        "address_1": "Storgatan 1",
        "postcode": "903 26",
        "city": "Umeå",
        "country": "SE",
        "email": "kund@post.example",
    }
    basket = Basket(goods=[(product["id"], 2)], address=address, payment_method=payment_method)
    return ShopOrderId(bench.side.shop.place_order(basket))


def parcels(bench: ShopBench, order_id: ShopOrderId) -> list[dict[str, Any]]:
    """What the plugin keeps."""
    rows = bench.do("GET", f"/orders/{order_id}")["meta_data"]
    return next((row["value"] for row in rows if row["key"] == "_wc_shipment_tracking_items"), [])


# -- showing ----------------------------------------------------------------------------------------------------------


async def test_an_order_is_shown_as_far_as_status_and_payment_matter(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        meta = [
            {"key": "_wc_klarna_capture_id", "value": "cap-1"},
            {"key": "_ppcp_paypal_captured", "value": True},
            {"key": "_parts", "value": [1, {"a": "å"}]},
            {"key": "_secret", "value": "not asked for"},
        ]
        order_id = order(bench, transaction_id="t-1", meta_data=meta)
        for amount in ("10.50", "2.00"):
            bench.do("POST", f"/orders/{order_id}/refunds", {"amount": amount, "api_refund": False})
        [shown] = await bench.port.show_orders(
            (order_id,), ("_wc_klarna_capture_id", "_ppcp_paypal_captured", "_parts", "_none")
        )
    assert (shown.order_id, shown.status, shown.payment_method, shown.transaction_id) == (
        order_id,
        "processing",
        "bacs",
        "t-1",
    )
    assert (shown.total, shown.refunded, shown.currency) == (Decimal("250.00"), Decimal("12.50"), "SEK")
    assert (shown.created_at, shown.paid_at, shown.modified_at) == (START, START, START)
    assert shown.meta == {"_wc_klarna_capture_id": "cap-1", "_ppcp_paypal_captured": "1", "_parts": '[1,{"a":"å"}]'}


async def test_an_unpaid_order_has_no_day_of_payment(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        order_id = order(bench, set_paid=False, status="pending")
        [shown] = await bench.port.show_orders((order_id,), ())
    assert (shown.paid_at, shown.refunded, shown.meta) == (None, Decimal(0), {})


async def test_orders_that_are_gone_are_left_out(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        kept, trashed, deleted = (order(bench) for _ in range(3))
        bench.do("DELETE", f"/orders/{trashed}")
        bench.do("DELETE", f"/orders/{deleted}?force=true")
        shown = await bench.port.show_orders((trashed, kept, deleted, ShopOrderId(999_999)), ())
        assert await bench.port.show_orders((), ()) == ()
        assert len(bench.asked) == 1
    assert [one.order_id for one in shown] == [kept]


async def test_an_order_that_cannot_be_read_is_named(autojump_clock: MockClock) -> None:
    def without_total(_request: Request, response: Response) -> Response:
        body = response.body.replace(b'"total":"250.00"', b'"total":"mycket"')
        return Response(status=200, headers=response.headers, body=body)

    async with shop_bench() as bench:
        order_id = order(bench)
        bench.answer_with(without_total)
        with pytest.raises(Trouble) as raised:
            await bench.port.show_orders((order_id,), ())
    assert raised.value.kind is TroubleKind.GARBLED
    assert str(order_id) in raised.value.detail
    assert "mycket" not in str(raised.value)


# -- status -----------------------------------------------------------------------------------------------------------


async def test_a_status_is_set_and_nothing_else(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        order_id = order(bench)
        before = bench.do("GET", f"/orders/{order_id}")
        shown = await bench.port.set_status(order_id, "completed", ("_x",))
        after = bench.do("GET", f"/orders/{order_id}")
        [exchange] = bench.asked
    assert (shown.order_id, shown.status, shown.total) == (order_id, "completed", Decimal("250.00"))
    assert msgspec.json.decode(exchange.body) == {"status": "completed"}
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"status", "date_completed", "date_completed_gmt", "is_editable", "needs_processing"}


async def test_setting_a_status_takes_the_money_and_shows_the_proof(autojump_clock: MockClock) -> None:
    async with shop_bench(plugins=Plugins(klarna=Klarna())) as bench:
        order_id = bought(bench, "klarna_payments")
        shown = await bench.port.set_status(order_id, "completed", ("_wc_klarna_capture_id",))
    assert shown.status == "completed"
    assert shown.meta["_wc_klarna_capture_id"]


async def test_a_capture_that_fails_shows_as_the_status_that_came_of_it(autojump_clock: MockClock) -> None:
    async with shop_bench(plugins=Plugins(klarna=Klarna(), payment_trouble=1.0)) as bench:
        order_id = bought(bench, "klarna_payments")
        shown = await bench.port.set_status(order_id, "completed", ("_wc_klarna_capture_id",))
    assert (shown.status, shown.meta.get("_wc_klarna_capture_id", "")) == ("on-hold", "")


async def test_where_only_a_note_tells_of_the_failure_the_proof_is_missing(autojump_clock: MockClock) -> None:
    async with shop_bench(plugins=Plugins(svea=Svea(), payment_trouble=1.0)) as bench:
        order_id = bought(bench, "svea_checkout")
        shown = await bench.port.set_status(order_id, "completed", ("_svea_co_deliver_date",))
    assert (shown.status, shown.meta.get("_svea_co_deliver_date", "")) == ("completed", "")


@pytest.mark.parametrize("status", [200, 500])
async def test_a_status_whose_answer_is_lost_is_unsure(autojump_clock: MockClock, status: int) -> None:
    async with shop_bench() as bench:
        order_id = order(bench)
        bench.answer_with(lambda _request, _response: Response(status=status, body=b"<html>"))
        with pytest.raises(Trouble) as raised:
            await bench.port.set_status(order_id, "completed", ())
        bench.side.gate = None
        [shown] = await bench.port.show_orders((order_id,), ())
    assert raised.value.kind is TroubleKind.UNSURE
    assert shown.status == "completed"


async def test_a_status_of_an_order_that_is_gone_or_that_the_shop_does_not_know_is_refused(
    autojump_clock: MockClock,
) -> None:
    async with shop_bench() as bench:
        order_id = order(bench)
        with pytest.raises(Trouble) as gone:
            await bench.port.set_status(ShopOrderId(999_999), "completed", ())
        with pytest.raises(Trouble) as unknown:
            await bench.port.set_status(order_id, "skickad", ())
    assert (gone.value.kind, unknown.value.kind) == (TroubleKind.REFUSED, TroubleKind.REFUSED)


# -- parcels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plugin", ["woocommerce", "ast"])
async def test_a_parcel_is_left_once_with_the_link_of_a_carrier_that_the_plugin_knows(
    autojump_clock: MockClock, plugin: Plugin
) -> None:
    async with shop_bench(plugins=Plugins(tracking=plugin)) as bench:
        order_id = order(bench)
        for number in ("UC 123456 SE", "uc123456se", "UC 123456 SE"):
            await bench.port.add_parcel(order_id, Parcel("PostNord", number), "2026-11-20")
        [held] = parcels(bench, order_id)
        [shown] = tracked(bench, order_id)
        status = bench.do("GET", f"/orders/{order_id}")["status"]
    assert (held["tracking_provider"], held["tracking_number"]) == ("PostNord Sverige AB", "UC 123456 SE")
    assert shown["date_shipped"] == "2026-11-20"
    assert "postnord.com" in shown["tracking_link"]
    assert status == "processing"


def tracked(bench: ShopBench, order_id: ShopOrderId) -> list[dict[str, Any]]:
    """What the plugin shows."""
    request = next(exchange for exchange in bench.asked if exchange.path.endswith("shipment-trackings"))
    space = "wc-shipment-tracking/v3"
    assert "/wc-" in request.path
    key = bench.side.options.keys[0]
    response = bench.side.shop.handle(
        Request(
            method="GET",
            path=f"/wp-json/{space}/orders/{order_id}/shipment-trackings",
            query=f"consumer_key={key.consumer_key}&consumer_secret={key.consumer_secret}",
            scheme="https",
            host="butik.example",
        )
    )
    rows: list[dict[str, Any]] = msgspec.json.decode(response.body)
    return rows


async def test_a_second_parcel_is_left_beside_the_first(autojump_clock: MockClock) -> None:
    async with shop_bench(plugins=Plugins(tracking="ast")) as bench:
        order_id = order(bench)
        for number in ("UC1", "UC2"):
            await bench.port.add_parcel(order_id, Parcel("DB Schenker", number), "2026-11-20")
        assert [row["tracking_number"] for row in parcels(bench, order_id)] == ["UC1", "UC2"]
        posts = [msgspec.json.decode(one.body) for one in bench.asked if one.method == "POST"]
        spaces = [one.path for one in bench.asked if one.status == 404]
    assert all("status_shipped" not in body for body in posts)
    assert [body["date_shipped"] for body in posts] == ["20-11-2026"] * 2
    assert spaces == []


@pytest.mark.parametrize(
    ("carrier", "provider"),
    [("postnord sverige ab", "PostNord Sverige AB"), ("Schenker", "DB Schenker"), ("DHL", "DHL.se"), ("UPS", "UPS.se")],
)
async def test_a_carrier_is_known_by_part_of_its_name(autojump_clock: MockClock, carrier: str, provider: str) -> None:
    async with shop_bench(plugins=Plugins(tracking="woocommerce")) as bench:
        order_id = order(bench)
        await bench.port.add_parcel(order_id, Parcel(carrier, "1"), "2026-11-20")
        assert parcels(bench, order_id)[0]["tracking_provider"] == provider


async def test_a_link_of_our_own_and_an_unknown_carrier_are_the_merchants_words(autojump_clock: MockClock) -> None:
    async with shop_bench(plugins=Plugins(tracking="woocommerce")) as bench:
        order_id = order(bench)
        await bench.port.add_parcel(order_id, Parcel("PostNord", "1", "https://spar.example/1"), "2026-11-20")
        await bench.port.add_parcel(order_id, Parcel("Budet i Umeå", "2"), "2026-11-20")
        linked, unknown = parcels(bench, order_id)
    facts = ("tracking_provider", "custom_tracking_provider", "custom_tracking_link")
    assert [linked[name] for name in facts] == ["", "PostNord", "https://spar.example/1"]
    assert [unknown[name] for name in facts] == ["", "Budet i Umeå", ""]


async def test_a_shop_without_a_plugin_says_so_and_one_that_gets_it_is_found(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        order_id = order(bench)
        with pytest.raises(Trouble) as raised:
            await bench.port.add_parcel(order_id, PARCEL, "2026-11-20")
        held = bench.side.backup()
        bench.side.options = msgspec.structs.replace(bench.side.options, plugins=Plugins(tracking="woocommerce"))
        bench.side.become(held)
        await bench.port.add_parcel(order_id, PARCEL, "2026-11-20")
        assert len(parcels(bench, order_id)) == 1
    assert (raised.value.kind, raised.value.problem) == (TroubleKind.REFUSED, "no_tracking_plugin")


async def test_a_parcel_whose_answer_is_lost_is_not_left_twice(autojump_clock: MockClock) -> None:
    def lost(request: Request, _response: Response) -> Response | None:
        return Response(status=504, body=b"<html>") if request.method == "POST" else None

    async with shop_bench(plugins=Plugins(tracking="woocommerce")) as bench:
        order_id = order(bench)
        bench.answer_with(lost)
        with pytest.raises(Trouble) as raised:
            await bench.port.add_parcel(order_id, PARCEL, "2026-11-20")
        bench.side.gate = None
        await bench.port.add_parcel(order_id, PARCEL, "2026-11-20")
        assert len(parcels(bench, order_id)) == 1
    assert raised.value.kind is TroubleKind.UNSURE


async def test_a_parcel_of_an_order_that_is_gone_is_refused(autojump_clock: MockClock) -> None:
    async with shop_bench(plugins=Plugins(tracking="ast")) as bench:
        with pytest.raises(Trouble) as raised:
            await bench.port.add_parcel(ShopOrderId(999_999), PARCEL, "2026-11-20")
    assert raised.value.kind is TroubleKind.REFUSED
    assert raised.value.problem != "no_tracking_plugin"


# -- notes ------------------------------------------------------------------------------------------------------------


async def test_a_note_is_read_as_it_was_written_and_says_whom_it_was_for(autojump_clock: MockClock) -> None:
    text = "Ditt paket & dina varor <b>är</b> på väg"
    async with shop_bench() as bench:
        order_id = order(bench, billing={"email": "kund@post.example"})
        already = len(await bench.port.notes(order_id))
        mails = bench.side.shop.orders.mails.sent
        mails.clear()
        await bench.port.add_note(order_id, text, to_customer=True)
        await bench.port.add_note(order_id, "Faktura 17", to_customer=False)
        notes = await bench.port.notes(order_id)
    assert [mail.to for mail in mails] == ["kund@post.example"]
    assert [(note.text, note.to_customer, note.at) for note in notes[already:]] == [
        (text, True, START),
        ("Faktura 17", False, START),
    ]
    assert len({note.note_id for note in notes}) == already + 2


async def test_a_note_whose_answer_is_lost_is_unsure_and_can_be_looked_for(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        order_id = order(bench)
        bench.answer_with(lambda _request, _response: Response(status=502, headers=JSON, body=b"<html>"))
        with pytest.raises(Trouble) as raised:
            await bench.port.add_note(order_id, "Hej", to_customer=True)
        bench.side.gate = None
        assert [note.text for note in await bench.port.notes(order_id)].count("Hej") == 1
    assert raised.value.kind is TroubleKind.UNSURE
