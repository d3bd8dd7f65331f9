"""What the shops have sold, order by order, and what that did to the stock each shop shows.

An order counts as sold from the moment it is seen to hold stock until Mamut's figure surely knows of it, and so does
what it gains later (`standing`). Where that is in doubt it counts: a shop then shows too few rather than too many. What
a shop is believed to show (`links.stock`) follows its own sales where it is sure that they came after our last write;
else the belief is given up, so that the next look writes the figure again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import apsw
import msgspec

from agent.decide.stock import moved
from agent.journal import links
from agent.journal import standing as standing_of
from agent.model.goods import Sale
from agent.model.ids import ShopKey
from agent.model.money import ZERO
from agent.model.order import Frozen

HOLDING = frozenset({"on-hold", "processing", "completed"})
"""Statuses in which WooCommerce takes stock (recorded: orders_lifecycle[22])."""

SELLING_NOTHING = frozenset({"pending", "cancelled", "failed", "refunded", "trash", "checkout-draft", "auto-draft"})
"""Statuses of orders that are not sold, or not any more."""

GIVEN_BACK = frozenset({"pending", "cancelled", "checkout-draft", "auto-draft"})
"""The ones of them in which the shop has none of the order's pieces (recorded: orders_lifecycle[12])."""

FLICKERS = SELLING_NOTHING - {"checkout-draft", "auto-draft", "trash"}

SLACK_S = 2
"""Seconds by which a sale must be after our write to be surely after it: the shop's clock shows whole ones."""


class Row(Frozen, frozen=True):
    """One product of an order. `taken` is what the shop has taken from its stock for it, None where it does not tell;
    `booked` is how many of the pieces Mamut's figure knows of, and `counts` whether the others count as sold."""

    product_id: int
    parent_id: int
    sku: str
    qty: Decimal
    taken: Decimal | None
    booked: Decimal
    counts: bool


class Known(Frozen, frozen=True):
    status: str
    modified_at: int
    rows: dict[tuple[int, str], Row]


def known(tx: apsw.Connection, shop: ShopKey, order_id: int) -> Known | None:
    """The order as it was last seen among the sales."""
    row = tx.execute(
        "SELECT status, modified_at FROM sales WHERE shop = ? AND order_id = ?", (shop, order_id)
    ).fetchone()
    if row is None:
        return None
    sold = tx.execute(
        "SELECT order_id, product_id, parent_id, sku, qty, taken, booked, counts FROM sold"
        " WHERE shop = ? AND order_id = ?",
        (shop, order_id),
    )
    rows = [_sold_row(values)[1] for values in sold]
    return Known(status=str(row[0]), modified_at=int(row[1]), rows={(each.product_id, each.sku): each for each in rows})


def is_known(tx: apsw.Connection, shop: ShopKey, sale: Sale, custom: frozenset[str], known_ms: int | None) -> bool:
    """Whether noting the sale would change nothing: looking costs microseconds, a commit a flush of the disk."""
    was = known(tx, shop, sale.order_id)
    if was is None or (was.status, was.modified_at) != (sale.status, _s(sale.modified_at.timestamp())):
        return False
    return _rows(tx, shop, sale, was, custom, known_ms) == was.rows


def note(
    tx: apsw.Connection, shop: ShopKey, sale: Sale, custom: frozenset[str], known_ms: int | None
) -> frozenset[int]:
    """Keeps the order as it is seen now. `custom` are the shop's own statuses that hold stock, `known_ms` is when the
    last whole reading of Mamut's stock began.

    Gives the articles (by Mamut's pk) whose stock is to be looked at.
    """
    was = known(tx, shop, sale.order_id)
    rows = _rows(tx, shop, sale, was, custom, known_ms)
    before = was.rows if was is not None else {}
    # What moved did so after the order was last seen; one never seen has not moved before it was made.
    after_s = was.modified_at if was is not None else _s(sale.created_at.timestamp())
    # Stock may have been taken and given back since, with a write of ours between: nothing shows it but the times.
    flickered = sale.status in FLICKERS and (was is None or was.modified_at != _s(sale.modified_at.timestamp()))
    touched: set[int] = set()
    for key in sorted(before.keys() | rows.keys()):
        old, new = before.get(key), rows.get(key)
        row = new or old
        if row is None or (old == new and not flickered):
            continue
        taken = _taken_more(old, new, was, sale)
        given_up = _move(tx, shop, row, taken, after_s, flickered=flickered)
        if given_up or taken != ZERO or _sold(old) != _sold(new):
            touched |= articles_of(tx, shop, row.product_id, row.parent_id, row.sku)
    _keep(tx, shop, sale, rows)
    return frozenset(touched)


def articles_of(tx: apsw.Connection, shop: ShopKey, product_id: int, parent_id: int, sku: str) -> set[int]:
    """The articles that a product of the shop stands for: by its link, by its article number, and their mains."""
    found = {
        int(str(pk))
        for (pk,) in tx.execute(
            "SELECT pk FROM links INDEXED BY links_by_product WHERE shop = ?1 AND product_id IN (?2, ?3)"
            " AND product_id > 0"
            " UNION SELECT pk FROM articles WHERE product_no = ?4 COLLATE NOCASE AND ?4 <> ''",
            (shop, product_id, parent_id, sku),
        )
    }
    for pk in tuple(found):
        found.update(
            int(str(main))
            for (main,) in tx.execute(
                "SELECT m.pk FROM articles a JOIN articles m ON m.product_no = a.main WHERE a.pk = ? AND a.main <> ''",
                (pk,),
            )
        )
    return found


def is_to_be_recounted(tx: apsw.Connection, shop: ShopKey, custom: frozenset[str], known_ms: int | None) -> bool:
    """Whether `recount` would change anything."""
    return bool(_to_recount(tx, shop, custom, known_ms))


def recount(tx: apsw.Connection, shop: ShopKey, custom: frozenset[str], known_ms: int | None) -> frozenset[int]:
    """Brings what counts into line with what has become of the orders: those that are left to people, or have gone from
    the shop, count no more, nor does what has stood in Mamut since before the last whole reading of its stock began;
    one that is to be transferred after all counts again. Gives the articles that are to be looked at."""
    touched: set[int] = set()
    for order_id, row in _to_recount(tx, shop, custom, known_ms):
        tx.execute(
            "UPDATE sold SET booked = ?, counts = ? WHERE shop = ? AND order_id = ? AND product_id = ? AND sku = ?",
            (_text(row.booked), row.counts, shop, order_id, row.product_id, row.sku),
        )
        touched |= articles_of(tx, shop, row.product_id, row.parent_id, row.sku)
    return frozenset(touched)


def counted(tx: apsw.Connection, shop: ShopKey, after_id: int, limit: int) -> list[int]:
    """The next orders that count, by id."""
    rows = tx.execute(
        "SELECT s.order_id FROM sales s WHERE s.shop = ? AND s.order_id > ? AND EXISTS (SELECT 1 FROM sold"
        " WHERE sold.shop = s.shop AND sold.order_id = s.order_id AND sold.counts = 1) ORDER BY s.order_id LIMIT ?",
        (shop, after_id, limit),
    )
    return [int(str(order_id)) for (order_id,) in rows]


def gone(tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[int]) -> frozenset[int]:
    """These orders are not in the shop any more, or lie in its trash. It has kept what it took from its stock
    (recorded: orders_lifecycle[54], [60]). Gives the articles that are to be looked at."""
    touched: set[int] = set()
    for order_id in order_ids:
        was = known(tx, shop, order_id)
        for row in was.rows.values() if was is not None else ():
            touched |= articles_of(tx, shop, row.product_id, row.parent_id, row.sku)
        tx.execute("UPDATE sold SET counts = 0 WHERE shop = ? AND order_id = ?", (shop, order_id))
        tx.execute("UPDATE sales SET status = 'trash' WHERE shop = ? AND order_id = ?", (shop, order_id))
    return frozenset(touched)


def forget(tx: apsw.Connection, shop: ShopKey, before_s: int) -> int:
    """Forgets orders that have not changed since, and count no more. Gives how many."""
    old = [
        int(str(order_id))
        for (order_id,) in tx.execute(
            "SELECT order_id FROM sales s WHERE shop = ? AND modified_at < ? AND NOT EXISTS"
            " (SELECT 1 FROM sold WHERE sold.shop = s.shop AND sold.order_id = s.order_id AND counts = 1)",
            (shop, before_s),
        )
    ]
    for table in ("sold", "sales"):
        tx.executemany(f"DELETE FROM {table} WHERE shop = ? AND order_id = ?", [(shop, each) for each in old])  # noqa: S608 - two constants
    return len(old)


def missed(tx: apsw.Connection, shop: ShopKey, custom: frozenset[str], before_s: int) -> bool:
    """Whether the orders show one that holds stock and is not in Mamut, yet was never seen among the sales, although it
    last changed so long ago: then the shop's filter hides sales from us."""
    holding = sorted(HOLDING | custom)
    row = tx.execute(
        "SELECT 1 FROM orders o INDEXED BY orders_by_state WHERE state IN ('waiting', 'held', 'dead')"  # noqa: S608 - placeholders only
        f" AND o.shop = ? AND o.modified_at BETWEEN 1 AND ? AND o.status IN ({_places(holding)}) AND NOT EXISTS"
        " (SELECT 1 FROM sales s WHERE s.shop = o.shop AND s.order_id = o.order_id) LIMIT 1",
        (shop, before_s, *holding),
    ).fetchone()
    return row is not None


# -- how far each shop's sales have been read --------------------------------------------------------------------------


def mark_key(shop: str) -> str:
    """The name in the journal's single values: "seconds what", where `what` says which orders were asked for."""
    return f"sales/{shop}"


def unread(tx: apsw.Connection, shops: Iterable[str]) -> list[str]:
    """The shops whose sales have never been read whole: until they are, nobody knows what they have sold."""
    read = {str(key) for (key,) in tx.execute("SELECT key FROM notes WHERE key >= 'sales/' AND key < 'sales0'")}
    return [shop for shop in shops if mark_key(shop) not in read]


# -- the parts ---------------------------------------------------------------------------------------------------------


def _s(moment: float) -> int:
    return int(moment)


def _text(pieces: Decimal) -> str:
    """As the column has it: nought in one form, so that it can be asked for."""
    return str(pieces) if pieces else "0"


def _to_recount(
    tx: apsw.Connection, shop: ShopKey, custom: frozenset[str], known_ms: int | None
) -> list[tuple[int, Row]]:
    """Rows of which something else is now known, with the ids of their orders, as they are to be."""
    columns = "s.order_id, s.product_id, s.parent_id, s.sku, s.qty, s.taken, s.booked, s.counts"
    standing: list[tuple[Any, ...]] = tx.execute(
        f"SELECT {columns}, o.state, o.transferred_ms, b.body FROM sold s INDEXED BY sold_by_product"  # noqa: S608 - constants and placeholders
        " CROSS JOIN orders o ON o.shop = s.shop AND o.order_id = s.order_id"
        " LEFT JOIN booked b ON b.shop = s.shop AND b.order_id = s.order_id WHERE s.shop = ? AND s.counts = 1"
        " AND (o.state = 'excluded' OR (o.state = 'transferred' AND o.transferred_ms < ?))",
        (shop, known_ms or 0),
    ).fetchall()
    found: list[tuple[int, Row]] = []
    for *values, state, transferred_ms, body in standing:
        order_id, row = _sold_row(values)
        where = standing_of.made(state, transferred_ms, body)
        booked = where.booked(row.product_id, row.qty, row.booked, known_ms)
        new = msgspec.structs.replace(row, booked=booked, counts=not where.excluded and booked < row.qty)
        if new != row:
            found.append((order_id, new))
    holding = sorted(HOLDING | custom)
    back: list[tuple[Any, ...]] = tx.execute(
        f"SELECT {columns} FROM orders o INDEXED BY orders_by_state"  # noqa: S608 - constants and placeholders
        " CROSS JOIN sales l ON l.shop = o.shop AND l.order_id = o.order_id"
        " CROSS JOIN sold s ON s.shop = o.shop AND s.order_id = o.order_id"
        f" WHERE o.state IN ('waiting', 'held', 'dead') AND o.shop = ? AND l.status IN ({_places(holding)})"
        " AND (s.counts = 0 OR s.booked <> '0')",
        (shop, *holding),
    ).fetchall()
    for sold in back:
        order_id, row = _sold_row(sold)
        found.append((order_id, msgspec.structs.replace(row, booked=ZERO, counts=True)))
    return found


def _sold_row(values: Sequence[Any]) -> tuple[int, Row]:
    order_id, product_id, parent_id, sku, qty, taken, booked, counts = values
    row = Row(
        product_id=int(product_id),
        parent_id=int(parent_id),
        sku=str(sku),
        qty=Decimal(qty),
        taken=None if taken is None else Decimal(taken),
        booked=Decimal(booked),
        counts=bool(counts),
    )
    return int(order_id), row


def _places(values: list[str]) -> str:
    return ", ".join("?" * len(values))


def _rows(
    tx: apsw.Connection, shop: ShopKey, sale: Sale, was: Known | None, custom: frozenset[str], known_ms: int | None
) -> dict[tuple[int, str], Row]:
    """The order's rows by product. Where a product has been deleted the order no longer says what it was, so such an
    order keeps the rows it had."""
    if was is not None and was.rows and any(not line.product_id and not line.variation_id for line in sale.lines):
        rows = was.rows
    else:
        rows = _sold_now(sale, was)
    where = standing_of.of(tx, shop, sale.order_id)
    holds = _holds(sale, was, custom) and not where.excluded
    counted: dict[tuple[int, str], Row] = {}
    for key, row in rows.items():
        old = was.rows.get(key) if was is not None else None
        booked = where.booked(row.product_id, row.qty, None if old is None else old.booked, known_ms)
        counted[key] = msgspec.structs.replace(row, booked=booked, counts=holds and booked < row.qty)
    return counted


def _sold_now(sale: Sale, was: Known | None) -> dict[tuple[int, str], Row]:
    rows: dict[tuple[int, str], Row] = {}
    for line in sale.lines:
        product_id = line.variation_id or line.product_id
        parent_id = line.product_id if line.variation_id else 0
        # An order keeps the article number it was first seen with: a later one is the product's, not the sale's.
        key = next(
            (old for old in (was.rows if was is not None else {}) if old[0] == product_id and product_id),
            (product_id, line.sku.strip()),
        )
        old = rows.get(key)
        qty = line.qty + (old.qty if old is not None else ZERO)
        taken = line.taken
        if old is not None:
            taken = None if taken is None or old.taken is None else taken + old.taken
        rows[key] = Row(product_id, parent_id, key[1], qty, taken, booked=ZERO, counts=False)
    return rows


def _holds(sale: Sale, was: Known | None, custom: frozenset[str]) -> bool:
    """Whether the order counts as sold. A status of the shop's own that is no trigger says nothing: there it counts
    when the shop has taken stock for it, or when it did before."""
    if sale.status in SELLING_NOTHING:
        return False
    if sale.status in HOLDING or sale.status in custom:
        return True
    if any(line.taken for line in sale.lines):
        return True
    return was is not None and was.status not in SELLING_NOTHING and bool(was.rows)


def _sold(row: Row | None) -> Decimal:
    return row.qty - row.booked if row is not None and row.counts else ZERO


def _taken_more(old: Row | None, new: Row | None, was: Known | None, sale: Sale) -> Decimal | None:
    """How many pieces more the shop has taken from its stock than when it was last seen; None when that is unknown."""
    if new is not None and old is not None and new.taken is None and old.taken is None:
        same = old.qty == new.qty and (was is None or _same_class(was.status, sale.status))
        return ZERO if same else None
    before = ZERO if old is None else old.taken
    after = new.taken if new is not None else ZERO
    if before is None:
        return None
    if after is None and sale.status in GIVEN_BACK:
        after = ZERO
    return None if after is None else after - before


def _same_class(before: str, after: str) -> bool:
    """Between these two no stock moves."""
    return before == after or (before in HOLDING and after in HOLDING)


def _move(
    tx: apsw.Connection, shop: ShopKey, row: Row, taken: Decimal | None, after_s: int, *, flickered: bool
) -> bool:
    """What the shop shows has moved by its own hand. True when we no longer know what it shows."""
    if taken == ZERO and not flickered:
        return False
    sure = taken
    for product_id in filter(None, (row.product_id, row.parent_id)):
        link = links.by_product(tx, shop, product_id)
        if link is None or link.stock is None:
            sure = None  # Whether it is counted here or on the main product is not known.
        elif link.stock.managed:
            late = after_s > (link.stock_at or 0) + SLACK_S
            if late and sure is not None and sure == sure.to_integral_value():
                links.set_stock(tx, shop, link.pk, moved(link.stock, sure), link.stock_at)
                return False
            links.set_stock(tx, shop, link.pk, None, None)
            return True
    return False


def _keep(tx: apsw.Connection, shop: ShopKey, sale: Sale, rows: dict[tuple[int, str], Row]) -> None:
    tx.execute(
        "INSERT OR REPLACE INTO sales (shop, order_id, status, created_at, modified_at) VALUES (?, ?, ?, ?, ?)",
        (shop, sale.order_id, sale.status, _s(sale.created_at.timestamp()), _s(sale.modified_at.timestamp())),
    )
    tx.execute("DELETE FROM sold WHERE shop = ? AND order_id = ?", (shop, sale.order_id))
    tx.executemany(
        "INSERT INTO sold (shop, order_id, product_id, parent_id, sku, qty, taken, booked, counts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                shop,
                sale.order_id,
                row.product_id,
                row.parent_id,
                row.sku,
                str(row.qty),
                None if row.taken is None else str(row.taken),
                _text(row.booked),
                int(row.counts),
            )
            for row in rows.values()
        ],
    )
