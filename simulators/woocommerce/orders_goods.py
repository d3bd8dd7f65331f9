"""What orders need of products: looked up by id or SKU, and their stock taken and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import php
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_model import Line, Order

if TYPE_CHECKING:
    from simulators.woocommerce.products import Sellable
    from simulators.woocommerce.shop import Shop
    from simulators.woocommerce.stock import StockMove

REDUCED = "_reduced_stock"
RESTOCKED = "_restock_refunded_items"


class Goods:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def of(self, line: Line) -> Sellable | None:
        """The line's product as it is now; the parent of a deleted variation, None when it is gone."""
        products = self._shop.products
        if line.variation_id:
            found = products.sellable(line.product_id, line.variation_id)
            if found is not None:
                return found
        return products.sellable(line.product_id) if line.product_id else None

    def tax_status(self, line: Line) -> str:
        product = self.of(line)
        return product.tax_status if product is not None else "taxable"

    def sent(self, order: Order) -> bool:
        """Whether anything in the order must be sent, or is not both virtual and downloadable."""
        for line in order.lines:
            product = self.of(line)
            if product is not None and not (product.virtual and product.downloadable):
                return True
        return False

    def find(self, id_: int) -> Sellable | None:
        """A product or variation by its id alone."""
        return self._shop.products.sellable(id_) if id_ > 0 else None

    def by_sku(self, sku: str) -> Sellable | None:
        return self.find(self._shop.products.by_sku(sku))

    # Stock

    def take(self, order: Order) -> None:
        """Take the order's goods from stock, each line once, and note it (`orders_lifecycle[14]`)."""
        moves = []
        for line in order.lines:
            if not _number(line, REDUCED):
                move = self._move(line, -line.quantity)
                if move is not None:
                    put(line, REDUCED, str(line.quantity), self._shop)
                    moves.append(move)
        if moves:
            self._note(order, "Stock levels reduced: ", moves)

    def forget_taken(self, order: Order) -> None:
        """Forget what the lines took, as a request does that read the order before another one took it."""
        for line in order.lines:
            line.meta = [row for row in line.meta if row.key != REDUCED]

    def give_back(self, order: Order) -> None:
        """Give back what the lines had taken, and note it."""
        moves = []
        for line in order.lines:
            taken = _number(line, REDUCED)
            move = self._move(line, taken) if taken else None
            if move is not None:
                line.meta = [row for row in line.meta if row.key != REDUCED]
                moves.append(move)
        if moves:
            self._note(order, "Stock levels increased: ", moves)

    def follow(self, order: Order, line: Line, quantity: int | None = None) -> None:
        """Bring the stock in line with a line that was changed through REST; a quantity of 0 is a line that goes away
        (`orders_update[4]`, `orders_update[7]`)."""
        wanted = line.quantity if quantity is None else quantity
        taken, restocked = _number(line, REDUCED), _number(line, RESTOCKED)
        change = -taken if wanted == 0 else wanted - restocked - taken
        if change and self._move(line, -change) is not None:
            put(line, REDUCED, str(wanted - restocked), self._shop)
            if wanted > 0:
                order.stock_reduced = True

    def restock(self, order: Order, line: Line, quantity: int) -> None:
        """Put refunded pieces back, also more than were bought (`orders_refunds_notes[17]`)."""
        taken = _number(line, REDUCED)
        move = self._move(line, quantity) if taken and quantity else None
        if move is not None:
            put(line, REDUCED, str(taken - quantity), self._shop)
            put(line, RESTOCKED, str(_number(line, RESTOCKED) + quantity), self._shop)
            text = f"Item #{line.product} stock increased from {move.before} to {move.after}."
            self._shop.notes.add(order.id, text)

    def count_sales(self, order: Order, sign: int) -> None:
        for line in order.lines:
            if line.product_id:
                self._shop.stock.sold(line.product_id, sign * abs(line.quantity))

    def _move(self, line: Line, change: int) -> StockMove | None:
        if not line.product_id or self.of(line) is None:
            return None
        return self._shop.stock.move(line.product_id, line.variation_id, change)

    def _note(self, order: Order, text: str, moves: list[StockMove]) -> None:
        listed = ", ".join(f"{move.name} ({move.before}&rarr;{move.after})" for move in moves)
        self._shop.notes.add(order.id, text + listed)


def put(line: Line, key: str, value: str, shop: Shop) -> None:
    """Set one of a line's meta data."""
    for row in line.meta:
        if row.key == key:
            row.value = value
            return
    line.meta = [*line.meta, Meta(shop.ids.item_meta.next(), key, value)]


def _number(line: Line, key: str) -> int:
    return next((php.to_int(row.value) for row in line.meta if row.key == key), 0)
