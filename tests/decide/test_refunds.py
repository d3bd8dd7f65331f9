"""Refunds as rows: to the öre what went back, on the articles that were sold, or no rows at all."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.decide import orders as decide_orders
from agent.decide import totals, vat
from agent.decide.refunds import ANEW, evened, refund_as_order, taken_off, turned
from agent.messages import Send
from agent.model.aftermath import OrderRefund, RefundedLine
from agent.model.mamut import DocumentLine
from agent.model.order import OrderLine, ShopOrder
from agent.settings.tree_aftermath import AftermathSettings
from tests.decide.build import facts, goods, order, shipping, shop

ROUNDING = DocumentLine(product_no="ORESAVR", description="", qty=Decimal(1), line_sum=Decimal(0), vat_code=1)
SERVICES = frozenset({"FRAKT", "AVGIFT"})
PERCENTS = {1: Decimal(0), 3: Decimal(25), 4: Decimal(12)} | vat.percents_of(facts(order()).registers)


def sold(*lines: OrderLine) -> ShopOrder:
    numbered = [msgspec.structs.replace(line, line_id=at) for at, line in enumerate(lines, start=1)]
    return order(*numbered)


def sent(refund: OrderRefund, of: ShopOrder, **changes: object) -> Send:
    chosen = shop(**changes)
    back = refund_as_order(refund, of, chosen, {})
    assert back is not None
    known = facts(of, chosen)
    decision = decide_orders.decide(back[0], known, back[1], ANEW)
    assert isinstance(decision, Send), decision
    return decision


def total_of(lines: tuple[DocumentLine, ...]) -> Decimal:
    return totals.predict(((line.line_sum, line.vat_code) for line in lines), PERCENTS).total


def row(line: DocumentLine) -> tuple[str, Decimal, Decimal]:
    return line.product_no, line.qty, line.line_sum


@settings(deadline=None, max_examples=150)
@given(ore=st.integers(1, 22_900))
def test_an_amount_alone_is_shared_between_the_rates_of_vat_and_comes_to_itself(ore: int) -> None:
    of = sold(goods("100.00"), goods("50.00", 12), shipping("40.00"))
    amount = Decimal(ore) / 100
    send = sent(OrderRefund(refund_id=5, amount=amount), of)
    assert total_of(send.draft.lines) == amount
    assert {line.product_no for line in send.draft.lines} <= {"AVGIFT", "ORESAVR"}
    assert total_of(turned(send.draft.lines)) == -amount


def test_pieces_go_back_on_the_article_that_was_sold() -> None:
    of = sold(goods("100.00"), shipping("40.00"))
    line = msgspec.structs.replace(of.lines[0], article_no="NYTT-NUMMER")
    refund = OrderRefund(refund_id=5, amount=Decimal("125.00"), lines=(RefundedLine(of_line=1, line=line),))
    chosen = shop()
    back = refund_as_order(refund, of, chosen, {1: of.lines[0].article_no})
    assert back is not None
    assert [each.article_no for each in back[0].lines] == [of.lines[0].article_no]


def test_shipping_alone_goes_back_on_the_article_of_shipping() -> None:
    of = sold(goods("100.00"), shipping("40.00"))
    refund = OrderRefund(refund_id=5, amount=Decimal("50.00"), lines=(RefundedLine(of_line=2, line=of.lines[1]),))
    assert [row(line) for line in sent(refund, of).draft.lines] == [("FRAKT", Decimal(1), Decimal("40.000"))]


def test_money_of_a_row_without_its_goods_moves_no_stock() -> None:
    of = sold(goods("100.00"))
    line = msgspec.structs.replace(
        of.lines[0], quantity=Decimal(0), total=Decimal(20), tax_total=Decimal(5), subtotal=Decimal(20), taxes=()
    )
    taxes = tuple(msgspec.structs.replace(part, amount=Decimal(5)) for part in of.lines[0].taxes)
    line = msgspec.structs.replace(line, taxes=taxes)
    refund = OrderRefund(refund_id=5, amount=Decimal(25), lines=(RefundedLine(of_line=1, line=line),))
    chosen = AftermathSettings(article="AVDRAG")
    (made,) = sent(refund, of, aftermath=chosen).draft.lines
    assert row(made) == ("AVDRAG", Decimal(1), Decimal("20.000"))


def test_what_rows_do_not_explain_of_an_amount_is_a_row_of_its_own() -> None:
    of = sold(goods("100.00"), shipping("40.00"))
    refund = OrderRefund(refund_id=5, amount=Decimal("60.00"), lines=(RefundedLine(of_line=2, line=of.lines[1]),))
    lines = sent(refund, of).draft.lines
    assert [line.product_no for line in lines] == ["FRAKT", "AVGIFT"]
    assert total_of(lines) == Decimal("60.00")


def test_rows_that_come_to_more_than_the_amount_are_no_rows() -> None:
    of = sold(goods("100.00"))
    refund = OrderRefund(refund_id=5, amount=Decimal(100), lines=(RefundedLine(of_line=1, line=of.lines[0]),))
    assert refund_as_order(refund, of, shop(), {}) is None


# -- taken off a document's rows --------------------------------------------------------------------------------------


def line_of(number: str, qty: int, net: str, code: int = 3) -> DocumentLine:
    return DocumentLine(product_no=number, description=number, qty=Decimal(qty), line_sum=Decimal(net), vat_code=code)


@pytest.mark.parametrize(
    ("back", "left"),
    [
        ([line_of("T-1", 1, "100")], [("T-1", Decimal(2), Decimal(200)), ("FRAKT", Decimal(1), Decimal(40))]),
        ([line_of("T-1", 3, "300")], [("FRAKT", Decimal(1), Decimal(40))]),
        ([line_of("T-1", 3, "299.995")], [("FRAKT", Decimal(1), Decimal(40))]),
        ([line_of("FRAKT", 1, "40")], [("T-1", Decimal(3), Decimal(300))]),
        ([line_of("FRAKT", 1, "10")], [("T-1", Decimal(3), Decimal(300)), ("FRAKT", Decimal(1), Decimal(30))]),
        (
            [line_of("AVGIFT", 1, "8")],
            [
                ("T-1", Decimal(3), Decimal(300)),
                ("FRAKT", Decimal(1), Decimal(40)),
                ("AVGIFT", Decimal(1), Decimal(-8)),
            ],
        ),
        ([line_of("T-1", 4, "100")], None),
        ([line_of("T-1", 3, "250")], None),
        ([line_of("T-2", 1, "100")], None),
        ([line_of("T-1", 1, "100", 4)], None),
    ],
)
def test_what_went_back_leaves_the_rows(
    back: list[DocumentLine], left: list[tuple[str, Decimal, Decimal]] | None
) -> None:
    rest = taken_off([line_of("T-1", 3, "300"), line_of("FRAKT", 1, "40")], back, SERVICES)
    assert (None if rest is None else [row(line) for line in rest]) == left


def test_rows_that_come_to_an_ore_too_much_get_a_rounding_row_and_no_more_than_allowed() -> None:
    lines = [line_of("T-1", 1, "100")]
    made = evened(lines, Decimal("124.99"), PERCENTS, ROUNDING, Decimal(1))
    assert made is not None
    assert total_of(made) == Decimal("124.99")
    assert evened(made, Decimal("125.00"), PERCENTS, ROUNDING, Decimal(1)) == tuple(lines)
    assert evened(lines, Decimal("120.00"), PERCENTS, ROUNDING, Decimal(1)) is None
