"""Articles with what they depend on: a variant's main product, a main product's variants, their links and prices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import apsw
import msgspec

from agent.decide.products import Family
from agent.journal import links
from agent.journal.tasks import PK_STEP
from agent.model.goods import ArticleCard, PriceCard
from agent.model.ids import ShopKey
from agent.model.link import Link

K = TypeVar("K", int, str)

_card = msgspec.msgpack.Decoder(ArticleCard)
_price = msgspec.msgpack.Decoder(PriceCard)


def families(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int]) -> dict[int, Family]:
    """By pk; articles that Mamut's register does not have are left out."""
    cards = cards_of(tx, pks)
    mains = _mains(tx, {card.variant.main for card in cards.values() if card.variant is not None})
    numbers = {card.product_no for card in cards.values() if card.properties} | set(mains)
    variants = variants_of(tx, numbers)
    known = set(cards) | {main.pk for main in mains.values()}
    known |= {each.pk for group in variants.values() for each in group}
    linked = links.of(tx, shop, known)
    return {pk: _family(card, mains, variants, linked) for pk, card in cards.items()}


def cards_of(tx: apsw.Connection, pks: Iterable[int]) -> dict[int, ArticleCard]:
    found: dict[int, ArticleCard] = {}
    for part, places in _parts(pks):
        for (card,) in tx.execute(f"SELECT card FROM articles WHERE pk IN ({places})", part):  # noqa: S608 - placeholders only
            article = _card.decode(card)
            found[article.pk] = article
    return found


def variants_of(tx: apsw.Connection, mains: Iterable[str]) -> dict[str, tuple[ArticleCard, ...]]:
    """The variants of these main products, by the main's number, in Mamut's order."""
    found: dict[str, list[ArticleCard]] = {}
    for part, places in _parts(mains):
        rows = tx.execute(
            f"SELECT main, card FROM articles WHERE main IN ({places}) AND main <> '' ORDER BY pk",  # noqa: S608 - placeholders only
            part,
        )
        for main, card in rows:
            found.setdefault(str(main), []).append(_card.decode(card))
    return {main: tuple(cards) for main, cards in found.items()}


def twice(tx: apsw.Connection, numbers: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The numbers that more than one article bears of those for sale on the web, with all who bear them: the shop can
    have only one."""
    found: dict[str, list[int]] = {}
    for part, places in _parts(numbers):
        rows = tx.execute(
            f"SELECT card FROM articles WHERE product_no IN (SELECT product_no FROM articles"  # noqa: S608 - placeholders only
            f" WHERE product_no IN ({places}) GROUP BY product_no HAVING count(*) > 1) ORDER BY pk",
            part,
        )
        for (blob,) in rows:
            card = _card.decode(blob)
            if card.web and not card.inactive:
                found.setdefault(card.product_no, []).append(card.pk)
    return {number: tuple(pks) for number, pks in found.items() if len(pks) > 1}


def prices_of(tx: apsw.Connection, numbers: Iterable[str]) -> dict[str, PriceCard]:
    """What Mamut has of these articles' prices, by number."""
    found: dict[str, PriceCard] = {}
    for part, places in _parts(numbers):
        for (card,) in tx.execute(f"SELECT card FROM prices WHERE product_no IN ({places})", part):  # noqa: S608 - placeholders only
            price = _price.decode(card)
            found[price.product_no] = price
    return found


class Reading(msgspec.Struct, frozen=True):
    """How far a part of the register has been read, as `readings` has it."""

    part: str
    offset: int = 0
    began_ms: int = 0
    whole_ms: int = 0


def reading(tx: apsw.Connection, part: str) -> Reading:
    row = tx.execute("SELECT part, offset, began_ms, whole_ms FROM readings WHERE part = ?", (part,)).fetchone()
    return Reading(part) if row is None else Reading(*row)


def _mains(tx: apsw.Connection, numbers: Iterable[str]) -> dict[str, ArticleCard]:
    """Articles by number. Of two with the same the one that is for sale, else the older."""
    found: dict[str, ArticleCard] = {}
    for part, places in _parts(numbers):
        rows = tx.execute(f"SELECT card FROM articles WHERE product_no IN ({places}) ORDER BY pk", part)  # noqa: S608 - placeholders only
        for (blob,) in rows:
            card = _card.decode(blob)
            other = found.get(card.product_no)
            if other is None or (card.web and not card.inactive and (other.inactive or not other.web)):
                found[card.product_no] = card
    return found


def _family(
    card: ArticleCard,
    mains: dict[str, ArticleCard],
    variants: dict[str, tuple[ArticleCard, ...]],
    linked: dict[int, Link],
) -> Family:
    main = None if card.variant is None else mains.get(card.variant.main)
    siblings = variants.get(card.product_no if main is None else main.product_no, ())
    return Family(
        card=card,
        link=linked.get(card.pk),
        main=main,
        main_link=None if main is None else linked.get(main.pk),
        siblings=siblings,
        linked=frozenset(each.pk for each in siblings if each.pk in linked),
    )


def _parts(values: Iterable[K]) -> Iterator[tuple[list[K], str]]:
    """In portions that one statement takes, with its placeholders."""
    wanted = list(values)
    for start in range(0, len(wanted), PK_STEP):
        part = wanted[start : start + PK_STEP]
        yield part, ", ".join("?" * len(part))
