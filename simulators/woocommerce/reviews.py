"""Reviews of products: products/reviews, and what a review does to its product."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import batch, dates, paging, php
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Arg,
    Args,
    Body,
    Call,
    Endpoint,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.products_markup import kses, paragraphs
from simulators.woocommerce.products_model import Product, Review

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

PATH = "/wc/v3/products/reviews"
FORCE = Arg(kind="boolean", default=False)
ITEM = ("GET", "POST", "PUT", "PATCH", "DELETE")
STATUSES = ("approved", "hold", "spam", "unspam", "trash", "untrash")

_FIELDS: Args = {
    "product_id": Arg(kind="integer"),
    "reviewer": Arg(kind="string"),
    "reviewer_email": Arg(kind="string", format="email"),
    "review": Arg(kind="string"),
    "rating": Arg(kind="integer"),
    "status": Arg(kind="string", enum=STATUSES),
}
_CREATE: Args = {
    **_FIELDS,
    "product_id": Arg(kind="integer", required=True),
    "reviewer": Arg(kind="string", required=True),
    "reviewer_email": Arg(kind="string", format="email", required=True),
    "review": Arg(kind="string", required=True),
    "status": Arg(kind="string", enum=STATUSES, default="approved"),
}
_IDS = Arg(kind="array", items=Arg(kind="integer"), default=[])
_COLLECTION: Args = {
    "context": Arg(kind="string", enum=("view", "edit"), default="view"),
    "page": paging.PAGE,
    "per_page": paging.PER_PAGE,
    "search": Arg(kind="string"),
    "after": Arg(kind="string", format="date-time"),
    "before": Arg(kind="string", format="date-time"),
    "exclude": _IDS,
    "include": _IDS,
    "offset": Arg(kind="integer"),
    "order": Arg(kind="string", enum=("asc", "desc"), default="desc"),
    "orderby": Arg(kind="string", enum=("date", "date_gmt", "id", "include", "product"), default="date_gmt"),
    "product": _IDS,
    "status": Arg(kind="string", enum=("all", "hold", "approved", "spam", "trash"), default="approved"),
}


def _faces(email: str) -> Body:
    """Addresses of the reviewer's picture by size in pixels, as Gravatar has them by the email's hash."""
    name = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    address = f"https://secure.gravatar.com/avatar/{name}"
    return {str(size): f"{address}?s={size}&d=mm&r=g" for size in (24, 48, 96)}


class Reviews:
    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products
        self.all: dict[int, Review] = {}

    def routes(self) -> list[Route]:
        one: Args = {"id": Arg(kind="integer")}
        return [
            Route(PATH, (
                Endpoint(READ, self.list, staff_may("list"), _COLLECTION),
                Endpoint(CREATE, self.create, staff_may("create"), _CREATE),
            )),
            Route(f"{PATH}/(?P<id>[\\d]+)", (
                Endpoint(READ, self.get, staff_may("view"), one),
                Endpoint(UPDATE, self.update, staff_may("edit"), {**one, **_FIELDS}),
                Endpoint(DELETE, self.delete, staff_may("delete"), {**one, "force": FORCE}),
            )),
            Route(f"{PATH}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
        ]  # fmt: skip

    def average(self, one: Product) -> str:
        """The mean of all ratings with two decimals."""
        ratings = one.details.ratings
        return f"{sum(ratings) / len(ratings):.2f}" if ratings else "0.00"

    def forget(self, product_id: int) -> None:
        self.all = {id_: one for id_, one in self.all.items() if one.product_id != product_id}

    def _touch(self, product_id: int) -> None:
        """A review moves its product's date (`products_modified[46]`) and its rating."""
        one = self._products.shelf.get(product_id)
        if one is None:
            return
        changed = self._products.shelf.draft(one)
        held = (each for each in self.all.values() if each.product_id == product_id and each.status == "approved")
        changed.detail(ratings=tuple(each.rating for each in held if each.rating))
        self._products.save(changed)

    def _body(self, review: Review, *, edit: bool = False) -> Body:
        product = self._products.shelf.get(review.product_id)
        return {
            "id": review.id,
            "date_created": self._shop.local(review.created),
            "date_created_gmt": dates.gmt(review.created),
            "product_id": review.product_id,
            "product_name": self._products.name_of(product) if product is not None else "",
            "product_permalink": self._products.renderer.permalink(product) if product is not None else "",
            "status": review.status,
            "reviewer": review.reviewer,
            "reviewer_email": review.email,
            "review": review.review if edit else paragraphs(review.review),
            "rating": review.rating,
            "verified": review.verified,
            "reviewer_avatar_urls": _faces(review.email),
        }

    def _links(self, review: Review) -> Body:
        return self._shop.links(f"{PATH}/{review.id}", PATH, ITEM, up=f"/wc/v3/products/{review.product_id}")

    def _find(self, call: Call) -> Review:
        review = self.all.get(call.id())
        if review is None:
            raise RestError("woocommerce_rest_review_invalid_id", "Invalid review ID.", 404)
        return review

    def list(self, call: Call) -> Reply:
        args, zone = call.args, self._shop.options.time_zone
        wanted = args["status"]
        found = [
            one
            for one in self.all.values()
            if wanted in ("all", one.status)
            and (not args["product"] or one.product_id in args["product"])
            and (not args["include"] or one.id in args["include"])
            and one.id not in args["exclude"]
            and php.to_str(args.get("search", "")).lower() in one.review.lower()
        ]
        for name, sign in (("after", 1), ("before", -1)):
            bound = dates.moment_of(args[name], zone) if name in args else None
            if bound is not None:
                found = [one for one in found if (one.created - bound) * sign > 0]
        ranks = {"id": lambda one: (one.id, 0), "product": lambda one: (one.product_id, one.id)}
        found.sort(key=ranks.get(args["orderby"], lambda one: (one.created, one.id)), reverse=args["order"] == "desc")
        start, length = paging.window(call)
        rows = [{**self._body(one), "_links": self._links(one)} for one in found[start : start + length]]
        return paging.page_of(call, rows, len(found), self._shop.url(PATH))

    def get(self, call: Call) -> Reply:
        review = self._find(call)
        return Reply(body=self._body(review), links=self._links(review))

    def create(self, call: Call) -> Reply:
        args = call.args
        product = self._products.shelf.get(php.to_int(args.get("product_id", 0)))
        if product is None or product.type == "variation":
            raise RestError("woocommerce_rest_product_invalid_id", "Invalid product ID.", 404)
        text = kses(php.to_str(args.get("review", ""))).strip()
        if not text:
            raise RestError("woocommerce_rest_review_content_invalid", "Invalid review content.", 400)
        review = Review(
            self._shop.ids.comments.next(),
            product.id,
            self._shop.now(),
            text,
            php.to_str(args.get("reviewer", "")),
            php.to_str(args.get("reviewer_email", "")),
            php.to_int(args.get("rating", 0)),
            php.to_str(args.get("status", "approved")),
        )
        self.all[review.id] = review
        self._touch(product.id)
        place = [("Location", self._shop.url(f"{PATH}/{review.id}"))]
        return Reply(body=self._body(review, edit=True), status=201, headers=place, links=self._links(review))

    def update(self, call: Call) -> Reply:
        review, args = self._find(call), call.args
        changed = msgspec.structs.replace(
            review,
            review=kses(php.to_str(args.get("review", review.review))),
            reviewer=php.to_str(args.get("reviewer", review.reviewer)),
            email=php.to_str(args.get("reviewer_email", review.email)),
            rating=php.to_int(args.get("rating", review.rating)),
            status=php.to_str(args.get("status", review.status)),
        )
        self.all[review.id] = changed
        self._touch(review.product_id)
        return Reply(body=self._body(changed, edit=True), links=self._links(changed))

    def delete(self, call: Call) -> Reply:
        review = self._find(call)
        if call.args.get("force"):
            del self.all[review.id]
            body: Body = {"deleted": True, "previous": self._body(review, edit=True)}
            self._touch(review.product_id)
            return Reply(body=body)
        if review.status == "trash":
            raise RestError("woocommerce_rest_already_trashed", "The object has already been trashed.", 410)
        review.status = "trash"
        self._touch(review.product_id)
        return Reply(body=self._body(review, edit=True), links=self._links(review))

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)
