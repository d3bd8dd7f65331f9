"""What `[shop.statuses]` means: which status of the shop each event in Mamut leads to, and what goes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.model.words import words
from agent.settings.check_orders import check_status
from agent.settings.finding import Finding, conflict, missing, risky, wrong
from agent.settings.kinds import shown
from agent.settings.load import join
from agent.settings.ranges import check_no_blank, check_range
from agent.settings.tree_goods import EventChoice, MailChoice, StatusSettings

TERMINAL = ("cancelled", "refunded", "failed")
"""Statuses that need no rank: an order is not taken out of them."""

PLACEHOLDERS = ("number", "carrier", "tracking", "url", "invoice")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


def check_statuses(statuses: StatusSettings, path: str) -> Iterator[Finding]:
    for name, event in _events(statuses):
        yield from _event(event, statuses, f"{path}.{name}")
    yield from check_no_blank(f"{path}.order", statuses.order)
    for index, status in enumerate(statuses.order):
        yield from check_status(status, f"{path}.order[{index}]")
    yield from check_range(f"{path}.follow_days", statuses.follow_days, 1, 730)
    yield from check_range(f"{path}.warn_days", statuses.warn_days, 0, 60)
    for method, days in statuses.expiry_days.items():
        yield from check_range(join(f"{path}.expiry_days", method), days, 1, 365)
    if statuses.enabled and not any(event.status for _, event in _events(statuses)):
        yield risky(
            path,
            words("Ingen händelse ger någon status i butiken.", "No event gives a status in the shop."),
            words(
                'Ange till exempel delivered = { status = "completed" }.',
                'Give delivered = { status = "completed" }, for example.',
            ),
        )


def _events(statuses: StatusSettings) -> tuple[tuple[str, EventChoice], ...]:
    return (
        ("delivered", statuses.delivered),
        ("partly_delivered", statuses.partly_delivered),
        ("invoiced", statuses.invoiced),
        ("paid", statuses.paid),
        ("cancelled", statuses.cancelled),
        ("transferred", statuses.transferred),
    )


def _event(event: EventChoice, statuses: StatusSettings, path: str) -> Iterator[Finding]:
    yield from check_status(event.status, f"{path}.status")
    if event.status and event.status not in (*statuses.order, *TERMINAL):
        yield missing(
            f"{path}.status",
            words(
                f"{shown(event.status)} har ingen plats i order, så det syns inte vad som vore bakåt.",
                f"{shown(event.status)} has no place in order, so nobody can tell what would be backwards.",
            ),
            words("Lägg in statusen i order, lägst först.", "Put the status into order, lowest first."),
        )
    if event.mail is MailChoice.NOTE and not event.text.strip():
        yield missing(
            f"{path}.text",
            words("Kunden ska få en anteckning, men den är tom.", "The customer is to get a note, but it is empty."),
            words("Skriv text = det som kunden ska läsa.", "Write text = what the customer is to read."),
        )
    elif event.mail is not MailChoice.NOTE and event.text:
        yield conflict(
            f"{path}.text",
            words("Texten skickas aldrig.", "The text is never sent."),
            words('Välj mail = "note", eller ta bort texten.', 'Choose mail = "note", or remove the text.'),
        )
    yield from _text(event.text, f"{path}.text")
    if event.capture and not event.status:
        yield conflict(
            f"{path}.capture",
            words("Utan status dras inga pengar.", "Without a status no money is taken."),
            words('Ange status, till exempel "completed".', 'Give a status, such as "completed".'),
        )


def _text(text: str, path: str) -> Iterator[Finding]:
    listed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            yield wrong(
                path,
                words(f"{shown('{' + name + '}')} finns inte.", f"There is no {shown('{' + name + '}')}."),
                words(f"Använd {listed}.", f"Use {listed}."),
            )
    if _BRACE.search(_PLACEHOLDER.sub("", text)):
        yield wrong(
            path,
            words("En klammer saknar sin andra hälft.", "A brace lacks its other half."),
            words(f"Använd {listed}.", f"Use {listed}."),
        )
