"""The fast form of `brygga bench first-sync`: it counts, and a second more or less fails nothing."""

from __future__ import annotations

from benchmarks.command import measure


def test_all_is_made_in_the_fewest_requests_and_a_second_run_finds_nothing() -> None:
    result = measure("first-sync", small=True)
    assert [target.what for target in result.targets if not target.met] == []
    (table,) = result.tables
    rows = {(str(row[1]), str(row[2])): row for row in table.rows}
    left = {case: row[table.columns.index("Rows left to do")] for case, row in rows.items()}
    assert left["mamut", "plan"] == left["shop", "plan"]
    assert left["mamut", "plan"] != 0
    assert {case: count for case, count in left.items() if case[1] != "plan"} == {
        ("mamut", "apply"): 0,
        ("mamut", "plan again"): 0,
        ("shop", "apply"): 0,
        ("shop", "plan again"): 0,
    }
