"""Stock: what each warehouse holds of each product, and what has been promised of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from simulators.mamut.books import Books
from simulators.mamut.errors import Refused
from simulators.mamut.products import ProductLookup, link
from simulators.mamut.records import Line, Product, StockMove, StockRow


class WarehouseStock(msgspec.Struct, frozen=True):
    """`available` is on hand less what is reserved (About_Warehouse.htm); it can be negative."""

    warehouse: int
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    on_purchase: Decimal


class ProductStock(msgspec.Struct, frozen=True):
    product_no: str
    warehouses: list[WarehouseStock]


class StockLevels(msgspec.Struct, frozen=True):
    stock: list[ProductStock]


class StockPage(msgspec.Struct, frozen=True):
    stock: list[ProductStock]
    total: int
    offset: int
    limit: int


def of_product(books: Books, product: Product) -> ProductStock:
    rows = books.held.stock.get(product.pk, ())
    return ProductStock(
        product.product_no,
        [
            WarehouseStock(row.warehouse, row.on_hand, row.reserved, row.on_hand - row.reserved, row.on_purchase)
            for row in rows
        ],
    )


def find(books: Books, keys: ProductLookup) -> StockLevels:
    """Stock of the products asked for; those that keep none, or do not exist, are absent."""
    found: dict[int, Product] = {}
    for product_no in keys.product_nos:
        for product in books.products_by_no(product_no):
            if product.use_store:
                found[product.pk] = product
    return StockLevels([of_product(books, found[pk]) for pk in sorted(found)])


def page(books: Books, offset: int, limit: int) -> StockPage:
    """Stock items by the order of the register. `total` counts all products, since the offset runs over them all."""
    products = books.held.products[offset : offset + limit]
    levels = [of_product(books, product) for product in products if product.use_store]
    return StockPage(levels, len(books.held.products), offset, limit)


def reserve(books: Books, line: Line, qty: Decimal) -> None:
    """Promises that much more (or less) of the line's product, if it is one that keeps stock."""
    row = _row(books, line)
    if row is not None:
        row.reserved += qty


def move(books: Books, at: datetime, line: Line, qty: Decimal, cause: str) -> None:
    """Takes `qty` of the line's product out of its warehouse; a negative quantity comes back in."""
    row = _row(books, line)
    if row is None:
        return
    row.on_hand -= qty
    books.held.moves.append(StockMove(at, line.product_no, row.warehouse, -qty, cause))


def require_enough(books: Books, line: Line, qty: Decimal, field: str) -> None:
    """Raises Refused (`stock_too_low`) where the company lets no stock go below nought."""
    row = _row(books, line)
    if row is not None and not books.quirks.negative_stock and row.on_hand < qty:
        raise Refused(422, "stock_too_low", "there is not enough in the warehouse", field)


def count(books: Books, at: datetime, product: Product, warehouse: int, on_hand: Decimal, cause: str) -> StockRow:
    """Sets what is in the warehouse, as after a stock count."""
    row = link(books, product, warehouse)
    books.held.moves.append(StockMove(at, product.product_no, warehouse, on_hand - row.on_hand, cause))
    row.on_hand = on_hand
    return row


def _row(books: Books, line: Line) -> StockRow | None:
    if not line.stock_item or line.warehouse is None:
        return None
    return link(books, holder(books, books.held.products[line.product_id - 1]), line.warehouse)


def holder(books: Books, product: Product) -> Product:
    """Whose stock a product draws on: a variant that does not vary in stock has none of its own (assumed)."""
    if product.variant is None:
        return product
    main = books.product(product.variant.main)
    return product if "stock" in main.varies_by else main
