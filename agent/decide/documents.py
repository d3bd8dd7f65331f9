"""The document an order becomes: its kind, its people and its texts. Its rows stand in `lines.py`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from agent.decide import customers, external, texts
from agent.decide.lines import Rows
from agent.messages import Note
from agent.model.mamut import DocumentDraft, DocumentKind
from agent.model.order import Address, ShopOrder
from agent.settings.tree import OrderRule, PaymentMethod, ShippingMethod, ShopSettings

BUSINESS_ZONE = "Europe/Stockholm"
"""A document's date is a Swedish date, whatever zone shop and server are set to."""


def kind_of(rule: OrderRule | None, order: ShopOrder, shop: ShopSettings) -> DocumentKind:
    """The rule says first, then the payment method, then the shop."""
    if rule is not None:
        return DocumentKind(rule.then.value)
    payment = payment_of(order, shop)
    return DocumentKind(((payment.document if payment else None) or shop.orders.document).value)


def draft_of(
    order: ShopOrder,
    shop: ShopSettings,
    kind: DocumentKind,
    buyer: customers.Buyer,
    rows: Rows,
    countries: frozenset[str],
    notes: list[Note],
) -> DocumentDraft:
    """The whole draft. Texts that Mamut cannot keep as they are change, and `notes` tell how."""
    payment = payment_of(order, shop)
    shipping = _shipping(order, shop)
    to = order.billing if order.shipping.is_empty else order.shipping
    reference = next((order.meta[key] for key in shop.orders.payment_reference_meta if order.meta.get(key)), "")
    return DocumentDraft(
        kind=kind,
        external_no=external.of_order(order),
        order_date=_business_date(order.created_at),
        currency=order.currency,
        lines=tuple(rows.lines),
        name=texts.line(buyer.full_name, texts.NAME_CHARS, "name", notes),
        invoice_address=_address(order.billing, buyer.full_name, shop, "invoice_address", notes),
        delivery_address=_address(to, "", shop, "delivery_address", notes),
        invoice_country=texts.country(order.billing.country, countries, "invoice_country", notes),
        delivery_country=texts.country(to.country, countries, "delivery_country", notes),
        department=shop.department,
        payment_terms=payment.payment_terms if payment else None,
        delivery_form=shipping.delivery_form if shipping else None,
        our_ref=texts.line(shop.orders.our_reference, texts.REFERENCE_CHARS, "our_ref", notes),
        reference=texts.line(reference or order.number, texts.REFERENCE_CHARS, "reference", notes),
        your_ref=texts.line(order.billing.person, texts.REFERENCE_CHARS, "your_ref", notes),
        fixed_text=texts.line(_fixed_text(order, shop), texts.TEXT_CHARS, "fixed_text", notes),
        packing_text=texts.block(order.customer_note, texts.TEXT_CHARS, "packing_text", notes),
        ready_for_invoicing=payment.ready_for_invoicing if payment else False,
    )


def _fixed_text(order: ShopOrder, shop: ShopSettings) -> str:
    """Where the document comes from and how it was paid, in words that need no translation."""
    parts = [f"{shop.name or shop.key} {order.number}", order.payment_title, *(coupon.code for coupon in order.coupons)]
    return ", ".join(part for part in parts if part)


def _address(address: Address, name: str, shop: ShopSettings, field: str, notes: list[Note]) -> str:
    """Rows of a letter's address; `name` is what stands above it already. The country is written on those abroad."""
    place = f"{address.postcode} {address.city}".strip()
    country = address.country if address.country != shop.vat.home_country else ""
    above = [text for text in (address.company, address.person) if text and text != name]
    return texts.rows([*above, address.street, address.street_2, place, country], texts.ADDRESS_CHARS, field, notes)


def payment_of(order: ShopOrder, shop: ShopSettings) -> PaymentMethod | None:
    """The merchant's mapping of the order's payment method, None when there is none."""
    return shop.orders.payment_methods.get(order.payment_method)


def _shipping(order: ShopOrder, shop: ShopSettings) -> ShippingMethod | None:
    """The first shipping line whose method is mapped: a document has one form of delivery."""
    methods = shop.orders.shipping_methods
    return next((methods[line.method] for line in order.lines if line.method in methods), None)


def _business_date(at: datetime) -> date:
    return at.astimezone(ZoneInfo(BUSINESS_ZONE)).date()
