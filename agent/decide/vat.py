"""Which of Mamut's VAT codes a row gets, and how a row that carries several rates is divided.

The shop's own VAT decides: a rate that was taken is booked as that rate, and only where none was taken does the buyer's
country say why (sale at home without VAT, reverse charge within the EU, export).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from agent.messages import Stop
from agent.model.mamut import Registers
from agent.model.money import ZERO, round_milli
from agent.model.order import Frozen, LineKind, OrderLine, ShopOrder, TaxPart
from agent.model.reasons import Reason
from agent.settings.tree import VatSettings

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""The EU's VAT area by ISO code. Monaco belongs to it (directive 2006/112/EC, article 7)."""

_OUTSIDE_BY_POSTCODE = {
    "DE": ("27498", "78266"),
    "ES": ("35", "38", "51", "52"),
    "GR": ("63086",),
    "IT": ("22061", "23041"),
}
"""Where the VAT area is smaller than the country: Heligoland and Büsingen, the Canaries, Ceuta and Melilla, Athos,
Campione and Livigno (directive 2006/112/EC, article 6). Åland and the French overseas parts have codes of their own."""

ORE_DOUBT = Decimal("0.0051")
KRONA_DOUBT = Decimal("0.501")


class Sale(Frozen, frozen=True):
    """What the codes of all rows of an order depend on. `taxed` means that some row of it carries VAT."""

    country: str
    in_eu: bool
    company: bool
    taxed: bool
    settings: VatSettings
    percents: Mapping[int, Decimal]


class Share(Frozen, frozen=True):
    """A part of a row that has one VAT code: its sum without VAT, and the VAT the shop took for it."""

    net: Decimal
    vat_code: int
    vat: Decimal


def percents_of(registers: Registers) -> dict[int, Decimal]:
    """The percentage of each code. Code 1 means zero VAT in every company (GBAO10 field 21), listed or not."""
    return {1: ZERO} | {code.id: code.percent for code in registers.vat_codes}


def sale(order: ShopOrder, settings: VatSettings, vat_no: str, percents: Mapping[int, Decimal]) -> Sale:
    """Goods are taxed where they go: the delivery address, or the invoice address when there is none. Reverse charge
    is for companies registered in another country than ours."""
    to = order.shipping if order.shipping.country else order.billing
    country = to.country or settings.home_country
    outside = _OUTSIDE_BY_POSTCODE.get(country, ())
    northern_ireland = country == "GB" and to.postcode.upper().startswith("BT")
    return Sale(
        country=country,
        in_eu=northern_ireland or (country in EU and not to.postcode.replace(" ", "").startswith(outside or ("?",))),
        company=order.vat_exempt or bool(vat_no and not vat_no.startswith(settings.home_country)),
        taxed=any(line.tax_total for line in order.lines),
        settings=settings,
        percents=percents,
    )


def shares(line: OrderLine, of: Sale) -> tuple[Share, ...] | Stop:
    """The line's parts by VAT code; their sums add up to the line's total. Goods are one part, always."""
    parts = [part for part in line.taxes if part.amount]
    if not parts:
        return _without_vat(line, of) if not line.tax_total else _by_amount(line, of)
    if line.kind is LineKind.PRODUCT:
        return _one(line, parts, of)
    if len(parts) == 1 and _agrees(line.total, parts[0]):
        return _one(line, parts, of)
    return _divided(line, parts, of)


def _one(line: OrderLine, parts: list[TaxPart], of: Sale) -> tuple[Share, ...] | Stop:
    """All rates on the same money: one rate, or several that one code of Mamut stands for together."""
    if len(parts) > 1:
        known = [part.percent for part in parts if part.percent is not None]
        percent = sum(known, ZERO)
        vat = sum((part.amount for part in parts), ZERO)
        whole = TaxPart(rate_id=0, percent=percent, amount=vat, country=parts[0].country)
        if len(known) < len(parts) or not _agrees(line.total, whole):
            return _mixed(line)
        parts = [whole]
    part = parts[0]
    code = _rate_code(part, line.total, of)
    return code if isinstance(code, Stop) else (Share(net=line.total, vat_code=code, vat=line.tax_total),)


def _divided(line: OrderLine, parts: list[TaxPart], of: Sale) -> tuple[Share, ...] | Stop:
    """Each rate's own part of the money, from the VAT it gave; what is left over carries none.

    A VAT amount in whole öre leaves its base in doubt by a few öre, more for a low rate, so a leftover that small goes
    to the lowest rate, where it moves the VAT least.
    """
    nets: list[Decimal] = []
    doubt = ZERO
    for part in parts:
        if not part.percent:
            return _mixed(line)
        nets.append(round_milli(part.amount * 100 / part.percent))
        doubt += _doubt(line.total, part) * 100 / part.percent
    left = line.total - sum(nets, ZERO)
    if left and abs(left) > doubt and (left > 0) != (line.total > 0):
        return _one(line, parts, of)
    if abs(left) <= doubt:
        lowest = min(range(len(parts)), key=lambda at: parts[at].percent or ZERO)
        nets[lowest] += left
        left = ZERO
    made: list[Share] = []
    for part, net in zip(parts, nets, strict=True):
        code = _rate_code(part, net, of)
        if isinstance(code, Stop):
            return code
        made.append(Share(net=net, vat_code=code, vat=part.amount))
    if left:
        code = _no_vat_code(of)
        if isinstance(code, Stop):
            return code
        made.append(Share(net=left, vat_code=code, vat=ZERO))
    return tuple(made)


def _without_vat(line: OrderLine, of: Sale) -> tuple[Share, ...] | Stop:
    """Nothing was taken: because the sum is too small to give an öre, or because none was due."""
    for part in line.taxes:
        if part.percent and abs(line.total * part.percent) < Decimal("0.5"):
            code = _rate_code(part, line.total, of)
            if not isinstance(code, Stop):
                return (Share(net=line.total, vat_code=code, vat=ZERO),)
    if not line.total:
        return (Share(net=line.total, vat_code=of.settings.zero, vat=ZERO),)
    none = _no_vat_code(of)
    return none if isinstance(none, Stop) else (Share(net=line.total, vat_code=none, vat=ZERO),)


def _by_amount(line: OrderLine, of: Sale) -> tuple[Share, ...] | Stop:
    """VAT without a word about the rate."""
    part = TaxPart(rate_id=0, percent=None, amount=line.tax_total)
    return _one(line, [part], of)


def _no_vat_code(of: Sale) -> int | Stop:
    if of.taxed or of.country == of.settings.home_country:
        return of.settings.zero
    if len(of.country) != 2:  # Somebody's own words for a country: neither export nor the EU can be told from them.
        params = {"percent": "0", "country": of.country, "kind": "country"}
        return Stop(reason=Reason.VAT_CODE_MISSING, params=params)
    if of.in_eu and not of.company:
        return Stop(
            reason=Reason.VAT_CODE_MISSING, params={"percent": "0", "country": of.country, "kind": "eu_private"}
        )
    kind = "eu_company" if of.in_eu else "export"
    code = of.settings.eu_company if of.in_eu else of.settings.export
    if code is None:
        return Stop(reason=Reason.VAT_CODE_MISSING, params={"percent": "0", "country": of.country, "kind": kind})
    return registered(code, ZERO, of)


def _rate_code(part: TaxPart, net: Decimal, of: Sale) -> int | Stop:
    """The code for a rate that was taken. Whose rate it is the order tells, or else the buyer's country."""
    settings = of.settings
    country = part.country or of.country
    if part.percent is None:
        found = _percent_by_amount(part, net, country, of)
        if found is None:
            return Stop(reason=Reason.VAT_CODE_MISSING, params={"percent": "?", "country": country, "kind": "rate"})
        part = TaxPart(rate_id=part.rate_id, percent=found, amount=part.amount, country=part.country)
    percent = part.percent or ZERO
    shown = percent_text(percent)
    code = None
    if country != settings.home_country:
        code = settings.oss.get(f"{country} {shown}")
    if code is None and (country == settings.home_country or not part.country):
        code = settings.domestic.get(shown)
    if code is None:
        return Stop(reason=Reason.VAT_CODE_MISSING, params={"percent": shown, "country": country, "kind": "rate"})
    return registered(code, percent, of)


def registered(code: int, percent: Decimal, of: Sale) -> int | Stop:
    """The code, if Mamut's register has it and means the same percentage by it."""
    held = of.percents.get(code)
    if held is None:
        return Stop(reason=Reason.REGISTER_VALUE_MISSING, params={"register": "vat_codes", "value": str(code)})
    if held != percent:
        params = {"percent": percent_text(percent), "country": of.country, "kind": "register", "code": str(code)}
        return Stop(reason=Reason.VAT_CODE_MISSING, params=params)
    return code


def _percent_by_amount(part: TaxPart, net: Decimal, country: str, of: Sale) -> Decimal | None:
    """The one percentage, of those the merchant has mapped for this country, that gives just this VAT."""
    if country == of.settings.home_country:
        mapped = list(of.settings.domestic)
    else:
        mapped = [key.partition(" ")[2] for key in of.settings.oss if key.partition(" ")[0] == country]
    fitting = []
    for text in mapped:
        percent = Decimal(text)
        if _agrees(net, TaxPart(rate_id=0, percent=percent, amount=part.amount)):
            fitting.append(percent)
    return fitting[0] if len(fitting) == 1 else None


def percent_text(percent: Decimal) -> str:
    """As the settings key it: "25", "25.5"."""
    return format(percent.normalize(), "f")


def _agrees(net: Decimal, part: TaxPart) -> bool:
    if part.percent is None:
        return True
    doubt = _doubt(net, part)
    return abs(net * part.percent / 100 - part.amount) <= doubt + doubt * part.percent / 100


def _doubt(net: Decimal, part: TaxPart) -> Decimal:
    """How far rounding may have moved an amount: half an öre, or half a krona where no decimals are shown."""
    return KRONA_DOUBT if "." not in f"{net:f}{part.amount:f}" else ORE_DOUBT


def _mixed(line: OrderLine) -> Stop:
    rates = ", ".join("?" if part.percent is None else percent_text(part.percent) for part in line.taxes)
    return Stop(
        reason=Reason.VAT_RATES_MIXED,
        params={"percents": rates, "line": line.name.partition(", ")[0] or f"#{line.line_id}"},
    )
