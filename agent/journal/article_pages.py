"""Articles as people look for them: by any words of theirs, or page by page with how each stands in the shops."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal.register import places
from agent.journal.tasks import SaidRow, Task
from agent.model.goods import ArticleCard
from agent.model.ids import ShopKey
from agent.model.order import Frozen

WINDOW = 4_000
"""So many articles at most are walked through for one page of a filter that few of them fit."""

_article = msgspec.msgpack.Decoder(ArticleCard)
_TASK = ", ".join(f"tasks.{name}" for name in Task.__struct_fields__)
_SAID = ", ".join(SaidRow.__struct_fields__)


class Line(Frozen, frozen=True):
    """One article. `shops` are those that have it, `held` the codes of what holds it, `waiting` whether a direction is
    still to look at it."""

    card: ArticleCard
    shops: tuple[str, ...]
    held: tuple[str, ...]
    waiting: bool


class Page(Frozen, frozen=True):
    """`after` is where the next page begins, None on the last. `found` may be empty before the last page: what fits may
    stand far from another."""

    found: tuple[Line, ...]
    after: tuple[str, int] | None


Given = Sequence[tuple[ShopKey, DirectionName]]
"""The directions that look at articles, of all shops."""


def search(tx: apsw.Connection, text: str, given: Given, after: int, limit: int) -> Page:
    """The articles that have all these words, or parts of words, in number, name or GTIN."""
    terms = text.casefold().split()
    where = "".join(" AND instr(words, ?) > 0" for _ in terms)
    rows = tx.execute(
        f"SELECT pk FROM article_words WHERE pk > ?{where} ORDER BY pk LIMIT ?",  # noqa: S608 - placeholders only
        (after, *terms, limit + 1),
    )
    pks = [int(str(pk)) for (pk,) in rows]
    found = _lines(tx, pks[:limit], given)
    return Page(found=found, after=("", pks[limit - 1]) if len(pks) > limit else None)


def page(tx: apsw.Connection, given: Given, after: tuple[str, int], limit: int, unlinked: ShopKey | None) -> Page:
    """Articles by number; with `unlinked` those that this shop does not have."""
    window = limit if unlinked is None else WINDOW
    rows = tx.execute(
        "SELECT product_no, pk FROM articles INDEXED BY articles_by_no WHERE (product_no, pk) > (?, ?)"
        " ORDER BY product_no, pk LIMIT ?",
        (*after, window + 1),
    ).fetchall()
    places_ = [(str(number), int(str(pk))) for number, pk in rows]
    if unlinked is not None:
        have = _linked(tx, unlinked, [pk for _, pk in places_[:window]])
        fits = [each for each in places_[:window] if each[1] not in have]
    else:
        fits = places_[:window]
    shown = fits[:limit]
    more = len(fits) > limit or len(places_) > window
    last = (shown[-1] if len(fits) > limit else places_[min(window, len(places_)) - 1]) if more else None
    return Page(found=_lines(tx, [pk for _, pk in shown], given), after=last)


def held(tx: apsw.Connection, given: Given, code: str, after: tuple[str, int], limit: int) -> Page:
    """Those that a person or a change is waited for, for this reason or for any; by shop, in no order of numbers."""
    found: list[tuple[str, int]] = []
    for shop, direction in given:
        place = f"{shop}/{direction.value}"
        if place < after[0]:
            continue
        rows = tx.execute(
            "SELECT pk FROM tasks WHERE shop = ? AND direction = ? AND pk > ? AND due_ms IS NULL"
            " AND code <> '' AND (? = '' OR code = ?) ORDER BY pk LIMIT ?",
            (shop, direction.value, after[1] if place == after[0] else -1, code, code, limit + 1 - len(found)),
        )
        found += [(place, int(str(pk))) for (pk,) in rows]
        if len(found) > limit:
            break
    pks = list(dict.fromkeys(pk for _, pk in found[:limit]))
    return Page(found=_lines(tx, pks, given), after=found[limit - 1] if len(found) > limit else None)


def _linked(tx: apsw.Connection, shop: ShopKey, pks: Sequence[int]) -> set[int]:
    have: set[int] = set()
    for start in range(0, len(pks), 500):
        part = pks[start : start + 500]
        rows = tx.execute(f"SELECT pk FROM links WHERE shop = ? AND pk IN ({places(part)})", (shop, *part))  # noqa: S608 - placeholders only
        have |= {int(str(pk)) for (pk,) in rows}
    return have


def _lines(tx: apsw.Connection, pks: Sequence[int], given: Given) -> tuple[Line, ...]:
    """In the order of `pks`, without those that are gone."""
    if not pks:
        return ()
    rows = tx.execute(f"SELECT pk, card FROM articles WHERE pk IN ({places(pks)})", pks)  # noqa: S608 - placeholders only
    cards = {int(str(pk)): _article.decode(card) for pk, card in rows}
    have: dict[int, list[str]] = {}
    held_by: dict[int, list[str]] = {}
    waiting: set[int] = set()
    for shop in dict.fromkeys(shop for shop, _ in given):
        for pk in _linked(tx, shop, pks):
            have.setdefault(pk, []).append(shop)
    for task in tasks_of(tx, pks, given):
        if task.due_ms is not None:
            waiting.add(task.pk)
        elif task.code:
            held_by.setdefault(task.pk, []).append(task.code)
    return tuple(
        Line(
            card=cards[pk],
            shops=tuple(have.get(pk, ())),
            held=tuple(dict.fromkeys(held_by.get(pk, ()))),
            waiting=pk in waiting,
        )
        for pk in pks
        if pk in cards
    )


def tasks_of(tx: apsw.Connection, pks: Sequence[int], given: Given) -> list[Task]:
    """What is to be done with these articles, or held."""
    found: list[Task] = []
    for shop, direction in given:
        rows = tx.execute(
            f"SELECT {_TASK} FROM tasks WHERE shop = ? AND direction = ? AND pk IN ({places(pks)})",  # noqa: S608 - placeholders only
            (shop, direction.value, *pks),
        )
        found += [Task(*row) for row in rows]
    return found


def said_of(tx: apsw.Connection, pk: int, given: Given) -> list[SaidRow]:
    """What each direction last did with the article, the newest first."""
    found: list[SaidRow] = []
    for shop, direction in given:
        rows = tx.execute(
            f"SELECT {_SAID} FROM said WHERE shop = ? AND direction = ? AND pk = ?",  # noqa: S608 - constants only
            (shop, direction.value, pk),
        )
        found += [SaidRow(*row) for row in rows]
    return sorted(found, key=lambda row: -row.at_ms)
