"""Invented people: nobody twice by mail, numbers that pass their check, nothing that could be real."""

from __future__ import annotations

import pytest

from simulators.people import People, check_digit, org_number, plain


def test_the_same_seed_gives_the_same_people() -> None:
    one, other, third = People(4), People(4), People(5)
    drawn = [[people.shopper() for _ in range(50)] for people in (one, other, third)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_no_two_people_share_a_mail_address_and_none_has_a_real_one() -> None:
    people = People(1)
    found = [people.shopper(0.3) for _ in range(2000)]
    assert len({person.email for person in found}) == 2000
    assert all(person.email.isascii() and person.email.endswith(".example") for person in found)
    assert all(person.phone.startswith("070-17406") for person in found)


# The personal number that the Swedish Tax Agency prints as an example, and its own number.
@pytest.mark.parametrize(("digits", "check"), [("811218987", 6), ("202100548", 9)])
def test_check_digits_are_those_of_known_numbers(digits: str, check: int) -> None:
    assert check_digit(digits) == check


def test_companies_have_numbers_of_their_own() -> None:
    people = People(2)
    companies = [person.company for person in (people.buyer() for _ in range(500)) if person.company is not None]
    assert len({company.org_number for company in companies}) == len(companies) == 500
    for company in companies:
        digits = company.org_number.replace("-", "")
        assert check_digit(digits[:9]) == int(digits[9])
        assert company.vat_number == f"SE{digits}01"


def test_letters_outside_the_alphabet_of_mail_are_folded() -> None:
    assert [plain(name) for name in ("Åsa", "Öberg-Ek", "Sørine", "D'Arc")] == ["asa", "obergek", "sorine", "darc"]


def test_numbers_go_on_where_the_series_starts_anew() -> None:
    assert org_number(100_007) == org_number(7)
