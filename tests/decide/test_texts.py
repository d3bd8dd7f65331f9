"""Texts that Mamut can keep, and a note of each change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.decide import texts
from agent.messages import Note


def one_line(text: str, limit: int = 50) -> tuple[str, list[str]]:
    notes: list[Note] = []
    return texts.line(text, limit, "name", notes), [note.code for note in notes]


@given(st.text(max_size=200), st.integers(1, 80))
def test_a_line_always_fits_and_is_windows_1252(text: str, limit: int) -> None:
    made, codes = one_line(text, limit)
    assert len(made) <= limit
    assert made.encode("cp1252").decode("cp1252") == made
    assert made == made.strip()
    assert made.isprintable() or "\xa0" in made or "\xad" in made
    assert set(codes) <= {"characters_replaced", "text_shortened"}


@given(st.text(max_size=400), st.integers(1, 200))
def test_a_block_always_fits_and_has_no_breaks_but_line_feeds(text: str, limit: int) -> None:
    made = texts.block(text, limit, "packing_text", [])
    assert len(made) <= limit
    assert "\r" not in made
    assert "\n\n" not in made
    assert made.encode("cp1252").decode("cp1252") == made


@given(st.lists(st.text(max_size=120), max_size=6), st.integers(20, 150))
def test_rows_always_fit(rows: list[str], limit: int) -> None:
    made = texts.rows(rows, limit, "invoice_address", [])
    assert len(made) <= limit
    assert made.encode("cp1252").decode("cp1252") == made


@given(st.text("abcåäö é€…", max_size=50))
def test_what_fits_is_left_as_it_is_without_a_note(text: str) -> None:
    made, codes = one_line(" ".join(text.split()))
    assert made == " ".join(text.split())
    assert codes == []


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Łódź", "Lódz"),
        ("Иван Петров", "Ivan Petrov"),
        ("Ωmega", "Omega"),
        ("北京", "BeiJing"),
        ("Zażółć", "Zazólc"),
    ],
)
def test_letters_beyond_windows_1252_become_the_nearest_and_are_noted(given_text: str, kept: str) -> None:
    made, codes = one_line(given_text)
    assert made.replace(" ", "") == kept.replace(" ", "")
    assert codes == ["characters_replaced"]


def test_a_letter_sent_as_two_signs_is_one_letter_and_no_change() -> None:
    assert one_line("A\u030asa O\u0308berg") == ("Åsa Öberg", [])


def test_the_euro_sign_and_typographic_quotes_are_in_mamuts_set() -> None:
    assert one_line("“50 €” – rabatt…") == ("“50 €” – rabatt…", [])


def test_a_text_is_cut_after_a_whole_word_and_noted_with_both_lengths() -> None:
    notes: list[Note] = []
    made = texts.line("Vinterjacka med avtagbar luva", 20, "description", notes)
    assert made == "Vinterjacka med"
    assert notes == [Note(code="text_shortened", field="description", detail="29 > 20")]


def test_a_text_as_long_as_the_field_is_left_alone() -> None:
    assert one_line("a" * 50) == ("a" * 50, [])
    assert one_line("Ł" * 50) == ("L" * 50, ["characters_replaced"])


def test_a_word_longer_than_the_field_is_cut_within() -> None:
    assert one_line("Flaggstångsknoppsförgyllare", 12)[0] == "Flaggstångsk"


def test_line_breaks_of_every_system_become_one_kind() -> None:
    assert texts.block("a\r\nb\rc\u2028d\n\n\ne", 200, "packing_text", []) == "a\nb\nc\nd\ne"


def test_a_line_has_no_breaks_tabs_or_control_signs() -> None:
    assert one_line("a\tb\nc\x00d\x7fe")[0] == "a b c d e"


def test_an_address_too_long_keeps_its_postcode_and_country() -> None:
    rows = ["Aktiebolaget " + "Mycket Långa Namn " * 6, "Storgatan " * 5, "903 26 Umeå", "NO"]
    notes: list[Note] = []
    made = texts.rows(rows, 150, "invoice_address", notes)
    assert len(made) <= 150
    assert made.endswith("903 26 Umeå\nNO")
    assert [note.code for note in notes] == ["text_shortened"]
