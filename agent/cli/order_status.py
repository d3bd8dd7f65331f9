"""How far an order has come in Mamut, what its shop was told, and where its money is: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import apsw

from agent.cli.directions import params
from agent.journal import documents
from agent.journal.documents import DocumentRow, Mailed
from agent.journal.orders import OrderRow
from agent.model.catalogue import explain
from agent.model.said import GoodsReason
from agent.model.words import Language, words
from agent.shown.figures import iso_ms, moment_ms, plain_amount
from agent.shown.names import told
from agent.shown.progress import CAPTURES, PARTS

LABEL_WIDTH = 18


def status_lines(tx: apsw.Connection, order: OrderRow, language: Language) -> Iterator[str]:
    """Nothing for an order that is not followed."""
    row = documents.get(tx, order.shop, order.order_id)
    if row is None:
        return
    progress = row.progress
    yield ""
    yield words("Orderstatus", "Order status").in_(language)
    for label, part in (
        (words("Levererad", "Delivered"), progress.delivered),
        (words("Fakturerad", "Invoiced"), progress.invoiced),
        (words("Betald", "Paid"), progress.paid),
    ):
        yield _row(label.in_(language), PARTS[part].in_(language))
    if progress.cancelled:
        yield _row(words("Makulerad", "Cancelled").in_(language), words("ja", "yes").in_(language))
    if progress.credited_ore:
        yield _row(words("Krediterat", "Credited").in_(language), plain_amount(progress.credited_ore, language))
    for parcel in progress.parcels:
        yield _row(words("Kolli", "Parcel").in_(language), f"{parcel.carrier} {parcel.number}".strip())
    yield _row(words("Läst i Mamut", "Read in Mamut").in_(language), moment_ms(row.read_ms) or "–")
    if row.capture:
        known = CAPTURES.get(row.capture)
        yield _row(words("Pengarna", "The money").in_(language), known.in_(language) if known else row.capture)
    for mail in documents.mailed(tx, order.shop, order.order_id).values():
        yield _row(words("Meddelat", "Told").in_(language), f"{moment_ms(mail.at_ms)} {mail.event} ({mail.way})")
    if row.code:
        yield _row(words("Senast", "Last").in_(language), told(row.code, params(row.params), language))
    if row.is_held and row.code in tuple(GoodsReason):
        remedy = explain(GoodsReason(row.code), language, params(row.params)).remedy
        yield _row(words("Åtgärd", "Remedy").in_(language), remedy)


def _row(label: str, text: str) -> str:
    return f"  {label:<{LABEL_WIDTH}}{text}"


def status_json(tx: apsw.Connection, order: OrderRow, language: Language) -> dict[str, object] | None:
    """Keys are stable; null for an order that is not followed."""
    row = documents.get(tx, order.shop, order.order_id)
    if row is None:
        return None
    mails = documents.mailed(tx, order.shop, order.order_id).values()
    return {**held_json(row, language), "mails": [_mail_json(mail) for mail in mails]}


def held_json(row: DocumentRow, language: Language) -> dict[str, object]:
    progress = row.progress
    return {
        "shop": row.shop,
        "order_id": row.order_id,
        "mamut_order_no": row.order_no,
        "delivered": progress.delivered.name.lower(),
        "invoiced": progress.invoiced.name.lower(),
        "paid": progress.paid.name.lower(),
        "cancelled": progress.cancelled,
        "total_ore": progress.total_ore,
        "credited_ore": progress.credited_ore,
        "parcels": [{"carrier": each.carrier, "number": each.number, "url": each.url} for each in progress.parcels],
        "acted": sorted(row.events_acted),
        "event": row.event or None,
        "step": row.step or None,
        "held": row.is_held,
        "code": row.code or None,
        "params": params(row.params),
        "text": told(row.code, params(row.params), language) if row.code else None,
        "capture": row.capture or None,
        "captured_ore": row.captured_ore,
        "read": iso_ms(row.read_ms),
        "next_question": iso_ms(row.next_ms),
    }


def _mail_json(mail: Mailed) -> dict[str, object]:
    return {"event": mail.event, "at": iso_ms(mail.at_ms), "way": mail.way, "state": mail.state}
