"""Which of a shop's products each article is, and what was last written to it."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal.journal import pack
from agent.journal.tasks import PK_STEP
from agent.model.goods import ProductKind, ShopPrice, ShopStock
from agent.model.ids import ShopKey
from agent.model.link import Facet, Link
from agent.model.said import GoodsReason

_COLUMNS = "pk, product_id, parent_id, kind, sku, made, product, price, lists, unsure, stock, stock_at"

_Lists = tuple[tuple[str, str], ...]
_price = msgspec.msgpack.Decoder(ShopPrice)
_lists = msgspec.msgpack.Decoder(_Lists)
_stock = msgspec.msgpack.Decoder(ShopStock)

_Row = tuple[int, int, int, str, str, int, bytes | None, bytes | None, bytes | None, int, bytes | None, int | None]


def get(tx: apsw.Connection, shop: ShopKey, pk: int) -> Link | None:
    return of(tx, shop, (pk,)).get(pk)


def of(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int]) -> dict[int, Link]:
    """The links of these articles, by pk; those without one are left out."""
    found: dict[int, Link] = {}
    wanted = list(pks)
    for start in range(0, len(wanted), PK_STEP):
        part = wanted[start : start + PK_STEP]
        places = ", ".join("?" * len(part))
        rows = tx.execute(
            f"SELECT {_COLUMNS} FROM links WHERE shop = ? AND pk IN ({places})",  # noqa: S608 - placeholders only
            (shop, *part),
        )
        for row in rows:
            link = _link(row)
            found[link.pk] = link
    return found


def by_product(tx: apsw.Connection, shop: ShopKey, product_id: int) -> Link | None:
    """The article that is this product or variation of the shop."""
    row = tx.execute(
        # Named, because the planner would rather walk through every link of the shop.
        f"SELECT {_COLUMNS} FROM links INDEXED BY links_by_product WHERE shop = ? AND product_id = ?",  # noqa: S608 - constants only
        (shop, product_id),
    ).fetchone()
    return None if row is None else _link(row)


def count(tx: apsw.Connection, shop: ShopKey) -> int:
    row = tx.execute("SELECT count(*) FROM links WHERE shop = ?", (shop,)).fetchone()
    return int(row[0]) if row else 0


def put(
    tx: apsw.Connection,
    shop: ShopKey,
    pk: int,
    *,
    product_id: int,
    parent_id: int,
    kind: ProductKind,
    sku: str,
    made: bool,
    now_ms: int,
) -> None:
    """The article is this product from now on. What was written to another one it was before is forgotten."""
    tx.execute("DELETE FROM links WHERE shop = ? AND pk = ? AND product_id <> ?", (shop, pk, product_id))
    tx.execute(
        "INSERT INTO links (shop, pk, product_id, parent_id, kind, sku, made, linked_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (shop, pk) DO UPDATE SET parent_id = excluded.parent_id, kind = excluded.kind,"
        " sku = excluded.sku",
        (shop, pk, product_id, parent_id, kind.value, sku, int(made), now_ms),
    )


def drop_variants(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int], parent_id: int) -> None:
    """The variations of another product than this one are gone with it."""
    tx.executemany(
        "DELETE FROM links WHERE shop = ? AND pk = ? AND parent_id <> ?", [(shop, pk, parent_id) for pk in pks]
    )


def forget_gone(tx: apsw.Connection, shop: ShopKey, pk: int) -> None:
    """A person wants a product again that was gone from the shop: it is looked for by its number, and made when there
    is none. Nothing else does that, since somebody had taken it away."""
    tx.execute(
        "DELETE FROM links WHERE shop = ? AND pk = ? AND EXISTS (SELECT 1 FROM tasks WHERE tasks.shop = links.shop"
        " AND tasks.pk = links.pk AND tasks.direction = ? AND tasks.code = ?)",
        (shop, pk, DirectionName.PRODUCTS_TO_SHOP, GoodsReason.PRODUCT_GONE),
    )


def drop(tx: apsw.Connection, shop: ShopKey, pk: int) -> None:
    """The article is none of the shop's products any more."""
    tx.execute("DELETE FROM links WHERE shop = ? AND pk = ?", (shop, pk))


def set_sku(tx: apsw.Connection, shop: ShopKey, pk: int, sku: str) -> None:
    tx.execute("UPDATE links SET sku = ? WHERE shop = ? AND pk = ?", (sku, shop, pk))


def about_to_write(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int], facet: Facet) -> None:
    """Before a batch is sent: until its answer has been kept, the shop may have what it had or what was sent."""
    tx.executemany(
        "UPDATE links SET unsure = unsure | ? WHERE shop = ? AND pk = ?", [(facet.value, shop, pk) for pk in pks]
    )


def set_marks(tx: apsw.Connection, shop: ShopKey, pk: int, marks: bytes) -> None:
    """What products_to_shop has written (decide.products.marks_of)."""
    _written(tx, shop, pk, "product", marks, Facet.PRODUCT)


def set_price(tx: apsw.Connection, shop: ShopKey, pk: int, price: ShopPrice | None) -> None:
    _written(tx, shop, pk, "price", None if price is None else pack(price), Facet.PRICE)


def set_lists(tx: apsw.Connection, shop: ShopKey, pk: int, lists: _Lists) -> None:
    _written(tx, shop, pk, "lists", msgspec.msgpack.encode(lists), Facet.LISTS)


def set_stock(tx: apsw.Connection, shop: ShopKey, pk: int, stock: ShopStock | None, at_s: int | None) -> None:
    """What the shop is believed to show; None when that is not known. `at_s` is the shop's clock."""
    tx.execute(
        "UPDATE links SET stock = ?, stock_at = ? WHERE shop = ? AND pk = ?",
        (None if stock is None else pack(stock), at_s, shop, pk),
    )


def _written(tx: apsw.Connection, shop: ShopKey, pk: int, column: str, value: bytes | None, facet: Facet) -> None:
    tx.execute(
        f"UPDATE links SET {column} = ?, unsure = unsure & ~? WHERE shop = ? AND pk = ?",  # noqa: S608 - constants only
        (value, facet.value, shop, pk),
    )


def _link(row: _Row) -> Link:
    pk, product_id, parent_id, kind, sku, made, marks, price, lists, unsure, stock, stock_at = row
    return Link(
        pk=pk,
        product_id=product_id,
        parent_id=parent_id,
        kind=ProductKind(kind),
        sku=sku,
        made=bool(made),
        marks=marks,
        price=None if price is None else _price.decode(price),
        lists=None if lists is None else _lists.decode(lists),
        unsure=frozenset(facet for facet in Facet if unsure & facet),
        stock=None if stock is None else _stock.decode(stock),
        stock_at=stock_at,
    )
