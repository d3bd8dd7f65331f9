"""How a shop keeps things, also where the key may not read its settings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from trio.testing import MockClock

from agent.model.goods import ShopTerms
from agent.model.reasons import Fault
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.shapes_goods import WireRate
from agent.remote.woocommerce.terms import _by_class
from simulators.woocommerce.options import SWEDISH_RATES, TaxRate
from simulators.woocommerce.plugins import Plugins
from tests.remote.shop_bench import ShopBench, shop_bench

SETTINGS = ("/wc/v3/settings/", "/wc/v3/taxes")
CLOSED = "woocommerce_rest_cannot_view"


def order(bench: ShopBench) -> None:
    bench.do("POST", "/orders", {"status": "processing"})


async def test_a_swedish_shop_tells_all_of_it_in_five_requests(autojump_clock: MockClock) -> None:
    async with shop_bench(plugins=Plugins(tracking="woocommerce")) as bench:
        terms = await bench.port.terms()
        assert len(bench.asked) == 5
    assert "wc-shipment-tracking/v3" in terms.plugins
    assert terms == ShopTerms(
        currency="SEK",
        prices_with_vat=True,
        price_decimals=2,
        weight_unit="kg",
        time_zone="Europe/Stockholm",
        country="SE",
        counts_stock=True,
        counts_tax=True,
        tax_rates=(
            ("", Decimal(25)),
            ("reduced-rate", Decimal(12)),
            ("super-reduced-rate", Decimal(6)),
            ("zero-rate", Decimal(0)),
        ),
        plugins=terms.plugins,
    )


async def test_a_shop_that_keeps_everything_another_way(autojump_clock: MockClock) -> None:
    norwegian = TaxRate(id=9, country="NO", rate=Decimal("15.0000"), name="MVA", order=0)
    async with shop_bench(
        country="NO",
        currency="NOK",
        currency_decimals=0,
        prices_include_tax=False,
        manage_stock=False,
        tax_rates=(*SWEDISH_RATES, norwegian),
        time_zone="Europe/Oslo",
    ) as bench:
        bench.do("PUT", "/settings/products/woocommerce_weight_unit", {"value": "g"})
        terms = await bench.port.terms()
    assert (terms.currency, terms.country, terms.price_decimals, terms.weight_unit) == ("NOK", "NO", 0, "g")
    assert (terms.prices_with_vat, terms.counts_stock, terms.time_zone) == (False, False, "Europe/Oslo")
    assert terms.tax_rates == (("", Decimal(15)),)


async def test_a_shop_without_taxes_says_so(autojump_clock: MockClock) -> None:
    async with shop_bench(taxes=False) as bench:
        assert not (await bench.port.terms()).counts_tax


# -- closed settings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_without_rights_infers_from_an_order_and_says_what_it_could_not_read(
    autojump_clock: MockClock, status: int
) -> None:
    async with shop_bench(currency="EUR", prices_include_tax=False) as bench:
        order(bench)
        bench.refuse(status, *SETTINGS, code=CLOSED)
        terms = await bench.port.terms()
    assert (terms.currency, terms.prices_with_vat, terms.time_zone) == ("EUR", False, "Europe/Stockholm")
    assert (terms.tax_rates, terms.country) == ((), "")
    assert set(terms.unread) == {
        "currency",
        "price_decimals",
        "country",
        "counts_tax",
        "prices_with_vat",
        "weight_unit",
        "counts_stock",
        "tax_rates",
    }


async def test_only_what_is_closed_is_unread(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.refuse(403, "/wc/v3/settings/products", code=CLOSED)
        terms = await bench.port.terms()
    assert terms.unread == ("weight_unit", "counts_stock")
    assert (terms.currency, terms.weight_unit, len(terms.tax_rates)) == ("SEK", "kg", 4)


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Kolkata", "+05:30"), ("America/St_Johns", "-03:30"), ("UTC", "+00:00")]
)
async def test_where_the_index_is_closed_the_clock_is_inferred_from_an_order(
    autojump_clock: MockClock, zone: str, offset: str
) -> None:
    async with shop_bench(time_zone=zone) as bench:
        order(bench)
        gate_at_index(bench)
        terms = await bench.port.terms()
    assert terms.time_zone == offset
    assert terms.unread == ("time_zone", "plugins")


def gate_at_index(bench: ShopBench) -> None:
    bench.refuse(401, "/wp-json/", code="rest_not_logged_in")
    closed = bench.side.gate
    assert closed is not None
    bench.side.gate = lambda request: closed(request) if request.path == "/wp-json/" else None


async def test_an_empty_shop_that_is_closed_has_the_usual_and_says_so(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.refuse(403, *SETTINGS, code=CLOSED)
        terms = await bench.port.terms()
    assert (terms.currency, terms.weight_unit, terms.price_decimals) == ("", "kg", 2)
    assert "currency" in terms.unread


async def test_a_key_that_opens_nothing_is_told_of(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.refuse(401, "/wc/v3/", code=CLOSED)
        with pytest.raises(Trouble) as raised:
            await bench.port.terms()
    assert raised.value.fault is Fault.SHOP_KEY_REFUSED


# -- rates ------------------------------------------------------------------------------------------------------------


def rate(percent: str, **fields: object) -> WireRate:
    return WireRate(rate=percent, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([], ()),
        ([rate("25.0000", country="SE", tax_class="standard")], (("", Decimal(25)),)),
        ([rate("19", country="DE")], ()),
        ([rate("21", country="")], (("", Decimal(21)),)),
        # The country's own before the one for all; of the same kind the first.
        ([rate("21"), rate("25", country="SE"), rate("24", country="SE")], (("", Decimal(25)),)),
        # Another priority is another tax on top; a compound one is also on the others.
        ([rate("5", country="SE"), rate("10", country="SE", priority=2)], (("", Decimal(15)),)),
        ([rate("5", country="SE"), rate("10", country="SE", priority=2, compound=True)], (("", Decimal("15.5")),)),
        # For single towns and other regions only.
        ([rate("9", country="SE", postcode="90326")], ()),
        ([rate("9", country="SE", cities=["UMEÅ"])], ()),
        ([rate("9", country="SE", state="AC")], ()),
    ],
)
def test_the_rates_are_those_of_the_shops_own_address(
    rates: list[WireRate], expected: tuple[tuple[str, Decimal], ...]
) -> None:
    assert _by_class(rates, "SE", "") == expected


def test_a_region_has_its_own_rate() -> None:
    assert _by_class([rate("7.2500", country="US", state="CA")], "US", "CA") == (("", Decimal("7.25")),)
