"""/taxes and /taxes/classes: the shop's tax table (`index_settings[15]` to [22])."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import batch, paging, php, schema
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
from simulators.woocommerce.options import TaxRate
from simulators.woocommerce.products_text import slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_ALLOW = ("GET", "POST", "PUT", "PATCH", "DELETE")
_TEXTS = ("country", "state", "postcode", "city", "rate", "name")
_FORCE = {"force": Arg(kind="boolean", default=False)}


def _fields(class_: Arg) -> dict[str, Arg]:
    return {
        **{name: Arg(kind="string") for name in _TEXTS},
        "postcodes": Arg(kind="array", items=Arg(kind="string")),
        "cities": Arg(kind="array", items=Arg(kind="string")),
        "priority": Arg(kind="integer"),
        "compound": Arg(kind="boolean"),
        "shipping": Arg(kind="boolean"),
        "order": Arg(kind="integer"),
        "class": class_,
    }


class TaxRates:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._settings = shop.settings

    def routes(self) -> list[Route]:
        base = "/wc/v3/taxes"
        class_ = Arg(kind="string", check=self._check_class)
        fields = _fields(class_)
        lists = {
            "page": paging.PAGE,
            "per_page": paging.PER_PAGE,
            "offset": Arg(kind="integer"),
            "order": Arg(kind="string", default="asc", enum=("asc", "desc")),
            "orderby": Arg(kind="string", default="order", enum=("id", "order", "priority")),
            "class": class_,
        }
        return [
            Route(
                f"{base}/classes",
                (
                    Endpoint(READ, self.classes, staff_may("list")),
                    Endpoint(
                        CREATE, self.create_class, staff_may("create"), {"name": Arg(kind="string", required=True)}
                    ),
                ),
            ),
            Route(
                f"{base}/classes/(?P<slug>\\w[\\w\\s\\-]*)",
                (
                    Endpoint(READ, self.get_class, staff_may("list")),
                    Endpoint(DELETE, self.delete_class, staff_may("delete"), _FORCE),
                ),
            ),
            Route(
                base,
                (
                    Endpoint(READ, self.list, staff_may("list"), lists),
                    Endpoint(CREATE, self.create, staff_may("create"), fields),
                ),
            ),
            Route(
                f"{base}/(?P<id>[\\d]+)",
                (
                    Endpoint(READ, self.get, staff_may("view")),
                    Endpoint(UPDATE, self.update, staff_may("edit"), fields),
                    Endpoint(DELETE, self.delete, staff_may("delete"), _FORCE),
                ),
            ),
            Route(f"{base}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
        ]

    def _check_class(self, value: Json, name: str) -> None:
        """Classes come and go, so the choices are those of the moment."""
        schema.validate(value, Arg(kind="string", enum=("standard", *self._settings.classes)), name)

    def list(self, call: Call) -> Reply:
        wanted = call.args.get("class")
        rates = [rate for rate in self._settings.rates.values() if wanted in {None, rate.tax_class or "standard"}]
        by = call.args["orderby"]
        rates.sort(key=lambda rate: rate.id if by == "id" else rate.priority if by == "priority" else rate.order)
        if call.args["order"] == "desc":
            rates.reverse()
        begin, length = paging.window(call)
        rows = [{**_shown(rate), "_links": self._links(rate)} for rate in rates[begin : begin + length]]
        return paging.page_of(call, rows, len(rates), self._shop.url("/wc/v3/taxes"))

    def get(self, call: Call) -> Reply:
        rate = self._rate(call)
        return Reply(body=_shown(rate), links=self._links(rate))

    def create(self, call: Call) -> Reply:
        rate = self._changed(TaxRate(id=self._shop.ids.tax_rates.next(), rate=Decimal("0.0000"), name="Tax"), call)
        location = ("Location", self._shop.url(f"/wc/v3/taxes/{rate.id}"))
        return Reply(body=_shown(rate), status=201, headers=[location], links=self._links(rate))

    def update(self, call: Call) -> Reply:
        rate = self._changed(self._rate(call), call)
        return Reply(body=_shown(rate), links=self._links(rate))

    def delete(self, call: Call) -> Reply:
        if not call.args.get("force"):
            raise RestError("woocommerce_rest_trash_not_supported", "Taxes do not support trashing.", 501)
        rate = self._rate(call)
        del self._settings.rates[rate.id]
        self._settings.rates_changed()
        return Reply(body=_shown(rate), links=self._links(rate))

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)

    def _rate(self, call: Call) -> TaxRate:
        rate = self._settings.rates.get(php.to_int(call.args.get("id")))
        if rate is None:
            raise RestError("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
        return rate

    def _changed(self, rate: TaxRate, call: Call) -> TaxRate:
        args = call.args
        told: Body = {}
        for name in ("country", "state"):
            if name in args:
                told[name] = php.to_str(args[name]).upper()
        for name, one in (("postcodes", "postcode"), ("cities", "city")):
            if name in args:
                told[name] = tuple(php.to_str(value).upper() for value in args[name])
            elif one in args:
                told[name] = tuple(part.upper() for part in php.to_str(args[one]).split(";") if part)
        for name in ("name", "compound", "shipping", "priority", "order"):
            if name in args:
                told[name] = args[name]
        if "rate" in args:
            told["rate"] = _percent(php.to_str(args["rate"]))
        if "class" in args:
            told["tax_class"] = "" if args["class"] == "standard" else php.to_str(args["class"])
        changed = msgspec.structs.replace(rate, **told)
        self._settings.rates[changed.id] = changed
        self._settings.rates_changed()
        return changed

    def _links(self, rate: TaxRate) -> Body:
        return self._shop.links(f"/wc/v3/taxes/{rate.id}", "/wc/v3/taxes", _ALLOW)

    # Classes

    def _class_links(self) -> Body:
        return {"collection": [{"href": self._shop.url("/wc/v3/taxes/classes")}]}

    def classes(self, _call: Call) -> Reply:
        named = {"standard": "Standard rate", **self._settings.classes}
        rows = [{"slug": slug, "name": name, "_links": self._class_links()} for slug, name in named.items()]
        return Reply(body=rows, headers=[("X-WP-Total", str(len(rows))), ("X-WP-TotalPages", "1")])

    def get_class(self, call: Call) -> Reply:
        """One class is a list of one, its keys the other way round (`index_settings[20]`)."""
        slug = self._slug(call)
        name = {"standard": "Standard rate", **self._settings.classes}[slug]
        return Reply(body=[{"name": name, "slug": slug, "_links": self._class_links()}])

    def create_class(self, call: Call) -> Reply:
        name = php.to_str(call.args["name"]).strip()
        slug = slug_of(name)
        if not name or slug in self._settings.classes:
            text = "Tax class requires a valid name." if not name else "Tax class slug already exists"
            raise RestError("woocommerce_rest_tax_class_exists", text, 400)
        self._settings.classes[slug] = name
        self._settings.rates_changed()
        location = ("Location", self._shop.url(f"/wc/v3/taxes/classes/{slug}"))
        return Reply(body={"name": name, "slug": slug}, status=201, headers=[location], links=self._class_links())

    def delete_class(self, call: Call) -> Reply:
        if not call.args.get("force"):
            raise RestError("woocommerce_rest_trash_not_supported", "Taxes do not support trashing.", 501)
        slug = self._slug(call)
        if slug == "standard":
            raise RestError("woocommerce_rest_tax_class_invalid_slug", "Invalid slug.", 404)
        name = self._settings.classes.pop(slug)
        for rate in [rate for rate in self._settings.rates.values() if rate.tax_class == slug]:
            del self._settings.rates[rate.id]
        self._settings.rates_changed()
        return Reply(body={"name": name, "slug": slug}, links=self._class_links())

    def _slug(self, call: Call) -> str:
        slug = slug_of(php.to_str(call.args.get("slug")))
        if slug != "standard" and slug not in self._settings.classes:
            raise RestError("woocommerce_rest_tax_class_invalid_slug", "Invalid slug.", 404)
        return slug


def _percent(text: str) -> Decimal:
    """A rate with four decimals (`index_settings[18]`)."""
    try:
        value = Decimal(re.sub(r"[^0-9.\-]", "", text.replace(",", ".")) or "0")
        return value.quantize(Decimal("0.0001"))
    except InvalidOperation:
        return Decimal("0.0000")


def _shown(rate: TaxRate) -> Body:
    return {
        "id": rate.id,
        "country": rate.country,
        "state": rate.state,
        "postcode": rate.postcodes[-1] if rate.postcodes else "",
        "city": rate.cities[-1] if rate.cities else "",
        "rate": str(rate.rate),
        "name": rate.name,
        "priority": rate.priority,
        "compound": rate.compound,
        "shipping": rate.shipping,
        "order": rate.order,
        "class": rate.tax_class or "standard",
        "postcodes": list(rate.postcodes),
        "cities": list(rate.cities),
    }
