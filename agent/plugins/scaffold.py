"""A working package to begin a plugin with."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

NAME = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")

NAME_MAX = 60


def is_name(name: str) -> bool:
    """Whether it can be a plugin's name: small letters, digits and hyphens within, as Python's packages have them."""
    return len(name) <= NAME_MAX and NAME.match(name) is not None


def write_package(name: str, folder: Path) -> tuple[Path, ...]:
    """Writes the package into a folder that must not exist, and gives its files. Raises FileExistsError, or OSError
    where it cannot be written."""
    module = name.replace("-", "_")
    texts = {
        "pyproject.toml": "pyproject.toml.txt",
        "README.md": "readme.txt",
        f"src/{module}/__init__.py": "module.txt",
        f"tests/test_{module}.py": "test.txt",
    }
    folder.mkdir(parents=True)
    written = []
    for place, source in texts.items():
        text = (files("agent.plugins") / "start" / source).read_text(encoding="utf-8")
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("__NAME__", name).replace("__MODULE__", module), encoding="utf-8")
        written.append(path)
    (folder / "src" / module / "py.typed").touch()
    return tuple(written)
