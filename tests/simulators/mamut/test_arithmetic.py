"""The sums of a document against a formula of their own: whole thousandths and fractions, no Decimal."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from simulators.mamut.options import MamutOptions
from simulators.mamut.system import Mamut
from tests.simulators.mamut.company import Client, Clock

PERCENT = {1: 0, 3: 25, 4: 12, 5: 6, 10: 0, 11: 0}

thousandths = st.one_of(
    st.integers(-10_000, 10_000), st.integers(-(10**9), 10**9), st.integers(-(10**15) + 1, 10**15 - 1)
)
lines = st.lists(
    st.tuples(thousandths, st.sampled_from(sorted(PERCENT)), st.integers(-999, 999)), min_size=1, max_size=12
)


def _away(value: Fraction) -> int:
    """The nearest whole number, a half away from zero."""
    whole = (abs(value) * 2 + 1) // 2
    return int(whole) if value >= 0 else -int(whole)


def _rounded(ore: int, rounding: int) -> int:
    sign = 1 if ore >= 0 else -1
    size = abs(ore)
    if rounding == 2:
        size = (size + 50) // 100 * 100
    elif rounding == 3:
        size = -(-size // 100) * 100
    elif rounding == 4:
        size = size // 100 * 100
    elif rounding == 5:
        size = (size + 25) // 50 * 50
    return sign * size


def _ore(text: str) -> int:
    return int(Fraction(text) * 100)


def _thousandths(amount: int) -> str:
    return f"{'-' if amount < 0 else ''}{abs(amount) // 1000}.{abs(amount) % 1000:03d}"


def _client() -> Client:
    clock = Clock()
    mamut = Mamut(MamutOptions(), clock, 1)
    mamut.act_raw("contact.create", "", b'{"name": "Maja"}')
    client = Client(mamut, clock)
    client.log_in()
    return client


@given(lines, st.integers(1, 5))
def test_sums_follow_the_documented_arithmetic(rows: list[tuple[int, int, int]], rounding: int) -> None:
    body = [
        {"product_no": "X", "qty": str(qty), "vat_code": code, "line_sum": _thousandths(amount)}
        for amount, code, qty in rows
    ]
    made = _client().order(*body, rounding=rounding)
    bases: dict[int, int] = {}
    for amount, code, _ in rows:
        bases[code] = bases.get(code, 0) + amount
    vat = {code: _away(Fraction(base * PERCENT[code], 1000)) for code, base in bases.items()}
    net = _away(Fraction(sum(bases.values()), 10))
    total = _rounded(net + sum(vat.values()), rounding)
    assert {row["vat_code"]: _ore(row["vat"]) for row in made["vat_totals"]} == vat
    assert {row["vat_code"]: Fraction(row["base"]) * 1000 for row in made["vat_totals"]} == bases
    assert _ore(made["net_total"]) == net
    assert _ore(made["vat_total"]) == sum(vat.values())
    assert _ore(made["sum"]) == net + sum(vat.values())
    assert _ore(made["total"]) == total
    assert _ore(made["rounding_amount"]) == total - net - sum(vat.values())


@given(lines, st.integers(1, 5))
def test_a_whole_credit_note_is_the_exact_opposite(rows: list[tuple[int, int, int]], rounding: int) -> None:
    client = _client()
    body = [
        {"product_no": "X", "qty": str(qty), "vat_code": code, "line_sum": _thousandths(amount)}
        for amount, code, qty in rows
    ]
    invoice = client.order(*body, kind="invoice", rounding=rounding)
    note = client.ok("POST", f"orders/{invoice['order_no']}/credit")
    for field in ("net_total", "vat_total", "sum", "rounding_amount", "total"):
        assert _ore(note[field]) == -_ore(invoice[field])


@example(amount=1, qty=2, part=1, code=3)
@given(st.integers(-(10**9), 10**9), st.integers(1, 500), st.integers(0, 500), st.sampled_from(sorted(PERCENT)))
def test_a_part_delivery_splits_a_line_without_losing_a_thousandth(amount: int, qty: int, part: int, code: int) -> None:
    client = _client()
    part = min(part, qty)
    made = client.order(
        {"product_no": "X", "qty": str(qty), "line_sum": _thousandths(amount), "vat_code": code}, line_two()
    )
    wanted = [{"line_no": 1, "qty": str(part)}, {"line_no": 2, "qty": "1"}]
    first = client.ok("POST", f"orders/{made['order_no']}/deliver", {"lines": wanted})
    documents = [first, *(client.ok("GET", f"orders/{child}") for child in first["children"])]
    rows = [row for document in documents for row in document["lines"]]
    assert sum(Fraction(row["line_sum"]) for row in rows) == Fraction(amount, 1000) + 1
    assert sum(Fraction(row["qty"]) for row in rows) == qty + 1
    assert len(documents) == (1 if part == qty else 2)


def line_two() -> dict[str, str]:
    return {"product_no": "Y", "qty": "1", "line_sum": "1"}


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_is_rounded_to_its_place_or_refused(value: object) -> None:
    client = _client()
    text = str(value)
    status, answer = client.call(
        "POST", "orders", {"contid": 1, "lines": [{"product_no": "X", "qty": "1", "line_sum": text}]}
    )
    exact = Fraction(text)
    fits = abs(_away(exact * 1000)) < 10**15
    assert status == (201 if fits else 422), answer
    if fits:
        assert Fraction(answer["lines"][0]["line_sum"]) * 1000 == _away(exact * 1000)


def test_the_example_of_the_documentation_holds() -> None:
    made = _client().order(
        {"product_no": "X", "qty": "2", "line_sum": "159.995", "vat_code": 3},
        {"product_no": "X", "qty": "1", "line_sum": "39.200", "vat_code": 3},
    )
    assert made["vat_totals"] == [{"vat_code": 3, "percent": "25.00", "base": "199.195", "vat": "49.80"}]
    assert (made["net_total"], made["total"]) == ("199.20", "249.00")


def test_a_sum_of_nought_is_written_without_a_sign() -> None:
    made = _client().order({"product_no": "X", "qty": "-0", "line_sum": "-0.0001"})
    encoded = msgspec.json.encode(made)
    assert b'"-0' not in encoded
    assert made["created_at"] == datetime(2026, 3, 2, 9, tzinfo=UTC).isoformat().replace("+00:00", "Z")
