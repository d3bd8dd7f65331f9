"""Whether what the settings name stands in Mamut's registers: each direction and each register."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from agent.decide.set_up import NotInMamut, named, not_in_mamut
from agent.flows import DirectionName
from agent.model.mamut import GroupName, Registers, VatCode
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import AtZero, PriceList, PriceSettings, PriceSource, ProductSettings, StockSettings

REGISTERS = Registers(
    vat_codes=(VatCode(id=3, percent=Decimal(25), kind="domestic"),),
    warehouses=frozenset({1, 2}),
    contact_categories=frozenset({2, 4}),
    product_groups=(GroupName(id=12, name="Garn"),),
)

PRODUCTS = DirectionName.PRODUCTS_TO_SHOP
PRICES = DirectionName.PRICES_TO_SHOP
LISTS = DirectionName.PRICE_LISTS_TO_SHOP
STOCK = DirectionName.STOCK_TO_SHOP


def shop(**tables: object) -> ShopSettings:
    return msgspec.structs.replace(ShopSettings(key="garn", address="https://garn.example"), **tables)


@pytest.mark.parametrize(
    ("tables", "name", "missing"),
    [
        ({"stock": StockSettings(warehouses=(1, 9))}, STOCK, ("warehouses", "9")),
        (
            {"stock": StockSettings(at_zero_groups={"12": AtZero.HIDE, "13": AtZero.HIDE})},
            STOCK,
            ("product_groups", "13"),
        ),
        ({"prices": PriceSettings(regular=PriceSource(category=9))}, PRICES, ("contact_categories", "9")),
        ({"prices": PriceSettings(sale=PriceSource(category=9))}, PRICES, ("contact_categories", "9")),
        ({"prices": PriceSettings(lists=(PriceList(category=9, meta="_b"),))}, LISTS, ("contact_categories", "9")),
        ({"products": ProductSettings(groups=(12, 13))}, PRODUCTS, ("product_groups", "13")),
        ({"products": ProductSettings(categories_of={"13/2": "Garn"})}, PRODUCTS, ("product_groups", "13")),
        ({"products": ProductSettings(tax_classes={"4": ""})}, PRODUCTS, ("vat_codes", "4")),
    ],
)
def test_a_number_that_mamut_does_not_have_is_named_with_its_register(
    tables: dict[str, object], name: DirectionName, missing: tuple[str, str]
) -> None:
    register, value = missing
    assert not_in_mamut(shop(**tables), name, REGISTERS) == (NotInMamut(register=register, value=value),)


def test_what_mamut_has_is_not_missing() -> None:
    prices = PriceSettings(
        regular=PriceSource(category=2),
        sale=PriceSource(category=4),
        lists=(PriceList(category=2, meta="_b"),),
    )
    products = ProductSettings(groups=(12,), categories_of={"12": "Garn", "12/3": "Garn > Ull"}, tax_classes={"3": ""})
    settings = shop(stock=StockSettings(warehouses=(1, 2)), prices=prices, products=products)
    for name in (PRODUCTS, PRICES, LISTS, STOCK):
        assert named(settings, name)
        assert not_in_mamut(settings, name, REGISTERS) == ()


def test_a_direction_is_judged_by_its_own_settings_alone() -> None:
    settings = shop(stock=StockSettings(warehouses=(9,)))
    assert [name for name in DirectionName if not_in_mamut(settings, name, REGISTERS)] == [STOCK]
    assert [name for name in DirectionName if named(shop(), name)] == []


def test_a_register_that_mamut_tells_nothing_of_judges_nobody() -> None:
    assert not_in_mamut(shop(stock=StockSettings(warehouses=(9,))), STOCK, Registers()) == ()
