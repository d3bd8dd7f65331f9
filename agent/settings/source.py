"""Where the settings come from while the agent runs, and where changed ones are put."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from agent.settings.judge import Judgement, judge, judge_text
from agent.settings.write import write_settings


class SettingsSource(Protocol):
    """The settings as they stand now, whether another text would do, and a way to put it in their place."""

    def judge(self) -> Judgement:
        """Never raises."""
        ...

    def judge_text(self, text: str) -> Judgement:
        """Never raises, and writes nothing."""
        ...

    def write(self, text: str) -> None:
        """Raises OSError."""
        ...


class SettingsFile:
    """`brygga.toml`, with the secrets beside it and in the environment."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self._path = path
        self._environ = environ

    def judge(self) -> Judgement:
        return judge(self._path, self._environ)

    def judge_text(self, text: str) -> Judgement:
        return judge_text(text, self._path, self._environ)

    def write(self, text: str) -> None:
        write_settings(self._path, text)
