"""Real processes, killed with SIGKILL at random moments, over a network that loses answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

from scenarios.demo_children import Child
from tests.processes.company import Company
from tests.processes.forked import Forked

FAULT_KINDS = (
    "cut-before",
    "cut-after",
    "hang-after",
    "half-head",
    "half-body",
    "garbage",
    "status-500-before",
    "status-500-after",
    "status-503",
    "status-504-after",
)
TROUBLED = ("--faults", "0.02", "--latency-ms", "2", *(part for kind in FAULT_KINDS for part in ("--fault", kind)))
KILLED_IN_STARTING = 0.25
"""The part of an agent's lives that end in its first moments, whatever it does then; others end in mid-work."""


class Killer:
    """Lets agents live and die at a company, while orders come in."""

    def __init__(self, company: Company, seed: int) -> None:
        self.company = company
        self.chance = Random(seed)
        self.agents = 0
        self.simulators = {"mamut": 0, "shop": 0}
        company.open()
        self.contacts_before = company.mamut_door.contacts()
        company.write_settings(timeout_s=1.0)
        company.write_secrets()
        self.kill("mamut")
        self.kill("shop")

    def kill(self, who: str, *, faults: bool = True) -> None:
        """Kills a simulator and starts it anew, at the same port with the same state."""
        options = (*TROUBLED, "--fault-seed", str(sum(self.simulators.values()))) if faults else ()
        self.simulators[who] += 1
        if who == "mamut":
            self.company.mamut.kill()
            self.company.mamut = self.company.start_mamut(*options)
        else:
            self.company.shop.kill()
            self.company.shop = self.company.start_shop(*options)

    def live(self, orders: int, *simulators: str) -> None:
        """One agent from its start to its death, with orders coming in meanwhile and simulators dying."""
        company = self.company
        company.mamut.address()
        agent = company.start_agent()
        if orders:
            company.shop.address()
            company.place(orders)
        for who in simulators:
            time.sleep(self.chance.uniform(0, 0.3))
            self.kill(who)
        if self.chance.random() < KILLED_IN_STARTING:
            time.sleep(self.chance.uniform(0, 0.2))
        else:
            self.let_work(self.chance.randint(1, 14))
            time.sleep(self.chance.uniform(0, 0.02))
        self.kill_agent(agent)

    def let_work(self, documents: int) -> None:
        """Until so many more stand in Mamut. An agent that waits a trouble out is not waited for."""
        company, give_up = self.company, time.monotonic() + 2.5
        company.mamut.address()
        wanted = len(company.mamut_door.documents()) + documents
        while len(company.mamut_door.documents()) < wanted and time.monotonic() < give_up:
            time.sleep(0.005)

    def kill_agent(self, agent: Child | Forked) -> None:
        agent.check()
        agent.kill()
        self.agents += 1

    def finish(self) -> None:
        """The last agent is left in peace, though not by the faults, and goes on by itself."""
        agent = self.company.start_command()
        self.company.wait(self.company.is_settled, 400, agent)
        agent.stop()
        assert agent.process.returncode == 0

    def prove(self) -> None:
        """Asked of both systems, and then of the agent."""
        company = self.company
        self.kill("mamut", faults=False)
        self.kill("shop", faults=False)
        self.company.mamut.address()
        self.company.shop.address()
        found = company.truth()
        assert (found.shop_orders, found.mamut_orders, found.matched) == (company.placed,) * 3
        assert (found.difference_ore, found.twice, found.strangers) == (0, (), ())
        rows = company.shop_door.rows("id,billing,meta_data")
        buyers = {row["billing"]["email"] for row in rows}
        assert company.mamut_door.contacts() - self.contacts_before == len(buyers), "each buyer is one contact"
        marked = [
            row["id"] for row in rows if any(meta["key"] == "_brygga_mamut_order_no" for meta in row["meta_data"])
        ]
        assert len(marked) == company.placed, "each order in the shop carries Mamut's number"
        account = company.brygga("account", "--json")
        assert account.returncode == 0, account.stdout + account.stderr
        assert msgspec.json.decode(account.stdout)["seen"] == company.placed


@pytest.fixture
def killer(tmp_path: Path) -> Iterator[Killer]:
    with Company(tmp_path, seed=11) as company:
        yield Killer(company, seed=11)


def test_300_orders_stand_once_and_to_the_ore_though_everything_is_killed_all_the_time(killer: Killer) -> None:
    lives = 41
    of_mamut = killer.chance.sample(range(lives), 4)
    of_shop = killer.chance.sample(range(lives), 4)
    for life in range(lives):
        simulators = ["mamut"] * (life in of_mamut) + ["shop"] * (life in of_shop)
        killer.live((300 - killer.company.placed) // (lives - life), *simulators)
    killer.finish()
    assert killer.company.placed == 300
    assert killer.agents >= 40
    assert killer.company.count("events", "kind = 'adopted'"), "some document was made by an agent that never knew"
    killer.prove()
    assert min(killer.simulators.values()) >= 5


def test_a_journal_that_is_deleted_in_the_middle_doubles_nothing(killer: Killer) -> None:
    company = killer.company
    killer.kill("mamut", faults=False)
    killer.kill("shop", faults=False)
    killer.company.shop.address()
    killer.company.mamut.address()
    for standing in (15, 40):
        company.place(30)
        agent = company.start_agent()
        company.wait(lambda standing=standing: len(company.mamut_door.documents()) >= standing, 30, agent)
        killer.kill_agent(agent)
        for file in company.folder.glob("journal.db*"):
            file.unlink()
    killer.finish()
    assert company.placed == 60
    killer.prove()
    assert company.count("events", "kind = 'adopted'") >= 40
