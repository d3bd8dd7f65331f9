"""Orders as programs read them. Keys are stable: new ones may come, none goes or changes its meaning.

Amounts are integer öre (hundredths of the order's currency), times UTC.
"""

from __future__ import annotations

from decimal import Decimal

from agent.journal.orders import OrderRow, params_of
from agent.journal.reports import Story
from agent.model.catalogue import explain
from agent.model.proof import MoneyProof
from agent.model.reasons import Reason
from agent.model.words import Language
from agent.shown.figures import iso_ms, iso_s

Json = dict[str, object]


def order_json(row: OrderRow) -> Json:
    return {
        "shop": row.shop,
        "order_id": row.order_id,
        "number": row.number,
        "status": row.status,
        "state": row.state,
        "reason": row.reason or None,
        "params": params_of(row),
        "since": iso_ms(row.since_ms),
        "currency": row.currency,
        "total_ore": row.total_ore,
        "mamut_total_ore": row.mamut_total_ore,
        "mamut_order_no": row.mamut_order_no,
        "external_no": row.external_no or None,
        "custid": row.custid,
        "adopted": bool(row.adopted),
        "marked": bool(row.marked),
        "changed_after": bool(row.changed_after),
        "counted_month": row.counted_month,
        "created_at": iso_s(row.created_at),
        "modified_at": iso_s(row.modified_at),
        "read_at": iso_s(row.read_at),
        "transferred_at": iso_ms(row.transferred_ms),
        "due_at": iso_ms(row.due_ms),
        "attempts": row.attempts,
    }


def story_json(story: Story, language: Language) -> Json:
    """The order, the reason's texts in the language of the settings, the events in time order, and the proof."""
    row = story.order
    texts = explain(Reason(row.reason), language, params_of(row)) if row.reason else None
    return {
        "order": order_json(row),
        "reason": None
        if texts is None
        else {"code": texts.code, "title": texts.title, "cause": texts.cause, "remedy": texts.remedy},
        "events": [{"at": iso_ms(event.at_ms), "kind": event.kind, "data": event.data} for event in story.events],
        "open_wishes": [
            {"wish_id": wish.wish_id, "at": iso_ms(wish.at_ms), "who": wish.who, "kind": wish.kind}
            for wish in story.open_wishes
        ],
        "proof": None if story.proof is None else proof_json(story.proof),
    }


def proof_json(proof: MoneyProof) -> Json:
    """Amounts as decimal texts in the order's currency: a row's sum has three decimals."""
    return {
        "currency": proof.currency,
        "holds": proof.holds,
        "lines": [
            {
                "text": line.text,
                "line_sum": _text(line.line_sum),
                "vat_code": line.vat_code,
                "vat_percent": _text(line.vat_percent),
            }
            for line in proof.lines
        ],
        "vats": [
            {
                "vat_code": vat.vat_code,
                "percent": _text(vat.percent),
                "base": _text(vat.base),
                "mamut_vat": _text(vat.mamut_vat),
                "shop_vat": _text(vat.shop_vat),
            }
            for vat in proof.vats
        ],
        "net_total": _text(proof.net_total),
        "mamut_total": _text(proof.mamut_total),
        "rounding": _text(proof.rounding),
        "rounding_limit": _text(proof.limit),
        "paid": _text(proof.paid),
        "difference": _text(proof.mamut_total + proof.rounding - proof.paid),
    }


def _text(value: Decimal) -> str:
    return f"{value:f}"
