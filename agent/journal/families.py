"""Articles with what they depend on: a variant's main product, a main product's variants, their links and prices."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from agent.decide.products import Family
from agent.journal import links, register
from agent.model.goods import ArticleCard
from agent.model.ids import ShopKey
from agent.model.link import Link

_card = msgspec.msgpack.Decoder(ArticleCard)


def families(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int]) -> dict[int, Family]:
    """By pk; articles that Mamut's register does not have are left out."""
    cards = register.articles(tx, pks)
    mains = _mains(tx, {card.variant.main for card in cards.values() if card.variant is not None})
    numbers = {card.product_no for card in cards.values() if card.properties} | set(mains)
    variants = variants_of(tx, numbers)
    known = set(cards) | {main.pk for main in mains.values()}
    known |= {each.pk for group in variants.values() for each in group}
    linked = links.of(tx, shop, known)
    return {pk: _family(card, mains, variants, linked) for pk, card in cards.items()}


def variants_of(tx: apsw.Connection, mains: Iterable[str]) -> dict[str, tuple[ArticleCard, ...]]:
    """The variants of these main products, by the main's number, in Mamut's order."""
    found: dict[str, list[ArticleCard]] = {}
    for part in register.portions(mains):
        rows = tx.execute(
            f"SELECT main, card FROM articles WHERE main IN ({register.places(part)}) AND main <> '' ORDER BY pk",  # noqa: S608 - placeholders only
            part,
        )
        for main, card in rows:
            found.setdefault(str(main), []).append(_card.decode(card))
    return {main: tuple(cards) for main, cards in found.items()}


def twice(tx: apsw.Connection, numbers: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The numbers that more than one article bears of those for sale on the web, with all who bear them: the shop can
    have only one."""
    found: dict[str, list[int]] = {}
    for part in register.portions(numbers):
        rows = tx.execute(
            f"SELECT card FROM articles WHERE product_no IN (SELECT product_no FROM articles"  # noqa: S608 - placeholders only
            f" WHERE product_no IN ({register.places(part)}) GROUP BY product_no HAVING count(*) > 1) ORDER BY pk",
            part,
        )
        for (blob,) in rows:
            card = _card.decode(blob)
            if card.web and not card.inactive:
                found.setdefault(card.product_no, []).append(card.pk)
    return {number: tuple(pks) for number, pks in found.items() if len(pks) > 1}


def _mains(tx: apsw.Connection, numbers: Iterable[str]) -> dict[str, ArticleCard]:
    """Articles by number. Of two with the same the one that is for sale, else the older."""
    found: dict[str, ArticleCard] = {}
    for part in register.portions(numbers):
        rows = tx.execute(f"SELECT card FROM articles WHERE product_no IN ({register.places(part)}) ORDER BY pk", part)  # noqa: S608 - placeholders only
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
