from __future__ import annotations

from datetime import date

import pytest

from tests.simulators.mamut.company import Client, Clock, Company, line


def test_an_order_gets_nine_digits_and_keeps_its_external_number(client: Client) -> None:
    made = client.order(external_no="main-1001")
    assert (made["order_no"], made["order_id"], made["status"]) == (100000001, 1, "unprocessed_order")
    assert (made["status_no"], made["status_sv"]) == ("Ubehandlet ordre", "Obehandlad order")
    assert made["created_at"] == "2026-03-02T09:00:00Z"
    assert client.ok("GET", "orders/100000001") == made
    assert client.ok("POST", "orders/lookup", {"external_nos": ["main-1001", "none"]})["orders"] == [made]


def test_an_external_number_is_not_unique_and_a_look_up_gives_all(client: Client) -> None:
    for _ in range(3):
        client.order(external_no="main-1")
    client.ok("POST", "orders/100000002/cancel")
    found = client.ok("POST", "orders/lookup", {"external_nos": ["main-1"]})["orders"]
    assert [(row["order_no"], row["status"]) for row in found] == [
        (100000001, "unprocessed_order"),
        (100000002, "cancelled"),
        (100000003, "unprocessed_order"),
    ]
    assert client.mamut.census().external_nos_twice == ["main-1"]


def test_the_department_is_one_when_there_is_none(client: Client) -> None:
    made = client.order(line(), line(department=20), department=None)
    assert (made["department"], [row["department"] for row in made["lines"]]) == (1, [1, 20])
    assert client.order(department=10)["lines"][0]["department"] == 10


def test_an_order_takes_from_the_contact_what_it_does_not_bring(client: Client) -> None:
    client.contact(
        name="Bo AB",
        currency="EUR",
        payment_terms=2,
        department=10,
        rounding=2,
        addresses=[
            {"type": "main", "street": "Gatan 1", "zip": "111 22", "city": "Stad", "country": "SE"},
            {"type": "delivery", "street": "Kajen 2", "zip": "00100", "city": "Hamn", "country": "FI"},
        ],
    )
    made = client.order(contid=2, invoice_address="")
    assert (made["name"], made["currency"], made["rate"], made["payment_terms"]) == ("Bo AB", "EUR", "11.0000", 2)
    assert (made["department"], made["rounding"], made["custid"]) == (10, 2, 10001)
    assert made["invoice_address"] == "Gatan 1\n111 22 Stad"
    assert made["delivery_address"] == "Kajen 2\n00100 Hamn"
    assert (made["invoice_country"], made["delivery_country"]) == ("SE", "FI")
    own = client.order(
        contid=2, name="Bo Ek", currency="SEK", delivery_address="Box 3", delivery_country="no", rounding=1
    )
    assert (own["name"], own["currency"], own["rate"]) == ("Bo Ek", "SEK", "1.0000")
    assert (own["delivery_address"], own["delivery_country"], own["rounding"]) == ("Box 3", "NO", 1)


def test_a_contact_is_named_by_either_number(client: Client) -> None:
    assert client.order(contid=None, custid=10000)["contid"] == 1
    client.contact()
    body = {"contid": 1, "custid": 10001, "lines": [line()]}
    assert client.refused("POST", "orders", body) == (422, "contact_unknown")


@pytest.mark.parametrize("number", ["NONE", "INACTIVE", "", "N" * 70])
def test_an_unknown_or_inactive_product_becomes_description_silently(client: Client, number: str) -> None:
    client.product("INACTIVE", inactive=True, vat_out=5)
    stored = client.order(line(number, vat_code=0, description="Lyktan Berg"))["lines"][0]
    assert (stored["product_no"], stored["description"]) == ("DESCRIPTION", "Lyktan Berg")
    assert (stored["vat_code"], stored["vat_percent"], stored["stock_item"]) == (3, "25.00", False)
    if number:
        assert number.encode() not in client.raw("GET", "orders/100000001").body


def test_a_company_can_refuse_unknown_products(company: Company) -> None:
    client = company(quirks={"on_unknown_product": "refuse"})
    assert client.refused("POST", "orders", {"contid": 1, "lines": [line("NONE")]}) == (422, "product_unknown")


def test_vat_code_nought_or_none_takes_the_products(client: Client) -> None:
    client.product("BOK", vat_out=5)
    made = client.order(line("BOK", vat_code=0), line("BOK"), line("BOK", vat_code=4))
    assert [(row["vat_code"], row["vat_percent"]) for row in made["lines"]] == [
        (5, "6.00"),
        (5, "6.00"),
        (4, "12.00"),
    ]


def test_texts_of_an_order_are_cut_at_their_lengths(client: Client) -> None:
    lengths = {
        "external_no": 50,
        "name": 50,
        "reference": 30,
        "your_ref": 30,
        "fixed_text": 200,
        "packing_text": 200,
        "invoice_address": 150,
        "delivery_address": 150,
    }
    made = client.order(line(description="ö" * 61), **{field: "å" * (length + 1) for field, length in lengths.items()})
    assert {field: len(made[field]) for field in lengths} == lengths
    assert made["lines"][0]["description"] == "ö" * 60


@pytest.mark.parametrize("field", ["external_no", "reference", "delivery_address"])
def test_a_strict_company_refuses_the_same(company: Company, field: str) -> None:
    client = company(quirks={"on_too_long": "refuse", "on_bad_char": "refuse"})
    body = {"contid": 1, "lines": [line()], field: "x" * 151}
    assert client.refused("POST", "orders", body) == (422, "too_long")
    assert client.refused("POST", "orders", {**body, field: "🎉"}) == (422, "bad_character")
    assert list(client.mamut.orders()) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"contid": 99}, "contact_unknown"),
        ({"contid": None}, "contact_unknown"),
        ({"contid": 2}, "contact_inactive"),
        ({"contid": 3}, "credit_stop"),
        ({"lines": []}, "lines_missing"),
        ({"lines": [line(vat_code=77)]}, "vat_code_unknown"),
        ({"lines": [line(vat_code=13)]}, "vat_code_unknown"),
        ({"lines": [line(warehouse=9)]}, "register_value_unknown"),
        ({"lines": [line(warehouse=3)]}, "warehouse_not_linked"),
        ({"lines": [line(qty="10000000000")]}, "value_out_of_range"),
        ({"lines": [line(line_sum="1000000000000")]}, "value_out_of_range"),
        ({"lines": [line(line_sum="999999999999.9996")]}, "value_out_of_range"),
        ({"lines": [line(line_sum="Infinity")]}, "value_out_of_range"),
        ({"lines": [line()] * 1001}, "too_many_lines"),
        ({"department": 77}, "register_value_unknown"),
        ({"payment_terms": 77}, "register_value_unknown"),
        ({"our_ref": 77}, "register_value_unknown"),
        ({"our_ref": "XX"}, "register_value_unknown"),
        ({"rounding": 6}, "register_value_unknown"),
        ({"invoice_country": "QQ"}, "register_value_unknown"),
        ({"currency": "XXX"}, "currency_unknown"),
        ({"order_date": "9999-12-31"}, "value_out_of_range"),
        ({"kind": "credit_note", "parent": 5}, "parent_unknown"),
        ({"kind": "invoice", "order_date": "2026-01-31"}, "period_closed"),
        ({"kind": "credit_note", "order_date": "2026-01-31"}, "period_closed"),
    ],
)
def test_what_mamut_refuses_leaves_no_trace(company: Company, body: dict[str, object], code: str) -> None:
    client = company(closed_until=date(2026, 1, 31))
    client.contact(inactive=True)
    client.contact(credit_stop=True)
    before = client.mamut.census()
    assert client.refused("POST", "orders", {"contid": 1, "lines": [line()], **body}) == (422, code)
    assert client.mamut.census() == before
    assert client.order()["order_no"] == 100000001


def test_an_order_in_a_closed_period_is_no_booking(company: Company) -> None:
    client = company(closed_until=date(2026, 1, 31))
    assert client.order(order_date="2026-01-31")["status"] == "unprocessed_order"


def test_credit_stop_may_only_warn(company: Company) -> None:
    client = company(quirks={"credit_stop_refuses": False})
    client.contact(credit_stop=True)
    assert client.order(contid=2)["contid"] == 2


@pytest.mark.parametrize(("our_ref", "expected"), [(2, 2), ("web", 3), ("1", 1), ("", None), (None, None)])
def test_our_reference_is_an_employee(client: Client, our_ref: object, expected: int | None) -> None:
    assert client.order(our_ref=our_ref)["our_ref"] == expected


def test_mamuts_clock_may_be_ahead(company: Company, clock: Clock) -> None:
    client = company(quirks={"clock_ahead_s": 90})
    assert client.order()["created_at"] == "2026-03-02T09:01:30Z"
    assert client.ok("GET", "session")["server_time"] == "2026-03-02T09:01:30Z"


def test_the_day_of_an_order_is_the_companys(client: Client, clock: Clock) -> None:
    clock.pass_time(hours=14, minutes=30)
    client.log_in(replace=True)
    assert client.order()["order_date"] == "2026-03-03"


def test_an_order_can_be_changed_until_it_is_booked(client: Client) -> None:
    client.product("B-1")
    client.order(external_no="x", reference="old")
    changed = client.ok(
        "PATCH",
        "orders/100000001",
        {"external_no": "y", "lines": [line("B-1", "2", "10")], "ready_for_invoicing": True},
    )
    assert (changed["external_no"], changed["reference"], changed["total"]) == ("y", "old", "12.50")
    assert changed["ready_for_invoicing"] is True
    assert client.ok("POST", "orders/lookup", {"external_nos": ["x"]})["orders"] == []
    assert _reserved(client, "A-1", "B-1") == ["0.00", "2.00"]
    assert client.refused("PATCH", "orders/100000001", {"contid": 1}) == (422, "field_fixed")
    assert client.refused("PATCH", "orders/100000001", {"lines": []}) == (422, "lines_missing")
    client.ok("POST", "orders/100000001/invoice")
    assert client.refused("PATCH", "orders/100000001", {"reference": "z"}) == (409, "document_booked")
    assert client.refused("POST", "orders/100000001/cancel") == (409, "document_booked")


def _reserved(client: Client, *numbers: str) -> list[str]:
    rows = client.ok("POST", "stock/lookup", {"product_nos": list(numbers)})["stock"]
    return [row["warehouses"][0]["reserved"] for row in rows]


def test_a_cancelled_order_frees_its_stock_and_stays(client: Client) -> None:
    client.order(line(qty="4"))
    assert _reserved(client, "A-1") == ["4.00"]
    assert client.ok("POST", "orders/100000001/cancel")["status"] == "cancelled"
    assert _reserved(client, "A-1") == ["0.00"]
    assert client.refused("POST", "orders/100000001/cancel") == (409, "document_cancelled")
    assert client.refused("PATCH", "orders/100000001", {"reference": "z"}) == (409, "document_cancelled")
    assert client.refused("POST", "orders/100000001/deliver") == (409, "document_cancelled")
    client.order()
    assert client.ok("POST", "orders/100000002/cancel", {"lost_sale": True})["status"] == "lost_sale"


def test_documents_are_listed_by_status(client: Client) -> None:
    for _ in range(4):
        client.order()
    client.ok("POST", "orders/100000001/cancel")
    client.ok("POST", "orders/100000003/invoice")
    page = client.ok("GET", "orders?status=unprocessed_order,cancelled&offset=1&limit=5")
    assert ([row["order_no"] for row in page["orders"]], page["total"]) == ([100000002, 100000004], 3)
    assert client.refused("GET", "orders?status=paid") == (400, "invalid_parameter")


@pytest.mark.parametrize("key", ["0", "99", "abc", "100000002", "-1", "٣", "9" * 40, "%00"])
def test_a_document_that_is_not_there_is_unknown(client: Client, key: str) -> None:
    client.order()
    assert client.refused("GET", f"orders/{key}") == (404, "order_unknown")
    assert client.refused("POST", f"orders/{key}/cancel") == (404, "order_unknown")
