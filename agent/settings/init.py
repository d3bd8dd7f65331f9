"""The commented start file, and the secrets file beside it that only its owner can read."""

from __future__ import annotations

import os
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.model.order import Frozen
from agent.model.words import Language, Words, words
from agent.settings.secrets import FILE_NAME as SECRETS_FILE_NAME

PRIVATE_MODE = 0o600

_ZONE = ZoneInfo("Europe/Stockholm")


class Made(Frozen, frozen=True):
    """The files that were written. `kept` are those that stood there already and were left as they were."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def render(language: Language, *, now: datetime, package: str = "100", key: str = "butik") -> str:
    """The start file's text. It passes the check once its two addresses are filled in.

    `now` is an aware time: orders made before it are left alone, so that the first start sends nothing old.
    """
    start_at = now.astimezone(_ZONE).replace(microsecond=0).isoformat()
    text = files("agent.settings").joinpath(f"start.{language}.toml").read_text(encoding="utf-8")
    return text.replace("@PACKAGE@", package).replace("@KEY@", key).replace("@START_AT@", start_at)


def render_secrets(language: Language, *, keys: tuple[str, ...] = ("butik",)) -> str:
    """A secrets file with the headings of these shops and nothing filled in."""
    lines = [f"# {line.in_(language)}" for line in _HEAD]
    lines += ["", "[mamut]", 'password = ""']
    for key in keys:
        lines += ["", f"[shop.{key}]", 'consumer_key = ""      # ck_…', 'consumer_secret = ""   # cs_…']
    return "\n".join(lines) + "\n"


_HEAD: tuple[Words, ...] = (
    words("Bryggas hemligheter. Lämna aldrig ut filen.", "Brygga's secrets. Never hand this file out."),
    words(
        "Den får bara läsas av den användare som kör brygga (chmod 600); annars används den inte.",
        "Only the user that runs brygga may read it (chmod 600); else it is not used.",
    ),
    words(
        "På Windows kontrolleras rättigheterna inte: ge bara tjänstens användare läsrätt till filen.",
        "On Windows the rights are not checked: let only the service's user read it.",
    ),
    words(
        "Nycklarna görs i butiken: WooCommerce > Inställningar > Avancerat > REST API, rättigheter Läsa/Skriva.",
        "Keys are made in the shop: WooCommerce > Settings > Advanced > REST API, permissions Read/Write.",
    ),
)


def write(file: Path, text: str, secrets: str) -> Made:
    """Writes the settings file and the secrets beside it, never over one that exists.

    Raises OSError when the folder cannot be written to.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    kept: list[Path] = []
    for path, content, mode in ((file, text, 0o644), (file.parent / SECRETS_FILE_NAME, secrets, PRIVATE_MODE)):
        (written if _create(path, content, mode) else kept).append(path)
    return Made(written=tuple(written), kept=tuple(kept))


def _create(path: Path, text: str, mode: int) -> bool:
    # O_EXCL decides and creates in one step, and the mode is set before the first byte is in the file.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return True
