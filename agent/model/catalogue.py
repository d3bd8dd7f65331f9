"""What every code means: title, cause and remedy, in Swedish and English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.model.after import AfterReason, AfterSaid
from agent.model.catalogue_aftermath import AFTER_SAID, AFTER_TEXTS
from agent.model.catalogue_faults import FAULT_TEXTS
from agent.model.catalogue_goods import GOODS_TEXTS, SAID_TEXTS
from agent.model.catalogue_orders import ORDER_TEXTS
from agent.model.correction import FIELD_NAMES
from agent.model.entry import Entry
from agent.model.order import Frozen
from agent.model.reasons import Fault, Reason
from agent.model.said import GoodsReason, Said
from agent.model.words import Language, Words, words

Code = Reason | Fault | GoodsReason | AfterReason
"""What a person meets as BRY-…; its letter tells the kinds apart."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

# What stands for a placeholder when a code is explained without an order at hand.
_NAMES: dict[str, Words] = {
    "amount": words("belopp", "amount"),
    "address": words("adress", "address"),
    "article": words("nummer", "number"),
    "corrected": words("ett fält", "a field"),
    "count": words("antal", "number"),
    "country": words("land", "country"),
    "culprit": words("okänt", "unknown"),
    "currency": words("valuta", "currency"),
    "customer": words("kundnummer", "customer number"),
    "customers": words("kundnummer", "customer numbers"),
    "difference": words("skillnad", "difference"),
    "direction": words("riktning", "direction"),
    "document": words("nummer", "number"),
    "edited": words("fält", "fields"),
    "edition": words("utgåva", "edition"),
    "external_no": words("nummer", "number"),
    "file": words("fil", "file"),
    "holder": words("någon", "someone"),
    "kind": words("momskoden saknas eller stämmer inte", "its VAT code is missing or differs"),
    "limit": words("gräns", "limit"),
    "line": words("rad", "row"),
    "lines": words("summa", "sum"),
    "method": words("kod", "code"),
    "order": words("nummer", "number"),
    "other": words("nummer", "number"),
    "paid": words("belopp", "amount"),
    "percent": words("procentsats", "rate"),
    "now": words("belopp", "amount"),
    "parts": words("delar", "parts"),
    "problem": words("fel", "error"),
    "quantity": words("antal", "quantity"),
    "refund": words("nummer", "number"),
    "register": words("register", "register"),
    "rounding": words("skillnad", "difference"),
    "rule": words("namn", "name"),
    "seconds": words("antal", "number"),
    "shop": words("butik", "shop"),
    "start_at": words("starttid", "start"),
    "state": words("läge", "state"),
    "status": words("status", "status"),
    "stop_date": words("stoppdatum", "date"),
    "value": words("värde", "value"),
    "was": words("belopp", "amount"),
    "characters": words("tecken", "characters"),
    "current": words("status", "status"),
    "day": words("dag", "day"),
    "field": words("fält", "field"),
    "ids": words("nummer", "numbers"),
    "length": words("längd", "length"),
    "main": words("huvudartikeln", "the main product"),
    "mamut": words("värde", "value"),
    "new": words("nytt", "new"),
    "number": words("nummer", "number"),
    "old": words("gammalt", "old"),
    "parent_id": words("nummer", "number"),
    "price": words("pris", "price"),
    "properties": words("egenskaper", "properties"),
    "property": words("egenskap", "property"),
    "provider": words("leverantören", "the provider"),
    "shop_currency": words("en annan valuta", "another currency"),
    "shop_kind": words("slag", "kind"),
    "tax_class": words("momsklass", "tax class"),
    "unit": words("enhet", "unit"),
    "vat_code": words("momskod", "VAT code"),
    "why": words("orsak", "reason"),
}

# Values that are words of the program, not of the merchant.
_VALUES: dict[str, Words] = {
    **FIELD_NAMES,
    "vat_codes": words("Momskod", "VAT code"),
    "departments": words("Avdelning", "Department"),
    "payment_terms": words("Betalningsvillkor", "Payment terms"),
    "delivery_forms": words("Leveranssätt", "Delivery form"),
    "currencies": words("Valuta", "Currency"),
    "warehouses": words("Lager", "Warehouse"),
    "contact_categories": words("Kontaktkategori", "Contact category"),
    "product_groups": words("Produktgrupp", "Product group"),
    "customers": words("Kund", "Customer"),
    "rate": words("den satsen har ingen momskod i inställningarna", "that rate has no VAT code in the settings"),
    "register": words("momskoden har en annan sats i Mamut", "its VAT code has another rate in Mamut"),
    "eu_private": words(
        "momsfri försäljning till privatpersoner i EU är inte väntad",
        "sales without VAT to private persons in the EU are not expected",
    ),
    "eu_company": words(
        "eu_company (företag i annat EU-land) är inte angiven",
        "eu_company (companies elsewhere in the EU) is not given",
    ),
    "export": words("export (utanför EU) är inte angiven", "export (outside the EU) is not given"),
    "open": words("öppet", "open"),
    "transferred": words("överfört", "transferred"),
    "partly_delivered": words("levererat till en del", "delivered in part"),
    "delivered": words("levererat", "delivered"),
    "booked": words("bokfört", "booked"),
    "rows": words("rader", "rows"),
    "addresses": words("adresser", "addresses"),
    "texts": words("texter", "texts"),
    "refunds": words("återbetalningar", "refunds"),
    "name": words("namn", "name"),
    "invoice_address": words("fakturaadress", "invoice address"),
    "delivery_address": words("leveransadress", "delivery address"),
    "invoice_country": words("fakturaland", "invoice country"),
    "delivery_country": words("leveransland", "delivery country"),
    "your_ref": words("er referens", "your reference"),
    "reference": words("referens", "reference"),
    "fixed_text": words("fast text", "fixed text"),
    "packing_text": words("plocktext", "packing text"),
    "delivery_form": words("leveranssätt", "delivery form"),
}
# What is told beside a sentence that does not mention it.
_LABELS: dict[str, Words] = {
    "carrier": words("transportör", "carrier"),
    "current": words("nu", "now"),
    "event": words("händelse", "event"),
    "events": words("händelser", "events"),
    "fields": words("fält", "fields"),
    "gtin": words("GTIN", "GTIN"),
    "held": words("kvarhållna", "held"),
    "orders": words("order", "orders"),
    "problem": words("fel", "error"),
    "rows": words("rader", "rows"),
    "shops": words("butiker", "shops"),
    "status": words("status", "status"),
    "way": words("sätt", "way"),
}
_WORD_PARAMS = frozenset({"register", "kind", "state", "parts", "edited", "corrected"})
"""Params that are such words, or several of them with commas between."""


class Explanation(Frozen, frozen=True):
    """A code in one language. `details` are the params that no text mentions: nothing known is left out."""

    code: str
    title: str
    cause: str
    remedy: str
    details: tuple[tuple[str, str], ...] = ()


def entries() -> dict[Code, Entry]:
    return {
        code: text for texts in (ORDER_TEXTS, AFTER_TEXTS, GOODS_TEXTS, FAULT_TEXTS) for code, text in texts.items()
    }


def find_code(text: str) -> Code | None:
    """The code a person means: by its value or name, in any case, with or without "BRY-"."""
    wanted = text.strip().upper().replace("-", "_")
    codes: tuple[Code, ...] = (*Reason, *AfterReason, *GoodsReason, *Fault)
    for code in codes:
        value = code.value.replace("-", "_")
        if wanted in (value, value.removeprefix("BRY_"), code.name):
            return code
    return None


def explain(code: Code, language: Language, params: Mapping[str, str] | None = None) -> Explanation:
    """Fills the placeholders from `params`; one without a value is named in angle quotes. Never raises for params."""
    given = dict(params or {})
    text = _entry(code)
    used = placeholders(text, language)
    return Explanation(
        code=code.value,
        title=_fill(text.title, language, given),
        cause=_fill(text.cause, language, given),
        remedy=_fill(text.remedy, language, given),
        details=tuple((name, value) for name, value in sorted(given.items()) if name not in used),
    )


def tell(said: Said | AfterSaid, language: Language, params: Mapping[str, str] | None = None) -> str:
    """What a direction did with an article, as a sentence, with what it knew and the text does not mention."""
    text = AFTER_SAID[said] if isinstance(said, AfterSaid) else SAID_TEXTS[said]
    given = dict(params or {})
    named = _PLACEHOLDER.findall(text.in_(language))
    rest = ", ".join(
        f"{_LABELS[name].in_(language) if name in _LABELS else name} {value}"
        for name, value in sorted(given.items())
        if value and name not in named
    )
    return f"{_fill(text, language, given)}{f' ({rest})' if rest else ''}"


def label(name: str, language: Language) -> str:
    """What a param is called beside its value; one that has no name is called as it is kept."""
    known = _LABELS.get(name) or _NAMES.get(name)
    return name if known is None else known.in_(language)


def _entry(code: Code) -> Entry:
    if isinstance(code, Reason):
        return ORDER_TEXTS[code]
    if isinstance(code, AfterReason):
        return AFTER_TEXTS[code]
    return GOODS_TEXTS[code] if isinstance(code, GoodsReason) else FAULT_TEXTS[code]


def placeholders(text: Entry, language: Language) -> frozenset[str]:
    parts = (text.title, text.cause, text.remedy)
    return frozenset(name for part in parts for name in _PLACEHOLDER.findall(part.in_(language)))


def _fill(text: Words, language: Language, params: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        given = params.get(name, "")
        if name in _WORD_PARAMS and given:
            return ", ".join(_VALUES[each].in_(language) if each in _VALUES else each for each in given.split(", "))
        if given:
            return given
        return f"‹{_NAMES[name].in_(language)}›" if name in _NAMES else f"‹{name}›"

    return _PLACEHOLDER.sub(value, text.in_(language))
