"""Orders, settings and facts for tests, short to write: what a test does not name is the plainest there is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from agent.decide.orders import wanted
from agent.messages import MamutFacts, Wanted
from agent.model.ids import ContactNo, ExternalNo, MamutOrderNo, ShopKey, ShopOrderId
from agent.model.mamut import Article, Contact, Document, Registers, StoredLine, VatCode
from agent.model.order import Address, LineKind, OrderLine, ShopOrder, TaxPart
from agent.settings.tree import ShopSettings, VatSettings

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BUYER = Address(
    first_name="Åsa",
    last_name="Öberg",
    street="Storgatan 1",
    postcode="903 26",
    city="Umeå",
    country="SE",
    email="asa@kund.example",
    phone="070-123 45 67",
)
VAT = VatSettings(domestic={"25": 11, "12": 12, "6": 13}, oss={"DE 19": 21}, eu_company=14, export=15, zero=1)
REGISTERS = Registers(
    vat_codes=(
        VatCode(id=1, percent=Decimal(0), kind="zero"),
        VatCode(id=11, percent=Decimal(25), kind="domestic"),
        VatCode(id=12, percent=Decimal(12), kind="domestic"),
        VatCode(id=13, percent=Decimal(6), kind="domestic"),
        VatCode(id=14, percent=Decimal(0), kind="eu"),
        VatCode(id=15, percent=Decimal(0), kind="export"),
        VatCode(id=21, percent=Decimal(19), kind="eu"),
    ),
    departments=frozenset({1, 2}),
    payment_terms=frozenset({3}),
    delivery_forms=frozenset({4}),
    currencies=frozenset({"SEK", "EUR"}),
    countries=frozenset({"SE", "NO", "DE", "DK"}),
)


def goods(total: str = "80.00", percent: int | str | None = 25, tax: str | None = None, **changes: Any) -> OrderLine:
    """A row of goods with one rate; `tax` is what the shop took, by default rounded to the öre. No percent: no rate."""
    net = Decimal(total)
    rate = Decimal(0 if percent is None else percent)
    taken = (net * rate / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP") if tax is None else Decimal(tax)
    parts = () if percent is None else (TaxPart(rate_id=1, percent=rate, amount=taken, country="SE"),)
    made = OrderLine(
        line_id=1,
        kind=LineKind.PRODUCT,
        name="Vara",
        quantity=Decimal(1),
        total=net,
        tax_total=taken,
        subtotal=net,
        taxes=parts,
        article_no="A-1",
        product_id=11,
    )
    return msgspec.structs.replace(made, **changes)


def shipping(total: str = "40.00", percent: int | str | None = 25, tax: str | None = None, **changes: Any) -> OrderLine:
    line = goods(total, percent, tax, kind=LineKind.SHIPPING, name="PostNord", article_no="", method="flat_rate")
    return msgspec.structs.replace(line, **changes)


def fee(total: str = "20.00", percent: int | str | None = 25, tax: str | None = None, **changes: Any) -> OrderLine:
    line = goods(total, percent, tax, kind=LineKind.FEE, name="Fakturaavgift", article_no="")
    return msgspec.structs.replace(line, **changes)


def order(*lines: OrderLine, **changes: Any) -> ShopOrder:
    """A paid order of these rows (one of goods by default), with the total they add up to."""
    rows = lines or (goods(),)
    total = sum((line.total + line.tax_total for line in rows), Decimal(0))
    made = ShopOrder(
        shop=ShopKey("butik"),
        order_id=ShopOrderId(1042),
        number="1042",
        order_key="wc_order_abc",
        status="processing",
        currency="SEK",
        created_at=AT,
        modified_at=AT,
        paid_at=AT,
        total=total,
        total_tax=sum((line.tax_total for line in rows), Decimal(0)),
        prices_include_tax=False,
        billing=BUYER,
        shipping=Address(),
        lines=rows,
    )
    return msgspec.structs.replace(made, **changes)


def shop(**changes: Any) -> ShopSettings:
    """Settings given as the tables of brygga.toml: shop(articles={"unknown": "create"})."""
    plain = {"key": "butik", "address": "https://butik.example", "vat": msgspec.to_builtins(VAT)}
    return msgspec.convert(plain | changes, ShopSettings, strict=False)


def facts(of: ShopOrder, settings: ShopSettings | None = None, **changes: Any) -> MamutFacts:
    """What a Mamut holds in which every article of the order exists and nobody is known."""
    needs: Wanted = wanted(of, settings or shop())
    known = MamutFacts(
        articles={number: Article(product_no=number, description=number, vat_code=11) for number in needs.product_nos},
        registers=REGISTERS,
    )
    return msgspec.structs.replace(known, **changes)


def contact(custid: int = 10_001, **changes: Any) -> Contact:
    made = Contact(contid=custid + 500, custid=ContactNo(custid), name="Någon Annan")
    return msgspec.structs.replace(made, **changes)


def document(of: ShopOrder, external_no: str = "butik:1042", **changes: Any) -> Document:
    made = Document(
        order_no=MamutOrderNo(200_001),
        external_no=ExternalNo(external_no),
        status="unprocessed_sales_order",
        total=of.total,
        currency=of.currency,
        created_at=AT,
        lines=(StoredLine(product_no="A-1", qty=Decimal(1), line_sum=of.total),),
    )
    return msgspec.structs.replace(made, **changes)
