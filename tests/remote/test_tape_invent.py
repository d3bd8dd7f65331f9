"""Invented data stands where true data stood, and what the agent makes of it comes out the same."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.decide.company import org_no
from agent.decide.external import email_digest
from agent.decide.texts import NAME_CHARS, line
from agent.remote.net import Answer
from agent.remote.tape.fields import BY_NAME
from agent.remote.tape.invent import Inventor
from agent.remote.tape.scrub import Scrubber
from agent.settings.tree import MamutSettings, Settings
from agent.settings.tree_admin import AdminSettings
from agent.settings.tree_mail import MailSettings
from scenarios.play import SWEDISH_VAT, shop_settings

KEY = b"k" * 32

NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäöéüABCÅÄÖ-'", min_size=1, max_size=30)


@pytest.fixture
def inventor() -> Inventor:
    return Inventor(KEY)


@pytest.fixture
def scrubber(inventor: Inventor) -> Scrubber:
    shop = shop_settings(vat=SWEDISH_VAT)
    return Scrubber(inventor, Settings(package="premium", mamut=MamutSettings(address="http://erp"), shop=(shop,)))


@given(first=NAMES, last=NAMES)
def test_two_names_joined_are_the_two_invented_names_joined(first: str, last: str) -> None:
    inventor = Inventor(KEY)
    apart = f"{inventor.text(first)} {inventor.text(last)}"
    assert inventor.text(f"{first} {last}") == apart
    assert inventor.text(f"{first} {last}".lower()).casefold() == apart.casefold()


@settings(max_examples=300)
@given(words=st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö", min_size=3, max_size=9), unique=True))
def test_two_words_never_become_one_and_none_stays(words: list[str]) -> None:
    inventor = Inventor(KEY)
    kept = {"yes", "true", "false", "off", "frakt", "rabatt", "avgift"}
    words = [word for word in words if word not in kept]
    made = [inventor.word(word) for word in words]
    assert len(set(made)) == len(words)
    assert all(new != old and len(new) == len(old) for new, old in zip(made, words, strict=True))


def test_a_name_that_mamut_has_no_room_for_is_cut_where_the_invented_one_is(inventor: Inventor) -> None:
    name = "Alexandra Konstantinopoulou-Bergströmsdotter-Wallenstråle"
    invented = inventor.text(name)
    assert inventor.text(line(name, NAME_CHARS, "name", []), cut=True) == line(invented, NAME_CHARS, "name", [])


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("556036-0793", "SE"),
        ("16556036-0793", "SE"),
        ("SE556036079301", "SE"),
        ("923 609 016", "NO"),
        ("10150817", "DK"),
    ],
)
def test_an_organisation_number_stays_a_valid_one_and_the_same_in_all_its_forms(
    scrubber: Scrubber, text: str, country: str
) -> None:
    bare = org_no(text, country)
    assert bare
    invented = org_no(scrubber.value(text, "org_no"), country)
    assert invented == org_no(scrubber.value(bare, "org_no"), country)
    assert invented
    assert invented != bare


def test_an_e_mail_address_keeps_its_capitals_and_leads_to_the_same_buyer(inventor: Inventor) -> None:
    typed = inventor.email("Kim.Exempel@Firma.SE")
    plain = inventor.email("kim.exempel@firma.se")
    assert typed.lower() == plain
    assert typed != plain
    assert plain.endswith(".example")
    assert inventor.ext_id(f"butik:g{email_digest('kim.exempel@firma.se')}") == f"butik:g{email_digest(plain)}"


def test_what_is_no_person_stays(scrubber: Scrubber) -> None:
    order = {
        "id": 1042,
        "status": "processing",
        "total": "1249.00",
        "billing": {"postcode": "903 26", "country": "SE"},
        "line_items": [{"sku": "A-100", "quantity": 2, "total": "999.20", "price": 499.6}],
        "tax_lines": [{"rate_code": "SE-MOMS 25%-1", "rate_percent": 25}],
        "meta_data": [{"key": "is_vat_exempt", "value": "yes"}, {"key": "mamut_customer_no", "value": "10023"}],
    }
    assert scrubber.value(order) == order


def test_a_name_in_any_field_nobody_knows_is_replaced(scrubber: Scrubber) -> None:
    order = {
        "meta_data": [
            {"key": "gift_message", "value": "Grattis Gunilla, ring 070-123 45 67 eller gunilla@hemma.se"},
            {"key": "_plugin", "value": {"Gunilla": [{"born": "640823-3234", "ip": "81.230.4.17"}]}},
        ],
        "something_new": {"who": "Gunilla Sandqvist", "phone": 46701234567, "from": "2001:db8:0:0:8:800:200c:417a"},
        "customer_user_agent": "Mozilla/5.0 (GunillasTelefon)",
    }
    text = repr(scrubber.value(order))
    for word in ("Gunilla", "Sandqvist", "123 45 67", "hemma", "640823", "81.230", "46701234567", "200c", "Mozilla"):
        assert word not in text, word
    assert "gift_message" in text


def test_what_a_plugin_adds_to_a_shops_answer_is_replaced_whatever_it_calls_it(scrubber: Scrubber) -> None:
    body = (
        b'[{"id": 7, "status": "processing", "pickup": {"status": "Gunilla", "word": "Sandqvist", "id": 46701234567}}]'
    )
    (row,) = scrubber.answered(Answer(200, {}, body), plugins=True)["body"]
    assert (row["id"], row["status"]) == (7, "processing")
    assert not any(word in repr(row) for word in ("Gunilla", "Sandqvist", "46701234567"))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["N/A", "²³", "٣٤٥٦", "SE", "@", "…", "http://["]),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(st.sampled_from([*BY_NAME, "meta_data", "key", "value", "error", ""]), each, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=400)
@given(body=JSON, plugins=st.booleans())
def test_no_answer_is_too_strange_to_be_recorded(body: Any, plugins: bool) -> None:
    shop = shop_settings()
    scrubber = Scrubber(
        Inventor(KEY), Settings(package="premium", mamut=MamutSettings(address="http://erp"), shop=(shop,))
    )
    told = scrubber.answered(Answer(200, {}, msgspec.json.encode(body)), plugins=plugins)
    assert ("body" in told) == isinstance(body, dict | list) or "text" in told


def test_secrets_are_removed_and_not_replaced(scrubber: Scrubber) -> None:
    asked = scrubber.asked(
        "https://butik.example/wp-json/wc/v3/orders?consumer_key=ck_1&consumer_secret=cs_1&oauth_nonce=n&page=2",
        "https://butik.example",
        b'{"user":"brygga","password":"hemligt","computer":"SRV-EKONOMI"}',
    )
    assert asked["params"] == {"page": "2"}
    assert asked["body"]["password"] == "removed"
    assert asked["body"]["computer"] == "server"


def test_nobody_who_gets_mail_or_opens_the_admin_is_named_on_a_tape(inventor: Inventor) -> None:
    settings = Settings(
        package="premium",
        mamut=MamutSettings(address="http://erp"),
        mail=MailSettings(
            host="post.verkligen.se", user="ekonomi", sender="brygga@verkligen.se", to=("asa@verkligen.se",)
        ),
        admin=AdminSettings(public_url="https://brygga.verkligen.se", hosts=("server7.verkligen.se",)),
        shop=(shop_settings(vat=SWEDISH_VAT),),
    )
    told = Scrubber(inventor, settings).settings(settings)
    assert "verkligen" not in str(told)
    assert "ekonomi" not in str(told)
    again = msgspec.convert(told, Settings)
    assert (again.mail, again.admin) == (MailSettings(), AdminSettings())
