"""What the tables about goods and statuses mean: one row for each rule."""

from __future__ import annotations

import pytest

from agent.model.reasons import Fault
from tests.settings.files import (
    CONFLICT,
    GOOD,
    MISSING,
    NOT_INCLUDED,
    RISKY,
    WRONG,
    changed,
    errors,
    found,
    judged,
    under,
    warnings,
)

FLOW_2 = changed("flow = 1", "flow = 2")


@pytest.mark.parametrize(
    ("heading", "line", "fault", "path"),
    [
        ("[mamut.register]", "articles_every_s = 1", WRONG, "mamut.register.articles_every_s"),
        ("[mamut.register]", "stock_every_s = 604801", WRONG, "mamut.register.stock_every_s"),
        ("[mamut.register]", "page_size = 501", WRONG, "mamut.register.page_size"),
        ("[mamut.register]", "page_size = 0", WRONG, "mamut.register.page_size"),
        ("[shop.reading]", "requests_a_minute = 9", WRONG, "shop[0].reading.requests_a_minute"),
        ("[shop.products]", 'publish = "trash"', WRONG, "shop[0].products.publish"),
        ("[shop.products]", 'unpublish = "publish"', WRONG, "shop[0].products.unpublish"),
        ("[shop.products]", "groups = [0]", WRONG, "shop[0].products.groups[0]"),
        ("[shop.products]", "groups = [4, 4]", CONFLICT, "shop[0].products.groups[1]"),
        ("[shop.products]", 'categories_of = { "garn" = "Garn" }', WRONG, "shop[0].products.categories_of.garn"),
        ("[shop.products]", 'categories_of = { "1/2/3" = "Garn" }', WRONG, 'shop[0].products.categories_of."1/2/3"'),
        ("[shop.products]", 'categories_of = { "1" = "A > B > C" }', WRONG, "shop[0].products.categories_of.1"),
        ("[shop.products]", 'categories_of = { "1" = " > B" }', WRONG, "shop[0].products.categories_of.1"),
        ("[shop.products]", 'tax_classes = { "moms" = "" }', WRONG, "shop[0].products.tax_classes.moms"),
        ("[shop.products]", 'tax_classes = { "3" = "Reduced" }', WRONG, "shop[0].products.tax_classes.3"),
        ("[shop.products]", 'unit_meta = " _unit"', WRONG, "shop[0].products.unit_meta"),
        ("[shop.products]", 'name = "sometimes"', WRONG, "shop[0].products.name"),
        ("[shop.prices]", "regular = { category = 0 }", WRONG, "shop[0].prices.regular.category"),
        ("[shop.prices]", "regular = { factor = 0 }", WRONG, "shop[0].prices.regular.factor"),
        ("[shop.prices]", "sale = { factor = 1 }", CONFLICT, "shop[0].prices.sale"),
        ("[shop.prices]", "exchange = 0", WRONG, "shop[0].prices.exchange"),
        ("[shop.prices]", "guards = { percent = -1 }", WRONG, "shop[0].prices.guards.percent"),
        ("[shop.prices]", "guards = { articles = -1 }", WRONG, "shop[0].prices.guards.articles"),
        ("[shop.prices]", 'rounding = "0.25"', WRONG, "shop[0].prices.rounding"),
        ("[[shop.prices.lists]]", 'category = 0\nmeta = "_b"', WRONG, "shop[0].prices.lists[0].category"),
        ("[[shop.prices.lists]]", 'category = 2\nmeta = ""', WRONG, "shop[0].prices.lists[0].meta"),
        (
            "[shop.prices]",
            'lists = [{ category = 2, meta = "_b" }, { category = 3, meta = "_b" }]',
            CONFLICT,
            "shop[0].prices.lists[1].meta",
        ),
        ("[shop.stock]", "warehouses = [0]", WRONG, "shop[0].stock.warehouses[0]"),
        ("[shop.stock]", "warehouses = [2, 2]", CONFLICT, "shop[0].stock.warehouses[1]"),
        ("[shop.stock]", "buffer = -1", WRONG, "shop[0].stock.buffer"),
        ("[shop.stock]", "buffer_percent = 101", WRONG, "shop[0].stock.buffer_percent"),
        ("[shop.stock]", "share_percent = 101", WRONG, "shop[0].stock.share_percent"),
        ("[shop.stock]", "cap = -1", WRONG, "shop[0].stock.cap"),
        ("[shop.stock]", 'when_not_kept = "sold_out"', WRONG, "shop[0].stock.when_not_kept"),
        ("[shop.stock]", 'at_zero_groups = { "a" = "hide" }', WRONG, "shop[0].stock.at_zero_groups.a"),
        ("[shop.stock]", 'at_zero_groups = { "4" = "gone" }', WRONG, "shop[0].stock.at_zero_groups.4"),
        ("[shop.statuses]", 'order = ["processing", "processing"]', CONFLICT, "shop[0].statuses.order[1]"),
        ("[shop.statuses]", 'order = ["wc-packed"]', WRONG, "shop[0].statuses.order[0]"),
        ("[shop.statuses]", "follow_days = 0", WRONG, "shop[0].statuses.follow_days"),
        ("[shop.statuses]", "warn_days = -1", WRONG, "shop[0].statuses.warn_days"),
        (
            "[shop.statuses]",
            "expiry_days = { klarna_payments = 0 }",
            WRONG,
            "shop[0].statuses.expiry_days.klarna_payments",
        ),
        ("[shop.statuses.paid]", 'status = "betald"', MISSING, "shop[0].statuses.paid.status"),
        ("[shop.statuses.paid]", 'status = "Betald!"', WRONG, "shop[0].statuses.paid.status"),
        ("[shop.statuses.paid]", 'mail = "note"', MISSING, "shop[0].statuses.paid.text"),
        ("[shop.statuses.paid]", 'text = "Tack"', CONFLICT, "shop[0].statuses.paid.text"),
        ("[shop.statuses.paid]", 'mail = "note"\ntext = "{namn}"', WRONG, "shop[0].statuses.paid.text"),
        ("[shop.statuses.paid]", 'mail = "note"\ntext = "{number"', WRONG, "shop[0].statuses.paid.text"),
        ("[shop.statuses.paid]", "capture = true", CONFLICT, "shop[0].statuses.paid.capture"),
    ],
)
def test_a_wrong_line_is_an_error_at_its_place(heading: str, line: str, fault: Fault, path: str) -> None:
    assert (fault, path) in errors(under(heading, line, FLOW_2))


@pytest.mark.parametrize(
    ("heading", "line", "path"),
    [
        ("[shop.prices]", "guards = { zero = false }", "shop[0].prices.guards.zero"),
        ("[shop.stock]", "share_percent = 0", "shop[0].stock.share_percent"),
        ("[shop.stock]", "buffer_percent = 100", "shop[0].stock.buffer_percent"),
        (
            "[shop.statuses]",
            "enabled = true\ndelivered = { status = '' }\ncancelled = { status = '' }",
            "shop[0].statuses",
        ),
    ],
)
def test_what_is_allowed_but_unwise_is_a_warning(heading: str, line: str, path: str) -> None:
    text = under(heading, line, FLOW_2)
    assert (RISKY, path) in warnings(text)
    assert errors(text) == set()


@pytest.mark.parametrize(
    ("heading", "line", "path", "named"),
    [
        ("[shop.stock]", "buffer = 2", "shop[0].stock.buffer", "400"),
        ("[shop.stock]", "warehouses = [1, 2]", "shop[0].stock.warehouses", "400"),
        ("[shop.stock]", 'at_zero = "hide"', "shop[0].stock.at_zero", "400"),
        ("[shop.prices]", "sale = { category = 3 }", "shop[0].prices.sale", "400"),
        ("[shop.prices]", "regular = { category = 3 }", "shop[0].prices.regular", "400"),
        ("[[shop.prices.lists]]", 'category = 3\nmeta = "_b2b"', "shop[0].prices.lists", "400"),
    ],
)
def test_what_package_200_lacks_is_refused_naming_the_one_that_has_it(
    heading: str, line: str, path: str, named: str
) -> None:
    text = under(heading, line, changed('package = "400"', 'package = "200"', FLOW_2))
    refusal = next(finding for finding in judged(text) if finding.fault is NOT_INCLUDED)
    assert refusal.path == path
    assert named in refusal.remedy.sv
    assert named in refusal.remedy.en
    assert (NOT_INCLUDED, path) not in found(under(heading, line, FLOW_2))


@pytest.mark.parametrize("key", ["articles_every_s", "prices_every_s", "stock_every_s", "statuses_every_s"])
def test_the_register_s_times_are_fixed_without_scheduling(key: str) -> None:
    cheap = changed('package = "400"', 'package = "100"')
    assert (NOT_INCLUDED, f"mamut.register.{key}") in errors(under("[mamut.register]", f"{key} = 60", cheap))
    assert errors(under("[mamut.register]", f"{key} = 60", GOOD)) == set()


@pytest.mark.parametrize("heading", ["[shop.stock]", "[shop.statuses]", "[shop.prices]", "[shop.products]"])
def test_a_table_that_the_flow_has_no_use_for_is_refused_with_the_flow_that_has_it(heading: str) -> None:
    table = heading.strip("[]").removeprefix("shop.")
    text = under(heading, "enabled = true" if table == "statuses" else "enabled = false")
    refusal = next(finding for finding in judged(text) if finding.path == f"shop[0].{table}")
    assert refusal.fault is CONFLICT
    assert "2" in refusal.remedy.sv
    assert errors(changed("flow = 1", "flow = 2", text)) == set()


def test_products_of_the_shop_are_not_mamut_s_in_flow_3() -> None:
    text = under("[shop.products]", 'text = "never"', changed("flow = 1", "flow = 3"))
    assert errors(text) == {(CONFLICT, "shop[0].products")}


def test_one_warehouse_is_no_stock_profile() -> None:
    text = under("[shop.stock]", "warehouses = [2]", changed('package = "400"', 'package = "200"', FLOW_2))
    assert errors(text) == set()


def test_every_package_with_flow_2_can_have_rounding_exchange_and_guards() -> None:
    lines = 'rounding = "x.90"\nexchange = 0.088\nguards = { percent = 20 }'
    text = under("[shop.prices]", lines, changed('package = "400"', 'package = "200"', FLOW_2))
    assert errors(text) == set()


def test_a_note_that_names_what_there_is_is_right() -> None:
    text = 'mail = "note"\ntext = "Order {number}: {carrier} {tracking} {url}, faktura {invoice}."'
    assert errors(under("[shop.statuses.delivered]", f'status = "completed"\n{text}', FLOW_2)) == set()
