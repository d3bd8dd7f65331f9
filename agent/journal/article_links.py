"""Which article of Mamut each product of a governing shop is, and what was last written of it."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from agent.journal.register import places, portions
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.shop_item import ArticleLink

_COLUMNS = "product_id, pk, product_no, made, properties, marks, retire, retired"

_properties = msgspec.msgpack.Decoder(tuple[str, ...])
_marks = msgspec.msgpack.Decoder(dict[str, bytes])

_Row = tuple[int, int, str, int, bytes, bytes, int, int]


class Bond(Frozen, frozen=True):
    """That a product is tied to an article. `gone` is true where the shop does not have the product any more."""

    shop: str
    product_id: int
    linked_ms: int
    gone: bool


def of(tx: apsw.Connection, shop: ShopKey, product_ids: Iterable[int]) -> dict[int, ArticleLink]:
    """The links of these products, by their id; those without one are left out."""
    found: dict[int, ArticleLink] = {}
    for part in portions(product_ids):
        rows = tx.execute(
            f"SELECT {_COLUMNS} FROM article_links WHERE shop = ? AND product_id IN ({places(part)})",  # noqa: S608 - placeholders only
            (shop, *part),
        )
        for row in rows:
            link = _link(row)
            found[link.product_id] = link
    return found


def bonds(tx: apsw.Connection, pks: Iterable[int]) -> dict[int, list[Bond]]:
    """All products of all shops that are tied to these articles, by article."""
    found: dict[int, list[Bond]] = {}
    for part in portions(pks):
        rows = tx.execute(
            "SELECT l.pk, l.shop, l.product_id, l.linked_ms, i.gone_ms IS NOT NULL FROM article_links l"  # noqa: S608 - placeholders only
            f" LEFT JOIN shop_items i USING (shop, product_id) WHERE l.pk IN ({places(part)})"
            " ORDER BY l.linked_ms, l.shop, l.product_id",
            part,
        )
        for pk, shop, product_id, linked_ms, gone in rows:
            bond = Bond(shop=str(shop), product_id=int(product_id), linked_ms=int(linked_ms), gone=bool(gone))
            found.setdefault(int(str(pk)), []).append(bond)
    return found


def put(tx: apsw.Connection, shop: ShopKey, link: ArticleLink, now_ms: int) -> None:
    """The product is this article from now on, and this is what was last written of it."""
    tx.execute(
        "INSERT INTO article_links (shop, product_id, pk, product_no, made, properties, marks, retire, retired,"
        " linked_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (shop, product_id) DO UPDATE SET pk = excluded.pk, product_no = excluded.product_no,"
        " properties = excluded.properties, marks = excluded.marks, retire = excluded.retire,"
        " retired = excluded.retired",
        (
            shop,
            link.product_id,
            link.pk,
            link.product_no,
            int(link.made),
            msgspec.msgpack.encode(link.properties),
            msgspec.msgpack.encode(link.marks),
            int(link.retire),
            int(link.retired),
            now_ms,
        ),
    )


def set_retire(tx: apsw.Connection, shop: ShopKey, product_id: int) -> None:
    """A person has agreed that the article of a removed product becomes inactive."""
    tx.execute("UPDATE article_links SET retire = 1 WHERE shop = ? AND product_id = ?", (shop, product_id))


def drop(tx: apsw.Connection, shop: ShopKey, product_id: int) -> None:
    """The product is no article of Mamut any more."""
    tx.execute("DELETE FROM article_links WHERE shop = ? AND product_id = ?", (shop, product_id))


def proposed(tx: apsw.Connection, shop: ShopKey | None = None) -> list[tuple[str, ArticleLink]]:
    """Articles whose product has left its shop and of which nobody has said yet what becomes of them."""
    rows = tx.execute(
        f"SELECT l.shop, {', '.join(f'l.{name}' for name in _COLUMNS.split(', '))} FROM article_links l"  # noqa: S608 - constants only
        " JOIN shop_items i USING (shop, product_id) WHERE i.gone_ms IS NOT NULL AND l.retire = 0 AND l.retired = 0"
        " AND (? IS NULL OR l.shop = ?) ORDER BY l.shop, l.product_no",
        (shop, shop),
    )
    return [(str(key), _link(tuple(row))) for key, *row in rows]


def _link(row: _Row) -> ArticleLink:
    product_id, pk, product_no, made, properties, marks, retire, retired = row
    return ArticleLink(
        product_id=product_id,
        pk=pk,
        product_no=product_no,
        made=bool(made),
        properties=_properties.decode(properties),
        marks=_marks.decode(marks),
        retire=bool(retire),
        retired=bool(retired),
    )
