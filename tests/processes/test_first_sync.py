"""`brygga sync products` as a person uses it: read, applied, counted, taken back, refused where it must not work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest

from agent.journal.journal import Journal, open_journal
from tests.processes.company import Company


@pytest.fixture
def company(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Company]:
    """Ten articles in Mamut, or as many as are asked for, and an empty shop."""
    with Company(tmp_path, seed=3) as company:
        company.mamut, company.shop = company.start_mamut(), company.start_shop()
        company.mamut.address()
        company.shop.address()
        company.mamut_door.fill(seed=3, products=getattr(request, "param", 10), contacts=0)
        company.write_settings(more="")
        text = company.config.read_text("utf-8").replace('key = "butik"', 'key = "butik"\nflow = 2')
        company.config.write_text(text, encoding="utf-8")
        company.write_secrets()
        yield company


def told(company: Company, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = company.brygga("sync", "products", *arguments, "--json")
    assert done.stdout, done.stderr
    return done.returncode, msgspec.json.decode(done.stdout)


def planned(company: Company) -> Path:
    code, plan = told(company, "--from", "mamut", "--plan", "--out", str(company.folder / "plans"))
    assert code == 0
    return Path(str(plan["json"]))


def skus(company: Company) -> list[str]:
    return sorted(str(row["sku"]) for row in company.shop_door.products("sku"))


def done_rows(company: Company) -> int:
    """As any other process sees the journal."""
    with closing(apsw.Connection(str(company.journal), flags=apsw.SQLITE_OPEN_READONLY)) as look:
        return len(list(look.execute("SELECT 1 FROM plan_rows WHERE state = 'done'")))


def test_a_plan_is_written_applied_counted_and_taken_back(company: Company) -> None:
    path = planned(company)
    assert skus(company) == []
    kept = msgspec.json.decode(path.read_bytes())
    made = [row for row in kept["rows"] if row["action"] == "make"]
    assert [row["number"] for row in made] == [f"B-{number:05d}" for number in range(1, 11)]
    sheet = path.with_suffix(".csv").read_text("utf-8-sig").splitlines()
    assert len(sheet) == 1 + len(kept["rows"])
    code, applied = told(company, "--apply", str(path))
    assert (code, applied["states"]["done"], applied["states"]["open"]) == (0, 10, 0)
    assert skus(company) == [row["number"] for row in made]
    code, census = told(company, "--census")
    assert (code, census["equal"], census["is_equal"]) == (0, 10, True)
    code, undone = told(company, "--undo", str(path))
    assert (code, undone["states"]["undone"]) == (0, 10)
    assert skus(company) == []
    code, census = told(company, "--census")
    assert (code, census["only_mamut"]["count"]) == (1, 10)


def test_a_plan_whose_file_or_settings_have_changed_is_refused(company: Company) -> None:
    path = planned(company)
    text = path.read_text("utf-8")
    path.write_text(text.replace("B-00001", "B-99999"), encoding="utf-8")
    refused = company.brygga("sync", "products", "--apply", str(path))
    assert (refused.returncode, "has been changed" in refused.stderr) == (1, True)
    path.write_text(text, encoding="utf-8")
    settings = company.config.read_text("utf-8")
    company.config.write_text(settings + '\n[shop.products]\npublish = "draft"\n', encoding="utf-8")
    refused = company.brygga("sync", "products", "--apply", str(path))
    assert (refused.returncode, "settings have changed" in refused.stderr) == (1, True)
    company.config.write_text(settings, encoding="utf-8")
    refused = company.brygga("sync", "products", "--undo", str(path))
    assert (refused.returncode, "never applied" in refused.stderr) == (1, True)
    refused = company.brygga("sync", "products", "--apply", str(company.config))
    assert (refused.returncode, "is no plan" in refused.stderr) == (1, True)
    assert skus(company) == []


def test_nothing_is_done_while_an_agent_holds_the_journal(company: Company) -> None:
    path = planned(company)
    agent: Journal = open_journal(company.journal)
    try:
        refused = company.brygga("sync", "products", "--apply", str(path))
    finally:
        agent.close()
    assert (refused.returncode, "BRY-J01" in refused.stderr) == (1, True)
    assert skus(company) == []


def test_a_call_that_asks_for_nothing_or_two_things_is_a_bad_call(company: Company) -> None:
    for arguments in ((), ("--plan",), ("--census", "--from", "shop"), ("--plan", "--from", "shop", "--census")):
        assert company.brygga("sync", "products", *arguments).returncode == 2


@pytest.mark.parametrize("company", [600], indirect=True)
def test_stopped_by_hand_in_the_midst_the_same_command_goes_on(company: Company) -> None:
    path = planned(company)
    company.shop.kill()
    company.shop = company.start_shop("--latency-ms", "300")
    company.shop.address()
    sync = company.start("sync", "sync", "products", "--apply", str(path), "--config", str(company.config))
    company.wait(lambda: done_rows(company) >= 100, 60, sync)
    assert sync.stop() == 130
    stopped = len(skus(company))
    assert 100 <= stopped < 600
    code, applied = told(company, "--apply", str(path))
    assert (code, applied["states"]["done"]) == (0, 600)
    assert len(skus(company)) == len(set(skus(company))) == 600
