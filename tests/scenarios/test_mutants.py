"""A deliberately broken agent is caught: each of these bugs by a check, in a process that runs the broken copy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    "tests.scenarios.mutants",
    "tests.scenarios.mutants_aftermath",
    "tests.scenarios.mutants_beside",
    "tests.scenarios.mutants_goods",
)

from tests.scenarios.mutants import MUTANTS, Mutant  # noqa: E402 - after the line above, which must come first
from tests.scenarios.mutants_aftermath import AFTERMATH_MUTANTS  # noqa: E402
from tests.scenarios.mutants_beside import BESIDE_MUTANTS  # noqa: E402
from tests.scenarios.mutants_goods import GOODS_MUTANTS  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, sys
from pathlib import Path
import agent.app
from scenarios.engine import play_story
from scenarios.story import find, load
played = play_story(load(find((Path(sys.argv[1]),))[0]), int(sys.argv[2]))
print(json.dumps({"agent": agent.app.__file__, "broken": sorted(played.broken)}))
"""


@pytest.fixture(scope="module")
def copy_of_the_agent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutant")
    shutil.copytree(ROOT / "agent", folder / "agent", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _played(folder: Path, story: str, seed: int = 1) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.run(
        [sys.executable, "-c", PROGRAM, story, str(seed)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert child.returncode == 0, child.stderr
    told = json.loads(child.stdout.splitlines()[-1])
    assert Path(told["agent"]).is_relative_to(folder)  # else an agent that is whole would have been played
    return list(told["broken"])


ALL = (*MUTANTS, *AFTERMATH_MUTANTS, *BESIDE_MUTANTS, *GOODS_MUTANTS)


@pytest.mark.parametrize("mutant", ALL, ids=[mutant.name for mutant in ALL])
def test_a_broken_agent_is_caught(mutant: Mutant, copy_of_the_agent: Path) -> None:
    path = copy_of_the_agent / mutant.file
    whole = path.read_text(encoding="utf-8")
    assert whole.count(mutant.old) == 1, "the line is no longer there: break another one"
    path.write_text(whole.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        broken = _played(copy_of_the_agent, mutant.story, mutant.seed)
    finally:
        path.write_text(whole, encoding="utf-8")
    assert set(broken) & set(mutant.caught_by), broken


def test_the_same_copy_unbroken_is_not_caught(copy_of_the_agent: Path) -> None:
    assert _played(copy_of_the_agent, MUTANTS[1].story) == []


def test_there_are_at_least_ten() -> None:
    assert len({(mutant.file, mutant.old) for mutant in MUTANTS}) >= 10
