"""docs/plugins.md names every hook with the record that it is given, and all that can be wrong."""

from __future__ import annotations

import re
from pathlib import Path

from agent.plugins.hooks import HOOKS
from agent.settings.check_plugins import _PROBLEMS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")


def test_every_hook_is_told_with_its_record() -> None:
    told = dict(re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| `([\w.]+)` \|", PAGE, re.MULTILINE))
    assert told == {hook.value: f"{root.type.__module__}.{root.type.__name__}" for hook, root in HOOKS.items()}


def test_every_trouble_of_loading_is_told() -> None:
    told = set(re.findall(r"^\| `([a-z_]+)` \| ", PAGE, re.MULTILINE))
    assert set(_PROBLEMS) - {"no_hook"} | {"not_installed"} <= told
