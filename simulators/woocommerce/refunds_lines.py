"""The lines of a refund: copies of the order's lines, turned negative."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from simulators.woocommerce import php, taxes
from simulators.woocommerce.call import Json
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_model import Fee, Order, Refund, Shipping, TaxLine
from simulators.woocommerce.orders_money import text_of, to_float
from simulators.woocommerce.orders_totals import set_line_taxes, set_other_taxes

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


T = TypeVar("T", Fee, Shipping)


class Asked(msgspec.Struct, frozen=True):
    """What is to be refunded of one line: pieces, amount without tax, tax by rate id."""

    line_id: int
    quantity: int
    total: float
    taxes: dict[int, float]


def asked_lines(sent: Json) -> list[Asked]:
    """Lines as they were sent. An unknown one counts in the amount all the same (`orders_refunds_notes[18]`)."""
    found = []
    for one in sent if isinstance(sent, list) else []:
        if isinstance(one, dict) and php.to_int(one.get("id")):
            rows = one.get("refund_tax")
            tax = {
                php.to_int(row.get("id")): php.to_float(row.get("refund_total"))
                for row in (rows if isinstance(rows, list) else [])
                if isinstance(row, dict)
            }
            quantity, total = php.to_int(one.get("quantity")), php.to_float(one.get("refund_total"))
            found.append(Asked(php.to_int(one["id"]), quantity, total, tax))
    return found


def refund_lines(shop: Shop, order: Order, refund: Refund, asked: list[Asked]) -> None:
    """Put the refund's lines and tax lines into it, in the order of the order's lines."""
    wanted = {one.line_id: one for one in asked if one.quantity or one.total or one.taxes}
    rules = shop.settings.rules()
    for line in order.lines:
        one = wanted.get(line.id)
        if one is not None:
            total = text_of(-one.total)
            row = _row(shop, line.id)
            copy = msgspec.structs.replace(
                line, id=shop.ids.order_items.next(), total=total, subtotal=total, meta=[row]
            )
            copy.quantity = -one.quantity
            set_line_taxes(copy, rules, tuple((id_, text_of(-tax), text_of(-tax)) for id_, tax in one.taxes.items()))
            refund.lines.append(copy)
    refund.fees = [_other(shop, fee, wanted[fee.id]) for fee in order.fees if fee.id in wanted]
    refund.shippings = [_other(shop, one, wanted[one.id]) for one in order.shippings if one.id in wanted]
    _tax_lines(shop, refund)


def _row(shop: Shop, line_id: int) -> Meta:
    return Meta(shop.ids.item_meta.next(), "_refunded_item_id", str(line_id))


def _other(shop: Shop, item: T, one: Asked) -> T:
    copy = msgspec.structs.replace(
        item, id=shop.ids.order_items.next(), total=text_of(-one.total), meta=[_row(shop, item.id)]
    )
    set_other_taxes(copy, shop.settings.rules(), {id_: text_of(-tax) for id_, tax in one.taxes.items()})
    return copy


def _tax_lines(shop: Shop, refund: Refund) -> None:
    rules = shop.settings.rules()
    goods: dict[int, float] = {}
    shipping: dict[int, float] = {}
    sums = [(line.taxes, goods) for line in refund.lines] + [(fee.taxes, goods) for fee in refund.fees]
    for found, into in [*sums, *((one.taxes, shipping) for one in refund.shippings)]:
        for id_, tax, _subtotal in found:
            into[id_] = into.get(id_, 0.0) + rules.round_line_tax(to_float(tax))
    for id_ in {**goods, **shipping}:
        rate = rules.table.by_id.get(id_)
        line = TaxLine(shop.ids.order_items.next(), id_, "", "", compound=False, percent=0.0)
        if rate is not None:
            line.rate_code, line.label = taxes.code_of(rate), rate.name
            line.compound, line.percent = rate.compound, taxes.percent(rate)
        line.tax_total, line.shipping_tax_total = text_of(goods.get(id_, 0.0)), text_of(shipping.get(id_, 0.0))
        refund.tax_lines.append(line)
