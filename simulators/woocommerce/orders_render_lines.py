"""Lines of orders and refunds as the REST API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import meta, php
from simulators.woocommerce.call import Body, RestError
from simulators.woocommerce.orders_model import CouponLine, Fee, Line, Shipping, TaxLine
from simulators.woocommerce.orders_money import shown, to_float
from simulators.woocommerce.products_markup import kses
from simulators.woocommerce.products_text import clean, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Sellable
    from simulators.woocommerce.shop import Shop


class LineRenderer:
    def __init__(self, shop: Shop, places: int) -> None:
        self._shop = shop
        self._places = places

    def goods(self, line: Line) -> Body:
        places = self._places
        product, product_id, variation_id = self.product(line)
        body: Body = {
            "id": line.id,
            "name": line.name,
            "product_id": product_id,
            "variation_id": variation_id,
            "quantity": line.quantity,
            "tax_class": line.tax_class,
            "subtotal": shown(line.subtotal, places),
            "subtotal_tax": shown(line.subtotal_tax, places),
            "total": shown(line.total, places),
            "total_tax": shown(line.total_tax, places),
            "taxes": [
                {"id": id_, "total": shown(total, places), "subtotal": shown(subtotal, places)}
                for id_, total, subtotal in line.taxes
            ],
            "meta_data": line_meta(line.meta, product) if line.meta else [],
            "sku": product.sku if product else None,
            "global_unique_id": product.gtin if product else None,
            "price": php.number(to_float(line.total) / line.quantity) if line.quantity else 0,
            "image": _image(product),
            "parent_name": product.parent_name if product else None,
        }
        if line.kept is not None and product is None:
            body.update(line.kept)
        return body

    def product(self, line: Line) -> tuple[Sellable | None, int, int]:
        """The line's product as it is today, and the ids to show: a deleted variation leaves its parent, a deleted
        product 0 (`orders_update[44]`)."""
        products = self._shop.products
        if line.variation_id:
            found = products.sellable(line.product_id, line.variation_id)
            if found is not None:
                return found, line.product_id, line.variation_id
        found = products.sellable(line.product_id) if line.product_id else None
        return found, line.product_id if found else 0, 0

    def tax(self, line: TaxLine) -> Body:
        return {
            "id": line.id,
            "rate_code": line.rate_code,
            "rate_id": line.rate_id,
            "label": line.label,
            "compound": line.compound,
            "tax_total": shown(line.tax_total, self._places),
            "shipping_tax_total": shown(line.shipping_tax_total, self._places),
            "rate_percent": php.number(line.percent),
            "meta_data": line_meta(line.meta, None) if line.meta else [],
        }

    def _other_taxes(self, item: Fee | Shipping) -> list[Body]:
        return [{"id": id_, "total": shown(total, self._places), "subtotal": ""} for id_, total, _ in item.taxes]

    def shipping(self, line: Shipping) -> Body:
        return {
            "id": line.id,
            "method_title": line.method_title,
            "method_id": line.method_id,
            "instance_id": line.instance_id,
            "total": shown(line.total, self._places),
            "total_tax": shown(line.total_tax, self._places),
            "taxes": self._other_taxes(line),
            "tax_status": line.tax_status,
            "meta_data": line_meta(line.meta, None) if line.meta else [],
        }

    def fee(self, fee: Fee) -> Body:
        return {
            "id": fee.id,
            "name": fee.name,
            "tax_class": fee.tax_class,
            "tax_status": fee.tax_status,
            "amount": fee.amount,
            "total": shown(fee.total, self._places),
            "total_tax": shown(fee.total_tax, self._places),
            "taxes": self._other_taxes(fee),
            "meta_data": line_meta(fee.meta, None) if fee.meta else [],
        }

    def coupon(self, line: CouponLine) -> Body:
        kind, amount, free = _coupon_info(line)
        return {
            "id": line.id,
            "code": line.code,
            "discount": line.discount,
            "discount_tax": line.discount_tax,
            "meta_data": line_meta(line.meta, None),
            "discount_type": kind,
            "nominal_amount": amount,
            "free_shipping": free,
        }


def _image(product: Sellable | None) -> Body:
    """The id of a product's image is a text, "" without one; a variation's is a number (`orders_create[69]`)."""
    if product is None:
        return {"id": 0, "src": ""}
    if product.variation_id:
        return {"id": product.image_id, "src": product.image_src}
    return {"id": str(product.image_id) if product.image_id else "", "src": product.image_src}


def _coupon_info(line: CouponLine) -> tuple[str, int | float, bool]:
    """What a coupon line says of its coupon; a type of null means fixed_cart (`orders_create[41]`)."""
    for row in line.meta:
        if row.key == "coupon_info" and isinstance(row.value, str):
            try:
                info = php.decode(row.value.encode())
            except RestError:
                break
            kind = info[2] if len(info) > 2 and info[2] else "fixed_cart"
            return kind, php.number(php.to_float(info[3] if len(info) > 3 else 0)), bool(len(info) > 4 and info[4])
    return "fixed_cart", 0, False


def line_meta(rows: list[meta.Meta], product: Sellable | None) -> list[Body]:
    """A line's meta data with its texts for people; a row without a value keeps its key (`orders_create[35]`)."""
    shown_rows = []
    for row in rows:
        key, value = row.key, row.value
        label, text = key, value
        if isinstance(value, str) and value != "":
            label, text = _label(key, value, product)
        shown_rows.append({"id": row.id, "key": key, "value": value, "display_key": label, "display_value": text})
    return shown_rows


def _label(key: str, value: str, product: Sellable | None) -> tuple[str, str]:
    label, text = key, value
    if product is not None and product.attributes:
        slug = slug_of(key)
        for name, title, of_term, term in product.attributes:
            if slug_of(name) == slug:
                label = title
                if of_term == value:
                    text = term
    return _clean(label), _clean(text)


def _clean(text: str) -> str:
    return clean(kses(text))
