"""What a webhook is, which topics there are, and how a delivery is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac

import msgspec

STATUSES = ("active", "paused", "disabled")

HOOKS: dict[str, tuple[str, ...]] = {
    "coupon.created": ("woocommerce_process_shop_coupon_meta", "woocommerce_new_coupon"),
    "coupon.updated": ("woocommerce_process_shop_coupon_meta", "woocommerce_update_coupon"),
    "coupon.deleted": ("wp_trash_post",),
    "coupon.restored": ("untrashed_post",),
    "customer.created": ("user_register", "woocommerce_created_customer", "woocommerce_new_customer"),
    "customer.updated": ("profile_update", "woocommerce_update_customer"),
    "customer.deleted": ("delete_user",),
    "customer.restored": (),
    "order.created": ("woocommerce_new_order",),
    "order.updated": ("woocommerce_update_order", "woocommerce_order_refunded"),
    "order.deleted": ("wp_trash_post", "woocommerce_trash_order"),
    "order.restored": ("untrashed_post", "woocommerce_untrash_order"),
    "product.created": (
        "woocommerce_process_product_meta",
        "woocommerce_new_product",
        "woocommerce_new_product_variation",
    ),
    "product.updated": (
        "woocommerce_process_product_meta",
        "woocommerce_update_product",
        "woocommerce_update_product_variation",
    ),
    "product.deleted": ("wp_trash_post",),
    "product.restored": ("untrashed_post",),
}
"""All topics of things, with the hooks of WordPress that set them off (`webhooks[0]` to [11])."""

_FORBIDDEN = frozenset(
    {
        "action.woocommerce_login_credentials",
        "action.woocommerce_product_csv_importer_check_import_file_path",
        "action.woocommerce_webhook_should_deliver",
    }
)


class Webhook(msgspec.Struct, kw_only=True):
    """One webhook. `failures` in a row are counted up to 6; the next one disables it (`webhooks[80]`)."""

    id: int
    name: str
    topic: str
    delivery_url: str
    secret: str
    user_id: int
    created: int
    modified: int | None = None
    status: str = "active"
    failures: int = 0

    @property
    def resource(self) -> str:
        return self.topic.partition(".")[0]

    @property
    def event(self) -> str:
        return self.topic.partition(".")[2]

    @property
    def hooks(self) -> tuple[str, ...]:
        return (self.event,) if self.resource == "action" else HOOKS.get(self.topic, ())


class Delivery(msgspec.Struct, frozen=True):
    """One request the shop makes: exact bytes and headers in their order, without Host, Connection and length."""

    id: int
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    webhook_id: int
    ping: bool = False


def valid_topic(topic: str) -> bool:
    if topic in _FORBIDDEN:
        return False
    resource, _, event = topic.partition(".")
    return topic in HOOKS or (resource == "action" and bool(event))


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 over the exact bytes of the body, in base64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
