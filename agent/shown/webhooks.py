"""How a shop's webhooks have served, in words: for the command line and the admin."""

from __future__ import annotations

import apsw

from agent.journal import webhooks
from agent.journal.webhooks import Tally
from agent.model.ids import ShopKey
from agent.model.words import Language, words
from agent.shown.figures import number

_STATUS = {
    "active": words("aktiv", "active"),
    "paused": words("pausad av någon", "paused by somebody"),
    "disabled": words("avstängd av butiken", "switched off by the shop"),
    webhooks.MISSING: words("saknas", "missing"),
}


def status_name(status: str, language: Language) -> str:
    return _STATUS[status].in_(language) if status in _STATUS else status


def of_shop(tx: apsw.Connection, shop: ShopKey) -> tuple[Tally, int]:
    """A shop's figures, and how often one of its webhooks was found switched off."""
    return webhooks.tally(tx, shop), sum(row.mended for row in webhooks.states(tx, shop))


def tally_lines(tally: Tally, mended: int, language: Language) -> list[str]:
    """What came, and what only polling found, in a few lines."""

    def told(sv: str, en: str) -> str:
        return words(sv, en).in_(language)

    counts = {name: number(getattr(tally, name), language) for name in ("heard", "refused", "first", "late", "missed")}
    lines = [
        told(
            f"Leveranser: {counts['heard']}, utan rätt signatur: {counts['refused']}",
            f"Deliveries: {counts['heard']}, without a right signature: {counts['refused']}",
        )
    ]
    share = tally.missed_share
    if share is not None:
        lines.append(
            told(
                f"Ändringar: {counts['first']} ringde först, {counts['late']} ringde efter en läsning, "
                f"{counts['missed']} ringde aldrig ({_percent(share, ',')} %)",
                f"Changes: {counts['first']} rang first, {counts['late']} rang after a poll, "
                f"{counts['missed']} never rang ({_percent(share, '.')}%)",
            )
        )
    if mended:
        count = number(mended, language)
        lines.append(
            told(f"Avstängda av butiken och påslagna igen: {count}", f"Switched off by the shop, and on again: {count}")
        )
    return lines


def _percent(share: float, comma: str) -> str:
    return f"{share * 100:.1f}".replace(".", comma)
