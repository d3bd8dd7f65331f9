"""What happened to an order, as sentences."""

from __future__ import annotations

from agent.journal.reports import Event
from agent.model.after import AfterReason
from agent.model.catalogue import explain, tell
from agent.model.correction import field_words
from agent.model.reasons import Reason
from agent.model.said import GoodsReason, Said
from agent.model.words import Language, words
from agent.shown.figures import amount, moment_ms
from agent.shown.names import EVENTS, wish_name, wish_result


def event_text(event: Event, currency: str, language: Language) -> str:
    """One event as a sentence. What it carries is shown also where no text knows of it."""
    shown = {key: _shown(key, value, currency, language) for key, value in event.data.items()}
    reason = _reason_of(event)
    if reason is not None and event.kind != "seen":
        text = explain(reason, language, {k: str(v) for k, v in event.data.items()})
        return f"{text.code} {text.title}: {text.cause}"
    if event.kind in tuple(Said):
        return tell(Said(event.kind), language, {key: value for key, value in shown.items() if value})
    if event.kind not in EVENTS:
        return " · ".join([event.kind, *(f"{key} {value}" for key, value in shown.items() if value)])
    text_of = EVENTS[event.kind].in_(language)
    for key, value in shown.items():
        text_of = text_of.replace("{" + key + "}", value)
    for more in (_notes(event), str(event.data.get("why") or "")):
        text_of = f"{text_of}; {more}" if more else text_of
    return text_of


def _reason_of(event: Event) -> Reason | GoodsReason | AfterReason | None:
    code = event.data.get("reason")
    if not isinstance(code, str):
        return None
    for kind in (Reason, GoodsReason, AfterReason):
        if code in tuple(kind):
            return kind(code)
    return None


_DOCUMENTS = {"order": words("order", "order"), "invoice": words("faktura", "invoice")}
_CUSTOMERS = {
    "existing": words("befintlig", "existing"),
    "probable": words("trolig", "probable"),
    "new": words("ny", "new"),
    "collective": words("samlingskund", "collective"),
}
"""Mamut's own words for how sure it is of a customer, and ours for the one that stands for many."""

_PARTS = {"none": words("nej", "no"), "some": words("delvis", "in part"), "whole": words("ja", "yes")}
"""How far a document has come."""


def _shown(key: str, value: object, currency: str, language: Language) -> str:
    if key.endswith("_ore") and isinstance(value, int):
        return amount(value, currency, language)
    if key.endswith("_ms") and isinstance(value, int):
        return moment_ms(value, seconds=True)
    if key == "document":
        return _DOCUMENTS[str(value)].in_(language) if value in _DOCUMENTS else str(value)
    if key == "customer":
        return _CUSTOMERS[str(value)].in_(language) if value in _CUSTOMERS else str(value)
    if key in ("delivered", "invoiced", "paid") and value in _PARTS:
        return _PARTS[str(value)].in_(language)
    if key == "act":
        return wish_name(str(value), language)
    if key == "result":
        return wish_result(str(value), language)
    if key == "fields" and isinstance(value, list):
        return ", ".join(field_words(str(field)).in_(language) for field in value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


def _notes(event: Event) -> str:
    """What was shortened or replaced on the way: code, field, detail."""
    notes = event.data.get("notes")
    if not isinstance(notes, list):
        return ""
    return "; ".join(" ".join(str(part) for part in note if part) for note in notes if isinstance(note, list))
