from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from simulators.mamut.options import Maintenance, MamutOptions
from simulators.mamut.system import Mamut
from tests.simulators.mamut.company import Client, Clock, Company


def _stranger(clock: Clock, **options: object) -> Client:
    return Client(Mamut(MamutOptions(**options), clock), clock)


CREDENTIALS = {"client_no": "001", "user": "brygga", "password": "simulerad", "computer": "SRV"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"build_date": date(2024, 1, 1)}, (403, "version_expired")),
        ({"computers": ("OTHER",)}, (403, "computer_not_licensed")),
        ({"users": {"brygga": "another"}}, (401, "wrong_password")),
        ({"client_no": "002"}, (401, "wrong_password")),
        ({"edition": "E2"}, (403, "edition_too_low")),
        ({"modules": ()}, (403, "api_module_missing")),
    ],
)
def test_each_check_at_the_door_has_its_own_answer(
    clock: Clock, options: dict[str, object], expected: tuple[int, str]
) -> None:
    assert _stranger(clock, **options).refused("POST", "session", CREDENTIALS) == expected


def test_the_checks_come_in_mamuts_order(clock: Clock) -> None:
    everything: dict[str, object] = {
        "build_date": date(2024, 1, 1),
        "computers": ("OTHER",),
        "users": {},
        "edition": "E1",
        "modules": (),
    }
    seen = []
    for cured in ("build_date", "computers", "users", "edition", "modules"):
        seen.append(_stranger(clock, **everything).refused("POST", "session", CREDENTIALS)[1])
        del everything[cured]
    assert seen == [
        "version_expired",
        "computer_not_licensed",
        "wrong_password",
        "edition_too_low",
        "api_module_missing",
    ]


def test_the_last_fourteen_days_of_a_version_are_warned_of(clock: Clock) -> None:
    assert _stranger(clock, stop_date=date(2026, 3, 17)).log_in()["warnings"] == []
    assert _stranger(clock, stop_date=date(2026, 3, 16)).log_in()["warnings"] == ["version_stops_soon"]
    assert _stranger(clock, stop_date=date(2026, 3, 2)).log_in()["warnings"] == ["version_stops_soon"]


def test_a_version_lives_twenty_four_months(clock: Clock) -> None:
    assert _stranger(clock, build_date=date(2025, 5, 31)).log_in()["stop_date"] == "2027-05-28"


def test_a_second_session_is_told_who_holds_the_first(client: Client) -> None:
    status, answer = client.call("POST", "session", CREDENTIALS)
    assert (status, answer["error"]["code"]) == (409, "session_limit")
    assert answer["error"]["data"] == {"holder": "brygga", "since": "2026-03-02T09:00:00Z", "computer": "SRV"}


def test_a_replaced_token_is_refused_from_then_on(client: Client) -> None:
    old = client.token
    client.log_in(replace=True)
    new, client.token = client.token, old
    assert client.refused("GET", "registers") == (401, "session_closed")
    client.token = new
    assert client.ok("GET", "session")["token"] == new


def test_nobody_replaces_another_users_session(clock: Clock) -> None:
    client = _stranger(clock, users={"brygga": "simulerad", "eva": "kontor"})
    client.log_in(user="eva", password="kontor")
    assert client.refused("POST", "session", {**CREDENTIALS, "replace": True}) == (409, "session_limit")


def test_an_idle_session_expires_and_makes_room(client: Client, clock: Clock) -> None:
    clock.pass_time(seconds=600)
    client.ok("GET", "session")
    clock.pass_time(seconds=601)
    assert client.refused("GET", "session") == (401, "session_idle_expired")
    client.log_in()


def test_a_closed_session_is_told_from_one_that_never_was(client: Client) -> None:
    assert client.raw("DELETE", "session").status == 204
    assert client.refused("GET", "session") == (401, "session_closed")
    client.token = "invented"
    assert client.refused("GET", "session") == (401, "session_unknown")


def test_maintenance_shuts_everybody_out_and_says_until_when(company: Company, clock: Clock) -> None:
    window = Maintenance(start=datetime(2026, 3, 1, 10, tzinfo=UTC), minutes=20, daily=True)
    client = company(maintenance=(window,))
    clock.pass_time(hours=1, minutes=5)
    response = client.raw("GET", "registers")
    assert (response.status, dict(response.headers)["Retry-After"]) == (503, "900")
    assert client.refused("POST", "session", CREDENTIALS) == (503, "exclusive_maintenance")
    clock.pass_time(minutes=15)
    assert client.refused("GET", "registers") == (401, "session_closed")
    client.log_in()
    clock.pass_time(days=1, minutes=-1)
    assert client.refused("GET", "registers") == (503, "exclusive_maintenance")


def test_a_refused_replacement_leaves_the_old_session_open(client: Client) -> None:
    wrong = {**CREDENTIALS, "password": "guess", "replace": True}
    assert client.refused("POST", "session", wrong) == (401, "wrong_password")
    assert client.ok("GET", "session")["expires_idle_s"] == 600


def test_tokens_of_two_lives_of_one_company_differ(clock: Clock) -> None:
    first = _stranger(clock).log_in()["token"]
    clock.pass_time(seconds=1)
    assert _stranger(clock).log_in()["token"] != first


def test_every_other_call_needs_a_session(clock: Clock) -> None:
    client = _stranger(clock)
    for path in ("session", "registers", "contacts", "products", "orders", "stock", "prices", "ledger", "journals"):
        assert client.refused("GET", path) == (401, "session_unknown")
