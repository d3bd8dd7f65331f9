"""The simulators' codes beside the agent's: `brygga explain` must never explain another trouble than the one met."""

from __future__ import annotations

import re
from pathlib import Path

import simulators
from agent.model.reasons import Fault, Reason
from agent.model.said import GoodsReason


def test_no_code_of_a_simulator_is_one_of_the_agent_s() -> None:
    folder = Path(simulators.__file__).parent
    theirs = {code for file in folder.rglob("*.py") for code in re.findall(r"BRY-[A-Z]\d\d", file.read_text("utf-8"))}
    ours = {code.value for kind in (Fault, Reason, GoodsReason) for code in kind}
    assert theirs
    assert theirs & ours == set()
