"""What came of an order's changes after its transfer, and of its refunds: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import apsw

from agent.journal import aftermath
from agent.journal.orders import OrderRow
from agent.model.after import AfterReason
from agent.model.catalogue import explain
from agent.model.words import Language, words
from agent.shown.figures import amount, iso_ms, moment_ms
from agent.shown.names import told
from agent.shown.progress import OUTCOMES, WAYS

LABEL_WIDTH = 18


def change_lines(tx: apsw.Connection, order: OrderRow, language: Language) -> Iterator[str]:
    """Nothing for an order that has not been changed since."""
    row = aftermath.get(tx, order.shop, order.order_id)
    if row is None or not row.outcome:
        return
    yield ""
    yield words("Efter överföringen", "After the transfer").in_(language)
    outcome = OUTCOMES[row.outcome].in_(language) if row.outcome in OUTCOMES else row.outcome
    yield _row(words("Ändringen", "The change").in_(language), f"{outcome} · {moment_ms(row.since_ms)}")
    yield _row("", told(row.code, row.named_params, language))
    if row.code in tuple(AfterReason):
        text = explain(AfterReason(row.code), language, row.named_params)
        for name, value in text.details:
            yield _row("", f"{name}: {value}")
        yield _row(words("Åtgärd", "Remedy").in_(language), text.remedy)
    for credit in aftermath.credits_of(tx, order.shop, order.order_id):
        way = WAYS[credit.way].in_(language) if credit.way in WAYS else credit.way
        figure = amount(credit.amount_ore, order.currency, language)
        label = words("Återbetalning", "Refund").in_(language)
        yield _row(label, f"{credit.refund_id} · {figure} · {way} {credit.mamut_order_no}")


def change_json(tx: apsw.Connection, order: OrderRow) -> dict[str, object] | None:
    """Keys are stable; amounts are integer öre."""
    row = aftermath.get(tx, order.shop, order.order_id)
    if row is None or not row.outcome:
        return None
    return {
        "outcome": row.outcome,
        "code": row.code,
        "params": row.named_params,
        "since": iso_ms(row.since_ms),
        "due_at": iso_ms(row.due_ms),
        "refunds": [
            {
                "refund_id": credit.refund_id,
                "way": credit.way,
                "amount_ore": credit.amount_ore,
                "mamut_order_no": credit.mamut_order_no,
                "at": iso_ms(credit.at_ms),
            }
            for credit in aftermath.credits_of(tx, order.shop, order.order_id)
        ],
    }


def _row(label: str, text: str) -> str:
    return f"  {label:<{LABEL_WIDTH}}{text}"
