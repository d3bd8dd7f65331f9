"""The rows of an order: goods, shipping and fees with their taxes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from agent.model.order import LineKind, OrderLine, TaxPart
from agent.remote.woocommerce import shapes
from agent.remote.woocommerce.values import amount, checked, items, plain, text_of, whole

Rates = dict[int, tuple[Decimal | None, str]]
"""What a rate's id means: its percentage, if told, and its country, if it is one's."""


def rates_of(wire: shapes.WireOrder) -> Rates:
    return {whole(line.rate_id): _rate(line) for line in items(wire.tax_lines)}


def rows(wire: shapes.WireOrder, rates: Rates) -> Iterable[OrderLine]:
    """Raises BrokenContractError."""
    for at, item in enumerate(items(wire.line_items)):
        where = f"line_items[{at}]"
        total = checked(item.total, where)
        yield OrderLine(
            line_id=whole(item.id),
            kind=LineKind.PRODUCT,
            name=_line_name(item),
            quantity=checked(item.quantity, f"{where}.quantity"),
            total=total,
            tax_total=amount(item.total_tax, where),
            subtotal=total if item.subtotal in (None, "") else amount(item.subtotal, where),
            taxes=_taxes(item.taxes, rates, where),
            article_no=text_of(item.sku),
            product_id=whole(item.product_id),
            variation_id=whole(item.variation_id),
        )
    for at, way in enumerate(items(wire.shipping_lines)):
        where = f"shipping_lines[{at}]"
        total = amount(way.total, where)
        yield OrderLine(
            line_id=whole(way.id),
            kind=LineKind.SHIPPING,
            name=plain(way.method_title),
            quantity=Decimal(1),
            total=total,
            tax_total=amount(way.total_tax, where),
            subtotal=total,
            taxes=_taxes(way.taxes, rates, where),
            method=text_of(way.method_id),
        )
    for at, fee in enumerate(items(wire.fee_lines)):
        where = f"fee_lines[{at}]"
        total = amount(fee.total, where)
        yield OrderLine(
            line_id=whole(fee.id),
            kind=LineKind.FEE,
            name=plain(fee.name),
            quantity=Decimal(1),
            total=total,
            tax_total=amount(fee.total_tax, where),
            subtotal=total,
            taxes=_taxes(fee.taxes, rates, where),
        )


def _taxes(taxes: list[shapes.WireTax] | dict[str, shapes.WireTax], rates: Rates, where: str) -> tuple[TaxPart, ...]:
    parts = []
    for tax in items(taxes):
        if tax.total in ("", None):
            continue
        rate_id = whole(tax.id)
        percent, country = rates.get(rate_id, (None, ""))
        parts.append(
            TaxPart(rate_id=rate_id, percent=percent, amount=amount(tax.total, f"{where}.taxes"), country=country)
        )
    return tuple(parts)


def _rate(line: shapes.WireTaxLine) -> tuple[Decimal | None, str]:
    code = text_of(line.rate_code).partition("-")[0]
    country = code.upper() if len(code) == 2 and code.isalpha() else ""
    try:
        percent = Decimal(text_of(line.rate_percent).rstrip("% "))
    except InvalidOperation:
        return None, country
    return (percent if percent.is_finite() else None), country


def _line_name(item: shapes.WireLine) -> str:
    """The name and, for what the customer chose and the name does not say already, "Färg: Röd"."""
    name = plain(item.name)
    for meta in items(item.meta_data):
        shown = meta.display_value if meta.display_value is not None else meta.value
        key = text_of(meta.key)
        if not key or key.startswith("_") or not isinstance(shown, str | int) or isinstance(shown, bool):
            continue
        value = plain(shown)
        if value and not _says(name, value):
            name = f"{name}, {plain(meta.display_key) or key}: {value}"
    return name


def _says(name: str, value: str) -> bool:
    """Whether the value stands in the name as a word of its own: the size S is not said by "Sko"."""
    name, value = f" {name.casefold()} ", value.casefold()
    at = name.find(value)
    while at >= 0:
        if not (name[at - 1].isalnum() or name[at + len(value)].isalnum()):
            return True
        at = name.find(value, at + 1)
    return False
