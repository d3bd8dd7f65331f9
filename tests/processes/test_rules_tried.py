"""`brygga rules test` and `brygga map test` against a shop that runs: real orders, nothing written, names veiled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scenarios.plugged import SITE
from tests.processes.company import Company

RULES = """
[[shop.processing]]
name = "Versaler"
object = "order"
side = "read"
do = [{ do = "upper", field = "billing.city" }]

[[shop.processing]]
name = "Vilar"
object = "order"
side = "read"
enabled = false
do = [{ do = "hold" }]

[[shop.mapping]]
name = "Varifrån"
object = "order"
field = "reference"
pick = "created_via"
"""

GOODS = """
[[shop.processing]]
name = "Påslag"
object = "price"
side = "written"
do = [{ do = "add_amount", field = "regular", amount = 10 }]

[[shop.plugins]]
name = "brygga-moody"
options = { fails = "2" }
"""


def tried(company: Company, *arguments: str, **variables: str) -> list[dict[str, Any]]:
    ended = company.brygga(*arguments, "--json", **variables)
    assert ended.returncode == 0, ended.stderr
    trials: dict[str, list[dict[str, Any]]] = json.loads(ended.stdout)
    return trials["butik"]


def test_rules_mappings_and_plugins_are_tried_on_real_orders_and_articles_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    with Company(tmp_path, seed=5) as company:
        company.open()
        company.write_settings()
        company.write_secrets()
        company.place(6)
        company.brygga("run", "--once")
        orders = company.shop_door.orders()
        company.write_settings(more=RULES)
        trials = tried(company, "rules", "test", "--last", "4")
        assert len(trials) == 4
        cities = [change for trial in trials for change in trial["changes"] if change["field"] == "billing.city"]
        assert len(cities) == 4
        assert {change["after"] for change in cities} == {"•••"}
        shown = tried(company, "rules", "test", "--last", "4", "--show")
        changes = [change for trial in shown for change in trial["changes"] if change["field"] == "billing.city"]
        assert all(change["after"] == change["before"].upper() != change["before"] for change in changes)
        resting = tried(company, "rules", "test", "--rule", "Vilar")
        assert {trial["reason"] for trial in resting} == {"BRY-H24"}
        mapped = tried(company, "map", "test", "--show")
        assert {change["after"] for trial in mapped for change in trial["changes"]} == {"store-api"}
        assert company.shop_door.orders() == orders

        company.write_settings()
        settings = company.config.read_text("utf-8").replace('key = "butik"', 'key = "butik"\nflow = 2')
        company.config.write_text(settings, encoding="utf-8")
        company.brygga("run", "--once")
        company.config.write_text(settings + GOODS, encoding="utf-8")
        plugged = {"PYTHONPATH": str(SITE)}
        articles = tried(company, "rules", "test", "--last", "3", **plugged)
        assert [(trial["of"], trial["by"]) for trial in articles] == [("article", ["Påslag"])] * 3
        for trial in articles:
            (change,) = trial["changes"]
            assert float(change["after"]) == float(change["before"]) + 10
        plugins = tried(company, "plugin", "test", "--show", **plugged)
        assert {trial["order_id"] % 2: trial["reason"] for trial in plugins} == {0: "BRY-H29", 1: ""}
        assert all(trial["by"] == ["brygga-moody"] for trial in plugins)
