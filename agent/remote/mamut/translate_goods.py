"""From Mamut's wire shapes of articles, stock, prices and documents after the transfer to the model. Pure."""

from __future__ import annotations

from agent.model.goods import (
    ArticleCard,
    CategoryPrice,
    DeliveryLine,
    DocumentState,
    OpenItem,
    Parcel,
    PriceCard,
    StockCard,
    VariantOf,
    WarehouseLevel,
)
from agent.model.shop_item import ArticleFields
from agent.remote.mamut.shapes_goods import ArticleShape, ItemShape, PriceShape, StateShape, StockShape
from agent.remote.mamut.translate import header


def article(shape: ArticleShape) -> ArticleCard:
    variant = None
    if shape.variant is not None:
        own = shape.variant
        variant = VariantOf(main=own.main, property1=own.property1, property2=own.property2 or "")
    return ArticleCard(
        pk=shape.pk,
        product_no=shape.product_no,
        description=shape.description,
        text=shape.text,
        unit=shape.unit,
        weight=shape.weight,
        ean=shape.ean,
        vat_code=shape.vat_out or 0,
        group=shape.group,
        subgroup=shape.subgroup,
        price_out=shape.price_out,
        inactive=shape.inactive,
        keeps_stock=shape.use_store,
        web=shape.web,
        variant=variant,
        properties=shape.properties,
        varies_by=shape.varies_by,
    )


_NAMES_ON_THE_WIRE = {"vat_code": "vat_out", "keeps_stock": "use_store"}


def article_body(fields: ArticleFields) -> dict[str, object]:
    """What is given and nothing else: a field that is left out stays."""
    body: dict[str, object] = {}
    for name in fields.__struct_fields__:
        value = getattr(fields, name)
        if value is None:
            continue
        if isinstance(value, VariantOf):
            value = {"main": value.main, "property1": value.property1, "property2": value.property2 or None}
        body[_NAMES_ON_THE_WIRE.get(name, name)] = value
    return body


def stock(shape: StockShape) -> StockCard:
    levels = [
        WarehouseLevel(warehouse=row.warehouse, on_hand=row.on_hand, reserved=row.reserved, on_purchase=row.on_purchase)
        for row in shape.warehouses
    ]
    return StockCard(product_no=shape.product_no, levels=tuple(levels))


def price(shape: PriceShape) -> PriceCard:
    categories = [
        CategoryPrice(
            category=row.category,
            price=row.price,
            percent=row.percent,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in shape.categories
    ]
    return PriceCard(product_no=shape.product_no, price_out=shape.price_out, categories=tuple(categories))


def state(shape: StateShape) -> DocumentState:
    return DocumentState(
        order_no=shape.order_no,
        external_no=shape.external_no or "",
        kind=shape.kind,
        status=shape.status,
        total=shape.total,
        parent=shape.parent,
        children=shape.children,
        invoice_no=shape.invoice_no,
        custid=shape.custid,
        lines=tuple(
            DeliveryLine(product_no=row.product_no, ordered=row.qty, delivered=row.delivered, stock_item=row.stock_item)
            for row in shape.lines
        ),
        parcels=tuple(Parcel(carrier=row.carrier, number=row.number, url=row.url) for row in shape.tracking),
        header=header(shape),
    )


def item(shape: ItemShape) -> OpenItem:
    return OpenItem(invoice_no=shape.invoice_no, amount=shape.amount, remaining=shape.remaining)
