"""What `[shop.aftermath]` may say, and what is seldom meant."""

from __future__ import annotations

import pytest

from agent.settings.check_aftermath import check_aftermath
from agent.settings.finding import Severity
from agent.settings.tree_aftermath import AftermathSettings, CancelledChoice, RefundedChoice


def test_the_defaults_are_fine() -> None:
    assert list(check_aftermath(AftermathSettings(), "shop[0].aftermath")) == []


@pytest.mark.parametrize(
    ("chosen", "path", "severity"),
    [
        (AftermathSettings(deleted=CancelledChoice.CANCEL), "a.deleted", Severity.WARNING),
        (
            AftermathSettings(refunded=RefundedChoice.ATTEND, issue_credit_notes=True),
            "a.issue_credit_notes",
            Severity.WARNING,
        ),
        (AftermathSettings(article="X" * 60), "a.article", Severity.ERROR),
    ],
)
def test_what_is_wrong_or_seldom_meant_is_named(chosen: AftermathSettings, path: str, severity: Severity) -> None:
    assert [(finding.path, finding.severity) for finding in check_aftermath(chosen, "a")] == [(path, severity)]
