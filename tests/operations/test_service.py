"""The agent as a service: a unit that systemd finds sound, secrets for root alone, and all of it comes undone."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from agent.cli import execute
from agent.cli.service_texts import LOCAL_SERVICE, Service, task, unit

KEY, SECRET = "ck_" + "a" * 40, "cs_" + "b" * 40
SECRETS = f'[mamut]\npassword = "hemligt"\n\n[shop.garn]\nconsumer_key = "{KEY}"\nconsumer_secret = "{SECRET}"\n'
SETTINGS = """
package = "400"
language = "en"
data_dir = "{data}"

[mamut]
address = "http://127.0.0.1:8300"

[[shop]]
key = "garn"
address = "https://garn.example"

[shop.vat]
domestic = {{ "25" = 3, "12" = 4, "6" = 5 }}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "brygga.toml").write_text(SETTINGS.format(data=(tmp_path / "data").as_posix()), "utf-8")
    secrets = folder / "secrets.toml"
    secrets.write_text(SECRETS, "utf-8")
    secrets.chmod(0o600)
    return folder / "brygga.toml"


def _lines(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_service_is_installed_into_an_image_and_comes_undone(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "image"
    at = ["--root", str(root), "--config", str(config)]
    assert execute(["service", "install", *at]) == 0
    text = (root / "etc/systemd/system/brygga.service").read_text("utf-8")
    given = _lines(text)
    assert given["User"] == ["brygga"]
    assert given["ExecStart"] == [f"{sys.executable} -m agent.cli run --log-format json --config {config}"]
    names = [line.partition(":")[0] for line in given["LoadCredential"]]
    assert names == ["mamut_password", "shop_garn_consumer_key", "shop_garn_consumer_secret"]
    assert KEY not in text
    folder = root / "etc/brygga/credentials"
    assert (folder / "shop_garn_consumer_key").read_text("utf-8") == KEY
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert not (config.parent / "secrets.toml").exists(), "the secrets are in one place"
    assert KEY not in capsys.readouterr().out

    assert execute(["service", "remove", *at]) == 0
    assert (config.parent / "secrets.toml").read_text("utf-8") == SECRETS
    assert not [file for file in root.rglob("*") if file.is_file()]
    assert execute(["service", "remove", *at]) == 1


def test_the_agent_finds_its_secrets_where_the_unit_puts_them(config: Path, tmp_path: Path) -> None:
    root = tmp_path / "image"
    assert execute(["service", "install", "--root", str(root), "--config", str(config)]) == 0
    folder = root / "etc/brygga/credentials"
    environ = {**os.environ, "CREDENTIALS_DIRECTORY": str(folder)}
    command = [sys.executable, "-m", "agent.cli", "check", "--json", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "systemd" in done.stdout


def test_a_dry_run_prints_and_writes_nothing(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert execute(["service", "install", "--dry-run", "--user", "anna", "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert "User=anna" in said
    assert SECRET not in said
    assert "hemligt" not in said
    assert sorted(tmp_path.rglob("*")) == before


def test_settings_with_faults_are_not_installed(config: Path, tmp_path: Path) -> None:
    (config.parent / "secrets.toml").unlink()
    assert execute(["service", "install", "--root", str(tmp_path / "image"), "--config", str(config)]) == 1
    assert not (tmp_path / "image").exists()


def test_a_port_below_1024_is_the_only_right_that_is_ever_given() -> None:
    service = Service(program="/opt/brygga/bin/python", config="/etc/brygga/brygga.toml", user="brygga", ports=(8321,))
    assert _lines(unit(service))["AmbientCapabilities"] == [""]
    low = Service(program=service.program, config=service.config, user="brygga", ports=(8321, 443))
    assert _lines(unit(low))["CapabilityBoundingSet"] == ["CAP_NET_BIND_SERVICE"]
    home = Service(program="/home/anna/venv/bin/python", config="/home/anna/my shop/brygga.toml", user="anna")
    given = _lines(unit(home))
    assert given["ProtectHome"] == ["read-only"]
    assert given["ReadWritePaths"] == ['"/home/anna/my shop"']


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this computer has no systemd-analyze")
def test_systemd_finds_the_unit_sound_and_well_protected(tmp_path: Path) -> None:
    file = tmp_path / "brygga.service"
    names = ("mamut_password",)
    service = Service(
        program=sys.executable, config="/etc/brygga/brygga.toml", user="root", credentials=names, credentials_in="/etc"
    )
    file.write_text(unit(service), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, timeout=60)
    about_ours = [line for line in verified.stderr.splitlines() if "brygga.service" in line]
    assert about_ours == []
    file.write_text(unit(service).replace("User=root", "User=brygga"), "utf-8")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    level = re.search(r"exposure level for brygga.service: ([0-9.]+)", judged.stdout)
    assert level is not None, judged.stderr
    assert float(level[1]) < 2.0, judged.stdout


def test_the_task_for_windows_is_whole_xml_that_begins_with_the_computer(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["service", "install", "--for", "windows", "--dry-run", "--config", str(config)]) == 0
    printed = capsys.readouterr().out
    tree = ET.fromstring(printed.replace(' encoding="UTF-16"', ""))  # noqa: S314 - our own text
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert tree.find("t:Triggers/t:BootTrigger", space) is not None
    assert tree.findtext("t:Principals/t:Principal/t:UserId", namespaces=space) == LOCAL_SERVICE
    assert tree.findtext("t:Settings/t:ExecutionTimeLimit", namespaces=space) == "PT0S"
    assert tree.findtext("t:Actions/t:Exec/t:Command", namespaces=space) == sys.executable
    odd = task(Service(program="C:\\Program Files\\Brygga & Co\\python.exe", config="C:\\b.toml", user="BUTIK\\anna"))
    tree = ET.fromstring(odd.replace(' encoding="UTF-16"', ""))  # noqa: S314 - our own text
    assert tree.findtext("t:Actions/t:Exec/t:Command", namespaces=space) == "C:\\Program Files\\Brygga & Co\\python.exe"
    assert tree.findtext("t:Principals/t:Principal/t:LogonType", namespaces=space) == "S4U"


def test_status_says_that_nothing_is_installed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["service", "status", "--json", "--config", str(config)]) == 1
    assert '"installed": false' in capsys.readouterr().out
