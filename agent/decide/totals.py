"""What Mamut will total, predicted to the öre, and the proof that it is what the customer paid.

Mamut's arithmetic (docs/mamut-api.md): a line's sum has three decimals; per VAT code the sums are added and the VAT of
that base is rounded to two; the net total is all sums rounded to two; the total is net and VAT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from agent.model.money import ZERO, round_milli, round_ore
from agent.model.order import Frozen, ShopOrder
from agent.model.proof import MoneyProof, ProofLine, ProofVat

HALF_ORE = Decimal("0.005")


class Sum(Frozen, frozen=True):
    """One row's part in the total: its sum without VAT and what the shop took in VAT for the same."""

    text: str
    line_sum: Decimal
    vat_code: int
    shop_vat: Decimal = ZERO


class Predicted(Frozen, frozen=True):
    """`vats` are (code, base, VAT) by code."""

    net_total: Decimal
    vats: tuple[tuple[int, Decimal, Decimal], ...]
    total: Decimal


def predict(sums: Iterable[tuple[Decimal, int]], percents: Mapping[int, Decimal]) -> Predicted:
    """Mamut's total of rows given as (line_sum, vat_code). Raises KeyError for a code without a percentage."""
    bases: dict[int, Decimal] = {}
    for line_sum, code in sums:
        bases[code] = bases.get(code, ZERO) + round_milli(line_sum)
    vats = tuple((code, base, round_ore(base * percents[code] / 100)) for code, base in sorted(bases.items()))
    net_total = round_ore(sum(bases.values(), ZERO))
    return Predicted(net_total=net_total, vats=vats, total=sum((vat for _, _, vat in vats), net_total))


def exact_net(net: Decimal, taken: Decimal, percent: Decimal) -> Decimal:
    """The sum without VAT of goods whose price is agreed with VAT, to the three decimals that Mamut keeps.

    The shop shows 23.98 of 29.97 with 25 %, where 23.976 is meant; from the one Mamut makes 29.98 and from the other
    what was paid. Only the third decimal is ever told from the price: a sum farther from the shop's own stays.
    """
    if not taken:
        return net
    exact = round_milli((net + taken) * 100 / (100 + percent))
    return exact if abs(exact - net) <= HALF_ORE else net


class Explained(Frozen, frozen=True):
    """What the shop's own parts add up to, and whether gift cards are among them."""

    total: Decimal
    with_gift_cards: bool


def explained(order: ShopOrder) -> Explained:
    """Lines and their VAT, less what gift cards paid.

    Some plugins list a card and leave the order's total alone, or put a fee on the order for it: where lines and VAT
    are the total already, no card is taken off again.
    """
    parts = sum((line.total + line.tax_total for line in order.lines), ZERO)
    cards = sum((card.amount for card in order.gift_cards), ZERO)
    taken_off = bool(cards) and abs(parts - cards - order.total) < abs(parts - order.total)
    return Explained(total=round_ore(parts - cards if taken_off else parts), with_gift_cards=taken_off)


def prove(
    order: ShopOrder, sums: tuple[Sum, ...], percents: Mapping[int, Decimal], rounding_code: int, limit: Decimal
) -> MoneyProof:
    """The proof with the rounding row that is needed, if any. It may not hold: see `MoneyProof.holds`.

    The row carries no VAT of its own, so it moves the total by its sum. It is added before Mamut rounds the net total,
    which matters only where it takes a half öre across zero: then no row is right and the proof does not hold.
    """
    pairs = [(row.line_sum, row.vat_code) for row in sums]
    without = predict(pairs, percents)
    mamut_total = without.total
    rounding = round_ore(order.total - mamut_total)
    if rounding:
        mamut_total = predict([*pairs, (rounding, rounding_code)], percents).total - rounding
    shop_vats: dict[int, Decimal] = {}
    for row in sums:
        shop_vats[row.vat_code] = shop_vats.get(row.vat_code, ZERO) + row.shop_vat
    return MoneyProof(
        currency=order.currency,
        lines=tuple(
            ProofLine(text=row.text, line_sum=row.line_sum, vat_code=row.vat_code, vat_percent=percents[row.vat_code])
            for row in sums
        ),
        vats=tuple(
            ProofVat(vat_code=code, percent=percents[code], base=base, mamut_vat=vat, shop_vat=shop_vats[code])
            for code, base, vat in without.vats
        ),
        net_total=without.net_total,
        mamut_total=mamut_total,
        paid=order.total,
        rounding=rounding,
        limit=limit,
    )
