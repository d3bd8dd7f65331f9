"""What becomes of a document: delivered, left over, invoiced, paid, credited."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulators.mamut.records import Tracking
from tests.simulators.mamut.company import Client, Company, line


def _stock(client: Client, product_no: str = "A-1", warehouse: int = 1) -> tuple[str, str]:
    (row,) = client.ok("POST", "stock/lookup", {"product_nos": [product_no]})["stock"]
    (level,) = (level for level in row["warehouses"] if level["warehouse"] == warehouse)
    return level["on_hand"], level["reserved"]


def test_a_delivered_order_has_moved_its_stock(client: Client) -> None:
    client.mamut.staff.count("A-1", Decimal(10))
    client.order(line(qty="3"))
    made = client.ok("POST", "orders/100000001/deliver", {"tracking": [{"carrier": "PostNord", "number": "AB1SE"}]})
    assert (made["status"], made["delivered_on"]) == ("processed_order", "2026-03-02")
    assert (made["lines"][0]["to_deliver"], made["lines"][0]["delivered"]) == ("0.00", "3.00")
    assert made["tracking"] == [{"carrier": "PostNord", "number": "AB1SE", "url": ""}]
    assert _stock(client) == ("7.00", "0.00")
    assert client.refused("POST", "orders/100000001/deliver") == (409, "document_delivered")
    assert [(move.qty, move.cause) for move in client.mamut.books.held.moves] == [
        (Decimal(10), "count"),
        (Decimal(-3), "order 100000001"),
    ]


def test_a_part_delivery_leaves_a_backorder_that_names_its_parent(client: Client) -> None:
    client.product("B-1")
    client.order(line(qty="3", line_sum="100"), line("B-1", "1", "10"), external_no="main-1")
    first = client.ok("POST", "orders/100000001/deliver", {"lines": [{"line_no": 1, "qty": "2"}]})
    assert (first["status"], first["children"], first["net_total"]) == ("processed_order", [100000002], "66.67")
    assert [(row["qty"], row["qty_ordered"], row["line_sum"]) for row in first["lines"]] == [("2.00", "3.00", "66.667")]
    rest = client.ok("GET", "orders/100000002")
    assert (rest["status"], rest["parent"], rest["external_no"]) == ("backorder", 100000001, "")
    assert [(row["line_no"], row["product_no"], row["qty"], row["line_sum"]) for row in rest["lines"]] == [
        (1, "A-1", "1.00", "33.333"),
        (2, "B-1", "1.00", "10.000"),
    ]
    assert _stock(client) == ("-2.00", "1.00")
    done = client.ok("POST", "orders/100000002/deliver")
    assert (done["status"], _stock(client)) == ("processed_order", ("-3.00", "0.00"))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"line_no": 1, "qty": "4"}], "qty_too_high"),
        ([{"line_no": 1, "qty": "-1"}], "qty_too_high"),
        ([{"line_no": 9, "qty": "1"}], "line_unknown"),
        ([{"line_no": 1, "qty": "0"}], "delivery_empty"),
        ([], "delivery_empty"),
    ],
)
def test_a_delivery_that_cannot_be_leaves_no_trace(client: Client, rows: list[Any], code: str) -> None:
    before = client.order(line(qty="3"))
    assert client.refused("POST", "orders/100000001/deliver", {"lines": rows}) == (422, code)
    assert client.ok("GET", "orders/100000001") == before
    assert _stock(client) == ("0.00", "3.00")


def test_a_company_may_forbid_to_deliver_what_is_not_there(company: Company) -> None:
    client = company(quirks={"negative_stock": False})
    client.mamut.staff.count("A-1", Decimal(2))
    client.order(line(qty="3"))
    assert client.refused("POST", "orders/100000001/deliver") == (422, "stock_too_low")
    client.ok("POST", "orders/100000001/deliver", {"lines": [{"line_no": 1, "qty": "2"}]})
    assert _stock(client) == ("0.00", "1.00")


def test_an_invoice_has_a_number_an_item_and_a_day_it_is_due(client: Client) -> None:
    client.order(line(line_sum="100"), payment_terms=1)
    made = client.ok("POST", "orders/100000001/invoice", {"date": "2026-03-01"})
    assert (made["status"], made["invoice_no"], made["invoice_date"]) == ("invoice", 300001, "2026-03-01")
    (item,) = client.ok("POST", "ledger/lookup", {"invoice_nos": [300001, 300001, 7]})["items"]
    assert (item["amount"], item["remaining"], item["due"], item["paid_on"]) == ("125.00", "125.00", "2026-03-31", None)
    assert _stock(client) == ("-1.00", "0.00")


def test_a_document_sent_as_invoice_is_booked_at_once(client: Client) -> None:
    made = client.order(kind="invoice", order_date="2026-02-27")
    assert (made["status"], made["invoice_no"], made["invoice_date"]) == ("invoice", 300001, "2026-02-27")
    assert _stock(client) == ("-1.00", "0.00")


def test_stock_may_wait_for_the_packing_slip(company: Company) -> None:
    client = company(quirks={"stock_moves_at": "slip"})
    made = client.order(kind="invoice")
    assert (made["status"], made["status_sv"]) == ("invoice_not_delivered", "Faktura (ej levererad)")
    assert (made["lines"][0]["delivered"], _stock(client)[0]) == ("0.00", "0.00")
    part = {"lines": [{"line_no": 1, "qty": "0.5"}]}
    assert client.refused("POST", "orders/100000001/deliver", part) == (422, "delivery_incomplete")
    assert client.ok("POST", "orders/100000001/deliver")["status"] == "invoice"
    assert _stock(client)[0] == "-1.00"


def test_company_settings_hold_an_invoice_back(company: Company) -> None:
    client = company(quirks={"invoice_needs_ready": True, "invoice_needs_delivery": True})
    client.order()
    assert client.refused("POST", "orders/100000001/invoice") == (409, "not_ready")
    client.ok("PATCH", "orders/100000001", {"ready_for_invoicing": True})
    assert client.refused("POST", "orders/100000001/invoice") == (409, "not_delivered")
    client.ok("POST", "orders/100000001/deliver")
    assert client.ok("POST", "orders/100000001/invoice")["status"] == "invoice"


def test_paid_is_a_matter_of_the_ledger_and_can_be_taken_back(client: Client) -> None:
    client.order(line(line_sum="100"), kind="invoice")
    staff = client.mamut.staff
    assert staff.pay(300001, Decimal(100)).paid_on is None
    assert [row["remaining"] for row in client.ok("GET", "ledger?open=true")["items"]] == ["25.00"]
    staff.pay(300001)
    assert client.ok("GET", "ledger?open=true")["items"] == []
    assert client.ok("GET", "ledger")["items"][0]["paid_on"] == "2026-03-02"
    staff.reopen(300001)
    (item,) = client.ok("GET", "ledger?open=true")["items"]
    assert (item["remaining"], item["paid_on"]) == ("125.00", None)


def test_cash_terms_are_paid_when_issued(client: Client) -> None:
    client.order(kind="invoice", payment_terms=3)
    (item,) = client.ok("GET", "ledger")["items"]
    assert (item["remaining"], item["paid_on"]) == ("0.00", "2026-03-02")


def test_a_part_of_an_invoice_is_credited_with_its_own_number(client: Client) -> None:
    client.order(line(qty="3", line_sum="240"), kind="invoice", external_no="main-1")
    body = {"external_no": "main-1-r1", "lines": [{"line_no": 1, "qty": "1"}]}
    note = client.ok("POST", "orders/100000001/credit", body)
    assert (note["kind"], note["status"], note["parent"], note["invoice_no"]) == (
        "credit_note",
        "credit_note",
        100000001,
        300002,
    )
    assert (note["total"], note["lines"][0]["qty"], _stock(client)[0]) == ("-100.00", "-1.00", "-2.00")
    assert client.ok("GET", "orders/100000001")["children"] == [note["order_no"]]
    (item,) = client.ok("POST", "ledger/lookup", {"invoice_nos": [300002]})["items"]
    assert (item["kind"], item["remaining"]) == ("credit_note", "-100.00")
    assert client.mamut.census().total_ore == 20000


def test_a_credit_may_be_of_an_amount_and_leave_the_goods(client: Client) -> None:
    client.order(line(qty="3", line_sum="240"), kind="invoice")
    body = {"lines": [{"line_no": 1, "qty": "1", "line_sum": "10.5"}], "restock": False}
    note = client.ok("POST", "orders/100000001/credit", body)
    assert (note["net_total"], _stock(client)[0]) == ("-10.50", "-3.00")


def test_an_unissued_credit_note_is_booked_later(client: Client) -> None:
    client.order(kind="invoice")
    note = client.ok("POST", "orders/100000001/credit", {"issue": False})
    assert (note["status"], note["invoice_no"], _stock(client)) == ("unissued_credit_note", None, ("-1.00", "0.00"))
    assert client.refused("POST", f"orders/{note['order_no']}/invoice") == (409, "document_kind_wrong")
    issued = client.ok("POST", f"orders/{note['order_no']}/issue")
    assert (issued["status"], issued["invoice_no"], _stock(client)[0]) == ("credit_note", 300002, "0.00")
    assert client.refused("POST", f"orders/{note['order_no']}/issue") == (409, "document_booked")


def test_goods_that_never_left_do_not_come_back(company: Company) -> None:
    client = company(quirks={"stock_moves_at": "slip"})
    client.order(line(qty="2"), kind="invoice")
    client.ok("POST", "orders/100000001/credit")
    assert _stock(client)[0] == "0.00"


def test_only_an_invoice_is_credited(client: Client) -> None:
    client.order()
    assert client.refused("POST", "orders/100000001/credit") == (409, "document_not_invoiced")


def test_a_free_credit_note_can_name_its_parent(client: Client) -> None:
    client.order(kind="invoice")
    note = client.order(line(qty="-1", line_sum="-80"), kind="credit_note", parent=100000001, restock=False)
    assert (note["status"], note["total"], note["parent"]) == ("credit_note", "-100.00", 100000001)
    assert _stock(client)[0] == "-1.00"


JOURNAL = {
    "type": "BANK",
    "date": "2026-03-02",
    "rows": [
        {"account": 1930, "amount": "120"},
        {"account": 6570, "amount": "5"},
        {"account": 1510, "amount": "-125", "custid": 10000, "invoice_no": 300001},
    ],
}


def test_a_journal_waits_until_somebody_moves_it_to_the_ledger(client: Client) -> None:
    client.order(line(line_sum="100"), kind="invoice")
    journal = client.ok("POST", "journals", JOURNAL)
    assert (journal["journal_no"], journal["type"], journal["posted"]) == (1, "BAN", False)
    assert client.ok("GET", "ledger?open=true")["total"] == 1
    assert client.mamut.staff.post_journals() == 1
    assert client.ok("GET", "ledger?open=true")["total"] == 0
    assert client.mamut.staff.post_journals() == 0
    assert client.ok("GET", "journals")["journals"][0]["posted"] is True


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rows": []}, "rows_missing"),
        ({"rows": [{"account": 1930, "amount": "1"}]}, "journal_unbalanced"),
        ({"rows": [{"account": 0, "amount": "0"}]}, "account_unknown"),
        ({"rows": [{"account": 1510, "amount": "0", "invoice_no": 9}]}, "invoice_unknown"),
        ({"rows": [{"account": 1510, "amount": "0", "custid": 9}]}, "contact_unknown"),
        ({"rows": [{"account": 1510, "amount": "0", "vat_code": 99}]}, "vat_code_unknown"),
        ({"date": "1066-10-14"}, "value_out_of_range"),
    ],
)
def test_a_journal_that_cannot_be(client: Client, change: dict[str, object], code: str) -> None:
    client.order(line(line_sum="100"), kind="invoice")
    assert client.refused("POST", "journals", {**JOURNAL, **change}) == (422, code)
    assert client.ok("GET", "journals")["total"] == 0


def test_a_sale_in_the_till_is_delivered_invoiced_and_paid(company: Company) -> None:
    for stock_moves_at in ("slip", "invoice"):
        client = company(quirks={"stock_moves_at": stock_moves_at})
        client.mamut.staff.count("A-1", Decimal(5), warehouse=2)
        sold = client.mamut.staff.sell_in_till(10000, {"A-1": Decimal(2)})
        assert (sold.status, sold.origin_web, sold.total) == ("invoice", False, Decimal("200.00"))
        assert _stock(client, warehouse=2) == ("3.00", "0.00")
        assert client.mamut.census().open_ore == 0


def test_people_at_the_company_do_what_the_api_does(client: Client) -> None:
    client.order(line(qty="2"))
    staff = client.mamut.staff
    first = staff.deliver(100000001, {1: Decimal(1)}, [Tracking("DHL", "1")])
    staff.invoice(first.order_no)
    staff.credit(first.order_no)
    staff.cancel(100000002)
    assert client.mamut.census().by_status == {"invoice": 1, "cancelled": 1, "credit_note": 1}
