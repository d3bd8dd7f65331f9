"""One order's story as text: how it is, why and what helps, what happened to it, and its money proof as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from agent.journal.orders import OrderRow, params_of
from agent.journal.reports import Story
from agent.model.catalogue import explain
from agent.model.proof import MoneyProof
from agent.model.reasons import Reason
from agent.model.words import Language, words
from agent.shown.events import event_text
from agent.shown.figures import amount, moment_ms, moment_s
from agent.shown.names import state_name, wish_name
from agent.shown.proof import Figure, figures

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


# -- the money proof --------------------------------------------------------------------------------------------------


def proof_lines(proof: MoneyProof, language: Language) -> Iterator[str]:
    """A column of figures."""
    for figure in figures(proof, language):
        if figure.begins:
            yield "  " + " " * TEXT_WIDTH + "─" * SUM_WIDTH
        yield _figure(figure, language)


def _figure(figure: Figure, language: Language) -> str:
    cut = figure.text if len(figure.text) <= TEXT_WIDTH else figure.text[: TEXT_WIDTH - 1] + "…"
    # Figures of two decimals stand one place to the left, so that the commas make one column.
    value = figure.shown(language) + " " * (3 - figure.places)
    line = f"  {cut:<{TEXT_WIDTH}}{value:>{SUM_WIDTH}}".rstrip()
    return f"{line}   {figure.note}" if figure.note else line
