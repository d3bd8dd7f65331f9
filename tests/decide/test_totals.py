"""The total that Mamut will make, and the proof that it is what was paid."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent.decide.orders import decide
from agent.decide.totals import exact_net, explained, predict
from agent.messages import Send, Stop
from agent.model.mamut import DocumentLine
from agent.model.order import GiftCard, OrderLine
from agent.model.reasons import Reason
from tests.decide.build import REGISTERS, facts, fee, goods, order, shipping, shop
from tests.decide.totalling import mamut_total

PERCENTS = {code.id: code.percent for code in REGISTERS.vat_codes}

ore = st.integers(0, 5_000_000).map(lambda amount: Decimal(amount) / 100)
rates = st.sampled_from([25, 12, 6])


@st.composite
def parts(draw: st.DrawFn) -> list[OrderLine]:
    """The rows of an order as a shop gives them: each with the VAT the shop rounded, discounts, fees of either sign."""
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        total = draw(ore)
        discount = draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("12.34")]))
        rows.append(
            goods(str(total), draw(rates), subtotal=total + discount, quantity=Decimal(draw(st.integers(1, 9))))
        )
    for _ in range(draw(st.integers(0, 1))):
        rows.append(shipping(str(draw(ore)), draw(rates)))
    for _ in range(draw(st.integers(0, 2))):
        rows.append(fee(str(draw(ore) - 25_000), draw(rates)))
    return rows


@given(parts(), st.booleans(), st.sampled_from(["net", "row"]))
def test_what_mamut_totals_is_what_was_paid(rows: list[OrderLine], with_vat: bool, discounts: str) -> None:
    settings = shop(orders={"discounts": discounts, "rounding_limit": "1.00"})
    bought = order(*rows, prices_include_tax=with_vat)
    decision = decide(bought, facts(bought, settings), settings)
    assert isinstance(decision, Send), decision
    assert decision.proof.holds
    assert mamut_total(decision.draft.lines, REGISTERS) == bought.total
    assert decision.proof.mamut_total + decision.proof.rounding == bought.total


@given(parts(), st.integers(-100, 100))
def test_a_total_that_is_off_by_less_than_the_limit_gets_a_rounding_row(rows: list[OrderLine], off: int) -> None:
    bought = order(*rows)
    bought = msgspec.structs.replace(bought, total=bought.total + Decimal(off) / 100)
    settings = shop(orders={"rounding_limit": "2.00"})
    decision = decide(bought, facts(bought, settings), settings)
    assert isinstance(decision, Send), decision
    rounding = [line for line in decision.draft.lines if line.product_no == "ORESAVR"]
    assert sum((line.line_sum for line in rounding), Decimal(0)) == decision.proof.rounding
    assert mamut_total(decision.draft.lines, REGISTERS) == bought.total


@given(parts(), st.integers(201, 100_000), st.sampled_from([1, -1]))
def test_a_total_that_is_off_by_more_is_held_with_the_arithmetic(rows: list[OrderLine], off: int, sign: int) -> None:
    bought = order(*rows)
    bought = msgspec.structs.replace(bought, total=bought.total + sign * Decimal(off) / 100)
    settings = shop(orders={"rounding_limit": "1.00"})
    decision = decide(bought, facts(bought, settings), settings)
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.TOTAL_UNEXPLAINED
    assert decision.proof is not None
    assert not decision.proof.holds


@given(st.lists(st.tuples(st.integers(-9_999_999, 9_999_999), st.sampled_from([1, 11, 12, 13])), max_size=12))
def test_the_prediction_agrees_with_an_independent_formula(rows: list[tuple[int, int]]) -> None:
    base = goods()
    lines = [
        msgspec.structs.replace(decided, line_sum=Decimal(thousandths) / 1000, vat_code=code)
        for thousandths, code in rows
        for decided in [_line(base)]
    ]
    predicted = predict([(line.line_sum, line.vat_code) for line in lines], PERCENTS)
    assert predicted.total == mamut_total(lines, REGISTERS)


def test_vat_is_rounded_once_a_code_and_not_once_a_row() -> None:
    two_rows = predict([(Decimal("0.02"), 11), (Decimal("0.02"), 11)], PERCENTS)
    assert two_rows.vats == ((11, Decimal("0.04"), Decimal("0.01")),)
    assert two_rows.total == Decimal("0.05")


def test_every_small_price_with_vat_goes_over_to_the_ore() -> None:
    settings = shop()
    for ore_paid, rate, pieces in product(range(1, 160), (25, 12, 6), (1, 3)):
        gross = Decimal(ore_paid * pieces) / 100
        net = (gross * 100 / (100 + rate)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        bought = order(goods(str(net), rate, str(gross - net), quantity=Decimal(pieces)), prices_include_tax=True)
        decision = decide(bought, facts(bought), settings)
        assert isinstance(decision, Send)
        assert mamut_total(decision.draft.lines, REGISTERS) == gross


def test_a_price_agreed_with_vat_spares_the_rounding_row() -> None:
    bought = order(goods("23.98", 25, "5.99", quantity=Decimal(3)), prices_include_tax=True)
    decision = decide(bought, facts(bought), shop())
    assert isinstance(decision, Send)
    assert [line.line_sum for line in decision.draft.lines] == [Decimal("23.976")]
    assert decision.proof.rounding == 0


def test_a_price_without_vat_is_never_changed_for_the_rounding() -> None:
    bought = order(goods("23.98", 25, "5.99", quantity=Decimal(3)), prices_include_tax=False)
    decision = decide(bought, facts(bought), shop())
    assert isinstance(decision, Send)
    assert [line.line_sum for line in decision.draft.lines] == [Decimal("23.98"), Decimal("-0.01")]


def test_only_the_third_decimal_is_told_from_a_price_with_vat() -> None:
    assert exact_net(Decimal("23.98"), Decimal("5.99"), Decimal(25)) == Decimal("23.976")
    assert exact_net(Decimal("188"), Decimal("23"), Decimal(12)) == Decimal("188")
    assert exact_net(Decimal("50.00"), Decimal(0), Decimal(25)) == Decimal("50.00")


def test_a_gift_card_is_taken_off_only_where_the_total_says_so() -> None:
    card = (GiftCard(code="ABCD-1234", amount=Decimal("30.00")),)
    lowered = order(goods("80.00"), gift_cards=card, total=Decimal("70.00"))
    assert explained(lowered).total == Decimal("70.00")
    assert explained(lowered).with_gift_cards
    not_lowered = order(goods("80.00"), gift_cards=card)
    assert explained(not_lowered).total == Decimal("100.00")
    assert not explained(not_lowered).with_gift_cards


def test_a_total_in_tenths_of_an_ore_is_held() -> None:
    bought = order(goods("80.00"), total=Decimal("100.005"))
    decision = decide(bought, facts(bought), shop())
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.ROUNDING_ABOVE_LIMIT


def test_a_half_ore_that_no_row_can_mend_is_held_and_not_sent_an_ore_wrong() -> None:
    """Mamut rounds -0.005 to -0.01, and 0.005 to 0.01: with a row of one öre it would still not be nothing."""
    bought = order(goods("0.005", None), fee("-0.010", None), total=Decimal("0.00"))
    decision = decide(bought, facts(bought), shop())
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.ROUNDING_ABOVE_LIMIT
    assert decision.proof is not None
    assert not decision.proof.holds


def test_mamuts_own_rounding_above_the_limit_is_told_apart_from_a_total_that_does_not_add_up() -> None:
    rows = [goods("0.03", 25, "0.01", line_id=at) for at in range(200)]
    bought = order(*rows)
    settings = shop(orders={"rounding_limit": "0.10"})
    decision = decide(bought, facts(bought, settings), settings)
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.ROUNDING_ABOVE_LIMIT
    assert decision.params["rounding"] == "0.50 SEK"


def _line(of: OrderLine) -> DocumentLine:
    bought = order(of)
    decision = decide(bought, facts(bought), shop())
    assert isinstance(decision, Send)
    return decision.draft.lines[0]
