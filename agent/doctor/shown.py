"""Results as other programs read them, the same from the command and from the admin."""

from __future__ import annotations

from agent.doctor.result import TITLES, Result, Verdict
from agent.model.catalogue import explain
from agent.model.words import Language


def result_json(result: Result, language: Language) -> dict[str, object]:
    """Keys are stable."""
    return {
        "test": result.test.value,
        "title": TITLES[result.test].in_(language),
        "shop": result.shop or None,
        "verdict": result.verdict.value,
        "said": result.said.in_(language),
        "findings": [
            {
                "code": told.code,
                "title": told.title,
                "cause": told.cause,
                "remedy": told.remedy,
                "culprit": finding.culprit or None,
            }
            for finding in result.findings
            for told in (explain(finding.fault, language, finding.params),)
        ],
    }


def is_well(results: list[Result]) -> bool:
    """Whether the agent can work: warnings are allowed."""
    return all(result.verdict is not Verdict.ERROR for result in results)
