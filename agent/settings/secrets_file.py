"""The secrets file as the guided set-up writes it: what is being tried out lies apart in the same file, with the same
rights, until it is taken into use. So a running agent goes on with what it has, and nothing is kept anywhere else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import tomlkit

from agent.model.words import Language
from agent.settings.edit import Edit
from agent.settings.finding import Finding
from agent.settings.init import PRIVATE_MODE, render_secrets
from agent.settings.secret import Secret
from agent.settings.secrets import (
    CREDENTIALS_VARIABLE,
    FILE_NAME,
    FILE_VARIABLE,
    ShopSecrets,
    look_for,
    variable,
)
from agent.settings.secrets import credential as credential_name
from agent.settings.write import replace_file

TRIED = "set_up"
"""The table of what is being tried out."""

PASSWORD = ("mamut", "password")


def of_shop(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a shop's two keys."""
    return (("shop", key, "consumer_key"), ("shop", key, "consumer_secret"))


class SecretsFile:
    """`secrets.toml` beside `brygga.toml`, or wherever the environment says that it lies."""

    def __init__(self, beside: Path, environ: Mapping[str, str], language: Language) -> None:
        self._beside = beside
        self._environ = environ
        self._language = language
        named = environ.get(FILE_VARIABLE, "")
        self.path = Path(named) if named else beside / FILE_NAME

    def is_elsewhere(self, name: tuple[str, ...]) -> bool:
        """Whether the environment or systemd gives the secret, which goes before the file."""
        if self._environ.get(variable(name), "").strip():
            return True
        folder = self._environ.get(CREDENTIALS_VARIABLE, "")
        return bool(folder) and (Path(folder) / credential_name(name)).is_file()

    def tried(self, name: tuple[str, ...]) -> Secret | None:
        """What is being tried out, else what is in use."""
        if not self.is_elsewhere(name) and (given := self._find((TRIED, name[-1]))) is not None:
            return given
        return self._find(name)

    def tried_pair(self, key: str) -> ShopSecrets | None:
        first, second = (self.tried(name) for name in of_shop(key))
        return None if first is None or second is None else ShopSecrets(consumer_key=first, consumer_secret=second)

    def environ_with_tried(self, names: tuple[tuple[str, ...], ...]) -> dict[str, str]:
        """The environment in which a text is judged as if these were in use already."""
        given = {variable(name): self._find((TRIED, name[-1])) for name in names if not self.is_elsewhere(name)}
        return {**self._environ, **{name: each.reveal() for name, each in given.items() if each is not None}}

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the file itself: it is then neither read nor written."""
        return look_for((), beside=self._beside, environ=self._environ)[1]

    def try_out(self, given: Mapping[tuple[str, ...], Secret]) -> None:
        """Keeps what was typed until it is taken into use. Raises OSError."""
        edit = self._edit()
        for name, secret in given.items():
            edit.put((TRIED, name[-1]), secret.reveal())
        self._write(edit)

    def take_into_use(self, names: tuple[tuple[str, ...], ...]) -> None:
        """Puts what was tried out in the places where the agent looks, whole or not at all. Raises OSError."""
        edit = self._edit()
        for name in names:
            if not self.is_elsewhere(name) and isinstance(given := edit.get((TRIED, name[-1])), str):
                edit.put(name, given)
        edit.drop((TRIED,))
        self._write(edit)

    def forget_tried(self) -> None:
        """Raises OSError."""
        if self.path.exists():
            edit = self._edit()
            if edit.get((TRIED,)) is not None:
                edit.drop((TRIED,))
                self._write(edit)

    def _find(self, name: tuple[str, ...]) -> Secret | None:
        return look_for(name, beside=self._beside, environ=self._environ)[0]

    def _edit(self) -> Edit:
        if self.path.exists():
            return Edit(self.path.read_text(encoding="utf-8-sig"))
        # The empty places of the start file would only be in the way of what is put in here.
        head = [line for line in render_secrets(self._language, keys=()).splitlines() if line.startswith("#")]
        return Edit(tomlkit.dumps(tomlkit.parse("\n".join(head) + "\n\n")))

    def _write(self, edit: Edit) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path.resolve(), edit.text.encode("utf-8"), PRIVATE_MODE)


def may_write(folder: Path) -> bool:
    """Whether files can be made there."""
    return os.access(folder if folder.is_dir() else folder.parent, os.W_OK)
