"""Shipment tracking: the REST routes of WooCommerce Shipment Tracking and of Advanced Shipment Tracking (AST).

AST registers the same controller under more namespaces, and adds `status_shipped` and `replace_tracking`. Source:
zorem/woo-advanced-shipment-tracking, includes/api/class-wc-advanced-shipment-tracking-rest-api-controller.php. Either
keeps its rows in the order's meta data under `_wc_shipment_tracking_items`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from simulators.woocommerce import dates, meta, php
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    Arg,
    Body,
    Call,
    Endpoint,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.orders_model import Order

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

KEY = "_wc_shipment_tracking_items"
NAMESPACES = {
    "woocommerce": ("wc-shipment-tracking/v3",),
    "ast": ("wc-ast/v3", "wc/v3", "wc-shipment-tracking/v3"),
}
"""AST registers wc/v1 and wc/v2 as well; the shop answers those by its routes of wc/v3."""

PROVIDERS = {
    "Sweden": {
        "PostNord Sverige AB": "https://portal.postnord.com/tracking/details/{}",
        "DHL.se": "https://www.dhl.com/se-sv/home/tracking.html?tracking-id={}",
        "Bring.se": "https://tracking.bring.se/tracking/{}",
        "UPS.se": "https://www.ups.com/track?loc=sv_SE&tracknum={}",
        "DB Schenker": "https://www.dbschenker.com/app/tracking-public/?refNumber={}",
    },
}
_FIELDS = {
    "tracking_provider": Arg(kind="string"),
    "custom_tracking_provider": Arg(kind="string"),
    "custom_tracking_link": Arg(kind="string"),
    "tracking_number": Arg(kind="string", required=True),
    "date_shipped": Arg(kind="string"),
}
_AST_FIELDS = {
    "status_shipped": Arg(kind=("integer", "string")),
    "replace_tracking": Arg(kind=("integer", "string", "boolean")),
}
_ORDER = {"order_id": Arg(kind="integer")}


class Tracking:
    """`plugin` is which of the two is installed; "" is none, and there are no routes then."""

    def __init__(self, shop: Shop, plugin: Literal["", "woocommerce", "ast"]) -> None:
        self._shop = shop
        self._plugin = plugin

    @property
    def spaces(self) -> tuple[str, ...]:
        return NAMESPACES.get(self._plugin, ())

    def routes(self) -> list[Route]:
        return [route for space in self.spaces for route in self._routes(space)]

    def _routes(self, space: str) -> list[Route]:
        base = rf"/{space}/orders/(?P<order_id>[\d]+)/shipment-trackings"
        fields = {**_FIELDS, **_AST_FIELDS} if self._plugin == "ast" else _FIELDS
        return [
            Route(
                base,
                (
                    Endpoint(READ, self.listed, staff_may("list"), _ORDER),
                    Endpoint(CREATE, self.create, staff_may("create"), {**_ORDER, **fields}),
                ),
            ),
            Route(f"{base}/providers", (Endpoint(READ, self.providers, staff_may("list"), _ORDER),)),
            Route(
                rf"{base}/(?P<id>[a-fA-F0-9]{{0,32}})",
                (
                    Endpoint(READ, self.get, staff_may("view"), _ORDER),
                    Endpoint(DELETE, self.delete, staff_may("delete"), _ORDER),
                ),
            ),
        ]

    def listed(self, call: Call) -> Reply:
        order = self._order(call)
        return Reply(body=[{**self._shown(row), "_links": self._links(call, order, row)} for row in _rows(order)])

    def providers(self, _call: Call) -> Reply:
        return Reply(body={land: dict(known) for land, known in PROVIDERS.items()})

    def get(self, call: Call) -> Reply:
        order = self._order(call)
        row = self._row(call, order)
        return Reply(body=self._shown(row), links=self._links(call, order, row))

    def create(self, call: Call) -> Reply:
        """Adds a parcel. With AST `status_shipped` 1 completes the order in the same request; 2 and 3 are statuses
        that its shops must switch on first, and change nothing here."""
        args = call.args
        if php.to_str(args.get("tracking_id")):
            code = "woocommerce_rest_shop_order_shipment_tracking_exists"
            raise RestError(code, "Cannot create existing order shipment tracking.", 400)
        order = self._order(call)
        ast = self._plugin == "ast"
        number = php.to_str(args.get("tracking_number"))
        if ast and re.search(r"[^a-z0-9- \b]", number, re.IGNORECASE):
            text = "Special character not allowd in tracking number"
            raise RestError("woocommerce_rest_order_invalid_id", text, 404)
        row = self._made(args, number)
        rows = [] if ast and php.to_int(args.get("replace_tracking")) == 1 else _rows(order)
        self._keep(order, [*rows, row])
        if ast:
            provider = row["tracking_provider"] or row["custom_tracking_provider"]
            text = f"Order was shipped with {provider} and tracking number is: {number}"
            self._shop.notes.add(order.id, text)
            if php.to_str(args.get("status_shipped")) == "1":
                self._shop.orders.set_status(order.id, "completed")
        place = self._address(call, order, row)
        return Reply(
            body=self._shown(row), status=201, headers=[("Location", place)], links=self._links(call, order, row)
        )

    def delete(self, call: Call) -> Reply:
        order = self._order(call)
        row = self._row(call, order)
        self._keep(order, [one for one in _rows(order) if one["tracking_id"] != row["tracking_id"]])
        return Reply(body=self._shown(row), links=self._links(call, order, row))

    def _order(self, call: Call) -> Order:
        order = self._shop.orders.all.get(call.id("order_id"))
        if order is None:
            raise RestError("woocommerce_rest_order_invalid_id", "Invalid order ID.", 404)
        return order

    def _row(self, call: Call, order: Order) -> Body:
        wanted = php.to_str(call.args.get("id"))
        for row in _rows(order):
            if row["tracking_id"] == wanted:
                return row
        code = "woocommerce_rest_order_shipment_tracking_invalid_id"
        raise RestError(code, "Invalid shipment tracking ID.", 404)

    def _made(self, args: Body, number: str) -> Body:
        zone = self._shop.options.time_zone
        text = php.to_str(args.get("date_shipped"))
        day = re.match(r"^(\d{4})-(\d\d)-(\d\d)", text) or re.match(r"^(\d\d)-(\d\d)-(\d{4})", text)
        moment = None
        if day is not None:
            year, month, date = day.groups() if len(day[1]) == 4 else (day[3], day[2], day[1])
            moment = dates.moment_of(f"{year}-{month}-{date}T00:00:00", zone)
        return {
            "tracking_provider": php.to_str(args.get("tracking_provider")),
            "custom_tracking_provider": php.to_str(args.get("custom_tracking_provider")),
            "custom_tracking_link": php.to_str(args.get("custom_tracking_link")),
            "tracking_number": number,
            "date_shipped": str(self._shop.now() if moment is None else moment),
            "tracking_id": f"{self._shop.chance('shipment tracking').getrandbits(128):032x}",
        }

    def _keep(self, order: Order, rows: list[Body]) -> None:
        """Meta data alone does not move date_modified here: the plugins write it past the order's own saving."""
        meta.apply(order.meta, [{"key": KEY, "value": rows}], self._shop.ids.order_meta, meta.ORDER_LIMITS)

    def _shown(self, row: Body) -> Body:
        provider = row["tracking_provider"] or row["custom_tracking_provider"]
        links = {name: link for known in PROVIDERS.values() for name, link in known.items()}
        link = row["custom_tracking_link"] or links.get(row["tracking_provider"], "").format(row["tracking_number"])
        return {
            "tracking_id": row["tracking_id"],
            "tracking_provider": provider,
            "tracking_link": link,
            "tracking_number": row["tracking_number"],
            "date_shipped": self._shop.local(php.to_int(row["date_shipped"]))[:10],
        }

    def _collection(self, call: Call, order: Order) -> str:
        space = "/".join(call.route.strip("/").split("/")[:2])
        return f"/{space}/orders/{order.id}/shipment-trackings"

    def _address(self, call: Call, order: Order, row: Body) -> str:
        return self._shop.url(f"{self._collection(call, order)}/{row['tracking_id']}")

    def _links(self, call: Call, order: Order, row: Body) -> Body:
        collection = self._collection(call, order)
        up = collection.removesuffix("/shipment-trackings")
        return {
            "self": [{"href": self._address(call, order, row)}],
            "collection": [{"href": self._shop.url(collection)}],
            "up": [{"href": self._shop.url(up)}],
        }


def _rows(order: Order) -> list[Body]:
    for one in order.meta:
        if one.key == KEY and isinstance(one.value, list):
            return [row for row in one.value if isinstance(row, dict) and "tracking_id" in row]
    return []
