"""How a shop's webhooks have served, for `brygga webhooks status` and `brygga status`."""

from __future__ import annotations

import apsw

from agent.cli.desk import Desk
from agent.cli.output import say
from agent.decide.webhooks import ACTIVE
from agent.journal import webhooks
from agent.journal.webhooks import Tally
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.words import Language, words
from agent.shown.figures import number


class WebhooksStanding(Frozen, frozen=True):
    """One shop's webhooks as the agent last saw them; `silent` are the topics of those that are not active."""

    shop: str
    active: int
    silent: tuple[str, ...]
    tally: Tally
    mended: int


def webhooks_standing(desk: Desk) -> tuple[WebhooksStanding, ...]:
    """Of the shops whose webhooks are enabled, once they have been looked at."""
    found = []
    for shop in desk.settings.shop:
        rows = webhooks.states(desk.tx, ShopKey(shop.key)) if shop.enabled and shop.webhooks.enabled else ()
        if rows:
            silent = tuple(row.topic for row in rows if row.status != ACTIVE)
            tally, mended = of_shop(desk.tx, ShopKey(shop.key))
            found.append(WebhooksStanding(shop.key, len(rows) - len(silent), silent, tally, mended))
    return tuple(found)


def print_webhooks(desk: Desk, standing: tuple[WebhooksStanding, ...]) -> None:
    for each in standing:
        of = f"{each.active}/{each.active + len(each.silent)}"
        say(desk.text(f"Webhooks från {each.shop}: {of} aktiva", f"Webhooks of {each.shop}: {of} active"))
        for line in tally_lines(each.tally, each.mended, desk.language):
            say(f"  {line}")


def webhooks_json(standing: WebhooksStanding) -> dict[str, object]:
    """Keys are stable."""
    figures = tally_json(standing.tally, standing.mended)
    return {"active": standing.active, "not_active": list(standing.silent), **figures}


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


def tally_json(tally: Tally, mended: int) -> dict[str, object]:
    """Keys are stable."""
    return {
        "deliveries": tally.heard,
        "refused": tally.refused,
        "told_first": tally.first,
        "told_late": tally.late,
        "missed": tally.missed,
        "missed_share": tally.missed_share,
        "switched_on_again": mended,
    }


def _percent(share: float, comma: str) -> str:
    return f"{share * 100:.1f}".replace(".", comma)
