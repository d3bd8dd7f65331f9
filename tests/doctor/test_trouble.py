"""Whatever goes wrong on the way, an examination comes to its end, and says of trouble what it is."""

from __future__ import annotations

import pytest
from trio.testing import MockClock

from agent.doctor.mamut import MAMUT_TESTS
from agent.doctor.result import Test, Verdict
from agent.model.catalogue import explain
from agent.model.words import Language
from simulators.faults import Fault, FaultOptions, FaultPlan
from simulators.mamut.options import MamutOptions, Quirks
from tests.doctor.bench import mamut_doctor, shop_bench

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
async def test_an_examination_among_faults_of_every_kind_comes_to_its_end(seed: int, autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.product("A-1")
        bench.order()
        bench.side.server.faults = FaultPlan(FaultOptions(share=0.05 + seed / 20, seed=seed))
        results = await bench.all()
        for result in results.values():
            assert result.said.sv
            assert (result.verdict in (Verdict.GOOD, Verdict.NOT_TESTED)) is (not result.findings)
            for finding in result.findings:
                told = explain(finding.fault, Language.SWEDISH, finding.params)
                assert "‹" not in told.cause, told


@pytest.mark.parametrize("fault", list(Fault))
async def test_each_fault_alone_is_named_and_never_taken_for_a_shop_that_is_well(
    fault: Fault, autojump_clock: MockClock
) -> None:
    async with shop_bench() as bench:
        bench.side.server.faults = FaultPlan(FaultOptions(share=1.0, faults=(fault,)))
        results = await bench.all()
        told = [result for result in results.values() if result.findings]
        if fault is Fault.SLOW:
            assert not [result for result in told if result.verdict is Verdict.ERROR], "two seconds are no error"
        elif fault is Fault.NOTICE:
            assert results[Test.SHOP_ANSWERS].findings[0].culprit == "example (example/hooks.php)"
        else:
            assert results[Test.SHOP_ADDRESS].verdict is Verdict.ERROR
            assert results[Test.SHOP_TAX].verdict is Verdict.NOT_TESTED


@pytest.mark.parametrize("seed", SEEDS)
async def test_mamuts_troubles_are_told_and_end_nothing(seed: int, autojump_clock: MockClock) -> None:
    quirks = Quirks(busy=0.1 + seed / 30, session_dropped=0.2)
    async with mamut_doctor(MamutOptions(quirks=quirks)) as (doctor, _):
        for test in MAMUT_TESTS:
            result = await doctor.examine(test)
            assert (result.verdict in (Verdict.GOOD, Verdict.NOT_TESTED)) is (not result.findings)
