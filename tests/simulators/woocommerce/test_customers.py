"""Customers with values nobody recorded: names made up from emails, batches, deletion and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.shop import Shop
from tests.simulators.woocommerce.shop_client import ask


class Desk:
    """Somebody with a key of the shop."""

    def __init__(self) -> None:
        self.shop = Shop(ShopOptions(), lambda: datetime(2026, 3, 2, 9, 30, tzinfo=UTC), seed=11)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **params: str) -> tuple[int, Any]:
        return ask(self.shop, method, f"/wp-json/wc/v3/{path}", body, **params)

    def customer(self, email: str, **fields: Any) -> dict[str, Any]:
        status, body = self.ask("POST", "customers", {"email": email, **fields})
        assert status == 201
        made: dict[str, Any] = body
        return made


@pytest.mark.parametrize(
    ("email", "username"),
    [
        ("eva.lind@kund.example", "eva.lind"),
        ("Eva+Nyhetsbrev@kund.example", "evanyhetsbrev"),
        ("info@lindbygg.example", "lindbygg.example"),
        ("order_2@kund.example", "order_2"),
    ],
)
def test_a_username_is_made_from_the_email(email: str, username: str) -> None:
    assert Desk().customer(email)["username"] == username


def test_a_hundred_customers_of_one_name_get_a_hundred_usernames() -> None:
    desk = Desk()
    names = {desk.customer(f"bo@kund{number}.example")["username"] for number in range(100)}
    assert len(names) == 100


def test_an_email_becomes_free_when_it_is_changed_and_when_its_customer_is_deleted() -> None:
    desk = Desk()
    first = desk.customer("a@kund.example")["id"]
    assert desk.ask("POST", "customers", {"email": "A@KUND.example"})[0] == 400
    assert desk.ask("PUT", f"customers/{first}", {"email": "b@kund.example"})[0] == 200
    second = desk.customer("a@kund.example")["id"]
    assert desk.ask("DELETE", f"customers/{second}", force="true")[0] == 200
    desk.customer("a@kund.example")


def test_a_batch_does_what_it_can_and_tells_the_rest_in_place() -> None:
    desk = Desk()
    kept = desk.customer("a@kund.example")["id"]
    gone = desk.customer("b@kund.example")["id"]
    body = {
        "create": [{"email": "c@kund.example"}, {"email": "a@kund.example"}],
        "update": [{"id": kept, "first_name": "Åsa"}, {"id": 999, "first_name": "?"}],
        "delete": [gone],
    }
    status, answer = desk.ask("POST", "customers/batch", body)
    assert status == 200
    assert [row.get("error", {}).get("code") for row in answer["create"]] == [None, "registration-error-email-exists"]
    assert answer["create"][1]["id"] == 0
    assert answer["update"][0]["first_name"] == "Åsa"
    assert answer["update"][1]["error"]["data"] == {"status": 400}
    assert desk.ask("GET", f"customers/{gone}")[0] == 404


def test_the_orders_of_a_deleted_customer_stay_as_a_guests() -> None:
    desk = Desk()
    customer = desk.customer("a@kund.example")["id"]
    order = desk.ask("POST", "orders", {"customer_id": customer})[1]["id"]
    desk.ask("DELETE", f"customers/{customer}", force="true")
    assert desk.ask("GET", f"orders/{order}")[1]["customer_id"] == 0


def test_pages_of_customers_hold_each_of_them_once() -> None:
    desk = Desk()
    ids = [desk.customer(f"k{number}@kund.example")["id"] for number in range(23)]
    seen: list[int] = []
    for page in (1, 2, 3):
        seen += [row["id"] for row in desk.ask("GET", "customers", page=str(page), orderby="id")[1]]
    assert seen == ids
    assert desk.ask("GET", "customers", page="4", orderby="id")[1] == []


def test_a_completed_order_makes_a_paying_customer() -> None:
    desk = Desk()
    customer = desk.customer("a@kund.example")
    assert customer["is_paying_customer"] is False
    desk.ask("POST", "orders", {"customer_id": customer["id"], "status": "completed"})
    assert desk.ask("GET", f"customers/{customer['id']}")[1]["is_paying_customer"] is True


def test_a_customer_of_another_shop_is_held_as_it_was_told() -> None:
    desk = Desk()
    raw = {**desk.customer("a@kund.example", billing={"city": "Umeå"}), "id": 4711}
    other = Desk()
    other.shop.customers.load(raw)
    body = other.ask("GET", "customers/4711")[1]
    assert {name: body[name] for name in ("id", "email", "username", "billing")} == {
        name: raw[name] for name in ("id", "email", "username", "billing")
    }
    assert other.customer("b@kund.example")["id"] == 4712
