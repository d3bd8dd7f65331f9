"""Mamut's register as it was last read: look-ups of articles, stock and prices, and of the rules beside them.

An article is known by Mamut's internal number, its stock and its price by its article number, since that is all Mamut
tells of them. Of a number that stands twice in the register neither stock nor price can be told apart: none is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import apsw
import msgspec

from agent.journal import records
from agent.journal.passes import Part
from agent.journal.tasks import PK_STEP
from agent.model.goods import ArticleCard, GroupDiscount, PriceCard, StockCard
from agent.model.mamut import Registers, VatCode

DISCOUNTS = "mamut_discounts"
VAT_CODES = "mamut_vat_codes"
"""Notes: the rules that prices depend on and that stand beside the register."""

REGISTERS = "mamut_registers"
"""A note: Mamut's standard registers, for whoever wants to know them without asking Mamut."""

CLIENT = "register_client"
"""A note: the client number of the company whose register it is."""

Key = TypeVar("Key", int, str)

_article = msgspec.msgpack.Decoder(ArticleCard)
_stock = msgspec.msgpack.Decoder(StockCard)
_price = msgspec.msgpack.Decoder(PriceCard)
_discounts = msgspec.json.Decoder(tuple[GroupDiscount, ...])
_vat_codes = msgspec.json.Decoder(tuple[VatCode, ...])
_registers = msgspec.json.Decoder(Registers)


def article(tx: apsw.Connection, pk: int) -> ArticleCard | None:
    row = tx.execute("SELECT card FROM articles WHERE pk = ?", (pk,)).fetchone()
    return None if row is None else _article.decode(row[0])


def articles(tx: apsw.Connection, pks: Iterable[int]) -> dict[int, ArticleCard]:
    """These articles by pk; those that are not there are left out."""
    found: dict[int, ArticleCard] = {}
    for part in portions(pks):
        rows = tx.execute(f"SELECT pk, card FROM articles WHERE pk IN ({places(part)})", part)  # noqa: S608 - placeholders only
        found.update((int(str(pk)), _article.decode(card)) for pk, card in rows)
    return found


def articles_after(tx: apsw.Connection, pk: int, limit: int) -> list[ArticleCard]:
    """The next articles by pk, so that all can be walked through in little memory."""
    rows = tx.execute("SELECT card FROM articles WHERE pk > ? ORDER BY pk LIMIT ?", (pk, limit))
    return [_article.decode(card) for (card,) in rows]


def variants(tx: apsw.Connection, main: str) -> tuple[ArticleCard, ...]:
    """The variants of a main article, by its number."""
    rows = tx.execute("SELECT card FROM articles WHERE main = ? AND main <> '' ORDER BY pk", (main,))
    return tuple(_article.decode(card) for (card,) in rows)


def pks_of(tx: apsw.Connection, product_nos: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The articles with these numbers; usually one, and none is left out."""
    found: dict[str, tuple[int, ...]] = {}
    for part in portions(product_nos):
        rows = tx.execute(
            f"SELECT product_no, pk FROM articles WHERE product_no IN ({places(part)}) ORDER BY pk",  # noqa: S608 - placeholders only
            part,
        )
        for number, pk in rows:
            found[str(number)] = (*found.get(str(number), ()), int(str(pk)))
    return found


def family(tx: apsw.Connection, pks: Iterable[int]) -> set[int]:
    """The variants of those that are main articles, and the main articles of those that are variants: what one of them
    is shows in the others."""
    found: set[int] = set()
    for part in portions(pks):
        named = places(part)
        found.update(
            int(str(pk))
            for (pk,) in tx.execute(
                f"SELECT v.pk FROM articles m JOIN articles v ON v.main = m.product_no AND v.main <> ''"  # noqa: S608 - placeholders only
                f" WHERE m.pk IN ({named})"
                f" UNION SELECT m.pk FROM articles v JOIN articles m ON m.product_no = v.main"
                f" WHERE v.pk IN ({named}) AND v.main <> ''",
                (*part, *part),
            )
        )
    return found


def twice(tx: apsw.Connection, product_no: str) -> tuple[int, ...]:
    """The articles that bear this number, where there are several; else nothing."""
    pks = pks_of(tx, (product_no,)).get(product_no, ())
    return pks if len(pks) > 1 else ()


def count(tx: apsw.Connection) -> int:
    (number,) = tx.execute("SELECT count(*) FROM articles").fetchone() or (0,)
    return int(number)


def stock_of(tx: apsw.Connection, product_nos: Iterable[str]) -> dict[str, StockCard]:
    """The stock of these numbers; those without any are left out."""
    return {number: _stock.decode(card) for number, card in _cards(tx, "stocks", product_nos)}


def prices_of(tx: apsw.Connection, product_nos: Iterable[str]) -> dict[str, PriceCard]:
    return {number: _price.decode(card) for number, card in _cards(tx, "prices", product_nos)}


def stock_known_since(tx: apsw.Connection, product_no: str) -> int | None:
    """Since when the stock we hold of a number is known to be what Mamut has (milliseconds, ours): whatever stood in
    Mamut by then is in it. None when none is known."""
    row = tx.execute(
        "SELECT max(read_ms, coalesce((SELECT whole_began_ms FROM readings WHERE part = ?), 0))"
        " FROM stocks WHERE product_no = ?",
        (Part.STOCK, product_no),
    ).fetchone()
    return None if row is None else int(row[0])


# -- the rules that prices depend on ----------------------------------------------------------------------------------


def discounts(tx: apsw.Connection) -> tuple[GroupDiscount, ...]:
    """Mamut's discounts by contact category and product group, as last read."""
    text = records.value(tx, DISCOUNTS)
    return _discounts.decode(text) if text else ()


def vat_codes(tx: apsw.Connection) -> tuple[VatCode, ...]:
    """Mamut's VAT register as last read."""
    text = records.value(tx, VAT_CODES)
    return _vat_codes.decode(text) if text else ()


def registers(tx: apsw.Connection) -> Registers | None:
    """Mamut's standard registers as last read, None before they ever were."""
    text = records.value(tx, REGISTERS)
    return _registers.decode(text) if text else None


def keep_registers(tx: apsw.Connection, found: Registers) -> None:
    plain = msgspec.to_builtins(found, str_keys=True, order="deterministic")  # names are keyed by numbers
    records.set_value(tx, REGISTERS, msgspec.json.encode(plain, order="deterministic").decode())


def keep_discounts(tx: apsw.Connection, rows: tuple[GroupDiscount, ...]) -> None:
    records.set_value(tx, DISCOUNTS, msgspec.json.encode(rows).decode())


def keep_vat_codes(tx: apsw.Connection, rows: tuple[VatCode, ...]) -> None:
    records.set_value(tx, VAT_CODES, msgspec.json.encode(rows).decode())


# -- within -----------------------------------------------------------------------------------------------------------


def _cards(tx: apsw.Connection, table: str, product_nos: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for part in portions(product_nos):
        rows = tx.execute(f"SELECT product_no, card FROM {table} WHERE product_no IN ({places(part)})", part)  # noqa: S608 - constants and placeholders
        for number, card in rows:
            yield str(number), card


def portions(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """As many keys as one statement names."""
    wanted = list(keys)
    for start in range(0, len(wanted), PK_STEP):
        yield wanted[start : start + PK_STEP]


def places(keys: Sequence[object]) -> str:
    return ", ".join("?" * len(keys))
