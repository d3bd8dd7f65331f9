"""Who may import whom. Read from the source of every module, so that an import inside a function counts too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = (
    "model",
    "messages",
    "packages",
    "flows",
    "rules",
    "plugins",
    "schedule",
    "settings",
    "decide",
    "journal",
    "shown",
    "remote",
    "actors",
    "app_ports",
    "trials",
    "doctor",
    "set_up",
    "admin",
    "world",
    "app_admin",
    "app_signals",
    "app_unit",
    "app_goods",
    "app_webhooks",
    "app_errands",
    "app_shop",
    "app_told",
    "app_change",
    "app_again",
    "app_idle",
    "app_sync",
    "app_sync_runs",
    "app_build",
    "app",
    "app_set_up",
    "cli",
)
"""Within agent/, a package imports only itself and those before it."""

CLOSED_TO = {"agent": ("simulators", "scenarios"), "simulators": ("agent", "scenarios")}
"""Whose packages a top-level folder never imports. scenarios/ may import both."""

PROTECTED = {"httpx": "", "asyncio": "", "requests": "", "sqlite3": ""}
"""Modules of others that one file of the agent and the simulators may import, or none at all."""


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module named by an import statement of the file, with its line; `from a import b` names a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def layer(name: str) -> str:
    """The layer of a module of agent/: "agent.settings.load" is of settings, "agent.cli" of cli."""
    return name.split(".")[1] if name.startswith("agent.") else ""


def test_the_folders_are_there_to_be_read() -> None:
    for folder in CLOSED_TO:
        assert len(modules(folder)) > 10


@pytest.mark.parametrize("folder", CLOSED_TO)
def test_a_folder_never_imports_what_is_closed_to_it(folder: str) -> None:
    broken = [
        f"{where(path, line)} imports {name}"
        for path in modules(folder)
        for name, line in imported(path)
        if name.split(".")[0] in CLOSED_TO[folder]
    ]
    assert broken == []


def test_every_part_of_the_agent_has_its_layer() -> None:
    parts = {path.relative_to(ROOT / "agent").parts[0].removesuffix(".py") for path in modules("agent")}
    assert parts - {"__init__"} <= set(LAYERS)


def test_a_layer_imports_only_those_before_it() -> None:
    broken = []
    for path in modules("agent"):
        own = path.relative_to(ROOT / "agent").parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        for name, line in imported(path):
            theirs = layer(name)
            if theirs in LAYERS and LAYERS.index(theirs) > LAYERS.index(own):
                broken.append(f"{where(path, line)} imports {name}")
    assert broken == []


@pytest.mark.parametrize("module", PROTECTED)
def test_a_protected_module_is_imported_in_its_one_place(module: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for folder in ("agent", "simulators")
        for path in modules(folder)
        if any(name.split(".")[0] == module for name, _ in imported(path))
    }
    assert users <= {PROTECTED[module]} - {""}


def test_decisions_know_no_clock_no_chance_and_no_network() -> None:
    forbidden = {"trio", "time", "random", "socket", "httpx", "apsw", "os", "uuid", "secrets"}
    broken = [
        f"{where(path, line)} imports {name}"
        for folder in ("agent/decide", "agent/model")
        for path in modules(folder)
        for name, line in imported(path)
        if name.split(".")[0] in forbidden
    ]
    assert broken == []


def test_no_module_is_a_drawer_for_all_sorts() -> None:
    names = {path.stem for folder in ("agent", "simulators", "scenarios") for path in modules(folder)}
    assert names.isdisjoint({"utils", "util", "helpers", "common", "misc"})


def test_no_file_is_too_long_to_hold_in_the_head() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for folder in ("agent", "simulators", "scenarios")
        for path in modules(folder)
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}
