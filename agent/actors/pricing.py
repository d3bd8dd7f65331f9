"""What the directions of prices and of price lists have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from functools import partial
from random import Random

import apsw
import msgspec

from agent.actors.goods_direction import End, GoodsLoop, Judge, Row, Send, Verdict
from agent.actors.linker import Linker
from agent.actors.product_direction import parts_read
from agent.actors.shelf import Shelf
from agent.actors.times import to_ms
from agent.decide.goods_rules import GoodsRules
from agent.decide.prices import PriceGround, inherits_price, midnight, shop_day
from agent.decide.products import Family
from agent.flows import DirectionName
from agent.journal import records, register
from agent.journal.families import families
from agent.journal.journal import Journal
from agent.journal.passes import Part
from agent.journal.tasks import Task
from agent.model.clock import Clock
from agent.model.goods import ProductWrite, ShopProduct, ShopTerms
from agent.model.link import Facet
from agent.model.money import ZERO
from agent.model.said import GoodsReason, Said
from agent.remote.ports import GoodsPort, MamutCompany
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import PriceSettings

PARTS = (Part.ARTICLES, Part.PRICES)
"""What must have been read before a price is decided."""


class Pricing:
    """What a direction of prices of one shop works with."""

    def __init__(
        self,
        settings: ShopSettings,
        port: GoodsPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        shelf: Shelf,
        linker: Linker,
        *,
        is_known: Callable[[], bool],
        progress: Callable[[], None],
        rules: GoodsRules | None = None,
    ) -> None:
        self.settings = settings.prices
        self.rules = rules or GoodsRules(settings)
        self.port = port
        self.shelf = shelf
        self.linker = linker
        self._shop = settings
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._is_known = is_known
        self._progress = progress

    def loop(self, name: DirectionName, facet: Facet, work: Callable[[list[Task]], Awaitable[None]]) -> GoodsLoop:
        """The direction's loop, which waits until articles and prices have been read."""
        loop: GoodsLoop

        def ready(tx: apsw.Connection) -> bool:
            return parts_read(tx, PARTS, loop.now_ms)

        loop = GoodsLoop(
            self._shop,
            name,
            self._journal,
            self._clock,
            self._chance,
            work,
            is_known=self._is_known,
            progress=self._progress,
            ready=ready,
            facet=facet,
        )
        return loop

    async def ground(self) -> PriceGround:
        """Raises Trouble when the shop's terms are not known and cannot be asked for."""
        terms = await self.shelf.terms()
        return self._journal.view(lambda tx: price_ground(tx, self.settings, terms, self._clock()))

    async def priceable(self, loop: GoodsLoop, due: Sequence[Task]) -> tuple[list[Task], dict[int, Family]]:
        """The tasks whose article has a product and a price of its own, with their articles; the others' are settled.
        Raises Trouble."""
        found = self._journal.view(lambda tx: families(tx, loop.shop, [task.pk for task in due]))
        await loop.settle([Verdict(task, Said.ARTICLE_GONE) for task in due if task.pk not in found])
        mains = [task for task in due if task.pk in found and found[task.pk].card.properties]
        await loop.settle([Verdict(task, Said.PRICED_BY_VARIANTS) for task in mains])
        rest = [task for task in due if task.pk in found and not found[task.pk].card.properties]
        found = await self.linker.unlinked(loop, {task.pk: found[task.pk] for task in rest}, rest)
        return [task for task in rest if task.pk in found], found


def price_ground(tx: apsw.Connection, settings: PriceSettings, terms: ShopTerms, now: datetime) -> PriceGround:
    """What prices stand on, as Mamut was last read."""
    company = records.value(tx, records.MAMUT_COMPANY)
    return PriceGround(
        settings=settings,
        terms=terms,
        currency=msgspec.json.decode(company, type=MamutCompany).currency if company else "",
        percents={1: ZERO} | {code.id: code.percent for code in register.vat_codes(tx)},
        discounts=register.discounts(tx),
        today=shop_day(now, terms),
    )


def due_ms(next_day: date | None, ground: PriceGround) -> int:
    """When the article is to be looked at again, 0 for never."""
    return 0 if next_day is None else to_ms(midnight(next_day, ground.terms))


def priced_by(family: Family) -> str:
    """The number under which Mamut has the article's price: its own, or its main product's."""
    if family.main is not None and inherits_price(family.main):
        return family.main.product_no
    return family.card.product_no


def later(verdict: Verdict, at_ms: int) -> Verdict:
    """Looked at again when the day comes that changes the price, if one does."""
    return verdict if not at_ms else msgspec.structs.replace(verdict, end=End.LATER, due_ms=at_ms)


def without_price(task: Task, number: str, double: dict[str, tuple[int, ...]]) -> Verdict:
    """Mamut has no price under the number, or two articles bear it and nobody knows whose it is."""
    if number in double:
        params = {"number": number, "pks": ", ".join(map(str, double[number]))}
        return Verdict(task, GoodsReason.NUMBER_TWICE_IN_MAMUT, params, End.HELD)
    return Verdict(task, Said.NO_PRICE)


def row_of(task: Task, family: Family, product: ShopProduct) -> tuple[int, Row]:
    """The row that writes this to the article's product, whatever kind it is, with the product whose variation it is, 0
    for none."""
    link = family.link
    if link is None:
        raise TypeError("something to write for an article without a product")
    product = msgspec.structs.replace(product, kind=link.kind)
    return link.parent_id, Row(task, ProductWrite(pk=task.pk, product_id=link.product_id, product=product))


async def deliver(loop: GoodsLoop, port: GoodsPort, rows: Sequence[tuple[int, Row]], judge: Judge) -> None:
    """Products 100 at a time, then the variations of each product. Raises Trouble."""
    by_parent: dict[int, list[Row]] = {}
    for parent_id, row in rows:
        by_parent.setdefault(parent_id, []).append(row)
    for parent_id, group in sorted(by_parent.items()):
        send: Send = partial(port.write_variations, parent_id) if parent_id else port.write_products
        await loop.deliver(group, send, judge)
