"""Texts and dates as WordPress reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.woocommerce.products_dates import gmt_date, local_date, strtotime
from simulators.woocommerce.products_markup import kses, paragraphs, texturize
from simulators.woocommerce.products_text import clean, folded, slug_of
from tests.simulators.woocommerce.product_bench import Bench

DAY_S = 86400


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Gröna Äpplen & päron", "grona-applen-paron"),
        ("  50% rabatt!  ", "50-rabatt"),
        ("A/B\\C", "abc"),
        ("Ett – två—tre", "ett-tva-tre"),
        ("v1.2", "v1-2"),
        ("<b>Fet</b> text", "fet-text"),
        ("smörgåsbord___x", "smorgasbord___x"),
    ],
)
def test_a_slug_is_what_is_left_for_an_address(text: str, slug: str) -> None:
    assert slug_of(text) == slug


@given(st.text(max_size=60))
def test_a_slug_is_its_own_slug(text: str) -> None:
    slug = slug_of(text)
    assert slug_of(slug) == slug
    assert slug == slug.lower()
    assert slug.isascii()


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert kses(kses(text)) == kses(text)
    assert clean(text) == clean(text).strip()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("5 < 6", "5 &lt; 6"),
        ("5 > 4", "5 &gt; 4"),
        ("<img src=x onerror='x()'>", '<img src="x">'),
        ('<a href="javascript:x()">l</a>', '<a href="x()">l</a>'),
        ('<a href="java&#115;cript:x()">l</a>', '<a href="x()">l</a>'),
        ('<a href="https://a.example/?b=1&c">l</a>', '<a href="https://a.example/?b=1&amp;c">l</a>'),
        ("&copy; &#38; & &nix; &nix", "&copy; &#38; &amp; &amp;nix; &amp;nix"),
        ("<iframe>x</iframe><!-- wp:y -->", "x<!-- wp:y -->"),
        ("<br/>", "<br />"),
        ("<p data-a='1' nix='2' aria-b>x", "<p data-a='1' aria-b>x"),
    ],
)
def test_markup_that_could_do_harm_goes_and_its_text_stays(text: str, kept: str) -> None:
    assert kses(text) == kept


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Ett", "<p>Ett</p>\n"),
        ("Ett\nTvå", "<p>Ett<br />\nTvå</p>\n"),
        ("Ett\n\nTvå", "<p>Ett</p>\n<p>Två</p>\n"),
        ("<h2>R</h2>Text", "<h2>R</h2>\n<p>Text</p>\n"),
    ],
)
def test_a_description_is_read_in_paragraphs(text: str, shown: str) -> None:
    bench = Bench()
    made = bench.make(name="Vara", description=text)
    assert made["description"] == text
    assert bench.read(f"/products/{made['id']}")["description"] == shown == paragraphs(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Han sa \"hej\" och 'nej'", "Han sa &#8220;hej&#8221; och &#8216;nej&#8217;"),
        ("it's 10x20 cm...", "it&#8217;s 10&#215;20 cm&#8230;"),
        ("ett - två -- tre", "ett &#8211; två &#8212; tre"),
        ('<a href="x">"y"</a>', '<a href="x">&#8220;y&#8221;</a>'),
        ("<code>'a' -- b</code>", "<code>'a' -- b</code>"),
        ("Kvarn", "Kvarn"),
    ],
)
def test_short_descriptions_are_shown_with_typographic_signs(text: str, shown: str) -> None:
    assert texturize(text) == shown


def test_the_database_sees_no_case_accents_and_spaces_at_the_end() -> None:
    assert folded("ÅÄÖ é ") == folded("aao E") == "aao e"
    assert folded(" a") != folded("a")


def test_an_empty_name_is_ignored_only_while_there_is_no_other_text() -> None:
    bench = Bench()
    id_ = bench.make(name="Vara")["id"]
    assert bench.change(f"/products/{id_}", name="")["name"] == "Vara"
    assert bench.change(f"/products/{id_}", name="", description="Text")["name"] == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-02", DAY_S),
        ("1970-01-02 01:00", DAY_S + 3600),
        ("1970-01-02T01:00:30.75", DAY_S + 3630),
        ("1970/01/02", DAY_S),
        ("02.01.1970", DAY_S),
        ("1970-01-02T00:00:00+02:00", DAY_S - 7200),
        ("1970-01-02T00:00:00Z", DAY_S),
        ("1970-02-30", 60 * DAY_S),
        ("@86400", DAY_S),
        ("tomorrow", 1001 * DAY_S),
        ("now", 1000 * DAY_S + 7),
        ("1970-13-01", None),
        ("snart", None),
        ("", None),
    ],
)
def test_dates_are_read_as_php_does(text: str, moment: int | None) -> None:
    assert strtotime(text, 1000 * DAY_S + 7) == moment


def test_a_local_date_is_the_shops_and_one_with_an_offset_says_itself() -> None:
    assert local_date("2026-07-01T12:00:00", "Europe/Stockholm", 0) == gmt_date("2026-07-01T10:00:00", 0)
    assert local_date("2026-07-01T12:00:00Z", "Europe/Stockholm", 0) == gmt_date("2026-07-01T12:00:00", 0)
    assert local_date("1782900000", "Europe/Stockholm", 0) == 1782900000
    assert local_date("", "Europe/Stockholm", 0) is None
    assert local_date("strunt", "Europe/Stockholm", 0) == -3600
    assert gmt_date("strunt", 0) is None
