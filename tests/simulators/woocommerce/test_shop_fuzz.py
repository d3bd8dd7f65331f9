"""Nonsense for every route of the simulated shop: it answers like a shop, whatever comes, and goes on."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.http import Request, Response
from simulators.woocommerce.call import Arg
from simulators.woocommerce.options import READ_WRITE, ShopOptions
from simulators.woocommerce.plugins import Klarna, Nets, PayPal, Plugins, Svea
from simulators.woocommerce.shop import Shop

V3 = "/wp-json/wc/v3"
OPTIONS = ShopOptions(plugins=Plugins(klarna=Klarna(), nets=Nets(), svea=Svea(), paypal=PayPal(), tracking="ast"))
COLOUR = {"name": "Färg", "options": ["Röd"], "variation": True}
CONTENT: list[tuple[str, Any]] = [
    ("/products", {"name": "Vara", "sku": "A-1", "regular_price": "100", "manage_stock": True, "stock_quantity": 9}),
    ("/products", {"name": "Tröja", "type": "variable", "attributes": [COLOUR]}),
    ("/products/12/variations", {"regular_price": "50", "attributes": [{"name": "Färg", "option": "Röd"}]}),
    ("/customers", {"email": "kund@kund.example"}),
    ("/coupons", {"code": "tio", "amount": "10", "discount_type": "percent"}),
    ("/webhooks", {"topic": "order.updated", "delivery_url": "http://receiver.example/"}),
    ("/orders", {"status": "processing", "customer_id": 2, "line_items": [{"product_id": 11, "quantity": 2}]}),
    ("/orders/15/refunds", {"amount": "10", "api_refund": False}),
    ("/orders/15/notes", {"note": "hej"}),
]


def _shop() -> Shop:
    shop = Shop(OPTIONS, lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    for path, body in CONTENT:
        assert _send(shop, "POST", V3 + path, json.dumps(body).encode()).status == 201
    return shop


def _send(
    shop: Shop, method: str, path: str, body: bytes = b"", kind: str = "application/json", more: str = ""
) -> Response:
    keys = urlencode({"consumer_key": READ_WRITE.consumer_key, "consumer_secret": READ_WRITE.consumer_secret})
    headers = {"content-type": kind} if kind else {}
    query = f"{keys}&{more}" if more else keys
    return shop.handle(Request(method=method, path=path, query=query, headers=headers, body=body, scheme="https"))


def _names(args: Any) -> set[str]:
    """All names that any argument or property has, so that nonsense comes under names that mean something."""
    found: set[str] = set()
    for name, arg in args.items():
        found.add(name)
        if isinstance(arg, Arg):
            found |= _names(arg.properties)
            if arg.items is not None:
                found |= _names(arg.items.properties)
    return found


ROUTES = Shop(OPTIONS).router.routes
NAMES = sorted(set().union(*(_names(end.args) for route in ROUTES for end in route.endpoints)) | {"create", "delete"})
IDS = st.sampled_from(["1", "2", "0", "11", "12", "13", "14", "15", "16", "999", "99999999999999999999", "x", "a" * 32])
WORDS = st.sampled_from(
    [
        "",
        "publish",
        "completed",
        "trash",
        "any",
        "2026-11-23T10:00:00",
        "1e999",
        "-1",
        "0",
        "7.5",
        "true",
        "tio",
        "SE",
        "11",
    ]
)
TEXTS = st.one_of(WORDS, st.text(max_size=12), st.sampled_from(["å" * 300, "\x00", "' OR 1=1 --", "<b>x</b>", "💥"]))
NUMBERS = st.one_of(st.integers(-3, 20), st.sampled_from([2**31, -(2**63), 2**64, 10**30, 0.5, -1.5, 1e308]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=4)), inner, max_size=4),
    ),
    max_leaves=8,
)


ADDRESS = {"first_name": "Åsa", "last_name": "Öberg", "country": "SE", "postcode": "903 26", "email": "a@kund.example"}
ROW = {"id": 1, "key": "k", "value": "v"}
PRODUCT = {
    "name": "Vara", "sku": "B-1", "type": "simple", "status": "publish", "regular_price": "100", "sale_price": "80",
    "date_on_sale_from": "2026-11-20T00:00:00", "date_on_sale_to": "2026-12-20T00:00:00", "manage_stock": True,
    "stock_quantity": 4, "backorders": "notify", "weight": "1.5", "dimensions": {"length": "1", "width": "2"},
    "categories": [{"id": 15}], "tags": [{"id": 16}], "images": [{"src": "http://x.example/a.jpg", "name": "a"}],
    "attributes": [COLOUR], "default_attributes": [{"name": "Färg", "option": "Röd"}], "meta_data": [ROW],
    "upsell_ids": [11], "cross_sell_ids": [12], "grouped_products": [11], "downloads": [{"name": "x", "file": "http://x"}],
    "tax_class": "reduced-rate", "shipping_class": "x", "menu_order": 1, "date_created": "2026-11-20T00:00:00",
}  # fmt: skip
ORDER = {
    "status": "processing", "currency": "SEK", "customer_id": 2, "billing": ADDRESS, "shipping": ADDRESS,
    "payment_method": "klarna_payments", "transaction_id": "t", "set_paid": True, "customer_note": "hej",
    "line_items": [{"id": 1, "product_id": 11, "variation_id": 13, "quantity": 2, "total": "10", "subtotal": "12",
                    "sku": "A-1", "name": "x", "tax_class": "reduced-rate", "meta_data": [ROW]}],
    "shipping_lines": [{"method_id": "flat_rate", "method_title": "x", "total": "39.20", "instance_id": "1"}],
    "fee_lines": [{"name": "Avgift", "total": "10", "tax_class": "", "tax_status": "taxable"}],
    "coupon_lines": [{"code": "tio"}], "meta_data": [ROW], "parent_id": 0, "created_via": "x", "manual_update": True,
}  # fmt: skip
REFUND = {
    "amount": "5", "reason": "x", "api_refund": False, "api_restock": True, "meta_data": [ROW],
    "line_items": [{"id": 1, "quantity": 1, "refund_total": 5, "refund_tax": [{"id": 1, "refund_total": 1}]}],
}  # fmt: skip
COUPON = {
    "code": "nio", "amount": "9", "discount_type": "fixed_cart", "date_expires": "2026-12-01T00:00:00",
    "individual_use": True, "product_ids": [11], "excluded_product_ids": [12], "usage_limit": 2,
    "product_categories": [15], "minimum_amount": "10", "maximum_amount": "900", "email_restrictions": ["a@x.example"],
}  # fmt: skip
CUSTOMER = {"email": "b@kund.example", "first_name": "B", "username": "b", "billing": ADDRESS, "meta_data": [ROW]}
VARIATION = {**PRODUCT, "attributes": [{"name": "Färg", "option": "Röd"}], "image": {"src": "http://x.example/b.jpg"}}
HOOK = {"name": "x", "topic": "order.updated", "delivery_url": "http://x.example/", "status": "active", "secret": "s"}
PARCEL = {"tracking_provider": "DHL.se", "tracking_number": "1", "date_shipped": "2026-11-20", "status_shipped": 1}
CHECKOUT = {"billing_address": ADDRESS, "shipping_address": ADDRESS, "payment_method": "bacs", "customer_note": "x"}
GOOD: list[tuple[str, Any]] = [
    (f"{V3}/products", PRODUCT), (f"{V3}/products/11", PRODUCT), (f"{V3}/products/12", PRODUCT),
    (f"{V3}/products/batch", {"create": [PRODUCT], "update": [{"id": 11, **PRODUCT}, {"id": 12}], "delete": [13]}),
    (f"{V3}/products/12/variations", VARIATION), (f"{V3}/products/12/variations/13", VARIATION),
    (f"{V3}/products/12/variations/batch", {"create": [VARIATION], "update": [{"id": 13, **VARIATION}]}),
    (f"{V3}/products/categories", {"name": "x", "slug": "x", "parent": 15, "image": {"src": "http://x.example/c.jpg"}}),
    (f"{V3}/products/tags/16", {"name": "x", "slug": "x"}),
    (f"{V3}/products/attributes", {"name": "Storlek", "slug": "pa_s", "type": "select", "order_by": "name"}),
    (f"{V3}/products/reviews", {"product_id": 11, "review": "x", "reviewer": "x", "reviewer_email": "a@x.example"}),
    (f"{V3}/orders", ORDER), (f"{V3}/orders/15", ORDER), (f"{V3}/orders/15", {"status": "completed"}),
    (f"{V3}/orders/batch", {"create": [ORDER], "update": [{"id": 15, **ORDER}], "delete": [15]}),
    (f"{V3}/orders/15/refunds", REFUND), (f"{V3}/orders/15/notes", {"note": "x", "customer_note": True}),
    (f"{V3}/orders/15/actions/send_email", {"template_id": "customer_invoice", "email": "a@x.example"}),
    (f"{V3}/orders/15/shipment-trackings", PARCEL), (f"{V3}/coupons", COUPON), (f"{V3}/coupons/14", COUPON),
    (f"{V3}/customers", CUSTOMER), (f"{V3}/customers/2", CUSTOMER),
    (f"{V3}/customers/batch", {"create": [CUSTOMER], "update": [{"id": 2, **CUSTOMER}], "delete": [2]}),
    (f"{V3}/webhooks", HOOK), (f"{V3}/webhooks/1", HOOK), (f"{V3}/webhooks/batch", {"update": [{"id": 1, **HOOK}]}),
    (f"{V3}/settings/general/woocommerce_currency", {"value": "SEK"}), (f"{V3}/taxes", {"rate": "25", "country": "SE"}),
    (f"{V3}/payment_gateways/bacs", {"enabled": True, "title": "x", "settings": {"title": "x"}, "order": 1}),
    ("/wp-json/wc/store/v1/cart/add-item", {"id": 11, "quantity": 1, "variation": [{"attribute": "x", "value": "y"}]}),
    ("/wp-json/wc/store/v1/cart/update-customer", {"billing_address": ADDRESS, "shipping_address": ADDRESS}),
    ("/wp-json/wc/store/v1/checkout", CHECKOUT), ("/wp-json/wc/store/v1/batch", {"requests": [{"path": "/x"}]}),
]  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn, good: Any, chance: int = 6) -> Any:
    """A good body with some of it replaced, left out or added, at any depth."""
    if draw(st.integers(0, chance)) == 0:
        return draw(VALUES)
    if isinstance(good, list):
        return [draw(spoiled(one, chance)) for one in good]
    if not isinstance(good, dict):
        return good
    kept = {name: draw(spoiled(value, chance * 3)) for name, value in good.items() if draw(st.integers(0, 5))}
    if draw(st.integers(0, 8)) == 0:
        kept[draw(st.sampled_from(NAMES))] = draw(VALUES)
    return kept


@st.composite
def mistakes(draw: st.DrawFn) -> tuple[str, str, bytes, str, str]:
    """What a client may send that means well."""
    path, good = draw(st.sampled_from(GOOD))
    method = draw(st.sampled_from(["POST", "POST", "PUT", "PATCH", "DELETE", "GET"]))
    body = json.dumps(draw(spoiled(good, 12))).encode("utf-8", "surrogatepass")
    return method, path, body, "application/json", draw(st.sampled_from(["", "force=true", "_fields=id", "dp=0"]))


LISTS = (
    "orders",
    "products",
    "customers",
    "coupons",
    "webhooks",
    "products/12/variations",
    "variations",
    "orders/15/notes",
)
FILTERS: dict[str, list[str]] = {
    "status": ["any", "processing", "any,trash", "publish", "x"],
    "orderby": ["date", "id", "modified", "price", "include"],
    "order": ["asc", "desc"], "page": ["1", "2", "0", "99999999999999999999"], "per_page": ["1", "100", "101", "0"],
    "offset": ["0", "5", "-1", "99999999999999999999"], "include": ["11,12", "15", "x", "0", "-1"], "exclude": ["11"],
    "after": ["2026-11-20T00:00:00", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00"],
    "modified_before": ["2026-11-20T00:00:00.5Z", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00"],
    "dates_are_gmt": ["true", "false"], "search": ["vara", "%", "\x00", "åäö"], "sku": ["A-1", "", ",", "A-1,x"],
    "customer": ["2", "0", "-1"], "product": ["11", "x"], "dp": ["0", "2", "-1", "99", "99999999999999999999"],
    "parent": ["12"], "category": ["15", "x"], "min_price": ["1", "x"], "max_price": ["1e999"],
    "stock_status": ["instock", "x"],
    "slug": ["vara"], "email": ["kund@kund.example"], "role": ["all"], "type": ["variable"], "featured": ["true"],
    "_fields": ["id", "id,line_items", "meta_data.value", ","], "_envelope": ["1"], "_jsonp": ["x", "x(y)"],
}  # fmt: skip


@st.composite
def searches(draw: st.DrawFn) -> tuple[str, str, bytes, str, str]:
    """Lists, with any mixture of filters."""
    chosen = draw(st.lists(st.sampled_from(sorted(FILTERS)), max_size=6, unique=True))
    asked = {
        name: draw(st.one_of(st.sampled_from(FILTERS[name]), st.sampled_from(FILTERS[name]), TEXTS)) for name in chosen
    }
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in asked.items())
    return "GET", f"{V3}/{draw(st.sampled_from(LISTS))}", b"", "", query


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, bytes, str, str]:
    route = draw(st.sampled_from(ROUTES))
    path = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", lambda _: draw(IDS), route.pattern)
    if "(" in path:
        path = re.sub(r"\(.*", "1", path)
    ends = route.endpoints
    methods = [method for end in ends for method in end.methods]
    method = draw(st.sampled_from([*methods, *methods, "GET", "PUT", "DELETE", "OPTIONS", "HEAD", "BREW"]))
    own = sorted(set().union(*(_names(end.args) for end in ends))) or NAMES
    names = st.one_of(st.sampled_from(own), st.sampled_from(own), st.sampled_from(NAMES))
    sent = draw(
        st.one_of(st.dictionaries(names, VALUES, max_size=6), st.dictionaries(names, VALUES, max_size=6), VALUES)
    )
    body = json.dumps(sent).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        body = draw(st.one_of(st.binary(max_size=20), st.just(body[:-1])))
    kind = draw(st.sampled_from(["application/json"] * 8 + ["", "text/plain", "application/x-www-form-urlencoded"]))
    asked = draw(
        st.dictionaries(st.one_of(names, st.sampled_from(["_fields", "_envelope", "_jsonp"])), TEXTS, max_size=3)
    )
    forms = draw(st.sampled_from(["", "[]", "[0]", "[a][b]"]))
    query = "&".join(f"{name}{forms}={quote(value, errors='replace')}" for name, value in asked.items())
    return method, f"/wp-json{path}", body, kind, query


def _judge(response: Response) -> None:
    assert 200 <= response.status < 600
    kind = dict(response.headers).get("Content-Type", "")
    if kind.startswith("application/json") and response.body:
        json.loads(response.body)
    assert all("\n" not in value and "\r" not in value for _, value in response.headers)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(requests(), mistakes(), searches()), min_size=1, max_size=6))
def test_every_route_answers_nonsense_like_a_shop(asked: list[tuple[str, str, bytes, str, str]]) -> None:
    shop = _shop()
    for method, path, body, kind, query in asked:
        _judge(_send(shop, method, path, body, kind, query))
    for path in ("/orders", "/products", "/customers", "/webhooks", "/coupons"):
        response = _send(
            shop, "GET", V3 + path, more="per_page=100&status=any" if path == "/orders" else "per_page=100"
        )
        assert response.status == 200
        assert isinstance(json.loads(response.body), list)
    shop.run_queue()
    while due := shop.due_deliveries():
        for one in due:
            shop.delivered(one.id, 200)


def test_every_route_is_reached() -> None:
    assert len(ROUTES) > 60
    assert {"/wc/v3/orders", "/wc/v3/products/batch"} <= {route.pattern for route in ROUTES}
