"""/settings: the shop's settings by group, read and set (`index_settings[2]` to [11])."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import batch, php, world
from simulators.woocommerce.call import READ, UPDATE, Arg, Body, Call, Endpoint, Reply, RestError, Route, staff_may
from simulators.woocommerce.settings import Group, Option

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_ALLOW = ("GET", "POST", "PUT", "PATCH")
_VALUE = {"value": Arg()}


class SettingsRest:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._settings = shop.settings

    def routes(self) -> list[Route]:
        base = "/wc/v3/settings"
        group = f"{base}/(?P<group_id>[\\w-]+)"
        one = (
            Endpoint(READ, self.get, staff_may("view")),
            Endpoint(UPDATE, self.put, staff_may("edit"), _VALUE),
        )
        many = Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS)
        return [
            Route(base, (Endpoint(READ, self.groups, staff_may("list")),)),
            Route(f"{base}/batch", (many,)),
            Route(group, (Endpoint(READ, self.list, staff_may("list")),)),
            Route(f"{group}/batch", (many,)),
            Route(f"{group}/(?P<id>[\\w-]+)", one),
        ]

    def groups(self, _call: Call) -> Reply:
        rows = []
        for group in self._settings.catalogue.groups:
            link = {"options": [{"href": self._shop.url(f"/wc/v3/settings/{group.id}")}]}
            rows.append({**_group(group), "_links": link})
        return Reply(body=rows)

    def list(self, call: Call) -> Reply:
        group = self._group_of(call)
        rows = []
        for option in self._settings.catalogue.options.get(group, []):
            rows.append({**self._shown(option, group), "_links": self._links(group, option)})
        return Reply(body=rows)

    def get(self, call: Call) -> Reply:
        group, option = self._option_of(call)
        return Reply(body=self._shown(option, group), links=self._links(group, option))

    def put(self, call: Call) -> Reply:
        group, option = self._option_of(call)
        if "value" in call.args:
            self._settings.set(option.id, self._valid(option, php.to_str(call.args["value"])))
            if option.id == "woocommerce_hold_stock_minutes":
                self._shop.orders.background.plan()
        return Reply(body=self._shown(option, group), links=self._links(group, option))

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=_not_here, update=self.put, delete=_not_here, elapse=self._shop.elapse)
        return batch.run(call, actions)

    def _group_of(self, call: Call) -> str:
        name = php.to_str(call.args.get("group_id"))
        if name not in {group.id for group in self._settings.catalogue.groups}:
            raise RestError("rest_setting_setting_group_invalid", "Invalid setting group.", 404)
        return name

    def _option_of(self, call: Call) -> tuple[str, Option]:
        group = self._group_of(call)
        name = php.to_str(call.args.get("id"))
        for option in self._settings.catalogue.options.get(group, []):
            if option.id == name:
                return group, option
        raise RestError("rest_setting_setting_invalid", "Invalid setting.", 404)

    def _valid(self, option: Option, value: str) -> str:
        choices = self._choices(option)
        if option.type == "checkbox":
            choices = {"yes": "", "no": ""}
        if choices is not None and option.type != "multiselect" and value not in choices:
            raise RestError("rest_setting_value_invalid", "An invalid setting value was passed.", 400)
        return value

    def _choices(self, option: Option) -> dict[str, str] | None:
        if option.options == "countries":
            return world.countries()
        if option.options == "currencies":
            return world.currency_options()
        if option.id == "woocommerce_shipping_tax_class":
            return {"inherit": "Shipping tax class based on cart items", "": "Standard", **self._settings.classes}
        return option.options

    def _shown(self, option: Option, group: str) -> Body:
        value = self._settings.values[option.id]
        told: Body = {
            "id": option.id,
            "label": option.label,
            "description": option.description,
            "type": option.type,
            "default": option.default,
        }
        if option.value_first:
            told["value"] = value
        choices = self._choices(option)
        if choices is not None:
            told["options"] = choices
        if option.tip:
            told["tip"] = option.tip
        told["value"] = value
        told["group_id"] = group
        return told

    def _links(self, group: str, option: Option) -> Body:
        collection = f"/wc/v3/settings/{group}"
        return self._shop.links(f"{collection}/{option.id}", collection, _ALLOW)


def _group(group: Group) -> Body:
    return {
        "id": group.id,
        "label": group.label,
        "description": group.description,
        "parent_id": group.parent_id,
        "sub_groups": group.sub_groups,
    }


def _not_here(_call: Call) -> Reply:
    raise RestError("invalid-method", "Method not implemented.", 405)
