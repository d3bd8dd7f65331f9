"""Products: made, changed, found; main products and their variants."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from simulators.mamut.books import VAT_IN, VAT_OUT, Books
from simulators.mamut.errors import Refused
from simulators.mamut.fields import number
from simulators.mamut.records import Product, StockRow, Variant

PRODUCT_NO, DESCRIPTION_LENGTH = 50, 60
"""GBAO10 fields 16 and 17."""

TEXTS = {"unit": 10, "ean": 20, "vend_code": 50, "text": 4000}
"""Lengths, all assumed."""

DECIMALS = {"weight": (12, 3), "volume": (12, 2), "price_cost": (15, 4), "price_in": (15, 4), "price_out": (15, 4)}
"""Decimals by GBAPX10; the digits before the point are assumed."""

REGISTERED = ("vat_out", "vat_in", "group", "subgroup", "default_warehouse")
FLAGS = ("inactive", "use_store", "web")
PROPERTY_LENGTH = 50


class VariantBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    main: str
    property1: str
    property2: str | None = None


class ProductBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a client sends to make or change a product. What it leaves out stays."""

    product_no: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    weight: Decimal | UnsetType = UNSET
    volume: Decimal | UnsetType = UNSET
    price_cost: Decimal | UnsetType = UNSET
    price_in: Decimal | UnsetType = UNSET
    price_out: Decimal | UnsetType = UNSET
    vat_out: int | UnsetType = UNSET
    vat_in: int | UnsetType = UNSET
    group: int | UnsetType | None = UNSET
    subgroup: int | UnsetType | None = UNSET
    ean: str | UnsetType = UNSET
    vend_code: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    inactive: bool | UnsetType = UNSET
    use_store: bool | UnsetType = UNSET
    default_warehouse: int | UnsetType = UNSET
    web: bool | UnsetType = UNSET
    variant: VariantBody | UnsetType | None = UNSET
    properties: list[str] | UnsetType = UNSET
    varies_by: list[Literal["price", "stock", "location"]] | UnsetType = UNSET


class ProductLookup(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    product_nos: list[str]

    def size(self) -> int:
        return len(self.product_nos)


class Products(msgspec.Struct):
    products: list[Product]


def create(books: Books, at: datetime, body: ProductBody) -> Product:
    """Adds a product and links it to its warehouse; imported products are stock items unless told otherwise."""
    if body.product_no is UNSET or not body.product_no.strip():
        raise Refused(422, "field_missing", "a product needs a number", "product_no")
    if body.description is UNSET or not body.description.strip():
        raise Refused(422, "field_missing", "a product needs a description", "description")
    pk = len(books.held.products) + 1
    product = Product(pk=pk, product_no="", description="", vat_out=VAT_OUT, vat_in=VAT_IN)
    _fill(books, product, body)
    _require_free(books, product)
    return add(books, at, product)


def add(books: Books, at: datetime, product: Product) -> Product:
    """Puts a whole product into the register, whatever its number."""
    books.held.products.append(product)
    books.index_product(product)
    if product.use_store:
        link(books, product, product.default_warehouse)
    books.mark_changed(product, at)
    return product


def change(books: Books, at: datetime, product_no: str, body: ProductBody) -> Product:
    """Changes what the body names, the number too. A change that is refused leaves the product as it was."""
    product = books.product(product_no)
    changed = msgspec.structs.replace(product)
    for field in ("product_no", "description"):
        value = getattr(body, field)
        if value is not UNSET and not value.strip():
            raise Refused(422, "field_missing", f"a product needs a {field}", field)
    _fill(books, changed, body)
    if books.product_key(changed.product_no) != books.product_key(product.product_no):
        _require_free(books, changed)
    put_back(books, at, changed)
    if changed.properties and changed.product_no != product.product_no:
        _rename_main(books, product.product_no, changed.product_no)
    if changed.use_store:
        link(books, changed, changed.default_warehouse)
    return changed


def put_back(books: Books, at: datetime, product: Product) -> None:
    """Saves a whole product over the one with its internal number."""
    books.unindex_product(books.held.products[product.pk - 1])
    books.held.products[product.pk - 1] = product
    books.index_product(product)
    books.mark_changed(product, at)


def find(books: Books, keys: ProductLookup) -> Products:
    """Every product with one of the numbers, inactive ones too, in the order of the register."""
    found: dict[int, Product] = {}
    for product_no in keys.product_nos:
        for product in books.products_by_no(product_no):
            found[product.pk] = product
    return Products([found[pk] for pk in sorted(found)])


def link(books: Books, product: Product, warehouse: int) -> StockRow:
    """The product's row in a warehouse, made when there is none."""
    rows = books.held.stock.setdefault(product.pk, [])
    for row in rows:
        if row.warehouse == warehouse:
            return row
    row = StockRow(warehouse)
    rows.append(row)
    rows.sort(key=lambda other: other.warehouse)
    return row


def description_product(books: Books) -> Product:
    """The product that stands in for unknown ones; it was made with the company."""
    return books.held.products[0]


def _rename_main(books: Books, old: str, new: str) -> None:
    for other in books.held.products:
        if other.variant is not None and other.variant.main == old:
            other.variant = msgspec.structs.replace(other.variant, main=new)


def _require_free(books: Books, product: Product) -> None:
    if books.products_by_no(product.product_no):
        raise Refused(409, "product_no_taken", "a product has this number already", "product_no")


def _fill(books: Books, product: Product, body: ProductBody) -> None:
    text = books.text.text
    if body.product_no is not UNSET:
        product.product_no = text(body.product_no, PRODUCT_NO, "product_no")
    if body.description is not UNSET:
        product.description = text(body.description, DESCRIPTION_LENGTH, "description")
    for field, length in TEXTS.items():
        value = getattr(body, field)
        if value is not UNSET:
            setattr(product, field, text(value, length, field))
    for field, (digits, places) in DECIMALS.items():
        value = getattr(body, field)
        if value is not UNSET:
            setattr(product, field, number(value, digits, places, field))
    for field in REGISTERED:
        value = getattr(body, field)
        if value is not UNSET:
            books.lookups.check(field, value)
            setattr(product, field, value)
    for field in FLAGS:
        value = getattr(body, field)
        if value is not UNSET:
            setattr(product, field, value)
    _fill_variants(books, product, body)


def _fill_variants(books: Books, product: Product, body: ProductBody) -> None:
    if body.properties is not UNSET:
        if body.properties:
            _require_variants(books, "properties")
        if len(body.properties) > 2:
            raise Refused(422, "too_many_properties", "a product varies by two properties at most", "properties")
        product.properties = [
            books.text.text(name, PROPERTY_LENGTH, f"properties.{position}")
            for position, name in enumerate(body.properties)
        ]
    if body.varies_by is not UNSET:
        product.varies_by = list(dict.fromkeys(body.varies_by))
    if body.variant is not UNSET:
        product.variant = None if body.variant is None else _variant(books, product, body.variant)


def _variant(books: Books, product: Product, body: VariantBody) -> Variant:
    _require_variants(books, "variant")
    mains = books.products_by_no(body.main)
    if not mains or mains[0].pk == product.pk:
        raise Refused(422, "main_product_unknown", "the main product is not there", "variant.main")
    main = mains[0]
    if main.variant is not None or not main.properties:
        raise Refused(422, "main_product_wrong", "the main product has no properties to vary by", "variant.main")
    if (body.property2 is not None) != (len(main.properties) == 2):
        raise Refused(
            422, "property_missing", "a variant has a value for each of its main product's properties", "variant"
        )
    property1 = books.text.text(body.property1, PROPERTY_LENGTH, "variant.property1")
    property2 = body.property2
    if property2 is not None:
        property2 = books.text.text(property2, PROPERTY_LENGTH, "variant.property2")
    return Variant(main.product_no, property1, property2)


def _require_variants(books: Books, field: str) -> None:
    if books.options.edition != "E5":
        raise Refused(422, "variants_not_licensed", "variant products need edition E5", field)
