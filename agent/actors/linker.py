"""Finds the products of a shop that Mamut's articles are, by article number, and links them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw

from agent.actors.goods_direction import ROWS_MAX, End, GoodsLoop, Verdict
from agent.decide.matching import Adopt, match
from agent.decide.products import Family, Hold, kind_of
from agent.flows import DirectionName
from agent.journal import links, tasks
from agent.journal.families import families
from agent.journal.tasks import Task
from agent.model.goods import ProductKind, SeenProduct, ShopPrice
from agent.model.link import Facet
from agent.model.said import Said
from agent.remote.ports import GoodsPort

AGAIN_S = 86_400.0
"""How long until an article that the shop does not have is looked for again, where products are not ours to make."""


class Linker:
    """One shop's. `followers` are the directions that have something to write to whatever is linked, and `makes` tells
    that products_to_shop is among the shop's directions: then what has no product waits for it to be made."""

    def __init__(self, port: GoodsPort, followers: tuple[DirectionName, ...], *, makes: bool) -> None:
        self._port = port
        self._followers = followers
        self.makes = makes

    async def find(
        self, loop: GoodsLoop, wanted: Mapping[int, Family], *, relink: frozenset[int] = frozenset()
    ) -> dict[int, Adopt | Hold | None]:
        """What the shop has under the numbers of these articles. Those in `relink` have a link that is no longer true.
        Raises Trouble."""
        numbers = sorted({family.card.product_no for family in wanted.values()})
        seen: dict[str, list[SeenProduct]] = {}
        for start in range(0, len(numbers), ROWS_MAX):
            loop.asked()
            for product in await self._port.find_products(tuple(numbers[start : start + ROWS_MAX])):
                seen.setdefault(_fold(product.sku), []).append(product)

        def holders(tx: apsw.Connection) -> dict[int, int]:
            found = (links.by_product(tx, loop.shop, each.product_id) for rows in seen.values() for each in rows)
            return {link.product_id: link.pk for link in found if link is not None and link.pk not in relink}

        held = loop.journal.view(holders)
        matched: dict[int, Adopt | Hold | None] = {}
        # Numbers that differ by case alone are one to the shop: the older article has it.
        for pk, family in sorted(wanted.items()):
            rows = tuple(_own(seen.get(_fold(family.card.product_no), [])))
            holder = held.get(rows[0].product_id) if len(rows) == 1 else None
            matched[pk] = result = match(family, rows, holder)
            if isinstance(result, Adopt):
                held[result.seen.product_id] = pk
        return matched

    def adopt(self, tx: apsw.Connection, loop: GoodsLoop, family: Family, seen: SeenProduct) -> None:
        """The article is this product from now on. Part of a step."""
        self.link(tx, loop, family, seen, made=False)
        if seen.regular is not None:
            # What it costs there is what a leap is measured on, and is written over whatever it is.
            links.set_price(tx, loop.shop, family.card.pk, ShopPrice(regular=seen.regular, sale=seen.sale))
            links.about_to_write(tx, loop.shop, (family.card.pk,), Facet.PRICE)
        self.follow(tx, loop, (family.card.pk,))

    def link(self, tx: apsw.Connection, loop: GoodsLoop, family: Family, seen: SeenProduct, *, made: bool) -> None:
        """Keeps the link; variants of a main product that has got one may be made now. Part of a step."""
        card = family.card
        links.put(
            tx,
            loop.shop,
            card.pk,
            product_id=seen.product_id,
            parent_id=seen.parent_id,
            kind=kind_of(card),
            sku=seen.sku,
            made=made,
            now_ms=loop.now_ms,
        )
        if kind_of(card) is ProductKind.VARIABLE:
            variants = [each.pk for each in family.siblings]
            links.drop_variants(tx, loop.shop, variants, seen.product_id)
            if self.makes:
                self._wake(tx, loop, DirectionName.PRODUCTS_TO_SHOP, variants)

    def follow(
        self, tx: apsw.Connection, loop: GoodsLoop, pks: Iterable[int], without: tuple[DirectionName, ...] = ()
    ) -> None:
        """Prices and stock of what has just been linked are to be looked at. Part of a step."""
        articles = list(pks)
        for name in self._followers:
            if name not in without and name is not loop.name:
                tasks.put(tx, loop.shop, name, articles, loop.now_ms)

    def lost(self, tx: apsw.Connection, loop: GoodsLoop, family: Family, task: Task) -> Verdict:
        """The shop says that the product of this article, or its main product, is gone: whoever makes products sees to
        it, else it is looked for. Part of a step."""
        articles = [family.card.pk] if family.main is None else [family.card.pk, family.main.pk]
        if self.makes:
            links.about_to_write(tx, loop.shop, articles, Facet.PRODUCT)
            tasks.put(tx, loop.shop, DirectionName.PRODUCTS_TO_SHOP, articles, loop.now_ms)
            return Verdict(task, Said.NO_PRODUCT)
        for pk in articles:
            links.drop(tx, loop.shop, pk)
        return Verdict(task, Said.LOOKED_FOR, end=End.LATER, due_ms=loop.now_ms)

    async def unlinked(self, loop: GoodsLoop, found: dict[int, Family], due: list[Task]) -> dict[int, Family]:
        """Gives the articles that have a product, and settles the tasks of those that have none: where nobody makes
        products they are looked for first, main products before their variants. Raises Trouble."""
        missing = {task.pk: found[task.pk] for task in due if task.pk in found and found[task.pk].link is None}
        if not missing:
            return found
        if self.makes:
            await loop.settle([Verdict(task, Said.NO_PRODUCT) for task in due if task.pk in missing])
            return {pk: family for pk, family in found.items() if pk not in missing}
        mains = {
            family.main.pk: family.main
            for family in missing.values()
            if family.main is not None and family.main_link is None
        }
        others = {pk for pk, each in missing.items() if each.card.variant is None}
        held = await self._adopted(loop, set(mains) | others)
        held |= await self._adopted(loop, set(missing) - others)
        left = loop.journal.view(lambda tx: families(tx, loop.shop, missing))
        later_ms = loop.now_ms + int(AGAIN_S * 1000)
        verdicts: list[Verdict] = []
        for task in due:
            if task.pk not in missing or left[task.pk].link is not None:
                continue
            stopped = held.get(task.pk)
            if stopped is not None:
                verdicts.append(Verdict(task, stopped.reason, stopped.params, End.HELD))
            else:
                verdicts.append(Verdict(task, Said.NOT_IN_SHOP, end=End.LATER, due_ms=later_ms))
        await loop.settle(verdicts)
        linked = {pk: family for pk, family in left.items() if family.link is not None}
        return {**{pk: family for pk, family in found.items() if pk not in missing}, **linked}

    async def _adopted(self, loop: GoodsLoop, pks: set[int]) -> dict[int, Hold]:
        """Links what is found of these; what stopped the others."""
        if not pks:
            return {}
        wanted = loop.journal.view(lambda tx: families(tx, loop.shop, pks))
        matched = await self.find(loop, wanted)

        def adopting(tx: apsw.Connection) -> None:
            for pk, result in matched.items():
                if isinstance(result, Adopt):
                    self.adopt(tx, loop, wanted[pk], result.seen)

        if any(isinstance(result, Adopt) for result in matched.values()):
            await loop.journal.run(adopting)
        return {pk: result for pk, result in matched.items() if isinstance(result, Hold)}

    def _wake(self, tx: apsw.Connection, loop: GoodsLoop, name: DirectionName, pks: Iterable[int]) -> None:
        """Puts tasks for those that have none under way: what is due already must not look as if it had come anew."""
        wanted = list(pks)
        due = {task.pk for task in tasks.of(tx, loop.shop, name, wanted) if task.due_ms is not None}
        tasks.put(tx, loop.shop, name, [pk for pk in wanted if pk not in due], loop.now_ms)


def _fold(sku: str) -> str:
    """Case and outer spaces do not matter to a shop (products_simple[19])."""
    return sku.strip().casefold()


def _own(rows: list[SeenProduct]) -> Iterable[SeenProduct]:
    """Without variations that only show their product's number, having none of their own (variations[18])."""
    parents = {row.product_id for row in rows if row.kind is not ProductKind.VARIATION}
    return (row for row in rows if row.parent_id not in parents)
