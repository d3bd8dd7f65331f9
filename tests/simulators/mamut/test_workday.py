"""People at the company who work by themselves: the same days from the same seed, and books that agree afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from scenarios.stage import Calendar
from simulators.mamut.lines import LineBody
from simulators.mamut.options import MamutOptions
from simulators.mamut.orders import OrderBody
from simulators.mamut.run import serve
from simulators.mamut.statuses import Status
from simulators.mamut.store import open_mamut
from simulators.mamut.system import Mamut
from simulators.mamut.workday import DAYS_MAX, ROUNDS, Duty, Habits, Workday
from tests.simulators.mamut.company import Clock

D = Decimal


class Company:
    """A filled company, its people, and what they told of their work."""

    def __init__(self, seed: int = 1, **habits: object) -> None:
        self.clock = Clock()
        self.mamut = Mamut(MamutOptions(), self.clock, seed)
        self.mamut.fill(seed, products=60, contacts=20)
        self.told: list[tuple[Duty, str]] = []
        self.people = Workday(
            self.mamut,
            seed,
            Habits(**habits),  # type: ignore[arg-type]
            lambda duty, what: self.told.append((duty, what)),
        )

    def orders(self, count: int, qty: str = "2") -> None:
        for number in range(count):
            lines = [LineBody(product_no=f"B-{1 + (number + step) % 60:05d}", qty=D(qty)) for step in (0, 7)]
            body = OrderBody(contid=1 + number % 20, external_no=f"butik:{number}", lines=lines)
            self.mamut.act("order.create", body=body)

    def days(self, count: float, step_h: float = 1) -> None:
        for _ in range(round(count * 24 / step_h)):
            self.clock.pass_time(hours=step_h)
            self.people.work()

    def duties(self) -> Counter[Duty]:
        return Counter(duty for duty, what in self.told if not what.startswith("refused"))


def test_a_week_brings_everything_that_people_do() -> None:
    company = Company(ordered=D(5))
    company.orders(80, qty="9")
    company.days(7)
    assert set(company.duties()) == set(Duty)
    statuses = Counter(document.status for document in company.mamut.orders())
    assert statuses[Status.INVOICE] > 40
    assert any(document.parent for document in company.mamut.orders())
    assert any(document.tracking for document in company.mamut.orders())
    assert any(not item.remaining for item in company.mamut.ledger() if item.kind == "invoice")
    assert not [what for _, what in company.told if what.startswith("refused")]


def test_the_same_seed_brings_the_same_week() -> None:
    def week(seed: int) -> tuple[list[tuple[Duty, str]], int]:
        company = Company(seed)
        company.orders(30)
        company.days(5)
        return company.told, company.mamut.census().total_ore

    assert week(4) == week(4)
    assert week(4) != week(5)


def test_it_does_not_matter_how_often_they_are_looked_after() -> None:
    told = []
    for step_h in (1, 6, 24):
        company = Company(3)
        company.orders(30)
        company.days(4, step_h)
        told.append((company.told, [row.on_hand for rows in company.mamut.books.held.stock.values() for row in rows]))
    assert told[0] == told[1] == told[2]


def test_what_is_not_on_the_shelf_stays_for_a_backorder_and_goes_when_it_has_come() -> None:
    company = Company(delivered=1.0, till_sales=0, counted=0)
    staff = company.mamut.staff
    staff.count("B-00001", D(3))
    body = OrderBody(contid=1, external_no="butik:1", lines=[LineBody(product_no="B-00001", qty=D(8))])
    company.mamut.act("order.create", body=body)
    company.days(1)
    first, rest = company.mamut.orders()[:2]
    assert (first.lines[0].delivered, rest.status, rest.lines[0].to_deliver) == (D(3), Status.BACKORDER, D(5))
    staff.expect("B-00001", D(50))
    company.days(1)
    assert company.mamut.orders()[1].lines[0].delivered == D(5)


def test_the_till_sells_in_one_burst_at_the_end_of_the_day() -> None:
    company = Company(till_sales=12)
    company.clock.now = company.clock.now.replace(hour=16, minute=30)
    company.people.work()
    before = company.mamut.census().documents
    company.clock.pass_time(minutes=44)  # 18.14 in Sweden
    company.people.work()
    assert company.mamut.census().documents == before
    company.clock.pass_time(minutes=2)
    company.people.work()
    assert company.mamut.census().documents == before + 12
    assert company.duties()[Duty.TILL] == 12


def test_nothing_is_sold_that_is_not_there() -> None:
    company = Company(till_sales=200)
    company.orders(200, qty="6")
    company.days(14)
    assert min(row.on_hand for rows in company.mamut.books.held.stock.values() for row in rows) >= 0


def test_on_sundays_nobody_works_and_on_saturdays_the_shop_is_open() -> None:
    company = Company()
    company.clock.pass_time(days=5)  # It begins on a Monday.
    company.people.work()
    company.told.clear()
    company.days(1)
    assert set(company.duties()) == {Duty.TILL}
    company.told.clear()
    company.days(0.75)
    assert company.told == []


def test_a_short_day_has_all_its_rounds() -> None:
    company = Company(day_s=60.0)
    company.orders(10)
    company.clock.pass_time(seconds=120 - company.clock.now.timestamp() % 60)
    company.people.work()
    company.told.clear()
    waits = []
    for _ in ROUNDS:
        waits.append(company.people.next_s())
        company.clock.pass_time(seconds=waits[-1])
        company.people.work()
    assert sum(waits) < 60.0
    assert {Duty.COUNT, Duty.TILL} <= set(company.duties())


def test_days_that_were_slept_through_are_not_all_caught_up_with() -> None:
    company = Company(till_sales=1)
    company.clock.pass_time(days=400)
    company.people.work()
    assert company.duties()[Duty.TILL] <= DAYS_MAX


@pytest.mark.parametrize("back", [timedelta(hours=5), timedelta(days=2)])
def test_a_clock_that_is_set_back_does_no_work_twice(back: timedelta) -> None:
    company = Company()
    company.days(3)
    before = len(company.told)
    company.clock.now -= back
    company.people.work()
    company.clock.now += back
    company.people.work()
    assert len(company.told) == before


async def test_a_served_company_works_by_itself_and_keeps_what_it_did(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    calendar = Calendar()
    state = tmp_path / "mamut.state"
    filled, store = open_mamut(state, MamutOptions(), calendar.now, 1)
    filled.fill(1, products=30, contacts=3)
    store.close()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: serve(0, 1, state, MamutOptions(), clock=calendar.now, habits=Habits(till_sales=4)))
        await trio.sleep(3 * 86_400)
        nursery.cancel_scope.cancel()
    kept, store = open_mamut(state, MamutOptions(), calendar.now, 1)
    store.close()
    assert kept.census().documents == 3 * 4
