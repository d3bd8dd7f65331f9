"""The states of a document, with the words people see.

Source of the English list: H/uk/onlinedesktop/051/mod/sales/sales_order_concept.htm. `processed_order` is the Norwegian
"Ordre" met in community tips: delivered and not invoiced. The Swedish words are ours.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    QUOTATION = "quotation"
    BATCH_BASIS = "batch_order_basis"
    UNPROCESSED = "unprocessed_order"
    UNPROCESSED_BATCH = "unprocessed_batch_order"
    PROCESSED = "processed_order"
    BACKORDER = "backorder"
    NOT_DELIVERED = "invoice_not_delivered"
    INVOICE = "invoice"
    UNISSUED_CREDIT = "unissued_credit_note"
    CREDIT_NOTE = "credit_note"
    LOST_SALE = "lost_sale"
    CANCELLED = "cancelled"


WORDS: dict[Status, tuple[str, str]] = {
    Status.QUOTATION: ("Tilbud", "Offert"),
    Status.BATCH_BASIS: ("Grunnlag for samleordre", "Underlag för samlingsorder"),
    Status.UNPROCESSED: ("Ubehandlet ordre", "Obehandlad order"),
    Status.UNPROCESSED_BATCH: ("Samleordre", "Obehandlad samlingsorder"),
    Status.PROCESSED: ("Ordre", "Order"),
    Status.BACKORDER: ("Restordre", "Restorder"),
    Status.NOT_DELIVERED: ("Faktura (ikke levert)", "Faktura (ej levererad)"),
    Status.INVOICE: ("Faktura", "Faktura"),
    Status.UNISSUED_CREDIT: ("Ubehandlet kreditnota", "Obehandlad kreditnota"),
    Status.CREDIT_NOTE: ("Kreditnota", "Kreditnota"),
    Status.LOST_SALE: ("Tapt salg", "Förlorad försäljning"),
    Status.CANCELLED: ("Annullert", "Makulerad"),
}
"""Norwegian and Swedish."""

EDITABLE = frozenset(
    {
        Status.QUOTATION,
        Status.BATCH_BASIS,
        Status.UNPROCESSED,
        Status.UNPROCESSED_BATCH,
        Status.BACKORDER,
        Status.UNISSUED_CREDIT,
    }
)
"""In these nothing is delivered or booked yet, and a document can still be changed or cancelled."""

DEAD = frozenset({Status.CANCELLED, Status.LOST_SALE})

RESERVING = frozenset({Status.BATCH_BASIS, Status.UNPROCESSED, Status.UNPROCESSED_BATCH, Status.BACKORDER})
"""Their undelivered stock lines are reserved."""
