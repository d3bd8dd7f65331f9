"""What people mistype: told with what would be right, whatever it is, and nothing is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.filled import filling
from tests.cli.test_orders import call

HUGE = "9" * 30

WRONG = (
    (("orders", "list", "--limit", HUGE), 2, "--limit"),
    (("orders", "list", "--limit", "0"), 2, "--limit"),
    (("orders", "show", HUGE), 1, "BRY-J06"),
    (("orders", "show", f"id:{HUGE}"), 1, "BRY-J06"),
    (("orders", "show", f"mamut:{HUGE}"), 1, "BRY-J06"),
    (("orders", "show", ""), 1, "BRY-J06"),
    (("orders", "exclude", "1042", "--why", " "), 2, "--why"),
    (("orders", "statuses", "--limit", HUGE), 2, "--limit"),
    (("attention", "--limit", HUGE), 2, "--limit"),
    (("articles", "list", "--limit", HUGE), 2, "--limit"),
    (("articles", "show", f"pk:{HUGE}"), 1, "BRY-J09"),
    (("articles", "show", "pk:x"), 1, "BRY-J09"),
    (("articles", "show", ""), 1, "''"),
    (("prices", "guards", "--limit", HUGE), 2, "--limit"),
    (("settings", "--limit", HUGE), 2, "--limit"),
    (("settings", "show", HUGE), 2, "NUMBER"),
    (("settings", "undo", HUGE), 2, "NUMBER"),
    (("rules", "test", "--last", HUGE), 2, "--last"),
)


@pytest.mark.parametrize(("arguments", "code", "named"), WRONG, ids=[" ".join(wrong[0])[:40] for wrong in WRONG])
def test_what_is_mistyped_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, named: str
) -> None:
    with filling(tmp_path) as journal:
        journal.order("1042", 10_000)
    assert call(tmp_path, *arguments) == code
    assert named in capsys.readouterr().err
