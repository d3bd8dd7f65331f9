"""Pages of a listing, without a hole although the shop goes on living meanwhile.

Pages go by ascending id and each reaches one row back into the one before. Orders that come in are at the end, or come
again in a later listing; an order that leaves (trashed, deleted) shifts rows over a page border, and then the last row
of one page is not the first of the next: the page before is listed again.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from agent.model.reasons import Fault
from agent.remote.ports import Listing, ListQuery, ShopPort
from agent.remote.trouble import Trouble, TroubleKind

STEPS_BACK_MAX = 50
"""So often one listing steps back at most; a shop in which rows leave faster than that is told so."""


class Pager:
    """One listing. `next` gives its pages, and None after the last."""

    def __init__(self, port: ShopPort, query: ListQuery) -> None:
        self._port = port
        self._query = query
        self._offset = 0
        self._border: int | None = None
        self._last_ids: tuple[int, ...] = ()
        self._steps_back = 0
        self._ended = False

    async def next(self) -> Listing | None:
        """The next page. Raises Trouble with SHOP_FILTER_BROKEN when the shop does not page as it should."""
        while not self._ended:
            query = msgspec.structs.replace(self._query, offset=self._offset)
            listing = await self._port.list_orders(query)
            ids = tuple(int(sight.order_id) for sight in listing.sights)
            self._judge(ids)
            if self._border is not None and self._border not in ids and self._steps_back < STEPS_BACK_MAX:
                self._steps_back += 1
                self._offset = max(0, self._offset - self._query.limit)
                self._border = None
                self._last_ids = ()
                continue
            if not listing.rows or (listing.rows < self._query.limit and self._is_last(listing)):
                self._ended = True
            else:
                overlap = 1 if listing.rows > 1 else 0
                self._offset += listing.rows - overlap
                # Where a row could not be read it is not known which one the next page must begin with.
                self._border = ids[-1] if ids and overlap and not listing.unreadable else None
            self._last_ids = ids
            return listing
        return None

    def _is_last(self, listing: Listing) -> bool:
        """A short page is the last one, unless the shop counts more: some hosts give fewer rows than were asked for."""
        return listing.total is None or self._offset + listing.rows >= listing.total

    def _judge(self, ids: tuple[int, ...]) -> None:
        if any(later <= earlier for earlier, later in pairwise(ids)):
            raise Trouble(TroubleKind.NOT_NOW, "order_ignored", fault=Fault.SHOP_FILTER_BROKEN)
        if len(ids) > 1 and ids == self._last_ids:
            raise Trouble(TroubleKind.NOT_NOW, "page_repeated", fault=Fault.SHOP_FILTER_BROKEN)
