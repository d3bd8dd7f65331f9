"""What has become of an order in Mamut, and what its shop should be told of it: pure, and the same for the same facts.

A delivery in part leaves what is left on a new document (a backorder), so an order is a family of documents: the one
that was made of it, what was split off, and credit notes. What an order is worth and how far it has come is the sum of
the family. Sources of Mamut's words and habits: docs/mamut-api.md, States.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import IntEnum, StrEnum

import msgspec

from agent.model.goods import DocumentState, OpenItem, Parcel
from agent.model.money import ZERO, to_ore
from agent.model.order import Frozen
from agent.settings.tree_goods import EventChoice, StatusSettings

DEAD = frozenset({"cancelled", "lost_sale"})
"""Mamut's states of a document that nothing will come of."""

TERMINAL = frozenset({"cancelled", "refunded", "failed", "trash"})
"""WooCommerce's statuses that an order is not taken out of again."""


class Part(IntEnum):
    NONE = 0
    SOME = 1
    WHOLE = 2


SPLIT_ORE = 2
"""For each document beyond the first: two VAT codes and the net total, half an öre each, rounded up."""


class Progress(Frozen, frozen=True):
    """How far an order has come in Mamut. Amounts are öre of the document's currency with VAT; `total_ore` is what its
    living documents are worth, in so many `parts`, `credited_ore` what issued credit notes have given back."""

    delivered: Part = Part.NONE
    invoiced: Part = Part.NONE
    paid: Part = Part.NONE
    cancelled: bool = False
    total_ore: int = 0
    credited_ore: int = 0
    parts: int = 1
    parcels: tuple[Parcel, ...] = ()
    invoice_nos: tuple[int, ...] = ()

    @property
    def slack_ore(self) -> int:
        """By how much the documents of a delivery in parts may differ from the one order: Mamut rounds each VAT code of
        each document by itself, half an öre at most, and the net total as well."""
        return SPLIT_ORE * max(0, self.parts - 1)

    @property
    def is_credited(self) -> bool:
        """All that was invoiced has been given back."""
        return self.invoiced is Part.WHOLE and 0 < self.total_ore <= self.credited_ore

    @property
    def is_final(self) -> bool:
        done = (self.delivered, self.invoiced, self.paid) == (Part.WHOLE, Part.WHOLE, Part.WHOLE)
        return self.cancelled or self.is_credited or done


def family(root: int, documents: Mapping[int, DocumentState]) -> tuple[DocumentState, ...]:
    """The document with this number and all that were split off or made from it, however deep, by number."""
    found: dict[int, DocumentState] = {}
    wanted = [root]
    while wanted:
        number = wanted.pop()
        document = documents.get(number)
        if document is not None and number not in found:
            found[number] = document
            wanted.extend(document.children)
    return tuple(found[number] for number in sorted(found))


def progress(documents: Sequence[DocumentState], items: Mapping[int, OpenItem]) -> Progress:
    """`documents` are one order's family, `items` the ledger's items by invoice number. What is cancelled of a family
    counts for nothing, as long as something of it lives."""
    sales = [document for document in documents if document.kind != "credit_note"]
    living = [document for document in sales if document.status not in DEAD]
    notes = [document for document in documents if document.status == "credit_note"]
    invoiced = _part(len([row for row in living if row.invoice_no is not None]), len(living))
    credited_ore = sum(-to_ore(note.total) for note in notes)
    parcels = {parcel.number: parcel for document in living for parcel in document.parcels if parcel.number}
    return Progress(
        delivered=_delivered(living, invoiced),
        invoiced=invoiced,
        paid=_paid(living, notes, items, invoiced),
        cancelled=bool(sales) and not living,
        total_ore=sum(to_ore(document.total) for document in living),
        credited_ore=credited_ore,
        parts=max(1, len(living)),
        parcels=tuple(parcels.values()),
        invoice_nos=tuple(document.invoice_no for document in living if document.invoice_no is not None),
    )


def _part(some: int, of: int) -> Part:
    if not some:
        return Part.NONE
    return Part.WHOLE if some == of else Part.SOME


def _delivered(living: Iterable[DocumentState], invoiced: Part) -> Part:
    """By the rows that are goods; services do not count, and an order of services alone is delivered by its invoice."""
    rows = [line for document in living for line in document.lines if line.stock_item and line.ordered]
    if not rows:
        return invoiced
    done = [line for line in rows if abs(line.delivered) >= abs(line.ordered)]
    if len(done) == len(rows):
        return Part.WHOLE
    return Part.SOME if done or any(line.delivered for line in rows) else Part.NONE


def _paid(
    living: Iterable[DocumentState], notes: Iterable[DocumentState], items: Mapping[int, OpenItem], invoiced: Part
) -> Part:
    """Whole when nothing remains of any invoice, what credit notes have given back counted; an item that the ledger
    does not show is not paid."""
    numbers = [document.invoice_no for document in living if document.invoice_no is not None]
    if not numbers or any(number not in items for number in numbers):
        return Part.NONE
    bills = [items[number] for number in numbers]
    backs = [items[number] for note in notes if (number := note.invoice_no) is not None and number in items]
    left = sum((bill.remaining for bill in bills), ZERO)
    whole = not any(bill.remaining for bill in bills)
    if backs and sum((item.amount for item in (*bills, *backs)), ZERO) > 0:
        whole = whole or left + sum((back.remaining for back in backs), ZERO) <= 0
    if whole:
        return Part.WHOLE if invoiced is Part.WHOLE else Part.SOME
    return Part.SOME if any(bill.remaining < bill.amount for bill in bills) else Part.NONE


# -- events -----------------------------------------------------------------------------------------------------------


class Event(StrEnum):
    """What the merchant chooses a status for. The names are those of the settings."""

    TRANSFERRED = "transferred"
    PARTLY_DELIVERED = "partly_delivered"
    DELIVERED = "delivered"
    INVOICED = "invoiced"
    PAID = "paid"
    CANCELLED = "cancelled"


def choice(settings: StatusSettings, event: Event) -> EventChoice:
    return {
        Event.TRANSFERRED: settings.transferred,
        Event.PARTLY_DELIVERED: settings.partly_delivered,
        Event.DELIVERED: settings.delivered,
        Event.INVOICED: settings.invoiced,
        Event.PAID: settings.paid,
        Event.CANCELLED: settings.cancelled,
    }[event]


def with_choice(settings: StatusSettings, event: Event, chosen: EventChoice) -> StatusSettings:
    """The settings for an order of which this event does something else."""
    return msgspec.structs.replace(settings, **{event.value: chosen})


def with_chosen(settings: StatusSettings, status: str) -> StatusSettings:
    """The settings for an order to which a rule gives this status once its document stands; empty for none."""
    if not status:
        return settings
    return msgspec.structs.replace(settings, transferred=msgspec.structs.replace(settings.transferred, status=status))


def reached(progress: Progress, settings: StatusSettings) -> tuple[Event, ...]:
    """What has happened, in the order in which it is acted upon. That the document stands is news only where a status
    is chosen for it. Of an order that has been credited whole nothing is told any more: the shop's refund is a person's
    to make."""
    if progress.cancelled:
        return (Event.CANCELLED,)
    if progress.is_credited:
        return ()
    found = [Event.TRANSFERRED] if settings.transferred.status else []
    if progress.delivered is not Part.NONE:
        found.append(Event.DELIVERED if progress.delivered is Part.WHOLE else Event.PARTLY_DELIVERED)
    if progress.invoiced is Part.WHOLE:
        found.append(Event.INVOICED)
    if progress.paid is Part.WHOLE:
        found.append(Event.PAID)
    return tuple(found)


def pending(progress: Progress, acted: Collection[str], settings: StatusSettings) -> tuple[Event, ...]:
    """What has happened and has not been acted upon. An event is acted upon once, also when it was taken back and
    happens again; and a delivery in part is no news after the whole."""
    left = [event for event in reached(progress, settings) if event not in acted]
    if Event.DELIVERED in acted and Event.PARTLY_DELIVERED in left:
        left.remove(Event.PARTLY_DELIVERED)
    return tuple(left)


# -- the shop's status ------------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What is to be done about the shop's status."""

    SET = "set"
    THERE = "there"
    NONE_CHOSEN = "none_chosen"
    SUPERSEDED = "superseded"
    BEYOND = "beyond"
    TERMINAL = "terminal"
    UNRANKED = "unranked"
    NOT_IN_SHOP = "not_in_shop"


def judge(
    current: str,
    event: Event,
    later: Iterable[Event],
    settings: StatusSettings,
    *,
    triggers: Collection[str] = (),
    known: Collection[str] = (),
    asked: bool = False,
) -> Verdict:
    """Whether the shop's order goes from `current` to the status of `event`.

    `later` are the events still to be acted upon after it: the highest status wins, and one that lies below it is left
    out, unless it is the one that takes the money. `known` are the shop's statuses, empty when it did not tell.
    `triggers` let an order be transferred, so that they lie below every other. `asked` says that a person wants it:
    then an order comes also out of the status that a failed capture left it in.
    """
    chosen = choice(settings, event)
    target = chosen.status
    if not target:
        return Verdict.NONE_CHOSEN
    if known and target not in known:
        return Verdict.NOT_IN_SHOP
    if current == target:
        return Verdict.THERE
    if current in TERMINAL and not settings.backwards and not (asked and current == "failed"):
        return Verdict.TERMINAL
    if not chosen.capture and any(_is_above(other, target, settings) for other in later):
        return Verdict.SUPERSEDED
    if settings.backwards or current in TERMINAL:
        return Verdict.SET
    return _forwards(current, target, settings, triggers)


def _is_above(other: Event, target: str, settings: StatusSettings) -> bool:
    there, here = _rank(choice(settings, other).status, settings), _rank(target, settings)
    return there is not None and here is not None and there > here


def _forwards(current: str, target: str, settings: StatusSettings, triggers: Collection[str]) -> Verdict:
    here, there = _rank(current, settings), _rank(target, settings)
    if here is None:
        here = -1 if current in triggers else None
    if here is None:
        return Verdict.UNRANKED
    if target in TERMINAL:
        # Nothing is known to lie behind the highest status: an order that the shop has done is not cancelled there.
        return Verdict.BEYOND if here == len(settings.order) - 1 else Verdict.SET
    if there is None:
        return Verdict.UNRANKED
    return Verdict.BEYOND if there <= here else Verdict.SET


def _rank(status: str, settings: StatusSettings) -> int | None:
    return settings.order.index(status) if status in settings.order else None


# -- when Mamut is asked again ----------------------------------------------------------------------------------------

DAY_S = 86_400.0
OFTEN_DAYS = 3.0
"""So long after the transfer an order is asked for at least once an hour."""


def again_s(every_s: float, *, age_s: float, quiet_s: float, final: bool) -> float:
    """Seconds until Mamut is asked again: less and less often while nothing moves. `age_s` is counted from the
    transfer, `quiet_s` from the last thing that happened. What is final is looked at once a day, since a payment can be
    taken back and goods be credited."""
    if final:
        return DAY_S
    most_s = 3_600.0 if age_s < OFTEN_DAYS * DAY_S else 21_600.0
    return max(every_s, min(most_s, quiet_s / 6))


OLD_DAYS = 7.0
"""What had happened longer ago than this when an order was first looked at is taken as told."""


def is_old_news(age_s: float) -> bool:
    """Whether what Mamut shows at the very first look is left as it is: when order status is switched on, or the
    journal is lost, customers get no mail about orders of last month."""
    return age_s > OLD_DAYS * DAY_S
