"""/shipping/zones with their places and methods, and /shipping_methods (`index_settings[26]` to [29])."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import php
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Arg,
    Body,
    Call,
    Endpoint,
    Json,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.options import ShippingMethod, ShippingZone

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_ZONES = "/wc/v3/shipping/zones"
_ITEM = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ELSEWHERE = ShippingZone(id=0, name="Locations not covered by your other zones")
_FORCE = {"force": Arg(kind="boolean", default=False)}
_ZONE_FIELDS = {"name": Arg(kind="string"), "order": Arg(kind="integer")}
_METHOD_FIELDS = {
    "order": Arg(kind="integer"),
    "enabled": Arg(kind="boolean"),
    "settings": Arg(kind="object"),
}

KINDS = {
    "flat_rate": ("Flat rate", "Lets you charge a fixed rate for shipping."),
    "free_shipping": (
        "Free shipping",
        "Free shipping is a special method which can be triggered with coupons and minimum spends.",
    ),
    "local_pickup": (
        "Local pickup",
        (
            "Allow customers to pick up orders themselves. By default, when using local pickup store base taxes will "
            "apply regardless of customer address."
        ),
    ),
    "pickup_location": ("Local pickup", "Allow customers to choose a local pickup location during checkout."),
}
"""Every kind of shipping method: its title and description (`index_settings[26]`)."""

_COST_TIP = (
    "Enter a cost (excl. tax) or sum, e.g. <code>10.00 * [qty]</code>.<br/><br/>Use <code>[qty]</code> for the number "
    'of items, <br/><code>[cost]</code> for the total cost of items, and <code>[fee percent="10" min_fee="20" '
    'max_fee=""]</code> for percentage based fees.'
)
_TITLE_TIP = "Your customers will see the name of this shipping method during checkout."
_AMOUNT_TIP = "Customers will need to spend this amount to get free shipping."
_TAX_CHOICES = {"taxable": "Taxable", "none": "None"}
_REQUIREMENTS = {
    "": "No requirement",
    "coupon": "A valid free shipping coupon",
    "min_amount": "A minimum order amount",
    "either": "A minimum order amount OR coupon",
    "both": "A minimum order amount AND coupon",
}


class Shipping:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._settings = shop.settings

    def routes(self) -> list[Route]:
        zone = f"{_ZONES}/(?P<id>[\\d]+)"
        methods = f"{_ZONES}/(?P<zone_id>[\\d]+)/methods"
        added = {**_METHOD_FIELDS, "method_id": Arg(kind="string", required=True)}
        return [
            Route(
                _ZONES,
                (
                    Endpoint(READ, self.zones, staff_may("list")),
                    Endpoint(CREATE, self.create_zone, staff_may("create"), _ZONE_FIELDS),
                ),
            ),
            Route(
                zone,
                (
                    Endpoint(READ, self.zone, staff_may("view")),
                    Endpoint(UPDATE, self.update_zone, staff_may("edit"), _ZONE_FIELDS),
                    Endpoint(DELETE, self.delete_zone, staff_may("delete"), _FORCE),
                ),
            ),
            Route(
                f"{zone}/locations",
                (
                    Endpoint(READ, self.locations, staff_may("view")),
                    Endpoint(UPDATE, self.set_locations, staff_may("edit")),
                ),
            ),
            Route(
                methods,
                (
                    Endpoint(READ, self.methods, staff_may("list")),
                    Endpoint(CREATE, self.create_method, staff_may("create"), added),
                ),
            ),
            Route(
                f"{methods}/(?P<instance_id>[\\d]+)",
                (
                    Endpoint(READ, self.method, staff_may("view")),
                    Endpoint(UPDATE, self.update_method, staff_may("edit"), _METHOD_FIELDS),
                    Endpoint(DELETE, self.delete_method, staff_may("delete"), _FORCE),
                ),
            ),
            Route("/wc/v3/shipping_methods", (Endpoint(READ, self.kinds, staff_may("list")),)),
            Route("/wc/v3/shipping_methods/(?P<id>[\\w-]+)", (Endpoint(READ, self.kind, staff_may("view")),)),
        ]

    # Zones

    def _all(self) -> list[ShippingZone]:
        return [_ELSEWHERE, *sorted(self._settings.zones.values(), key=lambda zone: (zone.order, zone.id))]

    def _zone(self, call: Call, name: str = "id") -> ShippingZone:
        wanted = php.to_int(call.args.get(name))
        found = next((zone for zone in self._all() if zone.id == wanted), None)
        if found is None:
            raise RestError("woocommerce_rest_shipping_zone_invalid", "Resource does not exist.", 404)
        return found

    def _zone_shown(self, zone: ShippingZone) -> Body:
        return {"id": zone.id, "name": zone.name, "order": zone.order}

    def _zone_links(self, zone: ShippingZone) -> Body:
        path = f"{_ZONES}/{zone.id}"
        return self._shop.links(path, _ZONES, _ITEM, describedby=f"{path}/locations")

    def zones(self, _call: Call) -> Reply:
        return _listed([{**self._zone_shown(zone), "_links": self._zone_links(zone)} for zone in self._all()])

    def zone(self, call: Call) -> Reply:
        zone = self._zone(call)
        return Reply(body=self._zone_shown(zone), links=self._zone_links(zone))

    def create_zone(self, call: Call) -> Reply:
        zone = ShippingZone(
            id=self._shop.ids.zones.next(),
            name=php.to_str(call.args.get("name") or "Zone"),
            order=php.to_int(call.args.get("order")),
        )
        self._settings.zones[zone.id] = zone
        location = ("Location", self._shop.url(f"{_ZONES}/{zone.id}"))
        return Reply(body=self._zone_shown(zone), status=201, headers=[location], links=self._zone_links(zone))

    def update_zone(self, call: Call) -> Reply:
        zone = self._zone(call)
        if zone.id == 0:
            text = 'The "locations not covered by your other zones" zone cannot be updated.'
            raise RestError("woocommerce_rest_shipping_zone_invalid_zone", text, 403)
        told = {name: call.args[name] for name in ("name", "order") if name in call.args}
        return self._kept(msgspec.structs.replace(zone, **told))

    def _kept(self, zone: ShippingZone) -> Reply:
        self._settings.zones[zone.id] = zone
        return Reply(body=self._zone_shown(zone), links=self._zone_links(zone))

    def delete_zone(self, call: Call) -> Reply:
        zone = self._zone(call)
        if not call.args.get("force"):
            raise RestError("woocommerce_rest_trash_not_supported", "Shipping zones do not support trashing.", 501)
        self._settings.zones.pop(zone.id, None)
        return Reply(body=self._zone_shown(zone), links=self._zone_links(zone))

    # Places

    def locations(self, call: Call) -> Reply:
        zone = self._zone(call)
        path = f"{_ZONES}/{zone.id}"
        links = {
            "collection": [{"href": self._shop.url(f"{path}/locations")}],
            "describes": [{"href": self._shop.url(path)}],
        }
        return _listed([{"code": code, "type": "country", "_links": links} for code in zone.countries])

    def set_locations(self, call: Call) -> Reply:
        zone = self._zone(call)
        sent = call.request.body if call.request is not None else b""
        rows = php.decode(sent) if sent else []
        codes = [php.to_str(row.get("code")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        if zone.id:
            changed = msgspec.structs.replace(zone, countries=tuple(code for code in codes if code))
            self._settings.zones[zone.id] = changed
        return self.locations(call)

    # Methods of a zone

    def _method_links(self, zone: ShippingZone, method: ShippingMethod) -> Body:
        path = f"{_ZONES}/{zone.id}"
        own = f"{path}/methods/{method.instance_id}"
        return self._shop.links(own, f"{path}/methods", _ITEM, describes=path)

    def methods(self, call: Call) -> Reply:
        zone = self._zone(call, "zone_id")
        rows = [
            {**_method_shown(place, method), "_links": self._method_links(zone, method)}
            for place, method in enumerate(zone.methods, 1)
        ]
        return _listed(rows)

    def _method(self, call: Call) -> tuple[ShippingZone, int, ShippingMethod]:
        zone = self._zone(call, "zone_id")
        wanted = php.to_int(call.args.get("instance_id"))
        for place, method in enumerate(zone.methods):
            if method.instance_id == wanted:
                return zone, place, method
        raise RestError("woocommerce_rest_shipping_zone_method_invalid", "Resource does not exist.", 404)

    def _answer(self, zone: ShippingZone, place: int, method: ShippingMethod, status: int = 200) -> Reply:
        return Reply(body=_method_shown(place + 1, method), status=status, links=self._method_links(zone, method))

    def method(self, call: Call) -> Reply:
        return self._answer(*self._method(call))

    def create_method(self, call: Call) -> Reply:
        zone = self._zone(call, "zone_id")
        kind = php.to_str(call.args["method_id"])
        if kind not in KINDS:
            raise RestError("woocommerce_rest_shipping_zone_not_created", "Resource cannot be created.", 500)
        made = ShippingMethod(instance_id=self._shop.ids.zone_methods.next(), method_id=kind, title=KINDS[kind][0])
        method = _set(made, call.args)
        if zone.id:
            self._settings.zones[zone.id] = msgspec.structs.replace(zone, methods=(*zone.methods, method))
        return self._answer(zone, len(zone.methods), method)

    def update_method(self, call: Call) -> Reply:
        zone, place, method = self._method(call)
        changed = _set(method, call.args)
        methods = (*zone.methods[:place], changed, *zone.methods[place + 1 :])
        self._settings.zones[zone.id] = msgspec.structs.replace(zone, methods=methods)
        return self._answer(zone, place, changed)

    def delete_method(self, call: Call) -> Reply:
        zone, place, method = self._method(call)
        if not call.args.get("force"):
            raise RestError("rest_trash_not_supported", "Shipping methods do not support trashing.", 501)
        methods = (*zone.methods[:place], *zone.methods[place + 1 :])
        self._settings.zones[zone.id] = msgspec.structs.replace(zone, methods=methods)
        return self._answer(zone, place, method)

    # Kinds

    def _kind(self, kind: str) -> tuple[Body, Body]:
        title, description = KINDS[kind]
        path = "/wc/v3/shipping_methods"
        return {"id": kind, "title": title, "description": description}, self._shop.links(f"{path}/{kind}", path, READ)

    def kinds(self, _call: Call) -> Reply:
        return _listed([{**body, "_links": links} for body, links in map(self._kind, KINDS)])

    def kind(self, call: Call) -> Reply:
        wanted = php.to_str(call.args.get("id"))
        if wanted not in KINDS:
            raise RestError("woocommerce_rest_shipping_method_invalid", "Resource does not exist.", 404)
        body, links = self._kind(wanted)
        return Reply(body=body, links=links)


def _listed(rows: list[Body]) -> Reply:
    return Reply(body=rows, headers=[("X-WP-Total", str(len(rows))), ("X-WP-TotalPages", "1")])


def _set(method: ShippingMethod, args: Body) -> ShippingMethod:
    told: Body = {"enabled": args["enabled"]} if "enabled" in args else {}
    settings = args.get("settings")
    if isinstance(settings, dict):
        for name in ("title", "cost", "min_amount"):
            if name in settings:
                told[name] = php.to_str(settings[name])
        if "tax_status" in settings:
            told["taxable"] = settings["tax_status"] != "none"
    return msgspec.structs.replace(method, **told)


def _field(name: str, label: str, kind: str, value: str, default: str, tip: str, placeholder: str = "") -> Body:
    return {
        "id": name, "label": label, "description": tip, "type": kind, "value": value, "default": default, "tip": tip,
        "placeholder": placeholder,
    }  # fmt: skip


def _fields_of(method: ShippingMethod) -> Json:
    title = KINDS[method.method_id][0]
    example = "Standard national" if method.method_id == "flat_rate" else title
    fields = {"title": _field("title", "Name", "text", method.title, title, _TITLE_TIP, f"e.g. {example}")}
    if method.method_id == "free_shipping":
        requires = "min_amount" if method.min_amount else ""
        fields["requires"] = _field("requires", "Free shipping requires", "select", requires, "", "")
        fields["requires"]["options"] = _REQUIREMENTS
        fields["min_amount"] = _field("min_amount", "Minimum order amount", "text", method.min_amount, "", _AMOUNT_TIP)
        return fields
    status = "taxable" if method.taxable else "none"
    fields["tax_status"] = _field("tax_status", "Tax status", "select", status, "taxable", "")
    fields["tax_status"]["options"] = _TAX_CHOICES
    tip = _COST_TIP if method.method_id == "flat_rate" else "Optional cost for local pickup."
    fields["cost"] = _field("cost", "Cost", "text", method.cost, "", tip)
    return fields


def _method_shown(order: int, method: ShippingMethod) -> Body:
    title, description = KINDS[method.method_id]
    return {
        "id": method.instance_id,
        "instance_id": method.instance_id,
        "title": method.title,
        "order": order,
        "enabled": method.enabled,
        "method_id": method.method_id,
        "method_title": title,
        "method_description": f"<p>{description}</p>\n",
        "settings": _fields_of(method),
    }
