"""What the settings mean: one row for each rule."""

from __future__ import annotations

import pytest

from agent.model.reasons import Fault
from tests.settings.files import (
    CONFLICT,
    GOOD,
    MISSING,
    NOT_INCLUDED,
    RISKY,
    SECOND_SHOP,
    WRONG,
    changed,
    errors,
    found,
    judged,
    under,
    warnings,
)


@pytest.mark.parametrize(
    ("old", "new", "fault", "path"),
    [
        ('package = "400"', 'package = "300"', WRONG, "package"),
        ('package = "400"', 'package = "premium"', MISSING, "premium_limit"),
        ('package = "400"', 'package = "400"\npremium_limit = 2000', CONFLICT, "premium_limit"),
        ('package = "400"', 'package = "400"\npremium_price = 2000', CONFLICT, "premium_price"),
        ('package = "400"', 'package = "premium"\npremium_limit = 0', WRONG, "premium_limit"),
        ('package = "400"', 'package = "premium"\npremium_limit = -5', WRONG, "premium_limit"),
        ('language = "sv"', 'language = "no"', WRONG, "language"),
        ('language = "sv"', 'language = "sv"\nreconciliation = ["stripe"]', WRONG, "reconciliation[0]"),
        ('language = "sv"', 'language = "sv"\nreconciliation = ["svea", "svea"]', CONFLICT, "reconciliation[1]"),
        ("https://mamut.example", "", MISSING, "mamut.address"),
        ("https://mamut.example", "mamut.example", WRONG, "mamut.address"),
        ("https://mamut.example", "ftp://mamut.example", WRONG, "mamut.address"),
        ('address = "https://garn.example"', 'address = " "', MISSING, "shop[0].address"),
        ("https://garn.example", "https://", WRONG, "shop[0].address"),
        ("https://garn.example", "https://garn.example:butik", WRONG, "shop[0].address"),
        ("https://garn.example", "https://[::1", WRONG, "shop[0].address"),
        ("https://garn.example", "https://garn .example", WRONG, "shop[0].address"),
        ("https://garn.example", "https://garn.example/?a=1", WRONG, "shop[0].address"),
        ("https://garn.example", "https://garn.example/wp-json/wc/v3", WRONG, "shop[0].address"),
        ('key = "garn"', 'key = "Garn"', WRONG, "shop[0].key"),
        ('key = "garn"', 'key = ""', WRONG, "shop[0].key"),
        ('key = "garn"', 'key = "garn_1"', WRONG, "shop[0].key"),
        ('key = "garn"', 'key = "-garn"', WRONG, "shop[0].key"),
        ('key = "garn"', 'key = "garnbutiken-ab"', WRONG, "shop[0].key"),
        ('key = "garn"', 'key = "gårn"', WRONG, "shop[0].key"),
        ("flow = 1", "flow = 4", WRONG, "shop[0].flow"),
        ("department = 2", "department = 0", WRONG, "shop[0].department"),
        ("department = 2", "department = 1000", WRONG, "shop[0].department"),
        ("start_at = 2026-01-01T00:00:00+01:00", "start_at = 2026-01-01T00:00:00", WRONG, "shop[0].orders.start_at"),
        ('"25" = 3', '"24" = 3', MISSING, "shop[0].vat.domestic"),
        ('"25" = 3', '"25 %" = 3', WRONG, 'shop[0].vat.domestic."25 %"'),
        ('"25" = 3', '"25" = 3\n"25.0" = 8', WRONG, 'shop[0].vat.domestic."25.0"'),
        ('"25" = 3', '"25" = 0', WRONG, "shop[0].vat.domestic.25"),
        ('"12" = 4', '"12" = 3', CONFLICT, "shop[0].vat.domestic.12"),
        ("zero = 1", "zero = 3", CONFLICT, "shop[0].vat.domestic.25"),
        ("zero = 1", "zero = -1", WRONG, "shop[0].vat.zero"),
        ("zero = 1", 'zero = 1\nhome_country = "se"', WRONG, "shop[0].vat.home_country"),
        ("zero = 1", 'zero = 1\noss = { "DE19" = 20 }', WRONG, "shop[0].vat.oss.DE19"),
        ("zero = 1", 'zero = 1\noss = { "SE 25" = 20 }', CONFLICT, 'shop[0].vat.oss."SE 25"'),
        ("zero = 1", 'zero = 1\noss = { "NO 25" = 20 }', WRONG, 'shop[0].vat.oss."NO 25"'),
    ],
)
def test_a_wrong_value_is_an_error_at_its_place(old: str, new: str, fault: Fault, path: str) -> None:
    assert (fault, path) in errors(changed(old, new))


@pytest.mark.parametrize(
    ("heading", "line", "fault", "path"),
    [
        ("[mamut]", 'client_no = "1"', WRONG, "mamut.client_no"),
        ("[mamut]", 'user = ""', MISSING, "mamut.user"),
        ("[mamut]", "timeout_s = 0", WRONG, "mamut.timeout_s"),
        ("[mamut]", "stop_date_warning_days = -1", WRONG, "mamut.stop_date_warning_days"),
        ("[shop.orders]", "trigger = []", MISSING, "shop[0].orders.trigger"),
        ("[shop.orders]", 'trigger = [""]', WRONG, "shop[0].orders.trigger[0]"),
        ("[shop.orders]", 'trigger = ["wc-packed"]', WRONG, "shop[0].orders.trigger[0]"),
        ("[shop.orders]", 'trigger = ["Packad order"]', WRONG, "shop[0].orders.trigger[0]"),
        ("[shop.orders]", 'trigger = ["checkout-draft"]', WRONG, "shop[0].orders.trigger[0]"),
        ("[shop.orders]", 'trigger = ["trash"]', WRONG, "shop[0].orders.trigger[0]"),
        ("[shop.orders]", 'trigger = ["on-hold", "on-hold"]', CONFLICT, "shop[0].orders.trigger[1]"),
        ("[shop.orders]", "rounding_limit = -0.01", WRONG, "shop[0].orders.rounding_limit"),
        ("[shop.orders]", "rounding_limit = 101", WRONG, "shop[0].orders.rounding_limit"),
        ("[shop.orders]", 'currencies = ["kr"]', WRONG, "shop[0].orders.currencies[0]"),
        ("[shop.orders]", 'our_reference = "Eva"', WRONG, "shop[0].orders.our_reference"),
        ("[shop.orders]", 'our_reference = "1000"', WRONG, "shop[0].orders.our_reference"),
        ("[shop.orders]", 'payment_reference_meta = [""]', WRONG, "shop[0].orders.payment_reference_meta[0]"),
        (
            "[shop.orders.payment_methods.bacs]",
            "payment_terms = 0",
            WRONG,
            "shop[0].orders.payment_methods.bacs.payment_terms",
        ),
        ('[shop.orders.payment_methods." "]', "payment_terms = 1", WRONG, 'shop[0].orders.payment_methods." "'),
        (
            "[shop.orders.shipping_methods.dhl]",
            "delivery_form = 1000",
            WRONG,
            "shop[0].orders.shipping_methods.dhl.delivery_form",
        ),
        ("[shop.orders.shipping_methods.dhl]", 'article = ""', WRONG, "shop[0].orders.shipping_methods.dhl.article"),
        ("[shop.customers]", 'guests = "collective"', MISSING, "shop[0].customers.collective"),
        ("[shop.customers]", 'new = "collective"', MISSING, "shop[0].customers.collective"),
        ("[shop.customers]", "collective = 0", WRONG, "shop[0].customers.collective"),
        ("[shop.customers]", "collective = 1_000_000_000", WRONG, "shop[0].customers.collective"),
        ("[shop.customers]", 'match = ["email", "email"]', WRONG, "shop[0].customers.match"),
        ("[shop.customers]", "customer_number_meta = []", MISSING, "shop[0].customers.customer_number_meta"),
        ("[shop.customers]", "org_no_meta = []", MISSING, "shop[0].customers.org_no_meta"),
        ("[shop.customers]", 'vat_no_meta = [""]', WRONG, "shop[0].customers.vat_no_meta[0]"),
        ("[shop.articles]", 'unknown = "general"', MISSING, "shop[0].articles.general"),
        ("[shop.articles]", 'shipping = ""', WRONG, "shop[0].articles.shipping"),
        ("[shop.articles]", 'fee = " AVGIFT"', WRONG, "shop[0].articles.fee"),
        ("[shop.articles]", 'discount = "Zażółć"', WRONG, "shop[0].articles.discount"),
        ("[shop.articles]", f'rounding = "{"X" * 51}"', WRONG, "shop[0].articles.rounding"),
        ("[shop.reading]", "interval_s = 0", WRONG, "shop[0].reading.interval_s"),
        ("[shop.reading]", "overlap_s = 1", WRONG, "shop[0].reading.overlap_s"),
        ("[shop.reading]", "census_every_s = -1", WRONG, "shop[0].reading.census_every_s"),
        ("[shop.reading]", "reread_every_s = 1", WRONG, "shop[0].reading.reread_every_s"),
        ("[shop.reading]", "reread_days = -1", WRONG, "shop[0].reading.reread_days"),
        ("[shop.reading]", "page_size = 0", WRONG, "shop[0].reading.page_size"),
        ("[shop.reading]", "page_size = 101", WRONG, "shop[0].reading.page_size"),
        ("[shop.reading]", "read_size = 101", WRONG, "shop[0].reading.read_size"),
        ("[shop.reading]", "write_size = 101", WRONG, "shop[0].reading.write_size"),
        ("[shop.reading]", "concurrency = 0", WRONG, "shop[0].reading.concurrency"),
        ("[shop.reading]", "timeout_s = 0.5", WRONG, "shop[0].reading.timeout_s"),
    ],
)
def test_a_wrong_line_is_an_error_at_its_place(heading: str, line: str, fault: Fault, path: str) -> None:
    assert errors(under(heading, line)) == {(fault, path)}


@pytest.mark.parametrize(
    ("rule", "fault", "path"),
    [
        ('name = ""\nthen = "hold"', WRONG, "name"),
        ('name = "a"\nthen = "hold"\nwhen = { country = ["se"] }', WRONG, "when.country[0]"),
        ('name = "a"\nthen = "hold"\nwhen = { currency = ["kr"] }', WRONG, "when.currency[0]"),
        ('name = "a"\nthen = "hold"\nwhen = { status = ["wc-x"] }', WRONG, "when.status[0]"),
        ('name = "a"\nthen = "hold"\nwhen = { article = [""] }', WRONG, "when.article[0]"),
        ('name = "a"\nthen = "hold"\nwhen = { total_above = 9, total_below = 9 }', CONFLICT, "when.total_above"),
        ('name = "a"\nthen = "delete"', WRONG, "then"),
        ('then = "hold"', MISSING, "name"),
    ],
)
def test_a_wrong_rule_is_an_error_at_its_place(rule: str, fault: Fault, path: str) -> None:
    assert errors(f"{GOOD}\n[[shop.rules]]\n{rule}\n") == {(fault, f"shop[0].rules[0].{path}")}


def test_two_rules_of_one_name_are_an_error() -> None:
    rules = '[[shop.rules]]\nname = "a"\nthen = "hold"\nwhen = { guest = true }\n' * 2
    assert errors(f"{GOOD}\n{rules}") == {(CONFLICT, "shop[0].rules[1].name")}


@pytest.mark.parametrize(
    ("text", "fault", "path"),
    [
        (changed('"/var/lib/brygga"', '"journal"'), RISKY, "data_dir"),
        (changed("https://garn.example", "http://garn.example"), Fault.CONNECTION_UNENCRYPTED, "shop[0].address"),
        (changed("https://mamut.example", "http://mamut.example"), Fault.CONNECTION_UNENCRYPTED, "mamut.address"),
        (changed("flow = 1", "flow = 1\nverify_tls = false"), Fault.CONNECTION_UNENCRYPTED, "shop[0].verify_tls"),
        (changed("start_at = 2026-01-01T00:00:00+01:00\n", ""), RISKY, "shop[0].orders.start_at"),
        (under("[shop.orders]", 'trigger = ["pending"]'), RISKY, "shop[0].orders.trigger[0]"),
        (under("[shop.orders]", 'payment_unmapped = "hold"'), RISKY, "shop[0].orders.payment_unmapped"),
        (under("[shop.orders]", 'shipping_unmapped = "hold"'), RISKY, "shop[0].orders.shipping_unmapped"),
        (under("[shop.customers]", "match = []"), RISKY, "shop[0].customers.match"),
        (changed('"12" = 4\n', ""), RISKY, "shop[0].vat.domestic"),
        (changed("department = 2", "department = 3") + SECOND_SHOP, RISKY, "shop[1].department"),
        (
            f'{GOOD}\n[[shop.rules]]\nname = "a"\nthen = "hold"\n[[shop.rules]]\nname = "b"\nthen = "exclude"\n',
            RISKY,
            "shop[0].rules[0].when",
        ),
        (
            f'{GOOD}\n[[shop.rules]]\nname = "a"\nthen = "hold"\nwhen = {{ status = ["on-hold"] }}\n',
            RISKY,
            "shop[0].rules[0].when.status[0]",
        ),
    ],
)
def test_what_is_allowed_but_unwise_is_a_warning(text: str, fault: Fault, path: str) -> None:
    assert errors(text) == set()
    assert warnings(text) == {(fault, path)}


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80", "http://a.localhost"]
)
def test_http_on_the_machine_itself_needs_no_warning(address: str) -> None:
    assert found(changed("https://garn.example", address)) == set()


def test_a_set_up_without_shops_is_an_error() -> None:
    text = 'package = "100"\nshop = []\n[mamut]\naddress = "https://mamut.example"\n'
    assert errors(text) == {(MISSING, "shop")}


def test_two_shops_of_one_key_or_address_are_an_error() -> None:
    text = GOOD + SECOND_SHOP.replace('"tyg"', '"garn"').replace("https://tyg.example", "http://www.GARN.example/")
    assert errors(text) == {(CONFLICT, "shop[1].key"), (CONFLICT, "shop[1].address")}


@pytest.mark.parametrize(
    ("package", "text", "path", "has_it"),
    [
        ("100", GOOD + SECOND_SHOP, "shop", "400"),
        ("200", GOOD + SECOND_SHOP, "shop", "400"),
        ("100", changed("flow = 1", "flow = 2"), "shop[0].flow", "200"),
        ("100", changed("flow = 1", "flow = 3"), "shop[0].flow", "400"),
        ("200", changed("flow = 1", "flow = 3"), "shop[0].flow", "400"),
        ("100", under("[shop.reading]", "interval_s = 30"), "shop[0].reading.interval_s", "200"),
        ("100", under("[shop.reading]", "census_every_s = 3600"), "shop[0].reading.census_every_s", "200"),
    ],
)
def test_what_a_package_lacks_is_refused_naming_the_one_that_has_it(
    package: str, text: str, path: str, has_it: str
) -> None:
    text = changed('package = "400"', f'package = "{package}"', text)
    (finding,) = (finding for finding in judged(text) if finding.is_error)
    assert (finding.fault, finding.path) == (NOT_INCLUDED, path)
    assert f"paket {has_it}" in finding.remedy.sv
    assert f"package {has_it}" in finding.remedy.en
    assert errors(changed(f'package = "{package}"', f'package = "{has_it}"', text)) == set()


def test_a_shop_that_is_off_needs_no_package() -> None:
    text = changed('package = "400"', 'package = "100"') + SECOND_SHOP.replace(
        'key = "tyg"', 'key = "tyg"\nenabled = false'
    )
    assert found(text) == set()


def test_a_default_interval_written_out_needs_no_scheduling() -> None:
    text = under("[shop.reading]", "interval_s = 60")
    assert found(changed('package = "400"', 'package = "100"', text)) == set()


def test_premium_with_its_quote_entered_is_right() -> None:
    text = changed('package = "400"', 'package = "premium"\npremium_limit = 2500\npremium_price = 2900')
    assert found(text) == set()


def test_a_collective_customer_with_its_number_is_right() -> None:
    assert found(under("[shop.customers]", 'guests = "collective"\ncollective = 10000')) == set()
