from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from simulators.mamut.records import CategoryPrice, ContactPrice, GroupDiscount, PriceRules, QuantityPrice
from tests.simulators.mamut.company import Client, Company, line


def test_a_product_keeps_its_decimals_and_its_vat_free_price(client: Client) -> None:
    made = client.product("B-1", price_out="79.99995", weight="0.1234", volume="1.005", price_cost="1")
    assert (made["price_out"], made["weight"], made["volume"], made["price_cost"]) == (
        "80.0000",
        "0.123",
        "1.01",
        "1.0000",
    )
    assert (made["vat_out"], made["use_store"], made["default_warehouse"]) == (3, True, 1)


def test_a_product_number_is_unique(client: Client) -> None:
    assert client.refused("POST", "products", {"product_no": "A-1", "description": "Skål"}) == (409, "product_no_taken")
    client.product("a-1")
    assert client.refused("PATCH", "products/a-1", {"product_no": "A-1"}) == (409, "product_no_taken")


def test_numbers_can_ignore_case_as_sql_server_does(company: Company) -> None:
    client = company(quirks={"numbers_ignore_case": True})
    assert client.refused("POST", "products", {"product_no": "a-1 ", "description": "Skål"}) == (
        409,
        "product_no_taken",
    )
    assert client.ok("GET", "products/a-1")["product_no"] == "A-1"


def test_a_number_cut_to_fifty_may_meet_another(client: Client) -> None:
    assert client.product("N" * 60)["product_no"] == "N" * 50
    body = {"product_no": "N" * 55, "description": "Skål"}
    assert client.refused("POST", "products", body) == (409, "product_no_taken")


def test_a_number_with_a_slash_is_reached_percent_encoded(client: Client) -> None:
    client.product("A/1 ö%")
    assert client.ok("GET", "products/A%2F1%20%C3%B6%25")["product_no"] == "A/1 ö%"


def test_a_look_up_finds_inactive_and_doubled_numbers(client: Client) -> None:
    client.mamut.staff.duplicate_product("A-1")
    client.ok("PATCH", "products/A-1", {"inactive": True})
    found = client.ok("POST", "products/lookup", {"product_nos": ["A-1", "NONE"]})["products"]
    assert [(row["product_no"], row["inactive"]) for row in found] == [("A-1", True), ("A-1", False)]


def test_a_renamed_product_is_found_by_its_new_number_alone(client: Client) -> None:
    client.ok("PATCH", "products/A-1", {"product_no": "A-2"})
    assert client.refused("GET", "products/A-1") == (404, "product_unknown")
    assert client.ok("GET", "products/A-2")["description"] == "Kanna"


def _main(client: Client, *properties: str) -> None:
    client.product("T", properties=list(properties), varies_by=["price", "stock", "price"])


def test_a_variant_has_a_value_for_each_property(client: Client) -> None:
    _main(client, "Storlek", "Färg")
    made = client.product("T-M-R", variant={"main": "T", "property1": "M", "property2": "röd"})
    assert made["variant"] == {"main": "T", "property1": "M", "property2": "röd"}
    assert client.ok("GET", "products/T")["varies_by"] == ["price", "stock"]
    client.ok("PATCH", "products/T", {"product_no": "T2"})
    assert client.ok("GET", "products/T-M-R")["variant"]["main"] == "T2"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"variant": {"main": "T", "property1": "M"}}, "property_missing"),
        ({"variant": {"main": "NONE", "property1": "M"}}, "main_product_unknown"),
        ({"variant": {"main": "A-1", "property1": "M"}}, "main_product_wrong"),
        ({"properties": ["Storlek", "Färg", "Material"]}, "too_many_properties"),
        ({"vat_out": 13}, "register_value_unknown"),
        ({"vat_out": 0}, "register_value_unknown"),
        ({"price_out": "NaN"}, "value_out_of_range"),
        ({"description": ""}, "field_missing"),
    ],
)
def test_what_a_product_cannot_be(client: Client, fields: dict[str, object], code: str) -> None:
    _main(client, "Storlek", "Färg")
    body = {"product_no": "V-1", "description": "Tröja", **fields}
    assert client.refused("POST", "products", body) == (422, code)
    assert client.refused("GET", "products/V-1") == (404, "product_unknown")


def test_variants_need_edition_e5(company: Company) -> None:
    client = company(edition="E4")
    body = {"product_no": "T", "description": "Tröja", "properties": ["Storlek"]}
    assert client.refused("POST", "products", body) == (422, "variants_not_licensed")


def test_stock_is_told_per_linked_warehouse(client: Client) -> None:
    client.mamut.staff.count("A-1", Decimal(7))
    client.mamut.staff.count("A-1", Decimal("2.5"), warehouse=2)
    client.mamut.staff.expect("A-1", Decimal(40))
    client.order(line(qty="3"))
    (row,) = client.ok("POST", "stock/lookup", {"product_nos": ["A-1", "DESCRIPTION", "NONE"]})["stock"]
    assert row["warehouses"] == [
        {"warehouse": 1, "on_hand": "7.00", "reserved": "3.00", "available": "4.00", "on_purchase": "40.00"},
        {"warehouse": 2, "on_hand": "2.50", "reserved": "0.00", "available": "2.50", "on_purchase": "0.00"},
    ]


def test_the_stock_list_leaves_out_what_keeps_none_and_counts_all(client: Client) -> None:
    client.product("FRAKT", use_store=False)
    client.product("B-1")
    page = client.ok("GET", "stock?limit=3&offset=1")
    assert [row["product_no"] for row in page["stock"]] == ["A-1", "B-1"]
    assert page["total"] == 4


RULES = PriceRules(
    categories=[CategoryPrice(2, price=Decimal(60), valid_to=date(2026, 3, 31))],
    contacts=[ContactPrice(3, percent=Decimal(50))],
    quantities=[QuantityPrice(Decimal(10), price=Decimal(55))],
)


@pytest.mark.parametrize(
    ("contid", "qty", "day", "expected"),
    [
        (1, "1", "2026-03-02", "80.000"),
        (2, "1", "2026-03-31", "60.000"),
        (2, "1", "2026-04-01", "72.000"),
        (3, "1", "2026-03-02", "40.000"),
        (1, "10", "2026-03-02", "550.000"),
        (3, "10", "2026-03-02", "400.000"),
    ],
)
def test_mamut_prices_a_line_without_a_sum(client: Client, contid: int, qty: str, day: str, expected: str) -> None:
    client.contact(category=2)
    client.contact(category=2)
    client.ok("PATCH", "products/A-1", {"group": 1})
    client.mamut.staff.set_price("A-1", rules=RULES)
    client.mamut.staff.set_discounts([GroupDiscount(2, 1, Decimal(10))])
    made = client.order(line(qty=qty, line_sum=None), contid=contid, order_date=day)
    assert made["lines"][0]["line_sum"] == expected


def test_prices_and_discounts_can_be_read(client: Client) -> None:
    client.mamut.staff.set_price("A-1", Decimal("99.5"), RULES)
    client.mamut.staff.set_discounts([GroupDiscount(2, 1, Decimal(10))])
    (row,) = client.ok("POST", "prices/lookup", {"product_nos": ["A-1"]})["prices"]
    assert row["price_out"] == "99.5000"
    assert row["categories"][0] == {
        "category": 2,
        "price": "60.0000",
        "percent": None,
        "valid_from": None,
        "valid_to": "2026-03-31",
    }
    assert client.ok("GET", "prices?offset=1")["prices"] == [row]
    assert client.ok("GET", "discounts")["discounts"] == [{"category": 2, "group": 1, "percent": "10.00"}]


def test_the_registers_hold_what_is_prescribed(client: Client) -> None:
    lists = client.ok("GET", "registers")
    assert lists["departments"][0] == {"id": 1, "name": "Ingen"}
    assert [row["id"] for row in lists["roundings"]] == [1, 2, 3, 4, 5]
    rates = {(row["kind"], row["percent"]) for row in lists["vat_codes"]}
    assert rates == {
        ("zero", "0.00"),
        ("domestic", "25.00"),
        ("domestic", "12.00"),
        ("domestic", "6.00"),
        ("eu", "0.00"),
        ("export", "0.00"),
    }
    assert 0 not in {row["id"] for row in lists["vat_codes"]}
    assert lists["countries"][0]["iso3"] == "NOR"
    assert len({row["iso2"] for row in lists["countries"]}) == 249
