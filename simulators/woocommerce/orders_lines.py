"""Lines of an order made, changed and removed through REST, with WooCommerce's leniency and its refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from simulators.woocommerce import fatal, meta, php
from simulators.woocommerce.call import Body, Call, Json, RestError
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_goods import Goods
from simulators.woocommerce.orders_model import TAKES_STOCK, Fee, Line, Order, Shipping
from simulators.woocommerce.orders_money import clean, text_of, to_float
from simulators.woocommerce.products_text import slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Sellable
    from simulators.woocommerce.shop import Shop

_NULLS = ("product_id", "method_id", "method_title", "name", "code")
_CONTROLLER = f"{fatal.V3}class-wc-rest-orders-controller.php"
_CRUD = f"{fatal.V3}class-wc-rest-crud-controller.php"

T = TypeVar("T", Line, Fee, Shipping)


class LineWriter:
    """Writes lines into an order that is being edited; a new one's id comes when the whole order is saved."""

    def __init__(self, shop: Shop, goods: Goods) -> None:
        self._shop = shop
        self._goods = goods

    def write(self, call: Call, order: Order) -> None:
        """Apply line_items, shipping_lines and fee_lines of a call.

        Raises:
            RestError: for an unknown line id or a line without product, method or name; 500 for a quantity of 0 or a
                null in a line without id (`orders_create[22]`).
        """
        for sent in _objects(call.args.get("line_items")):
            if self._goes(sent):
                line = _found(order.lines, call, "line_items", sent)
                self._goods.follow(order, line, 0)
                order.lines = [one for one in order.lines if one is not line]
            else:
                self._line(order, sent)
        for sent in _objects(call.args.get("shipping_lines")):
            if self._goes(sent):
                gone = _found(order.shippings, call, "shipping_lines", sent)
                order.shippings = [one for one in order.shippings if one is not gone]
            else:
                self._shipping(order, sent)
        for sent in _objects(call.args.get("fee_lines")):
            if self._goes(sent):
                fee = _found(order.fees, call, "fee_lines", sent)
                order.fees = [one for one in order.fees if one is not fee]
            else:
                self._fee(order, sent)

    @staticmethod
    def _goes(sent: Body) -> bool:
        """A null in one of these fields, or no piece at all, takes the line away (`orders_update[6]`)."""
        if any(name in sent and sent[name] is None for name in _NULLS):
            return True
        return sent.get("quantity") == 0 and isinstance(sent.get("quantity"), int)

    # Goods

    def _line(self, order: Order, sent: Body) -> None:
        if php.to_int(sent.get("id")):
            line = _known(order.lines, sent)
            product = self._product(sent, required=False)
            if product is not None:
                self._set_product(line, product)
            self._set_amounts(line, sent)
            self._set_meta(line, sent)
            self._goods.follow(order, line)
            return
        product = self._product(sent, required=True)
        line = Line(0)
        if product is not None:
            self._set_product(line, product)
            quantity = php.to_int(sent["quantity"]) if sent.get("quantity") is not None else 1
            cost = text_of(self._cost(product, quantity))
            line.total = line.subtotal = cost
        self._set_amounts(line, sent)
        self._set_meta(line, sent)
        order.lines = [*order.lines, line]

    def _product(self, sent: Body, *, required: bool) -> Sellable | None:
        """The product a line names: a SKU beats an id, a variation beats its product; an unknown one is no error
        (`orders_create[28]`, `orders_create[37]`)."""
        sku, product_id, variation_id = (sent.get(name) for name in ("sku", "product_id", "variation_id"))
        if not _empty(sku):
            return self._goods.by_sku(php.to_str(sku))
        if not _empty(variation_id):
            return self._goods.find(php.to_int(variation_id))
        if not _empty(product_id):
            return self._goods.find(php.to_int(product_id))
        if required:
            text = "Product ID or SKU is required."
            raise RestError("woocommerce_rest_required_product_reference", text, 400)
        return None

    def _set_product(self, line: Line, product: Sellable) -> None:
        line.product_id, line.variation_id = product.product_id, product.variation_id
        line.name, line.tax_class = product.name, product.tax_class
        line.kept = None
        if product.variation_id:
            for name, _label, value, _text in product.attributes:
                line.meta = _with(line.meta, attribute_key(name), value)

    def _cost(self, product: Sellable, quantity: int) -> float:
        price = float(product.price) if product.price is not None else 0.0
        return self._shop.settings.rules().without_tax(
            price, quantity, taxable=product.tax_status == "taxable", tax_class=product.tax_class
        )

    def _set_amounts(self, line: Line, sent: Body) -> None:
        if sent.get("name") is not None:
            line.name = php.to_str(sent["name"])
        if sent.get("quantity") is not None:
            line.quantity = php.to_int(sent["quantity"])
        if sent.get("total") is not None:
            line.total = _amount(sent["total"])
            if not to_float(line.subtotal) or to_float(line.subtotal) < to_float(line.total):
                line.subtotal = line.total
        if sent.get("subtotal") is not None:
            line.subtotal = _amount(sent["subtotal"])
        if sent.get("tax_class") is not None:
            line.tax_class = self._tax_class(sent, "product")

    def _tax_class(self, sent: Body, kind: str) -> str:
        name = php.to_str(sent["tax_class"])
        if name and name not in self._shop.settings.rules().classes:
            raise RestError(f"order_item_{kind}_invalid_tax_class", "Invalid tax class", 400)
        return name

    def _set_meta(self, item: Line | Fee | Shipping, sent: Body) -> None:
        if sent.get("meta_data"):
            item.meta = [Meta(row.id, row.key, row.value) for row in item.meta]
            meta.apply(item.meta, sent["meta_data"], self._shop.ids.item_meta)

    # Shipping and fees

    def _shipping(self, order: Order, sent: Body) -> None:
        if php.to_int(sent.get("id")):
            line = _known(order.shippings, sent)
        else:
            if _empty(sent.get("method_id")):
                raise RestError("woocommerce_rest_invalid_shipping_item", "Shipping method ID is required.", 400)
            line = Shipping(0)
            order.shippings = [*order.shippings, line]
        for name in ("method_id", "method_title", "instance_id"):
            if sent.get(name) is not None:
                setattr(line, name, php.to_str(sent[name]))
        if sent.get("total") is not None:
            line.total = _amount(sent["total"])
        self._set_meta(line, sent)

    def _fee(self, order: Order, sent: Body) -> None:
        if php.to_int(sent.get("id")):
            fee = _known(order.fees, sent)
        else:
            if _empty(sent.get("name")):
                raise RestError("woocommerce_rest_invalid_fee_item", "Fee name is required.", 400)
            fee = Fee(0)
            order.fees = [*order.fees, fee]
        if sent.get("name") is not None:
            fee.name = php.to_str(sent["name"])
        if sent.get("tax_class") is not None:
            fee.tax_class = self._tax_class(sent, "fee")
        if sent.get("tax_status") is not None:
            fee.tax_status = "none" if sent["tax_status"] == "none" else "taxable"
        if sent.get("total") is not None:
            fee.total = _amount(sent["total"])
        self._set_meta(fee, sent)

    # After the order is saved

    def number(self, order: Order) -> None:
        """Give new lines their ids, goods first, then shipping and fees as WooCommerce saves them."""
        series = self._shop.ids.order_items
        kinds: tuple[Sequence[Line | Shipping | Fee], ...] = (order.lines, order.shippings, order.fees)
        for lines in kinds:
            for line in lines:
                if not line.id:
                    line.id = series.next()
                    _number_meta(line, self._shop)

    def take_new(self, order: Order, before: set[int]) -> None:
        """Lines added to an order that holds stock take theirs too (`orders_update[2]`)."""
        if order.status in TAKES_STOCK:
            for line in order.lines:
                if line.id not in before:
                    self._goods.follow(order, line)


def _number_meta(line: Line | Fee | Shipping, shop: Shop) -> None:
    """A line's own values take rows of the same table before and after its meta data; leave them their numbers."""
    own = 9 if isinstance(line, Line) else 5
    for row in line.meta:
        if not row.id:
            row.id = shop.ids.item_meta.next()
    shop.ids.item_meta.last += own


def attribute_key(name: str) -> str:
    """The key under which a variation's attribute stands on a line: its slug."""
    return name if name.startswith("pa_") else slug_of(name)


def _with(rows: list[Meta], key: str, value: str) -> list[Meta]:
    kept = [Meta(row.id, row.key, row.value) for row in rows if row.key != key]
    old = next((row.id for row in rows if row.key == key), 0)
    return [*kept, Meta(old, key, value)]


def _empty(value: Json) -> bool:
    """empty() of PHP."""
    return not value or value == "0"


def _amount(value: Json) -> str:
    return text_of(value) if isinstance(value, float) else clean(php.to_str(value))


def _objects(value: Json) -> list[Body]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _known(items: list[T], sent: Body) -> T:
    wanted = abs(php.to_int(sent.get("id")))
    for item in items:
        if item.id == wanted:
            return item
    text = "Order item ID provided is not associated with order."
    raise RestError("woocommerce_rest_invalid_item_id", text, 400)


def _found(items: list[T], call: Call, kind: str, sent: Body) -> T:
    """The line to remove. Without an id PHP stops: remove_item wants a whole number."""
    if sent.get("id") is not None:
        return _known(items, sent)
    create = not call.id()
    flag, handler, line = ("true", "create_item", 205) if create else ("false", "update_item", 259)
    message = (
        "Uncaught TypeError: WC_REST_Orders_Controller::remove_item(): Argument #3 ($item_id) must be of type int, "
        f"null given, called in {_CONTROLLER} on line 144 and defined in {_CONTROLLER}:219"
    )
    frames = [
        f"{_CONTROLLER}(144): WC_REST_Orders_Controller->remove_item(Object(WC_Order), '{kind}', NULL)",
        f"{_CONTROLLER}(259): WC_REST_Orders_Controller->prepare_object_for_database(Object(WP_REST_Request), {flag})",
        f"{_CRUD}({line}): WC_REST_Orders_Controller->save_object(Object(WP_REST_Request), {flag})",
    ]
    owner = "WC_REST_CRUD_Controller" if create else "WC_REST_Orders_Controller"
    raise fatal.error(call, message, _CONTROLLER, 219, frames, f"{owner}->{handler}")
