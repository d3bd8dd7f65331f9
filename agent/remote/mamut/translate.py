"""Between Mamut's wire shapes and the model. Pure."""

from __future__ import annotations

from agent.model.aftermath import CreditDraft, DocumentChanges
from agent.model.ids import ContactNo, ExternalNo, MamutOrderNo
from agent.model.mamut import (
    Article,
    Contact,
    ContactAddress,
    ContactChanges,
    ContactDraft,
    ContactPerson,
    Document,
    DocumentDraft,
    DocumentLine,
    GroupName,
    Header,
    Registers,
    StoredLine,
    VatCode,
)
from agent.remote.mamut.shapes import ContactShape, DocumentShape, HeaderShape, ProductShape, RegistersShape

ROUNDING_NONE = 1
"""DATA67: we prove the total ourselves and let Mamut round nothing."""


def registers(shape: RegistersShape) -> Registers:
    return Registers(
        vat_codes=tuple(
            VatCode(id=row.id, percent=row.percent, kind=row.kind, name=row.name) for row in shape.vat_codes
        ),
        departments=frozenset(row.id for row in shape.departments),
        payment_terms=frozenset(row.id for row in shape.payment_terms),
        delivery_forms=frozenset(row.id for row in shape.delivery_forms),
        warehouses=frozenset(row.id for row in shape.warehouses),
        contact_categories=frozenset(row.id for row in shape.contact_categories),
        currencies=frozenset(row.code for row in shape.currencies),
        countries=frozenset(row.iso2 for row in shape.countries),
        product_groups=tuple(GroupName(id=row.id, name=row.name) for row in shape.product_groups),
        product_subgroups=tuple(GroupName(id=row.id, name=row.name) for row in shape.product_subgroups),
        names={
            "departments": {row.id: row.name for row in shape.departments},
            "payment_terms": {row.id: row.name for row in shape.payment_terms},
            "delivery_forms": {row.id: row.name for row in shape.delivery_forms},
            "warehouses": {row.id: row.name for row in shape.warehouses},
            "contact_categories": {row.id: row.name for row in shape.contact_categories},
        },
    )


def contact(shape: ContactShape) -> Contact:
    return Contact(
        contid=shape.contid,
        custid=ContactNo(shape.custid),
        name=shape.name,
        org_no=shape.org_no or "",
        vat_no=shape.vat_no or "",
        email=shape.email or "",
        phone=shape.phone or "",
        ext_id=shape.ext_id or "",
        inactive=shape.inactive,
        credit_stop=shape.credit_stop,
        customer="customer" in shape.kinds,
        postcodes=tuple(row.zip for row in shape.addresses if row.zip),
        addresses=tuple(
            ContactAddress(type=row.type, street=row.street, zip=row.zip, city=row.city, country=row.country)
            for row in shape.addresses
        ),
        persons=tuple(
            ContactPerson(first_name=row.first_name, last_name=row.last_name, email=row.email, phone=row.phone)
            for row in shape.persons
        ),
    )


def article(shape: ProductShape) -> Article:
    return Article(
        product_no=shape.product_no,
        description=shape.description,
        inactive=shape.inactive,
        vat_code=shape.vat_out or 0,
    )


def document(shape: DocumentShape) -> Document:
    return Document(
        order_no=MamutOrderNo(shape.order_no),
        external_no=ExternalNo(shape.external_no or ""),
        status=shape.status,
        total=shape.total,
        currency=shape.currency,
        created_at=shape.created_at,
        order_date=shape.order_date,
        name=shape.name or "",
        custid=ContactNo(shape.custid) if shape.custid is not None else None,
        invoice_no=shape.invoice_no,
        lines=tuple(StoredLine(product_no=row.product_no, qty=row.qty, line_sum=row.line_sum) for row in shape.lines),
        header=header(shape),
    )


def header(shape: HeaderShape) -> Header:
    return Header(
        name=shape.name or "",
        invoice_address=shape.invoice_address or "",
        delivery_address=shape.delivery_address or "",
        invoice_country=shape.invoice_country or "",
        delivery_country=shape.delivery_country or "",
        your_ref=shape.your_ref or "",
        reference=shape.reference or "",
        fixed_text=shape.fixed_text or "",
        packing_text=shape.packing_text or "",
        payment_terms=shape.payment_terms,
        delivery_form=shape.delivery_form,
    )


def contact_body(draft: ContactDraft) -> dict[str, object]:
    kinds = ["customer", "private"] if draft.private else ["customer"]
    body: dict[str, object] = {
        "name": draft.name,
        "kinds": kinds,
        "ext_id": draft.ext_id,
        "addresses": _addresses(draft.addresses),
        "persons": [
            {"first_name": row.first_name, "last_name": row.last_name, "email": row.email, "phone": row.phone}
            for row in draft.persons
        ],
    }
    optional = {
        "org_no": draft.org_no,
        "vat_no": draft.vat_no,
        "email": draft.email,
        "phone": draft.phone,
        "currency": draft.currency,
        "department": draft.department,
    }
    body.update({name: value for name, value in optional.items() if value not in ("", None)})
    return body


def changes_body(changes: ContactChanges) -> dict[str, object]:
    fields = {
        "name": changes.name,
        "org_no": changes.org_no,
        "vat_no": changes.vat_no,
        "email": changes.email,
        "phone": changes.phone,
        "addresses": _addresses(changes.addresses),
    }
    return {name: value for name, value in fields.items() if value}


def _addresses(addresses: tuple[ContactAddress, ...]) -> list[dict[str, str]]:
    return [
        {"type": row.type, "street": row.street, "zip": row.zip, "city": row.city, "country": row.country}
        for row in addresses
    ]


def article_body(made: Article) -> dict[str, object]:
    """An article that an order needs and Mamut has not: a service, so that no stock is promised for it, and not for the
    web, so that no shop offers it."""
    return {
        "product_no": made.product_no,
        "description": made.description,
        "vat_out": made.vat_code,
        "use_store": False,
        "web": False,
    }


def document_body(draft: DocumentDraft, contid: int) -> dict[str, object]:
    body: dict[str, object] = {
        "kind": draft.kind.value,
        "external_no": draft.external_no,
        "contid": contid,
        "origin_web": True,
        "order_date": draft.order_date,
        "currency": draft.currency,
        "name": draft.name,
        "invoice_address": draft.invoice_address,
        "delivery_address": draft.delivery_address,
        "rounding": ROUNDING_NONE,
        "ready_for_invoicing": draft.ready_for_invoicing,
        "lines": _lines(draft.lines),
    }
    optional = {
        "invoice_country": draft.invoice_country,
        "delivery_country": draft.delivery_country,
        "department": draft.department,
        "payment_terms": draft.payment_terms,
        "delivery_form": draft.delivery_form,
        "our_ref": draft.our_ref,
        "reference": draft.reference,
        "your_ref": draft.your_ref,
        "fixed_text": draft.fixed_text,
        "packing_text": draft.packing_text,
    }
    body.update({name: value for name, value in optional.items() if value not in ("", None)})
    return body


def document_changes_body(changes: DocumentChanges) -> dict[str, object]:
    """What is None is left out, and stays as it is."""
    body: dict[str, object] = {name: getattr(changes, name) for name in changes.fields}
    if changes.lines is not None:
        body["lines"] = _lines(changes.lines)
    return body


def credit_body(draft: CreditDraft) -> dict[str, object]:
    body: dict[str, object] = {
        "kind": "credit_note",
        "external_no": draft.external_no,
        "parent": draft.parent,
        "custid": draft.custid,
        "origin_web": True,
        "order_date": draft.order_date,
        "currency": draft.currency,
        "reference": draft.reference,
        "rounding": ROUNDING_NONE,
        "issue": draft.issue,
        "restock": draft.restock,
        "lines": _lines(draft.lines),
    }
    if draft.department is not None:
        body["department"] = draft.department
    return body


def _lines(lines: tuple[DocumentLine, ...]) -> list[dict[str, object]]:
    return [
        {
            "product_no": line.product_no,
            "description": line.description,
            "qty": line.qty,
            "line_sum": line.line_sum,
            "discount_percent": line.discount_percent,
            "vat_code": line.vat_code,
        }
        for line in lines
    ]
