"""The fast form of `brygga bench stock`: it counts, and a second more or less fails nothing."""

from __future__ import annotations

from benchmarks.command import measure


def test_only_what_has_changed_is_written_in_full_batches() -> None:
    result = measure("stock", small=True)
    assert [target.what for target in result.targets if not target.met] == []
    (table,) = result.tables
    cases = {str(row[0]): row for row in table.rows}
    written = {name: row[table.columns.index("Rows written")] for name, row in cases.items()}
    changed = {name: row[table.columns.index("Changed")] for name, row in cases.items()}
    assert written == changed
    assert changed["none changed"] == 0
