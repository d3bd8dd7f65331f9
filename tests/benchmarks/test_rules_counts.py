"""The fast form of `brygga bench rules`: which rules do something is counted; a microsecond more or less fails
nothing."""

from __future__ import annotations

from benchmarks.command import measure
from benchmarks.rules import RULES, bought, chain


def test_twenty_rules_are_measured_of_which_eleven_change_the_order() -> None:
    (table,) = measure("rules", small=True).tables
    found = {(row[0], row[1]): row[2] for row in table.rows}
    assert len(RULES) == 20
    assert {count: found[count, 3] for count in (0, 1, 5, 10, 20)} == {0: 0, 1: 1, 5: 5, 10: 10, 20: 11}


def test_the_chain_leaves_what_its_rules_say() -> None:
    made = chain(20).apply(bought(3))
    assert made.verdict == ""
    assert made.record.customer_note == "1001: Ring på hos gra"
    assert [line.article_no for line in made.record.lines] == ["00001", "00002", "00003"]
    assert made.record.billing.city == "UMEÅ"
