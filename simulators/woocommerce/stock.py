"""Stock: the rules that tie quantity and status, and what an order takes and gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.products_model import Product

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class StockMove(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one product's stock; order notes tell of it ("Vara (SKU) 10→9")."""

    name: str
    sku: str
    product_id: int
    before: int
    after: int


class Stock:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def holder(self, one: Product) -> Product | None:
        """Whose stock is counted for this thing: its own, its parent's, or none (`variations[33]`)."""
        if not self._shop.options.manage_stock:
            return None
        if one.manage_stock:
            return one
        parent = self._shop.products.shelf.get(one.parent) if one.type == "variation" else None
        return parent if parent is not None and parent.manage_stock else None

    def align(self, one: Product) -> None:
        """Bring quantity and status of a thing that is being saved into line (`products_simple[44]` to [48]).

        The quantity overrules the status; without managed stock there is no quantity; an unmanaged variable product
        takes its status from its variations (`variations[47]`), an unmanaged variation of a managed product from the
        product's stock (`variations[40]`).
        """
        holder = self.holder(one)
        if not one.manage_stock:
            one.stock, one.backorders, one.low_stock = None, "no", None
        if holder is not None:
            one.stock_status = self._status(holder)
        elif one.type == "variable":
            one.stock_status = self._status_of_children(one.id)

    def _status(self, holder: Product) -> str:
        if (holder.stock or 0) > self._shop.options.no_stock:
            return "instock"
        return "outofstock" if holder.backorders == "no" else "onbackorder"

    def _status_of_children(self, parent: int) -> str:
        found = {child.stock_status for child in self._shop.products.shelf.living(parent)}
        return next((status for status in ("instock", "onbackorder") if status in found), "outofstock")

    def hand_down(self, parent: Product) -> None:
        """Give the status of a variable product with managed stock to the variations without stock of their own."""
        shelf = self._shop.products.shelf
        if parent.type != "variable" or not parent.manage_stock:
            return
        for child in shelf.living(parent.id):
            if not child.manage_stock and child.stock_status != parent.stock_status:
                changed = shelf.draft(child)
                changed.stock_status = parent.stock_status
                shelf.put(changed)

    def move(self, product_id: int, variation_id: int, change: int) -> StockMove | None:
        """Change the stock that this product or variation draws on (its own or its parent's) by `change` pieces.

        None when stock is not managed there, the shop manages none, or the product is gone. Moves the product's (and
        the parent's) date_modified (`products_modified[34]`, `products_modified[68]`) and tells the listeners.
        """
        products = self._shop.products
        one = products.shelf.get(variation_id or product_id)
        holder = self.holder(one) if one is not None else None
        if one is None or holder is None:
            return None
        before = holder.stock or 0
        changed = products.shelf.draft(holder)
        changed.stock = before + change
        products.save(changed)
        sku, name = products.sku_of(one), products.name_of(one)
        return StockMove(name=name, sku=sku, product_id=one.id, before=before, after=before + change)

    def sold(self, product_id: int, quantity: int) -> None:
        """Count sold pieces in total_sales (negative when an order is taken back); moves no date."""
        one = self._shop.products.shelf.get(product_id)
        if one is not None:
            one.total_sales = max(0, one.total_sales + quantity)
