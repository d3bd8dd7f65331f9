"""What does a chain of 20 rules cost an order?"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Address, LineKind, OrderLine, ShopOrder
from agent.rules.chain import Chain
from agent.rules.tree import ProcessingRule, RuleObject, RuleSide
from benchmarks.command import Run
from benchmarks.figures import Cell, Result, Table, Target

MOST_US = 200.0

RULES: tuple[dict[str, object], ...] = (
    {"do": [{"do": "upper", "field": "billing.last_name"}]},
    {"do": [{"do": "strip_html", "field": "customer_note"}]},
    {"do": [{"do": "shorten", "field": "customer_note", "amount": 15}]},
    {"do": [{"do": "replace", "field": "lines.article_no", "find": "WEB-", "value": ""}]},
    {"do": [{"do": "copy", "field": "shipping.phone", "source": "billing.phone"}]},
    {"do": [{"do": "build", "field": "customer_note", "value": "{number}: {customer_note}"}]},
    {"do": [{"do": "set", "field": "meta.channel", "value": "webb"}]},
    {"do": [{"do": "lower", "field": "billing.email"}]},
    {"do": [{"do": "map", "field": "payment_method", "values": {"bacs": "faktura"}}]},
    {"do": [{"do": "strip_html", "field": "lines.name"}]},
    {"when": [{"field": "billing.country", "any_of": ["NO"]}], "do": [{"do": "hold"}]},
    {"when": [{"field": "total", "above": 100_000}], "do": [{"do": "hold"}]},
    {"when": [{"field": "lines.article_no", "starts": "GRATIS"}], "do": [{"do": "ignore"}]},
    {"when": [{"field": "meta.delivery_day", "empty": False}], "do": [{"do": "clear", "field": "customer_note"}]},
    {"when": [{"field": "billing.email", "like": "*@test.example"}], "do": [{"do": "ignore"}]},
    {"when": [{"field": "billing.city", "contains": "umeå"}], "do": [{"do": "upper", "field": "billing.city"}]},
    {"when": [{"field": "payment_method", "any_of": ["klarna"]}], "do": [{"do": "fail"}]},
    {"when": [{"field": "customer_note", "ends": "!!!"}], "do": [{"do": "hold"}]},
    {"when": [{"field": "lines.quantity", "at_least": 500}], "do": [{"do": "hold"}]},
    {"when": [{"field": "currency", "none_of": ["SEK"]}], "do": [{"do": "hold"}]},
)
"""Twenty of the kinds that merchants have: ten that change every order, nine that look and let it pass, one that does
both."""


def chain(rules: int) -> Chain:
    """The first so many of them."""
    made = [
        msgspec.convert({"name": f"r{number}", "object": "order", "side": "read", **rule}, ProcessingRule)
        for number, rule in enumerate(RULES[:rules], 1)
    ]
    return Chain(tuple(made), RuleObject.ORDER, RuleSide.READ)


def bought(rows: int) -> ShopOrder:
    """An order of so many rows."""
    person = Address(
        first_name="Kim",
        last_name="Exempel",
        street="Storgatan 1",
        postcode="903 26",
        city="Umeå",
        country="SE",
        email="Kim@Post.Example",
        phone="090123456",
    )
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    lines = tuple(
        OrderLine(
            line_id=number,
            kind=LineKind.PRODUCT,
            name=f"<b>Vara {number}</b>",
            quantity=Decimal(2),
            article_no=f"WEB-{number:05d}",
            subtotal=Decimal("199.00"),
            total=Decimal("199.00"),
            tax_total=Decimal("49.75"),
        )
        for number in range(1, rows + 1)
    )
    return ShopOrder(
        shop=ShopKey("butik"),
        order_id=ShopOrderId(1001),
        number="1001",
        order_key="wc_order_1",
        status="processing",
        currency="SEK",
        created_at=at,
        modified_at=at,
        paid_at=at,
        total=Decimal("248.75") * rows,
        total_tax=Decimal("49.75") * rows,
        prices_include_tax=True,
        billing=person,
        shipping=msgspec.structs.replace(person, phone=""),
        payment_method="bacs",
        customer_note="<p>Ring på hos grannen</p>",
        lines=lines,
        meta={"_channel": "app", "delivery_day": ""},
    )


def rules(run: Run) -> Result:
    rows: list[tuple[Cell, ...]] = []
    figures: dict[tuple[int, int], float] = {}
    for count in (0, 1, 5, 10, 20):
        for lines in (1, 3, 20):
            made, order = chain(count), bought(lines)
            run.tell(f"{count} rules, {lines} rows")
            figure = _us(lambda made=made, order=order: made.apply(order), run.size(500, 20), run.size(5, 1))  # type: ignore[misc]
            figures[count, lines] = figure
            changed = len({note.detail for note in made.apply(order).notes})
            rows.append((count, lines, changed, round(figure, 1)))
    reached = figures[20, 3]
    return Result(
        name="rules",
        question="What does a chain of 20 rules cost an order?",
        tables=(
            Table(
                title="One order through a chain",
                columns=("Rules", "Rows of the order", "Rules that changed it", "µs an order"),
                rows=tuple(rows),
                note="The median of five rounds. Rules of every kind: half of them change each order, the others look "
                "at it. Making the record anew is in the time.",
            ),
        ),
        targets=(
            Target(
                what="20 rules, an order of three rows",
                wanted=f"under {MOST_US:.0f} µs",
                reached=f"{reached:.0f} µs",
                met=reached < MOST_US,
            ),
        ),
    )


def _us(call: Callable[[], object], times: int, count: int) -> float:
    """Microseconds of processor time a call, the median of so many rounds."""
    rounds = []
    for _ in range(count):
        if count > 1:
            gc.collect()  # In a process that holds much it takes longer than what is measured.
        began = time.process_time()
        for _ in range(times):
            call()
        rounds.append((time.process_time() - began) / times * 1_000_000)
    return sorted(rounds)[count // 2]
