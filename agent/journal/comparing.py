"""A page of Mamut's register compared with what was kept, by content, and kept where it differs.

Mamut tells no changes, so every row is read again and again; a digest of its card says whether it is the one it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

import apsw
import msgspec

from agent.journal.article_words import words_of
from agent.journal.register import article, articles, family, pks_of, places, portions
from agent.model.goods import ArticleCard, PriceCard, StockCard

DIGEST_BYTES = 16

Card = TypeVar("Card", ArticleCard, StockCard, PriceCard)
Numbered = TypeVar("Numbered", StockCard, PriceCard)
Key = TypeVar("Key", int, str)

_encode = msgspec.msgpack.Encoder().encode


class Differs(msgspec.Struct, frozen=True):
    """A card that is not as it was kept, ready to be kept."""

    product_no: str
    body: bytes
    digest: bytes


class ArticleDiffers(msgspec.Struct, frozen=True):
    card: ArticleCard
    body: bytes
    digest: bytes


class Kept(msgspec.Struct):
    """What came of a page of articles: how many were new or changed, which are to be looked at for what they are, for
    their price and for their stock, and numbers whose stock and price are to be read anew, since they are another's."""

    changed: int = 0
    articles: set[int] = msgspec.field(default_factory=set)
    prices: set[int] = msgspec.field(default_factory=set)
    stock: set[int] = msgspec.field(default_factory=set)
    numbers: set[str] = msgspec.field(default_factory=set)


def differing_articles(tx: apsw.Connection, cards: Sequence[ArticleCard]) -> list[ArticleDiffers]:
    """The articles that are new or not as they were."""
    found = _differing(tx, "articles", "pk", {card.pk: card for card in cards})
    return [ArticleDiffers(card, body, digest) for card, body, digest in found]


def differing_stock(tx: apsw.Connection, cards: Sequence[StockCard]) -> list[Differs]:
    """Stock that is new or not as it was; none of a number that several articles bear."""
    return _told_apart(tx, _differing(tx, "stocks", "product_no", {card.product_no: card for card in cards}))


def differing_prices(tx: apsw.Connection, cards: Sequence[PriceCard]) -> list[Differs]:
    return _told_apart(tx, _differing(tx, "prices", "product_no", {card.product_no: card for card in cards}))


def keep_articles(tx: apsw.Connection, rows: Sequence[ArticleDiffers], now_ms: int) -> Kept:
    """Keeps changed articles. The stock and the price of a number that has come to another article, or to none, or that
    two have now, go away. Articles whose price or stock is not known yet are not to be looked at for it: whichever of
    the two is read last brings that about."""
    kept = Kept(changed=len(rows))
    moved: set[str] = set()
    for row in rows:
        card, old = row.card, article(tx, row.card.pk)
        tx.execute(
            "INSERT OR REPLACE INTO articles (pk, product_no, main, card, digest, changed_ms)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (card.pk, card.product_no, card.variant.main if card.variant else "", row.body, row.digest, now_ms),
        )
        tx.execute("INSERT OR REPLACE INTO article_words (pk, words) VALUES (?, ?)", (card.pk, words_of(card)))
        kept.articles.add(card.pk)
        if old is None or _prices_differ(old, card):
            kept.prices.add(card.pk)
        if old is None or _stock_differs(old, card):
            kept.stock.add(card.pk)
        if not card.keeps_stock:
            _forget(tx, "stocks", {card.product_no})
        elif old is not None and not old.keeps_stock:
            kept.numbers.add(card.product_no)
        if old is not None and old.product_no != card.product_no:
            moved |= {card.product_no, old.product_no}
        if old is not None and old.variant is not None and old.variant != card.variant:
            kept.articles.update(pks_of(tx, (old.variant.main,)).get(old.variant.main, ()))
    shared = _settle(tx, kept, moved, {row.card.product_no for row in rows})
    kept.articles |= family(tx, kept.articles)
    kept.prices = _with_price(tx, kept.prices | family(tx, kept.prices)) | shared
    kept.stock = _with_stock(tx, kept.stock | family(tx, kept.stock)) | shared
    return kept


def keep_stock(tx: apsw.Connection, rows: Sequence[Differs], read_ms: int) -> set[int]:
    """Keeps changed stock as of `read_ms`, when the question left (our clock); what was read later stands. Gives the
    articles that are to be looked at: those it is the stock of, with their family."""
    return _keep_by_number(tx, "stocks", "read_ms", rows, read_ms)


def keep_stock_again(tx: apsw.Connection, cards: Sequence[StockCard], read_ms: int) -> set[int]:
    """Keeps what Mamut told when it was asked for these articles alone, changed or not: from then on it is known."""
    changed = keep_stock(tx, differing_stock(tx, cards), read_ms)
    tx.executemany(
        "UPDATE stocks SET read_ms = ? WHERE product_no = ? AND read_ms < ?",
        [(read_ms, card.product_no, read_ms) for card in cards],
    )
    return changed


def keep_prices(tx: apsw.Connection, rows: Sequence[Differs], now_ms: int) -> set[int]:
    """Keeps changed prices; gives the articles that they are of, with their family."""
    return _keep_by_number(tx, "prices", "changed_ms", rows, now_ms)


def _differing(tx: apsw.Connection, table: str, column: str, cards: dict[Key, Card]) -> list[tuple[Card, bytes, bytes]]:
    """One look-up a page: the digests of all its rows."""
    known: dict[object, object] = {}
    for part in portions(cards):
        known.update(
            tx.execute(f"SELECT {column}, digest FROM {table} WHERE {column} IN ({places(part)})", part)  # noqa: S608 - constants and placeholders
        )
    found: list[tuple[Card, bytes, bytes]] = []
    for key, card in cards.items():
        body = _encode(card)
        digest = blake2b(body, digest_size=DIGEST_BYTES).digest()
        if known.get(key) != digest:
            found.append((card, body, digest))
    return found


def _told_apart(tx: apsw.Connection, found: Sequence[tuple[Numbered, bytes, bytes]]) -> list[Differs]:
    bearers = pks_of(tx, [card.product_no for card, _, _ in found])
    return [
        Differs(card.product_no, body, digest)
        for card, body, digest in found
        if len(bearers.get(card.product_no, ())) < 2
    ]


def _keep_by_number(tx: apsw.Connection, table: str, stamp: str, rows: Sequence[Differs], now_ms: int) -> set[int]:
    tx.executemany(
        f"INSERT INTO {table} (product_no, card, digest, {stamp}) VALUES (?, ?, ?, ?)"  # noqa: S608 - constants only
        f" ON CONFLICT (product_no) DO UPDATE SET card = excluded.card, digest = excluded.digest,"
        f" {stamp} = excluded.{stamp} WHERE excluded.{stamp} >= {stamp}",
        [(row.product_no, row.body, row.digest, now_ms) for row in rows],
    )
    changed = {pk for pks in pks_of(tx, [row.product_no for row in rows]).values() for pk in pks}
    return changed | family(tx, changed)


def _settle(tx: apsw.Connection, kept: Kept, moved: set[str], numbers: set[str]) -> set[int]:
    """What stood under a number that has come to another article was of the one before; what two articles share cannot
    be told apart. Whoever bears such a number is looked at; one that is borne alone has price and stock read anew.
    Gives the articles that share their number."""
    bearers = pks_of(tx, moved | numbers)
    shared = {number for number, pks in bearers.items() if len(pks) > 1}
    _forget(tx, "stocks", moved | shared)
    _forget(tx, "prices", moved | shared)
    kept.articles.update(pk for number in moved | shared for pk in bearers.get(number, ()))
    kept.numbers = (kept.numbers | (moved & bearers.keys())) - shared
    return {pk for number in shared for pk in bearers[number]}


def _forget(tx: apsw.Connection, table: str, product_nos: set[str]) -> None:
    tx.executemany(f"DELETE FROM {table} WHERE product_no = ?", [(number,) for number in sorted(product_nos)])  # noqa: S608 - constants only


def _with_price(tx: apsw.Connection, pks: set[int]) -> set[int]:
    return _joined(tx, pks, "SELECT a.pk FROM articles a JOIN prices p ON p.product_no = a.product_no")


def _with_stock(tx: apsw.Connection, pks: set[int]) -> set[int]:
    """Those whose stock is known; that of an article that keeps none is."""
    known = _joined(tx, pks, "SELECT a.pk FROM articles a JOIN stocks s ON s.product_no = a.product_no")
    return known | {pk for pk, card in articles(tx, pks - known).items() if not card.keeps_stock}


def _joined(tx: apsw.Connection, pks: set[int], select: str) -> set[int]:
    found: set[int] = set()
    for part in portions(sorted(pks)):
        found.update(int(str(pk)) for (pk,) in tx.execute(f"{select} WHERE a.pk IN ({places(part)})", part))
    return found


def _prices_differ(old: ArticleCard, new: ArticleCard) -> bool:
    """Whether the card says anything else about the price than the price itself, which is read by itself."""
    return (*_common(old), old.vat_code) != (*_common(new), new.vat_code)


def _stock_differs(old: ArticleCard, new: ArticleCard) -> bool:
    return (*_common(old), old.keeps_stock) != (*_common(new), new.keeps_stock)


def _common(card: ArticleCard) -> tuple[object, ...]:
    return (
        card.product_no,
        card.group,
        card.subgroup,
        card.variant,
        card.properties,
        card.varies_by,
        card.web,
        card.inactive,
    )
