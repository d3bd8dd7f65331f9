"""What people ask the journal about articles, directions and the reading of Mamut's register. Reading only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import article_links, article_pages, directions, items, tasks
from agent.journal.commands import MAMUT
from agent.journal.directions import DirectionRow
from agent.journal.tasks import Counts, SaidRow, Task
from agent.model.goods import ArticleCard, PriceCard, ShopPrice, ShopStock, StockCard
from agent.model.ids import ShopKey
from agent.model.order import Frozen

PK_PREFIX = "pk:"

_article = msgspec.msgpack.Decoder(ArticleCard)
_stock_card = msgspec.msgpack.Decoder(StockCard)
_price_card = msgspec.msgpack.Decoder(PriceCard)
_price = msgspec.msgpack.Decoder(ShopPrice)
_stock = msgspec.msgpack.Decoder(ShopStock)

_TASK = ", ".join(f"tasks.{name}" for name in Task.__struct_fields__)
_SAID = ", ".join(SaidRow.__struct_fields__)


# -- one article ------------------------------------------------------------------------------------------------------


class LinkReport(Frozen, frozen=True):
    """Which product of a shop the article is, and what we believe that it shows. `stock_at` is the shop's clock."""

    shop: str
    product_id: int
    parent_id: int
    kind: str
    sku: str
    made: bool
    price: ShopPrice | None
    stock: ShopStock | None
    stock_at: int | None
    linked_ms: int


class ArticleReport(Frozen, frozen=True):
    """All that the journal knows of one article. Tasks and what was said are those of every shop and direction."""

    card: ArticleCard
    changed_ms: int
    stock: StockCard | None
    stock_read_ms: int | None
    price: PriceCard | None
    variants: tuple[str, ...]
    links: tuple[LinkReport, ...]
    tasks: tuple[Task, ...]
    said: tuple[SaidRow, ...]


def find(tx: apsw.Connection, text: str) -> list[int]:
    """The articles (Mamut's pk) a person may mean: "pk:12", the number in Mamut, or the number in a shop. More than one
    means that it is not clear."""
    text = text.strip()
    if text.lower().startswith(PK_PREFIX):
        # As a text: SQLite compares it as a number, and takes one of any length.
        return _pks(tx, "SELECT pk FROM articles WHERE pk = ?", text[len(PK_PREFIX) :])
    return _pks(tx, "SELECT pk FROM articles WHERE product_no = ? ORDER BY pk", text) or _pks(
        tx, "SELECT DISTINCT pk FROM links WHERE sku = ? ORDER BY pk", text
    )


def article(
    tx: apsw.Connection, pk: int, all_of: Sequence[tuple[ShopKey, DirectionName]] | None = None
) -> ArticleReport | None:
    """None when Mamut's register, as last read, has no such article. With `all_of` tasks and what was said are looked
    up in these directions alone, by their index, and links in their shops."""
    row = tx.execute("SELECT card, changed_ms FROM articles WHERE pk = ?", (pk,)).fetchone()
    if row is None:
        return None
    card = _article.decode(row[0])
    stock = tx.execute("SELECT card, read_ms FROM stocks WHERE product_no = ?", (card.product_no,)).fetchone()
    price = tx.execute("SELECT card FROM prices WHERE product_no = ?", (card.product_no,)).fetchone()
    variants = tx.execute("SELECT product_no FROM articles WHERE main = ? ORDER BY product_no", (card.product_no,))
    columns = "shop, product_id, parent_id, kind, sku, made, price, stock, stock_at, linked_ms"
    links = _links(tx, pk, None if all_of is None else sorted({shop for shop, _ in all_of}), columns)
    if all_of is None:
        tasks_sql = f"SELECT {_TASK} FROM tasks WHERE pk = ? ORDER BY shop, direction"  # noqa: S608 - constants only
        said_sql = f"SELECT {_SAID} FROM said WHERE pk = ? ORDER BY shop, direction"  # noqa: S608 - constants only
        waiting = [Task(*row) for row in tx.execute(tasks_sql, (pk,))]
        said = [SaidRow(*row) for row in tx.execute(said_sql, (pk,))]
    else:
        waiting, said = article_pages.tasks_of(tx, (pk,), all_of), article_pages.said_of(tx, pk, all_of)
    return ArticleReport(
        card=card,
        changed_ms=row[1],
        stock=None if stock is None else _stock_card.decode(stock[0]),
        stock_read_ms=None if stock is None else stock[1],
        price=None if price is None else _price_card.decode(price[0]),
        variants=tuple(str(number) for (number,) in variants) if card.product_no else (),
        links=tuple(_link(*each) for each in links),
        tasks=tuple(waiting),
        said=tuple(said),
    )


def _links(tx: apsw.Connection, pk: int, shops: Sequence[str] | None, columns: str) -> list[tuple[Any, ...]]:
    if shops is None:
        return list(tx.execute(f"SELECT {columns} FROM links WHERE pk = ? ORDER BY shop", (pk,)))  # noqa: S608 - constants only
    sql = f"SELECT {columns} FROM links WHERE shop = ? AND pk = ?"  # noqa: S608 - constants only
    return [row for shop in shops for row in tx.execute(sql, (shop, pk))]


def _link(
    shop: str,
    product_id: int,
    parent_id: int,
    kind: str,
    sku: str,
    made: int,
    price: bytes | None,
    stock: bytes | None,
    stock_at: int | None,
    linked_ms: int,
) -> LinkReport:
    return LinkReport(
        shop=shop,
        product_id=product_id,
        parent_id=parent_id,
        kind=kind,
        sku=sku,
        made=bool(made),
        price=None if price is None else _price.decode(price),
        stock=None if stock is None else _stock.decode(stock),
        stock_at=stock_at,
        linked_ms=linked_ms,
    )


def _pks(tx: apsw.Connection, sql: str, value: str | int) -> list[int]:
    return [int(pk) for (pk,) in tx.execute(sql, (value,))]


# -- articles that wait or are held -----------------------------------------------------------------------------------


class ArticleFilter(Frozen, frozen=True):
    """What is given must all hold. `held` true: those that wait for a person or a change; false: those still to be
    done."""

    held: bool = True
    shop: ShopKey | None = None
    direction: DirectionName | None = None
    code: str = ""

    def where(self) -> tuple[str, list[str]]:
        parts = ["tasks.due_ms IS NULL" if self.held else "tasks.due_ms IS NOT NULL"]
        values: list[str] = []
        for column, value in (("shop", self.shop), ("direction", self.direction), ("code", self.code or None)):
            if value is not None:
                parts.append(f"tasks.{column} = ?")
                values.append(str(value))
        return " AND ".join(parts), values


class ArticleLine(Frozen, frozen=True):
    """A task with its article's number and name; both empty for one that Mamut no longer has."""

    task: Task
    product_no: str
    description: str


class Listing(Frozen, frozen=True):
    """The first tasks that fit, by article, and how many fit in all."""

    lines: tuple[ArticleLine, ...]
    total: int


def listing(tx: apsw.Connection, which: ArticleFilter, limit: int) -> Listing:
    where, values = which.where()
    total = tx.execute(f"SELECT count(*) FROM tasks WHERE {where}", values).fetchone()  # noqa: S608 - column names of ours
    rows = tx.execute(
        f"SELECT articles.card, {_TASK} FROM tasks LEFT JOIN articles USING (pk) WHERE {where}"  # noqa: S608 - column names of ours
        " ORDER BY tasks.shop, articles.product_no, tasks.pk, tasks.direction LIMIT ?",
        (*values, limit),
    )
    lines = tuple(_line(tx, card, Task(*row)) for card, *row in rows)
    return Listing(lines=lines, total=int(total[0]) if total else 0)


def _line(tx: apsw.Connection, card: bytes | None, task: Task) -> ArticleLine:
    if task.direction == items.NAME:
        product = items.item(tx, task.shop, items.key_of(task.pk))
        link = article_links.of(tx, task.shop, (items.key_of(task.pk),)).get(items.key_of(task.pk))
        number = link.product_no if link is not None else product.sku if product is not None else ""
        return ArticleLine(task=task, product_no=number, description="" if product is None else product.name)
    if card is None:
        return ArticleLine(task=task, product_no="", description="")
    known = _article.decode(card)
    return ArticleLine(task=task, product_no=known.product_no, description=known.description)


# -- prices that were stopped -----------------------------------------------------------------------------------------


class GuardRow(Frozen, frozen=True):
    """A price that was stopped before it was written, or with `pk` 0 a whole run of them. `old` and `new` are decimals,
    or how many."""

    shop: str
    pk: int
    product_no: str
    description: str
    run: int
    kind: str
    old: str
    new: str
    at_ms: int
    released_by: str
    released_ms: int | None


def stopped_prices(tx: apsw.Connection, shop: ShopKey | None, limit: int, *, released: bool = False) -> list[GuardRow]:
    """Those that nobody has released yet, whole runs first; or those that somebody has, newest first."""
    rows = tx.execute(
        "SELECT g.shop, g.pk, a.card, g.run, g.kind, g.old, g.new, g.at_ms, g.released_by, g.released_ms"
        " FROM guards g LEFT JOIN articles a USING (pk)"
        " WHERE (? IS NULL OR g.shop = ?) AND (g.released_ms IS NOT NULL) = ?"
        " ORDER BY g.released_ms DESC, g.shop, g.pk, g.kind LIMIT ?",
        (shop, shop, int(released), limit),
    )
    return [_guard(*row) for row in rows]


def stopped_page(tx: apsw.Connection, limit: int, after: tuple[str, int, str] | None) -> list[GuardRow]:
    """Those that wait for a person, by shop and article, from after that row on."""
    rows = tx.execute(
        "SELECT g.shop, g.pk, a.card, g.run, g.kind, g.old, g.new, g.at_ms, g.released_by, g.released_ms"
        " FROM guards g LEFT JOIN articles a USING (pk)"
        " WHERE g.released_ms IS NULL AND (g.shop, g.pk, g.kind) > (?, ?, ?) ORDER BY g.shop, g.pk, g.kind LIMIT ?",
        (*(after or ("", -1, "")), limit),
    )
    return [_guard(*row) for row in rows]


def stopped_count(tx: apsw.Connection) -> int:
    """Prices that wait for a person; a whole run of them counts as one."""
    row = tx.execute("SELECT count(*) FROM guards WHERE released_ms IS NULL").fetchone()
    return int(row[0]) if row else 0


def _guard(
    shop: str,
    pk: int,
    card: bytes | None,
    run: int,
    kind: str,
    old: str,
    new: str,
    at_ms: int,
    released_by: str,
    released_ms: int | None,
) -> GuardRow:
    known = None if card is None else _article.decode(card)
    return GuardRow(
        shop=shop,
        pk=pk,
        product_no=known.product_no if known else "",
        description=known.description if known else "",
        run=run,
        kind=kind,
        old=old,
        new=new,
        at_ms=at_ms,
        released_by=released_by,
        released_ms=released_ms,
    )


# -- directions and the register --------------------------------------------------------------------------------------


class DirectionReport(Frozen, frozen=True):
    """How one direction of a shop is, and what lies before it. `oldest_ms` is when its oldest due task was put."""

    row: DirectionRow
    counts: Counts
    oldest_ms: int | None


def direction_reports(
    tx: apsw.Connection, wanted: Iterable[tuple[ShopKey, DirectionName]], now_ms: int
) -> list[DirectionReport]:
    return [_report(tx, shop, name, now_ms) for shop, name in wanted]


def _report(tx: apsw.Connection, shop: ShopKey, name: DirectionName, now_ms: int) -> DirectionReport:
    row = directions.get(tx, shop, name)
    match name:
        case DirectionName.ORDERS_TO_MAMUT:
            return _orders_report(tx, row, now_ms)
        case DirectionName.STATUSES_TO_SHOP:
            return DirectionReport(row=row, counts=_orders(tx, shop, now_ms), oldest_ms=_oldest_order(tx, shop, now_ms))
        case _:
            counts, oldest_ms = tasks.count(tx, shop, name, now_ms), tasks.oldest(tx, shop, name, now_ms)
            return DirectionReport(row=row, counts=counts, oldest_ms=oldest_ms)


def _orders_report(tx: apsw.Connection, row: DirectionRow, now_ms: int) -> DirectionReport:
    """Orders keep their own account: what is to be read or made, what is held, and how many stand in Mamut."""
    unread, held, moved, last_ms = tx.execute(
        "SELECT total(to_read), count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state = 'transferred'),"
        " max(transferred_ms) FROM orders WHERE shop = ?",
        (row.shop,),
    ).fetchone() or (0, 0, 0, None)
    due, later, unsure, oldest_ms = tx.execute(
        "SELECT count(*) FILTER (WHERE due_ms <= ?1), count(*) FILTER (WHERE due_ms > ?1), total(unsure), min(made_ms)"
        " FROM commands WHERE remote = ?2 AND shop = ?3",
        (now_ms, MAMUT, row.shop),
    ).fetchone() or (0, 0, 0, None)
    counts = Counts(due=int(unread) + int(due), waiting=int(later), held=int(held), unsure=int(unsure))
    return DirectionReport(
        row=msgspec.structs.replace(row, written=int(moved), last_ms=last_ms), counts=counts, oldest_ms=oldest_ms
    )


def _orders(tx: apsw.Connection, shop: ShopKey, now_ms: int) -> Counts:
    """The orders that a status, a mail, a parcel or a capture is to be done for."""
    row = tx.execute(
        "SELECT count(*) FILTER (WHERE due_ms <= ?), count(*) FILTER (WHERE due_ms > ?),"
        " count(*) FILTER (WHERE due_ms IS NULL AND step <> ''), count(*) FILTER (WHERE unsure = 1)"
        " FROM documents WHERE shop = ?",
        (now_ms, now_ms, shop),
    ).fetchone()
    return Counts(*map(int, row)) if row else Counts()


def _oldest_order(tx: apsw.Connection, shop: ShopKey, now_ms: int) -> int | None:
    """Since when the order that has been due the longest is due."""
    row = tx.execute("SELECT min(due_ms) FROM documents WHERE shop = ? AND due_ms <= ?", (shop, now_ms)).fetchone()
    return None if row is None else row[0]


class ReadingRow(Frozen, frozen=True):
    """How far one part of Mamut's register has been read. A pass is under way while `began_ms` is after the last whole
    pass began; `offset` then tells how far it has come."""

    part: str
    passes: int
    offset: int
    total: int
    changed: int
    began_ms: int
    whole_began_ms: int
    whole_ms: int

    @property
    def is_under_way(self) -> bool:
        return self.began_ms > self.whole_began_ms


def readings(tx: apsw.Connection) -> list[ReadingRow]:
    rows = tx.execute(
        "SELECT part, pass, offset, total, changed, began_ms, whole_began_ms, whole_ms FROM readings ORDER BY part"
    )
    names = ReadingRow.__struct_fields__
    return [ReadingRow(**dict(zip(names, row, strict=True))) for row in rows]


def article_count(tx: apsw.Connection) -> int:
    row = tx.execute("SELECT count(*) FROM articles").fetchone()
    return int(row[0]) if row else 0
