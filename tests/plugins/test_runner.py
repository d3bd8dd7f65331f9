"""What a plugin may do to a record, what it may not, and that it stops nothing but that record."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from threading import Event
from typing import Any

import msgspec
import pytest

from agent.decide.orders import decide
from agent.decide.processing import finish, prepare
from agent.messages import Decision, Send, Stop
from agent.model.goods import ShopPrice
from agent.model.order import ShopOrder
from agent.model.reasons import Reason
from agent.plugins.found import Plugged
from agent.plugins.hooks import Context, HoldRecord, Hook
from agent.plugins.runner import Plugins
from agent.rules.chain import Chains
from tests.decide.build import facts, goods, order, shipping, shop

BOUGHT = order(goods(article_no="A-1"), shipping(), meta={"_day": "2026-12-01"})
CONTEXT = Context(shop="butik")
replace = msgspec.structs.replace


@dataclass
class Made:
    """A plugin with one hook."""

    does: Callable[[Any, Context], Any]

    def __getattr__(self, _name: str) -> Callable[[Any, Context], Any]:
        return self.does


def plugins(hook: Hook, *does: Callable[[Any, Context], Any], limit_s: float = 5.0) -> Plugins:
    return Plugins(
        (Plugged(name=f"p{number}", version="1", plugin=Made(each), hooks=frozenset({hook})), limit_s)
        for number, each in enumerate(does, 1)
    )


def decided(hooks: Plugins, of: ShopOrder = BOUGHT) -> Decision:
    chains, merchant = Chains(()), shop()
    ready = prepare(of, merchant, chains, frozenset(), hooks)
    if ready.stop is not None:
        return ready.stop
    held = facts(ready.order, ready.shop)
    decision = decide(ready.order, held, ready.shop, frozenset())
    return finish(decision, ready, chains, held.registers, frozenset(), None, hooks)


def stopped(hooks: Plugins) -> tuple[Reason, dict[str, str]]:
    decision = decided(hooks)
    assert isinstance(decision, Stop)
    return decision.reason, decision.params


def fails(_record: Any, _context: Context) -> Any:
    raise ZeroDivisionError("Kim Exempel")


def holds(_record: Any, _context: Context) -> Any:
    raise HoldRecord("leveransdag saknas")


def test_a_plugin_changes_the_document_by_the_shops_order_and_the_story_names_it() -> None:
    hooks = plugins(Hook.DOCUMENT_BUILT, lambda draft, about: replace(draft, packing_text=about.order.meta["_day"]))
    decision = decided(hooks)
    assert isinstance(decision, Send)
    assert decision.draft.packing_text == "2026-12-01"
    assert [note.detail for note in decision.notes if note.code == "plugin_changed"] == ["p1"]


def test_a_plugin_changes_the_order_before_it_is_decided() -> None:
    hooks = plugins(Hook.ORDER_READ, lambda read, _about: replace(read, customer_note="Ring på"))
    decision = decided(hooks)
    assert isinstance(decision, Send)
    assert decision.draft.packing_text == "Ring på"


def test_what_a_plugin_writes_is_cut_to_what_mamut_keeps() -> None:
    hooks = plugins(Hook.DOCUMENT_BUILT, lambda draft, _about: replace(draft, packing_text="x" * 5_000))
    decision = decided(hooks)
    assert isinstance(decision, Send)
    assert len(decision.draft.packing_text) == 200


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (fails, "ZeroDivisionError"),
        (holds, "leveransdag saknas"),
        (lambda _record, _about: None, "wrong_type"),
        (lambda record, _about: replace(record, external_no="butik:2"), "fixed: external_no"),
        (lambda record, _about: replace(record, name=7), "not_a_value"),
        (lambda record, _about: replace(record, lines=(replace(record.lines[0], qty=Decimal("NaN")),)), "not_a_value"),
    ],
)
def test_a_plugin_that_does_what_it_may_not_holds_the_record_and_is_named(
    does: Callable[[Any, Context], Any], why: str
) -> None:
    assert stopped(plugins(Hook.DOCUMENT_BUILT, does)) == (Reason.PLUGIN_HELD, {"plugin": "p1", "why": why})


def test_a_plugin_that_ends_the_thread_or_the_program_only_holds_the_record() -> None:
    def leaves(_record: Any, _context: Context) -> Any:
        raise SystemExit(3)

    hooks = plugins(Hook.ORDER_READ, leaves)
    assert stopped(hooks) == (Reason.PLUGIN_HELD, {"plugin": "p1", "why": "SystemExit"})
    assert stopped(hooks)[1]["why"] == "SystemExit"


def test_an_amount_that_a_plugin_changes_is_held_with_the_arithmetic() -> None:
    hooks = plugins(
        Hook.DOCUMENT_BUILT,
        lambda draft, _about: replace(
            draft, lines=(replace(draft.lines[0], line_sum=draft.lines[0].line_sum + 1), *draft.lines[1:])
        ),
    )
    assert stopped(hooks)[0] is Reason.TOTAL_UNEXPLAINED


def test_a_plugin_that_takes_too_long_is_parked_and_waited_for_once() -> None:
    hang = Event()
    calls: list[int] = []

    def hangs(record: Any, _context: Context) -> Any:
        calls.append(1)
        hang.wait()
        return record

    hooks = plugins(Hook.ORDER_READ, hangs, limit_s=0.05)
    try:
        assert stopped(hooks)[1] == {"plugin": "p1", "why": "too_slow"}
        began = time.monotonic()
        assert {stopped(hooks)[1]["why"] for _ in range(20)} == {"parked"}
        assert time.monotonic() - began < 1.0
        assert calls == [1]
    finally:
        hang.set()


def test_each_plugin_gets_what_the_one_before_left() -> None:
    hooks = plugins(
        Hook.PRICE_COMPUTED,
        lambda price, _about: replace(price, regular=price.regular + 1),
        lambda price, _about: replace(price, regular=price.regular * 2),
    )
    made = hooks.run(Hook.PRICE_COMPUTED, ShopPrice(regular=Decimal(10)), CONTEXT)
    assert (made.record.regular, [note.detail for note in made.notes]) == (22, ["p1", "p2"])


def test_what_a_plugin_does_to_a_table_within_a_record_is_done_to_its_own_copy() -> None:
    def spoils(record: Any, context: Context) -> Any:
        record.meta.clear()
        assert context.order is not None
        context.order.meta.clear()
        return record

    hooks = plugins(Hook.ORDER_READ, spoils)
    hooks.run(Hook.ORDER_READ, BOUGHT, Context(shop="butik", order=BOUGHT))
    assert BOUGHT.meta == {"_day": "2026-12-01"}
