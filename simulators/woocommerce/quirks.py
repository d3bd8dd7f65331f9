"""Known faults of other WooCommerce versions, plugins and hosts, as switches. All are off in the recorded shop.

woo#N is woocommerce/woocommerce/issues/N. A share is the part, 0 to 1, of the requests (or changes) it concerns that it
strikes, drawn by the shop's seed. What they do is in quirks_work.py.
"""

from __future__ import annotations

import msgspec


class Quirks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field a fault; the default is always the recorded shop's behaviour.

    `modified_stays`: share of changes of an order after which its date_modified is what it was, so that no
        `modified_after` finds it (woo#34798, woo#28969; payment plugins).
    `viewing_modifies`: reading a single order moves its date_modified (woo#41226).
    `sku_error_after_create`: share of products made with a SKU that answer 400 product_invalid_sku although the product
        is there now (woo#24651).
    `notice_before_json`: share of answers with a notice of PHP before the JSON (woo#20565).
    `html_with_200`: share of answers that are a page of HTML with status 200; the work was done.
    `blocked_by_firewall`: share of requests that a firewall in front refuses with 403 and HTML; nothing was done.
    `unsteady_ties`: orders of the same second come in another order at each request, so that pages have holes and
        doubles (woo#33386, woo#11635).
    `gmt_ignored`: dates_are_gmt does nothing (woo#37809).
    `webhook_repeats`: each delivery comes this many times more, and changes are not merged (woo#27066).
    `webhooks_lost`: share of deliveries that are never made though the webhook says active (woo#8876).
    `double_orders`: share of orders of the shop window that are there twice: same goods, same payment, another number
        (woo#62659; a payment company's answer that comes twice).
    `races`: share of requests that overlap with another one and miss what it does: lost updates, stock taken twice, the
        last piece sold twice (races.py). The recorded shop had them too; here they are off so that a step is whole.
    """

    modified_stays: float = 0.0
    viewing_modifies: bool = False
    sku_error_after_create: float = 0.0
    notice_before_json: float = 0.0
    html_with_200: float = 0.0
    blocked_by_firewall: float = 0.0
    unsteady_ties: bool = False
    gmt_ignored: bool = False
    webhook_repeats: int = 0
    webhooks_lost: float = 0.0
    double_orders: float = 0.0
    races: float = 0.0
