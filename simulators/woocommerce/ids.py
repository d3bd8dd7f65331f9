"""The shop's id series. What shares a series in WordPress' database shares it here, so ids have the same gaps."""

from __future__ import annotations

import msgspec


class Series(msgspec.Struct):
    """One auto-increment column: an id is never given twice, not even after a deletion."""

    last: int = 0

    def next(self) -> int:
        self.last += 1
        return self.last

    def seen(self, value: int) -> None:
        """Take note of an id that came from outside (a loaded order), so that it is not given again."""
        self.last = max(self.last, value)


class Ids(msgspec.Struct, kw_only=True):
    """All series. `posts`: products, variations, orders, refunds, coupons, images. `order_items`: every kind of line
    of an order. `comments`: order notes and reviews. `terms`: categories, tags, attribute terms, shipping classes.
    Order meta and order item meta have tables of their own beside product (post) meta and customer (user) meta."""

    posts: Series
    order_items: Series
    order_meta: Series
    item_meta: Series
    post_meta: Series
    user_meta: Series
    term_meta: Series
    users: Series
    comments: Series
    terms: Series
    attributes: Series
    tax_rates: Series
    zones: Series
    zone_methods: Series
    webhooks: Series
    actions: Series

    @classmethod
    def of_a_new_shop(cls, first_post_id: int) -> Ids:
        """The series as they stand in a newly installed shop: user 1 is the administrator, the first product gets
        `first_post_id`, the first term made gets 16 (`index_settings[31]`)."""
        return cls(
            posts=Series(first_post_id - 1),
            order_items=Series(),
            order_meta=Series(),
            item_meta=Series(),
            post_meta=Series(),
            user_meta=Series(),
            term_meta=Series(),
            users=Series(1),
            comments=Series(1),
            terms=Series(15),
            attributes=Series(),
            tax_rates=Series(),
            zones=Series(),
            zone_methods=Series(),
            webhooks=Series(),
            actions=Series(),
        )
