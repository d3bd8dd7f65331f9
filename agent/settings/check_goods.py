"""What `[shop.products]`, `[shop.prices]`, `[shop.stock]` and `[mamut.register]` mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.model.words import words
from agent.settings.finding import Finding, conflict, risky, wrong
from agent.settings.kinds import choose, did_you_mean, shown
from agent.settings.load import join
from agent.settings.ranges import check_no_blank, check_range
from agent.settings.tree_goods import (
    PriceList,
    PriceSettings,
    PriceSource,
    ProductSettings,
    RegisterSettings,
    StockSettings,
)

_GROUP = re.compile(r"^[1-9][0-9]{0,8}$")
_GROUP_PATH = re.compile(r"^[1-9][0-9]{0,8}(/[1-9][0-9]{0,8})?$")
_VAT_CODE = re.compile(r"^[0-9]{1,9}$")
_TAX_CLASS = re.compile(r"^[a-z0-9-]*$")

PUBLISH = ("publish", "draft", "pending", "private")
UNPUBLISH = ("draft", "pending", "private", "leave")
WHEN_NOT_KEPT = ("in_stock", "leave")

ID_MAX = 999_999_999
PIECES_MAX = 1_000_000
MAMUT_PAGE_MAX = 500
"""The most rows that Mamut gives in one answer (docs/mamut-api.md)."""


def check_register(register: RegisterSettings, path: str) -> Iterator[Finding]:
    for key, value in (
        ("articles_every_s", register.articles_every_s),
        ("prices_every_s", register.prices_every_s),
        ("stock_every_s", register.stock_every_s),
        ("statuses_every_s", register.statuses_every_s),
    ):
        yield from check_range(f"{path}.{key}", value, 10, 604_800)
    yield from check_range(f"{path}.page_size", register.page_size, 1, MAMUT_PAGE_MAX)


# -- products ----------------------------------------------------------------------------------------------------------


def check_products(products: ProductSettings, path: str) -> Iterator[Finding]:
    yield from _one_of(f"{path}.publish", products.publish, PUBLISH)
    yield from _one_of(f"{path}.unpublish", products.unpublish, UNPUBLISH)
    yield from _ids(f"{path}.groups", products.groups)
    for group, category in products.categories_of.items():
        inner = join(f"{path}.categories_of", group)
        if not _GROUP_PATH.match(group):
            yield wrong(
                inner,
                words(f"{shown(group)} är ingen produktgrupp.", f"{shown(group)} is no product group."),
                words(
                    'Ange gruppens nummer i Mamut, "12", eller grupp och undergrupp, "12/3".',
                    'Give the group\'s number in Mamut, "12", or group and subgroup, "12/3".',
                ),
            )
        yield from _category(inner, category)
    for code, tax_class in products.tax_classes.items():
        inner = join(f"{path}.tax_classes", code)
        if not _VAT_CODE.match(code):
            yield wrong(
                inner,
                words(f"{shown(code)} är ingen momskod.", f"{shown(code)} is no VAT code."),
                words('Ange momskodens nummer i Mamut: "3" = "".', 'Give the VAT code\'s number in Mamut: "3" = "".'),
            )
        if not _TAX_CLASS.match(tax_class):
            yield wrong(
                inner,
                words(f"{shown(tax_class)} är ingen momsklass.", f"{shown(tax_class)} is no tax class."),
                words(
                    'Ange klassens korta namn i butiken, "reduced-rate"; "" är standardklassen.',
                    'Give the class\'s short name in the shop, "reduced-rate"; "" is the standard one.',
                ),
            )
    if products.unit_meta != products.unit_meta.strip():
        yield wrong(
            f"{path}.unit_meta",
            words("Namnet har blanksteg runt sig.", "The name has spaces around it."),
            words("Ta bort blanksteget.", "Remove the space."),
        )


def _category(path: str, category: str) -> Iterator[Finding]:
    """A category by name, at most one below another."""
    names = category.split(">")
    if len(names) > 2 or not all(name.strip() for name in names):
        yield wrong(
            path,
            words(f"{shown(category)} är ingen kategori.", f"{shown(category)} is no category."),
            words('Ange "Namn" eller "Överkategori > Namn".', 'Give "Name" or "Parent > Name".'),
        )


# -- prices ------------------------------------------------------------------------------------------------------------


def check_prices(prices: PriceSettings, path: str) -> Iterator[Finding]:
    yield from _source(prices.regular, f"{path}.regular")
    if prices.sale is not None:
        yield from _source(prices.sale, f"{path}.sale")
        if prices.sale == prices.regular:
            yield conflict(
                f"{path}.sale",
                words("Reapriset hämtas som det vanliga priset.", "The sale price comes from where the regular does."),
                words("Ange en annan kategori eller faktor.", "Give another category or factor."),
            )
    if prices.exchange is not None and not 0 < prices.exchange <= 100_000:
        yield wrong(
            f"{path}.exchange",
            words("Kursen är utanför det som går.", "The rate is out of range."),
            words(
                "Ange hur mycket av butikens valuta en krona är, till exempel 0.088.",
                "Give how much of the shop's currency one krona is, such as 0.088.",
            ),
        )
    yield from check_range(f"{path}.guards.percent", prices.guards.percent, 0, 100_000)
    yield from check_range(f"{path}.guards.articles", prices.guards.articles, 0, PIECES_MAX)
    if not prices.guards.zero:
        yield risky(
            f"{path}.guards.zero",
            words("Ett pris på noll skrivs till butiken.", "A price of zero is written to the shop."),
            words("Ta bort raden om du inte ger bort varor.", "Remove the line unless you give goods away."),
        )
    yield from _lists(prices.lists, f"{path}.lists")


def _source(source: PriceSource, path: str) -> Iterator[Finding]:
    if source.category is not None:
        yield from check_range(f"{path}.category", source.category, 1, ID_MAX)
    if not 0 < source.factor <= 1000:
        yield wrong(
            f"{path}.factor",
            words("Faktorn är utanför det som går.", "The factor is out of range."),
            words("Ange ett tal över 0, till exempel 1.05.", "Give a number above 0, such as 1.05."),
        )


def _lists(lists: tuple[PriceList, ...], path: str) -> Iterator[Finding]:
    metas = tuple(each.meta for each in lists)
    for index, each in enumerate(lists):
        yield from check_range(f"{path}[{index}].category", each.category, 1, ID_MAX)
        if not each.meta.strip() or each.meta != each.meta.strip():
            yield wrong(
                f"{path}[{index}].meta",
                words("Metafältets namn är tomt eller har blanksteg.", "The meta field's name is empty or has spaces."),
                words("Ange det fält som tillägget läser.", "Give the field that the plugin reads."),
            )
        elif each.meta in metas[:index]:
            yield conflict(
                f"{path}[{index}].meta",
                words(f"{shown(each.meta)} står två gånger.", f"{shown(each.meta)} is there twice."),
                words("Ge varje lista ett eget fält.", "Give each list a field of its own."),
            )


# -- stock -------------------------------------------------------------------------------------------------------------


def check_stock(stock: StockSettings, path: str) -> Iterator[Finding]:
    yield from _ids(f"{path}.warehouses", stock.warehouses)
    yield from check_range(f"{path}.buffer", stock.buffer, 0, PIECES_MAX)
    yield from check_range(f"{path}.buffer_percent", stock.buffer_percent, 0, 100)
    yield from check_range(f"{path}.share_percent", stock.share_percent, 0, 100)
    yield from check_range(f"{path}.cap", stock.cap, 0, PIECES_MAX)
    yield from _one_of(f"{path}.when_not_kept", stock.when_not_kept, WHEN_NOT_KEPT)
    for key, spent in (("share_percent", stock.share_percent == 0), ("buffer_percent", stock.buffer_percent == 100)):
        if spent:
            yield risky(
                f"{path}.{key}",
                words("Inget är kvar att sälja i butiken.", "Nothing is left for the shop to sell."),
                words("Ange ett annat tal, eller enabled = false.", "Give another number, or enabled = false."),
            )
    for group in stock.at_zero_groups:
        if not _GROUP.match(group):
            yield wrong(
                join(f"{path}.at_zero_groups", group),
                words(f"{shown(group)} är ingen produktgrupp.", f"{shown(group)} is no product group."),
                words('Ange gruppens nummer i Mamut: "12".', 'Give the group\'s number in Mamut: "12".'),
            )


def _one_of(path: str, value: str, choices: tuple[str, ...]) -> Iterator[Finding]:
    if value not in choices:
        problem = words(f"{shown(value)} finns inte att välja.", f"{shown(value)} is not one of the choices.")
        yield wrong(path, problem, did_you_mean(value, choices, choose(choices)))


def _ids(path: str, values: tuple[int, ...]) -> Iterator[Finding]:
    for index, value in enumerate(values):
        yield from check_range(f"{path}[{index}]", value, 1, ID_MAX)
    yield from check_no_blank(path, tuple(str(value) for value in values))
