"""Whether the shop's money fits Mamut's: currency, decimals, and a VAT code of the same rate for every rate."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from agent.doctor.result import Finding, Result, Test, found, good
from agent.model.goods import ShopTerms
from agent.model.mamut import Registers
from agent.model.reasons import Fault
from agent.model.words import words
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.ask import Api, decoded
from agent.settings.tree import ShopSettings

ORE_DECIMALS = 2

_ROUNDING = {
    True: words("moms avrundas på summan", "VAT is rounded on the sum"),
    False: words("moms avrundas rad för rad", "VAT is rounded row by row"),
    None: words("avrundningen får nyckeln inte läsa", "the key may not read how it is rounded"),
}


def currency_result(shop: ShopSettings, terms: ShopTerms, registers: Registers | None, company_currency: str) -> Result:
    currency = terms.currency or "?"
    said = words(
        f"{currency} med {terms.price_decimals} decimaler.", f"{currency} with {terms.price_decimals} decimals."
    )
    findings = []
    accepted = shop.orders.currencies or ((company_currency,) if company_currency else ())
    if accepted and currency not in accepted:
        problem = f"[shop.orders] currencies: {', '.join(accepted)}"
        findings.append(_currency(shop.key, currency, problem))
    elif registers is not None and registers.currencies and currency not in registers.currencies:
        findings.append(_currency(shop.key, currency, f"Mamut: {', '.join(sorted(registers.currencies))}"))
    if findings:
        return found(Test.SHOP_CURRENCY, said, *findings, shop=shop.key)
    if terms.price_decimals != ORE_DECIMALS and "price_decimals" not in terms.unread:
        params = {"shop": shop.key, "count": str(terms.price_decimals)}
        finding = Finding(fault=Fault.SHOP_DECIMALS, params=params)
        return found(Test.SHOP_CURRENCY, said, finding, shop=shop.key, warning=True)
    return good(Test.SHOP_CURRENCY, said, shop.key)


def _currency(shop: str, currency: str, problem: str) -> Finding:
    return Finding(fault=Fault.SHOP_CURRENCY, params={"shop": shop, "currency": currency, "problem": problem})


class _Setting(msgspec.Struct):
    value: object = ""


async def rounds_the_sum(api: Api) -> bool | None:
    """Whether the shop rounds VAT once for the whole order, as Mamut does for each code, and not row by row; None where
    the key may not read it. Either is proved to the öre. Raises Trouble."""
    try:
        answer = await api.get("/wc/v3/settings/tax/woocommerce_tax_round_at_subtotal", {})
    except Trouble as trouble:
        if trouble.fault in (Fault.SHOP_KEY_REFUSED, Fault.SHOP_KEY_WITHOUT_RIGHTS):
            return None
        raise
    return decoded(answer, _Setting).value == "yes"


def tax_result(
    shop: ShopSettings, terms: ShopTerms, registers: Registers | None, *, rounds_the_sum: bool | None = None
) -> Result:
    """Rates of the shop's own country, each against the settings, and these against Mamut's register."""
    rates = sorted({percent for _, percent in terms.tax_rates if percent}, reverse=True)
    shown = ", ".join(f"{_shown(percent)} %" for percent in rates) or "-"
    rounding = _ROUNDING[rounds_the_sum]
    said = words(
        f"Priser {'med' if terms.prices_with_vat else 'utan'} moms; satser {shown}; {rounding.sv}.",
        f"Prices {'with' if terms.prices_with_vat else 'without'} VAT; rates {shown}; {rounding.en}.",
    )
    if not terms.counts_tax:
        finding = Finding(fault=Fault.SHOP_TAX_OFF, params={"shop": shop.key})
        return found(Test.SHOP_TAX, said, finding, shop=shop.key, warning=True)
    codes = {Decimal(percent): code for percent, code in shop.vat.domestic.items()}
    findings = [
        Finding(fault=Fault.SHOP_TAX_RATE_UNMAPPED, params={"shop": shop.key, "percent": _shown(percent)})
        for percent in rates
        if percent not in codes
    ]
    if registers is not None and registers.vat_codes:
        findings += _differing(codes, registers)
    if findings:
        return found(Test.SHOP_TAX, said, *findings, shop=shop.key)
    return good(Test.SHOP_TAX, said, shop.key)


def _differing(codes: dict[Decimal, int], registers: Registers) -> list[Finding]:
    there = {code.id: code.percent for code in registers.vat_codes}
    return [
        Finding(
            fault=Fault.SHOP_TAX_CODE_DIFFERS,
            params={
                "percent": _shown(percent),
                "vat_code": str(code),
                "value": f"{_shown(there[code])} %" if code in there else "-",
            },
        )
        for percent, code in codes.items()
        if there.get(code) != percent
    ]


def _shown(percent: Decimal) -> str:
    return f"{percent.normalize():f}"
