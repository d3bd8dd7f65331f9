"""A governing shop's products as last read whole, and what of them is to be looked at.

In the tables `tasks` and `said` a product of the shop stands under its id made negative: those tables are by Mamut's
internal number, which products on their way there may not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import apsw
import msgspec

from agent.decide.articles import ItemFamily
from agent.flows import DirectionName
from agent.journal import article_links, plans, tasks
from agent.journal.journal import pack
from agent.journal.register import places, portions
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.shop_item import ShopItem

NAME = DirectionName.PRODUCTS_TO_MAMUT

DIGEST_BYTES = 16

_item = msgspec.msgpack.Decoder(ShopItem)


def key_of(product_id: int) -> int:
    """Under which a product stands among tasks, and the other way round."""
    return -product_id


class Known(Frozen, frozen=True):
    """What is kept of a product beside what it is."""

    product_id: int
    modified_at: int
    read_ms: int
    gone: bool


class Reading(msgspec.Struct, frozen=True):
    """How far a shop's products have been read. `mark_at` and `began_at` are seconds of the shop's clock."""

    shop: str
    mark_at: int | None = None
    mark_id: int = 0
    offset: int = 0
    began_at: int = 0
    total: int = 0
    census_ms: int = 0
    reread_ms: int = 0


_READING = ", ".join(Reading.__struct_fields__)


def reading(tx: apsw.Connection, shop: ShopKey) -> Reading:
    row = tx.execute(f"SELECT {_READING} FROM item_readings WHERE shop = ?", (shop,)).fetchone()  # noqa: S608 - constants only
    return Reading(shop) if row is None else Reading(*row)


def keep_reading(tx: apsw.Connection, kept: Reading) -> None:
    values = msgspec.structs.astuple(kept)
    tx.execute(f"INSERT OR REPLACE INTO item_readings ({_READING}) VALUES ({places(values)})", values)  # noqa: S608 - constants only


def read_anew(tx: apsw.Connection, shop: ShopKey) -> None:
    """All products are listed again, whatever was read before; what is kept is compared with them."""
    tx.execute("DELETE FROM item_readings WHERE shop = ?", (shop,))


# -- reading ----------------------------------------------------------------------------------------------------------


def known(tx: apsw.Connection, shop: ShopKey, product_ids: Iterable[int]) -> dict[int, Known]:
    found: dict[int, Known] = {}
    for part in portions(product_ids):
        rows = tx.execute(
            "SELECT product_id, modified_at, read_ms, gone_ms IS NOT NULL FROM shop_items"  # noqa: S608 - placeholders only
            f" WHERE shop = ? AND product_id IN ({places(part)})",
            (shop, *part),
        )
        for product_id, modified_at, read_ms, gone in rows:
            found[int(product_id)] = Known(int(product_id), int(modified_at), int(read_ms), bool(gone))
    return found


def is_gone(tx: apsw.Connection, shop: ShopKey, product_id: int) -> bool:
    found = known(tx, shop, (product_id,)).get(product_id)
    return found is not None and found.gone


def oldest(tx: apsw.Connection, shop: ShopKey, limit: int) -> list[int]:
    """The products, without variations, that were read longest ago."""
    rows = tx.execute(
        "SELECT product_id FROM shop_items WHERE shop = ? AND parent_id = 0 AND gone_ms IS NULL"
        " ORDER BY read_ms, product_id LIMIT ?",
        (shop, limit),
    )
    return [int(product_id) for (product_id,) in rows]


def present_between(tx: apsw.Connection, shop: ShopKey, first: int, last: int) -> list[int]:
    """The products, without variations, that are kept as being in the shop, with ids from one to the other."""
    rows = tx.execute(
        "SELECT product_id FROM shop_items WHERE shop = ? AND product_id BETWEEN ? AND ? AND parent_id = 0"
        " AND gone_ms IS NULL ORDER BY product_id",
        (shop, first, last),
    )
    return [int(product_id) for (product_id,) in rows]


def highest(tx: apsw.Connection, shop: ShopKey) -> int:
    (number,) = tx.execute(
        "SELECT coalesce(max(product_id), 0) FROM shop_items WHERE shop = ?", (shop,)
    ).fetchone() or (0,)
    return int(number)


def count(tx: apsw.Connection, shop: ShopKey) -> int:
    """Products and variations that are in the shop."""
    (number,) = tx.execute(
        "SELECT count(*) FROM shop_items WHERE shop = ? AND gone_ms IS NULL", (shop,)
    ).fetchone() or (0,)
    return int(number)


def all_ids(tx: apsw.Connection, shop: ShopKey) -> list[int]:
    rows = tx.execute("SELECT product_id FROM shop_items WHERE shop = ? ORDER BY product_id", (shop,))
    return [int(product_id) for (product_id,) in rows]


def variations_of(tx: apsw.Connection, shop: ShopKey, parent_id: int) -> list[int]:
    rows = tx.execute(
        # Named here and below, because the planner would rather walk through all of the shop's products.
        "SELECT product_id FROM shop_items INDEXED BY shop_items_by_parent"
        " WHERE shop = ? AND parent_id = ? AND parent_id > 0 AND gone_ms IS NULL"
        " ORDER BY product_id",
        (shop, parent_id),
    )
    return [int(product_id) for (product_id,) in rows]


def item(tx: apsw.Connection, shop: ShopKey, product_id: int) -> ShopItem | None:
    row = tx.execute("SELECT body FROM shop_items WHERE shop = ? AND product_id = ?", (shop, product_id)).fetchone()
    return None if row is None else _item.decode(row[0])


def find(tx: apsw.Connection, number: str) -> list[tuple[ShopKey, int]]:
    """The products with this number, in any shop, in the shop or in Mamut."""
    rows = tx.execute(
        "SELECT shop, product_id FROM shop_items WHERE number = ?1"
        " UNION SELECT shop, product_id FROM article_links WHERE product_no = ?2 ORDER BY 1, 2",
        (folded(number), number.strip()),
    )
    return [(ShopKey(str(shop)), int(product_id)) for shop, product_id in rows]


def families(tx: apsw.Connection, shop: ShopKey, product_ids: Iterable[int]) -> dict[int, ItemFamily]:
    """These products with what they depend on, by id; those that were never read are left out."""
    wanted = list(product_ids)
    own = _bodies(tx, shop, wanted)
    parents = {each.parent_id for each, _ in own.values() if each.parent_id}
    mains = _bodies(tx, shop, parents)
    variations = _variations(tx, shop, parents)
    links = article_links.of(tx, shop, {*own, *parents})
    undone = plans.taken_back(tx, shop, [each for each in own if each not in links])
    found: dict[int, ItemFamily] = {}
    for product_id, (each, gone) in own.items():
        main, main_gone = mains.get(each.parent_id, (None, True))
        found[product_id] = ItemFamily(
            item=each,
            gone=gone,
            link=links.get(product_id),
            parent=None if main_gone else main,
            parent_link=links.get(each.parent_id),
            siblings=variations.get(each.parent_id, ()),
            twins=_twins(tx, shop, each),
            undone=undone.get(product_id, 0),
        )
    return found


def _bodies(tx: apsw.Connection, shop: ShopKey, product_ids: Iterable[int]) -> dict[int, tuple[ShopItem, bool]]:
    found: dict[int, tuple[ShopItem, bool]] = {}
    for part in portions(product_ids):
        rows = tx.execute(
            "SELECT product_id, body, gone_ms IS NOT NULL FROM shop_items"  # noqa: S608 - placeholders only
            f" WHERE shop = ? AND product_id IN ({places(part)})",
            (shop, *part),
        )
        for product_id, body, gone in rows:
            found[int(product_id)] = (_item.decode(body), bool(gone))
    return found


def _variations(tx: apsw.Connection, shop: ShopKey, parents: Iterable[int]) -> dict[int, tuple[ShopItem, ...]]:
    found: dict[int, list[ShopItem]] = {}
    for part in portions(parents):
        rows = tx.execute(
            "SELECT parent_id, body FROM shop_items INDEXED BY shop_items_by_parent"  # noqa: S608 - placeholders only
            f" WHERE shop = ? AND parent_id IN ({places(part)})"
            " AND parent_id > 0 AND gone_ms IS NULL ORDER BY product_id",
            (shop, *part),
        )
        for parent_id, body in rows:
            found.setdefault(int(parent_id), []).append(_item.decode(body))
    return {parent_id: tuple(group) for parent_id, group in found.items()}


def _twins(tx: apsw.Connection, shop: ShopKey, each: ShopItem) -> tuple[int, ...]:
    """A variation that shows its product's number has none, so the two are no twins (variations[18])."""
    number = folded(each.sku)
    if not number:
        return ()
    rows = tx.execute(
        "SELECT product_id, parent_id FROM shop_items INDEXED BY shop_items_by_number"
        " WHERE shop = ? AND number = ? AND number <> '' AND product_id <> ?"
        " AND gone_ms IS NULL ORDER BY product_id",
        (shop, number, each.product_id),
    )
    return tuple(int(other) for other, parent in rows if each.product_id != parent and each.parent_id != other)


def folded(number: str) -> str:
    """Case and outer spaces do not matter to a shop (products_simple[19])."""
    return " ".join(number.split()).casefold()


# -- keeping ----------------------------------------------------------------------------------------------------------


def keep(tx: apsw.Connection, shop: ShopKey, read: Sequence[tuple[ShopItem, int]], now_ms: int) -> set[int]:
    """Keeps these products, each with the shop's date, and puts tasks for those that are other than they were, and for
    whom that concerns. Gives their ids."""
    stood = {
        product_id: (digest, number, gone)
        for part in portions(each.product_id for each, _ in read)
        for product_id, digest, number, gone in tx.execute(
            "SELECT product_id, digest, number, gone_ms IS NOT NULL FROM shop_items"  # noqa: S608 - placeholders only
            f" WHERE shop = ? AND product_id IN ({places(part)})",
            (shop, *part),
        )
    }
    changed: set[int] = set()
    numbers: set[str] = set()
    for each, modified_at in read:
        body = pack(each)
        digest, number = blake2b(body, digest_size=DIGEST_BYTES).digest(), folded(each.sku)
        old = stood.get(each.product_id)
        if old is not None and old == (digest, number, 0):
            tx.execute(
                "UPDATE shop_items SET modified_at = ?, read_ms = ? WHERE shop = ? AND product_id = ?",
                (modified_at, now_ms, shop, each.product_id),
            )
            continue
        changed.add(each.product_id)
        if old is None or old[1] != number or old[2]:
            numbers |= {number, *(() if old is None else (str(old[1]),))}
        tx.execute(
            "INSERT OR REPLACE INTO shop_items"
            " (shop, product_id, parent_id, number, body, digest, modified_at, gone_ms, read_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            (shop, each.product_id, each.parent_id, number, body, digest, modified_at, now_ms),
        )
    look_at(tx, shop, changed | _concerned(tx, shop, changed, numbers), now_ms)
    return changed


def gone(tx: apsw.Connection, shop: ShopKey, product_ids: Iterable[int], now_ms: int) -> set[int]:
    """The shop does not have these any more, nor their variations. Gives the ids of all that were there."""
    left: set[int] = set()
    numbers: set[str] = set()
    for part in portions(product_ids):
        rows = tx.execute(
            "SELECT product_id, number FROM shop_items WHERE shop = ? AND gone_ms IS NULL"  # noqa: S608 - placeholders only
            f" AND (product_id IN ({places(part)}) OR (parent_id > 0 AND parent_id IN ({places(part)})))",
            (shop, *part, *part),
        )
        for product_id, number in rows:
            left.add(int(product_id))
            numbers.add(str(number))
    tx.executemany(
        "UPDATE shop_items SET gone_ms = ?, modified_at = 0 WHERE shop = ? AND product_id = ?",
        [(now_ms, shop, product_id) for product_id in sorted(left)],
    )
    look_at(tx, shop, left | _concerned(tx, shop, set(), numbers), now_ms)
    return left


def gone_below(tx: apsw.Connection, shop: ShopKey, parent_id: int, listed: Iterable[int], now_ms: int) -> set[int]:
    """The variations of a product that are none of those listed."""
    return gone(tx, shop, set(variations_of(tx, shop, parent_id)) - set(listed), now_ms)


def forget(tx: apsw.Connection, shop: ShopKey, product_id: int) -> None:
    """A product that is gone and that nothing is left to do for. That its article has been made inactive is remembered,
    should the product come back."""
    tx.execute("DELETE FROM shop_items WHERE shop = ? AND product_id = ? AND gone_ms IS NOT NULL", (shop, product_id))
    tx.execute("DELETE FROM article_links WHERE shop = ? AND product_id = ? AND retired = 0", (shop, product_id))


def look_at(tx: apsw.Connection, shop: ShopKey, product_ids: Iterable[int], now_ms: int) -> None:
    """Puts tasks for these products."""
    tasks.put(tx, shop, NAME, [key_of(product_id) for product_id in sorted(product_ids)], now_ms)


def _concerned(tx: apsw.Connection, shop: ShopKey, changed: set[int], numbers: set[str]) -> set[int]:
    """The variations of products that have changed, the products of new variations, and who has, or had, the same
    number."""
    found: set[int] = set()
    for part in portions(changed):
        rows = tx.execute(
            "SELECT product_id FROM shop_items WHERE shop = ? AND gone_ms IS NULL AND parent_id > 0"  # noqa: S608 - placeholders only
            f" AND parent_id IN ({places(part)})",
            (shop, *part),
        )
        found.update(int(product_id) for (product_id,) in rows)
    for names in portions(numbers - {""}):
        rows = tx.execute(
            "SELECT product_id FROM shop_items INDEXED BY shop_items_by_number"  # noqa: S608 - placeholders only
            f" WHERE shop = ? AND gone_ms IS NULL AND number IN ({places(names)}) AND number <> ''",
            (shop, *names),
        )
        found.update(int(product_id) for (product_id,) in rows)
    return found
