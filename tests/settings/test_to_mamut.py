"""What is found in `[shop.to_mamut]`."""

from __future__ import annotations

from typing import Any

import pytest

from agent.flows import FLOWS, NUMBERS, DirectionName, Flow
from agent.model.owners import CARD, OwnedField, System, owned, owner
from agent.settings.check import check
from agent.settings.tree import MamutSettings, Settings, ShopSettings
from agent.settings.tree_to_mamut import ToMamutSettings


def found(flow: int = 1, **changes: Any) -> set[str]:
    table = ToMamutSettings(**{"enabled": True, **changes})
    shop = ShopSettings(key="butik", address="https://butik.example", flow=flow, department=10, to_mamut=table)
    settings = Settings(package="400", mamut=MamutSettings(address="http://127.0.0.1:8080"), shop=(shop,))
    paths = (finding.path for finding in check(settings))
    return {path for path in paths if path.startswith("shop[0].to_mamut")}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"statuses": ("published",)}, "statuses[0]"),
        ({"statuses": ()}, "statuses"),
        ({"vat_codes": {"Reducerad!": 4}}, 'vat_codes."Reducerad!"'),
        ({"vat_codes": {"standard": 0}}, "vat_codes.standard"),
        ({"groups": {"Garn > ": 2}}, 'groups."Garn > "'),
        ({"groups": {"Garn": 0}}, "groups.Garn"),
        ({"default_group": 0}, "default_group"),
        ({"main_prefix": " V"}, "main_prefix"),
        ({"main_prefix": "V" * 21}, "main_prefix"),
        ({"default_unit": "styckevis om"}, "default_unit"),
    ],
)
def test_what_cannot_be_meant_is_found_where_it_stands(changes: dict[str, Any], path: str) -> None:
    assert found(**changes) == {f"shop[0].to_mamut.{path}"}


def test_what_can_be_meant_is_not_found() -> None:
    assert not found(vat_codes={"standard": 3, "reduced-rate": 4}, groups={"Garn > Ull": 2}, main_prefix="V-")


def test_a_flow_in_which_the_shop_owns_nothing_sends_no_products() -> None:
    assert found(flow=2) == {"shop[0].to_mamut"}
    assert not found(flow=3)


@pytest.mark.parametrize("flow", NUMBERS)
def test_every_field_has_one_owner_at_most_and_the_card_goes_together(flow: int) -> None:
    assert not owned(flow, System.SHOP) & owned(flow, System.MAMUT)
    assert len({owner(flow, field) for field in CARD}) == 1


def test_in_flow_3_mamut_owns_what_sells_and_the_shop_what_is_sold() -> None:
    assert owned(3, System.SHOP) == CARD
    assert owned(3, System.MAMUT) == {
        OwnedField.PRICE,
        OwnedField.PRICE_LISTS,
        OwnedField.STOCK,
        OwnedField.STATUS,
    }


CARRIES = {
    DirectionName.PRODUCTS_TO_MAMUT: CARD,
    DirectionName.PRODUCTS_TO_SHOP: CARD,
    DirectionName.PRICES_TO_SHOP: {OwnedField.PRICE},
    DirectionName.PRICE_LISTS_TO_SHOP: {OwnedField.PRICE_LISTS},
    DirectionName.STOCK_TO_SHOP: {OwnedField.STOCK},
    DirectionName.STATUSES_TO_SHOP: {OwnedField.STATUS},
}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.number))
def test_each_direction_carries_what_its_source_owns(flow: Flow) -> None:
    for direction in flow.directions:
        for field in CARRIES.get(direction.name, set()):
            assert owner(flow.number, field) is direction.source
