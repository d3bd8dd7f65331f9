"""What is wrong with the tables about mail and attention, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.model.reasons import Fault
from agent.settings.conceal import conceal
from agent.settings.judge import judge_text
from tests.settings.files import GOOD

MAIL = (
    '\n[mail]\nhost = "smtp.example.com"\nuser = "brygga"\nsender = "brygga@example.com"\nto = ["agare@example.com"]\n'
)

ENVIRON = {
    "BRYGGA_MAMUT_PASSWORD": "simulerad",
    "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_0123456789",
    "BRYGGA_SHOP_GARN_CONSUMER_SECRET": "cs_0123456789",
}


def wrong(text: str, tmp_path: Path, **more: str) -> dict[str, Fault]:
    judgement = judge_text(GOOD + text, tmp_path / "brygga.toml", ENVIRON | more)
    return {each.path: each.fault for each in judgement.findings if each.is_error}


def test_mail_needs_its_password_and_no_word_of_it_is_kept(tmp_path: Path) -> None:
    assert wrong(MAIL, tmp_path) == {"mail.password": Fault.SECRET_MISSING}
    judgement = judge_text(GOOD + MAIL, tmp_path / "brygga.toml", ENVIRON | {"BRYGGA_MAIL_PASSWORD": "långt lösen"})
    assert judgement.secrets is not None
    assert judgement.secrets.mail_password is not None
    assert judgement.secrets.mail_password.reveal() == "långt lösen"
    assert "långt" not in conceal("# det är långt lösen", judgement.secrets)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('security = "none"', "mail.security"),
        ('security = "ssl"', "mail.security"),
        ("port = 0", "mail.port"),
        ('daily_at = "7.30"', "mail.daily_at"),
        ('language = "no"', "mail.language"),
        ('quiet = ["22-06"]', "mail.quiet[0]"),
        ('quiet = ["00:00-12:00", "12:00-00:00"]', "mail.quiet"),
        ('zone = "Europe/Stokholm"', "mail.zone"),
        ("age_s = -1", "mail.age_s"),
        ("\n[attention]\nunreachable_after_s = 1", "attention.unreachable_after_s"),
        ("\n[attention]\nroom_mb = -1", "attention.room_mb"),
    ],
)
def test_a_value_that_cannot_do_is_named_with_its_place(tmp_path: Path, line: str, path: str) -> None:
    assert list(wrong(MAIL + line + "\n", tmp_path, BRYGGA_MAIL_PASSWORD="x")) == [path]


@pytest.mark.parametrize(
    ("was", "becomes", "path"),
    [
        ('to = ["agare@example.com"]', "to = []", "mail.to"),
        ('to = ["agare@example.com"]', 'to = ["agare"]', "mail.to[0]"),
        ('to = ["agare@example.com"]', 'to = ["a@b.se\\r\\nRCPT TO:<c@d.se>"]', "mail.to[0]"),
        ('sender = "brygga@example.com"', "", "mail.sender"),
        ('sender = "brygga@example.com"', 'sender = "ägare@example.com"', "mail.sender"),
        ('host = "smtp.example.com"', 'host = "https://smtp.example.com"', "mail.host"),
    ],
)
def test_addresses_are_judged(tmp_path: Path, was: str, becomes: str, path: str) -> None:
    assert list(wrong(MAIL.replace(was, becomes), tmp_path, BRYGGA_MAIL_PASSWORD="x")) == [path]


def test_a_server_of_this_computer_may_be_spoken_to_openly_and_without_a_password(tmp_path: Path) -> None:
    text = MAIL.replace("smtp.example.com", "127.0.0.1").replace('user = "brygga"\n', 'security = "none"\n')
    assert wrong(text, tmp_path) == {}


def test_without_a_server_the_rest_of_the_table_is_doubted(tmp_path: Path) -> None:
    judgement = judge_text(GOOD + '\n[mail]\nto = ["a@example.com"]\n', tmp_path / "brygga.toml", ENVIRON)
    assert [(each.path, each.is_error) for each in judgement.findings if each.path.startswith("mail")] == [
        ("mail.host", False)
    ]
