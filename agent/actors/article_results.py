"""What came of articles that were written to Mamut: links, and what becomes of each product's task."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import msgspec

from agent.actors.goods_direction import End, GoodsLoop, Verdict
from agent.decide.articles import Change, ItemFamily, Make
from agent.decide.products import Hold
from agent.flows import DirectionName
from agent.journal import article_links, items, links, tasks
from agent.journal.items import key_of
from agent.journal.tasks import Task
from agent.model.goods import ArticleCard, ProductKind
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ArticleFields, ArticleLink
from agent.remote.trouble import Trouble

NUMBER_TAKEN = "product_no_taken"
NO_VARIANTS = "variants_not_licensed"
"""Codes of Mamut that something can be done about (docs/mamut-api.md)."""

TAKEN_MAX = 3
"""So often a number is looked up again after Mamut said that it was taken."""


class Plan(Frozen, frozen=True):
    """One article with the task that it comes from."""

    task: Task
    family: ItemFamily
    decision: Make | Change

    @property
    def writes(self) -> bool:
        return isinstance(self.decision, Make) or self.decision.writes


class Written(Frozen, frozen=True):
    """What came of one plan: the article as Mamut has it now, or why Mamut refused it."""

    plan: Plan
    card: ArticleCard | None = None
    problem: str = ""
    field: str = ""


class Results:
    """Judges within the step that commits what was written. Where `ties` is set the shop's product is tied to the
    article for those who write prices and stock, too."""

    def __init__(self, loop: GoodsLoop, *, ties: bool) -> None:
        self._loop = loop
        self._ties = ties
        self._taken: dict[int, int] = {}
        self.wakes: Callable[[apsw.Connection, list[int]], list[int]] = lambda _tx, ids: ids
        """Which variations of a product that has got its article are looked at for that."""

    def judge(self, tx: apsw.Connection, written: Written) -> Verdict:
        if written.card is not None:
            return self.stands(tx, written.plan, written.card)
        return self._refused(written)

    def stands(self, tx: apsw.Connection, plan: Plan, card: ArticleCard | None) -> Verdict:
        """The article is there as it is to be; `card` is what Mamut answered, None where nothing was written."""
        decision, family, task = plan.decision, plan.family, plan.task
        if card is None:
            if isinstance(decision, Make):
                raise TypeError("an article that was to be made stands without an answer")
            card = decision.card
        was = family.link
        # Found as we would have made it after an attempt of unknown outcome: that attempt has made it.
        late = bool(task.unsure) and was is None and isinstance(decision, Change) and not decision.writes
        made = isinstance(decision, Make) or late or (was is not None and was.made)
        retired = isinstance(decision, Change) and decision.retired
        link = ArticleLink(
            product_id=family.item.product_id,
            pk=card.pk,
            product_no=card.product_no,
            made=made,
            properties=card.properties,
            marks=decision.marks,
            retire=retired,
            retired=retired,
        )
        if was != link:
            self._keep(tx, family, was, link)
        self._taken.pop(family.item.product_id, None)
        return self._said(plan, was, late=late)

    def _keep(self, tx: apsw.Connection, family: ItemFamily, was: ArticleLink | None, link: ArticleLink) -> None:
        loop, item = self._loop, family.item
        if was is None:
            for bond in article_links.bonds(tx, (link.pk,)).get(link.pk, ()):
                if bond.shop == loop.shop and bond.product_id != item.product_id and bond.gone:
                    # Another product stood for it and has left the shop: this one has taken its place.
                    article_links.drop(tx, loop.shop, bond.product_id)
                    items.look_at(tx, loop.shop, (bond.product_id,), loop.now_ms)
        article_links.put(tx, loop.shop, link, loop.now_ms)
        renumbered = was is not None and was.product_no != link.product_no
        if item.kind is ProductKind.VARIABLE and (was is None or renumbered):
            self._wake(tx, item.product_id)
        if self._ties and not link.retired:
            links.put(
                tx,
                loop.shop,
                link.pk,
                product_id=item.product_id,
                parent_id=item.parent_id,
                kind=item.kind,
                sku=item.sku,
                made=False,
                now_ms=loop.now_ms,
            )

    def _wake(self, tx: apsw.Connection, parent_id: int) -> None:
        """The variations of a product that has got its article; those that are due already are left alone."""
        ids = self.wakes(tx, items.variations_of(tx, self._loop.shop, parent_id))
        waiting = tasks.of(tx, self._loop.shop, DirectionName.PRODUCTS_TO_MAMUT, [key_of(each) for each in ids])
        due = {key_of(task.pk) for task in waiting if task.due_ms is not None}
        items.look_at(tx, self._loop.shop, set(ids) - due, self._loop.now_ms)

    def _said(self, plan: Plan, was: ArticleLink | None, *, late: bool) -> Verdict:
        task, decision = plan.task, plan.decision
        if isinstance(decision, Make):
            return Verdict(task, Said.ARTICLE_MADE, written=True)
        wrote = decision.writes
        stopped: Hold | None = decision.stopped
        if stopped is not None:
            return Verdict(task, stopped.reason, stopped.params, End.HELD, written=wrote)
        if decision.retired:
            return Verdict(task, Said.ARTICLE_RETIRED, written=wrote)
        if was is None:
            return Verdict(task, Said.ARTICLE_MADE if late else Said.ARTICLE_ADOPTED, written=wrote or late)
        if wrote:
            return Verdict(task, Said.ARTICLE_WRITTEN, {"fields": _names(decision.fields)}, written=True)
        if decision.edited:
            return Verdict(task, Said.CHANGED_IN_MAMUT, {"fields": ", ".join(decision.edited)})
        return Verdict(task, Said.ARTICLE_UNCHANGED)

    def _refused(self, written: Written) -> Verdict:
        task, product_id = written.plan.task, written.plan.family.item.product_id
        if written.problem == NO_VARIANTS:
            return Verdict(task, GoodsReason.VARIANTS_NOT_LICENSED, end=End.HELD)
        if written.problem == NUMBER_TAKEN and self._taken.get(product_id, 0) < TAKEN_MAX:
            # Somebody was quicker: it is looked up again, and is then found.
            self._taken[product_id] = self._taken.get(product_id, 0) + 1
            return Verdict(task, Said.LOOKED_FOR, end=End.LATER, due_ms=self._loop.now_ms)
        params = {"problem": written.problem, "field": written.field}
        return Verdict(task, GoodsReason.MAMUT_REFUSED_ARTICLE, params, End.HELD)


def refusal(plan: Plan, trouble: Trouble) -> Written:
    return Written(plan=plan, problem=trouble.problem, field=str(trouble.params.get("field", "")))


def _names(fields: ArticleFields) -> str:
    return ", ".join(name for name, value in msgspec.structs.asdict(fields).items() if value is not None)
