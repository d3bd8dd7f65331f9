"""The money proof as the column of figures that it is: what a command prints and a page shows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.model.order import Frozen
from agent.model.proof import MoneyProof
from agent.model.words import Language, words


class Figure(Frozen, frozen=True):
    """One line of the proof. `places` are the figure's decimals; `begins` says that a rule stands above it."""

    text: str
    value: Decimal
    places: int = 2
    note: str = ""
    begins: bool = False

    def shown(self, language: Language) -> str:
        return decimal_text(self.value, self.places, language)


def figures(proof: MoneyProof, language: Language) -> Iterator[Figure]:
    """The document's arithmetic from its rows to what the customer paid, ending in the difference."""
    for line in proof.lines:
        yield Figure(text=f"{line.text} ({_percent(line.vat_percent, language)})", value=line.line_sum, places=3)
    yield Figure(text=words("Netto", "Net").in_(language), value=proof.net_total, begins=True)
    for vat in proof.vats:
        of = words("moms", "VAT").in_(language)
        shop = words("butiken", "shop").in_(language)
        text = f"{_percent(vat.percent, language)} {of} × {decimal_text(vat.base, 3, language)}"
        note = f"({shop} {decimal_text(vat.shop_vat, 2, language)})" if vat.shop_vat != vat.mamut_vat else ""
        yield Figure(text=text, value=vat.mamut_vat, note=note)
    yield Figure(text=words("Mamut räknar", "Mamut totals").in_(language), value=proof.mamut_total, begins=True)
    if proof.rounding:
        limit = decimal_text(proof.limit, 2, language)
        text = words(f"Öresavrundning (gräns {limit})", f"Rounding row (limit {limit})").in_(language)
        if abs(proof.rounding) > proof.limit:
            text = words(f"Över gränsen {limit} för avrundning", f"Above the rounding limit {limit}").in_(language)
        yield Figure(text=text, value=proof.rounding)
    yield Figure(text=words("Kunden betalade", "The customer paid").in_(language), value=-proof.paid)
    difference = proof.mamut_total + proof.rounding - proof.paid
    yield Figure(text=words("skillnad", "difference").in_(language), value=difference, begins=True)


def decimal_text(value: Decimal, places: int, language: Language) -> str:
    text = f"{value + 0:,.{places}f}"
    if language is Language.SWEDISH:
        return text.replace(",", "\u00a0").replace(".", ",")
    return text


def _percent(percent: Decimal, language: Language) -> str:
    text = f"{percent.normalize():f}"
    return f"{text.replace('.', ',')} %" if language is Language.SWEDISH else f"{text} %"
