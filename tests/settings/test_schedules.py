"""What is said of schedules that cannot be kept, or that the package does not include."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from agent.model.reasons import Fault
from agent.schedule import Schedule
from agent.settings.check import check
from agent.settings.finding import Finding
from agent.settings.tree import MamutSettings, Settings
from scenarios.play import shop_settings


def judged(schedules: dict[str, dict[str, Any]], *, package: str = "200", flow: int = 2) -> tuple[Finding, ...]:
    given = {name: msgspec.convert(each, Schedule) for name, each in schedules.items()}
    shop = shop_settings(flow=flow, schedules=given)
    mamut = MamutSettings(address="http://127.0.0.1:8300")
    found = check(Settings(package=package, mamut=mamut, shop=(shop,)))
    return tuple(each for each in found if ".schedules" in each.path)


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("cron", ["61 * * * *"], "cron[0]"),
        ("cron", ["0 3 * * *", "0 3 * *"], "cron[1]"),
        ("cron", ["0 0 30 2 *"], "cron[0]"),
        ("quiet", ["22-06"], "quiet[0]"),
        ("quiet", ["00:00-12:00", "12:00-00:00"], "quiet"),
        ("zone", "Europe/Atlantis", "zone"),
        ("every_s", 1.0, "every_s"),
    ],
)
def test_times_that_cannot_be_kept_are_refused_where_they_stand(key: str, value: object, path: str) -> None:
    (found, *rest) = judged({"prices_to_shop": {"every_s": 600.0, key: value}})
    assert rest == []
    assert (found.path, found.fault) == (f"shop[0].schedules.prices_to_shop.{path}", Fault.SETTINGS_VALUE_WRONG)
    assert found.is_error
    assert found.remedy.sv
    assert found.remedy.en


def test_a_direction_that_is_misspelt_is_guessed() -> None:
    (found,) = judged({"price_to_shop": {"every_s": 600.0}})
    assert found.is_error
    assert '"prices_to_shop"?' in found.remedy.en


def test_a_direction_that_the_flow_does_not_have_is_refused() -> None:
    (found,) = judged({"stock_to_shop": {"every_s": 600.0}}, flow=1)
    assert (found.fault, found.path) == (Fault.SETTINGS_CONFLICT, "shop[0].schedules.stock_to_shop")


def test_without_scheduling_in_the_package_a_schedule_is_refused() -> None:
    (found,) = judged({"orders_to_mamut": {"every_s": 600.0}}, package="100", flow=1)
    assert found.fault is Fault.SETTINGS_NOT_IN_PACKAGE
    assert "200" in found.remedy.en
    assert judged({"orders_to_mamut": {"every_s": 600.0}}, package="200", flow=1) == ()


def test_a_schedule_that_says_nothing_is_warned_of() -> None:
    (found,) = judged({"orders_to_mamut": {}})
    assert (found.fault, found.is_error) == (Fault.SETTINGS_RISKY, False)
