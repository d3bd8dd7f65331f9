"""What an order costs: taxes of its lines, tax lines and totals, as WC_Abstract_Order works them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from simulators.woocommerce import taxes
from simulators.woocommerce.orders_model import Fee, Line, Order, Shipping, Taxes, TaxLine
from simulators.woocommerce.orders_money import cents, from_cents, round_to, shown, text_of, to_float
from simulators.woocommerce.taxes import Location, Rules

PICKUP = frozenset({"local_pickup", "legacy_local_pickup"})


class Pricing(msgspec.Struct, frozen=True):
    """What totals need beside the order: the shop's rules, the tax status of a line's product ("taxable" for one that
    is gone), and ids for new tax lines."""

    rules: Rules
    tax_status: Callable[[Line], str]
    next_id: Callable[[], int]


def location(order: Order, rules: Rules) -> Location:
    """Where the order is taxed: by the setting, by billing where there is no shipping country, by the shop's own
    address without any country (`orders_create[13]`) and for goods that are fetched."""
    based_on = rules.based_on
    if based_on == "shipping" and not order.shipping.country:
        based_on = "billing"
    address = order.billing if based_on == "billing" else order.shipping
    fetched = any(shipping.method_id in PICKUP for shipping in order.shippings)
    if fetched or based_on == "base" or not address.country:
        return rules.base
    return Location(address.country, address.state, address.postcode, address.city)


def calculate(order: Order, pricing: Pricing) -> None:
    """Work out fees, taxes and totals anew from the totals of the lines."""
    rules = pricing.rules
    subtotal = _rounded_sum((line.subtotal for line in order.lines), rules)
    total = _rounded_sum((line.total for line in order.lines), rules)
    shipping = sum(round_to(to_float(line.total), rules.decimals) for line in order.shippings)
    order.shipping_total = text_of(shipping)
    fees = _fees(order, total, shipping, rules)
    _calculate_taxes(order, pricing)
    total_tax = sum(to_float(tax[1]) for line in order.lines for tax in line.taxes)
    subtotal_tax = sum(to_float(tax[2]) for line in order.lines for tax in line.taxes)
    order.discount_total = text_of(round_to(subtotal - total, rules.decimals))
    order.discount_tax = text_of(rules.round_tax(subtotal_tax - total_tax))
    whole = total + fees + shipping + to_float(order.cart_tax) + to_float(order.shipping_tax)
    order.total = shown(text_of(round_to(whole, rules.decimals)), rules.decimals)


def _rounded_sum(amounts: Iterable[str], rules: Rules) -> float:
    """The sum of the lines, each rounded to the öre unless tax is rounded on the sum."""
    whole = 0.0
    for amount in amounts:
        value = to_float(amount) * 10.0**rules.decimals
        whole += value if rules.round_at_subtotal else round_to(value)
    return from_cents(whole, rules.decimals)


def _fees(order: Order, goods: float, shipping: float, rules: Rules) -> float:
    """The sum of the fees. A negative fee never takes more than all there is to pay."""
    fees = 0.0
    for fee in order.fees:
        most = -round_to(goods + fees + shipping, rules.decimals)
        if to_float(fee.total) < most < 0:
            fee.total = text_of(most)
        fees += to_float(fee.total)
    return fees


def _texts(found: dict[int, float]) -> dict[int, str]:
    return {id_: text_of(tax) for id_, tax in found.items()}


def _sum(values: Iterable[str], rules: Rules) -> str:
    if rules.round_at_subtotal:
        return text_of(sum(to_float(value) for value in values))
    return text_of(sum(rules.round_tax(to_float(value)) for value in values))


def set_line_taxes(line: Line, rules: Rules, found: Taxes) -> None:
    """Keep a line's taxes and their sums. The tax before discount is never less than after it."""
    if sum(to_float(tax[2]) for tax in found) < sum(to_float(tax[1]) for tax in found):
        found = tuple((id_, total, total) for id_, total, _subtotal in found)
    line.taxes = found
    line.total_tax = _sum((tax[1] for tax in found), rules)
    line.subtotal_tax = _sum((tax[2] for tax in found), rules)


def set_other_taxes(item: Fee | Shipping, rules: Rules, found: dict[int, str]) -> None:
    item.taxes = tuple((id_, tax, "") for id_, tax in found.items())
    item.total_tax = _sum(found.values(), rules)


def goods_classes(order: Order, pricing: Pricing) -> list[str]:
    """The tax classes of the order's goods that are taxed, at least for their shipping."""
    found: dict[str, None] = {}
    for line in order.lines:
        if pricing.tax_status(line) in {"taxable", "shipping"}:
            found[line.tax_class] = None
    return list(found)


def _calculate_taxes(order: Order, pricing: Pricing) -> None:
    rules = pricing.rules
    place = location(order, rules)
    exempt = any(row.key == "is_vat_exempt" and row.value == "yes" for row in order.meta)
    for line in order.lines:
        rates: taxes.Rates = ()
        if rules.enabled and not exempt and line.tax_class != "0" and pricing.tax_status(line) == "taxable":
            rates = rules.table.find(place, line.tax_class)
        totals = _texts(taxes.tax_on(to_float(line.total), rates))
        undiscounted = line.subtotal == line.total
        subtotals = totals if undiscounted else _texts(taxes.tax_on(to_float(line.subtotal), rates))
        set_line_taxes(line, rules, tuple((id_, tax, subtotals[id_]) for id_, tax in totals.items()))
    for fee in order.fees:
        set_other_taxes(fee, rules, {} if exempt else _fee_taxes(order, fee, place, pricing))
    class_ = _shipping_class(order, pricing)
    for shipping in order.shippings:
        rates = ()
        if rules.enabled and not exempt and class_ is not None and shipping.tax_status == "taxable":
            rates = tuple(rate for rate in rules.table.find(place, class_) if rate.shipping)
        set_other_taxes(shipping, rules, _texts(taxes.tax_on(to_float(shipping.total), rates)))
    update_tax_lines(order, pricing)


def _shipping_class(order: Order, pricing: Pricing) -> str | None:
    """The tax class of the shipping; "inherit" takes the first of the goods' classes in the shop's order
    (`orders_create[50]`, `orders_create[51]`), and none where nothing is taxed."""
    if pricing.rules.shipping_class != "inherit":
        return pricing.rules.shipping_class
    found = goods_classes(order, pricing)
    return next((name for name in ("", *pricing.rules.classes) if name in found), None)


def _fee_taxes(order: Order, fee: Fee, place: Location, pricing: Pricing) -> dict[int, str]:
    rules = pricing.rules
    if not rules.enabled:
        return {}
    total = to_float(fee.total)
    if total >= 0:
        taxed = fee.tax_class != "0" and fee.tax_status == "taxable"
        return _texts(taxes.tax_on(total, rules.table.find(place, fee.tax_class))) if taxed else {}
    return _texts(_shared_taxes(order, total, place, pricing))


def _shared_taxes(order: Order, total: float, place: Location, pricing: Pricing) -> dict[int, float]:
    """A negative fee takes tax off in proportion to what each tax class costs, shipping and other fees counted
    (`orders_create[47]`)."""
    costs: dict[str | None, float] = dict.fromkeys(goods_classes(order, pricing), 0.0)
    first = next(iter(costs), "")
    for class_, status, cost in _costs(order, pricing):
        if cost >= 0:
            key = None if status != "taxable" else first if class_ == "inherit" else class_
            costs[key] = costs.get(key, 0.0) + cost
    whole = sum(costs.values())
    found: dict[int, float] = {}
    for name, cost in costs.items():
        if name is None or not cost:
            continue
        share = taxes.tax_on(total * (cost / whole), pricing.rules.table.find(place, name))
        for id_, tax in share.items():
            found[id_] = found.get(id_, 0.0) + tax
    return found


def _costs(order: Order, pricing: Pricing) -> Iterable[tuple[str, str, float]]:
    for line in order.lines:
        yield line.tax_class, pricing.tax_status(line), to_float(line.total)
    for fee in order.fees:
        yield fee.tax_class, fee.tax_status, to_float(fee.total)
    for shipping in order.shippings:
        class_ = pricing.rules.shipping_class
        yield class_, shipping.tax_status, to_float(shipping.total)


def update_tax_lines(order: Order, pricing: Pricing) -> None:
    """Sum the taxes by rate: rates that are gone lose their line, new ones get one."""
    rules = pricing.rules
    goods: dict[int, float] = {}
    for found in [line.taxes for line in order.lines] + [fee.taxes for fee in order.fees]:
        for id_, tax, _subtotal in found:
            goods[id_] = goods.get(id_, 0.0) + rules.round_line_tax(to_float(tax))
    shipping: dict[int, float] = {}
    for carried in order.shippings:
        for id_, tax, _subtotal in carried.taxes:
            shipping[id_] = shipping.get(id_, 0.0) + rules.round_line_tax(to_float(tax))
    known = {line.rate_id: line for line in order.tax_lines}
    wanted = {**goods, **shipping}
    kept = [line for line in order.tax_lines if line.rate_id in wanted]
    for id_ in wanted:
        if id_ not in known:
            rate = rules.table.by_id[id_]
            code, percent = taxes.code_of(rate), taxes.percent(rate)
            kept.append(TaxLine(pricing.next_id(), id_, code, rate.name, rate.compound, percent))
    for line in kept:
        line.tax_total = text_of(goods.get(line.rate_id, 0.0))
        line.shipping_tax_total = text_of(shipping.get(line.rate_id, 0.0))
    order.tax_lines = kept
    set_tax_totals(order, sum(goods.values()), sum(shipping.values()), rules)


def set_tax_totals(order: Order, cart: float, shipping: float, rules: Rules) -> None:
    order.cart_tax, order.shipping_tax = text_of(cart), text_of(shipping)
    whole = to_float(order.cart_tax) + to_float(order.shipping_tax)
    order.total_tax = text_of(round_to(whole, rules.decimals))


def line_cents(line: Line, rules: Rules, *, with_tax: bool) -> float:
    """What a line cost before discounts, in the smallest unit, with its tax where the order's prices include it."""
    value = cents(to_float(line.subtotal), rules.decimals)
    return value + cents(to_float(line.subtotal_tax), rules.decimals) if with_tax else value
