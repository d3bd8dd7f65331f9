"""Packages put on Python's path as an installation would, for as long as a test lasts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"


def install(
    patch: pytest.MonkeyPatch, folder: Path, name: str, source: str, *, version: str = "1.0", where: str = "Plugin"
) -> None:
    """A plugin called `name` whose module is `name` with underscores."""
    site = folder / f"site-{name}"
    write(site, name, source, version=version, where=where)
    patch.syspath_prepend(str(site))


def write(site: Path, name: str, source: str, *, version: str = "1.0", where: str = "Plugin") -> None:
    """What an installation leaves in a folder, in the place of another version."""
    module = name.replace("-", "_")
    for older in site.glob(f"{module}-*.dist-info"):
        shutil.rmtree(older)
    about = site / f"{module}-{version}.dist-info"
    about.mkdir(parents=True)
    (site / f"{module}.py").write_text(source, encoding="utf-8")
    (about / "METADATA").write_text(METADATA.format(name=name, version=version), encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[brygga.plugins]\n{name} = {module}:{where}\n", encoding="utf-8")
