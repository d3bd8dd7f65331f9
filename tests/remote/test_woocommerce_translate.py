"""WooCommerce's JSON into the model: all that real shops do to it, and no guess about money."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.messages import UnreadableOrder
from agent.model.ids import ShopKey
from agent.model.order import GiftCard, LineKind, ShopOrder
from agent.remote.woocommerce.shapes import ORDER_FIELDS, SIGHT_FIELDS, WireOrder, WireSight
from agent.remote.woocommerce.translate import MARK_META, read_order, read_order_page, read_sight_page

RECORDINGS = Path(__file__).parents[1] / "recordings"
SHOP = ShopKey("butik")


def recorded(file: str, at: int) -> Any:
    exchanges = json.loads((RECORDINGS / f"{file}.json").read_text("utf-8"))["exchanges"]
    return exchanges[at]["response"]["body"]


USUAL = recorded("orders_create", 3)


def usual(**changes: Any) -> dict[str, Any]:
    """A whole recorded order, changed."""
    return {**json.loads(json.dumps(USUAL)), **changes}


def read(wire: dict[str, Any]) -> ShopOrder:
    made = read_order(json.dumps(wire).encode(), SHOP)
    assert isinstance(made, ShopOrder), made
    return made


def refused(wire: dict[str, Any]) -> str:
    made = read_order(json.dumps(wire).encode(), SHOP)
    assert isinstance(made, UnreadableOrder), made
    assert made.order_id == wire.get("id", 0)
    return made.problem


# -- a real order ---------------------------------------------------------------------------------------------------


def test_a_recorded_order_is_read_whole() -> None:
    order = read(USUAL)
    assert (order.order_id, order.number, order.status, order.currency) == (22, "22", "processing", "SEK")
    assert (order.total, order.total_tax, order.prices_include_tax) == (Decimal("847.85"), Decimal("141.73"), True)
    assert [line.kind for line in order.lines] == [LineKind.PRODUCT] * 3 + [LineKind.SHIPPING]
    assert [line.article_no for line in order.lines] == ["O-25", "O-V-R", "O-12", ""]
    assert [line.taxes[0].percent for line in order.lines] == [25, 25, 12, 25]
    assert {line.taxes[0].country for line in order.lines} == {"SE"}
    assert order.lines[3].method == "flat_rate"
    assert order.meta["vat_number"] == "SE556000000001"


def test_times_are_those_in_gmt_as_utc() -> None:
    order = read(usual(date_created_gmt="2026-11-23T10:58:45", date_modified_gmt="2026-11-23T10:59:00"))
    assert order.created_at == datetime(2026, 11, 23, 10, 58, 45, tzinfo=UTC)
    assert order.modified_at == datetime(2026, 11, 23, 10, 59, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-23T11:58:45+01:00", "2026-11-23T10:58:45Z", "2026-11-23 10:58:45"])
def test_a_time_with_a_zone_is_that_moment(text: str) -> None:
    assert read(usual(date_created_gmt=text)).created_at == datetime(2026, 11, 23, 10, 58, 45, tzinfo=UTC)


def test_the_fields_asked_for_are_those_that_are_read() -> None:
    assert set(ORDER_FIELDS.split(",")) == set(WireOrder.__struct_fields__)
    assert set(SIGHT_FIELDS.split(",")) == set(WireSight.__struct_fields__)


def test_an_order_cut_to_the_fields_asked_for_is_the_same() -> None:
    cut = {key: value for key, value in USUAL.items() if key in ORDER_FIELDS.split(",")}
    assert read(cut) == read(USUAL)


# -- what shops differ in -------------------------------------------------------------------------------------------


def test_unknown_keys_are_ignored_at_every_level() -> None:
    wire = usual(some_plugin={"a": [1]})
    wire["line_items"][0]["_extra"] = None
    wire["billing"]["nip"] = 7
    assert read(wire) == read(USUAL)


@pytest.mark.parametrize("value", [None, ""])
def test_null_is_as_good_as_an_empty_text(value: str | None) -> None:
    order = read(usual(customer_note=value, transaction_id=value, payment_method=value, payment_method_title=value))
    assert (order.customer_note, order.transaction_id, order.payment_method) == ("", "", "")


def test_numbers_are_taken_for_texts_and_texts_for_numbers() -> None:
    wire = usual(number=22, customer_id="7")
    wire["billing"] |= {"postcode": 90326, "phone": 701234567}
    wire["line_items"][0] |= {"quantity": "2", "product_id": "11", "sku": 4711}
    order = read(wire)
    assert (order.number, order.customer_id) == ("22", 7)
    assert (order.billing.postcode, order.billing.phone) == ("90326", "701234567")
    assert (order.lines[0].quantity, order.lines[0].product_id) == (Decimal(2), 11)
    assert order.lines[0].article_no == "4711"


def test_amounts_may_be_numbers() -> None:
    wire = usual(total=847.85)
    wire["line_items"][0] |= {"total": 200, "total_tax": 50.0}
    order = read(wire)
    assert (order.total, order.lines[0].total, order.lines[0].tax_total) == (
        Decimal("847.85"),
        Decimal(200),
        Decimal(50),
    )


@pytest.mark.parametrize("key", ["line_items", "tax_lines", "shipping_lines", "meta_data", "fee_lines", "refunds"])
def test_a_list_with_a_gap_comes_as_an_object_and_is_a_list_all_the_same(key: str) -> None:
    wire = usual()
    wire[key] = {str(at * 2): item for at, item in enumerate(wire[key])}
    assert read(wire) == read(USUAL)


def test_empty_addresses_may_be_lists_or_missing() -> None:
    for order in (read(usual(shipping=[])), read(usual(shipping=None))):
        assert order.shipping.is_empty


def test_a_missing_date_of_change_is_that_of_the_creation_and_the_other_way_round() -> None:
    only_created = read(usual(date_modified_gmt=None))
    assert only_created.modified_at == only_created.created_at
    only_modified = read(usual(date_created_gmt="", date_modified_gmt="2026-11-23T10:59:00"))
    assert only_modified.created_at == only_modified.modified_at


def test_entities_and_markup_in_names_become_the_text_that_was_meant() -> None:
    wire = usual()
    wire["line_items"][0]["name"] = "Salt &amp; Peppar <b>5&#8243;</b> 2 < 3"
    assert read(wire).lines[0].name == "Salt & Peppar 5″ 2 < 3"


def test_addresses_and_notes_keep_what_the_customer_wrote() -> None:
    wire = usual(customer_note="<b>Ring</b> &amp; vänta")
    assert read(wire).customer_note == "<b>Ring</b> &amp; vänta"


def test_what_was_chosen_is_said_after_the_name_unless_the_name_says_it() -> None:
    wire = usual()
    wire["line_items"][1]["meta_data"] += [
        {"id": 1, "key": "pa_storlek", "value": "xl", "display_key": "Storlek", "display_value": "XL"},
        {"id": 2, "key": "_hidden", "value": "x", "display_key": "_hidden", "display_value": "x"},
        {"id": 3, "key": "options", "value": {"a": 1}, "display_key": "options", "display_value": {"a": 1}},
    ]
    assert read(wire).lines[1].name == "Tröja - Röd, Storlek: XL"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Sko", "S", "Sko, Val: S"),
        ("Sko - S", "s", "Sko - S"),
        ("Sås S", "S", "Sås S"),
        ("Duk 2", "22", "Duk 2, Val: 22"),
    ],
)
def test_a_name_says_a_choice_only_as_a_word_of_its_own(name: str, value: str, said: str) -> None:
    wire = usual()
    wire["line_items"][0] |= {
        "name": name,
        "meta_data": [{"id": 1, "key": "val", "value": value, "display_key": "Val"}],
    }
    assert read(wire).lines[0].name == said


def test_the_status_and_the_number_lose_what_plugins_put_before_them() -> None:
    order = read(usual(status="wc-plockad", number="#A-7"))
    assert (order.status, order.number) == ("plockad", "A-7")


def test_a_rate_without_a_percentage_is_not_guessed() -> None:
    wire = usual()
    for line in wire["tax_lines"]:
        del line["rate_percent"]
    assert read(wire).lines[0].taxes[0].percent is None


@pytest.mark.parametrize(
    ("code", "country"),
    [("SE-MOMS 25%-1", "SE"), ("DE-BY-MWST-1", "DE"), ("MOMS-1", ""), ("MOMS 25%-1", ""), ("", ""), (None, "")],
)
def test_the_country_of_a_rate_is_what_its_code_begins_with(code: str | None, country: str) -> None:
    wire = usual()
    wire["tax_lines"][0]["rate_code"] = code
    assert read(wire).lines[0].taxes[0].country == country


def test_free_shipping_may_have_no_amount_at_all() -> None:
    for nothing in (None, "", "0", 0):
        wire = usual()
        wire["shipping_lines"][0] |= {"total": nothing, "total_tax": nothing, "taxes": []}
        assert read(wire).lines[3].total == 0


# -- refunds, gift cards, meta --------------------------------------------------------------------------------------


def test_refunds_are_positive_amounts_and_a_bare_minus_is_none() -> None:
    told = recorded("orders_refunds_notes", 9)["refunds"]
    assert [refund.amount for refund in read(usual(refunds=told)).refunds] == [100, 0, 0]


def test_gift_cards_of_three_plugins_are_found() -> None:
    official = usual(gift_cards=[{"id": 1, "code": "OFF-1", "amount": 30}])
    assert read(official).gift_cards == (GiftCard(code="OFF-1", amount=Decimal(30)),)
    pw = usual(pw_gift_card_lines=[{"id": 1, "card_number": "PW-1", "amount": "-20.00"}])
    assert read(pw).gift_cards == (GiftCard(code="PW-1", amount=Decimal("20.00")),)
    applied = {"id": 1, "key": "_ywgc_applied_gift_cards", "value": {"YI-1": "10.50"}}
    assert read(usual(meta_data=[applied])).gift_cards == (GiftCard(code="YI-1", amount=Decimal("10.50")),)


def test_a_gift_card_that_is_already_a_fee_is_not_counted_again() -> None:
    applied = {"id": 1, "key": "_ywgc_applied_gift_cards", "value": {"YI-1": 10}}
    as_fee = {"id": 2, "key": "ywgc_gift_card_updated_as_fee", "value": "1"}
    assert read(usual(meta_data=[applied, as_fee])).gift_cards == ()


def test_the_last_meta_of_a_key_wins_and_only_texts_are_kept() -> None:
    meta = [
        {"id": 1, "key": "a", "value": "1"},
        {"id": 2, "key": "a", "value": 2},
        {"id": 3, "key": "b", "value": {"x": 1}},
        {"id": 4, "key": "c", "value": True},
        {"id": 5, "key": "long", "value": "x" * 10_000},
    ]
    assert read(usual(meta_data=meta)).meta == {"a": "2", "c": "1"}


def test_our_own_mark_is_read_as_mamuts_number() -> None:
    assert read(usual(meta_data=[{"id": 1, "key": MARK_META, "value": "200001"}])).mamut_order_no == 200_001
    assert read(usual(meta_data=[{"id": 1, "key": MARK_META, "value": "x"}])).mamut_order_no is None


def test_a_customer_without_vat_is_what_the_shop_says() -> None:
    assert read(usual(meta_data=[{"id": 1, "key": "is_vat_exempt", "value": "yes"}])).vat_exempt
    assert not read(recorded("checkout_storefront", 13)).vat_exempt


# -- no guess about money -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("total", ["", "abc", "12 kr", "1,20", None, "NaN", "Infinity", "1e30", {}, [], True])
def test_a_total_that_is_no_amount_makes_the_order_unreadable(total: Any) -> None:
    assert "total" in refused(usual(total=total))


@pytest.mark.parametrize("key", ["total", "quantity"])
@pytest.mark.parametrize("value", ["", "abc", None, "NaN"])
def test_so_does_a_row_of_goods_without_an_amount_or_a_quantity(key: str, value: Any) -> None:
    wire = usual()
    wire["line_items"][1][key] = value
    assert "line_items" in refused(wire)


@pytest.mark.parametrize("lines", ["shipping_lines", "line_items"])
def test_so_does_vat_that_is_no_amount(lines: str) -> None:
    wire = usual()
    wire[lines][0]["total_tax"] = "moms"
    assert lines in refused(wire)


@pytest.mark.parametrize("key", ["id", "status", "currency", "total"])
def test_what_an_order_cannot_be_without_is_named_when_it_is_missing(key: str) -> None:
    wire = usual()
    del wire[key]
    assert key in refused(wire)


def test_an_order_without_any_date_is_unreadable() -> None:
    assert "date_created_gmt" in refused(usual(date_created_gmt=None, date_modified_gmt="0000-00-00T00:00:00"))


def test_a_problem_never_repeats_what_stood_there() -> None:
    wire = usual(total="Åsa Öberg 19811218-9876")
    assert "Öberg" not in refused(wire)
    wire = usual(refunds=[{"id": 1, "total": "Åsa Öberg"}])
    assert "Öberg" not in refused(wire)


# -- pages ----------------------------------------------------------------------------------------------------------


def test_one_bad_order_does_not_lose_the_others_of_its_page() -> None:
    page = [usual(id=1), usual(id=2, total="?"), usual(id=3), usual(id=4, refunds=[{"total": "?"}]), "no order"]
    orders, unreadable = read_order_page(json.dumps(page).encode(), SHOP)
    assert [order.order_id for order in orders] == [1, 3]
    assert [row.order_id for row in unreadable] == [2, 4, 0]


def test_a_byte_order_mark_before_the_answer_is_passed_over() -> None:
    body = b"\xef\xbb\xbf" + json.dumps([USUAL]).encode()
    assert len(read_order_page(body, SHOP)[0]) == 1
    assert read_sight_page(body)[2] == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"code":"rest_no_route"}', b"[{]"])
def test_what_is_no_list_is_no_page(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_order_page(body, SHOP)
    with pytest.raises(msgspec.DecodeError):
        read_sight_page(body)


def test_a_listing_tells_what_it_can_and_counts_every_row() -> None:
    rows = [
        {"id": 5, "status": "processing", "date_created_gmt": "2026-11-23T10:00:00", "total": "10.00"},
        {"id": 6, "status": "processing", "date_created_gmt": "2026-11-23T10:00:00", "total": "?"},
        {"id": 7, "status": None},
        {"id": 8, "status": "processing"},
    ]
    sights, unreadable, count = read_sight_page(json.dumps(rows).encode())
    assert [(sight.order_id, sight.total) for sight in sights] == [(5, Decimal("10.00")), (6, 0)]
    assert [row.partition(":")[0] for row in unreadable] == ["7", "8"]
    assert count == 4


def test_a_sight_tells_the_same_as_the_whole_order() -> None:
    order, ((sight, *_), _, _) = read(USUAL), read_sight_page(json.dumps([USUAL]).encode())
    for name in type(sight).__struct_fields__:
        assert getattr(sight, name) == getattr(order, name)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(WireOrder.__struct_fields__)), json_values)
def test_any_json_in_any_field_is_read_or_told_of(key: str, value: Any) -> None:
    orders, unreadable = read_order_page(json.dumps([usual(**{key: value})]).encode(), SHOP)
    assert len(orders) + len(unreadable) == 1


@given(
    st.sampled_from(["line_items", "shipping_lines", "tax_lines", "meta_data"]),
    st.sampled_from(sorted({*USUAL["line_items"][0], *USUAL["tax_lines"][0], "key", "value"})),
    json_values,
)
def test_any_json_in_any_row_is_read_or_told_of(lines: str, key: str, value: Any) -> None:
    wire = usual()
    wire[lines][0][key] = value
    orders, unreadable = read_order_page(json.dumps([wire]).encode(), SHOP)
    assert len(orders) + len(unreadable) == 1


# -- the content's hash ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"date_modified_gmt": "2027-01-01T00:00:00"},
        {"date_paid_gmt": None},
        {"total": "847.8500"},
        {"_links": {}},
        {"meta_data": [*USUAL["meta_data"], {"id": 9, "key": MARK_META, "value": "200001"}]},
        {"meta_data": [*USUAL["meta_data"], {"id": 9, "key": "_edit_lock", "value": "1763895525:1"}]},
        {"meta_data": USUAL["meta_data"][::-1]},
    ],
    ids=",".join,
)
def test_what_is_no_content_leaves_the_hash_alone(change: dict[str, Any]) -> None:
    assert read(usual(**change)).content_hash == read(USUAL).content_hash


def test_stock_that_the_shop_took_leaves_the_hash_alone() -> None:
    wire = usual()
    for line in wire["line_items"]:
        line["meta_data"] = [meta for meta in line["meta_data"] if meta["key"] != "_reduced_stock"]
    assert wire != USUAL
    assert read(wire).content_hash == read(USUAL).content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"status": "completed"},
        {"total": "847.86"},
        {"currency": "EUR"},
        {"number": "23"},
        {"customer_note": "Annat"},
        {"billing": USUAL["billing"] | {"city": "Luleå"}},
        {"shipping": USUAL["shipping"] | {"city": "Umeå"}},
        {"payment_method": "cod"},
        {"transaction_id": "T-1"},
        {"refunds": [{"id": 1, "total": "-1.00"}]},
        {"line_items": USUAL["line_items"][:2]},
        {"line_items": [USUAL["line_items"][0] | {"quantity": 3}, *USUAL["line_items"][1:]]},
        {"line_items": [USUAL["line_items"][0] | {"sku": "O-26"}, *USUAL["line_items"][1:]]},
        {"shipping_lines": []},
        {"meta_data": [{"id": 1, "key": "vat_number", "value": "SE1"}]},
        {"meta_data": [*USUAL["meta_data"], {"id": 9, "key": "_billing_org_nr", "value": "556036-0793"}]},
    ],
    ids=",".join,
)
def test_what_is_content_changes_the_hash(change: dict[str, Any]) -> None:
    assert read(usual(**change)).content_hash != read(USUAL).content_hash
