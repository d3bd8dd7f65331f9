"""Whether the numbers that a shop's settings name stand in Mamut's registers.

A warehouse that does not exist would sell everything out, a category that does not exist would give no sale price, and
nobody would be told.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.flows import DirectionName
from agent.model.mamut import Registers
from agent.model.order import Frozen
from agent.settings.tree import ShopSettings


class NotInMamut(Frozen, frozen=True):
    """A number that Mamut's register does not have. `register` is a name of the catalogue's."""

    register: str
    value: str


def named(settings: ShopSettings, name: DirectionName) -> tuple[NotInMamut, ...]:
    """Every number of a register that the direction's settings name."""
    return tuple(_named(settings, name))


def not_in_mamut(settings: ShopSettings, name: DirectionName, registers: Registers) -> tuple[NotInMamut, ...]:
    """Those of them that Mamut does not have. A register that Mamut tells nothing of is not judged."""
    known = {
        "warehouses": {str(each) for each in registers.warehouses},
        "contact_categories": {str(each) for each in registers.contact_categories},
        "product_groups": {str(each.id) for each in registers.product_groups},
        "vat_codes": {str(code.id) for code in registers.vat_codes},
    }
    judged = (each for each in _named(settings, name) if known[each.register])
    return tuple(each for each in judged if each.value not in known[each.register])


def _named(settings: ShopSettings, name: DirectionName) -> Iterator[NotInMamut]:
    products, prices = settings.products, settings.prices
    match name:
        case DirectionName.PRODUCTS_TO_SHOP:
            groups = (*map(str, products.groups), *(group.partition("/")[0] for group in products.categories_of))
            yield from (NotInMamut(register="product_groups", value=group) for group in dict.fromkeys(groups))
            yield from (NotInMamut(register="vat_codes", value=code) for code in products.tax_classes)
        case DirectionName.PRICES_TO_SHOP:
            for source in (prices.regular, prices.sale):
                if source is not None and source.category is not None:
                    yield NotInMamut(register="contact_categories", value=str(source.category))
        case DirectionName.PRICE_LISTS_TO_SHOP:
            for each in prices.lists:
                yield NotInMamut(register="contact_categories", value=str(each.category))
        case DirectionName.STOCK_TO_SHOP:
            yield from (NotInMamut(register="warehouses", value=str(each)) for each in settings.stock.warehouses)
            groups = tuple(settings.stock.at_zero_groups)
            yield from (NotInMamut(register="product_groups", value=group) for group in groups)
