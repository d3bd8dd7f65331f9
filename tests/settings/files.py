"""Settings files to start from: one that is right, and a way to make it wrong in one place."""

from __future__ import annotations

from agent.model.reasons import Fault
from agent.settings.check import check
from agent.settings.finding import Finding, Severity
from agent.settings.load import Loaded, loads

WRONG = Fault.SETTINGS_VALUE_WRONG
MISSING = Fault.SETTINGS_VALUE_MISSING
CONFLICT = Fault.SETTINGS_CONFLICT
RISKY = Fault.SETTINGS_RISKY
NOT_INCLUDED = Fault.SETTINGS_NOT_IN_PACKAGE

GOOD = """
package = "400"
language = "sv"
data_dir = "/var/lib/brygga"

[mamut]
address = "https://mamut.example"

[[shop]]
key = "garn"
address = "https://garn.example"
flow = 1
department = 2

[shop.orders]
start_at = 2026-01-01T00:00:00+01:00

[shop.vat]
zero = 1
[shop.vat.domestic]
"25" = 3
"12" = 4
"6" = 5
"""

SECOND_SHOP = """
[[shop]]
key = "tyg"
address = "https://tyg.example"
department = 3

[shop.orders]
start_at = 2026-01-01T00:00:00+01:00

[shop.vat]
[shop.vat.domestic]
"25" = 3
"12" = 4
"6" = 5
"""


def changed(old: str, new: str, text: str = GOOD) -> str:
    """The text with one place changed. Fails when the place is not there, so that no test changes nothing."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def under(heading: str, lines: str, text: str = GOOD) -> str:
    """The text with lines added below a heading that exists, or with a new heading at the end."""
    if heading in text:
        return changed(heading + "\n", f"{heading}\n{lines}\n", text)
    return f"{text}\n{heading}\n{lines}\n"


def judged(text: str) -> tuple[Finding, ...]:
    """All findings of a file's text, secrets apart."""
    loaded = loads(text)
    assert isinstance(loaded, Loaded), loaded
    return (*loaded.findings, *check(loaded.settings, loaded.findings))


def found(text: str) -> set[tuple[Fault, str]]:
    return {(finding.fault, finding.path) for finding in judged(text)}


def errors(text: str) -> set[tuple[Fault, str]]:
    return {(finding.fault, finding.path) for finding in judged(text) if finding.is_error}


def warnings(text: str) -> set[tuple[Fault, str]]:
    return {(f.fault, f.path) for f in judged(text) if f.severity is Severity.WARNING}
