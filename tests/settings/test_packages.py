"""The package table and the flows, held to the guide's figures."""

from __future__ import annotations

import pytest

from agent.flows import FLOWS, NUMBERS, cheapest_package, flow
from agent.packages import (
    FEATURE_WORDS,
    NAMES,
    PACKAGES,
    Feature,
    cheapest_for,
    cheapest_with,
    monthly_cost,
    order_limit,
    package,
)


@pytest.mark.parametrize(
    ("name", "price_kr", "installation_kr", "limit"),
    [("100", 295, 2200, 100), ("200", 495, 4200, 200), ("400", 795, 6400, 400), ("800", 1195, 8500, 800)],
)
def test_a_package_costs_and_carries_what_the_table_says(
    name: str, price_kr: int, installation_kr: int, limit: int
) -> None:
    found = package(name)
    assert (found.price_kr, found.installation_kr, found.order_limit) == (price_kr, installation_kr, limit)
    assert order_limit(name, premium_limit=9999) == limit


def test_premium_is_a_quote() -> None:
    assert package("premium").price_kr is None
    assert order_limit("premium") is None
    assert order_limit("premium", premium_limit=2500) == 2500


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        (Feature.ORDER_INFORMATION, "100"),
        (Feature.CUSTOMER_INFORMATION, "100"),
        (Feature.PRODUCT_INFORMATION, "100"),
        (Feature.RECONCILIATION, "100"),
        (Feature.ORDER_STATUS, "200"),
        (Feature.STOCK_LEVELS, "200"),
        (Feature.SCHEDULING, "200"),
        (Feature.STOCK_PROFILES, "400"),
        (Feature.PRICE_STRUCTURES, "400"),
        (Feature.SEVERAL_SHOPS, "400"),
        (Feature.FIELD_MAPPING, "800"),
        (Feature.PLUGINS, "800"),
        (Feature.KEY_ACCOUNT_MANAGER, "premium"),
    ],
)
def test_a_feature_comes_with_its_package_and_every_higher_one(feature: Feature, name: str) -> None:
    assert cheapest_with(feature).name == name
    assert [each.name for each in PACKAGES if feature in each.features] == list(NAMES[NAMES.index(name) :])


def test_every_feature_has_words_in_both_languages() -> None:
    assert set(FEATURE_WORDS) == set(Feature)


def test_an_unknown_package_is_no_package() -> None:
    with pytest.raises(KeyError):
        package("300")


def test_the_cheapest_package_carries_the_orders_and_has_the_features() -> None:
    assert cheapest_for(frozenset(), 100).name == "100"
    assert cheapest_for(frozenset(), 101).name == "200"
    assert cheapest_for(frozenset({Feature.SEVERAL_SHOPS}), 1).name == "400"
    assert cheapest_for(frozenset({Feature.SEVERAL_SHOPS}), 801).name == "premium"


def test_the_first_shop_is_included_and_each_further_one_costs() -> None:
    assert monthly_cost("400", shops=1).total_kr == 795
    assert monthly_cost("400", shops=3, reconciliations=2).total_kr == 795 + 2 * 295 + 2 * 295


def test_a_quote_that_is_not_entered_leaves_the_cost_incomplete() -> None:
    unknown = monthly_cost("premium", shops=2)
    assert (unknown.total_kr, unknown.complete) == (295, False)
    known = monthly_cost("premium", shops=2, premium_price_kr=2900)
    assert (known.total_kr, known.complete) == (3195, True)


@pytest.mark.parametrize(("number", "name"), [(1, "100"), (2, "200"), (3, "400")])
def test_a_flow_works_from_its_package_up(number: int, name: str) -> None:
    assert cheapest_package(flow(number)).name == name


@pytest.mark.parametrize(
    ("number", "directions"),
    [
        (1, "orders_to_mamut products_to_mamut"),
        (2, "orders_to_mamut statuses_to_shop products_to_shop prices_to_shop price_lists_to_shop stock_to_shop"),
        (3, "orders_to_mamut statuses_to_shop products_to_mamut prices_to_shop price_lists_to_shop stock_to_shop"),
    ],
)
def test_a_flow_has_the_directions_of_the_table(number: int, directions: str) -> None:
    assert [str(direction.name) for direction in flow(number).directions] == directions.split()


def test_a_direction_s_name_says_where_it_goes() -> None:
    for each in FLOWS:
        for direction in each.directions:
            assert direction.name.endswith(f"_to_{direction.target}")
            assert direction.source is not direction.target


def test_there_are_three_flows() -> None:
    assert NUMBERS == (1, 2, 3)
    with pytest.raises(KeyError):
        flow(4)
