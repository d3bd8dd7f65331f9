"""What is wrong with a set-up, where, and what would be right. Findings are collected, never raised."""

from __future__ import annotations

from enum import StrEnum

from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Words


class Severity(StrEnum):
    """An error keeps the agent from starting; a warning is something the merchant should have decided."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Frozen, frozen=True):
    """`path` is the place in the file ("shop[0].orders.trigger[1]"), empty when it is the file itself.

    Neither text ever holds a secret: unknown keys are named without their values.
    """

    fault: Fault
    path: str
    problem: Words
    remedy: Words
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def has_errors(findings: tuple[Finding, ...]) -> bool:
    return any(finding.is_error for finding in findings)


def inside(path: str, whole: str) -> bool:
    """Whether `path` is `whole` or something within it: "shop[0].orders" lies inside "shop[0]"."""
    return path == whole or (path.startswith(whole) and path[len(whole) : len(whole) + 1] in (".", "["))


def wrong(path: str, problem: Words, remedy: Words) -> Finding:
    """A value that can never do."""
    return Finding(fault=Fault.SETTINGS_VALUE_WRONG, path=path, problem=problem, remedy=remedy)


def conflict(path: str, problem: Words, remedy: Words) -> Finding:
    """A value that does not go with another one."""
    return Finding(fault=Fault.SETTINGS_CONFLICT, path=path, problem=problem, remedy=remedy)


def missing(path: str, problem: Words, remedy: Words) -> Finding:
    """A value that another one makes necessary."""
    return Finding(fault=Fault.SETTINGS_VALUE_MISSING, path=path, problem=problem, remedy=remedy)


def risky(path: str, problem: Words, remedy: Words) -> Finding:
    """Allowed, but seldom what was meant."""
    return Finding(fault=Fault.SETTINGS_RISKY, path=path, problem=problem, remedy=remedy, severity=Severity.WARNING)
