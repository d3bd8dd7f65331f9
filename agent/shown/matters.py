"""What needs a person, as somebody who is not at the computer is told of it: by cause and shop."""

from __future__ import annotations

from datetime import UTC, datetime

import apsw

from agent.decide.telling import Matter
from agent.journal.attention_pages import Example
from agent.journal.overview import Needs
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Fault, Reason
from agent.settings.tree import Settings
from agent.shown.attention import Waiting, all_shops

FIRST = 5
"""Of each cause so many are named."""

STOPPING = frozenset({Reason.PACKAGE_LIMIT.value, Fault.MAMUT_VERSION_EXPIRED.value})
"""Causes that stop the flow of all orders, though they are said of each."""

UNTOLD = frozenset({Fault.MAIL_NOT_SENT.value})
"""What no letter can tell."""


class Subject(Frozen, frozen=True):
    """One cause in one shop: `need` counts it, `examples` are its first. `shop` is empty for what is no shop's."""

    need: Needs
    shop: str
    examples: tuple[Example, ...]

    @property
    def key(self) -> str:
        return f"{self.need.area}/{self.need.code}/{self.shop}"


def subjects(tx: apsw.Connection, settings: Settings, now: datetime) -> list[Subject]:
    """All of them, in the areas' order."""
    found: list[Subject] = []
    everybody = Waiting(tx, settings, now, ())
    for need in everybody.needs():
        # Silence and parts of the agent are counted for all shops at once: here they are told apart.
        by_shop: dict[str, list[Example]] = {}
        for each in everybody.first(need, need.count):
            by_shop.setdefault(each.shop, []).append(each)
        for shop, same in by_shop.items():
            since = min((each.since_ms for each in same if each.since_ms), default=None)
            own = Needs(area=need.area, code=need.code, count=len(same), since_ms=since)
            found.append(Subject(need=own, shop=shop, examples=tuple(same[:FIRST])))
    for shop in all_shops(tx, settings):
        waiting = Waiting(tx, settings, now, [ShopKey(shop)], silent=False)
        for need in waiting.needs():
            if need.area != "part":
                found.append(Subject(need=need, shop=shop, examples=tuple(waiting.first(need, FIRST))))
    return [each for each in found if each.need.code not in UNTOLD]


def matter(subject: Subject, settings: Settings) -> Matter:
    """How long the subject waits before it is told, and whether it stops the flow."""
    need, mail = subject.need, settings.mail
    urgent, age_s = False, mail.age_s
    if need.area in ("system", "shop", "late", "computer") or need.code in STOPPING:
        urgent, age_s = True, 0.0
    elif need.area == "part":
        urgent, age_s = True, settings.attention.unreachable_after_s
    elif need.area == "soon":
        age_s = 0.0
    elif need.code.startswith("BRY-D"):
        urgent = True
    since = None if not need.since_ms else datetime.fromtimestamp(need.since_ms / 1000, UTC)
    is_one = need.area in ("system", "shop", "part", "late", "computer", "soon")
    return Matter(key=subject.key, count=need.count, since=since, urgent=urgent, age_s=age_s, is_one=is_one)
