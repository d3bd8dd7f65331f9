"""Coupons: the resource. What they take off is in coupons_discounts.py, whether they apply in coupons_model.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import batch, dates, meta, paging, php
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
from simulators.woocommerce.coupons_model import Coupon, code_of
from simulators.woocommerce.orders_money import clean, shown

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

PATH = "/wc/v3/coupons"
_ALLOW = ("GET", "POST", "PUT", "PATCH", "DELETE")
KINDS = ("percent", "fixed_cart", "fixed_product")

_TEXT, _YES, _IDS = Arg(kind="string"), Arg(kind="boolean"), Arg(kind="array", items=Arg(kind="integer"))
_LIMIT = Arg(kind=("integer", "null"))
_ARGS: dict[str, Arg] = {
    "code": _TEXT,
    "amount": _TEXT,
    "status": _TEXT,
    "discount_type": Arg(kind="string", enum=KINDS),
    "description": _TEXT,
    "date_expires": _TEXT,
    "date_expires_gmt": _TEXT,
    "individual_use": _YES,
    "product_ids": _IDS,
    "excluded_product_ids": _IDS,
    "usage_limit": _LIMIT,
    "usage_limit_per_user": _LIMIT,
    "limit_usage_to_x_items": _LIMIT,
    "free_shipping": _YES,
    "product_categories": _IDS,
    "excluded_product_categories": _IDS,
    "exclude_sale_items": _YES,
    "minimum_amount": _TEXT,
    "maximum_amount": _TEXT,
    "email_restrictions": Arg(kind="array", items=_TEXT),
    "meta_data": meta.ARG,
}
_OWN = {
    **{name: name for name in (
        "description", "status", "discount_type", "individual_use", "product_ids", "excluded_product_ids",
        "usage_limit", "usage_limit_per_user", "free_shipping", "exclude_sale_items",
    )},
    "limit_usage_to_x_items": "limit_items",
    "product_categories": "category_ids",
    "excluded_product_categories": "excluded_category_ids",
    "email_restrictions": "emails",
}  # fmt: skip
_AMOUNTS = {"amount": "amount", "minimum_amount": "minimum", "maximum_amount": "maximum"}
_LIMITS = frozenset({"usage_limit", "usage_limit_per_user", "limit_usage_to_x_items"})
_LISTS = frozenset(name for name, arg in _ARGS.items() if arg.kind == "array")
_LIST: dict[str, Arg] = {
    "page": paging.PAGE,
    "per_page": paging.PER_PAGE,
    "offset": Arg(kind="integer"),
    "code": _TEXT,
    "search": _TEXT,
    "include": _IDS,
    "exclude": _IDS,
    "order": Arg(kind="string", default="desc", enum=("asc", "desc")),
    "orderby": Arg(kind="string", default="date", enum=("date", "id", "include", "title", "slug", "modified")),
}


class Coupons:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.all: dict[int, Coupon] = {}
        self._by_code: dict[str, int] = {}

    # What orders ask

    def by_code(self, code: str) -> Coupon | None:
        found = self._by_code.get(code_of(code))
        return self.all[found] if found is not None else None

    def used(self, code: str, user: int | str, times: int) -> None:
        """Count a use by a customer id or an email, or take one back."""
        coupon = self.by_code(code)
        if coupon is None:
            return
        name = str(user)
        if times > 0:
            coupon.used_by = [*coupon.used_by, name]
        elif name in coupon.used_by:
            at = coupon.used_by.index(name)
            coupon.used_by = coupon.used_by[:at] + coupon.used_by[at + 1 :]

    # REST

    def routes(self) -> list[Route]:
        force = {"force": Arg(kind="boolean", default=False)}
        new = {**_ARGS, "code": Arg(kind="string", required=True)}
        one = (
            Endpoint(READ, self.get, staff_may("view")),
            Endpoint(UPDATE, self.update, staff_may("edit"), _ARGS),
            Endpoint(DELETE, self.delete, staff_may("delete"), force),
        )
        lists = (
            Endpoint(READ, self.listed, staff_may("list"), _LIST),
            Endpoint(CREATE, self.create, staff_may("create"), new),
        )
        return [
            Route(PATH, lists),
            Route(f"{PATH}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
            Route(PATH + r"/(?P<id>[\d]+)", one),
        ]

    def listed(self, call: Call) -> Reply:
        args = call.args
        coupons = [one for one in self.all.values() if one.status != "trash"]
        if args.get("code"):
            coupons = [one for one in coupons if one.code == code_of(php.to_str(args["code"]))]
        if args.get("search"):
            coupons = [one for one in coupons if code_of(php.to_str(args["search"])) in one.code]
        for name, wanted in (("include", True), ("exclude", False)):
            if args.get(name):
                coupons = [one for one in coupons if (one.id in args[name]) == wanted]
        by = args.get("orderby")
        coupons.sort(
            key=lambda one: (one.modified if by == "modified" else one.created if by == "date" else 0, one.id),
            reverse=args.get("order") != "asc",
        )
        start, count = paging.window(call)
        rows = [{**self._shown(one), "_links": self._links(one)} for one in coupons[start : start + count]]
        return paging.page_of(call, rows, len(coupons), self._shop.url(PATH))

    def get(self, call: Call) -> Reply:
        return self._reply(self._found(call, 404))

    def create(self, call: Call) -> Reply:
        code = code_of(php.to_str(call.args.get("code")))
        self._check_code(code, 0)
        now = self._shop.now()
        coupon = Coupon(self._shop.ids.posts.next(), code, now, now)
        self._set(coupon, call.args)
        self.all[coupon.id] = coupon
        self._by_code[code] = coupon.id
        self._shop.changed("coupon", coupon.id, "created")
        reply = self._reply(coupon)
        reply.status = 201
        reply.headers = [("Location", self._shop.url(f"{PATH}/{coupon.id}"))]
        return reply

    def update(self, call: Call) -> Reply:
        coupon = self._found(call, 400)
        if call.args.get("code"):
            code = code_of(php.to_str(call.args["code"]))
            self._check_code(code, coupon.id)
            self._by_code.pop(coupon.code, None)
            coupon.code = code
            self._by_code[code] = coupon.id
        self._set(coupon, call.args)
        coupon.modified = self._shop.now()
        self._shop.changed("coupon", coupon.id, "updated")
        return self._reply(coupon)

    def delete(self, call: Call) -> Reply:
        coupon = self._found(call, 404)
        if not php.to_bool(call.args.get("force")):
            if coupon.status == "trash":
                text = "The shop_coupon has already been deleted."
                raise RestError("woocommerce_rest_already_trashed", text, 410)
            reply = self._reply(coupon)
            coupon.status, coupon.modified = "trash", self._shop.now()
            self._shop.changed("coupon", coupon.id, "deleted")
            return reply
        reply = self._reply(coupon)
        del self.all[coupon.id]
        self._by_code.pop(coupon.code, None)
        return reply

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)

    def _check_code(self, code: str, own: int) -> None:
        if self._by_code.get(code, own) != own:
            raise RestError("woocommerce_rest_coupon_code_already_exists", "The coupon code already exists", 400)

    def _found(self, call: Call, status: int) -> Coupon:
        coupon = self.all.get(php.to_int(call.args.get("id")))
        if coupon is None:
            raise RestError("woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.", status)
        return coupon

    def _set(self, coupon: Coupon, args: Body) -> None:
        for name, own in _AMOUNTS.items():
            if args.get(name) is not None:
                setattr(coupon, own, clean(php.to_str(args[name])))
        for name, own in _OWN.items():
            value = args.get(name)
            if value is None:
                continue
            if name in _LIMITS:
                value = php.to_int(value)
            elif name in _LISTS:
                value = list(value) if isinstance(value, list) else []
            setattr(coupon, own, value)
        for name, zone in (("date_expires", self._shop.options.time_zone), ("date_expires_gmt", "UTC")):
            if args.get(name) is not None:
                coupon.expires = dates.moment_of(php.to_str(args[name]), zone)
        if args.get("meta_data"):
            meta.apply(coupon.meta, args["meta_data"], self._shop.ids.post_meta)

    def _reply(self, coupon: Coupon) -> Reply:
        return Reply(body=self._shown(coupon), links=self._links(coupon))

    def _links(self, coupon: Coupon) -> Body:
        return self._shop.links(f"{PATH}/{coupon.id}", PATH, _ALLOW)

    def _shown(self, coupon: Coupon) -> Body:
        places = self._shop.settings.decimals
        body: dict[str, Json] = {
            "id": coupon.id,
            "code": coupon.code,
            "amount": shown(coupon.amount, places),
            "status": coupon.status,
            "date_created": self._shop.local(coupon.created),
            "date_created_gmt": dates.gmt(coupon.created),
            "date_modified": self._shop.local(coupon.modified),
            "date_modified_gmt": dates.gmt(coupon.modified),
            "discount_type": coupon.discount_type,
            "description": coupon.description,
            "date_expires": None if coupon.expires is None else self._shop.local(coupon.expires),
            "date_expires_gmt": None if coupon.expires is None else dates.gmt(coupon.expires),
            "usage_count": len(coupon.used_by),
            "individual_use": coupon.individual_use,
            "product_ids": coupon.product_ids,
            "excluded_product_ids": coupon.excluded_product_ids,
            "usage_limit": coupon.usage_limit or None,
            "usage_limit_per_user": coupon.usage_limit_per_user or None,
            "limit_usage_to_x_items": coupon.limit_items or None,
            "free_shipping": coupon.free_shipping,
            "product_categories": coupon.category_ids,
            "excluded_product_categories": coupon.excluded_category_ids,
            "exclude_sale_items": coupon.exclude_sale_items,
            "minimum_amount": shown(coupon.minimum, places),
            "maximum_amount": shown(coupon.maximum, places),
            "email_restrictions": coupon.emails,
            "used_by": coupon.used_by,
            "meta_data": meta.shown(coupon.meta),
        }
        return body
