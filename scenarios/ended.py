"""Everything there is to judge when a play is over."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

from agent.journal.orders import OrderRow
from agent.journal.sums import Account
from agent.settings.tree import Settings, ShopSettings
from scenarios.beside_end import Asked, BesideEnd
from scenarios.goods_end import GoodsEnd
from scenarios.trace import Exchange, Trace
from simulators.mamut.records import Contact, Document
from simulators.woocommerce.mails import Mail

DEAD = frozenset({"cancelled", "lost_sale"})


SPLIT_ROUNDING = Decimal("0.03")
"""Three codes of VAT, each rounded once more where a document is split in two."""


class Deeds(msgspec.Struct, kw_only=True):
    """What people have done in a play, as far as it must be known to judge the agent.

    `statuses` are those that the shop's own people gave orders last, `by_hand` orders whose documents people work on,
    `left_out` (shop, order) what they have taken upon themselves. `removed` and `by_merchant` are articles whose
    product was taken away, or edited, in the shop. `released` are the prices that were let through, by article.
    """

    statuses: dict[int, str] = {}
    by_hand: set[int] = set()
    left_out: set[tuple[str, int]] = set()
    removed: set[str] = set()
    by_merchant: set[str] = set()
    released: dict[str, set[Decimal]] = {}


class ShopEnd(msgspec.Struct, frozen=True):
    """One shop as it is in the end: its orders as REST shows them, what it has mailed, what was said of secrets."""

    settings: ShopSettings
    orders: dict[int, dict[str, Any]]
    statuses_set: dict[int, str]
    mails: tuple[Mail, ...]
    by_hand: frozenset[int]


class Reloads(msgspec.Struct, frozen=True):
    """Settings changed while the agent worked: the digests of what the file says now and of what was taken up last, and
    how many who asked have had no answer."""

    written: str
    taken_up: str
    unanswered: int


class Ended(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """`rested` says whether the agent found nothing more to do by itself; `second_pass` is what it wrote after that.
    `goods` is there where some shop has anything that Mamut governs.
    """

    settings: Settings
    shops: dict[str, ShopEnd]
    documents: tuple[Document, ...]
    contacts: tuple[Contact, ...]
    rows: tuple[OrderRow, ...]
    events: tuple[tuple[str, int, str, dict[str, Any]], ...]
    commands: tuple[tuple[str, str, int], ...]
    usage: dict[str, int]
    frozen: frozenset[str]
    account: Account
    sound: str
    rested: bool
    frozen_is_expected: bool
    second_pass: tuple[Exchange, ...]
    journal_lost: bool
    secrets: tuple[str, ...]
    goods: GoodsEnd | None = None
    aftermath: dict[tuple[str, int], tuple[str, str]] = {}
    """What came of changes after the transfer, by shop and order: the outcome and its code."""
    reloads: Reloads | None = None
    plan: dict[str, int] = {}
    """Of the plan that was made last: its rows by what was planned of them, and by how far they have come."""
    asked: Asked
    beside: BesideEnd | None = None
    """Of those who work beside the agent, where the story has them."""
    trace: Trace

    @cached_property
    def living(self) -> dict[str, list[Document]]:
        """The documents that stand, by external number."""
        found: dict[str, list[Document]] = {}
        for document in self.documents:
            if document.external_no and document.status not in DEAD:
                found.setdefault(document.external_no, []).append(document)
        return found

    def family(self, document: Document) -> list[Document]:
        """A document with the backorders that were split off it, however deep."""
        found = [document]
        for each in found:
            children = (self.documents[number - self.documents[0].order_no] for number in each.children)
            found += [child for child in children if child.kind != "credit_note"]
        return found

    def total_of(self, document: Document) -> Decimal:
        """What a document amounts to with all that was split off it."""
        return sum((each.total for each in self.family(document)), Decimal(0))

    def credited(self, number: str) -> Decimal:
        """What living credit notes of an order's refunds give back, above zero. `number` is its external number by
        its id."""
        return -sum((note.total for note in self._notes.get(number, ())), Decimal(0))

    @cached_property
    def _notes(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = {}
        for key, documents in self.living.items():
            number, slash, _ = key.rpartition("/r")
            if slash:
                found.setdefault(number, []).extend(documents)
        return found

    def rounding_of(self, document: Document) -> Decimal:
        """By how much that may differ from the order: each document rounds its VAT for itself, by code."""
        return SPLIT_ROUNDING * (len(self.family(document)) - 1)

    def row(self, shop: str, order_id: int) -> OrderRow | None:
        return self._by_order.get((shop, order_id))

    @cached_property
    def _by_order(self) -> dict[tuple[str, int], OrderRow]:
        return {(row.shop, row.order_id): row for row in self.rows}


Check = Callable[[Ended], list[str]]
