"""/payment_gateways: the shop's payment methods (`index_settings[23]` to [25])."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import php
from simulators.woocommerce.call import READ, UPDATE, Arg, Body, Call, Endpoint, Reply, RestError, Route, staff_may
from simulators.woocommerce.options import Gateway

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_BASE = "/wc/v3/payment_gateways"
_ALLOW = ("GET", "POST", "PUT", "PATCH")
_FIELDS = {
    "title": Arg(kind="string"),
    "description": Arg(kind="string"),
    "order": Arg(kind="integer"),
    "enabled": Arg(kind="boolean"),
    "settings": Arg(kind="object"),
}
_ADMIN = "/wp-admin/admin.php?page=wc-settings&tab=checkout&path=/offline/"
_TITLE_TIPS = {"cod": "Payment method description that the customer will see on your checkout."}
_TITLE_TIP = "This controls the title which the user sees during checkout."


class PaymentMethods:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @property
    def _gateways(self) -> dict[str, Gateway]:
        return self._shop.settings.gateways

    def routes(self) -> list[Route]:
        return [
            Route(_BASE, (Endpoint(READ, self.list, staff_may("list")),)),
            Route(
                f"{_BASE}/(?P<id>[\\w-]+)",
                (
                    Endpoint(READ, self.get, staff_may("view")),
                    Endpoint(UPDATE, self.put, staff_may("edit"), _FIELDS),
                ),
            ),
        ]

    def list(self, _call: Call) -> Reply:
        rows = [{**self._shown(one), "_links": self._links(one)} for one in self._gateways.values()]
        return Reply(body=rows, headers=[("X-WP-Total", str(len(rows))), ("X-WP-TotalPages", "1")])

    def get(self, call: Call) -> Reply:
        return self._answer(self._gateway(call))

    def put(self, call: Call) -> Reply:
        gateway = self._gateway(call)
        told = {name: call.args[name] for name in ("title", "description", "order", "enabled") if name in call.args}
        settings = call.args.get("settings")
        if isinstance(settings, dict) and "title" in settings:
            told["title"] = php.to_str(settings["title"])
        changed = msgspec.structs.replace(gateway, **told)
        self._gateways[changed.id] = changed
        return self._answer(changed)

    def _gateway(self, call: Call) -> Gateway:
        found = self._gateways.get(php.to_str(call.args.get("id")))
        if found is None:
            raise RestError("woocommerce_rest_payment_gateway_invalid", "Resource does not exist.", 404)
        return found

    def _answer(self, gateway: Gateway) -> Reply:
        return Reply(body=self._shown(gateway), links=self._links(gateway))

    def _links(self, gateway: Gateway) -> Body:
        return self._shop.links(f"{_BASE}/{gateway.id}", _BASE, _ALLOW)

    def _shown(self, gateway: Gateway) -> Body:
        tip = _TITLE_TIPS.get(gateway.id, _TITLE_TIP)
        title: Body = {
            "id": "title", "label": "Title", "description": tip, "type": "safe_text", "value": gateway.title,
            "default": gateway.method_title, "tip": tip, "placeholder": "",
        }  # fmt: skip
        return {
            "id": gateway.id,
            "title": gateway.title,
            "description": gateway.description,
            "order": gateway.order,
            "enabled": gateway.enabled,
            "method_title": gateway.method_title,
            "method_description": gateway.method_description,
            "method_supports": list(gateway.supports),
            "settings": {"title": title},
            "needs_setup": False,
            "post_install_scripts": [],
            "settings_url": f"{self._shop.base}{_ADMIN}{gateway.id}",
            "connection_url": None,
            "setup_help_text": None,
            "required_settings_keys": [],
        }
