"""Organisation and VAT numbers in the forms people write them."""

from __future__ import annotations

import pytest

from agent.decide.company import numbers, org_no, vat_no
from agent.model.order import Address
from tests.decide.build import order, shop


@pytest.mark.parametrize(
    "written",
    [
        "5560360793",
        "556036-0793",
        " 556036 0793 ",
        "16556036-0793",
        "SE556036079301",
        "se 556036-0793 01",
        "SE5560360793",
    ],
)
def test_every_swedish_form_becomes_the_ten_digits(written: str) -> None:
    assert org_no(written, "SE") == "5560360793"


def test_a_sole_traders_personal_number_loses_its_century() -> None:
    assert org_no("19811218-9876", "SE") == "8112189876"


@pytest.mark.parametrize("written", ["556036-0794", "55603607", "abc", "", "0000000001", "556036-07930"])
def test_a_number_with_a_wrong_check_digit_or_length_is_none(written: str) -> None:
    assert org_no(written, "SE") == ""


def test_every_single_wrong_digit_is_found() -> None:
    for at in range(10):
        for digit in "0123456789":
            changed = "5560360793"[:at] + digit + "5560360793"[at + 1 :]
            assert (org_no(changed, "SE") != "") == (changed == "5560360793")


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("NO 974 760 673 MVA", "NO", "974760673"),
        ("974760673", "NO", "974760673"),
        ("12345", "NO", ""),
        ("DK-12345678", "DK", "12345678"),
        ("HRB 12345 B", "DE", "HRB12345B"),
        ("okänt", "FI", ""),
    ],
)
def test_other_countries_numbers(written: str, country: str, kept: str) -> None:
    assert org_no(written, country) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("DE 123 456 789", "DE123456789"),
        ("el123456789", "EL123456789"),
        ("ATU12345678", "ATU12345678"),
        ("123456789", ""),
        ("US123456789", ""),
        ("DE", ""),
        ("", ""),
    ],
)
def test_vat_numbers_begin_with_their_country(written: str, kept: str) -> None:
    assert vat_no(written) == kept


def test_a_swedish_vat_number_stands_in_for_the_organisation_number() -> None:
    bought = order(meta={"vat_number": "SE556036079301"})
    assert numbers(bought, shop().customers) == ("5560360793", "SE556036079301", False)


def test_the_first_meta_that_has_something_is_the_one_read() -> None:
    bought = order(meta={"_billing_org_nr": "", "billing_org_nr": "556036-0793"})
    assert numbers(bought, shop().customers)[0] == "5560360793"


def test_a_wrong_number_is_told_of_and_not_used() -> None:
    bought = order(meta={"_billing_org_nr": "556036-0794"}, billing=Address(country="SE"))
    assert numbers(bought, shop().customers) == ("", "", True)
