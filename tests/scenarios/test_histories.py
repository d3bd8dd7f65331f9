"""Whatever happens, in whatever order: nothing is lost, nothing is there twice, and nothing costs another amount.

A machine of rules writes a history, which is then played in virtual time against real simulators and compared with a
small model of the truth (`histories.py`). BRYGGA_HISTORIES is how many are played; 16 unless it is set.
"""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from scenarios.determinism import run_in_virtual_time
from tests.scenarios import histories as happening

HISTORIES = int(os.environ.get("BRYGGA_HISTORIES", "16"))
STEPS = 12

SEEDS = st.integers(0, 10_000)
LOST_ANSWERS = st.builds(
    happening.LoseAnswers, st.sampled_from(("mamut", "mamut", "shop")), st.sampled_from((0.15, 0.3)), SEEDS
)
DEATHS = st.builds(happening.DieInSteps, st.sampled_from((0.02, 0.1, 0.3)), SEEDS)
LOCKS = st.one_of(st.builds(happening.LockMamut, st.integers(1, 30)), st.builds(happening.LockRecords, st.just(3)))

ORDERS = st.integers(0, 1000)


class Histories(RuleBasedStateMachine):
    """Writes what happens; when it has ended, it is played."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[happening.Act] = []
        self.placed = 0
        self.flow = 1

    def _of(self, number: int) -> int:
        return number % self.placed

    @initialize(
        flow=st.sampled_from((1, 2)),
        count=st.integers(1, 4),
        trouble=st.one_of(LOST_ANSWERS, LOST_ANSWERS, DEATHS, LOCKS),
    )
    def begin(self, flow: int, count: int, trouble: happening.Act) -> None:
        self.flow = flow
        self._work_under(trouble, count, 300.0)

    @rule(buyer=st.integers(0, 3), quantity=st.integers(1, 3), status=st.sampled_from(happening.STATUSES[:4]))
    def place(self, buyer: int, quantity: int, status: str) -> None:
        self.placed += 1
        self.acts.append(happening.PlaceOrder(buyer, quantity, status))

    @rule(buyer=st.integers(0, 3), count=st.integers(2, 4))
    def place_paid_orders(self, buyer: int, count: int) -> None:
        self.placed += count
        self.acts += [happening.PlaceOrder(buyer, 1, "processing")] * count

    @rule(which=ORDERS, quantity=st.integers(1, 3))
    def edit(self, which: int, quantity: int) -> None:
        self.acts.append(happening.EditOrder(self._of(which), quantity))

    @rule(which=ORDERS, status=st.sampled_from(happening.STATUSES))
    def set_status(self, which: int, status: str) -> None:
        self.acts.append(happening.SetStatus(self._of(which), status))

    @rule(which=ORDERS, whole=st.booleans())
    def refund(self, which: int, whole: bool) -> None:
        self.acts.append(happening.RefundOrder(self._of(which), whole))

    @rule(which=ORDERS)
    def trash(self, which: int) -> None:
        self.acts.append(happening.TrashOrder(self._of(which)))

    @precondition(lambda self: any(isinstance(act, happening.TrashOrder) for act in self.acts))
    @rule(which=ORDERS)
    def restore(self, which: int) -> None:
        trashed = [act.which for act in self.acts if isinstance(act, happening.TrashOrder)]
        self.acts.append(happening.RestoreOrder(trashed[which % len(trashed)]))

    @rule(seconds=st.sampled_from((0.0, 0.01, 1.0, 7.0, 61.0, 900.0)))
    def wait(self, seconds: float) -> None:
        self.acts.append(happening.Wait(seconds))

    @rule(seconds=st.sampled_from((0.01, 1.0, 61.0)))
    def start(self, seconds: float) -> None:
        self.acts += [happening.StartAgent(), happening.Wait(seconds)]

    @rule(how=st.sampled_from(("kill", "kill", "stop", "lose_journal")))
    def end_agent(self, how: str) -> None:
        self.acts.append(happening.EndAgent(how))

    @rule(trouble=st.one_of(LOST_ANSWERS, DEATHS), count=st.integers(1, 3), seconds=st.sampled_from((120.0, 1800.0)))
    def strike(self, trouble: happening.Act, count: int, seconds: float) -> None:
        self._work_under(trouble, count, seconds)

    def _work_under(self, trouble: happening.Act, count: int, seconds: float) -> None:
        """The agent is at work when it strikes, and orders come in."""
        self.acts += [happening.StartAgent(), trouble, *[happening.PlaceOrder(count, 1, "processing")] * count]
        self.acts.append(happening.Wait(seconds))
        self.placed += count

    @rule(lock=LOCKS)
    def lock(self, lock: happening.Act) -> None:
        self.acts.append(lock)

    @precondition(lambda self: self.flow == 2)
    @rule(
        acts=st.lists(
            st.one_of(
                st.builds(happening.SellInTill, ORDERS, st.integers(1, 3)),
                st.builds(happening.CountShelf, ORDERS, st.integers(0, 40)),
                st.builds(happening.SetPrice, ORDERS, st.integers(1, 900)),
                st.builds(happening.NewArticle, st.integers(0, 2)),
                st.builds(happening.RenameArticle, ORDERS),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def work_at_mamut(self, acts: list[happening.Act]) -> None:
        self.acts += acts

    @precondition(lambda self: self.flow == 2)
    @rule(which=ORDERS)
    def deliver(self, which: int) -> None:
        self.acts.append(happening.Deliver(self._of(which)))

    @rule(limit=st.sampled_from(happening.LIMITS))
    def change_the_package(self, limit: int) -> None:
        self.acts.append(happening.ChangePackage(limit))

    @rule()
    def settle(self) -> None:
        self.acts.append(happening.Settle())

    def teardown(self) -> None:
        with tempfile.TemporaryDirectory(prefix="brygga-history-") as folder:
            run_in_virtual_time(1, partial(happening.play_history, Path(folder), self.acts, seed=1, flow=self.flow))


def test_any_history_ends_with_each_order_in_mamut_once_or_rightly_not() -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="BRYGGA_HISTORIES" not in os.environ,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
