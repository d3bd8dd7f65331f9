"""Products and variations: what is kept of them, what they inherit, and what saving one sets in motion."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.call import Body, RestError, Route
from simulators.woocommerce.events import Event, Kind
from simulators.woocommerce.images import Images
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.products_load import loaded
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_prices import in_sale, number, settle
from simulators.woocommerce.products_render import Renderer
from simulators.woocommerce.products_routes import ProductRoutes
from simulators.woocommerce.products_shelf import Shelf
from simulators.woocommerce.products_text import slug_of
from simulators.woocommerce.reviews import Reviews
from simulators.woocommerce.terms import CATEGORY, UNCATEGORIZED
from simulators.woocommerce.variations import VariationRoutes

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

SALE, PUBLISH = "product_sale_by_date", "publish_future_post"
UNSLUGGED = ("draft", "pending", "auto-draft")


class Sellable(msgspec.Struct, frozen=True, kw_only=True):
    """What an order line takes from a product or variation when it is sold.

    `price` is what the shop asks now, as it was typed (with tax where the shop's prices include it); None without a
    price.
    `image_id` is 0 without an image. `attributes` are the variation's, (taxonomy or name, label, value slug, value
    label).
    """

    product_id: int
    variation_id: int = 0
    name: str
    parent_name: str | None = None
    sku: str = ""
    gtin: str = ""
    price: Decimal | None
    tax_class: str = ""
    tax_status: str = "taxable"
    virtual: bool = False
    downloadable: bool = False
    kind: str = "simple"
    image_id: int = 0
    image_src: str = ""
    shipping_class: int = 0
    category_ids: tuple[int, ...] = ()
    on_sale: bool = False
    attributes: tuple[tuple[str, str, str, str], ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """One attribute that variations differ in: the key it is kept under ("pa_storlek", "farg"), how it is called, and,
    for one variation, its value and how that reads. An empty value means any."""

    id: int
    key: str
    label: str
    value: str = ""
    shown: str = ""


class Products:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.shelf: Shelf = Shelf()
        self._sellable: dict[int, tuple[Product, Product | None, Sellable]] = {}
        self.images: Images = Images(shop)
        self.reviews: Reviews = Reviews(shop, self)
        self.renderer: Renderer = Renderer(shop, self)
        shop.work.on(SALE, self._sale_by_date)
        shop.work.on(PUBLISH, self._publish_planned)

    def routes(self) -> list[Route]:
        return [
            *self.reviews.routes(),
            *VariationRoutes(self._shop, self).routes(),
            *ProductRoutes(self._shop, self).routes(),
        ]

    # What orders ask

    def sellable(self, product_id: int, variation_id: int = 0) -> Sellable | None:
        """What an order needs to know; None for an unknown or deleted product. The id of a variation does as product_id
        too."""
        one = self.shelf.things.get(variation_id or product_id)
        if one is None:
            return None
        parent = self.parent_of(one) if one.parent else None
        known = self._sellable.get(one.id)
        if known is not None and known[0] is one and known[1] is parent:
            return known[2]
        found = self._made_sellable(one, parent)
        dated = one.sale_from is not None or one.sale_to is not None
        if not dated and not found.image_id and not any(row.id for row in self.options_of(one)):
            # A change puts another product in its place, so as long as it is the same this stays true. What a sale's
            # dates, the name of a term or the scheme of an image's address decide may change without it.
            self._sellable[one.id] = (one, parent, found)
        return found

    def _made_sellable(self, one: Product, parent: Product | None) -> Sellable:
        image = next(iter(self.images_of(one)), 0)
        return Sellable(
            product_id=one.parent or one.id,
            variation_id=one.id if one.parent else 0,
            name=self.name_of(one),
            parent_name=parent.name if parent is not None else None,
            sku=self.sku_of(one),
            gtin=one.details.gtin,
            price=_decimal(one.price),
            tax_class=self.tax_class_of(one),
            tax_status=self.tax_status_of(one),
            virtual=one.virtual,
            downloadable=one.downloadable,
            kind=one.type,
            image_id=image,
            image_src=self.images.address(image),
            shipping_class=self.shipping_class_of(one),
            category_ids=(parent or one).categories,
            on_sale=in_sale(one, self._shop.now()),
            attributes=tuple((row.key, row.label, row.value, row.shown) for row in self.options_of(one)),
        )

    def by_sku(self, sku: str) -> int:
        """The id of the product or variation with that SKU, 0 if there is none."""
        return self.shelf.with_sku(sku)

    # What is inherited and what follows

    def parent_of(self, one: Product) -> Product | None:
        return self.shelf.get(one.parent) if one.type == "variation" else None

    def sku_of(self, one: Product) -> str:
        """Its own SKU, or for a variation without one its product's (`variations[18]`)."""
        parent = self.parent_of(one) if not one.sku else None
        return parent.sku if parent is not None else one.sku

    def inherited_weight(self, one: Product) -> str:
        parent = self.parent_of(one) if not one.weight else None
        return parent.weight if parent is not None else one.weight

    def images_of(self, one: Product) -> tuple[int, ...]:
        """Its own images; a variation without one shows its product's first."""
        parent = self.parent_of(one) if not one.images else None
        return parent.images[:1] if parent is not None else one.images

    def tax_class_of(self, one: Product) -> str:
        if one.tax_class != "parent":
            return one.tax_class
        parent = self.parent_of(one)
        return parent.tax_class if parent is not None else ""

    def tax_status_of(self, one: Product) -> str:
        parent = self.parent_of(one)
        return parent.tax_status if parent is not None else one.tax_status

    def shipping_class_of(self, one: Product) -> int:
        parent = self.parent_of(one) if not one.shipping_class else None
        return parent.shipping_class if parent is not None else one.shipping_class

    def choices_of(self, product: Product) -> list[Choice]:
        """The attributes in which the variations of a product differ, in its order."""
        found = []
        for attribute in product.attributes:
            if not attribute.variation:
                continue
            held = self._shop.terms.attributes.get(attribute.id) if attribute.id else None
            if held is not None:
                found.append(Choice(held.id, held.taxonomy, held.name))
            else:
                found.append(Choice(0, slug_of(attribute.name), attribute.name))
        return found

    def options_of(self, variation: Product) -> list[Choice]:
        """What one variation is; nothing for other products."""
        parent = self.parent_of(variation)
        if parent is None:
            return []
        values = dict(variation.options)
        return [self._chosen(choice, values.get(choice.key, "")) for choice in self.choices_of(parent)]

    def _chosen(self, choice: Choice, value: str) -> Choice:
        term = self._shop.terms.slugged(choice.key, value) if choice.id else None
        return Choice(choice.id, choice.key, choice.label, value, term.name if term is not None else value)

    def short_name(self, variation: Product) -> str:
        """The options alone: "S, Röd" (`variations[4]`)."""
        return ", ".join(row.shown for row in self.options_of(variation) if row.value)

    def name_of(self, one: Product) -> str:
        """A variation is called after its product and its options, if these are at most two, and not when there are two
        and one of them is called by several words."""
        if one.type != "variation":
            return one.name
        parent = self.parent_of(one)
        title = parent.name if parent is not None else ""
        rows = self.options_of(one)
        short = ", ".join(row.shown for row in rows if row.value)
        clear = len(rows) < 3 and not (len(rows) > 1 and any("-" in row.key for row in rows))
        return f"{title} - {short}" if short and clear else title

    # Saving

    def save(self, one: Product, event: Event = "updated") -> None:
        """Put a new or changed thing in its place: its date moves, its stock status is brought into line, its product
        or its variations follow, and the listeners hear of it (`products_modified[2]`, `products_modified[52]`)."""
        now = self._shop.now()
        one.modified = now
        self._shop.stock.align(one)
        self._plan(one, now)
        if one.type == "grouped":
            offered = (child for child in map(self.shelf.get, one.details.grouped) if child is not None)
            one.price = min((child.price for child in offered if child.price), key=number, default="")
        self.shelf.put(one)
        self._shop.stock.hand_down(one)
        if one.type == "variation":
            self.follow(one.parent)
        self.tell(one, event)

    def tell(self, one: Product, event: Event) -> None:
        kind: Kind = "variation" if one.type == "variation" else "product"
        self._shop.changed(kind, one.id, event)

    def follow(self, parent_id: int) -> None:
        """Let a variable product follow its variations: lowest price, stock status, date (`variations[9]`,
        `products_modified[74]`). Nobody is told (webhooks of variations come alone)."""
        parent = self.shelf.get(parent_id)
        if parent is None:
            return
        changed = self.shelf.draft(parent)
        changed.modified = self._shop.now()
        if changed.type == "variable":
            self._shop.stock.align(changed)
            changed.price = self._lowest_price(parent_id)
        self.shelf.put(changed)

    def _lowest_price(self, parent_id: int) -> str:
        offered = self.shelf.offered(parent_id)
        return min((one.price for one in offered), key=number, default="")

    def _plan(self, one: Product, now: int) -> None:
        """Queue what the shop does by itself at a date: begin and end a sale, publish what is planned. What was queued
        before stays; a date that has moved makes it do nothing."""
        old = self.shelf.get(one.id)
        if old is not None and _dated(old) == _dated(one):
            return
        if one.sale_price:
            for due in (one.sale_from, one.sale_to + 1 if one.sale_to is not None else None):
                if due is not None and due > now:
                    self._shop.work.queue(SALE, one.id, due)
        if one.status == "future":
            self._shop.work.queue(PUBLISH, one.id, one.created)

    def _sale_by_date(self, id_: int) -> None:
        """A sale begins or ends: only now do price and date follow (`background[4]`, `background[8]`)."""
        one = self.shelf.get(id_)
        if one is None or one.type == "variable":
            return
        changed = self.shelf.draft(one)
        settle(changed, self._shop.now())
        if changed.price != one.price:
            self.save(changed)

    def _publish_planned(self, id_: int) -> None:
        one = self.shelf.get(id_)
        if one is not None and one.status == "future" and one.created <= self._shop.now():
            changed = self.shelf.draft(one)
            changed.status = "publish"
            self.save(changed)

    # Trash and deletion

    def trash(self, one: Product) -> None:
        """To the trash, with all variations; the slug becomes free and is kept aside (`products_simple[131]`).

        Raises:
            RestError: 410, it is there already (`products_simple[132]`).
        """
        if one.status == "trash":
            raise RestError("woocommerce_rest_already_trashed", "The product has already been deleted.", 410)
        for child in self.shelf.living(one.id):
            self._into_trash(child)
        self._into_trash(one)
        if one.type == "variation":
            self.follow(one.parent)
        self.tell(one, "deleted")

    def _into_trash(self, one: Product) -> None:
        changed = self.shelf.draft(one)
        rows = changed.meta = changed.meta or []
        series = self._shop.ids.post_meta
        rows.append(Meta(series.next(), "_wp_trash_meta_status", one.status))
        rows.append(Meta(series.next(), "_wp_trash_meta_time", str(self._shop.now())))
        self.enter_trash(changed)
        changed.modified = self._shop.now()
        self.shelf.put(changed)

    def enter_trash(self, changed: Product) -> None:
        """What happens to slug and meta of a thing that gets status trash, however it gets it."""
        changed.status = "trash"
        if changed.slug and not changed.slug.endswith("__trashed"):
            rows = changed.meta = changed.meta or []
            rows.append(Meta(self._shop.ids.post_meta.next(), "_wp_desired_post_slug", changed.slug))
            changed.slug = self.shelf.free_slug(f"{changed.slug}__trashed", changed.id)

    def leave_trash(self, changed: Product) -> None:
        """The slug it had comes back."""
        for row in changed.meta or []:
            if row.key == "_wp_desired_post_slug":
                changed.slug = self.shelf.free_slug(str(row.value), changed.id)
        changed.meta = [row for row in changed.meta or [] if row.key != "_wp_desired_post_slug"]

    def restore(self, id_: int) -> None:
        """Bring a product back as staff do in wp-admin: with its status, its variations, and word to the listeners."""
        one = self.shelf.get(id_)
        if one is None or one.status != "trash":
            return
        for thing in (one, *self.shelf.children(id_)):
            if thing.status == "trash":
                changed = self.shelf.draft(thing)
                self.leave_trash(changed)
                before = {row.key: row.value for row in changed.meta or []}.get("_wp_trash_meta_status", "draft")
                changed.meta = [row for row in changed.meta or [] if not row.key.startswith("_wp_trash_meta_")]
                changed.status = str(before)
                changed.modified = self._shop.now()
                self.shelf.put(changed)
        self.tell(one, "updated")
        self.tell(one, "restored")

    def delete(self, one: Product) -> None:
        """Delete for good, with variations and reviews; nobody is told."""
        for child in self.shelf.children(one.id):
            self.shelf.remove(child)
        self.reviews.forget(one.id)
        self.shelf.remove(one)
        if one.type == "variation":
            self.follow(one.parent)

    def leave_term(self, term: int) -> None:
        """A term is deleted: its products are without it, and in the default category if no other is left. No date
        moves."""
        for id_ in list(self.shelf.in_term(term)):
            changed = self.shelf.draft(self.shelf.things[id_])
            kept = tuple(one for one in changed.categories if one != term)
            changed.categories = kept or (UNCATEGORIZED,)
            changed.tags = tuple(one for one in changed.tags if one != term)
            changed.detail(brands=tuple(one for one in changed.details.brands if one != term))
            changed.shipping_class = 0 if changed.shipping_class == term else changed.shipping_class
            changed.attributes = tuple(
                msgspec.structs.replace(one, terms=tuple(option for option in one.terms if option != term))
                for one in changed.attributes
            )
            self.shelf.put(changed)

    def load(self, raw: Body) -> int:
        """Take a product or variation as a real shop told it (`GET /products/<id>`), ids and dates and all; its id."""
        return loaded(self._shop, raw).id

    def known_categories(self, ids: list[int]) -> tuple[int, ...]:
        """The categories among these ids, each once; the default category if there is none (`products_simple[95]`)."""
        found = tuple(dict.fromkeys(id_ for id_ in ids if self._shop.terms.get(id_, CATEGORY) is not None))
        return found or (UNCATEGORIZED,)


def _dated(one: Product) -> tuple[object, ...]:
    """What decides when the shop does something by itself."""
    return one.sale_price, one.sale_from, one.sale_to, one.status, one.created


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
