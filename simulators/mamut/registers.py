"""The standard registers of a Swedish company: the lists whose numbers other records point at.

In Mamut every list is a table of numbers and names that differ from company to company (G_CLISYS; PY, SQL1 and
H/no/mhelp/rtm/import_export/csv_formats/default_values_mbs.htm). So are these, except where a number is prescribed:
VAT codes 0 and 1, department 1 for none, and the five roundings.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from simulators.mamut.errors import unknown_register_value


class Entry(msgspec.Struct, frozen=True):
    id: int
    name: str


class PaymentTerms(msgspec.Struct, frozen=True):
    """`days` until due; `cash` makes an invoice paid when it is issued
    (H/UK/mhelp/rtm/sales/sales_and_invoicing_reference.htm)."""

    id: int
    name: str
    days: int
    cash: bool = False


class Subgroup(msgspec.Struct, frozen=True):
    id: int
    name: str
    group: int


class VatCode(msgspec.Struct, frozen=True):
    id: int
    percent: Decimal
    kind: Literal["domestic", "eu", "export", "zero"]
    name: str


class Currency(msgspec.Struct, frozen=True):
    """`rate` is the company's currency for one unit."""

    code: str
    rate: Decimal


class Country(msgspec.Struct, frozen=True):
    id: int
    iso2: str
    iso3: str
    name: str


class Employee(msgspec.Struct, frozen=True):
    id: int
    name: str
    initials: str


class Registers(msgspec.Struct, frozen=True, kw_only=True):
    """All lists, as the API gives them."""

    payment_terms: list[PaymentTerms]
    delivery_forms: list[Entry]
    delivery_terms: list[Entry]
    departments: list[Entry]
    projects: list[Entry]
    product_groups: list[Entry]
    product_subgroups: list[Subgroup]
    units: list[Entry]
    warehouses: list[Entry]
    vat_codes: list[VatCode]
    purchase_vat_codes: list[VatCode]
    currencies: list[Currency]
    countries: list[Country]
    employees: list[Employee]
    contact_categories: list[Entry]
    roundings: list[Entry]


class Lookups:
    """The registers by their numbers, for checking what a record points at."""

    def __init__(self, registers: Registers) -> None:
        self.vat = {row.id: row for row in registers.vat_codes}
        self.purchase_vat = {row.id for row in registers.purchase_vat_codes}
        self.terms = {row.id: row for row in registers.payment_terms}
        self.rates = {row.code: row.rate for row in registers.currencies}
        self.countries = {row.iso2 for row in registers.countries}
        self._ids: dict[str, set[int]] = {
            "payment_terms": set(self.terms),
            "delivery_form": _ids(registers.delivery_forms),
            "delivery_terms": _ids(registers.delivery_terms),
            "department": _ids(registers.departments),
            "project": _ids(registers.projects),
            "group": _ids(registers.product_groups),
            "subgroup": {row.id for row in registers.product_subgroups},
            "warehouse": _ids(registers.warehouses),
            "default_warehouse": _ids(registers.warehouses),
            "category": _ids(registers.contact_categories),
            "rounding": _ids(registers.roundings),
            "our_ref": {row.id for row in registers.employees},
            "vat_out": set(self.vat),
            "vat_in": self.purchase_vat | {1},
        }

    def check(self, register: str, value: int | None, field: str | None = None) -> None:
        """Raises Refused (`register_value_unknown`) when the register has no such number. None points at nothing."""
        if value is not None and value not in self._ids[register]:
            raise unknown_register_value(field or register, value)

    def country(self, iso2: str, field: str) -> str:
        code = iso2.strip().upper()
        if code not in self.countries:
            raise unknown_register_value(field, iso2[:10])
        return code


def _ids(rows: list[Entry]) -> set[int]:
    return {row.id for row in rows}


def _entries(*names: str, start: int = 1) -> list[Entry]:
    return [Entry(start + index, name) for index, name in enumerate(names)]


def _vat_codes() -> list[VatCode]:
    def vat(number: int, percent: str, kind: Literal["domestic", "eu", "export", "zero"], name: str) -> VatCode:
        return VatCode(number, Decimal(percent), kind, name)

    return [
        vat(1, "0.00", "zero", "Ingen moms"),
        vat(3, "25.00", "domestic", "Utgående moms 25 %"),
        vat(4, "12.00", "domestic", "Utgående moms 12 %"),
        vat(5, "6.00", "domestic", "Utgående moms 6 %"),
        vat(10, "0.00", "eu", "Försäljning av varor till annat EU-land"),
        vat(11, "0.00", "export", "Export utanför EU"),
    ]


def _purchase_vat_codes() -> list[VatCode]:
    return [
        VatCode(13, Decimal("25.00"), "domestic", "Ingående moms 25 %"),
        VatCode(14, Decimal("12.00"), "domestic", "Ingående moms 12 %"),
        VatCode(15, Decimal("6.00"), "domestic", "Ingående moms 6 %"),
    ]


def _currencies() -> list[Currency]:
    rates = {"SEK": "1.0000", "NOK": "0.9650", "DKK": "1.4750", "EUR": "11.0000", "GBP": "12.7500", "USD": "9.6000"}
    return [Currency(code, Decimal(rate)) for code, rate in rates.items()]


def _countries() -> list[Country]:
    """Every country of ISO 3166; Norway is number 1, as in Mamut (default_values_mbs.htm), the others are ours."""
    text = resources.files("simulators.mamut").joinpath("countries.txt").read_text("utf-8")
    rows = [line.split(" ", 2) for line in text.splitlines()]
    rows.sort(key=lambda row: (row[0] != "NO", row[0] != "SE", row[0]))
    return [Country(number, *row) for number, row in enumerate(rows, start=1)]


@cache
def swedish_company() -> Registers:
    """The lists of the simulated company, which nobody changes."""
    return Registers(
        payment_terms=[
            PaymentTerms(1, "30 dagar netto", 30),
            PaymentTerms(2, "10 dagar netto", 10),
            PaymentTerms(3, "Kontant", 0, cash=True),
            PaymentTerms(4, "Förskottsbetalning", 0),
            PaymentTerms(5, "Klarna", 14),
            PaymentTerms(6, "Svea", 14),
            PaymentTerms(7, "Nets Easy", 3),
            PaymentTerms(8, "PayPal", 3),
            PaymentTerms(9, "Swish", 1),
        ],
        delivery_forms=_entries("PostNord", "DHL", "DB Schenker", "Budbee", "Hämtas i butik", "Brev"),
        delivery_terms=_entries("Fritt vårt lager", "Fritt levererat", "DAP", "DDP"),
        departments=[
            Entry(1, "Ingen"),
            Entry(10, "Webbutik"),
            Entry(20, "Webbutik 2"),
            Entry(30, "Webbutik 3"),
            Entry(40, "Butik"),
        ],
        projects=[Entry(1, "Inget"), Entry(100001, "Kampanj vår"), Entry(100002, "Kampanj jul")],
        product_groups=_entries(
            "Kläder", "Skor", "Hem och inredning", "Sport och fritid", "Livsmedel", "Böcker", "Frakt och avgifter"
        ),
        product_subgroups=[Subgroup(101, "Tröjor", 1), Subgroup(102, "Byxor", 1), Subgroup(301, "Kök", 3)],
        units=_entries("st", "par", "förp", "kg", "m", "l"),
        warehouses=[Entry(1, "Huvudlager"), Entry(2, "Butik"), Entry(3, "Fjärrlager")],
        vat_codes=_vat_codes(),
        purchase_vat_codes=_purchase_vat_codes(),
        currencies=_currencies(),
        countries=_countries(),
        employees=[Employee(1, "Anna Lind", "AL"), Employee(2, "Erik Berg", "EB"), Employee(3, "Webbutiken", "WEB")],
        contact_categories=_entries("Webbkund", "Återförsäljare", "Företag", "Klubbkund"),
        roundings=_entries("Ingen avrundning", "Närmaste hela", "Uppåt", "Nedåt", "Närmaste halva"),
    )
