"""What the directions of prices and of price lists have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

import apsw
import msgspec

from agent.actors.goods_direction import End, GoodsLoop, Judge, Row, Send, Verdict
from agent.actors.times import to_ms
from agent.decide.prices import PriceGround, inherits_price, midnight, shop_day
from agent.decide.products import Family
from agent.journal import records, register
from agent.journal.tasks import Task
from agent.model.goods import ProductWrite, ShopProduct, ShopTerms
from agent.model.money import ZERO
from agent.model.said import GoodsReason, Said
from agent.remote.ports import GoodsPort, MamutCompany
from agent.settings.tree_goods import PriceSettings


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
