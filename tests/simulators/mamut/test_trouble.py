from __future__ import annotations

from datetime import UTC, datetime

import pytest

from simulators.mamut.options import Maintenance
from tests.simulators.mamut.company import Client, Clock, Company, line

ORDER = {"contid": 1, "external_no": "main-1", "lines": [line()]}


def _found(client: Client) -> list[object]:
    found: list[object] = client.ok("POST", "orders/lookup", {"external_nos": ["main-1"]})["orders"]
    return found


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("record_locked", (423, "record_locked")),
        ("busy", (409, "busy")),
        ("sql_timeout_mid_write", (500, "sql_timeout")),
    ],
)
def test_after_these_troubles_nothing_has_happened(client: Client, kind: str, answer: tuple[int, str]) -> None:
    client.mamut.trouble.order(kind)
    assert client.refused("POST", "orders", ORDER) == answer
    assert _found(client) == []
    assert client.order(external_no="main-1")["order_no"] == 100000001


def test_a_time_out_after_the_write_looks_the_same_and_kept_it_all(client: Client) -> None:
    client.mamut.trouble.order("sql_timeout_after_write")
    assert client.refused("POST", "orders", ORDER) == (500, "sql_timeout")
    assert [(row["status"], row["total"]) for row in _found(client)] == [("unprocessed_order", "100.00")]


@pytest.mark.parametrize("kind", ["order", "invoice"])
def test_a_header_can_be_left_without_lines_and_be_mended(client: Client, kind: str) -> None:
    client.mamut.trouble.order("header_without_lines")
    assert client.refused("POST", "orders", {**ORDER, "kind": kind}) == (500, "sql_connection_lost")
    (left,) = _found(client)
    assert (left["status"], left["lines"], left["total"], left["kind"]) == ("unprocessed_order", [], "0.00", kind)
    assert client.mamut.census().without_lines == 1
    for act in ("deliver", "invoice"):
        assert client.refused("POST", f"orders/{left['order_no']}/{act}") == (422, "lines_missing")
    assert client.ok("PATCH", f"orders/{left['order_no']}", {"lines": [line()]})["total"] == "100.00"
    assert client.mamut.census().without_lines == 0


def test_a_dropped_session_did_nothing_and_is_closed(client: Client) -> None:
    client.mamut.trouble.order("session_dropped")
    assert client.refused("POST", "orders", ORDER) == (401, "session_closed")
    assert client.refused("GET", "registers") == (401, "session_closed")
    client.log_in()
    assert _found(client) == []


def test_a_desktop_user_saves_over_an_edit_that_was_confirmed(client: Client) -> None:
    client.order(reference="old", external_no="main-1")
    for path, field in (("contacts/1", "email"), ("products/A-1", "ean"), ("orders/100000001", "reference")):
        before = client.ok("GET", path)
        client.mamut.trouble.order("desktop_user_overwrites")
        assert client.ok("PATCH", path, {field: "new"})[field] == "new"
        assert client.ok("GET", path) == before
    assert client.ok("POST", "contacts/lookup", {"emails": ["new"]})["contacts"] == []
    assert len(_found(client)) == 1


def test_an_edited_order_may_be_cancelled_without_a_word(client: Client) -> None:
    client.order()
    client.mamut.trouble.order("silent_cancel")
    answer = client.ok("PATCH", "orders/100000001", {"reference": "x"})
    assert (answer["status"], answer["reference"]) == ("unprocessed_order", "x")
    assert client.ok("GET", "orders/100000001")["status"] == "cancelled"


def test_a_hang_is_work_without_end(client: Client) -> None:
    client.mamut.trouble.order("hang")
    assert client.raw("GET", "registers").work_ms == 600_000
    assert client.raw("GET", "registers").work_ms == 10


def test_a_concurrent_call_is_busy_until_the_first_is_worked_off(company: Company, clock: Clock) -> None:
    client = company(quirks={"busy_when_concurrent": True})
    first = client.raw("GET", "orders")
    assert client.refused("GET", "orders") == (409, "busy")
    clock.pass_time(milliseconds=first.work_ms)
    client.ok("GET", "orders")


def test_shares_are_drawn_from_the_seed(company: Company) -> None:
    def outcomes(seed: int) -> list[str]:
        client = company(seed=seed, quirks={"record_locked": 0.2, "sql_timeout_after_write": 0.2})
        answers = (client.call("POST", "orders", ORDER)[1] for _ in range(300))
        return [answer["error"]["code"] if "error" in answer else "" for answer in answers]

    first = outcomes(1)
    assert first == outcomes(1)
    assert first != outcomes(2)
    assert 30 < first.count("record_locked") < 90
    assert 20 < first.count("sql_timeout") < 80


def test_reading_meets_no_trouble_of_writing(company: Company) -> None:
    every = {"record_locked": 1.0, "sql_timeout_mid_write": 1.0, "header_without_lines": 1.0}
    client = company(quirks=every)
    for path in ("contacts/1", "products/A-1", "registers", "orders"):
        client.ok("GET", path)
    client.ok("POST", "contacts/lookup", {"names": ["Maja"]})


def test_work_grows_with_keys_rows_and_lines(client: Client) -> None:
    def work(path: str, body: bytes = b"") -> float:
        return client.raw("POST" if body else "GET", path, body).work_ms

    assert work("orders/lookup", b'{"external_nos": ["a", "b"]}') == pytest.approx(8.4)
    assert work("stock/lookup", b'{"product_nos": ["a", "b"]}') == pytest.approx(9.4)
    assert work("contacts") == pytest.approx(10.3)
    assert work("orders", b'{"contid": 1, "lines": [{"product_no": "A-1", "qty": "1"}]}') == pytest.approx(29)


def test_a_daily_window_comes_back_and_a_single_one_does_not() -> None:
    start = datetime(2026, 3, 1, 2, tzinfo=UTC)
    daily = Maintenance(start=start, minutes=30, daily=True)
    once = Maintenance(start=start, minutes=30)
    later = datetime(2026, 3, 8, 2, 29, tzinfo=UTC)
    assert daily.ends_at(later) == datetime(2026, 3, 8, 2, 30, tzinfo=UTC)
    assert once.ends_at(later) is None
    assert daily.ends_at(datetime(2026, 3, 8, 2, 30, tzinfo=UTC)) is None
    assert daily.ends_at(datetime(2026, 3, 1, 1, 59, tzinfo=UTC)) is None
