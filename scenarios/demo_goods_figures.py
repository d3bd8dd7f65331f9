"""What the demo of flow 2 counts: the agent's word from its journal, the truth from both systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import apsw
import msgspec

from agent.decide.external import external_no
from agent.flows import DirectionName
from agent.journal.reports_goods import readings
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import to_ore
from agent.model.order import Frozen
from scenarios.demo_doors import MailSent

CENT = Decimal("0.01")
DEAD = ("cancelled", "lost_sale")
COMPLETED_MAIL = "customer_completed_order"

PRODUCT_FIELDS = "id,type,sku,status,regular_price,manage_stock,stock_quantity,stock_status"

HOLDING = ("on-hold", "processing", "completed")
"""The shop's statuses in which an order has taken its goods from the shelf."""


class Progress(Frozen, frozen=True):
    """How far the agent says it is with goods and statuses. `read_ms` is when the part of the register that was read
    the longest ago began to be read whole, 0 before each has been; `followed_ms` the same for orders' documents.
    `articles` are those that products of a governing shop have become, once the shop's products have been `listed`."""

    products: int = 0
    articles: int = 0
    listed: bool = False
    due: int = 0
    held: int = 0
    steps: int = 0
    steps_held: int = 0
    read_ms: int = 0
    followed_ms: int = 0
    stopped_prices: int = 0
    written: dict[str, int] = {}

    @property
    def rests(self) -> bool:
        """Nothing is left to be written now."""
        return self.read_ms > 0 and not self.due and not self.steps


def progress(journal: Path) -> Progress:
    """Looks without touching: the agent may be just making the file."""
    if not journal.exists():
        return Progress()
    try:
        tx = apsw.Connection(str(journal), flags=apsw.SQLITE_OPEN_READONLY)
    except apsw.CantOpenError:
        return Progress()
    tx.set_busy_timeout(5_000)
    try:
        tx.execute("BEGIN")  # One moment for all figures.
        return _progress(tx)
    except apsw.SQLError:
        return Progress()  # The tables are not there yet.
    finally:
        tx.close()


def _progress(tx: apsw.Connection) -> Progress:
    parts = readings(tx)
    written = {str(name): int(count) for name, count in tx.execute("SELECT direction, written FROM directions")}
    return Progress(
        products=_count(tx, "SELECT count(*) FROM links"),
        articles=_count(tx, "SELECT count(*) FROM article_links"),
        listed=bool(_count(tx, "SELECT count(*) FROM item_readings WHERE mark_at IS NOT NULL")),
        due=_count(tx, _DUE),
        held=_count(tx, "SELECT count(*) FROM tasks WHERE due_ms IS NULL"),
        steps=_count(tx, "SELECT count(*) FROM documents WHERE step <> '' AND due_ms IS NOT NULL"),
        steps_held=_count(tx, "SELECT count(*) FROM documents WHERE step <> '' AND due_ms IS NULL"),
        read_ms=min((row.whole_began_ms for row in parts), default=0) if len(parts) == len(PARTS) else 0,
        followed_ms=_count(tx, _FOLLOWED),
        stopped_prices=_count(tx, "SELECT count(*) FROM guards WHERE released_ms IS NULL"),
        written=written,
    )


# What a shop does not have is looked for again a day later; there is nothing to wait for.
_DUE = """
    SELECT count(*) FROM tasks WHERE (unsure OR attempts OR code = '')
        AND due_ms < 3600000 + 1000 * CAST(strftime('%s', 'now') AS INTEGER)
"""

# What is final is asked for once a day only; there is nothing to wait for. An order that is not followed yet is.
_FOLLOWED = """
    SELECT coalesce(min(CASE WHEN d.next_ms - d.read_ms >= 3600000 THEN 4000000000000 ELSE coalesce(d.read_ms, 0) END),
        4000000000000)
    FROM orders o LEFT JOIN documents d USING (shop, order_id) WHERE o.state = 'transferred'
"""

PARTS = (DirectionName.PRODUCTS_TO_SHOP, DirectionName.PRICES_TO_SHOP, DirectionName.STOCK_TO_SHOP)
"""What the register is read for: articles, prices and stock."""


def _count(tx: apsw.Connection, sql: str) -> int:
    row = tx.execute(sql).fetchone()
    return int(row[0]) if row else 0


# -- the truth --------------------------------------------------------------------------------------------------------


class Company(Frozen, frozen=True):
    """What Mamut holds, as it lists it."""

    articles: list[dict[str, Any]]
    stock: list[dict[str, Any]]
    documents: list[dict[str, Any]]


class Shop(Frozen, frozen=True):
    """What the shop holds, as it lists it. `products` are with their variations."""

    products: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    mails: list[MailSent]


class Truth(Frozen, frozen=True):
    """What both systems hold, compared. Lists name the articles and orders that are not as they should be."""

    articles: int = 0
    products: int = 0
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    prices: int = 0
    prices_differ: tuple[str, ...] = ()
    shelves: int = 0
    oversold: tuple[str, ...] = ()
    undersold: tuple[str, ...] = ()
    orders: int = 0
    orders_missing: tuple[str, ...] = ()
    orders_differ: tuple[str, ...] = ()
    statuses: dict[str, int] = {}
    statuses_differ: tuple[str, ...] = ()
    mails: int = 0
    mailed_twice: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Nothing is lost, doubled or promised that is not there. Stock that is shown too low for a while harms nobody,
        but at rest there is none of that either."""
        wrong = (self.missing, self.extra, self.twice, self.prices_differ, self.oversold, self.undersold)
        return not any((*wrong, self.orders_differ, self.statuses_differ, self.mailed_twice))

    def without_statuses(self) -> Truth:
        """Where the status of an order is no matter of the agent's."""
        return msgspec.structs.replace(self, statuses_differ=())


def truth(key: ShopKey, company: Company, shop: Shop, percents: Mapping[int, Decimal]) -> Truth:
    """`percents` are Mamut's VAT codes for sales. Right only while nothing is on its way."""
    sold = {row["product_no"]: row for row in company.articles if row["web"] and not row["inactive"]}
    shown = Counter(row["sku"] for row in shop.products)
    found = {row["sku"]: row for row in shop.products}
    both = {number: (sold[number], found[number]) for number in sold if number in found}
    prices = dict(_prices(sold, both, percents))
    shelves = dict(_shelves(company, shop, key, both))
    orders = dict(_orders(key, company.documents, shop.orders))
    mails = Counter(mail.order_id for mail in shop.mails if mail.kind == COMPLETED_MAIL)
    return Truth(
        articles=len(sold),
        products=len(shop.products),
        missing=tuple(sorted(set(sold) - set(found))),
        extra=tuple(sorted(set(found) - set(sold))),
        twice=tuple(sorted(number for number, count in shown.items() if count > 1)),
        prices=len(prices),
        prices_differ=tuple(f"{number}: {was} {now}" for number, (was, now) in prices.items() if was != now),
        shelves=len(shelves),
        oversold=tuple(f"{number}: {seen} of {may}" for number, (may, seen) in shelves.items() if seen > may),
        undersold=tuple(f"{number}: {seen} of {may}" for number, (may, seen) in shelves.items() if seen < may),
        orders=len(orders),
        orders_missing=tuple(number for number, apart_ore in orders.items() if apart_ore is None),
        orders_differ=tuple(f"{number}: {apart_ore}" for number, apart_ore in orders.items() if apart_ore),
        statuses=dict(sorted(Counter(row["status"] for row in shop.orders).items())),
        statuses_differ=tuple(_statuses(key, company.documents, shop.orders)),
        mails=sum(mails.values()),
        mailed_twice=tuple(str(order_id) for order_id, count in mails.items() if count > 1),
    )


_Both = Mapping[str, tuple[dict[str, Any], dict[str, Any]]]


def _prices(
    sold: Mapping[str, dict[str, Any]], both: _Both, percents: Mapping[int, Decimal]
) -> Iterator[tuple[str, tuple[Decimal, Decimal]]]:
    """What each product is to cost with VAT, and what it costs."""
    for number, (article, product) in both.items():
        if article["properties"]:
            continue
        source = article
        main = sold.get(article["variant"]["main"]) if article["variant"] else None
        if main is not None and "price" not in main["varies_by"]:
            source = main
        with_vat = Decimal(str(source["price_out"])) * (100 + percents[article["vat_out"]]) / 100
        yield number, (with_vat.quantize(CENT, ROUND_HALF_UP), Decimal(product["regular_price"] or 0).quantize(CENT))


def _shelves(company: Company, shop: Shop, key: ShopKey, both: _Both) -> Iterator[tuple[str, tuple[int, int]]]:
    """How many pieces of each product may be sold, and how many are shown: Mamut's available ones, and less what the
    shop has sold that Mamut does not know of."""
    levels = {row["product_no"]: row["warehouses"] for row in company.stock}
    unbooked = _unbooked(key, company.documents, shop.orders)
    family: dict[str, list[str]] = {}
    for number, (article, _) in both.items():
        if article["variant"]:
            family.setdefault(article["variant"]["main"], []).append(number)
    for number, (article, product) in both.items():
        if product["manage_stock"] is not True:
            continue
        variants = family.get(number, []) if article["properties"] else []
        pieces = sum((Decimal(str(row["available"])) for row in levels.get(number, ())), Decimal(0))
        # The main article holds the goods of variants that share its stock; they themselves only owe.
        owed = (Decimal(str(row["available"])) for each in variants for row in levels.get(each, ()))
        pieces += sum((min(Decimal(0), level) for level in owed), Decimal(0))
        pieces -= sum(unbooked[each] for each in (number, *variants))
        yield number, (max(0, int(pieces.to_integral_value(ROUND_FLOOR))), max(0, product["stock_quantity"] or 0))


def _unbooked(key: ShopKey, documents: Sequence[dict[str, Any]], orders: Sequence[dict[str, Any]]) -> Counter[str]:
    known = {row["external_no"] for row in documents}
    counted: Counter[str] = Counter()
    for order in orders:
        if order["status"] in HOLDING and _external(key, order) not in known:
            for line in order["line_items"]:
                counted[line["sku"]] += line["quantity"]
    return counted


def _external(key: ShopKey, order: dict[str, Any]) -> str:
    return str(external_no(key, ShopOrderId(order["id"]), order["number"]))


def _families(documents: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """An order's documents by its external number: the one that was made of it and its backorders."""
    roots = {row["order_no"]: row["external_no"] for row in documents if row["external_no"]}
    children = {row["order_no"]: row["parent"] for row in documents if row["parent"]}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in documents:
        number = row["order_no"]
        while number not in roots and number in children:
            number = children[number]
        if number in roots:
            found.setdefault(roots[number], []).append(row)
    return found


def _orders(
    key: ShopKey, documents: Sequence[dict[str, Any]], orders: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, int | None]]:
    """By how much, in öre, each order's documents differ from it: None when there is none, all of it when there is more
    than one. Each document of a delivery in parts is rounded for itself: its net sum and each of its VAT codes."""
    families = _families(documents)
    roots = Counter(row["external_no"] for row in documents if row["external_no"])
    for order in orders:
        number = _external(key, order)
        total_ore = to_ore(Decimal(order["total"]))
        rows = families.get(number, [])
        apart_ore = total_ore - sum(to_ore(Decimal(str(row["total"]))) for row in rows)
        if not rows:
            yield order["number"], None
        elif roots[number] > 1:
            yield order["number"], total_ore
        else:
            codes = {line["vat_code"] for row in rows for line in row["lines"]}
            rounded_ore = len(rows) * (1 + len(codes)) if len(rows) > 1 else 0
            yield order["number"], 0 if abs(apart_ore) <= rounded_ore else apart_ore


def _statuses(key: ShopKey, documents: Sequence[dict[str, Any]], orders: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Orders whose status is not what their documents make it: completed when all is delivered, cancelled when all is
    cancelled, else as they were."""
    families = _families(documents)
    for order in orders:
        rows = families.get(_external(key, order), [])
        living = [row for row in rows if row["status"] not in DEAD]
        if not rows:
            continue
        wanted = "processing"
        if not living:
            wanted = "cancelled"
        elif all(_is_delivered(row) for row in living):
            wanted = "completed"
        if order["status"] != wanted:
            yield f"{order['number']}: {order['status']}, not {wanted}"


def _is_delivered(document: dict[str, Any]) -> bool:
    rows = [row for row in document["lines"] if row["stock_item"] and Decimal(str(row["qty_ordered"]))]
    return all(Decimal(str(row["delivered"])) >= Decimal(str(row["qty_ordered"])) for row in rows)
