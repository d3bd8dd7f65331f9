"""`brygga plugin`: a package that works as it is written, and what is told of plugins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_settings import brygga, put
from tests.plugins.installed import METADATA

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "brygga-leveransdag"


def site_of(package: Path, name: str, folder: Path) -> str:
    """Python's path with the package on it, its entry point told as an installation would: the network is not asked."""
    about = folder / f"{name.replace('-', '_')}-0.1.0.dist-info"
    about.mkdir(parents=True)
    project = (package / "pyproject.toml").read_text(encoding="utf-8")
    points = project.split('[project.entry-points."brygga.plugins"]\n')[1].split("\n\n")[0]
    (about / "METADATA").write_text(METADATA.format(name=name, version="0.1.0"), encoding="utf-8")
    (about / "entry_points.txt").write_text("[brygga.plugins]\n" + points.replace('"', "") + "\n", encoding="utf-8")
    return os.pathsep.join(map(str, (package / "src", folder, ROOT)))


def run_tests(package: Path, path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(package), "tests"],
        cwd=package,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    ran = brygga(tmp_path, "plugin", "new", "egen-plugin")
    assert (ran.returncode, ran.stderr) == (0, "")
    return tmp_path / "egen-plugin"


def test_a_package_that_has_just_been_begun_passes_its_own_test(begun: Path, tmp_path: Path) -> None:
    path = site_of(begun, "egen-plugin", tmp_path / "site")
    ran = run_tests(begun, path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout
    told = brygga(tmp_path, "plugin", "check", "--json", PYTHONPATH=path)
    assert told.returncode == 0
    assert json.loads(told.stdout)[0]["hooks"] == ["document_built"]


def test_a_package_without_its_work_fails_its_own_test(begun: Path, tmp_path: Path) -> None:
    module = begun / "src" / "egen_plugin" / "__init__.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace("packing_text=", "reference="), encoding="utf-8")
    ran = run_tests(begun, site_of(begun, "egen-plugin", tmp_path / "site"))
    assert ran.returncode == 1
    assert "1 failed, 1 passed" in ran.stdout


def test_the_example_passes_its_own_test(tmp_path: Path) -> None:
    ran = run_tests(EXAMPLE, site_of(EXAMPLE, "brygga-leveransdag", tmp_path / "site"))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_nothing_is_written_over(begun: Path, tmp_path: Path) -> None:
    ran = brygga(tmp_path, "plugin", "new", "egen-plugin")
    assert ran.returncode == 1
    assert "egen-plugin" in ran.stderr


@pytest.mark.parametrize("name", ["Egen", "egen_plugin", "../ut", "-x1", "1x", "x" * 61])
def test_a_name_that_cannot_be_a_package_is_refused(name: str, tmp_path: Path) -> None:
    ran = brygga(tmp_path, "plugin", "new", "--", name)
    assert ran.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_plugin_that_a_shop_uses_and_that_is_not_installed_is_listed_as_missing(tmp_path: Path) -> None:
    put(tmp_path)
    with (tmp_path / "brygga.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[shop.plugins]]\nname = "borta"\n')
    ran = brygga(tmp_path, "plugin", "list", "--json")
    assert json.loads(ran.stdout) == [{"name": "borta", "installed": False, "version": None, "shops": ["garn"]}]
    refused = brygga(tmp_path, "check")
    assert "shop[0].plugins[0].name" in refused.stdout + refused.stderr


def test_what_is_wrong_with_a_plugin_is_told_with_its_line(begun: Path, tmp_path: Path) -> None:
    module = begun / "src" / "egen_plugin" / "__init__.py"
    module.write_text("raise OSError('trasig')\n", encoding="utf-8")
    path = site_of(begun, "egen-plugin", tmp_path / "site")
    ran = brygga(tmp_path, "plugin", "check", PYTHONPATH=path)
    assert ran.returncode == 1
    assert "egen_plugin/__init__.py" in ran.stdout
    assert "OSError" in ran.stdout
