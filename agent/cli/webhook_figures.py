"""How a shop's webhooks have served, for `brygga webhooks status` and `brygga status`."""

from __future__ import annotations

from agent.cli.desk import Desk
from agent.cli.output import say
from agent.decide.webhooks import ACTIVE
from agent.journal import webhooks
from agent.journal.webhooks import Tally
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.shown.webhooks import of_shop, tally_lines


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
