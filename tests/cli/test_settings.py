"""The command line of the settings, run as a person runs it: a process, its output, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.settings.files import GOOD, SECOND_SHOP, changed

PASSWORD = "hunter2-never-to-be-seen"

SECRETS = {
    "BRYGGA_MAMUT_PASSWORD": PASSWORD,
    "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_1",
    "BRYGGA_SHOP_GARN_CONSUMER_SECRET": "cs_1",
}


def brygga(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a folder, with nothing of the caller's environment but what Python needs."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV")}
    return subprocess.run(
        [sys.executable, "-m", "agent.cli", *arguments],
        cwd=folder,
        env={**kept, "HOME": str(folder), "PYTHONUTF8": "1", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def put(folder: Path, text: str = GOOD) -> Path:
    path = folder / "brygga.toml"
    path.write_text(text, encoding="utf-8")
    return path


# -- check ----------------------------------------------------------------------------------------------------------


def test_check_ends_with_0_when_all_is_well(tmp_path: Path) -> None:
    put(tmp_path)
    ran = brygga(tmp_path, "check", **SECRETS)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Allt stämmer." in ran.stdout
    assert PASSWORD not in ran.stdout


def test_check_ends_with_0_when_there_are_warnings_only(tmp_path: Path) -> None:
    put(tmp_path, changed("https://garn.example", "http://garn.example"))
    ran = brygga(tmp_path, "check", **SECRETS)
    assert ran.returncode == 0
    assert "VARNING  BRY-S10  shop[0].address" in ran.stdout
    assert "Inga fel, 1 varning." in ran.stdout


def test_check_ends_with_1_and_prints_path_problem_and_remedy_of_each(tmp_path: Path) -> None:
    put(tmp_path, changed('key = "garn"', 'key = "Garn"', changed("flow = 1", 'flow = "x"')))
    ran = brygga(tmp_path, "--language", "en", "check")
    assert ran.returncode == 1
    for line in (
        "ERROR  BRY-S04  shop[0].flow",
        "  This is a text.",
        "  → Give a whole number without quotes, such as 3.",
        "ERROR  BRY-S04  shop[0].key",
        "ERROR  BRY-S06  mamut.password",
    ):
        assert line in ran.stdout.splitlines()


def test_check_as_json_holds_both_languages(tmp_path: Path) -> None:
    put(tmp_path, changed('package = "400"', 'package = "100"') + SECOND_SHOP)
    ran = brygga(tmp_path, "check", "--json", **SECRETS)
    assert ran.returncode == 1
    told = json.loads(ran.stdout)
    assert told["ok"] is False
    assert told["file"] == str(tmp_path / "brygga.toml")
    assert told["errors"] == 3
    (finding,) = (each for each in told["findings"] if each["path"] == "shop")
    assert finding["code"] == "BRY-S05"
    assert finding["severity"] == "error"
    assert "paket 400" in finding["remedy"]["sv"]
    assert "package 400" in finding["remedy"]["en"]
    assert PASSWORD not in ran.stdout
    assert {"name": "mamut.password", "rights_checked": False, "source": "the environment"} in told["secrets"]


def test_check_of_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    ran = brygga(tmp_path, "check", "--config", "no/such.toml")
    assert ran.returncode == 1
    assert "BRY-S01" in ran.stdout
    assert "brygga init" in ran.stdout
    assert "Traceback" not in ran.stderr


def test_a_world_readable_secrets_file_is_refused(tmp_path: Path) -> None:
    put(tmp_path)
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(f'[mamut]\npassword = "{PASSWORD}"\n', encoding="utf-8")
    secrets.chmod(0o644)
    ran = brygga(tmp_path, "check", **SECRETS)
    assert ran.returncode == 1
    assert "BRY-S07" in ran.stdout
    assert PASSWORD not in ran.stdout + ran.stderr


# -- which file, which language -------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [("--config", "a/brygga.toml", "check"), ("check", "--config", "a/brygga.toml")])
def test_the_settings_file_is_named_before_or_after_the_command(tmp_path: Path, where: tuple[str, ...]) -> None:
    (tmp_path / "a").mkdir()
    put(tmp_path / "a")
    assert brygga(tmp_path, *where, **SECRETS).returncode == 0


def test_a_folder_stands_for_the_file_in_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    put(tmp_path / "a")
    assert brygga(tmp_path, "check", "--config", "a", **SECRETS).returncode == 0


def test_without_a_name_the_users_own_settings_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "brygga"
    folder.mkdir(parents=True)
    put(folder)
    ran = brygga(tmp_path, "check", XDG_CONFIG_HOME=str(tmp_path / "config"), **SECRETS)
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.startswith(str(folder / "brygga.toml"))


def test_the_language_is_the_one_asked_for_else_the_file_s_else_the_terminal_s(tmp_path: Path) -> None:
    assert brygga(tmp_path, "explain", "H06", LANG="sv_SE.UTF-8").stdout.startswith("BRY-H06  För stor")
    assert brygga(tmp_path, "explain", "H06").stdout.startswith("BRY-H06  För stor")
    assert brygga(tmp_path, "explain", "H06", LANG="en_GB.UTF-8").stdout.startswith("BRY-H06  The rounding")
    put(tmp_path)
    assert brygga(tmp_path, "explain", "H06", LANG="en_GB.UTF-8").stdout.startswith("BRY-H06  För stor")
    assert brygga(tmp_path, "explain", "H06", "--language", "en").stdout.startswith("BRY-H06  The rounding")
    assert brygga(tmp_path, "explain", "H06", BRYGGA_LANGUAGE="en").stdout.startswith("BRY-H06  The rounding")


# -- init -----------------------------------------------------------------------------------------------------------


def test_init_then_filling_in_passes_the_check(tmp_path: Path) -> None:
    ran = brygga(tmp_path, "init", "--package", "200", "--key", "garn")
    assert (ran.returncode, ran.stderr) == (0, "")
    file = tmp_path / "brygga.toml"
    text = file.read_text(encoding="utf-8")
    for address in ("https://mamut.example", "https://garn.example"):
        text = text.replace('address = ""', f'address = "{address}"', 1)
    file.write_text(text, encoding="utf-8")
    secrets = tmp_path / "secrets.toml"
    filled = secrets.read_text(encoding="utf-8")
    for name, value in (("password", PASSWORD), ("consumer_key", "ck_1"), ("consumer_secret", "cs_1")):
        filled = filled.replace(f'{name} = ""', f'{name} = "{value}"')
    secrets.write_text(filled, encoding="utf-8")
    checked = brygga(tmp_path, "check")
    assert checked.returncode == 0, checked.stdout
    assert "Allt stämmer." in checked.stdout


def test_init_never_writes_over_a_file(tmp_path: Path) -> None:
    file = put(tmp_path, "# mine\n")
    ran = brygga(tmp_path, "init")
    assert ran.returncode == 1
    assert ran.stderr.startswith("BRY-S12")
    assert file.read_text(encoding="utf-8") == "# mine\n"
    assert not (tmp_path / "secrets.toml").exists()


def test_init_in_english_writes_an_english_file(tmp_path: Path) -> None:
    assert brygga(tmp_path, "init", "--language", "en", "--config", "new/brygga.toml").returncode == 0
    assert "FILL IN" in (tmp_path / "new" / "brygga.toml").read_text(encoding="utf-8")


def test_init_refuses_a_key_that_the_check_would_refuse(tmp_path: Path) -> None:
    ran = brygga(tmp_path, "init", "--key", "Garn & Tyg")
    assert ran.returncode == 1
    assert "shop[0].key" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_in_a_place_that_is_no_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = brygga(tmp_path, "init", "--config", "file/brygga.toml")
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "brygga.toml" in ran.stderr


# -- packages and explain -------------------------------------------------------------------------------------------


def test_packages_shows_the_table_and_what_the_set_up_costs(tmp_path: Path) -> None:
    put(tmp_path, changed('language = "sv"', 'language = "sv"\nreconciliation = ["svea"]') + SECOND_SHOP)
    shown = brygga(tmp_path, "packages").stdout
    assert "Premium" in shown
    assert shown.splitlines()[-1].split() == ["Summa", "1385", "kr"]
    told = json.loads(brygga(tmp_path, "packages", "--json").stdout)
    assert told["set_up"]["total_kr"] == 795 + 295 + 295
    assert [row["name"] for row in told["packages"]] == ["100", "200", "400", "800", "premium"]


def test_packages_needs_no_settings(tmp_path: Path) -> None:
    told = json.loads(brygga(tmp_path, "packages", "--json").stdout)
    assert told["set_up"] is None
    assert told["packages"][0]["price_kr"] == 295


def test_explain_tells_one_code_and_lists_them_all(tmp_path: Path) -> None:
    one = brygga(tmp_path, "explain", "bry-h06", "--language", "en")
    assert one.returncode == 0
    assert "rounding_limit" in one.stdout
    every = brygga(tmp_path, "explain")
    assert len(every.stdout.splitlines()) > 70
    assert json.loads(brygga(tmp_path, "explain", "H06", "--json").stdout)["code"] == "BRY-H06"


def test_explain_of_no_code_ends_with_1(tmp_path: Path) -> None:
    ran = brygga(tmp_path, "explain", "BRY-Q99")
    assert ran.returncode == 1
    assert "brygga explain" in ran.stderr


# -- the command line itself ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [("check", "--jsn"), ("check", "--language", "de"), ("init", "--package", "300")])
def test_a_bad_call_ends_with_2_and_no_traceback(tmp_path: Path, call: tuple[str, ...]) -> None:
    ran = brygga(tmp_path, *call)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert ran.stderr


def test_a_misspelt_command_gets_a_suggestion_and_imports_nothing(tmp_path: Path) -> None:
    ran = brygga(tmp_path, "--language", "en", "chek")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == 'There is no command "chek". Did you mean "check"? All commands: brygga --help\n'


def test_help_imports_no_command_and_nothing_heavy(tmp_path: Path) -> None:
    """What makes --help fast is what it leaves alone: that is the same on every machine."""
    code = (
        "import sys, agent.cli\n"
        "assert agent.cli.execute(['--help']) == 0\n"
        "heavy = {'trio', 'httptools', 'apsw', 'structlog', 'faker', 'rich.markdown', 'agent.settings', 'simulators'}\n"
        "print(sorted(heavy & set(sys.modules)), sorted(m for m in sys.modules if m.startswith('agent.cli.')))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[] ['agent.cli.context', 'agent.cli.errors']"


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = brygga(tmp_path, "--help").stdout
    for name in ("init", "check", "packages", "explain", "run", "demo", "simulate", "status", "orders", "account"):
        assert f"│ {name} " in shown


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "agent.cli", "explain"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        assert ran.stderr.read() == b""
        assert ran.wait(timeout=60) == 0
