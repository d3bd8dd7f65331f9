"""docs/rules.md has every rule with an example that works."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from agent.rules.chain import Chains
from agent.rules.tree import ProcessingRule, RuleAction

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")

EXAMPLES = re.findall(r"^\| `([a-z_`, ]+)` \| .+ \| `(\{.+\})` \|$", PAGE, re.MULTILINE)


def rule(change: str) -> ProcessingRule:
    text = f'name = "x"\nobject = "order"\nside = "read"\ndo = [{change}]'
    return msgspec.convert(tomllib.loads(text, parse_float=Decimal), ProcessingRule)


def test_every_action_has_an_example() -> None:
    named = {name for names, _ in EXAMPLES for name in re.findall(r"[a-z_]+", names)}
    assert named == {action.value for action in RuleAction}


@pytest.mark.parametrize("change", [change for _, change in EXAMPLES])
def test_the_example_is_a_rule_that_compiles(change: str) -> None:
    Chains((rule(change),))


def test_the_whole_rule_at_the_top_of_the_page_compiles() -> None:
    blocks = re.findall(r"```toml\n(.+?)```", PAGE, re.DOTALL)
    for block in blocks:
        tables = tomllib.loads(block, parse_float=Decimal)["shop"]["processing"]
        Chains(tuple(msgspec.convert(table, ProcessingRule) for table in tables))
    assert blocks
