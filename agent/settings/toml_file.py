"""A TOML file off the disk: its tables, or what is wrong with it as a finding that quotes nothing."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

from agent.model.reasons import Fault
from agent.model.words import Words, words
from agent.settings.finding import Finding

_WHERE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def read_toml(path: Path) -> dict[str, object] | Finding:
    text = read_text(path)
    return text if isinstance(text, Finding) else parse_toml(text)


def read_text(path: Path) -> str | Finding:
    """The file as it stands, its line endings too, without a byte order mark."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Finding(
            fault=Fault.SETTINGS_MISSING,
            path="",
            problem=words(f"Filen {path} finns inte.", f"The file {path} does not exist."),
            remedy=words(
                'Ställ in i webbläsaren med "brygga run", skapa en med "brygga init", eller peka ut din med --config.',
                'Set up in a browser with "brygga run", make one with "brygga init", or point at yours with --config.',
            ),
        )
    except OSError as error:
        return Finding(
            fault=Fault.SETTINGS_MISSING,
            path="",
            problem=words(
                f"Filen {path} kan inte läsas ({error.strerror}).",
                f"The file {path} cannot be read ({error.strerror}).",
            ),
            remedy=words(
                "Ge den användare som kör brygga läsrätt till filen.", "Let the user that runs brygga read the file."
            ),
        )
    try:
        return data.decode("utf-8-sig")  # Windows' own editor writes a byte order mark
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _not_toml(
            f"line {line}",
            words(f"Rad {line} har tecken som inte är UTF-8.", f"Line {line} has characters that are not UTF-8."),
            words("Spara filen som UTF-8.", "Save the file as UTF-8."),
        )


def parse_toml(text: str) -> dict[str, object] | Finding:
    """TOML's tables, or what is wrong with the text, without quoting it: it may be a file of secrets."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.search(str(error))
        line, column = (found.group(1), found.group(2)) if found else (None, None)
    except (ValueError, ArithmeticError, RecursionError):  # numbers and nestings beyond what the reader takes
        line = column = None
    remedy = words(
        "Vanliga orsaker: citattecken som saknas, komma i stället för punkt i ett tal, samma rubrik två gånger.",
        "Usual causes: missing quotes, a comma instead of a point in a number, the same heading twice.",
    )
    if line is None:
        return _not_toml("", words("Filen går inte att tolka som TOML.", "The file cannot be read as TOML."), remedy)
    problem = words(
        f"Rad {line}, tecken {column}, går inte att tolka som TOML.",
        f"Line {line}, column {column}, cannot be read as TOML.",
    )
    return _not_toml(f"line {line}", problem, remedy)


def _not_toml(path: str, problem: Words, remedy: Words) -> Finding:
    return Finding(fault=Fault.SETTINGS_NOT_TOML, path=path, problem=problem, remedy=remedy)
