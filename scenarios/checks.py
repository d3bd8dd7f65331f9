"""All that must hold after every play. Each check gives what is not true, nothing when all is."""

from __future__ import annotations

from scenarios import checks_agent, checks_articles, checks_beside, checks_goods, checks_orders, checks_statuses
from scenarios.ended import Check, Ended

CHECKS: tuple[Check, ...] = (
    *checks_agent.CHECKS,
    *checks_orders.CHECKS,
    *checks_goods.CHECKS,
    *checks_statuses.CHECKS,
    *checks_articles.CHECKS,
    *checks_beside.CHECKS,
)


def broken(ended: Ended) -> dict[str, list[str]]:
    """Every check that does not hold, by its name, with what it found."""
    found = {check.__name__: check(ended) for check in CHECKS}
    return {name: list(dict.fromkeys(sentences)) for name, sentences in found.items() if sentences}
