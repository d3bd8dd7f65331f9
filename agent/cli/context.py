"""What every command is given: which settings file, and the language to speak."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from agent.model.order import Frozen
from agent.model.words import Language


class CommandContext(Frozen, frozen=True):
    """`config` and `language` as given on the command line, `environ` and `cwd` those of the process."""

    config: Path | None
    language: Language | None
    environ: Mapping[str, str]
    cwd: Path

    def settings_file(self) -> Path:
        """The file that was named, else the first of: this folder, the user's and the machine's folder for settings.

        When none exists, the one in this folder: that is where `brygga init` makes it.
        """
        from agent.settings.load import FILE_NAME

        if self.config is not None:
            named = self.cwd / self.config
            return named / FILE_NAME if named.is_dir() else named
        import platformdirs

        here = self.cwd / FILE_NAME
        elsewhere = (platformdirs.user_config_path("brygga"), platformdirs.site_config_path("brygga"))
        places = (here, *(folder / FILE_NAME for folder in elsewhere))
        return next((place for place in places if place.is_file()), here)

    def speak(self, from_file: str | None = None) -> Language:
        """The language asked for, else the settings file's, else the terminal's, else Swedish.

        `from_file` is the file's own word where it has been read already.
        """
        if self.language is not None:
            return self.language
        word = self._word_of_file() if from_file is None else from_file
        if word in tuple(Language):
            return Language(word)
        return _terminal(self.environ)

    def _word_of_file(self) -> str:
        from agent.settings.toml_file import read_toml

        raw = read_toml(self.settings_file())
        return str(raw.get("language", "")) if isinstance(raw, dict) else ""


Given = Annotated[CommandContext, Parameter(parse=False)]
"""The type of a command's `context` parameter: it is put in by `agent.cli`, not read from the command line."""


def context_of(config: Path | None, language: Language | None) -> CommandContext:
    return CommandContext(config=config, language=language, environ=dict(os.environ), cwd=Path.cwd())


def _terminal(environ: Mapping[str, str]) -> Language:
    named = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Language.ENGLISH if next((each for each in named if each), "").startswith("en") else Language.SWEDISH
