"""What came of rows of products: links, and what becomes of each article's task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw
import msgspec

from agent.actors.goods_direction import ROWS_MAX, End, GoodsLoop, Row, Verdict, by_rules
from agent.actors.linker import Linker
from agent.actors.times import to_s
from agent.decide.products import MARKED, Family, Write, as_on_parent, merged
from agent.flows import DirectionName
from agent.journal import links, tasks
from agent.journal.tasks import Task
from agent.model.goods import ProductKind, ProductResult, RowProblem, SeenProduct, ShopProduct, Written
from agent.model.link import Facet
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said
from agent.remote.ports import GoodsPort

GTIN_PROBLEM = "global_unique_id"
"""What WooCommerce's codes about a GTIN have in them: it is another product's, or no number at all."""

TRASH = "trash"


class Plan(Frozen, frozen=True):
    """One row with what it came from."""

    task: Task
    family: Family
    write: Write

    @property
    def standing(self) -> int:
        """The product whose attributes must be known before these are written; 0 when they are as we made them."""
        main = self.family.main_link
        if self.write.product.kind is ProductKind.VARIATION:
            return 0 if main is None or main.made else main.product_id
        return self.write.product_id


class Results:
    """Judges rows within the step that commits their batch. What it remembers between two rounds is lost with the
    process, without harm: the shop then says the same again."""

    def __init__(self, loop: GoodsLoop, linker: Linker) -> None:
        self._loop = loop
        self._linker = linker
        self.gone: set[int] = set()
        """Articles whose product the shop says is gone: to be looked for by number."""
        self.without_gtin: set[int] = set()
        """Articles whose GTIN the shop would not take."""
        self.adopted: set[int] = set()
        self.freed = True
        """Whether an article number may have come free in the shop; after a start nobody knows."""
        self._made_before: set[int] = set()

    def looked_up(self, lost: Iterable[int], forgotten: Iterable[int]) -> None:
        """These have been looked for; those of them that we had made and that are nowhere are to be made again."""
        self.gone -= set(lost)
        self._made_before |= set(forgotten)

    async def with_standing(self, port: GoodsPort, plans: Sequence[Plan]) -> dict[int, Plan]:
        """The plans with the attributes that their products have in the shop beside ours. Raises Trouble."""
        found: dict[int, SeenProduct] = {}
        ids = sorted({plan.standing for plan in plans})
        for start in range(0, len(ids), ROWS_MAX):
            self._loop.asked()
            seen = await port.read_products(tuple(ids[start : start + ROWS_MAX]))
            found.update((product.product_id, product) for product in seen)
        changed: dict[int, Plan] = {}
        for plan in plans:
            product, standing = plan.write.product, found.get(plan.standing)
            if standing is None or product.choices is None:
                continue  # It is gone, as the write will tell.
            of_kind = as_on_parent if product.kind is ProductKind.VARIATION else merged
            product = msgspec.structs.replace(product, choices=of_kind(product.choices, standing.choices))
            write = msgspec.structs.replace(plan.write, product=product)
            changed[plan.family.card.pk] = msgspec.structs.replace(plan, write=write)
        return changed

    def judge(
        self, plans: dict[int, Plan], tx: apsw.Connection, row: Row, result: ProductResult, written: Written
    ) -> Verdict:
        plan = plans[row.write.pk]
        if result.seen is not None:
            return self._stands(tx, plan, row, result.seen, written)
        return self._refused(tx, plan, row, result)

    def _stands(self, tx: apsw.Connection, plan: Plan, row: Row, seen: SeenProduct, written: Written) -> Verdict:
        shop, pk, loop = self._loop.shop, row.write.pk, self._loop
        if seen.status == TRASH:
            # It is there and takes what is written, but a person has thrown it away: that is not ours to undo.
            params = {"product_id": str(seen.product_id)}
            return Verdict(row.task, GoodsReason.PRODUCT_GONE, params, End.HELD)
        made = not row.write.product_id
        product = row.write.product
        if made:
            self._linker.link(tx, loop, plan.family, seen, made=True)
            carried: list[DirectionName] = []
            if product.kind is ProductKind.VARIABLE:
                carried += [DirectionName.PRICES_TO_SHOP, DirectionName.PRICE_LISTS_TO_SHOP]
            if product.price is not None and seen.regular == product.price.regular:
                links.set_price(tx, shop, pk, product.price)
                carried.append(DirectionName.PRICES_TO_SHOP)
                tasks.say(tx, shop, DirectionName.PRICES_TO_SHOP, pk, loop.now_ms, Said.MADE)
            if product.stock is not None:
                links.set_stock(tx, shop, pk, product.stock, to_s(written.answered_at))
                carried.append(DirectionName.STOCK_TO_SHOP)
                tasks.say(tx, shop, DirectionName.STOCK_TO_SHOP, pk, loop.now_ms, Said.MADE)
            self._linker.follow(tx, loop, (pk,), tuple(carried))
        elif product.sku is not None:
            self.freed = True
        links.set_sku(tx, shop, pk, seen.sku)
        links.set_marks(tx, shop, pk, plan.write.marks)
        code, params = self._said(plan, product, made=made)
        self.without_gtin.discard(pk)
        if seen.sku == plan.family.card.product_no.strip():
            return Verdict(row.task, code, params, written=True)
        if product.sku is not None:
            return Verdict(row.task, GoodsReason.SHOP_REFUSED, {"problem": "sku_not_kept"}, End.HELD, written=True)
        # Somebody has renamed it in the shop: the link stays, and the number is Mamut's to say.
        return Verdict(row.task, code, params, End.LATER, loop.now_ms, written=True)

    def _said(self, plan: Plan, product: ShopProduct, *, made: bool) -> tuple[Said, dict[str, str]]:
        pk = plan.family.card.pk
        fields = [name for name in ("sku", *MARKED) if getattr(product, name) is not None]
        params = {"fields": ", ".join(fields)} | by_rules(plan.write.by)
        bad_gtin = plan.write.bad_gtin or (plan.family.card.ean if pk in self.without_gtin else "")
        again, adopted = pk in self._made_before, pk in self.adopted
        self._made_before.discard(pk)
        self.adopted.discard(pk)
        if bad_gtin:
            return Said.WRITTEN_WITHOUT_GTIN, {**params, "gtin": bad_gtin}
        if made:
            return (Said.MADE_AGAIN if again else Said.MADE), params
        return (Said.ADOPTED if adopted else Said.WRITTEN), params

    def _refused(self, tx: apsw.Connection, plan: Plan, row: Row, result: ProductResult) -> Verdict:
        task, pk, problem = row.task, row.write.pk, result.problem
        card = plan.family.card
        if problem == RowProblem.GONE and row.write.product_id:
            self.gone.add(pk)
            return Verdict(task, Said.LOOKED_FOR, end=End.LATER, due_ms=self._loop.now_ms)
        if problem == RowProblem.PARENT_GONE and plan.family.main is not None:
            return self._parent_gone(tx, plan, task)
        if problem == RowProblem.SKU_IN_TRASH:
            return Verdict(task, GoodsReason.SKU_IN_TRASH, {"holder": str(result.holder_id)}, End.HELD)
        if problem == RowProblem.SKU_TAKEN:
            if row.write.product_id or task.unsure or pk in self._made_before:
                # It has been looked for, or is another's: what has the number is not what the article is.
                return Verdict(task, GoodsReason.SKU_TAKEN, {"holder": str(result.holder_id or "")}, End.HELD)
            return Verdict(task, Said.LOOKED_FOR, end=End.LATER, due_ms=self._loop.now_ms, unsure=True)
        if GTIN_PROBLEM in problem and row.write.product.gtin:
            self.without_gtin.add(pk)
            return Verdict(task, Said.WRITTEN_WITHOUT_GTIN, {"gtin": card.ean}, End.LATER, self._loop.now_ms)
        return Verdict(task, GoodsReason.SHOP_REFUSED, {"problem": problem}, End.HELD)

    def _parent_gone(self, tx: apsw.Connection, plan: Plan, task: Task) -> Verdict:
        """The main product is looked at anew; when it is linked again its variants are."""
        main = plan.family.main
        if main is None:
            raise TypeError("a variant without its main product was sent")
        self.gone.add(main.pk)
        links.about_to_write(tx, self._loop.shop, (main.pk,), Facet.PRODUCT)
        tasks.put(tx, self._loop.shop, DirectionName.PRODUCTS_TO_SHOP, (main.pk,), self._loop.now_ms)
        return Verdict(task, GoodsReason.MAIN_WAITS, {"main": main.product_no}, End.HELD)
