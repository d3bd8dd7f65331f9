"""Which VAT code a row gets, and how a row of several rates is divided."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.decide import vat
from agent.decide.orders import decide
from agent.messages import Send, Stop
from agent.model.order import Address, OrderLine, ShopOrder, TaxPart
from agent.model.reasons import Reason
from tests.decide.build import REGISTERS, VAT, facts, fee, goods, order, shipping, shop
from tests.decide.totalling import mamut_total

PERCENTS = vat.percents_of(REGISTERS)


def part(percent: str | None, amount: str, country: str = "SE", rate_id: int = 1) -> TaxPart:
    return TaxPart(
        rate_id=rate_id, percent=None if percent is None else Decimal(percent), amount=Decimal(amount), country=country
    )


def shares(line: OrderLine, bought: ShopOrder | None = None, vat_no: str = "") -> tuple[vat.Share, ...] | Stop:
    whole = bought or order(line)
    return vat.shares(line, vat.sale(whole, VAT, vat_no, PERCENTS))


def codes(line: OrderLine, bought: ShopOrder | None = None, vat_no: str = "") -> list[int]:
    made = shares(line, bought, vat_no)
    assert not isinstance(made, Stop), made
    return [share.vat_code for share in made]


def to(country: str, postcode: str = "1000") -> Address:
    return Address(street="Gata 1", postcode=postcode, city="Ort", country=country)


@pytest.mark.parametrize(("percent", "code"), [(25, 11), (12, 12), (6, 13)])
def test_a_rate_at_home_gets_its_code(percent: int, code: int) -> None:
    assert codes(goods("80.00", percent)) == [code]


def test_a_row_without_vat_at_home_gets_the_zero_code() -> None:
    assert codes(goods("50.00", None)) == [1]


def test_goods_without_vat_beside_goods_with_it_are_vat_free_wherever_they_go() -> None:
    book, other = goods("50.00", None), goods("80.00", 25)
    assert codes(book, order(book, other, shipping=to("NO"))) == [1]


def test_a_company_elsewhere_in_the_eu_is_sold_to_with_reverse_charge() -> None:
    line = goods("80.00", None)
    assert codes(line, order(line, billing=to("DE")), vat_no="DE123456789") == [14]


def test_a_shop_that_says_vat_exempt_is_believed_within_the_eu() -> None:
    line = goods("80.00", None)
    assert codes(line, order(line, billing=to("DE"), vat_exempt=True)) == [14]


def test_a_company_of_our_own_country_is_not_sold_to_with_reverse_charge_abroad() -> None:
    line = goods("80.00", None)
    stop = shares(line, order(line, billing=to("DE")), vat_no="SE556036079301")
    assert isinstance(stop, Stop)
    assert stop.params["kind"] == "eu_private"


def test_a_country_in_somebodys_own_words_is_held_rather_than_taken_for_export() -> None:
    line = goods("80.00", None)
    stop = shares(line, order(line, billing=to("NORGE")))
    assert isinstance(stop, Stop)
    assert (stop.reason, stop.params["country"]) == (Reason.VAT_CODE_MISSING, "NORGE")


def test_a_private_person_elsewhere_in_the_eu_without_any_vat_is_held() -> None:
    line = goods("80.00", None)
    stop = shares(line, order(line, billing=to("DE")))
    assert isinstance(stop, Stop)
    assert stop.reason is Reason.VAT_CODE_MISSING


@pytest.mark.parametrize("address", [to("NO"), to("US"), to("ES", "35001"), to("AX"), to("DE", "78266"), to("GB")])
def test_sales_out_of_the_vat_area_are_export_with_a_vat_number_or_without(address: Address) -> None:
    line = goods("80.00", None)
    assert codes(line, order(line, billing=address)) == [15]
    assert codes(line, order(line, billing=address), vat_no="DE123456789") == [15]


def test_northern_ireland_is_in_the_vat_area_for_goods() -> None:
    line = goods("80.00", None)
    assert codes(line, order(line, billing=to("GB", "BT1 1AA")), vat_no="XI123456789") == [14]


def test_the_delivery_address_decides_before_the_invoice_address() -> None:
    line = goods("80.00", None)
    assert codes(line, order(line, billing=to("SE"), shipping=to("NO"))) == [15]


def test_another_countrys_rate_gets_its_own_code() -> None:
    line = goods("100.00", None, taxes=(part("19", "19.00", "DE"),), tax_total=Decimal("19.00"))
    assert codes(line, order(line, billing=to("DE"))) == [21]


def test_another_countrys_rate_without_a_code_is_never_booked_as_ours() -> None:
    line = goods("100.00", None, taxes=(part("25", "25.00", "DK"),), tax_total=Decimal("25.00"))
    stop = shares(line, order(line, billing=to("DK")))
    assert isinstance(stop, Stop)
    assert stop.params["country"] == "DK"
    assert stop.params["percent"] == "25"


def test_our_own_rate_taken_from_a_buyer_abroad_is_booked_as_ours() -> None:
    line = goods("100.00", 25)
    assert codes(line, order(line, billing=to("DK"))) == [11]


def test_a_rate_that_nobody_mapped_is_held() -> None:
    stop = shares(goods("100.00", "8.5"))
    assert isinstance(stop, Stop)
    assert stop.params["percent"] == "8.5"


def test_a_code_that_means_another_percentage_in_mamut_is_held() -> None:
    wrong = shop(vat={"domestic": {"25": 12}})
    bought = order(goods("100.00", 25))
    decision = vat.shares(bought.lines[0], vat.sale(bought, wrong.vat, "", PERCENTS))
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.VAT_CODE_MISSING


def test_a_code_that_mamut_does_not_have_is_held() -> None:
    wrong = shop(vat={"domestic": {"25": 99}})
    bought = order(goods("100.00", 25))
    decision = vat.shares(bought.lines[0], vat.sale(bought, wrong.vat, "", PERCENTS))
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.REGISTER_VALUE_MISSING


def test_a_rate_whose_percentage_is_not_told_is_found_by_its_amount() -> None:
    line = goods("100.00", None, taxes=(part(None, "12.00"),), tax_total=Decimal("12.00"))
    assert codes(line) == [12]


def test_a_rate_that_cannot_be_told_by_its_amount_is_held() -> None:
    line = goods("0.05", None, taxes=(part(None, "0.01"),), tax_total=Decimal("0.01"))
    stop = shares(line)
    assert isinstance(stop, Stop)
    assert stop.params["percent"] == "?"


def test_shipping_over_two_rates_is_divided_by_the_vat_of_each() -> None:
    line = shipping("40.00", None, taxes=(part("25", "5.00"), part("12", "2.40", rate_id=2)), tax_total=Decimal("7.40"))
    made = shares(line)
    assert not isinstance(made, Stop)
    assert [(share.vat_code, share.net) for share in made] == [(11, Decimal("20.000")), (12, Decimal("20.000"))]


def test_a_negative_fee_over_two_rates_and_goods_without_vat_leaves_the_rest_without_vat() -> None:
    """As orders_create[47] has it: -15.00 spread over goods of 25 %, 12 % and none."""
    parts = (part("25", "-3.41"), part("12", "-0.14", rate_id=2))
    made = shares(fee("-15.00", None, taxes=parts, tax_total=Decimal("-3.55")))
    assert not isinstance(made, Stop)
    assert [share.vat_code for share in made] == [11, 12, 1]
    assert sum((share.net for share in made), Decimal(0)) == Decimal("-15.00")


rates = st.sampled_from([(25, 11), (12, 12), (6, 13)])


@given(st.lists(rates, min_size=2, max_size=3, unique=True), st.data())
def test_divided_shipping_adds_up_and_gives_each_rates_vat(picked: list[tuple[int, int]], data: st.DataObject) -> None:
    bases = [Decimal(data.draw(st.integers(100, 50_000))) / 100 for _ in picked]
    amounts = [
        (base * rate / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        for base, (rate, _) in zip(bases, picked, strict=True)
    ]
    parts = tuple(part(str(rate), str(amount), rate_id=rate) for (rate, _), amount in zip(picked, amounts, strict=True))
    line = shipping(str(sum(bases)), None, taxes=parts, tax_total=sum(amounts, Decimal(0)))
    made = shares(line)
    assert not isinstance(made, Stop)
    assert [share.vat_code for share in made] == [code for _, code in picked]
    assert sum((share.net for share in made), Decimal(0)) == line.total
    for share, base, (rate, _) in zip(made, bases, picked, strict=True):
        assert abs(share.net - base) <= Decimal("0.6"), "no more than the rounding of three amounts explains"
        assert share.vat == (base * rate / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_two_rates_on_the_same_money_are_one_code_where_one_stands_for_both() -> None:
    settings = shop(vat={"domestic": {"25": 11}})
    line = goods("100.00", None, taxes=(part("20", "20.00"), part("5", "5.00", rate_id=2)), tax_total=Decimal("25.00"))
    made = vat.shares(line, vat.sale(order(line), settings.vat, "", PERCENTS))
    assert made == (vat.Share(net=Decimal("100.00"), vat_code=11, vat=Decimal("25.00")),)


def test_goods_of_several_rates_are_held_because_pieces_cannot_be_divided() -> None:
    line = goods("100.00", None, taxes=(part("25", "12.50"), part("12", "6.00", rate_id=2)), tax_total=Decimal("18.50"))
    stop = shares(line)
    assert isinstance(stop, Stop)
    assert stop.reason is Reason.VAT_RATES_MIXED


def test_goods_given_away_keep_the_code_of_their_rate() -> None:
    assert codes(goods("0.00", 25, "0.00")) == [11]


def test_a_rate_that_took_nothing_from_a_sum_it_should_have_is_no_rate() -> None:
    """As when a plugin sets the VAT of an exempt customer to nothing and leaves the rate's name."""
    line = goods("100.00", 25, "0.00")
    assert codes(line) == [1]
    assert codes(line, order(line, billing=to("DE")), vat_no="DE123456789") == [14]
    assert codes(line, order(line, billing=to("NO"))) == [15]


def test_a_sum_too_small_for_an_ore_of_vat_keeps_its_rate() -> None:
    assert codes(goods("0.01", 25, "0.00")) == [11]


def test_amounts_in_whole_kronor_are_not_taken_for_another_rate() -> None:
    line = shipping("39", 25, "10")
    assert codes(line) == [11]


@pytest.mark.parametrize(("first", "second", "third"), list(product((25, 12, 6), repeat=3)))
def test_every_mixture_of_rates_on_one_order_goes_over_to_the_ore(first: int, second: int, third: int) -> None:
    bought = order(goods("33.33", first), goods("0.07", second), shipping("49.90", third), fee("-5.55", first))
    decision = decide(bought, facts(bought), shop())
    assert isinstance(decision, Send)
    assert mamut_total(decision.draft.lines, REGISTERS) == bought.total
