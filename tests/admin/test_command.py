"""`brygga admin`: a code for whoever may write the journal, and who has a way in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.admin.first_user import take_code
from agent.cli import execute
from agent.journal import users
from agent.journal.users import Role
from tests.cli.filled import filling


def run(folder: Path, *arguments: str) -> int:
    return execute(["--config", str(folder / "brygga.toml"), "admin", *arguments])


def test_a_code_is_given_once_kept_as_an_act_and_good_for_one_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as filled:
        assert run(tmp_path, "code", "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert told["address"] == "http://127.0.0.1:8321/first"
        (act,) = users.acts(filled.tx, 10)
        assert act.kind == "admin_code"
        assert told["code"] not in str(act)
        good_for = take_code(filled.tx, told["code"], "kim", act.at_ms)
        assert good_for is not None
        assert good_for.role is Role.CONFIGURE
        assert take_code(filled.tx, told["code"], "kim", act.at_ms) is None


def test_users_are_listed_without_their_passwords(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as filled:
        users.add(filled.tx, "kim", Role.OPERATE, "$argon2id$secret", 1_793_700_000_000)
        assert run(tmp_path, "users", "--json") == 0
        (told,) = json.loads(capsys.readouterr().out)
        assert (told["name"], told["role"], told["blocked"]) == ("kim", "operate", False)
        assert run(tmp_path, "users") == 0
        text = capsys.readouterr().out
    assert "kim" in text
    assert "argon" not in text
