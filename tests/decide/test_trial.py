"""What rules would change, shown without changing anything."""

from __future__ import annotations

from typing import Any

import msgspec

from agent.decide.trial import try_order
from agent.model.reasons import Reason
from agent.rules.chain import Chains
from agent.rules.mapping import Mappers
from agent.rules.tree import FieldMapping, MappedObject, ProcessingRule
from tests.decide.build import goods, order, shipping, shop

BOUGHT = order(goods(article_no="WEB-1"), shipping(), raw=b'{"meta_data": [{"key": "_ref", "value": "AB 7"}]}')


def rule(do: list[dict[str, Any]], **changes: Any) -> ProcessingRule:
    return msgspec.convert({"name": "regeln", "object": "order", "side": "read", "do": do} | changes, ProcessingRule)


def test_a_change_is_shown_before_and_after_on_both_sides() -> None:
    chains = Chains((rule([{"do": "replace", "field": "lines.article_no", "find": "WEB-"}]),))
    trial = try_order(BOUGHT, shop(), chains, None)
    shown = {(change.record, change.field): (change.before, change.after) for change in trial.changes}
    assert shown["order", "lines[1].article_no"] == ("WEB-1", "1")
    assert shown["document", "lines[1].product_no"] == ("WEB-1", "1")
    assert (trial.by, trial.reason, trial.was) == (("regeln",), "", "")


def test_an_order_that_would_stop_says_why() -> None:
    trial = try_order(BOUGHT, shop(), Chains((rule([{"do": "fail", "value": "saknar"}]),)), None)
    assert (trial.reason, trial.was, trial.params["why"]) == (Reason.RULE_FAILED.value, "", "saknar")
    assert trial.by == ("regeln",)


def test_a_mapping_is_shown_where_it_arrives() -> None:
    one = FieldMapping(
        name="ref", object=MappedObject.ORDER, field="reference", pick="meta_data[?key=='_ref'].value | [0]"
    )
    trial = try_order(BOUGHT, shop(), Chains(()), Mappers((one,)))
    assert [(change.field, change.after) for change in trial.changes] == [("reference", "AB 7")]
    assert not trial.changes[0].is_open


def test_an_order_that_is_long_done_is_tried_all_the_same() -> None:
    done = msgspec.structs.replace(BOUGHT, status="completed", mamut_order_no=200_001)
    trial = try_order(done, shop(), Chains((rule([{"do": "hold"}], when=[{"field": "total", "above": 10}]),)), None)
    assert (trial.reason, trial.was) == (Reason.HELD_BY_RULE.value, "")


def test_without_rules_nothing_would_change() -> None:
    trial = try_order(BOUGHT, shop(), Chains(()), None)
    assert (trial.changes, trial.by, trial.reason) == ((), (), "")
