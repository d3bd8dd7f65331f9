"""What an order, and what was given back of it, would be as rows of a document: decided anew, as on the first day.

The rows of a refund are decided by the very arithmetic that decides an order's: its tax is the one the shop stored, and
the proof says that Mamut's total of the rows is the amount that went back, to the öre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from agent.decide import totals
from agent.model.aftermath import OrderRefund
from agent.model.mamut import DocumentLine
from agent.model.money import ZERO, round_ore
from agent.model.order import LineKind, OrderLine, ShopOrder, TaxPart
from agent.model.reasons import Reason
from agent.settings.tree import GuestChoice, NewChoice, ProbableChoice, ShopSettings, Unmapped

ANEW = frozenset({Reason.HELD_BY_RULE, Reason.MARK_WITHOUT_DOCUMENT, Reason.REFUNDED_BEFORE_TRANSFER})
"""What holds an order before its transfer and means nothing after it."""

AMOUNT_TEXT = "Återbetalning"
LEFT_OVER = Decimal("0.01")
"""What may be left of a row's sum when all its pieces went back: the shop's two decimals against Mamut's three."""


def as_new(order: ShopOrder, shop: ShopSettings, articles: Mapping[int, str]) -> tuple[ShopOrder, ShopSettings]:
    """The order as if it were to be sent now, with the article numbers that it was booked by, and settings by which
    nobody is looked for: its document has its contact."""
    lines = tuple(_on_article(line, articles.get(line.line_id)) for line in order.lines)
    anew = msgspec.structs.replace(
        order, status=shop.orders.trigger[0], lines=lines, refunds=(), mamut_order_no=None, content_hash=""
    )
    customers = msgspec.structs.replace(
        shop.customers, match=(), probable=ProbableChoice.USE, new=NewChoice.CREATE, guests=GuestChoice.MATCH
    )
    orders = msgspec.structs.replace(shop.orders, start_at=None)
    return anew, msgspec.structs.replace(shop, customers=customers, orders=orders)


def refund_as_order(
    refund: OrderRefund, order: ShopOrder, shop: ShopSettings, articles: Mapping[int, str]
) -> tuple[ShopOrder, ShopSettings] | None:
    """The refund as an order of its rows, with positive amounts; None when its rows come to more than its amount."""
    lines = [
        _without_goods(row.line) if not row.line.quantity else _on_article(row.line, articles.get(row.of_line))
        for row in refund.lines
        if row.line.quantity or row.line.total
    ]
    told = sum((line.total + line.tax_total for line in lines), ZERO)
    if told > refund.amount:
        return None
    if refund.amount > told:
        lines += _amount_rows(order, refund.amount - told)
    anew, settings = as_new(order, shop, articles)
    anew = msgspec.structs.replace(
        anew,
        lines=tuple(lines),
        total=refund.amount,
        total_tax=sum((line.tax_total for line in lines), ZERO),
        prices_include_tax=True,
        coupons=(),
        gift_cards=(),
        customer_note="",
    )
    fee = shop.aftermath.article or shop.articles.fee
    unmapped = msgspec.structs.replace(
        settings.orders, payment_unmapped=Unmapped.DEFAULT, shipping_unmapped=Unmapped.DEFAULT
    )
    named = msgspec.structs.replace(settings.articles, fee=fee)
    return anew, msgspec.structs.replace(settings, rules=(), processing=(), articles=named, orders=unmapped)


def _on_article(line: OrderLine, article: str | None) -> OrderLine:
    return line if article is None else msgspec.structs.replace(line, article_no=article)


def _without_goods(line: OrderLine) -> OrderLine:
    """Money alone: a row that moves no stock."""
    return msgspec.structs.replace(line, kind=LineKind.FEE, quantity=Decimal(1), article_no="")


def _amount_rows(order: ShopOrder, amount: Decimal) -> list[OrderLine]:
    """An amount that names no row, shared between the order's rates of VAT as the order's own money is."""
    shares = {rate: gross for rate, gross in _gross_by_rate(order).items() if gross > 0}
    whole = sum(shares.values(), ZERO)
    if not whole:
        return [_amount_row(None, amount)]
    rows: list[OrderLine] = []
    left = amount
    for at, (rate, gross) in enumerate(shares.items(), start=1):
        part = left if at == len(shares) else round_ore(amount * gross / whole)
        left -= part
        if part:
            rows.append(_amount_row(rate, part))
    return rows


def _gross_by_rate(order: ShopOrder) -> dict[TaxPart | None, Decimal]:
    """What the order's rows come to with VAT, by rate; a rate is a part without its amount, None is no VAT."""
    found: dict[TaxPart | None, Decimal] = {}
    for line in order.lines:
        parts = [part for part in line.taxes if part.amount]
        if not parts:
            found[None] = found.get(None, ZERO) + line.total
        for part in parts:
            rate = msgspec.structs.replace(part, amount=ZERO)
            net = line.total if len(parts) == 1 else _net(part)
            found[rate] = found.get(rate, ZERO) + net + part.amount
    return found


def _net(part: TaxPart) -> Decimal:
    return part.amount * 100 / part.percent if part.percent else ZERO


def _amount_row(rate: TaxPart | None, gross: Decimal) -> OrderLine:
    percent = ZERO if rate is None or rate.percent is None else rate.percent
    tax = round_ore(gross * percent / (100 + percent))
    return OrderLine(
        line_id=0,
        kind=LineKind.FEE,
        name=AMOUNT_TEXT,
        quantity=Decimal(1),
        total=gross - tax,
        tax_total=tax,
        subtotal=gross - tax,
        taxes=() if rate is None else (msgspec.structs.replace(rate, amount=tax),),
    )


# -- rows of documents ------------------------------------------------------------------------------------------------


def turned(lines: Sequence[DocumentLine]) -> tuple[DocumentLine, ...]:
    """The rows of a credit note."""
    return tuple(
        msgspec.structs.replace(line, qty=-line.qty, line_sum=-line.line_sum, discount_percent=ZERO) for line in lines
    )


def taken_off(
    lines: Sequence[DocumentLine], back: Sequence[DocumentLine], services: frozenset[str]
) -> tuple[DocumentLine, ...] | None:
    """The rows of a document less what went back of it. Goods lose pieces, `services` lose money; money that names no
    row is a row below zero. None when goods went back that the rows do not have."""
    left = list(lines)
    for row in back:
        at = _place_of(row, left, services)
        if at is not None:
            kept = _less(left[at], row, is_service=row.product_no in services)
            left[at : at + 1] = [kept] if kept is not None else []
        elif row.product_no in services:
            left.append(msgspec.structs.replace(row, line_sum=-row.line_sum, discount_percent=ZERO))
        else:
            return None
    return tuple(left)


def _place_of(row: DocumentLine, lines: Sequence[DocumentLine], services: frozenset[str]) -> int | None:
    same = [
        at
        for at, line in enumerate(lines)
        if (line.product_no, line.vat_code) == (row.product_no, row.vat_code)
        and line.line_sum + LEFT_OVER >= row.line_sum
    ]
    if row.product_no in services:
        same = [at for at in same if lines[at].description == row.description]
    else:
        same = [at for at in same if _has_pieces(lines[at], row)]
    exact = [at for at in same if lines[at].line_sum == row.line_sum]
    return next(iter((*exact, *same)), None)


def _has_pieces(line: DocumentLine, row: DocumentLine) -> bool:
    """A row of which all pieces, and only a part of the money, went back is nothing that a document can say."""
    return line.qty > row.qty or (line.qty == row.qty and abs(line.line_sum - row.line_sum) <= LEFT_OVER)


def _less(line: DocumentLine, row: DocumentLine, *, is_service: bool) -> DocumentLine | None:
    rest = line.line_sum - row.line_sum
    if is_service:
        return msgspec.structs.replace(line, line_sum=rest) if abs(rest) > LEFT_OVER else None
    if line.qty == row.qty:
        return None
    return msgspec.structs.replace(line, qty=line.qty - row.qty, line_sum=rest)


def evened(
    lines: Sequence[DocumentLine],
    total: Decimal,
    percents: Mapping[int, Decimal],
    rounding: DocumentLine,
    limit: Decimal,
) -> tuple[DocumentLine, ...] | None:
    """The rows with a rounding row where Mamut's total of them would not be `total`; None where that would be more than
    `limit`. `rounding` is such a row of nothing; one that is there already is put right instead."""
    rest = [line for line in lines if line.product_no != rounding.product_no]
    predicted = totals.predict(((line.line_sum, line.vat_code) for line in rest), percents).total
    difference = round_ore(total - predicted)
    if not difference:
        return tuple(rest)
    if abs(difference) > limit:
        return None
    made = (*rest, msgspec.structs.replace(rounding, line_sum=difference))
    right = totals.predict(((line.line_sum, line.vat_code) for line in made), percents).total == total
    return made if right else None
