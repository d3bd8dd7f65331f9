"""One order's story as text: how it is, why and what helps, what happened to it, and its money proof as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.journal.orders import OrderRow, params_of
from agent.journal.reports import Event, Story
from agent.model.after import AfterReason
from agent.model.catalogue import explain, tell
from agent.model.proof import MoneyProof
from agent.model.reasons import Reason
from agent.model.said import GoodsReason, Said
from agent.model.words import Language, words
from agent.shown.figures import amount, moment_ms, moment_s
from agent.shown.names import EVENTS, state_name, wish_name, wish_result

LABEL_WIDTH = 18
TEXT_WIDTH = 46
SUM_WIDTH = 16


def story_lines(story: Story, language: Language) -> Iterator[str]:
    yield from _head(story.order, language)
    if story.order.reason:
        yield from _reason(story.order, language)
    for wish in story.open_wishes:
        asked = words("Begärt", "Asked for").in_(language)
        waits = words("inte utfört än", "not done yet").in_(language)
        yield _row(asked, f"{wish_name(wish.kind, language)} · {wish.who} · {moment_ms(wish.at_ms)} · {waits}")
    yield ""
    yield words("Vad som hänt", "What happened").in_(language)
    for event in story.events:
        yield f"  {moment_ms(event.at_ms, seconds=True)}  {event_text(event, story.order.currency, language)}"
    if story.proof is not None:
        yield ""
        yield words("Penningbevis", "Money proof").in_(language) + f" ({story.proof.currency})"
        yield from proof_lines(story.proof, language)


def _row(label: str, text: str) -> str:
    return f"  {label:<{LABEL_WIDTH}}{text}"


def _head(row: OrderRow, language: Language) -> Iterator[str]:
    name = words("Order", "Order").in_(language)
    yield f"{name} {row.number or row.order_id} · {row.shop} · id {row.order_id}"
    since = words("sedan", "since").in_(language)
    state = state_name(row.state, language)
    yield _row(words("Läge", "State").in_(language), f"{state} {since} {moment_ms(row.since_ms)}")
    yield _row(words("Status i butiken", "Status in shop").in_(language), row.status)
    yield _row(words("Skapad i butiken", "Made in shop").in_(language), moment_s(row.created_at))
    yield _row(words("Butikens belopp", "Shop's amount").in_(language), amount(row.total_ore, row.currency, language))
    if row.mamut_order_no is None:
        return
    if row.mamut_total_ore is not None:
        figure = amount(row.mamut_total_ore, row.currency, language)
        if row.mamut_total_ore != row.total_ore:
            differs = words("skiljer", "differs by").in_(language)
            figure += f"  ({differs} {amount(row.mamut_total_ore - row.total_ore, row.currency, language)})"
        yield _row(words("Mamuts belopp", "Mamut's amount").in_(language), figure)
    yield _row(words("Nummer i Mamut", "Number in Mamut").in_(language), str(row.mamut_order_no))
    yield _row(words("Externt nummer", "External number").in_(language), row.external_no)
    if row.custid is not None:
        yield _row(words("Kundnummer", "Customer number").in_(language), str(row.custid))
    if row.counted_month is not None:
        yield _row(words("Räknad i", "Counted in").in_(language), row.counted_month)
    marked = words("ja", "yes") if row.marked else words("inte än", "not yet")
    yield _row(words("Märkt i butiken", "Marked in shop").in_(language), marked.in_(language))
    if row.changed_after:
        text = words("ändrad i butiken efter överföringen", "changed in the shop after the transfer")
        yield _row(words("Obs", "Note").in_(language), text.in_(language))


def _reason(row: OrderRow, language: Language) -> Iterator[str]:
    text = explain(Reason(row.reason), language, params_of(row))
    yield _row(words("Orsak", "Reason").in_(language), f"{text.code} {text.title}")
    yield _row("", text.cause)
    for name, value in text.details:
        yield _row("", f"{name}: {value}")
    yield _row(words("Åtgärd", "Remedy").in_(language), text.remedy)
    if row.due_ms is not None:
        again = words("Prövas igen", "Tried again").in_(language)
        yield _row(again, moment_ms(row.due_ms))


# -- events ---------------------------------------------------------------------------------------------------------


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
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


def _notes(event: Event) -> str:
    """What was shortened or replaced on the way: code, field, detail."""
    notes = event.data.get("notes")
    if not isinstance(notes, list):
        return ""
    return "; ".join(" ".join(str(part) for part in note if part) for note in notes if isinstance(note, list))


# -- the money proof --------------------------------------------------------------------------------------------------


def proof_lines(proof: MoneyProof, language: Language) -> Iterator[str]:
    """The document's arithmetic from its rows to what the customer paid, a column of figures, ending in the
    difference."""
    for line in proof.lines:
        yield _figure(f"{line.text} ({_percent(line.vat_percent, language)})", line.line_sum, 3, language)
    yield _rule()
    yield _figure(words("Netto", "Net").in_(language), proof.net_total, 2, language)
    for vat in proof.vats:
        of = words("moms", "VAT").in_(language)
        base = _decimal(vat.base, 3, language)
        shop = words("butiken", "shop").in_(language)
        text = f"{_percent(vat.percent, language)} {of} × {base}"
        note = f"   ({shop} {_decimal(vat.shop_vat, 2, language)})" if vat.shop_vat != vat.mamut_vat else ""
        yield _figure(text, vat.mamut_vat, 2, language) + note
    yield _rule()
    yield _figure(words("Mamut räknar", "Mamut totals").in_(language), proof.mamut_total, 2, language)
    if proof.rounding:
        limit = _decimal(proof.limit, 2, language)
        text = words(f"Öresavrundning (gräns {limit})", f"Rounding row (limit {limit})").in_(language)
        if abs(proof.rounding) > proof.limit:
            text = words(f"Över gränsen {limit} för avrundning", f"Above the rounding limit {limit}").in_(language)
        yield _figure(text, proof.rounding, 2, language)
    yield _figure(words("Kunden betalade", "The customer paid").in_(language), -proof.paid, 2, language)
    yield _rule()
    difference = proof.mamut_total + proof.rounding - proof.paid
    yield _figure(words("skillnad", "difference").in_(language), difference, 2, language)


def _figure(text: str, value: Decimal, places: int, language: Language) -> str:
    cut = text if len(text) <= TEXT_WIDTH else text[: TEXT_WIDTH - 1] + "…"
    # Figures of two decimals stand one place to the left, so that the commas make one column.
    return f"  {cut:<{TEXT_WIDTH}}{_decimal(value, places, language) + ' ' * (3 - places):>{SUM_WIDTH}}".rstrip()


def _rule() -> str:
    return "  " + " " * TEXT_WIDTH + "─" * SUM_WIDTH


def _decimal(value: Decimal, places: int, language: Language) -> str:
    text = f"{value + 0:,.{places}f}"
    if language is Language.SWEDISH:
        return text.replace(",", "\u00a0").replace(".", ",")
    return text


def _percent(percent: Decimal, language: Language) -> str:
    text = f"{percent.normalize():f}"
    return f"{text.replace('.', ',')} %" if language is Language.SWEDISH else f"{text} %"
