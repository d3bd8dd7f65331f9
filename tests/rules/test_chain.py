"""What each rule does to a record, and what none of them can do."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agent.messages import Note
from agent.model.goods import ProductKind, ShopPrice, ShopProduct, ShopStock
from agent.model.order import Address, LineKind, ShopOrder
from agent.rules.chain import Applied, Chain, Chains, RuleWrong
from agent.rules.tree import ProcessingRule, RuleObject, RuleSide
from tests.decide.build import BUYER, goods, order, shipping

PARCEL = Address(first_name="Bo", last_name="Ek", company="Ek AB", street="Hamnen 3", postcode="111 22", city="Visby")
BOUGHT = order(
    goods(article_no="WEB-1", name="<b>Garn</b> &amp; n&aring;l"),
    goods(article_no="PROV", total="0.00"),
    shipping(),
    shipping=PARCEL,
    customer_note="ring först",
    meta={"delivery_day": "2026-12-01"},
)


def rules(text: str) -> tuple[ProcessingRule, ...]:
    """Rules as the file has them; object and side are order and read unless they say otherwise."""
    tables: list[dict[str, Any]] = tomllib.loads(text, parse_float=Decimal)["rule"]
    usual = {"object": "order", "side": "read"}
    named = ({**usual, "name": f"regel {number}", **table} for number, table in enumerate(tables, 1))
    return tuple(msgspec.convert(table, ProcessingRule) for table in named)


def apply(record: Any, change: str, when: str = "", about: str = "order", side: str = "read") -> Applied[Any]:
    text = f'[[rule]]\nobject = "{about}"\nside = "{side}"\nwhen = [{when}]\ndo = [{change}]'
    return Chain(rules(text), RuleObject(about), RuleSide(side)).apply(record)


def changed(change: str, when: str = "") -> ShopOrder:
    applied = apply(BOUGHT, change, when)
    assert applied.verdict == ""
    assert isinstance(applied.record, ShopOrder)
    return applied.record


def test_a_field_is_set_and_the_story_tells_where_but_not_what() -> None:
    applied = apply(BOUGHT, '{ do = "set", field = "billing.email", value = "order@kund.example" }')
    assert applied.record.billing.email == "order@kund.example"
    assert applied.notes == (Note(code="rule_changed", field="billing.email", detail="regel 1"),)


def test_a_value_that_stands_already_is_no_change() -> None:
    applied = apply(BOUGHT, '{ do = "set", field = "billing.city", value = "Umeå" }')
    assert applied.record is BOUGHT
    assert applied.notes == ()


def test_a_field_is_emptied() -> None:
    assert changed('{ do = "clear", field = "billing.phone" }').billing.phone == ""


def test_a_field_is_copied_from_another() -> None:
    made = changed('{ do = "copy", field = "billing.company", source = "shipping.company" }')
    assert made.billing.company == "Ek AB"


def test_a_text_is_built_of_fields_and_meta() -> None:
    made = changed('{ do = "build", field = "customer_note", value = "{number} {meta.delivery_day} {meta.none}" }')
    assert made.customer_note == "1042 2026-12-01"


def test_meta_that_was_not_there_is_made() -> None:
    assert changed('{ do = "set", field = "meta.kanal", value = "webb" }').meta["kanal"] == "webb"


def test_a_text_is_searched_and_replaced_in_every_row_without_regard_to_case() -> None:
    made = changed('{ do = "replace", field = "lines.article_no", find = "web-", value = "" }')
    assert [line.article_no for line in made.lines] == ["1", "PROV", ""]


def test_what_is_searched_for_is_a_text_and_no_pattern() -> None:
    made = changed('{ do = "replace", field = "lines.article_no", find = ".", value = "x" }')
    assert made is BOUGHT


def test_a_value_is_looked_up_in_a_table_for_the_rows_that_are_meant() -> None:
    made = changed(
        '{ do = "map", field = "lines.method", values = { FLAT_RATE = "postnord" },'
        ' where = [{ field = "kind", any_of = ["shipping"] }] }'
    )
    assert [line.method for line in made.lines] == ["", "", "postnord"]


def test_what_a_table_does_not_have_stays_or_becomes_the_value_given() -> None:
    table = 'do = "map", field = "billing.country", values = { NO = "DK" }'
    assert changed(f"{{ {table} }}").billing.country == "SE"
    assert changed(f'{{ {table}, value = "FI" }}').billing.country == "FI"


def test_a_table_may_be_asked_with_another_field() -> None:
    table = 'do = "map", field = "customer_note", source = "billing.country", values = { SE = "inrikes" }'
    assert changed(f"{{ {table} }}").customer_note == "inrikes"


def test_addresses_change_places_and_the_buyer_keeps_their_e_mail() -> None:
    made = changed('{ do = "switch_addresses" }')
    assert made.billing.street == "Hamnen 3"
    assert made.shipping.street == "Storgatan 1"
    assert made.billing.email == BUYER.email


def test_an_address_that_means_as_the_other_is_not_switched() -> None:
    record = order(goods())
    assert apply(record, '{ do = "switch_addresses" }').record is record


@pytest.mark.parametrize(("do", "left"), [("remove_rows", ["WEB-1", ""]), ("keep_rows", ["PROV"])])
def test_rows_are_removed_or_kept(do: str, left: list[str]) -> None:
    made = changed(f'{{ do = "{do}", field = "lines", where = [{{ field = "article_no", any_of = ["prov"] }}] }}')
    assert [line.article_no for line in made.lines] == left


def test_tags_and_entities_are_taken_out() -> None:
    assert changed('{ do = "strip_html", field = "lines.name" }').lines[0].name == "Garn & nål"


def test_a_text_is_cut_and_its_letters_are_changed() -> None:
    assert changed('{ do = "shorten", field = "customer_note", amount = 4 }').customer_note == "ring"
    assert changed('{ do = "upper", field = "customer_note" }').customer_note == "RING FÖRST"
    assert changed('{ do = "lower", field = "billing.country" }').billing.country == "se"


PRICE = ShopPrice(regular=Decimal("123.45"), sale=Decimal("99.50"))


@pytest.mark.parametrize(
    ("change", "regular"),
    [
        ('{ do = "add_amount", field = "regular", amount = -3.45 }', "120"),
        ('{ do = "add_percent", field = "regular", amount = 10 }', "135.795"),
        ('{ do = "round", field = "regular", amount = 1 }', "123"),
        ('{ do = "round", field = "regular", amount = 0.5 }', "123.5"),
        ('{ do = "round", field = "regular", amount = 50 }', "100"),
    ],
)
def test_a_price_is_adjusted_and_rounded(change: str, regular: str) -> None:
    made = apply(PRICE, change, about="price", side="written").record
    assert made.regular == Decimal(regular)
    assert made.sale == PRICE.sale


def test_stock_below_so_many_is_shown_as_none() -> None:
    change, when = '{ do = "set", field = "quantity", value = "0" }', '{ field = "quantity", below = 3 }'
    few = apply(ShopStock(managed=True, quantity=2), change, when, "stock", "written").record
    enough = apply(ShopStock(managed=True, quantity=3), change, when, "stock", "written").record
    assert (few.quantity, enough.quantity) == (0, 3)


def test_a_title_is_merged_from_name_and_number() -> None:
    product = ShopProduct(kind=ProductKind.SIMPLE, sku="G-1", name="Garn")
    made = apply(product, '{ do = "build", field = "name", value = "{name} ({sku})" }', "", "product", "written").record
    assert made.name == "Garn (G-1)"


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ('{ field = "billing.country", any_of = ["se", "no"] }', True),
        ('{ field = "billing.country", none_of = ["SE"] }', False),
        ('{ field = "billing.city", contains = "ME" }', True),
        ('{ field = "billing.postcode", starts = "90", ends = "26" }', True),
        ('{ field = "billing.postcode", like = "9?3*" }', True),
        ('{ field = "billing.postcode", like = "9?4*" }', False),
        ('{ field = "total", above = 149.99 }', True),
        ('{ field = "total", above = 150 }', False),
        ('{ field = "total", at_least = 150, at_most = 150 }', True),
        ('{ field = "total", below = 150 }', False),
        ('{ field = "lines.total", at_most = 0 }', True),
        ('{ field = "lines.article_no", any_of = ["ANNAT"] }', False),
        ('{ field = "meta.delivery_day", empty = false }', True),
        ('{ field = "meta.annat", empty = true }', True),
        ('{ field = "paid_at", empty = true }', False),
        ('{ field = "billing.city", above = 1 }', False),
        ('{ field = "billing.city", below = 1 }', False),
        ('{ field = "vat_exempt", any_of = ["no"] }', True),
        ('{ field = "lines.kind", any_of = ["shipping"] }', True),
        ('{ field = "billing.country", any_of = ["SE"] }, { field = "total", above = 1000 }', False),
    ],
)
def test_a_condition_holds_or_does_not(when: str, holds: bool) -> None:
    assert (apply(BOUGHT, '{ do = "hold" }', when).verdict == "hold") is holds


def test_each_rule_gets_what_the_one_before_left() -> None:
    chain = rules(
        """
        [[rule]]
        do = [{ do = "set", field = "billing.country", value = "NO" }]
        [[rule]]
        when = [{ field = "billing.country", any_of = ["NO"] }]
        do = [{ do = "set", field = "customer_note", value = "export" }]
        """
    )
    assert Chain(chain, RuleObject.ORDER, RuleSide.READ).apply(BOUGHT).record.customer_note == "export"


def test_a_rule_that_rests_does_nothing() -> None:
    chain = rules('[[rule]]\nenabled = false\ndo = [{ do = "fail" }]')
    assert Chain(chain, RuleObject.ORDER, RuleSide.READ).apply(BOUGHT).verdict == ""


@pytest.mark.parametrize("do", ["ignore", "hold", "fail"])
def test_what_stops_a_record_names_its_rule(do: str) -> None:
    applied = apply(BOUGHT, f'{{ do = "{do}" }}')
    assert (applied.verdict, applied.rule) == (do, "regel 1")


def test_a_rule_that_cannot_do_what_it_says_fails_the_record_and_changes_nothing() -> None:
    good = '{ do = "set", field = "customer_note", value = "x" }'
    bad = '{ do = "copy", field = "lines.quantity", source = "billing.city" }'
    applied = apply(BOUGHT, f"{good}, {bad}")
    assert (applied.verdict, applied.rule, applied.why) == ("fail", "regel 1", "not_a_number")
    assert applied.record is BOUGHT


def test_a_text_cannot_grow_without_end() -> None:
    doubling = ", ".join(['{ do = "build", field = "customer_note", value = "{customer_note}{customer_note}" }'] * 30)
    assert apply(BOUGHT, doubling).why == "too_long"


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [
        ('{ do = "set", field = "billing.town", value = "x" }', "do.0.field", "field_unknown"),
        ('{ do = "set", field = "order_id", value = "1" }', "do.0.field", "fixed"),
        ('{ do = "set", field = "total", value = "1" }', "do.0.field", "fixed"),
        ('{ do = "set", field = "lines.kind", value = "fee" }', "do.0.field", "fixed"),
        ('{ do = "set", field = "lines", value = "1" }', "do.0.field", "no_single_value"),
        ('{ do = "set", field = "lines.quantity", value = "många" }', "do.0.value", "not_a_number"),
        ('{ do = "set", value = "1" }', "do.0.field", "missing"),
        ('{ do = "clear", field = "customer_note", find = "x" }', "do.0.find", "unused"),
        ('{ do = "set", field = "customer_note", value = "x", where = [{ field = "kind" }] }', "do.0.where", "no_rows"),
        ('{ do = "build", field = "customer_note", value = "{number" }', "do.0.value", "template_broken"),
        ('{ do = "build", field = "customer_note", value = "{number!r}" }', "do.0.value", "template_broken"),
        ('{ do = "build", field = "customer_note", value = "{number.__class__}" }', "do.0.field", "field_unknown"),
        ('{ do = "round", field = "lines.quantity", amount = -1 }', "do.0.amount", "not_positive"),
        ('{ do = "round", field = "customer_note", amount = 1 }', "do.0.field", "not_number"),
        ('{ do = "shorten", field = "customer_note", amount = 1000000 }', "do.0.amount", "out_of_range"),
        ('{ do = "remove_rows", field = "billing", where = [{ field = "city" }] }', "do.0.field", "no_rows"),
    ],
)
def test_a_rule_that_can_never_work_is_refused_where_it_is_written(change: str, key: str, problem: str) -> None:
    with pytest.raises(RuleWrong) as refused:
        Chains(rules(f"[[rule]]\ndo = [{change}]"))
    assert (refused.value.key, refused.value.problem) == (key, problem)


def test_a_template_of_a_million_characters_is_refused() -> None:
    with pytest.raises(RuleWrong, match="template_too_long"):
        Chains(rules(f'[[rule]]\ndo = [{{ do = "build", field = "customer_note", value = "{"x" * 1_000_000}" }}]'))


@pytest.mark.parametrize(("about", "field"), [("product", "product_no"), ("product", "pk"), ("price", "product_no")])
def test_no_rule_deletes_an_articles_number(about: str, field: str) -> None:
    with pytest.raises(RuleWrong, match="fixed"):
        Chains(rules(f'[[rule]]\nobject = "{about}"\ndo = [{{ do = "clear", field = "{field}" }}]'))


def test_a_rule_about_orders_as_read_is_refused_elsewhere() -> None:
    with pytest.raises(RuleWrong, match="only_orders_read"):
        Chains(rules('[[rule]]\nobject = "product"\ndo = [{ do = "shop_status", value = "completed" }]'))
    with pytest.raises(RuleWrong, match="no_addresses"):
        Chains(rules('[[rule]]\nobject = "product"\ndo = [{ do = "switch_addresses" }]'))


def test_more_rules_than_anybody_reads_are_refused() -> None:
    with pytest.raises(RuleWrong, match="too_many_rules"):
        Chains(rules('[[rule]]\ndo = [{ do = "hold" }]\n' * 201))


def test_a_record_survives_the_way_there_and_back() -> None:
    made = changed('{ do = "set", field = "customer_note", value = "x" }')
    assert msgspec.structs.replace(made, customer_note=BOUGHT.customer_note) == BOUGHT
    assert made.lines[2].kind is LineKind.SHIPPING
