"""What a price becomes: sources and their precedence, VAT, currency, rounding, days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.decide.price_guards import guarded, price_text
from agent.decide.prices import ListsWanted, PriceGround, PriceHeld, PriceWanted, lists, midnight, shop_day, wanted
from agent.decide.rounding import rounded
from agent.model.goods import ArticleCard, CategoryPrice, GroupDiscount, PriceCard, ShopPrice
from agent.model.said import GoodsReason
from agent.settings.tree_goods import PriceGuards, PriceList, PriceRounding, PriceSettings, PriceSource
from tests.decide.items import TERMS

CARD = ArticleCard(pk=1, product_no="A", description="Vara", vat_code=3, group=2)
PERCENTS = {1: Decimal(0), 3: Decimal(25), 4: Decimal(12)}
TODAY = date(2026, 11, 2)


def ground(
    settings: PriceSettings | None = None,
    *,
    today: date = TODAY,
    discounts: tuple[GroupDiscount, ...] = (),
    currency: str = "SEK",
    **terms: Any,
) -> PriceGround:
    return PriceGround(
        settings=settings or PriceSettings(),
        terms=msgspec.structs.replace(TERMS, **terms),
        currency=currency,
        percents=PERCENTS,
        discounts=discounts,
        today=today,
    )


def card_of(price: str, *rules: CategoryPrice) -> PriceCard:
    return PriceCard(product_no="A", price_out=Decimal(price), categories=rules)


def decided(price: PriceCard, on: PriceGround, card: ArticleCard = CARD) -> PriceWanted:
    result = wanted(card, price, on)
    assert isinstance(result, PriceWanted)
    return result


def amounts(price: PriceCard, on: PriceGround) -> tuple[str, str]:
    shown = decided(price, on).price
    return str(shown.regular), "" if shown.sale is None else str(shown.sale)


@pytest.mark.parametrize(
    ("price", "with_vat", "vat_code", "expected"),
    [
        ("80", True, 3, "100.00"),
        ("80", True, 4, "89.60"),
        ("80", True, 1, "80.00"),
        ("80", False, 3, "80.00"),
        ("159.995", True, 3, "199.99"),
        ("159.996", True, 3, "200.00"),
        ("0.0040", True, 3, "0.01"),
        ("0", True, 3, "0.00"),
        ("10.0050", False, 3, "10.01"),
    ],
)
def test_the_base_price_is_as_the_shop_keeps_it(price: str, with_vat: bool, vat_code: int, expected: str) -> None:
    card = msgspec.structs.replace(CARD, vat_code=vat_code)
    found = decided(card_of(price), ground(prices_with_vat=with_vat), card)
    assert str(found.price.regular) == expected
    assert found.price.sale_kept


def test_a_vat_code_that_mamut_does_not_have_is_held() -> None:
    card = msgspec.structs.replace(CARD, vat_code=9)
    assert wanted(card, card_of("80"), ground()) == PriceHeld(GoodsReason.VAT_CODE_UNKNOWN, {"vat_code": "9"})


def test_prices_in_euro_are_exchanged_and_held_without_a_rate() -> None:
    euro = msgspec.structs.replace(TERMS, currency="EUR")
    on = msgspec.structs.replace(ground(PriceSettings(exchange=Decimal("0.0885"))), terms=euro)
    assert str(decided(card_of("80"), on).price.regular) == "8.85"
    without = msgspec.structs.replace(on, settings=PriceSettings())
    assert wanted(CARD, card_of("80"), without) == PriceHeld(
        GoodsReason.EXCHANGE_MISSING, {"currency": "SEK", "shop_currency": "EUR"}
    )


CATEGORY = CategoryPrice(category=4, price=Decimal(60))
PERCENT = CategoryPrice(category=4, percent=Decimal(10))
OTHER = CategoryPrice(category=5, price=Decimal(1))
OVER = CategoryPrice(category=4, price=Decimal(50), valid_to=date(2026, 11, 1))
COMING = CategoryPrice(category=4, price=Decimal(40), valid_from=date(2026, 11, 10), valid_to=date(2026, 11, 12))
GROUP = (
    GroupDiscount(category=4, group=2, percent=Decimal(5)),
    GroupDiscount(category=4, group=3, percent=Decimal(99)),
)


@pytest.mark.parametrize(
    ("rules", "discounts", "expected"),
    [
        ((), (), "100.00"),
        ((CATEGORY,), GROUP, "75.00"),
        ((PERCENT,), GROUP, "90.00"),
        ((OTHER,), (), "100.00"),
        ((OTHER,), GROUP, "95.00"),
        ((OVER, CATEGORY), (), "75.00"),
        ((OVER,), GROUP, "95.00"),
        ((CATEGORY, PERCENT), (), "75.00"),
    ],
)
def test_product_and_category_goes_before_category_and_group(
    rules: tuple[CategoryPrice, ...], discounts: tuple[GroupDiscount, ...], expected: str
) -> None:
    by_category = PriceSettings(regular=PriceSource(category=4))
    assert amounts(card_of("80", *rules), ground(by_category, discounts=discounts)) == (expected, "")


def test_a_factor_makes_a_price_of_another() -> None:
    settings = PriceSettings(regular=PriceSource(factor=Decimal("1.1")), sale=PriceSource(factor=Decimal("0.5")))
    assert amounts(card_of("80"), ground(settings)) == ("110.00", "50.00")


SALE = PriceSettings(sale=PriceSource(category=4))


@pytest.mark.parametrize(
    ("rules", "discounts", "expected"),
    [
        ((), (), ShopPrice(regular=Decimal("100.00"))),
        ((CATEGORY,), (), ShopPrice(regular=Decimal("100.00"), sale=Decimal("75.00"))),
        ((), GROUP, ShopPrice(regular=Decimal("100.00"), sale=Decimal("95.00"))),
        (
            (COMING,),
            (),
            ShopPrice(
                regular=Decimal("100.00"),
                sale=Decimal("50.00"),
                sale_from=date(2026, 11, 10),
                sale_to=date(2026, 11, 12),
            ),
        ),
        ((OVER,), (), ShopPrice(regular=Decimal("100.00"))),
    ],
)
def test_a_campaign_gives_the_sale_price_with_its_days(
    rules: tuple[CategoryPrice, ...], discounts: tuple[GroupDiscount, ...], expected: ShopPrice
) -> None:
    assert decided(card_of("80", *rules), ground(SALE, discounts=discounts)).price == expected


def test_a_sale_price_no_lower_than_the_regular_one_is_dropped_and_told() -> None:
    found = decided(card_of("80", CategoryPrice(category=4, price=Decimal(80))), ground(SALE))
    assert (found.price, found.dropped_sale) == (ShopPrice(regular=Decimal("100.00")), Decimal("100.00"))


def test_the_next_day_is_the_first_on_which_the_shop_would_not_switch_by_itself() -> None:
    price = card_of("80", COMING)
    before, during, after = (
        decided(price, ground(SALE, today=day)) for day in (TODAY, date(2026, 11, 10), date(2026, 11, 13))
    )
    assert before.price == during.price != after.price
    assert (before.next_day, during.next_day, after.next_day) == (date(2026, 11, 13), date(2026, 11, 13), None)
    regular = PriceSettings(regular=PriceSource(category=4))
    assert decided(price, ground(regular)).next_day == date(2026, 11, 10)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 200),
            st.one_of(st.none(), st.dates(date(2026, 10, 25), date(2026, 11, 20))),
            st.one_of(st.none(), st.dates(date(2026, 10, 25), date(2026, 11, 20))),
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_looking_again_on_the_days_told_misses_no_change(
    rules: list[tuple[int, date | None, date | None]], as_sale: bool
) -> None:
    """Decided on each day there is, the price is the one decided on the last day that was told of."""
    settings = SALE if as_sale else PriceSettings(regular=PriceSource(category=4))
    price = card_of(
        "80",
        *(
            CategoryPrice(category=4, price=Decimal(amount), valid_from=first, valid_to=last)
            for amount, first, last in rules
        ),
    )
    held = decided(price, ground(settings, today=date(2026, 10, 20)))
    for ordinal in range(date(2026, 10, 21).toordinal(), date(2026, 11, 25).toordinal()):
        day = date.fromordinal(ordinal)
        now = decided(price, ground(settings, today=day))
        if held.next_day is not None and day >= held.next_day:
            held = now
        assert now.price == held.price, day


@pytest.mark.parametrize(
    ("rule", "cases"),
    [
        (PriceRounding.NONE, {"99.994": "99.99", "99.995": "100.00", "0.001": "0.01"}),
        (PriceRounding.ORE_10, {"99.94": "99.90", "99.95": "100.00", "0.01": "0.10"}),
        (PriceRounding.ORE_50, {"99.24": "99.00", "99.25": "99.50", "0.10": "0.50"}),
        (PriceRounding.KRONA, {"99.49": "99", "99.50": "100", "0.20": "1"}),
        (PriceRounding.FIVE, {"97.49": "95", "97.50": "100", "1": "5"}),
        (PriceRounding.TEN, {"94.99": "90", "95": "100", "3": "10"}),
        (PriceRounding.END_90, {"99.39": "98.90", "99.40": "99.90", "99.90": "99.90", "0.10": "0.90"}),
        (PriceRounding.END_95, {"100": "99.95", "100.45": "100.95", "0.01": "0.95"}),
        (PriceRounding.END_99, {"100": "99.99", "100.50": "100.99", "0.50": "0.99"}),
        (PriceRounding.END_9, {"94": "99", "93.99": "89", "99": "99", "1": "9", "100": "99"}),
    ],
)
def test_rounding_goes_to_the_nearest_such_price_and_never_to_nothing(
    rule: PriceRounding, cases: dict[str, str]
) -> None:
    found = {price: rounded(Decimal(price), rule, 2) for price in cases}
    assert found == {price: Decimal(expected) for price, expected in cases.items()}


@given(
    st.decimals("0.01", "100000", places=4, allow_nan=False),
    st.sampled_from([rule for rule in PriceRounding if rule is not PriceRounding.NONE]),
    st.booleans(),
    st.sampled_from([1, 3, 4]),
)
def test_a_rounded_price_shows_what_the_rule_says_whichever_way_the_shop_keeps_it(
    net: Decimal, rule: PriceRounding, with_vat: bool, vat_code: int
) -> None:
    card = msgspec.structs.replace(CARD, vat_code=vat_code)
    on = ground(PriceSettings(rounding=rule), prices_with_vat=with_vat)
    kept = decided(PriceCard(product_no="A", price_out=net), on, card).price.regular
    assert kept
    factor = 1 + PERCENTS[vat_code] / 100
    seen = kept if with_vat else kept * factor
    assert abs(seen - rounded(net * factor, rule, 2)) < Decimal("0.001")


def test_price_lists_are_empty_where_the_category_has_no_price_of_its_own() -> None:
    settings = PriceSettings(
        lists=(PriceList(category=4, meta="_b2b"), PriceList(category=5, meta="_klubb", with_vat=True))
    )
    found = lists(CARD, card_of("80", COMING, OTHER), ground(settings))
    assert found == ListsWanted(lists=(("_b2b", ""), ("_klubb", "1.25")), next_day=date(2026, 11, 10))


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Stockholm", datetime(2026, 11, 1, 22, 59, tzinfo=UTC), date(2026, 11, 1)),
        ("Europe/Stockholm", datetime(2026, 11, 1, 23, 0, tzinfo=UTC), date(2026, 11, 2)),
        ("+05:30", datetime(2026, 11, 1, 18, 30, tzinfo=UTC), date(2026, 11, 2)),
        ("-03:00", datetime(2026, 11, 2, 2, 59, tzinfo=UTC), date(2026, 11, 1)),
        ("", datetime(2026, 11, 2, 0, 0, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_the_day_is_the_shops_own(zone: str, moment: datetime, day: date) -> None:
    terms = msgspec.structs.replace(TERMS, time_zone=zone)
    assert shop_day(moment, terms) == day
    assert shop_day(midnight(day, terms), terms) == day
    assert midnight(day, terms) <= moment


def test_midnight_is_right_on_the_days_when_clocks_change() -> None:
    assert midnight(date(2026, 3, 30), TERMS) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert midnight(date(2026, 10, 26), TERMS) == datetime(2026, 10, 25, 23, tzinfo=UTC)


# -- guards -----------------------------------------------------------------------------------------------------------


def price(regular: str, sale: str = "") -> ShopPrice:
    return ShopPrice(regular=Decimal(regular), sale=Decimal(sale) if sale else None)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, price("100"), None),
        (None, price("0"), GoodsReason.PRICE_ZERO),
        (None, price("100", "0"), GoodsReason.PRICE_ZERO),
        (price("100"), price("0"), GoodsReason.PRICE_ZERO),
        (price("100"), price("150"), None),
        (price("100"), price("150.01"), GoodsReason.PRICE_JUMP),
        (price("100"), price("50"), None),
        (price("100"), price("49.99"), GoodsReason.PRICE_JUMP),
        (price("100"), price("100", "49"), GoodsReason.PRICE_JUMP),
        (price("100", "40"), price("100", "45"), None),
        (price("100", "40"), price("100"), None),
        (price("0"), price("100"), None),
    ],
)
def test_guards_stop_what_costs_nothing_and_what_leaps(
    old: ShopPrice | None, new: ShopPrice, expected: GoodsReason | None
) -> None:
    found = guarded(old, new, PriceGuards())
    assert (None if found is None else found.reason) == expected


def test_guards_that_are_off_stop_nothing() -> None:
    off = PriceGuards(zero=False, percent=Decimal(0))
    assert guarded(price("100"), price("0"), off) is None
    assert guarded(price("1"), price("1000"), off) is None


def test_a_price_is_recognised_by_both_its_amounts() -> None:
    texts = [price_text(each) for each in (None, price("100"), price("100", "80"), price("80"))]
    assert texts == ["", "100", "100/80", "80"]
