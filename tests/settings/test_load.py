"""Reading `brygga.toml`: every fault at once, each with its place."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.model.reasons import Fault
from agent.settings.check import check
from agent.settings.finding import Finding
from agent.settings.load import Loaded, Unreadable, build, load, loads
from agent.settings.tree import Settings
from tests.settings.files import GOOD, changed, errors, found, judged, under


def test_a_right_file_has_no_findings() -> None:
    assert judged(GOOD) == ()


def test_values_arrive_as_they_were_written() -> None:
    loaded = loads(under("[shop.orders]", 'rounding_limit = 0.10\ndocument = "invoice"'))
    assert isinstance(loaded, Loaded)
    orders = loaded.settings.shop[0].orders
    assert orders.rounding_limit == Decimal("0.10")
    assert str(orders.rounding_limit) == "0.10"
    assert orders.document == "invoice"
    assert orders.start_at == datetime(2025, 12, 31, 23, tzinfo=UTC)


def test_every_fault_is_found_at_once() -> None:
    text = """
packge = "100"
trigger = ["a"]
language = 3
[mamut]
password = "hunter2"
adress = "x"
timeout_s = nan
[shop]
key = "a"
flow = "1"
[shop.orders]
trigger = ["processing", 3]
document = "invoic"
start_at = 2026-01-01
interval_s = 3
[shop.orders.payment_methods.klarna]
ready_for_invoicing = 1
x = 2
[shop.vat]
domestic = ["25"]
"""
    assert errors(text) >= {
        (Fault.SETTINGS_KEY_UNKNOWN, "packge"),
        (Fault.SETTINGS_KEY_UNKNOWN, "trigger"),
        (Fault.SETTINGS_VALUE_WRONG, "language"),
        (Fault.SETTINGS_VALUE_MISSING, "package"),
        (Fault.SETTINGS_KEY_UNKNOWN, "mamut.password"),
        (Fault.SETTINGS_KEY_UNKNOWN, "mamut.adress"),
        (Fault.SETTINGS_VALUE_MISSING, "mamut.address"),
        (Fault.SETTINGS_VALUE_WRONG, "mamut.timeout_s"),
        (Fault.SETTINGS_VALUE_WRONG, "shop"),
        (Fault.SETTINGS_VALUE_MISSING, "shop[0].address"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].flow"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].orders.trigger[1]"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].orders.document"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].orders.start_at"),
        (Fault.SETTINGS_KEY_UNKNOWN, "shop[0].orders.interval_s"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].orders.payment_methods.klarna.ready_for_invoicing"),
        (Fault.SETTINGS_KEY_UNKNOWN, "shop[0].orders.payment_methods.klarna.x"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].vat.domestic"),
    }


def test_a_fault_of_form_does_not_hide_a_fault_of_meaning() -> None:
    text = changed('key = "garn"', 'key = "GARN!"', changed("flow = 1", 'flow = "one"'))
    assert errors(text) == {
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].flow"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].key"),
    }


def test_nothing_is_said_twice_about_a_place_that_could_not_be_read() -> None:
    findings = judged(changed('address = "https://garn.example"', "address = 7"))
    assert [finding.path for finding in findings] == ["shop[0].address"]


def test_a_misspelt_key_gets_a_suggestion() -> None:
    (finding,) = judged(under("[shop.orders]", 'triger = ["processing"]'))
    assert finding.fault is Fault.SETTINGS_KEY_UNKNOWN
    assert '"trigger"' in finding.remedy.sv
    assert '"trigger"' in finding.remedy.en


def test_a_key_under_the_wrong_heading_is_sent_home() -> None:
    (finding,) = judged(under("[shop.vat]", "rounding_limit = 1"))
    assert "[shop.orders]" in finding.remedy.en
    (finding,) = judged(under("[shop.vat]", "premium_limit = 1"))
    assert "before the first heading" in finding.remedy.en


def test_a_misspelt_choice_gets_a_suggestion() -> None:
    (finding,) = judged(under("[shop.orders]", 'document = "Invoic"'))
    assert finding.path == "shop[0].orders.document"
    assert 'Did you mean "invoice"?' in finding.remedy.en


@pytest.mark.parametrize("key", ["password", "consumer_key", "Consumer_Secret", "api_key", "lösenord", "access_token"])
def test_a_secret_in_the_settings_is_named_but_never_quoted(key: str) -> None:
    (finding,) = judged(under("[mamut]", f'"{key}" = "hunter2-very-secret"'))
    assert finding.fault is Fault.SETTINGS_KEY_UNKNOWN
    assert "secrets.toml" in finding.remedy.sv
    assert "hunter2" not in repr(finding)


def test_a_name_and_password_in_an_address_are_refused_and_not_quoted() -> None:
    findings = judged(changed("https://garn.example", "https://anna:hunter2@garn.example"))
    assert [finding.path for finding in findings] == ["shop[0].address"]
    assert "hunter2" not in repr(findings)


def test_places_in_a_list_stay_right_after_a_wrong_one() -> None:
    text = under("[shop.orders]", 'trigger = [3, "wc-processing"]')
    assert errors(text) == {
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].orders.trigger[0]"),
        (Fault.SETTINGS_VALUE_WRONG, "shop[0].orders.trigger[1]"),
    }


def test_a_key_that_needs_quotes_is_quoted_in_its_path() -> None:
    assert (Fault.SETTINGS_VALUE_WRONG, 'shop[0].vat.oss."DE 19"') in found(under("[shop.vat.oss]", '"DE 19" = "x"'))


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("interval_s = true", "shop[0].reading.interval_s"),
        ('interval_s = "60"', "shop[0].reading.interval_s"),
        ("interval_s = inf", "shop[0].reading.interval_s"),
        ("reread_days = 1.5", "shop[0].reading.reread_days"),
        ("page_size = [1]", "shop[0].reading.page_size"),
        ("concurrency = 10:00:00", "shop[0].reading.concurrency"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(line: str, path: str) -> None:
    assert errors(under("[shop.reading]", line)) == {(Fault.SETTINGS_VALUE_WRONG, path)}


@pytest.mark.parametrize("amount", ["nan", "inf", "true", '"ett"', '"1,00"', '"NaN"', "[]"])
def test_an_amount_is_a_finite_number(amount: str) -> None:
    text = under("[shop.orders]", f"rounding_limit = {amount}")
    assert errors(text) == {(Fault.SETTINGS_VALUE_WRONG, "shop[0].orders.rounding_limit")}


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    loaded = load(tmp_path / "brygga.toml")
    assert isinstance(loaded, Unreadable)
    assert [finding.fault for finding in loaded.findings] == [Fault.SETTINGS_MISSING]


def test_a_folder_in_place_of_the_file_is_a_finding(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert isinstance(loaded, Unreadable)
    assert [finding.fault for finding in loaded.findings] == [Fault.SETTINGS_MISSING]


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "brygga.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert isinstance(load(file), Loaded)


def test_a_file_that_is_not_utf_8_is_a_finding_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "brygga.toml"
    file.write_bytes('package = "100"\n# på\n'.encode("latin-1"))
    loaded = load(file)
    assert isinstance(loaded, Unreadable)
    assert [(finding.fault, finding.path) for finding in loaded.findings] == [(Fault.SETTINGS_NOT_TOML, "line 2")]


def test_broken_toml_is_a_finding_with_its_line() -> None:
    loaded = loads('package = "100"\nmamut = \n')
    assert isinstance(loaded, Unreadable)
    assert [(finding.fault, finding.path) for finding in loaded.findings] == [(Fault.SETTINGS_NOT_TOML, "line 2")]


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@example("a = " + "[" * 5000)
@example("a = 1e9999999999999999999999")
@example("a = " + "9" * 5000)
@example("a." * 2000 + "b = 1")
def test_any_text_at_all_gives_a_tree_or_findings(text: str) -> None:
    loaded = loads(text)
    assert isinstance(loaded, Loaded | Unreadable)
    assert loaded.findings, "no text of this kind is a whole set-up"


_KEYS = st.sampled_from(
    [
        *("package", "mamut", "shop", "language", "data_dir", "premium_limit", "reconciliation", "contract_start"),
        *("key", "address", "flow", "department", "orders", "rules", "customers", "articles", "vat", "reading"),
        *("trigger", "start_at", "rounding_limit", "payment_methods", "currencies", "match", "domestic", "oss", "when"),
        *(
            "name",
            "then",
            "total_above",
            "meta",
            "interval_s",
            "page_size",
            "zero",
            "collective",
            "unknown",
            "password",
        ),
    ]
) | st.text(max_size=6)
_LEAVES = (
    st.none().map(lambda _: "100")
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=True, allow_infinity=True)
    | st.text(max_size=8)
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.sampled_from(["100", "400", "premium", "https://x.example", "http://[", "garn", "SE", "25", "DE 19", "hold"])
)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5), max_leaves=30
)


@settings(deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, max_size=8))
def test_any_tables_at_all_give_a_tree_and_findings_never_a_traceback(raw: dict[str, object]) -> None:
    loaded = build(raw)
    findings = (*loaded.findings, *check(loaded.settings, loaded.findings))
    assert isinstance(loaded.settings, Settings)
    assert any(finding.is_error for finding in findings), "a set-up without addresses is never right"
    for finding in findings:
        assert isinstance(finding, Finding)
        assert finding.problem.sv
        assert finding.problem.en
        assert finding.remedy.sv
        assert finding.remedy.en
