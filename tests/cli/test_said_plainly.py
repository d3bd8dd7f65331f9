"""What cannot be done is said with its reason and what helps, and nothing is said that has not happened."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run as run_process

import pytest

from agent.cli import execute
from agent.journal.journal import Journal, open_journal
from tests.cli.filled import SETTINGS, filling
from tests.settings.files import GOOD, changed


def settings_in(folder: Path) -> list[str]:
    file = folder / "brygga.toml"
    file.write_text(SETTINGS.format(package="400", language="sv", data_dir=folder), encoding="utf-8")
    return ["--config", str(file)]


def test_a_copy_that_is_not_there_is_not_taken_for_a_journal_that_has_not_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("restore", "check"):
        assert execute(["journal", command, str(tmp_path / "borta.db"), *settings_in(tmp_path)]) == 1
        told = capsys.readouterr().err
        assert "BRY-J18" in told
        assert "borta.db" in told
        assert "brygga run" not in told


def test_a_start_file_that_cannot_be_written_says_where_it_can(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fil").write_text("ingen mapp", encoding="utf-8")
    assert execute(["init", "--config", str(tmp_path / "fil" / "brygga.toml"), "--language", "sv"]) == 1
    told = capsys.readouterr().err
    assert "BRY-S15" in told
    assert "brygga init --config" in told


def test_a_change_cannot_be_taken_back_in_a_file_that_is_none_and_what_can_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path):
        pass
    file = tmp_path / "brygga.toml"
    file.with_name("brygga.toml.bak").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    file.write_text('package = "400\n', encoding="utf-8")
    with pytest.raises(SystemExit):
        execute(["settings", "undo", "1", "--config", str(file)])
    told = capsys.readouterr().err
    assert "BRY-S02" in told
    assert "brygga.toml.bak" in told


def test_an_agent_that_does_not_get_its_journal_does_not_say_that_it_started(tmp_path: Path) -> None:
    file = tmp_path / "brygga.toml"
    file.write_text(changed('data_dir = "/var/lib/brygga"', f'data_dir = "{tmp_path}"', GOOD), encoding="utf-8")
    secrets = {
        "BRYGGA_MAMUT_PASSWORD": "simulerad",
        "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_0123456789",
        "BRYGGA_SHOP_GARN_CONSUMER_SECRET": "cs_0123456789",
    }
    journal: Journal = open_journal(tmp_path / "journal.db")
    try:
        ended = run_process(
            [sys.executable, "-m", "agent.cli", "run", "--once", "--log-format", "json", "--config", str(file)],
            env={**secrets, "PATH": "/usr/bin"},
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        journal.close()
    assert ended.returncode == 1
    assert "BRY-J01" in ended.stderr
    assert '"started"' not in ended.stderr
