"""Rules around the decision about an order: what they stop and change, and that the amount is proved behind them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from agent.decide.orders import decide
from agent.decide.processing import finish, prepare
from agent.messages import CreateContact, Decision, Send, Stop
from agent.model.order import ShopOrder
from agent.model.reasons import Reason
from agent.rules.chain import Chains
from agent.rules.tree import ProcessingRule
from tests.decide.build import facts, goods, order, shipping, shop


def rule(do: list[dict[str, Any]], **changes: Any) -> ProcessingRule:
    return msgspec.convert({"name": "regeln", "object": "order", "side": "read", "do": do} | changes, ProcessingRule)


def decided(
    of: ShopOrder, *rules: ProcessingRule, released: frozenset[Reason] = frozenset(), **settings: Any
) -> Decision:
    chains, merchant = Chains(rules), shop(**settings)
    ready = prepare(of, merchant, chains, released)
    if ready.stop is not None:
        return ready.stop
    held = facts(ready.order, ready.shop)
    return finish(decide(ready.order, held, ready.shop, released), ready, chains, held.registers, released)


def sent(of: ShopOrder, *rules: ProcessingRule, **settings: Any) -> Send:
    decision = decided(of, *rules, **settings)
    assert isinstance(decision, Send), decision
    return decision


BOUGHT = order(goods(article_no="WEB-1"), shipping())


@pytest.mark.parametrize(
    ("do", "reason"),
    [("ignore", Reason.EXCLUDED_BY_RULE), ("hold", Reason.HELD_BY_RULE), ("fail", Reason.RULE_FAILED)],
)
@pytest.mark.parametrize("side", ["read", "written"])
def test_a_rule_stops_an_order_with_its_name(do: str, reason: Reason, side: str) -> None:
    decision = decided(BOUGHT, rule([{"do": do}], side=side))
    assert isinstance(decision, Stop)
    assert decision.reason is reason
    assert decision.params["rule"] == "regeln"


def test_a_person_releases_an_order_from_a_rule_that_holds() -> None:
    released = frozenset({Reason.HELD_BY_RULE})
    number = {"do": "replace", "field": "lines.article_no", "find": "WEB-"}
    text = {"do": "set", "field": "customer_note", "value": "hej"}
    decision = decided(BOUGHT, rule([number, {"do": "hold"}]), rule([text]), released=released)
    assert isinstance(decision, Send)
    assert decision.draft.lines[0].product_no == "1"
    assert len([note for note in decision.notes if note.code == "rule_changed"]) == 2


def test_an_articles_number_is_changed_before_mamut_is_asked_for_it() -> None:
    made = sent(BOUGHT, rule([{"do": "replace", "field": "lines.article_no", "find": "WEB-"}]))
    assert made.draft.lines[0].product_no == "1"
    assert [note.detail for note in made.notes if note.code == "rule_changed"] == ["regeln"]


def test_a_row_taken_out_of_a_paid_order_is_held_with_the_arithmetic() -> None:
    where = [{"field": "kind", "any_of": ["shipping"]}]
    decision = decided(BOUGHT, rule([{"do": "remove_rows", "field": "lines", "where": where}]))
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.TOTAL_UNEXPLAINED


def test_a_row_changed_in_the_document_is_proved_again() -> None:
    change = {"do": "add_amount", "field": "lines.line_sum", "amount": 1}
    decision = decided(BOUGHT, rule([change], side="written"))
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.TOTAL_UNEXPLAINED
    assert decision.params["difference"] == "-2.50 SEK"


def test_the_freight_row_gets_the_article_that_the_rule_names() -> None:
    where = [{"field": "product_no", "any_of": ["FRAKT"]}]
    change = {"do": "set", "field": "lines.product_no", "value": "FRAKT-UTRIKES", "where": where}
    made = sent(BOUGHT, rule([change], side="written"))
    assert [line.product_no for line in made.draft.lines] == ["WEB-1", "FRAKT-UTRIKES"]


def test_a_discount_is_put_on_a_row_of_its_own() -> None:
    reduced = order(goods("80.00", subtotal=msgspec.convert("100.00", type(BOUGHT.total)), article_no="A-1"))
    plain, split = sent(reduced), sent(reduced, rule([{"do": "discount_row"}]))
    assert len(plain.draft.lines) == 1
    assert [line.product_no for line in split.draft.lines] == ["A-1", "RABATT"]
    assert plain.proof.paid == split.proof.paid == split.proof.mamut_total


def test_rules_about_invoices_touch_orders_that_go_as_invoices_alone() -> None:
    change = rule([{"do": "set", "field": "our_ref", "value": "7"}], object="invoice", side="written")
    assert sent(BOUGHT, change).draft.our_ref == ""
    assert sent(BOUGHT, change, orders={"document": "invoice"}).draft.our_ref == "7"


def test_rules_about_invoices_as_read_know_what_will_be_an_invoice() -> None:
    change = rule([{"do": "set", "field": "customer_note", "value": "faktura"}], object="invoice")
    assert sent(BOUGHT, change).draft.packing_text == ""
    assert sent(BOUGHT, change, orders={"document": "invoice"}).draft.packing_text == "faktura"


def test_a_new_customers_card_is_changed_before_it_is_written() -> None:
    change = rule([{"do": "upper", "field": "name"}], object="customer", side="written")
    made = sent(BOUGHT, change)
    assert isinstance(made.customer, CreateContact)
    assert made.customer.draft.name == "ÅSA ÖBERG"


def test_the_shops_status_is_kept_for_when_the_document_stands() -> None:
    assert sent(BOUGHT, rule([{"do": "shop_status", "value": "completed"}])).shop_status == "completed"


def test_without_rules_the_decision_is_the_same_value() -> None:
    held = facts(BOUGHT)
    plain = decide(BOUGHT, held, shop())
    assert decided(BOUGHT) == plain


def test_what_a_rule_writes_is_brought_into_what_mamut_keeps() -> None:
    change = {"do": "set", "field": "reference", "value": "Łódź \u4f60 " + "x" * 40}
    made = sent(BOUGHT, rule([change], side="written"))
    assert made.draft.reference.startswith("Lódz")
    assert len(made.draft.reference) <= 30
    made.draft.reference.encode("cp1252")
    assert "text_shortened" in {note.code for note in made.notes}
