"""The known faults at work: around a request, and where lists and deliveries are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from simulators.http import Request, Response
from simulators.woocommerce import php, webserver
from simulators.woocommerce.call import RestError
from simulators.woocommerce.orders_goods import REDUCED
from simulators.woocommerce.orders_model import CouponLine, Fee, Line, Order, Shipping, TaxLine
from simulators.woocommerce.orders_write import editable
from simulators.woocommerce.quirks import Quirks

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_ORDER = re.compile(r"^/wp-json/wc/v\d/orders/(\d+)/?$", re.ASCII)
_PRODUCTS = re.compile(r"^/wp-json/wc/v\d/products/?$", re.ASCII)
_WRITES = frozenset({"POST", "PUT", "PATCH"})
_NOTICE = (
    b"<br />\n<b>Notice</b>:  Undefined index: total in <b>/wp-content/plugins/example/hooks.php</b> on line <b>7</b>"
)
_PAGE = b"<!DOCTYPE html>\n<html><head><title>One moment, please...</title></head><body></body></html>\n"


class QuirksAtWork:
    def __init__(self, shop: Shop, quirks: Quirks) -> None:
        self._shop = shop
        self._quirks = quirks
        self._any = quirks != Quirks()

    def _strikes(self, name: str, share: float) -> bool:
        return share > 0 and self._shop.chance(f"quirk {name}").random() < share

    def answered(self, request: Request, answer: Callable[[Request], Response]) -> Response:
        """Lets the shop answer, with whatever faults it has."""
        if not self._any:
            return answer(request)
        if self._strikes("blocked_by_firewall", self._quirks.blocked_by_firewall):
            return webserver.page(403, "Forbidden")
        if self._quirks.gmt_ignored:
            request = msgspec.structs.replace(request, query=re.sub(r"\bdates_are_gmt=", "_ignored=", request.query))
        order = self._order(request)
        modified = order.modified if order is not None else 0
        response = answer(request)
        if response.status < 300:
            self._after(request, order, modified)
            response = self._sku_error(request, response)
        return self._spoiled(response)

    def _order(self, request: Request) -> Order | None:
        match = _ORDER.match(request.path)
        return self._shop.orders.all.get(int(match[1])) if match is not None else None

    def _after(self, request: Request, order: Order | None, modified: int) -> None:
        if order is None:
            return
        if request.method == "GET" and self._quirks.viewing_modifies:
            self._shop.orders.touch(order)
        elif request.method in _WRITES and self._strikes("modified_stays", self._quirks.modified_stays):
            now = self._shop.orders.all[order.id]
            now.modified = modified
            self._shop.orders.keep(now)

    def _sku_error(self, request: Request, response: Response) -> Response:
        if request.method != "POST" or not _PRODUCTS.match(request.path):
            return response
        made = msgspec.json.decode(response.body)
        sku = made.get("sku") if isinstance(made, dict) else ""
        if not sku or not self._strikes("sku_error_after_create", self._quirks.sku_error_after_create):
            return response
        found = {"resource_id": made["id"], "unique_sku": f"{sku}-1"}
        fault = RestError("product_invalid_sku", "Invalid or duplicated SKU.", 400, found)
        headers = tuple((name, value) for name, value in response.headers if name != "Location")
        return msgspec.structs.replace(response, status=400, headers=headers, body=php.encode(fault.body()))

    def _spoiled(self, response: Response) -> Response:
        if self._strikes("html_with_200", self._quirks.html_with_200):
            headers = (("Content-Type", "text/html; charset=UTF-8"),)
            return msgspec.structs.replace(response, status=200, headers=headers, body=_PAGE)
        if self._strikes("notice_before_json", self._quirks.notice_before_json):
            return msgspec.structs.replace(response, body=_NOTICE + b"<br />\n" + response.body)
        return response

    def placed(self, order: Order) -> None:
        """An order was placed in the shop window, and perhaps a second time with it."""
        if not self._strikes("double_orders", self._quirks.double_orders):
            return
        orders = self._shop.orders
        twin = editable(order)
        twin.id, twin.key = self._shop.ids.posts.next(), orders.writer.new_key()
        twin.status, twin.paid, twin.completed = "pending", None, None
        twin.stock_reduced = twin.sales_recorded = twin.coupons_counted = twin.mailed = False
        twin.filed_status = ""
        kinds: tuple[Sequence[Line | Shipping | Fee | TaxLine | CouponLine], ...]
        kinds = (twin.lines, twin.shippings, twin.fees, twin.tax_lines, twin.coupons)
        for lines in kinds:
            for row in lines:
                row.id = self._shop.ids.order_items.next()
        for line in twin.lines:
            line.meta = [row for row in line.meta if row.key != REDUCED]
        orders.keep(twin)
        self._shop.changed("order", twin.id, "created")
        orders.lifecycle.to(twin, order.status)
        orders.touch(twin)

    def ties(self, ids: Sequence[int], moment: Callable[[int], int]) -> Sequence[int]:
        """A list that is sorted by a moment, with the things of one second in any order."""
        if not self._quirks.unsteady_ties:
            return ids
        chance = self._shop.chance("quirk unsteady_ties")
        places = {id_: (place, chance.random()) for place, id_ in enumerate(ids)}
        first: dict[int, int] = {}
        for id_ in ids:
            first.setdefault(moment(id_), places[id_][0])
        return sorted(ids, key=lambda id_: (first[moment(id_)], places[id_][1]))

    def deliveries(self) -> int:
        """How often one delivery is queued: once, not at all, or several times."""
        if self._strikes("webhooks_lost", self._quirks.webhooks_lost):
            return 0
        return 1 + self._quirks.webhook_repeats
