"""`brygga mail`: a letter is tried with the settings as they stand, and what would be told is shown."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli import execute
from agent.decide.telling import Told
from agent.journal import told_by_mail
from agent.journal.told_by_mail import MailState
from agent.model.reasons import Reason
from tests.cli.filled import START, filling
from tests.settings.files import GOOD, changed

MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
user = "brygga"
sender = "brygga@example.com"
to = ["agare@example.com"]
daily_at = ""
"""

SECRETS = {
    "BRYGGA_MAMUT_PASSWORD": "simulerad",
    "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_0123456789",
    "BRYGGA_SHOP_GARN_CONSUMER_SECRET": "cs_0123456789",
    "BRYGGA_MAIL_PASSWORD": "ett lösen",
}


@contextmanager
def serving() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The mail simulator as people start it."""
    command = [sys.executable, "-m", "agent.cli", "simulate", "mail", "--port", "0", "--user", "brygga"]
    server = subprocess.Popen(
        [*command, "--password", "ett lösen"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline().rpartition(":")[2]), server
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def set_up(folder: Path, port: int) -> list[str]:
    file = folder / "brygga.toml"
    text = changed('data_dir = "/var/lib/brygga"', f'data_dir = "{folder}"', GOOD)
    file.write_text(text + MAIL.format(port=port), encoding="utf-8")
    return ["--config", str(file), "--language", "en"]


def test_a_letter_is_tried_and_why_it_is_not_taken_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with serving() as (port, server):
        given = set_up(tmp_path, port)
        assert execute(["mail", "test", *given]) == 0
        assert "took the letter for 1" in capsys.readouterr().out
        monkeypatch.setenv("BRYGGA_MAIL_PASSWORD", "fel")
        assert execute(["mail", "test", *given]) == 1
        told = capsys.readouterr().err
        assert "BRY-C18" in told
        assert "login_535" in told
        server.terminate()
        assert server.stdout is not None
        shown = server.stdout.read()
    assert shown.count("provbrev") == 1
    assert execute(["mail", "test", "--json", *given]) == 1
    assert json.loads(capsys.readouterr().out)["problem"] == "connect_failed: Connection refused"


def test_what_would_be_told_and_what_has_been_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as filled:
        filled.order("1001", 10_000, reason=Reason.ARTICLE_UNKNOWN, params={"article": "A-1", "line": "Tröja"})
        told = {"order/BRY-H02/garn": Told(count=1, at=START, urgent=False)}
        told_by_mail.put(filled.tx, MailState(told=told, sent=START, failed=START, problem="login_535"))
    given = set_up(tmp_path, 1)
    assert execute(["mail", "show", *given]) == 1, "letters fail"
    shown = capsys.readouterr().out
    for text in ("Last letter: 2026-11-02 10:30", "The article is not in Mamut (BRY-H02)", "1001", "login_535"):
        assert text in shown
    assert "Tröja" not in shown, "what fills an order's cause may be somebody's words"
    assert execute(["mail", "show", "--json", *given]) == 1
    state = json.loads(capsys.readouterr().out)
    assert state["waiting"] == ["order/BRY-H02/garn"]
    assert state["told"]["order/BRY-H02/garn"]["count"] == 1
