"""The steps of reading Mamut's register: a page compared, kept, made into tasks and turned, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import comparing, passes, records, register, stock_facts, tasks
from agent.journal.journal import Step
from agent.journal.passes import Part, Pass
from agent.model.goods import ArticlePage, PriceCard, PricePage, StockCard, StockPage
from agent.model.ids import ShopKey

Wants = Sequence[tuple[ShopKey, DirectionName]]
"""The directions that are on, by shop."""

OF_ARTICLES = frozenset({DirectionName.PRODUCTS_TO_SHOP})
OF_PRICES = frozenset({DirectionName.PRICES_TO_SHOP, DirectionName.PRICE_LISTS_TO_SHOP})
OF_STOCK = frozenset({DirectionName.STOCK_TO_SHOP})
"""Which directions look at an article when that part of it is another one."""

PARTS: Mapping[DirectionName, frozenset[Part]] = {
    **dict.fromkeys(OF_ARTICLES, frozenset({Part.ARTICLES})),
    **dict.fromkeys(OF_PRICES, frozenset({Part.ARTICLES, Part.PRICES})),
    **dict.fromkeys(OF_STOCK, frozenset({Part.ARTICLES, Part.STOCK})),
}
"""Which parts a direction lives on. The article comes with all: it tells what a price and a stock are of."""


class Place(msgspec.Struct, frozen=True):
    """Where a page stands: of which pass, and where the next one begins. `asked_ms` is our clock when it was asked."""

    reading: Pass
    next_offset: int
    asked_ms: int
    now_ms: int


class Turned(msgspec.Struct, frozen=True):
    """What came of a page. `shops` have tasks, `numbers` are to be asked for alone. `seen` and `total` are of a pass
    that has come to its end; where they differ it was not whole, and another one has begun. `strays` says that it
    showed numbers that no article has yet."""

    reading: Pass
    shops: frozenset[ShopKey] = frozenset()
    numbers: tuple[str, ...] = ()
    seen: int = 0
    total: int = 0
    ended: bool = False
    strays: bool = False

    @property
    def is_short(self) -> bool:
        return self.ended and self.reading.is_under_way


class _Company(msgspec.Struct, frozen=True):
    client_no: str = ""


def client_no(tx: apsw.Connection) -> str:
    """The company that Mamut opened last; empty before it has opened any."""
    text = records.value(tx, records.MAMUT_COMPANY)
    return msgspec.json.decode(text, type=_Company).client_no if text else ""


def begin_pass(part: Part, now_ms: int) -> Step[Pass]:
    def begin_register_pass(tx: apsw.Connection) -> Pass:
        if not records.value(tx, register.CLIENT):
            records.set_value(tx, register.CLIENT, client_no(tx))
        return passes.begin(tx, part, now_ms)

    return begin_register_pass


def articles_page(page: ArticlePage, place: Place, wants: Wants) -> Step[Turned]:
    def keep_articles_page(tx: apsw.Connection) -> Turned:
        kept = comparing.keep_articles(tx, comparing.differing_articles(tx, page.rows), place.now_ms)
        shops = (
            put(tx, wants, OF_ARTICLES, kept.articles, place)
            | put(tx, wants, OF_PRICES, kept.prices, place)
            | put(tx, wants, OF_STOCK, kept.stock, place)
        )
        turned = _turn(tx, place, page.total, len(page.rows), kept.changed)
        return msgspec.structs.replace(turned, shops=shops, numbers=tuple(sorted(kept.numbers)))

    return keep_articles_page


def prices_page(page: PricePage, place: Place, wants: Wants) -> Step[Turned]:
    def keep_prices_page(tx: apsw.Connection) -> Turned:
        rows = comparing.differing_prices(tx, page.rows)
        shops = put(tx, wants, OF_PRICES, comparing.keep_prices(tx, rows, place.now_ms), place)
        return msgspec.structs.replace(_turn(tx, place, page.total, len(page.rows), len(rows)), shops=shops)

    return keep_prices_page


def stock_page(page: StockPage, place: Place, wants: Wants) -> Step[Turned]:
    def keep_stock_page(tx: apsw.Connection) -> Turned:
        rows = comparing.differing_stock(tx, page.rows)
        shops = put(tx, wants, OF_STOCK, comparing.keep_stock(tx, rows, place.asked_ms), place)
        turned = _turn(tx, place, page.total, len(page.rows), len(rows))
        strays = turned.ended and stock_facts.note_whole_reading(tx, turned.reading.whole_began_ms)
        return msgspec.structs.replace(turned, shops=shops, strays=strays)

    return keep_stock_page


def numbers_again(
    stock: Sequence[StockCard], prices: Sequence[PriceCard], place: Place, wants: Wants
) -> Step[frozenset[ShopKey]]:
    """What Mamut holds under numbers that have come to other articles."""

    def keep_numbers_again(tx: apsw.Connection) -> frozenset[ShopKey]:
        stocked = comparing.keep_stock_again(tx, stock, place.asked_ms)
        priced = comparing.keep_prices(tx, comparing.differing_prices(tx, prices), place.now_ms)
        return put(tx, wants, OF_STOCK, stocked, place) | put(tx, wants, OF_PRICES, priced, place)

    return keep_numbers_again


def put(
    tx: apsw.Connection, wants: Wants, directions: frozenset[DirectionName], pks: Iterable[int], place: Place
) -> frozenset[ShopKey]:
    """Tasks for those of the directions that are on; gives the shops that have got some."""
    wanted = sorted(pks)
    if not wanted:
        return frozenset()
    told = [(shop, direction) for shop, direction in wants if direction in directions]
    for shop, direction in told:
        tasks.put(tx, shop, direction, wanted, place.now_ms, run=place.reading.number)
    return frozenset(shop for shop, _ in told)


def _turn(tx: apsw.Connection, place: Place, total: int, seen: int, changed: int) -> Turned:
    """Goes on to the next page. At the end a pass that has not seen each row once is no pass: another one begins.
    Stock is no row for articles that keep none, so it cannot be counted."""
    part = Part(place.reading.part)
    reading = passes.turn(tx, part, offset=place.next_offset, total=total, seen=seen, changed=changed)
    if not reading.is_through:
        return Turned(reading)
    whole = part is Part.STOCK or reading.seen == reading.total
    ended = passes.finish(tx, part, place.now_ms) if whole else passes.begin(tx, part, place.now_ms)
    return Turned(ended, seen=reading.seen, total=reading.total, ended=True)
