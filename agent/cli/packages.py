"""The package table on the terminal, with what the set-up costs."""

from __future__ import annotations

from agent.cli.output import console, say
from agent.model.words import Language, Words, words
from agent.packages import (
    CONTRACT_MONTHS,
    FEATURE_WORDS,
    NOTICE_MONTHS,
    PACKAGES,
    RECONCILIATION_PRICE_KR,
    SHOP_PRICE_KR,
    Feature,
    order_limit,
)
from agent.settings.subscription import SetUp


def packages_json(set_up: SetUp | None) -> dict[str, object]:
    table = [
        {
            "name": package.name,
            "price_kr": package.price_kr,
            "installation_kr": package.installation_kr,
            "order_limit": package.order_limit,
            "features": sorted(package.features),
        }
        for package in PACKAGES
    ]
    return {
        "packages": table,
        "shop_price_kr": SHOP_PRICE_KR,
        "reconciliation_price_kr": RECONCILIATION_PRICE_KR,
        "set_up": None if set_up is None else _set_up_json(set_up),
    }


def _set_up_json(set_up: SetUp) -> dict[str, object]:
    cost = set_up.cost()
    return {
        "package": set_up.package,
        "order_limit": order_limit(set_up.package, set_up.premium_limit),
        "lines": [
            {"text": line.text, "count": line.count, "each_kr": line.each_kr, "kr": line.kr} for line in cost.lines
        ],
        "total_kr": cost.total_kr,
        "complete": cost.complete,
    }


def show_packages(set_up: SetUp | None, language: Language) -> None:
    from rich.table import Table

    table = Table(title=_TITLE.in_(language), title_justify="left")
    table.add_column("")
    for package in PACKAGES:
        chosen = set_up is not None and package.name == set_up.package
        table.add_column(package.name.capitalize(), justify="right", style="bold" if chosen else None)
    for text, values in (
        (_PRICE, [package.price_kr for package in PACKAGES]),
        (_INSTALLATION, [package.installation_kr for package in PACKAGES]),
        (_LIMIT, [package.order_limit for package in PACKAGES]),
    ):
        table.add_row(text.in_(language), *(_number(value, language) for value in values))
    table.add_section()
    for feature in Feature:
        name = FEATURE_WORDS[feature].in_(language)
        row = (_mark(feature in package.features, language) for package in PACKAGES)
        table.add_row(name[0].upper() + name[1:], *row)
    console().print(table)
    say(_NOTE.in_(language))
    if set_up is not None:
        say()
        for line in _cost_lines(set_up, language):
            say(line)


_TITLE = words("Paket", "Packages")
_PRICE = words("Pris per månad, kr", "Price per month, SEK")
_INSTALLATION = words("Installation, kr", "Installation, SEK")
_LIMIT = words("Order per månad, högst", "Orders per month, at most")
_QUOTE = words("offert", "quote")
_NOTE = words(
    f"Varje butik utöver den första: {SHOP_PRICE_KR} kr. Avstämning: {RECONCILIATION_PRICE_KR} kr per "
    f"betalleverantör. Avtalstid {CONTRACT_MONTHS} månader, uppsägning {NOTICE_MONTHS} månad. Priser utan moms.",
    f"Each shop beyond the first: {SHOP_PRICE_KR} kr. Reconciliation: {RECONCILIATION_PRICE_KR} kr per payment "
    f"provider. Contract {CONTRACT_MONTHS} months, notice {NOTICE_MONTHS} month. Prices without VAT.",
)


def _number(value: int | None, language: Language) -> str:
    return _QUOTE.in_(language) if value is None else str(value)


def _mark(included: bool, language: Language) -> str:
    return words("ja", "yes").in_(language) if included else "–"


def _cost_lines(set_up: SetUp, language: Language) -> list[str]:
    cost = set_up.cost()
    lines = [words("Din uppsättning, per månad:", "Your set-up, per month:").in_(language)]
    for line in cost.lines:
        price = _QUOTE.in_(language) if line.kr is None else f"{line.kr} kr"
        count = f" × {line.count}" if line.count > 1 else ""
        lines.append(f"  {line.text.in_(language) + count:<44}{price:>12}")
    total: Words = (
        words("Summa", "Total") if cost.complete else words("Summa utöver offerten", "Total beyond the quote")
    )
    lines.append(f"  {total.in_(language):<44}{f'{cost.total_kr} kr':>12}")
    return lines
