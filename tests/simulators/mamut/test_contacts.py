from __future__ import annotations

import pytest

from tests.simulators.mamut.company import Client, Clock, Company


def test_a_contact_needs_only_a_name_and_gets_two_numbers(client: Client) -> None:
    made = client.contact()
    assert (made["contid"], made["custid"], made["kinds"]) == (2, 10001, ["customer"])
    assert client.ok("GET", "contacts/2") == made
    assert client.refused("POST", "contacts", {"name": "  "}) == (422, "field_missing")
    assert client.refused("POST", "contacts", {"email": "a@example.com"}) == (422, "field_missing")


def test_nothing_about_a_contact_is_unique(client: Client) -> None:
    same = {"email": "maja@example.com", "org_no": "556000-0001", "ext_id": "main-1"}
    assert [client.contact(**same)["contid"] for _ in range(3)] == [2, 3, 4]
    found = client.ok("POST", "contacts/lookup", {"emails": ["maja@example.com"]})["contacts"]
    assert [row["contid"] for row in found] == [2, 3, 4]


@pytest.mark.parametrize(
    ("keys", "hit"),
    [
        ({"emails": [" MAJA@Example.com "]}, True),
        ({"emails": ["aja@example.com"]}, False),
        ({"names": ["åsa ÖBERG "]}, True),
        ({"org_nos": ["5560000001"]}, True),
        ({"phones": ["070-123 45 67"]}, True),
        ({"postcodes": ["11122"]}, True),
        ({"ext_ids": ["main-7"]}, True),
        ({"ext_ids": ["MAIN-7"]}, False),
        ({"customer_nos": [10001]}, True),
        ({"customer_nos": [" 10001"]}, True),
        ({"customer_nos": ["1e4", "", "٣"]}, False),
        ({"customer_nos": [99999, -1, 10**30]}, False),
        ({"emails": ["inkop@example.com"]}, True),
        ({"emails": [""], "names": [" "], "org_nos": ["-"]}, False),
        ({}, False),
    ],
)
def test_a_look_up_finds_what_equals_a_key(client: Client, keys: dict[str, list[object]], hit: bool) -> None:
    client.contact(
        name="Åsa Öberg",
        email="Maja@example.com",
        org_no="556000-0001",
        phone="0701234567",
        ext_id="main-7",
        addresses=[{"type": "main", "zip": "111 22"}],
        persons=[{"first_name": "Bo", "email": "inkop@example.com"}],
    )
    found = client.ok("POST", "contacts/lookup", keys)["contacts"]
    assert [row["contid"] for row in found] == ([2] if hit else [])


def test_an_inactive_contact_is_found_and_marked(client: Client) -> None:
    client.contact(email="bo@example.com")
    client.ok("PATCH", "contacts/2", {"inactive": True})
    (found,) = client.ok("POST", "contacts/lookup", {"emails": ["bo@example.com"]})["contacts"]
    assert found["inactive"] is True


def test_a_look_up_takes_a_hundred_keys_in_all(client: Client) -> None:
    full = {"emails": [f"{n}@example.com" for n in range(60)], "names": [str(n) for n in range(40)]}
    client.ok("POST", "contacts/lookup", full)
    assert client.refused("POST", "contacts/lookup", {**full, "phones": ["1"]}) == (400, "too_many_keys")


def test_a_change_keeps_what_it_does_not_name_and_moves_the_keys(client: Client) -> None:
    client.contact(email="old@example.com", phone="1", category=2)
    changed = client.ok("PATCH", "contacts/2", {"email": "new@example.com", "category": None})
    assert (changed["email"], changed["phone"], changed["category"]) == ("new@example.com", "1", None)
    assert client.ok("POST", "contacts/lookup", {"emails": ["old@example.com"]})["contacts"] == []
    assert len(client.ok("POST", "contacts/lookup", {"emails": ["new@example.com"]})["contacts"]) == 1


def test_a_refused_change_changes_nothing(client: Client) -> None:
    before = client.contact(email="old@example.com")
    refused = client.refused("PATCH", "contacts/2", {"email": "new@example.com", "payment_terms": 999})
    assert refused == (422, "register_value_unknown")
    assert client.ok("GET", "contacts/2") == before
    assert len(client.ok("POST", "contacts/lookup", {"emails": ["old@example.com"]})["contacts"]) == 1


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"department": 999}, "register_value_unknown", "department"),
        ({"currency": "XXX"}, "currency_unknown", "currency"),
        (
            {"addresses": [{"type": "main"}, {"type": "main", "country": "QQ"}]},
            "register_value_unknown",
            "addresses.1.country",
        ),
        ({"credit_limit": "1E+20"}, "value_out_of_range", "credit_limit"),
    ],
)
def test_a_refusal_names_the_field(client: Client, fields: dict[str, object], code: str, path: str) -> None:
    status, answer = client.call("POST", "contacts", {"name": "Bo", **fields})
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (422, code, path)


def test_texts_are_cut_and_strange_characters_become_question_marks(client: Client) -> None:
    made = client.contact(name="Łukasz 🎉 Åse–Œuvre € " + "x" * 60, memo="rad 1\nrad\x07 2")
    assert made["name"] == ("?ukasz ? Åse–Œuvre € " + "x" * 60)[:50]
    assert made["memo"] == "rad 1\nrad? 2"


def test_both_habits_can_be_refusals(company: Company) -> None:
    strict = company(quirks={"on_too_long": "refuse", "on_bad_char": "refuse"})
    assert strict.refused("POST", "contacts", {"name": "x" * 51}) == (422, "too_long")
    assert strict.refused("POST", "contacts", {"name": "Łukasz"}) == (422, "bad_character")
    strict.contact(name="Å" * 50)


def test_lists_page_by_number_and_end(client: Client) -> None:
    for number in range(4):
        client.contact(name=f"Kund {number}")
    page = client.ok("GET", "contacts?offset=3&limit=10")
    assert [row["contid"] for row in page["contacts"]] == [4, 5]
    assert (page["total"], page["offset"], page["limit"]) == (5, 3, 10)
    assert client.ok("GET", "contacts?offset=5")["contacts"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "offset=x", "limit=1&limit=2", "sort=name"])
def test_a_list_refuses_what_it_does_not_know(client: Client, query: str) -> None:
    assert client.refused("GET", f"contacts?{query}") == (400, "invalid_parameter")


@pytest.mark.parametrize(
    ("tracking", "since", "expected"),
    [("date", "2026-03-03", [2]), ("date", "2026-03-02", [1, 2]), ("sequence", "2", [2]), ("sequence", "0", [1, 2])],
)
def test_changes_are_told_as_coarsely_as_the_switch_says(
    company: Company, clock: Clock, tracking: str, since: str, expected: list[int]
) -> None:
    client = company(quirks={"change_tracking": tracking}, idle_s=10**6)
    clock.pass_time(days=1)
    client.contact()
    page = client.ok("GET", f"contacts?changed_since={since}")
    assert [row["contid"] for row in page["contacts"]] == expected


def test_without_change_tracking_the_question_is_refused(client: Client) -> None:
    assert client.refused("GET", "contacts?changed_since=2026-03-02") == (400, "change_tracking_off")
    assert client.contact()["changed_on"] is None
