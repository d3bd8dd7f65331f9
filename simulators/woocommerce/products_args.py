"""The arguments of products and variations: what may be written, and what lists may be asked for."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.woocommerce import meta, paging, php, schema
from simulators.woocommerce.call import Arg, Args, Body, Call, Json
from simulators.woocommerce.products_model import POST_STATUSES, STATUSES, STOCK_STATUSES, TYPES
from simulators.woocommerce.products_text import clean

_TEXT = Arg(kind="string")
_FLAG = Arg(kind="boolean")
_WHOLE = Arg(kind="integer")
_DATE = Arg(kind="date-time")
_IDS = Arg(kind="array", items=_WHOLE)
_TERM = Arg(kind="object", properties={"id": _WHOLE, "name": _TEXT, "slug": _TEXT})
_IMAGE: Mapping[str, Arg] = {"id": _WHOLE, "src": _TEXT, "name": _TEXT, "alt": _TEXT}
_DIMENSIONS = Arg(kind="object", properties={"length": _TEXT, "width": _TEXT, "height": _TEXT})
_DOWNLOADS = Arg(kind="array", items=Arg(kind="object", properties={"id": _TEXT, "name": _TEXT, "file": _TEXT}))
_OPTION = Arg(kind="object", properties={"id": _WHOLE, "name": _TEXT, "option": _TEXT})

TAX_STATUSES = ("taxable", "shipping", "none")
BACKORDERS = ("no", "notify", "yes")

PRODUCT: Args = {
    "id": _WHOLE,
    "name": _TEXT,
    "slug": _TEXT,
    "date_created": _DATE,
    "date_created_gmt": _DATE,
    "type": Arg(kind="string", enum=TYPES),
    "status": Arg(kind="string", enum=STATUSES),
    "featured": _FLAG,
    "catalog_visibility": Arg(kind="string", enum=("visible", "catalog", "search", "hidden")),
    "description": _TEXT,
    "short_description": _TEXT,
    "sku": _TEXT,
    "global_unique_id": _TEXT,
    "regular_price": _TEXT,
    "sale_price": _TEXT,
    "date_on_sale_from": _DATE,
    "date_on_sale_from_gmt": _DATE,
    "date_on_sale_to": _DATE,
    "date_on_sale_to_gmt": _DATE,
    "virtual": _FLAG,
    "downloadable": _FLAG,
    "downloads": _DOWNLOADS,
    "download_limit": _WHOLE,
    "download_expiry": _WHOLE,
    "external_url": _TEXT,
    "button_text": _TEXT,
    "tax_status": Arg(kind="string", enum=TAX_STATUSES),
    "tax_class": _TEXT,
    "manage_stock": _FLAG,
    "stock_quantity": _WHOLE,
    "stock_status": Arg(kind="string", enum=STOCK_STATUSES),
    "backorders": Arg(kind="string", enum=BACKORDERS),
    "low_stock_amount": Arg(kind=("integer", "null")),
    "sold_individually": _FLAG,
    "weight": _TEXT,
    "dimensions": _DIMENSIONS,
    "shipping_class": _TEXT,
    "reviews_allowed": _FLAG,
    "post_password": _TEXT,
    "upsell_ids": _IDS,
    "cross_sell_ids": _IDS,
    "parent_id": _WHOLE,
    "purchase_note": _TEXT,
    "categories": Arg(kind="array", items=_TERM),
    "brands": Arg(kind="array", items=_TERM),
    "tags": Arg(kind="array", items=_TERM),
    "images": Arg(kind="array", items=Arg(kind="object", properties=_IMAGE)),
    "attributes": Arg(
        kind="array",
        items=Arg(
            kind="object",
            properties={
                "id": _WHOLE,
                "name": _TEXT,
                "position": _WHOLE,
                "visible": _FLAG,
                "variation": _FLAG,
                "options": Arg(kind="array", items=_TEXT, checked=False),
            },
        ),
    ),
    "default_attributes": Arg(kind="array", items=_OPTION),
    "grouped_products": _IDS,
    "menu_order": _WHOLE,
    "meta_data": meta.ARG,
    "inventory_delta": Arg(),
}

DEFAULTS: Body = {"type": "simple", "status": "publish"}
"""Defaults of a new product that do anything; elements of a batch have them too."""

CREATE_PRODUCT: Args = {name: arg for name, arg in PRODUCT.items() if name != "id"}

VARIATION: Args = {
    "id": _WHOLE,
    "product_id": _WHOLE,
    "description": _TEXT,
    "sku": _TEXT,
    "global_unique_id": _TEXT,
    "regular_price": _TEXT,
    "sale_price": _TEXT,
    "date_on_sale_from": _DATE,
    "date_on_sale_from_gmt": _DATE,
    "date_on_sale_to": _DATE,
    "date_on_sale_to_gmt": _DATE,
    "status": Arg(kind="string", enum=POST_STATUSES),
    "virtual": _FLAG,
    "downloadable": _FLAG,
    "downloads": _DOWNLOADS,
    "download_limit": _WHOLE,
    "download_expiry": _WHOLE,
    "tax_status": Arg(kind="string", enum=TAX_STATUSES),
    "tax_class": _TEXT,
    "manage_stock": Arg(kind="mixed"),
    "stock_quantity": _WHOLE,
    "stock_status": Arg(kind="string", enum=STOCK_STATUSES),
    "backorders": Arg(kind="string", enum=BACKORDERS),
    "low_stock_amount": Arg(kind=("integer", "null")),
    "weight": _TEXT,
    "dimensions": _DIMENSIONS,
    "shipping_class": _TEXT,
    "image": Arg(kind="object", properties=_IMAGE),
    "attributes": Arg(kind="array", items=_OPTION),
    "menu_order": _WHOLE,
    "meta_data": meta.ARG,
    "inventory_delta": Arg(),
}


def id_list(value: Json) -> list[int]:
    """wp_parse_id_list: whole numbers without their signs, each once; words are 0 and so find nothing
    (`products_list[46]`)."""
    return list(dict.fromkeys(abs(php.to_int(one)) for one in schema.as_list(value) or []))


def _slug_list(value: Json) -> list[str]:
    return [php.to_str(one) for one in schema.as_list(value) or []]


_ID_LIST = Arg(kind="array", items=_WHOLE, default=[], checked=False, clean=id_list)
_TERM_FILTER = Arg(kind="string", checked=False, clean=id_list)
_FILTER_TEXT = Arg(kind="string", clean=lambda value: clean(php.to_str(value)))
_MOMENT = Arg(kind="string", format="date-time")
_LISTED_STATUSES = ("future", "trash", *POST_STATUSES)

_SHARED: Args = {
    "context": Arg(kind="string", enum=("view", "edit"), default="view"),
    "page": paging.PAGE,
    "per_page": paging.PER_PAGE,
    "search": _FILTER_TEXT,
    "after": _MOMENT,
    "before": _MOMENT,
    "modified_after": _MOMENT,
    "modified_before": _MOMENT,
    "dates_are_gmt": Arg(kind="boolean", default=False),
    "exclude": _ID_LIST,
    "include": _ID_LIST,
    "offset": _WHOLE,
    "order": Arg(kind="string", enum=("asc", "desc"), default="desc"),
}
_FILTERS: Args = {
    "parent": _ID_LIST,
    "parent_exclude": _ID_LIST,
    "search_sku": _FILTER_TEXT,
    "slug": _TEXT,
    "status": Arg(kind="string", enum=("any", *_LISTED_STATUSES), default="any"),
    "type": Arg(kind="string", enum=TYPES),
    "sku": _FILTER_TEXT,
    "featured": _FLAG,
    "category": _TERM_FILTER,
    "tag": _TERM_FILTER,
    "brand": _TERM_FILTER,
    "shipping_class": _TERM_FILTER,
    "attribute": _FILTER_TEXT,
    "attribute_term": _TERM_FILTER,
    "tax_class": Arg(kind="string"),
    "on_sale": _FLAG,
    "min_price": _FILTER_TEXT,
    "max_price": _FILTER_TEXT,
    "stock_status": Arg(kind="string", enum=STOCK_STATUSES),
    "stock_quantity": _WHOLE,
    "min_stock_quantity": _WHOLE,
    "max_stock_quantity": _WHOLE,
    "search_name_or_sku": _FILTER_TEXT,
    "search_fields": Arg(
        kind="array",
        items=Arg(kind="string", enum=("name", "global_unique_id", "description", "short_description", "sku")),
        default=[],
        clean=_slug_list,
    ),
    "global_unique_id": _FILTER_TEXT,
    "include_status": Arg(kind="array", items=Arg(kind="string", enum=("any", *_LISTED_STATUSES)), clean=_slug_list),
    "exclude_status": Arg(kind="array", items=Arg(kind="string", enum=_LISTED_STATUSES), clean=_slug_list),
    "include_types": Arg(kind="array", items=Arg(kind="string", enum=TYPES), clean=_slug_list),
    "exclude_types": Arg(kind="array", items=Arg(kind="string", enum=TYPES), clean=_slug_list),
    "downloadable": _FLAG,
    "virtual": _FLAG,
}
_PRODUCT_ORDERS = (
    "date", "id", "include", "title", "slug", "modified", "popularity", "rating", "post__in", "price", "sales",
    "menu_order", "random", "popularity", "rating", "menu_order", "price", "popularity", "rating",
)  # fmt: skip
"""With its repetitions, as the error text has them (`products_list[26]`)."""
_VARIATION_ORDERS = ("date", "id", "include", "title", "slug", "modified", "menu_order")

PRODUCTS: Args = {**_SHARED, "orderby": Arg(kind="string", enum=_PRODUCT_ORDERS, default="date"), **_FILTERS}
VARIATIONS: Args = {
    "product_id": _WHOLE,
    **_SHARED,
    "orderby": Arg(kind="string", enum=_VARIATION_ORDERS, default="date"),
    **{name: arg for name, arg in _FILTERS.items() if name not in ("type", "include_types", "exclude_types")},
}

_EMPTY: Mapping[str, Json] = {"string": "", "integer": 0, "boolean": False, "array": [], "object": {}}


def with_nulls(call: Call, args: Args) -> Body:
    """The arguments of a single request, where a null that was sent is brought to the field's type: 0 pieces
    (`products_simple[55]`), an empty text (`errors[16]`). Dates stay as they are (`products_simple[38]`)."""
    found = dict(call.args)
    for name, value in call.body.items():
        if value is None and name in args and isinstance(args[name].kind, str):
            empty = _EMPTY.get(str(args[name].kind))
            if empty is not None:
                found[name] = empty
    return found
