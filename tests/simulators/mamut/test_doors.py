from __future__ import annotations

import msgspec

from simulators.mamut.options import MamutOptions
from simulators.mamut.system import Mamut
from tests.simulators.mamut.company import Client, Clock, line


def test_the_census_counts_living_documents_and_names_doubles(client: Client) -> None:
    for external_no in ("a", "b", "a", "c", "c"):
        client.order(external_no=external_no)
    client.ok("POST", "orders/100000004/cancel")
    client.order(kind="invoice", currency="EUR")
    client.token = ""
    census = client.ok("GET", "/simulator/census")
    assert census["documents"] == 6
    assert census["by_status"] == {"unprocessed_order": 4, "cancelled": 1, "invoice": 1}
    assert census["total_ore"] == 50000
    assert census["total_ore_by_status"] == {"unprocessed_order": 40000, "cancelled": 10000, "invoice": 10000}
    assert census["total_ore_by_currency"] == {"SEK": 40000, "EUR": 10000}
    assert (census["external_nos"], census["external_nos_twice"]) == (3, ["a"])
    assert (census["contacts"], census["products"], census["open_items"], census["open_ore"]) == (1, 2, 1, 10000)


def test_filling_makes_the_same_company_from_the_same_seed(clock: Clock) -> None:
    def filled(seed: int) -> bytes:
        mamut = Mamut(MamutOptions(), clock)
        mamut.fill(seed, products=200, contacts=100)
        return msgspec.json.encode(mamut.books.held)

    assert filled(1) == filled(1)
    assert filled(1) != filled(2)


def test_a_filled_company_takes_orders_of_what_it_holds(client: Client) -> None:
    assert client.ok("POST", "/simulator/fill", {"products": 300, "contacts": 50, "seed": 2}) == {
        "products": 300,
        "contacts": 50,
    }
    page = client.ok("GET", "products?offset=2&limit=500")
    assert [row["product_no"] for row in page["products"]] == [f"B-{number:05d}" for number in range(1, 301)]
    assert all(float(row["price_out"]) > 0 for row in page["products"])
    assert {row["vat_out"] for row in page["products"]} == {3, 4, 5}
    made = client.order(line("B-00300", line_sum=None), contid=51)
    assert made["lines"][0]["product_no"] == "B-00300"
    emails = [row["email"] for row in client.ok("GET", "contacts?limit=500")["contacts"][1:]]
    assert len(set(emails)) == 50
    assert all(email.endswith("@example.com") for email in emails)


def test_filling_over_articles_that_are_there_is_refused(client: Client) -> None:
    client.ok("POST", "/simulator/fill", {"products": 3})
    assert client.refused("POST", "/simulator/fill", {"products": 1, "start": 3}) == (409, "product_no_taken")
    assert client.refused("POST", "/simulator/fill", {"products": -1}) == (400, "invalid_field")
    client.ok("POST", "/simulator/fill", {"products": 1, "start": 4})


def test_people_of_another_process_act_and_order_trouble(client: Client) -> None:
    client.order()
    token, client.token = client.token, ""
    assert client.ok("POST", "/simulator/act/order.deliver/100000001")["status"] == "processed_order"
    assert client.ok("POST", "/simulator/act/order.invoice/100000001")["invoice_no"] == 300001
    assert client.ok("POST", "/simulator/act/ledger.pay", {"invoice_no": 300001})["remaining"] == "0.00"
    assert client.refused("POST", "/simulator/act/desktop.order", {}) == (404, "act_unknown")
    assert client.refused("POST", "/simulator/act/no.such") == (404, "act_unknown")
    client.ok("POST", "/simulator/trouble", {"kind": "busy", "times": 2})
    assert client.refused("POST", "/simulator/trouble", {"kind": "flood"}) == (400, "invalid_field")
    client.token = token
    assert [client.call("GET", "registers")[0] for _ in range(3)] == [409, 409, 200]


def test_other_doors_are_walls(client: Client) -> None:
    assert client.refused("POST", "/simulator/census") == (404, "route_unknown")
    assert client.refused("GET", "/simulator/") == (404, "route_unknown")
