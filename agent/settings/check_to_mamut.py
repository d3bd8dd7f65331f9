"""What `[shop.to_mamut]` means: products of the shop as articles in Mamut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.model.words import words
from agent.settings.finding import Finding, risky, wrong
from agent.settings.kinds import choose, did_you_mean, shown
from agent.settings.load import join
from agent.settings.ranges import check_range
from agent.settings.tree_to_mamut import ToMamutSettings

STATUSES = ("publish", "private", "draft", "pending", "future")
"""What WooCommerce calls a product's status (products_list[66])."""

ID_MAX = 999_999_999

PREFIX_CHARS = 20
UNIT_CHARS = 10

_TAX_CLASS = re.compile(r"^[a-z0-9-]+$")


def check_to_mamut(table: ToMamutSettings, path: str) -> Iterator[Finding]:
    yield from _check_words(table, path)
    for tax_class, code in table.vat_codes.items():
        inner = join(f"{path}.vat_codes", tax_class)
        if not _TAX_CLASS.match(tax_class):
            yield wrong(
                inner,
                words(f"{shown(tax_class)} är ingen momsklass.", f"{shown(tax_class)} is no tax class."),
                words(
                    'Ange klassens korta namn i butiken, "reduced-rate", eller "standard".',
                    'Give the class\'s short name in the shop, "reduced-rate", or "standard".',
                ),
            )
        yield from check_range(inner, code, 1, ID_MAX)
    for category, group in table.groups.items():
        inner = join(f"{path}.groups", category)
        if not all(name.strip() for name in category.split(">")):
            yield wrong(
                inner,
                words(f"{shown(category)} är ingen kategori.", f"{shown(category)} is no category."),
                words('Ange "Namn" eller "Överkategori > Namn".', 'Give "Name" or "Parent > Name".'),
            )
        yield from check_range(inner, group, 1, ID_MAX)
    if table.default_group is not None:
        yield from check_range(f"{path}.default_group", table.default_group, 1, ID_MAX)


def _check_words(table: ToMamutSettings, path: str) -> Iterator[Finding]:
    for index, status in enumerate(table.statuses):
        if status not in STATUSES:
            problem = words(f"Statusen {shown(status)} finns inte.", f"There is no status {shown(status)}.")
            yield wrong(f"{path}.statuses[{index}]", problem, did_you_mean(status, STATUSES, choose(STATUSES)))
    if table.enabled and not table.statuses:
        yield risky(
            f"{path}.statuses",
            words("Ingen produkt blir en artikel.", "No product becomes an article."),
            words('Ange till exempel ["publish"].', 'Give ["publish"], for example.'),
        )
    for name, text, limit in (
        ("main_prefix", table.main_prefix, PREFIX_CHARS),
        ("default_unit", table.default_unit, UNIT_CHARS),
    ):
        if text != text.strip():
            yield wrong(
                f"{path}.{name}",
                words("Texten har blanksteg runt sig.", "The text has spaces around it."),
                words("Ta bort blanksteget.", "Remove the space."),
            )
        elif len(text) > limit or any(not char.isprintable() for char in text):
            yield wrong(
                f"{path}.{name}",
                words(f"Högst {limit} vanliga tecken ryms.", f"There is room for {limit} plain characters."),
                words("Korta texten.", "Shorten the text."),
            )
