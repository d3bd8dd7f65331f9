"""How far orders have come: the questions that are put to Mamut about them, and the step that keeps the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import apsw
import msgspec
import structlog

from agent.actors.desk import Desk, Question
from agent.actors.status_book import plan
from agent.actors.times import from_s, to_ms
from agent.decide import capture, statuses
from agent.decide.statuses import Event, Part, Progress
from agent.journal import documents, orders, records
from agent.journal.documents import BACK_MS, PARCEL, DocumentRow
from agent.journal.orders import OrderRow
from agent.model.goods import DocumentState, OpenItem
from agent.model.ids import ShopKey
from agent.model.said import GoodsReason, Said
from agent.remote.ports import MamutPort
from agent.settings.tree_goods import StatusSettings

NUMBERS_MAX = 20
"""Documents asked for one by one in one question: orders go first, and wait for one question at the most."""

MISSING_S = 21_600.0
"""When a document that Mamut does not show is asked for again."""

DAY_MS = 86_400_000

log = structlog.get_logger("brygga")


class Families(msgspec.Struct, frozen=True):
    """What Mamut showed: documents by number, and the ledger's items by invoice number."""

    documents: dict[int, DocumentState]
    items: dict[int, OpenItem]


async def ask_families(desk: Desk, asked: Sequence[OrderRow]) -> Families:
    """Asks for the orders' documents, for what was split off or made from them, and for their ledger, in the
    background. Raises Trouble."""
    external_nos = tuple(dict.fromkeys(order.external_no for order in asked if order.external_no))
    found: dict[int, DocumentState] = {}

    async def by_external_no(port: MamutPort) -> tuple[DocumentState, ...]:
        return await port.document_states(external_nos)

    if external_nos:
        found.update((each.order_no, each) for each in await desk.ask(by_external_no, background=True))
    wanted = {order.mamut_order_no or 0 for order in asked} | _children(found)
    tried: set[int] = set()
    while left := sorted(wanted - found.keys() - tried)[:NUMBERS_MAX]:
        tried.update(left)
        for each in await desk.ask(_by_number(left), background=True):
            found[each.order_no] = each
        wanted |= _children(found)
    invoice_nos = tuple(sorted({each.invoice_no for each in found.values() if each.invoice_no is not None}))

    async def by_invoice_no(port: MamutPort) -> tuple[OpenItem, ...]:
        return await port.open_items(invoice_nos)

    items = await desk.ask(by_invoice_no, background=True) if invoice_nos else ()
    return Families(found, {item.invoice_no: item for item in items})


def _by_number(numbers: Sequence[int]) -> Question[tuple[DocumentState, ...]]:
    async def ask(port: MamutPort) -> tuple[DocumentState, ...]:
        shown = [await port.document_state(number) for number in numbers]
        return tuple(each for each in shown if each is not None)

    return ask


def _children(found: dict[int, DocumentState]) -> set[int]:
    return {child for each in found.values() for child in each.children}


# -- whom to follow ----------------------------------------------------------------------------------------------------


def not_followed(tx: apsw.Connection, shop: ShopKey, follow_days: int, now_ms: int, limit: int) -> list[OrderRow]:
    """Transferred orders, young enough, that are not followed yet."""
    since_ms = now_ms - follow_days * DAY_MS
    days, _, mark = records.value(tx, _mark_key(shop)).partition("/")
    if days == str(follow_days):
        since_ms = max(since_ms, int(mark) - BACK_MS)
    return documents.not_followed(tx, shop, since_ms, limit)


def take_up(
    shop: ShopKey, found: Sequence[OrderRow], follow_days: int, every_s: float, now_ms: int
) -> Callable[[apsw.Connection], None]:
    """From now on these are followed. One that stood in Mamut before we knew of it is asked for at once."""

    def orders_followed(tx: apsw.Connection) -> None:
        for order in found:
            made_ms = order.transferred_ms or now_ms
            next_ms = now_ms if order.adopted else max(now_ms, made_ms + int(every_s * 1000))
            documents.follow(tx, order, made_ms, next_ms)
        newest_ms = max(order.transferred_ms or 0 for order in found)
        records.set_value(tx, _mark_key(shop), f"{follow_days}/{newest_ms}")

    return orders_followed


def _mark_key(shop: ShopKey) -> str:
    return f"statuses/{shop}"


# -- what came of it ---------------------------------------------------------------------------------------------------


def keep_families(
    rows: Sequence[DocumentRow], families: Families, settings: StatusSettings, every_s: float, now_ms: int
) -> Callable[[apsw.Connection], int]:
    """Keeps what Mamut showed, what follows from it, and when it is asked again; gives how many had changed."""

    def progress_kept(tx: apsw.Connection) -> int:
        return sum(_keep(tx, row, families, settings, every_s, now_ms) for row in rows)

    return progress_kept


def _keep(
    tx: apsw.Connection, asked: DocumentRow, families: Families, settings: StatusSettings, every_s: float, now_ms: int
) -> bool:
    row, order = documents.get(tx, asked.shop, asked.order_id), orders.get(tx, asked.shop, asked.order_id)
    if row is None:
        return False
    if order is None or order.state != "transferred" or order.mamut_order_no != row.order_no:
        # The order went another way meanwhile. When it is transferred anew it is taken up anew.
        documents.save(tx, msgspec.structs.replace(row, next_ms=None))
        return False
    settings = statuses.with_chosen(settings, documents.chosen(tx, row.shop, row.order_id))
    family = statuses.family(row.order_no, families.documents)
    if not family:
        _missing(tx, row, now_ms)
        return False
    progress = statuses.progress(family, families.items)
    old, first = row.progress, row.read_ms is None
    changed = progress != old
    row = msgspec.structs.replace(row.having(progress), read_ms=now_ms)
    if changed:
        row = msgspec.structs.replace(row, changed_ms=now_ms)
        _tell(tx, row, old, progress, now_ms)
    since_ms = order.created_at * 1000 if order.adopted else order.transferred_ms or now_ms
    age_s = (now_ms - since_ms) / 1000
    row = msgspec.structs.replace(row, next_ms=_next_ms(row, progress, age_s, settings, every_s, now_ms))
    if first and statuses.is_old_news(age_s):
        row = _taken_as_told(tx, row, progress, settings, now_ms)
    elif not row.step or (row.is_held and not _still_wanted(row, progress, settings)):
        row = plan(row, documents.mailed(tx, row.shop, row.order_id), settings, now_ms)
    elif row.is_held and changed:
        row = msgspec.structs.replace(row, due_ms=now_ms)
    if first and not progress.cancelled:
        row = msgspec.structs.replace(row, look_ms=_look_ms(row, order, settings))
    documents.save(tx, row)
    return changed


def _still_wanted(row: DocumentRow, progress: Progress, settings: StatusSettings) -> bool:
    """Whether what is held is still so in Mamut. What the shop has been sent stays until it is settled."""
    return (
        row.step in ("mail", "capture")
        or row.event in statuses.reached(progress, settings)
        or row.event in row.events_acted
    )


def _missing(tx: apsw.Connection, row: DocumentRow, now_ms: int) -> None:
    if row.code != GoodsReason.DOCUMENT_MISSING:
        params = {"document": str(row.order_no)}
        log.warning("document_missing", shop=row.shop, order_id=row.order_id, reason=GoodsReason.DOCUMENT_MISSING.value)
        records.tell(tx, row.shop, row.order_id, now_ms, "document_missing", **params)
        if not row.step:
            row = row.saying(GoodsReason.DOCUMENT_MISSING, params)
    documents.save(tx, msgspec.structs.replace(row, read_ms=now_ms, next_ms=now_ms + int(MISSING_S * 1000)))


def _tell(tx: apsw.Connection, row: DocumentRow, old: Progress, new: Progress, now_ms: int) -> None:
    if (old.delivered, old.invoiced, old.paid, old.cancelled) != (new.delivered, new.invoiced, new.paid, new.cancelled):
        words = {name: getattr(new, name).name.lower() for name in ("delivered", "invoiced", "paid")}
        records.tell(tx, row.shop, row.order_id, now_ms, "mamut_progress", **words, cancelled=new.cancelled)
    if old.paid is Part.WHOLE and new.paid is not Part.WHOLE:
        records.tell(tx, row.shop, row.order_id, now_ms, "payment_reopened", told=Event.PAID in row.events_acted)
    if new.credited_ore != old.credited_ore:
        records.tell(tx, row.shop, row.order_id, now_ms, "credited", credited_ore=new.credited_ore)


def _taken_as_told(
    tx: apsw.Connection, row: DocumentRow, progress: Progress, settings: StatusSettings, now_ms: int
) -> DocumentRow:
    for parcel in progress.parcels:
        documents.keep_mailed(tx, row.shop, row.order_id, PARCEL + parcel.number, now_ms, "before", "sent")
    events = sorted(statuses.reached(progress, settings))
    if not events:
        return row
    records.tell(tx, row.shop, row.order_id, now_ms, Said.STATUS_OLD_NEWS.value, events=events)
    return msgspec.structs.replace(row, acted=",".join(events)).saying(Said.STATUS_OLD_NEWS)


def _next_ms(
    row: DocumentRow, progress: Progress, age_s: float, settings: StatusSettings, every_s: float, now_ms: int
) -> int | None:
    """Rounded up to whole intervals, so that many orders are asked for in one question."""
    if progress.cancelled or age_s > settings.follow_days * statuses.DAY_S:
        return None
    quiet_s = (now_ms - row.changed_ms) / 1000
    wait_s = statuses.again_s(every_s, age_s=age_s, quiet_s=quiet_s, final=progress.is_final)
    every_ms = max(1, int(every_s * 1000))
    return -(-(now_ms + int(wait_s * 1000)) // every_ms) * every_ms


def _look_ms(row: DocumentRow, order: OrderRow, settings: StatusSettings) -> int | None:
    """When the shop is first asked whether the money is still only reserved; only where a status of ours takes it."""
    taking = [event for event in Event if statuses.choice(settings, event).capture]
    if not taking or any(event in row.events_acted for event in taking):
        return None
    days = capture.first_look_days(settings.expiry_days, settings.warn_days)
    return to_ms(from_s(order.created_at) + timedelta(days=days))
