"""docs/simulator-fidelity.md says no more than what a replay shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulators.woocommerce import conform
from simulators.woocommerce.conform import Report, Tally

ROOT = Path(__file__).parents[3]
RECORDINGS = ROOT / "tests" / "recordings"


def _told() -> dict[str, Tally]:
    page = (ROOT / "docs" / "simulator-fidelity.md").read_text("utf-8")
    rows = re.findall(r"^\| \**(\w+)\** \| \**(\d+)\** \| \**(\d+)\** \|$", page, re.MULTILINE)
    return {name: Tally(int(exchanges), int(agree)) for name, exchanges, agree in rows}


@pytest.fixture(name="report", scope="module")
def _report() -> Report:
    return conform.run([RECORDINGS])


def test_the_page_claims_no_more_than_is_so(report: Report) -> None:
    told = _told()
    whole = told.pop("all")
    assert sorted(told) == sorted(report.per_recording)
    for name, tally in report.per_recording.items():
        assert (name, told[name].exchanges) == (name, tally.exchanges)
        assert (name, told[name].agree) <= (name, tally.agree)
    assert whole == Tally(sum(one.exchanges for one in told.values()), sum(one.agree for one in told.values()))


def test_nearly_everything_agrees_and_all_that_orders_and_goods_are_about(report: Report) -> None:
    assert report.share >= 0.97
    for name, tally in report.per_recording.items():
        if name.startswith(("orders", "products", "variations", "webhooks")):
            assert (name, tally.agree) == (name, tally.exchanges)
