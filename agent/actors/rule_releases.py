"""One shop's articles that people have released from rules that hold them, at hand for every decision."""

from __future__ import annotations

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import rule_releases, tasks
from agent.journal.journal import Journal
from agent.journal.rule_releases import Release
from agent.model.ids import ShopKey
from agent.model.said import GoodsReason
from agent.rules.tree import RuleObject
from agent.settings.tree import ShopSettings, settings_digest

RULED = {
    DirectionName.PRODUCTS_TO_SHOP: RuleObject.PRODUCT,
    DirectionName.PRICES_TO_SHOP: RuleObject.PRICE,
    DirectionName.PRICE_LISTS_TO_SHOP: RuleObject.PRICE,
    DirectionName.STOCK_TO_SHOP: RuleObject.STOCK,
}
"""What the merchant's rules about these directions are about."""


class RuleReleases:
    """Call it with what a rule is about and an article: the rules that hold it no more."""

    def __init__(self, settings: ShopSettings, journal: Journal) -> None:
        self._shop = ShopKey(settings.key)
        self._journal = journal
        self._digests: dict[str, str] = {}
        self._released: dict[tuple[str, int], frozenset[str]] = {}
        self.change(settings)

    def change(self, settings: ShopSettings) -> None:
        """These are the shop's rules from now on: who was released from another one is not released from these."""
        self._digests = {rule.name: settings_digest(rule) for rule in settings.processing}
        self.refresh()

    def __call__(self, about: RuleObject, pk: int) -> frozenset[str]:
        return self._released.get((about.value, pk), frozenset())

    def refresh(self) -> None:
        """Somebody has released an article."""
        kept = self._journal.view(lambda tx: rule_releases.of_shop(tx, self._shop)) if self._digests else {}
        self._released = {
            key: frozenset(name for name, each in rules.items() if self._digests.get(name) == each.digest)
            for key, rules in kept.items()
        }

    def release(self, tx: apsw.Connection, pk: int, who: str, now_ms: int) -> bool:
        """Lets go of the article wherever a rule holds it now; false where none does. Part of a step; `refresh` follows
        it."""
        found = False
        rows = tx.execute(
            "SELECT direction, params FROM tasks WHERE shop = ? AND pk = ? AND due_ms IS NULL AND code = ?",
            (self._shop, pk, GoodsReason.HELD_BY_RULE.value),
        ).fetchall()
        for direction, params in rows:
            name = DirectionName(str(direction))
            rule = msgspec.json.decode(str(params), type=dict[str, str]).get("rule", "")
            given = Release(digest=self._digests.get(rule, ""), who=who, at_ms=now_ms)
            rule_releases.release(tx, self._shop, RULED[name].value, pk, rule, given)
            tasks.release(tx, self._shop, name, now_ms, pks=[pk])
            found = True
        return found
