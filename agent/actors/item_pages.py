"""Pages of a shop's products, without a hole although the shop goes on living meanwhile.

Pages go by ascending id, each reaching one row back into the one before, as those of orders do (pager.py).
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from agent.model.reasons import Fault
from agent.remote.ports import ItemsPage, ItemsPort, ItemsQuery
from agent.remote.trouble import Trouble, TroubleKind

STEPS_BACK_MAX = 50


class ItemPages:
    """One listing. `next` gives its pages, and None after the last; `offset` is where it goes on after the page that
    was given last."""

    def __init__(self, port: ItemsPort, query: ItemsQuery) -> None:
        self.offset = query.offset
        self._port = port
        self._query = query
        self._border = 0
        self._steps_back = 0
        self._ended = False

    async def next(self) -> ItemsPage | None:
        """The next page. Where a product that left has shifted the others over the border, the page before is listed
        again. Raises Trouble with SHOP_FILTER_BROKEN when the shop does not page as it should."""
        while not self._ended:
            page = await self._port.list_items(msgspec.structs.replace(self._query, offset=self.offset))
            ids = [seen.item.product_id for seen in page.items]
            require_ascending(ids)
            if self._border and self._border not in ids and self._steps_back < STEPS_BACK_MAX:
                self._steps_back += 1
                self._border = 0
                self.offset = max(0, self.offset - self._query.limit)
                continue
            self._ended = not page.rows or (page.rows < self._query.limit and self._is_last(page))
            overlap = 1 if page.rows > 1 else 0
            self.offset += page.rows - overlap
            # Where a row could not be read it is not known which one the next page must begin with.
            self._border = ids[-1] if ids and overlap and not page.unreadable else 0
            return page
        return None

    def _is_last(self, page: ItemsPage) -> bool:
        """A short page is the last one, unless the shop counts more: some hosts give fewer rows than were asked for."""
        return page.total is None or self.offset + page.rows >= page.total


def require_ascending(ids: list[int]) -> None:
    if any(later <= earlier for earlier, later in pairwise(ids)):
        raise Trouble(TroubleKind.NOT_NOW, "order_ignored", fault=Fault.SHOP_FILTER_BROKEN)
