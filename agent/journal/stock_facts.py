"""What a decision about stock needs to know, gathered from the register, the links and the sales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import apsw
import msgspec

from agent.decide.stock import StockFacts, Unbooked, shares_stock
from agent.journal import records, standing
from agent.journal.tasks import PK_STEP
from agent.model.goods import ArticleCard, StockCard

STOCK_PLACED = "stock_placed"
"""When the last whole reading of stock began in which every number was an article's (milliseconds, ours)."""

_article = msgspec.msgpack.Decoder(ArticleCard)
_stock = msgspec.msgpack.Decoder(StockCard)

_SOLD = (
    "s.shop, s.order_id, s.product_id, s.sku, s.qty, s.booked, l.status, coalesce(o.state, ''), coalesce(o.reason, ''),"
    " o.transferred_ms, b.body"
)
_OF_SOLD = (
    "JOIN sales l ON l.shop = s.shop AND l.order_id = s.order_id"
    " LEFT JOIN orders o ON o.shop = s.shop AND o.order_id = s.order_id"
    " LEFT JOIN booked b ON b.shop = s.shop AND b.order_id = s.order_id"
)


class _Sold(msgspec.Struct, frozen=True):
    """A row of an order that counts as sold; the same row may be found by its article number and by its link."""

    shop: str
    order_id: int
    product_id: int
    sku: str
    qty: str
    booked: str
    status: str
    state: str
    reason: str
    transferred_ms: int | None
    body: bytes | None


def whole_reading_ms(tx: apsw.Connection) -> int | None:
    """When the last whole reading of Mamut's stock began in which every number was an article's: it shows all that
    stood in Mamut then. 0 where there was none such; None where there was none at all."""
    row = tx.execute("SELECT whole_began_ms FROM readings WHERE part = 'stock' AND whole_ms > 0").fetchone()
    return None if row is None else min(int(row[0]), int(records.value(tx, STOCK_PLACED) or 0))


def note_whole_reading(tx: apsw.Connection, began_ms: int) -> bool:
    """A whole reading of stock has come to its end. True when it showed numbers that no article of ours has: somebody
    has made articles or given them other numbers, so that what we hold under an old number may be of an older
    reading, and until the articles have been read nothing more is taken for known."""
    stray = tx.execute(
        "SELECT 1 FROM stocks WHERE NOT EXISTS (SELECT 1 FROM articles WHERE articles.product_no = stocks.product_no)"
    ).fetchone()
    if stray is None:
        records.set_value(tx, STOCK_PLACED, str(began_ms))
    return stray is not None


def of(tx: apsw.Connection, pks: Iterable[int], shops: Sequence[str]) -> dict[int, StockFacts]:
    """The facts of these articles by pk; those that the register does not have are left out. `shops` are those whose
    sales count: all that share the warehouse."""
    found: dict[int, StockFacts] = {}
    wanted = list(pks)
    for start in range(0, len(wanted), PK_STEP):
        found.update(_part(tx, wanted[start : start + PK_STEP], shops))
    return found


def _part(tx: apsw.Connection, pks: list[int], shops: Sequence[str]) -> dict[int, StockFacts]:
    cards = dict(_articles(tx, "pk", pks))
    numbers = {card.variant.main for card in cards.values() if card.variant is not None}
    mains = {card.product_no: card for _, card in reversed(list(_articles(tx, "product_no", numbers)))}
    pools = {pk: card.product_no for pk, card in cards.items() if card.properties and shares_stock(card)}
    variants: dict[str, list[tuple[int, str]]] = defaultdict(list)
    if pools:
        for pk, card in _articles(tx, "main", set(pools.values())):
            if card.variant is not None:
                variants[card.variant.main].append((pk, card.product_no))
    # Whose stock and whose sales make one figure: the article's own, and its variants' where they share it.
    parts = {pk: [(pk, card.product_no), *variants.get(pools.get(pk, ""), ())] for pk, card in cards.items()}
    everyone = {pair for pairs in parts.values() for pair in pairs}
    stocks = _stocks(tx, {number for _, number in everyone})
    by_pk, by_number = _sold(tx, everyone, shops)
    whole_ms = whole_reading_ms(tx) or 0
    found: dict[int, StockFacts] = {}
    for pk, card in cards.items():
        read = [stocks[number] for _, number in parts[pk] if number in stocks]
        known_ms = min((max(read_ms, whole_ms) for _, read_ms in read), default=None)
        rows = {row for each, number in parts[pk] for row in (*by_pk.get(each, ()), *by_number.get(number.lower(), ()))}
        found[pk] = StockFacts(
            card=card,
            main=mains.get(card.variant.main) if card.variant is not None else None,
            cards=tuple(one for one, _ in read) if card.product_no in stocks else (),
            unbooked=tuple(_unbooked(rows, known_ms)),
            known_ms=known_ms,
        )
    return found


def _articles(tx: apsw.Connection, column: str, values: Iterable[int | str]) -> Iterator[tuple[int, ArticleCard]]:
    """Articles by one of the columns, oldest first: where a number is there twice, the first is the one."""
    wanted = list(values)
    for start in range(0, len(wanted), PK_STEP):
        part = wanted[start : start + PK_STEP]
        rows = tx.execute(
            f"SELECT pk, card FROM articles WHERE {column} IN ({_places(part)}) ORDER BY pk",  # noqa: S608 - a constant and placeholders
            part,
        )
        for pk, card in rows:
            yield int(str(pk)), _article.decode(card)


def _stocks(tx: apsw.Connection, numbers: set[str]) -> dict[str, tuple[StockCard, int]]:
    found: dict[str, tuple[StockCard, int]] = {}
    wanted = list(numbers)
    for start in range(0, len(wanted), PK_STEP):
        part = wanted[start : start + PK_STEP]
        rows = tx.execute(
            f"SELECT product_no, card, read_ms FROM stocks WHERE product_no IN ({_places(part)})",  # noqa: S608 - placeholders only
            part,
        )
        for number, card, read_ms in rows:
            found[str(number)] = (_stock.decode(card), int(str(read_ms)))
    return found


def _sold(
    tx: apsw.Connection, everyone: set[tuple[int, str]], shops: Sequence[str]
) -> tuple[dict[int, list[_Sold]], dict[str, list[_Sold]]]:
    """What counts as sold, by the article that the product is linked to and by its article number in small letters."""
    by_pk: dict[int, list[_Sold]] = defaultdict(list)
    by_number: dict[str, list[_Sold]] = defaultdict(list)
    if not shops or tx.execute("SELECT 1 FROM sold INDEXED BY sold_by_sku WHERE counts = 1 LIMIT 1").fetchone() is None:
        return by_pk, by_number
    pairs = sorted(everyone)
    of_shops = f"IN ({_places(shops)})"
    for start in range(0, len(pairs), PK_STEP):
        part = pairs[start : start + PK_STEP]
        numbers = [number for _, number in part if number]
        rows = tx.execute(
            f"SELECT {_SOLD} FROM sold s INDEXED BY sold_by_sku {_OF_SOLD}"  # noqa: S608 - constants and placeholders
            f" WHERE s.counts = 1 AND s.sku COLLATE NOCASE IN ({_places(numbers)}) AND s.shop {of_shops}",
            (*numbers, *shops),
        )
        for row in rows:
            sold = _Sold(*row)
            by_number[sold.sku.lower()].append(sold)
        linked = tx.execute(
            f"SELECT k.pk, {_SOLD} FROM links k CROSS JOIN sold s INDEXED BY sold_by_product"  # noqa: S608 - constants and placeholders
            f" ON s.shop = k.shop AND s.product_id = k.product_id AND s.counts = 1 {_OF_SOLD}"
            f" WHERE k.shop {of_shops} AND k.pk IN ({_places(part)})",
            (*shops, *(pk for pk, _ in part)),
        )
        for pk, *rest in linked:
            by_pk[int(str(pk))].append(_Sold(*rest))
    return by_pk, by_number


def _unbooked(rows: set[_Sold], known_ms: int | None) -> Iterator[Unbooked]:
    for row in sorted(rows, key=lambda row: (row.shop, row.order_id, row.product_id, row.sku)):
        where = standing.made(row.state, row.transferred_ms, row.body)
        if where.excluded:
            continue
        qty = Decimal(row.qty)
        left = qty - where.booked(row.product_id, qty, Decimal(row.booked), known_ms)
        if left <= 0:
            continue
        why = row.reason
        if where.since_ms is not None:
            why = "transferred" if where.since_ms >= (known_ms or 0) else "added"
        yield Unbooked(shop=row.shop, order_id=row.order_id, status=row.status, qty=left, why=why)


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
