"""When an agent begins with the guided set-up, what of the settings' text and of the secrets it changes, and what it
proposes."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from agent.app_set_up import blank_settings, has_worked
from agent.model.mamut import Registers, VatCode
from agent.model.words import Language
from agent.set_up import suggest
from agent.set_up.lists import Choice, Numbered, rows
from agent.settings.edit import Edit, NotToml
from agent.settings.init import render, render_secrets
from agent.settings.judge import judge
from agent.settings.load import loads
from agent.settings.secret import Secret
from agent.settings.secrets_file import PASSWORD, SecretsFile, of_shop
from scenarios.demo_children import free_port
from tests.processes.company import Company

START = render(Language.ENGLISH, now=datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (None, True),
        (START, True),
        (START.replace('address = ""', 'address = "https://a.example"'), True),
        (START.replace("language", "langage"), False),
        (START.replace('"100"', '"150"'), False),
        (START + "[", False),
    ],
    ids=["no file", "nothing filled in", "only secrets missing", "a key misspelt", "a value wrong", "no TOML"],
)
def test_the_set_up_begins_where_nothing_but_filling_in_is_missing(
    tmp_path: Path, text: str | None, begins: bool
) -> None:
    file = tmp_path / "brygga.toml"
    if text is not None:
        file.write_text(text, "utf-8")
    blank = blank_settings(judge(file, {}), Language.ENGLISH)
    assert (blank is not None) is begins
    if blank is not None:
        assert (blank.shop, blank.language, blank.admin.enabled) == ((), "en", True)
    assert not has_worked(tmp_path / "journal.db")


def test_a_part_of_the_text_is_changed_and_the_rest_is_left_alone() -> None:
    edit = Edit(START)
    edit.put(("mamut", "address"), 'http://mamut.example"\n[x]')
    edit.put(("mamut", "timeout_s"), 60, 60)
    edit.put(("shop", 0, "orders", "payment_methods", "kortbetalning å", "payment_terms"), 3)
    edit.put(("shop", 0, "vat", "domestic"), {"25": 7, "6": 5})
    at = edit.append("shop", {"key": "tyg", "address": "https://tyg.example"})
    edit.put(("shop", at, "orders", "trigger"), ("packad",))
    edit.drop(("shop", 0, "articles"))
    edit.drop(("shop", 0, "stock"))
    loaded = loads(edit.text)
    assert loaded.findings == ()
    first, second = loads(edit.text).settings.shop  # type: ignore[union-attr]  # it was read above
    assert first.orders.payment_methods["kortbetalning å"].payment_terms == 3
    assert first.vat.domestic == {"25": 7, "6": 5}
    assert (second.key, second.orders.trigger) == ("tyg", ("packad",))
    lines = edit.text.splitlines()
    gone = [line for line in START.splitlines() if line and line not in lines]
    assert len(gone) < 12, "the comments stand"
    assert "timeout_s" not in edit.text
    with pytest.raises(NotToml):
        Edit("[")


def test_what_is_tried_out_lies_apart_until_it_is_taken_into_use(tmp_path: Path) -> None:
    environ = {"BRYGGA_SHOP_TYG_CONSUMER_KEY": "ck_environ"}
    kept = SecretsFile(tmp_path, environ, Language.ENGLISH)
    kept.path.write_text(render_secrets(Language.ENGLISH), "utf-8")
    kept.path.chmod(0o600)
    key, secret = of_shop("tyg")
    kept.try_out({PASSWORD: Secret("lösen ord"), key: Secret("ck_typed"), secret: Secret("cs_typed")})
    assert kept.tried(PASSWORD) == Secret("lösen ord")
    pair = kept.tried_pair("tyg")
    assert pair is not None
    assert pair.consumer_key == Secret("ck_environ"), "the environment goes first"
    assert '[mamut]\npassword = ""' in kept.path.read_text("utf-8"), "nobody works by it yet"
    kept.take_into_use((PASSWORD, key, secret))
    text = kept.path.read_text("utf-8")
    assert 'password = "lösen ord"' in text
    assert 'consumer_secret = "cs_typed"' in text
    assert "set_up" not in text
    assert "ck_typed" not in text
    assert text.startswith("# Brygga's secrets.")
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600


def test_proposals_go_by_what_both_sides_call_a_thing_and_never_guess_between_two() -> None:
    terms = (
        Numbered(number=3, name="Kontant"),
        Numbered(number=5, name="Klarna"),
        Numbered(number=6, name="Klarna 30"),
    )
    assert suggest.same_thing(Choice(key="cod", name="Postförskott"), terms) == 3
    assert suggest.same_thing(Choice(key="kco", name="Klarna Checkout"), terms) is None
    assert suggest.same_thing(Choice(key="okänd", name="Något annat"), terms) is None
    codes = tuple(
        VatCode(id=number, percent=Decimal(percent), kind=kind)
        for number, percent, kind in ((1, 0, "zero"), (3, 25, "domestic"), (9, 25, "eu"), (10, 0, "eu"))
    )
    registers = Registers(
        vat_codes=codes,
        departments=frozenset({1, 10, 20}),
        names={"departments": {1: "Ingen", 10: "Webbutik", 20: "Webbutik 2"}},
    )
    assert suggest.vat_code("25", registers) == 3
    assert suggest.vat_code("12", registers) is None
    assert suggest.vat_kind("export", registers) is None
    assert suggest.department(registers, frozenset({10})) == 20
    assert [row.name for row in rows(registers, "departments")] == ["Ingen", "Webbutik", "Webbutik 2"]


def test_a_file_filled_in_by_hand_is_taken_up_by_the_agent_that_waits_for_it(tmp_path: Path) -> None:
    """And once it has worked, settings that are gone are a fault that ends the start, not a new beginning."""
    with Company(tmp_path, seed=2) as company:
        company.open()
        company.write_settings()
        listen = f'[admin]\nlisten = "127.0.0.1:{free_port()}"'
        text = company.config.read_text("utf-8").replace("[admin]\nenabled = false", listen)
        company.config.write_text(text.replace(f'"{company.mamut_address}"', '""'), "utf-8")
        agent = company.start_agent()
        company.wait(lambda: '"no_settings_yet"' in agent.log.read_text("utf-8"), 20, agent)
        refused = company.brygga("reload")
        assert refused.returncode == 1, refused.stdout
        company.config.write_text(text, "utf-8")
        company.write_secrets()
        company.place(1)
        assert company.brygga("reload").returncode == 0
        company.wait(lambda: len(company.mamut_door.documents()) == 1, 20, agent)
        assert agent.stop() == 0
        (tmp_path / "secrets.toml").unlink()
        assert has_worked(company.journal)
        again = company.start_agent()
        assert again.wait() == 1
        assert "BRY-S06" in again.log.read_text("utf-8")
