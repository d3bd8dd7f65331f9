"""What the shop keeps of a product or a variation: texts as WooCommerce stores them, moments as seconds since 1970
(UTC)."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from simulators.woocommerce.meta import Meta

Type: TypeAlias = Literal["simple", "variable", "grouped", "external", "variation"]

TYPES = ("simple", "grouped", "external", "variable")
"""The types that may be asked for (`products_simple[75]`)."""

POST_STATUSES = ("draft", "pending", "private", "publish")
STATUSES = (*POST_STATUSES, "future", "auto-draft", "trash")
STOCK_STATUSES = ("instock", "outofstock", "onbackorder")


class Attribute(msgspec.Struct, frozen=True):
    """One attribute of a product. A global one has an id and the ids of its terms, a local one its options as text."""

    id: int = 0
    name: str = ""
    options: tuple[str, ...] = ()
    terms: tuple[int, ...] = ()
    position: int = 0
    visible: bool = False
    variation: bool = False


class Download(msgspec.Struct, frozen=True):
    id: str
    name: str
    file: str


class Details(msgspec.Struct, frozen=True):
    """What few products have. Products without share one empty object."""

    description: str = ""
    short_description: str = ""
    purchase_note: str = ""
    featured: bool = False
    visibility: str = "visible"
    gtin: str = ""
    length: str = ""
    width: str = ""
    height: str = ""
    external_url: str = ""
    button_text: str = ""
    sold_individually: bool = False
    reviews_allowed: bool = True
    post_password: str = ""
    post_parent: int = 0
    downloads: tuple[Download, ...] = ()
    download_limit: int = -1
    download_expiry: int = -1
    upsell_ids: tuple[int, ...] = ()
    cross_sell_ids: tuple[int, ...] = ()
    grouped: tuple[int, ...] = ()
    default_attributes: tuple[tuple[str, str], ...] = ()
    brands: tuple[int, ...] = ()
    ratings: tuple[int, ...] = ()


PLAIN = Details()


class Product(msgspec.Struct):
    """A product or, with type "variation", one of a variable product's variations (`parent` is its product then).

    `options` are a variation's own: attribute key ("pa_storlek", "farg") and value (a term's slug, or text).
    `stock` is kept while `manage_stock`; `price` is what the shop asks now, which follows a sale's dates only when the
    shop's queue runs (`background[2]`).
    """

    id: int
    created: int
    modified: int
    type: Type = "simple"
    status: str = "publish"
    parent: int = 0
    name: str = ""
    slug: str = ""
    sku: str = ""
    price: str = ""
    regular_price: str = ""
    sale_price: str = ""
    sale_from: int | None = None
    sale_to: int | None = None
    tax_status: str = "taxable"
    tax_class: str = ""
    manage_stock: bool = False
    stock: int | None = None
    stock_status: str = "instock"
    backorders: str = "no"
    low_stock: int | None = None
    total_sales: int = 0
    virtual: bool = False
    downloadable: bool = False
    weight: str = ""
    shipping_class: int = 0
    menu_order: int = 0
    categories: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    images: tuple[int, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    details: Details = PLAIN
    meta: list[Meta] | None = None

    def detail(self, **changes: object) -> None:
        """Set what stands in `details`."""
        self.details = msgspec.structs.replace(self.details, **changes)


class Image(msgspec.Struct):
    """An attachment in the shop's media library; `file` is the path under wp-content/uploads."""

    id: int
    created: int
    modified: int
    file: str
    name: str
    alt: str = ""


class Review(msgspec.Struct):
    id: int
    product_id: int
    created: int
    review: str
    reviewer: str
    email: str
    rating: int = 0
    status: str = "approved"
    verified: bool = False
