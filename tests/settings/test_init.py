"""The start file and the template for the secrets."""

from __future__ import annotations

import stat
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.model.reasons import Fault
from agent.model.words import Language
from agent.settings.init import render, render_secrets, write
from agent.settings.judge import judge
from agent.settings.load import Loaded, loads
from agent.settings.tree import Settings
from agent.settings.tree_goods import PriceSettings, ProductSettings, StatusSettings, StockSettings
from tests.settings.files import changed, errors, judged

NOW = datetime(2026, 3, 29, 0, 30, 15, 250, tzinfo=UTC)
ENVIRONMENT = {
    "BRYGGA_MAMUT_PASSWORD": "x",
    "BRYGGA_SHOP_BUTIK_CONSUMER_KEY": "ck_x",
    "BRYGGA_SHOP_BUTIK_CONSUMER_SECRET": "cs_x",
}


def filled_in(text: str) -> str:
    assert text.count('address = ""') == 2
    return text.replace('address = ""', 'address = "https://a.example"', 1).replace(
        'address = ""', 'address = "https://b.example"', 1
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("package", ["100", "200", "400", "800"])
def test_the_start_file_passes_once_its_addresses_are_filled_in(language: Language, package: str) -> None:
    text = render(language, now=NOW, package=package)
    assert {(f.fault, f.path) for f in judged(text)} == {
        (Fault.SETTINGS_VALUE_MISSING, "mamut.address"),
        (Fault.SETTINGS_VALUE_MISSING, "shop[0].address"),
    }
    assert judged(filled_in(text)) == ()


def test_the_start_files_of_both_languages_decide_the_same() -> None:
    swedish, english = (tomllib.loads(render(language, now=NOW)) for language in Language)
    assert swedish.pop("language") == "sv"
    assert english.pop("language") == "en"
    assert swedish == english


def test_the_start_file_starts_now() -> None:
    loaded = loads(render(Language.SWEDISH, now=NOW))
    assert isinstance(loaded, Loaded)
    start_at = loaded.settings.shop[0].orders.start_at
    assert start_at == NOW.replace(microsecond=0)
    assert start_at.utcoffset() == timedelta(hours=1)


def test_what_the_start_file_writes_out_are_the_defaults() -> None:
    """A merchant who deletes a line gets what stood on it."""
    loaded = loads(filled_in(render(Language.SWEDISH, now=NOW)))
    assert isinstance(loaded, Loaded)
    shop = loaded.settings.shop[0]
    bare = loads(
        'package = "100"\n[mamut]\naddress = "https://a.example"\n[[shop]]\nkey = "butik"\naddress = "https://b.example"'
    )
    assert isinstance(bare, Loaded)
    default = bare.settings.shop[0]
    assert shop.orders.trigger == default.orders.trigger
    assert shop.orders.rounding_limit == default.orders.rounding_limit
    assert shop.customers == default.customers
    assert shop.articles == default.articles
    assert loaded.settings.mamut == bare.settings.mamut


@pytest.mark.parametrize("language", list(Language))
def test_commented_examples_in_the_start_file_are_right_too(language: Language) -> None:
    """Every commented line that looks like a setting or a heading is switched on at once."""
    lines = filled_in(render(language, now=NOW, package="400")).replace("flow = 1", "flow = 2").splitlines()
    on = [
        line[2:]
        if line.startswith(("# [", "# name", "# then", "# when")) or (" = " in line[:40] and line.startswith("# "))
        else line
        for line in lines
    ]
    assert len([1 for before, after in zip(lines, on, strict=True) if before != after]) >= 12
    loaded = loads("\n".join(on))
    assert isinstance(loaded, Loaded), loaded
    assert loaded.findings == ()
    assert loaded.settings.shop[0].orders.payment_methods["klarna_payments"].payment_terms == 2
    assert loaded.settings.shop[0].rules[0].when.company is False
    assert errors("\n".join(on)) == set()


def test_what_the_start_file_says_of_goods_is_what_holds_without_it() -> None:
    lines = filled_in(render(Language.SWEDISH, now=NOW, package="400")).splitlines()
    goods = lines[next(at for at, line in enumerate(lines) if line == "# [shop.products]") :]
    on = "\n".join(line[2:] for line in goods if line.startswith("# "))
    loaded = loads(f"{changed('flow = 1', 'flow = 2')}\n{on}")
    assert isinstance(loaded, Loaded), loaded
    assert loaded.findings == ()
    shop = loaded.settings.shop[0]
    assert (shop.products, shop.prices, shop.stock) == (ProductSettings(), PriceSettings(), StockSettings())
    assert shop.statuses == StatusSettings(enabled=True)


def test_writing_makes_both_files_and_hides_the_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    made = write(folder / "brygga.toml", "a = 1\n", render_secrets(Language.SWEDISH))
    assert made.written == (folder / "brygga.toml", folder / "secrets.toml")
    assert made.kept == ()
    assert stat.S_IMODE((folder / "secrets.toml").stat().st_mode) == 0o600
    assert tomllib.loads((folder / "secrets.toml").read_text(encoding="utf-8")) == {
        "mamut": {"password": ""},
        "shop": {"butik": {"consumer_key": "", "consumer_secret": ""}},
    }


def test_writing_never_touches_a_file_that_exists(tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").write_text("mine", encoding="utf-8")
    made = write(tmp_path / "brygga.toml", "a = 1\n", "theirs")
    assert made.kept == (tmp_path / "secrets.toml",)
    again = write(tmp_path / "brygga.toml", "a = 2\n", "theirs")
    assert again.written == ()
    assert (tmp_path / "secrets.toml").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "brygga.toml").read_text(encoding="utf-8") == "a = 1\n"


def test_a_filled_in_set_up_is_judged_good_whole(tmp_path: Path) -> None:
    write(tmp_path / "brygga.toml", filled_in(render(Language.SWEDISH, now=NOW)), "")
    judgement = judge(tmp_path / "brygga.toml", ENVIRONMENT)
    assert judgement.findings == ()
    assert isinstance(judgement.settings, Settings)
    assert judgement.secrets is not None
    assert judgement.language == "sv"


def test_a_set_up_with_an_error_gives_nothing_to_work_with(tmp_path: Path) -> None:
    write(tmp_path / "brygga.toml", render(Language.SWEDISH, now=NOW), "")
    judgement = judge(tmp_path / "brygga.toml", ENVIRONMENT)
    assert (judgement.settings, judgement.secrets) == (None, None)
    assert len(judgement.findings) == 2
