"""Every code has its texts, in both languages, about the same things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.model.after import AfterReason, AfterSaid
from agent.model.catalogue import Code, entries, explain, find_code, placeholders, tell
from agent.model.catalogue_aftermath import AFTER_SAID
from agent.model.catalogue_goods import SAID_TEXTS
from agent.model.reasons import Fault, Reason
from agent.model.said import GoodsReason, Said
from agent.model.words import Language

CODES: tuple[Code, ...] = (*Reason, *AfterReason, *GoodsReason, *Fault)


def test_every_code_has_its_entry_and_no_entry_is_without_a_code() -> None:
    assert set(entries()) == set(CODES)


def test_no_two_codes_share_a_value() -> None:
    values = [code.value for code in CODES]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", list(Language))
def test_every_code_has_title_cause_and_remedy(code: Code, language: Language) -> None:
    told = explain(code, language)
    assert told.code == code.value
    for text in (told.title, told.cause, told.remedy):
        assert text == text.strip()
        assert len(text) > 5
        assert "{" not in text
        assert "}" not in text
    assert not told.title.endswith(".")
    assert told.cause.endswith(".")
    assert told.remedy.endswith((".", "”", '"'))


@pytest.mark.parametrize("code", CODES)
def test_both_languages_have_the_same_placeholders(code: Code) -> None:
    text = entries()[code]
    assert placeholders(text, Language.SWEDISH) == placeholders(text, Language.ENGLISH)


@pytest.mark.parametrize("code", CODES)
def test_the_two_languages_are_not_one_text(code: Code) -> None:
    text = entries()[code]
    for part in (text.title, text.cause, text.remedy):
        assert part.sv != part.en


def test_every_placeholder_has_a_word_for_when_nothing_is_known() -> None:
    """A code explained without an order reads like a sentence: no placeholder shows its English name in Swedish."""
    for code in CODES:
        for name in placeholders(entries()[code], Language.SWEDISH):
            if "_" in name:
                assert f"‹{name}›" not in explain(code, Language.SWEDISH).cause


def test_placeholders_are_filled() -> None:
    told = explain(Reason.ROUNDING_ABOVE_LIMIT, Language.SWEDISH, {"rounding": "1.25 SEK", "limit": "1.00 SEK"})
    assert told.cause == "Mamuts summa skiljer 1.25 SEK från den betalda; gränsen är 1.00 SEK."
    assert told.details == ()


def test_words_of_the_program_are_told_in_the_merchant_s() -> None:
    told = explain(Reason.REGISTER_VALUE_MISSING, Language.SWEDISH, {"register": "payment_terms", "value": "9"})
    assert told.cause == "Betalningsvillkor 9 finns inte i Mamut."


def test_what_no_text_mentions_is_a_detail() -> None:
    told = explain(Reason.CREDIT_STOP, Language.ENGLISH, {"customer": "10001", "matched_by": "email"})
    assert "10001" in told.cause
    assert told.details == (("matched_by", "email"),)


@settings(deadline=None)
@given(
    code=st.sampled_from(CODES),
    language=st.sampled_from(list(Language)),
    params=st.dictionaries(
        st.text(max_size=8) | st.sampled_from(["article", "limit", "problem"]), st.text(max_size=12)
    ),
)
def test_unknown_or_strange_params_never_raise(code: Code, language: Language, params: dict[str, str]) -> None:
    told = explain(code, language, params)
    used = placeholders(entries()[code], language)
    assert {name for name, _ in told.details} == set(params) - used


@pytest.mark.parametrize(
    "typed", ["BRY-H06", "bry-h06", "H06", " h06 ", "rounding_above_limit", "Rounding-Above-Limit"]
)
def test_a_code_is_found_as_people_type_it(typed: str) -> None:
    assert find_code(typed) is Reason.ROUNDING_ABOVE_LIMIT


@pytest.mark.parametrize("typed", ["", "BRY", "H99", "{limit}"])
def test_what_is_no_code_is_not_found(typed: str) -> None:
    assert find_code(typed) is None


def test_every_command_a_text_names_exists() -> None:
    from agent.cli import build

    known = set(build())
    for code in CODES:
        for language in Language:
            told = explain(code, language)
            for named in re.findall(r"brygga ([a-z]+)", f"{told.cause} {told.remedy}"):
                assert named in known, f"{code}: brygga {named}"


def test_every_placeholder_of_a_held_order_is_a_word_that_decisions_use() -> None:
    """A param renamed in a decision would leave its text with an empty place: the name has to stand in their code."""
    folders = (Path("agent/decide"), Path("agent/actors"))
    source = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py"))
    known = set(re.findall(r'"([a-z_]+)"', source))
    for code in Reason:
        if f"Reason.{code.name}" in source:
            assert placeholders(entries()[code], Language.SWEDISH) <= known, code.name


def test_all_that_a_direction_says_has_its_sentence_in_both_languages() -> None:
    assert set(SAID_TEXTS) == set(Said)
    for said in Said:
        texts = {tell(said, language) for language in Language}
        assert len(texts) == 2, said
        assert all(text.endswith(".") and text[0].isupper() for text in texts), said
        assert placeholders_of(said, Language.SWEDISH) == placeholders_of(said, Language.ENGLISH)


def placeholders_of(said: Said, language: Language) -> set[str]:
    return set(re.findall(r"\{([a-z_]+)\}", SAID_TEXTS[said].in_(language)))


def test_what_a_direction_knew_is_told_even_where_its_sentence_does_not_say_it() -> None:
    assert tell(Said.UNCHANGED, Language.ENGLISH, {"rows": "3"}) == (
        "Nothing had changed, so nothing was written. (rows 3)"
    )


def test_all_that_came_of_a_change_after_the_transfer_has_its_sentence_in_both_languages() -> None:
    assert set(AFTER_SAID) == set(AfterSaid)
    for said in AfterSaid:
        swedish, english = (tell(said, language) for language in Language)
        assert swedish != english
        assert swedish.endswith(".")
        assert english.endswith(".")


def test_several_words_of_the_program_are_told_in_the_merchants() -> None:
    told = explain(
        AfterReason.EDITED, Language.SWEDISH, {"parts": "rows, addresses", "state": "booked", "document": "7"}
    )
    assert told.cause == "Det som ändrades: rader, adresser. Dokument 7 i Mamut är bokfört och ändrades inte."
