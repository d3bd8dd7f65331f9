"""The company's examination: what the licence lacks is named, and nobody's session is taken."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from trio.testing import MockClock

from agent.doctor.mamut import MAMUT_TESTS
from agent.doctor.result import Test, Verdict
from agent.model.reasons import Fault
from agent.remote.ports import MamutCompany
from scenarios.stage import START
from simulators.mamut.options import Maintenance, MamutOptions
from tests.doctor.bench import faults, mamut_doctor, only

TODAY = START.date()


async def test_a_company_that_is_well_passes_every_test_and_gets_its_session_back(autojump_clock: MockClock) -> None:
    async with mamut_doctor() as (doctor, mamut):
        verdicts = {test: (await doctor.examine(test)).verdict for test in MAMUT_TESTS}
        assert verdicts == dict.fromkeys(MAMUT_TESTS, Verdict.GOOD)
        await doctor.aclose()
        assert not mamut.sessions.alive(START)
        assert not mamut.orders()


@pytest.mark.parametrize(
    ("changes", "test", "fault", "params"),
    [
        ({"edition": "E2"}, Test.MAMUT_EDITION, Fault.MAMUT_EDITION_TOO_LOW, {"edition": "E2"}),
        ({"modules": ()}, Test.MAMUT_MODULE, Fault.MAMUT_API_MODULE_MISSING, {}),
        (
            {"stop_date": date(2026, 10, 1)},
            Test.MAMUT_STOP_DATE,
            Fault.MAMUT_VERSION_EXPIRED,
            {"stop_date": "2026-10-01"},
        ),
        ({"computers": ("KONTOR-1",)}, Test.MAMUT_SESSION, Fault.MAMUT_COMPUTER_NOT_LICENSED, {}),
        ({"users": {"brygga": "another"}}, Test.MAMUT_SESSION, Fault.MAMUT_PASSWORD_WRONG, {}),
        (
            {"maintenance": (Maintenance(start=START, minutes=30),)},
            Test.MAMUT_SESSION,
            Fault.MAMUT_MAINTENANCE,
            {},
        ),
    ],
)
async def test_a_refusal_at_the_door_is_laid_at_what_is_lacking(
    changes: dict[str, Any], test: Test, fault: Fault, params: dict[str, str], autojump_clock: MockClock
) -> None:
    async with mamut_doctor(msgspec.structs.replace(MamutOptions(), **changes)) as (doctor, _):
        results = {each: await doctor.examine(each) for each in MAMUT_TESTS}
        assert only(results[Test.MAMUT_SESSION]).fault is fault
        assert only(results[test]).fault is fault
        assert params.items() <= only(results[test]).params.items()
        untested = [each for each, result in results.items() if result.verdict is Verdict.NOT_TESTED]
        assert set(untested) == set(MAMUT_TESTS) - {Test.MAMUT_SESSION, test}


async def test_a_version_that_ends_soon_is_a_warning(autojump_clock: MockClock) -> None:
    soon = TODAY + timedelta(days=9)
    async with mamut_doctor(MamutOptions(stop_date=soon)) as (doctor, _):
        result = await doctor.examine(Test.MAMUT_STOP_DATE)
        assert (result.verdict, faults(result)) == (Verdict.WARNING, [Fault.MAMUT_VERSION_EXPIRES_SOON])
        assert result.findings[0].params["stop_date"] == soon.isoformat()


async def test_a_session_that_somebody_has_is_left_to_them(autojump_clock: MockClock) -> None:
    async with mamut_doctor(held_by="brygga") as (doctor, mamut):
        finding = only(await doctor.examine(Test.MAMUT_SESSION))
        assert (finding.fault, finding.params["holder"]) == (Fault.MAMUT_SESSION_TAKEN, "brygga (SRV)")
        assert len(mamut.sessions.alive(START)) == 1


async def test_beside_a_running_agent_no_session_is_opened(autojump_clock: MockClock) -> None:
    company = MamutCompany("Björk AB", "001", "E5", ("Mamut One API",), "24.0", "2028-01-01", "SEK")
    async with mamut_doctor(company=company) as (doctor, mamut):
        verdicts = {test: (await doctor.examine(test)).verdict for test in MAMUT_TESTS}
        assert list(verdicts.values()) == [Verdict.GOOD] * 4 + [Verdict.NOT_TESTED] * 2
        assert mamut.books.held.sessions_opened == 0


async def test_numbers_and_articles_that_mamut_lacks_are_named(autojump_clock: MockClock) -> None:
    shop = {
        "department": 77,
        "flow": 2,
        "vat": {"domestic": {"25": 3, "12": 99}},
        "stock": {"warehouses": [1, 8]},
        "orders": {"payment_methods": {"klarna": {"payment_terms": 55}}},
        "articles": {"general": "ALLMAN", "create_service": False},
    }
    async with mamut_doctor(shop=shop) as (doctor, mamut):
        body = b'{"product_no":"FRAKT","description":"Frakt"}'
        mamut.act_raw("product.create", "", body)
        result = await doctor.examine(Test.MAMUT_REGISTERS)
        named = {(each.params["register"], each.params["value"]) for each in result.findings}
        assert named == {("departments", "77"), ("vat_codes", "99"), ("warehouses", "8"), ("payment_terms", "55")}
        lacking = await doctor.examine(Test.MAMUT_ARTICLES)
        assert {each.params["article"] for each in lacking.findings} == {"ALLMAN", "AVGIFT", "RABATT", "ORESAVR"}
