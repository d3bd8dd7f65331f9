"""A coupon: what it gives, to whom and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.call import Json
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_money import shown, to_float
from simulators.woocommerce.php import number

if TYPE_CHECKING:
    from simulators.woocommerce.products import Sellable


def code_of(text: str) -> str:
    """The form in which codes are kept and compared: small letters (`orders_create[0]`)."""
    return text.strip().lower()


class Coupon(msgspec.Struct):
    """`amount`, `minimum` and `maximum` are texts as they were typed; `expires` is a moment; limits are 0 for none."""

    id: int
    code: str
    created: int
    modified: int
    amount: str = "0"
    discount_type: str = "fixed_cart"
    description: str = ""
    status: str = "publish"
    expires: int | None = None
    individual_use: bool = False
    product_ids: list[int] = []
    excluded_product_ids: list[int] = []
    usage_limit: int = 0
    usage_limit_per_user: int = 0
    limit_items: int = 0
    free_shipping: bool = False
    category_ids: list[int] = []
    excluded_category_ids: list[int] = []
    exclude_sale_items: bool = False
    minimum: str = ""
    maximum: str = ""
    emails: list[str] = []
    used_by: list[str] = []
    meta: list[Meta] = []

    def short_info(self) -> str:
        """What an order keeps of the coupon: a JSON list; fixed_cart is null there (`orders_create[41]`)."""
        kind = None if self.discount_type == "fixed_cart" else self.discount_type
        info: list[Json] = [self.id, self.code, kind, number(to_float(self.amount))]
        if self.free_shipping:
            info.append(True)
        return msgspec.json.encode(info).decode().replace("/", "\\/")

    def fits(self, product: Sellable | None) -> bool:
        """Whether a coupon on products (percent, fixed_product) is for this one."""
        if product is None:
            return False
        ids = {product.product_id, product.variation_id} - {0}
        categories = set(product.category_ids)
        if self.product_ids or self.category_ids:
            named = ids.intersection(self.product_ids) or categories.intersection(self.category_ids)
        else:
            named = ids
        if not named or ids.intersection(self.excluded_product_ids):
            return False
        if categories.intersection(self.excluded_category_ids):
            return False
        return not (self.exclude_sale_items and product.on_sale)

    def fault(self, now: int, subtotal: float, products: list[Sellable], user: int | str) -> str:
        """Why the coupon cannot be applied, in the shop's words; "" when it can."""
        name = f"&quot;{self.code}&quot;"
        uses = self.used_by.count(str(user))
        checks = (
            (bool(self.usage_limit) and len(self.used_by) >= self.usage_limit,
             f"Usage limit for coupon {name} has been reached."),
            (bool(self.usage_limit_per_user) and bool(user) and uses >= self.usage_limit_per_user,
             f"Usage limit for coupon {name} has been reached."),
            (self.expires is not None and now > self.expires, f"Coupon {name} has expired."),
            (to_float(self.minimum) > 0 and to_float(self.minimum) > subtotal,
             f"The minimum spend for coupon {name} is {shown(self.minimum, 2)}."),
            (to_float(self.maximum) > 0 and to_float(self.maximum) < subtotal,
             f"The maximum spend for coupon {name} is {shown(self.maximum, 2)}."),
            (not self._for_any(products), f"Sorry, coupon {name} is not applicable to selected products."),
            (self.discount_type == "fixed_cart" and self.exclude_sale_items and any(one.on_sale for one in products),
             f"Sorry, coupon {name} is not valid for sale items."),
        )  # fmt: skip
        return next((text for wrong, text in checks if wrong), "")

    def _for_any(self, products: list[Sellable]) -> bool:
        if self.discount_type == "fixed_cart":
            if not self.product_ids and not self.category_ids:
                return True
            return any(
                {one.product_id, one.variation_id}.intersection(self.product_ids)
                or set(one.category_ids).intersection(self.category_ids)
                for one in products
            )
        return not products or any(self.fits(one) for one in products)
