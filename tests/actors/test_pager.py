"""Pages of a listing in which rows come, go and break while it is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.actors.pager import Pager
from agent.messages import MarkShopOrder, OrdersSeen
from agent.model.ids import ShopOrderId
from agent.model.order import OrderSight
from agent.remote.ports import Listing, ListQuery, MarkResult, ShopIdentity
from scenarios.stage import START


class Shelf:
    """A shop that is a row of ids. `asked` are the offsets it was asked for; `meanwhile` happens before each answer."""

    def __init__(self, ids: list[int], meanwhile: Callable[[Shelf], None] = lambda _: None) -> None:
        self.ids = ids
        self.broken: set[int] = set()
        self.asked: list[int] = []
        self._meanwhile = meanwhile

    async def list_orders(self, query: ListQuery) -> Listing:
        self.asked.append(query.offset)
        self._meanwhile(self)
        page = self.ids[query.offset : query.offset + query.limit]
        sights = tuple(
            OrderSight(order_id=ShopOrderId(id_), status="processing", modified_at=START, created_at=START)
            for id_ in page
            if id_ not in self.broken
        )
        broken = tuple(f"{id_}: Expected a date" for id_ in page if id_ in self.broken)
        return Listing(sights=sights, asked_at=START, rows=len(page), total=len(self.ids), unreadable=broken)

    async def identity(self) -> ShopIdentity:
        return ShopIdentity(url="")

    async def read_orders(self, order_ids: tuple[ShopOrderId, ...], source: str) -> OrdersSeen:
        raise NotImplementedError

    async def mark_orders(self, marks: tuple[MarkShopOrder, ...]) -> tuple[MarkResult, ...]:
        raise NotImplementedError

    async def note_order(self, mark: MarkShopOrder) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        return


async def listed(shelf: Shelf) -> set[int]:
    pager = Pager(shelf, ListQuery(limit=5))
    found: set[int] = set()
    while (listing := await pager.next()) is not None:
        found.update(int(sight.order_id) for sight in listing.sights)
    return found


@pytest.mark.parametrize("count", range(14))
async def test_every_row_is_listed_once_or_more(count: int) -> None:
    assert await listed(Shelf(list(range(1, count + 1)))) == set(range(1, count + 1))


@pytest.mark.parametrize("request_no", range(2, 7))
@pytest.mark.parametrize("gone", [1, 5, 7, 12])
async def test_a_row_that_leaves_between_two_pages_hides_no_other(request_no: int, gone: int) -> None:
    def leaves(shelf: Shelf) -> None:
        if len(shelf.asked) == request_no and gone in shelf.ids:
            shelf.ids.remove(gone)

    shelf = Shelf(list(range(1, 21)), leaves)
    assert await listed(shelf) >= set(range(1, 21)) - {gone}


async def test_a_broken_row_at_a_page_border_costs_no_more_pages() -> None:
    shelf = Shelf(list(range(1, 21)))
    shelf.broken = {5}
    assert await listed(shelf) == set(range(1, 21)) - {5}
    assert len(shelf.asked) == 5


async def test_a_shop_that_gives_fewer_rows_than_asked_for_is_read_to_its_end() -> None:
    class Sparing(Shelf):
        async def list_orders(self, query: ListQuery) -> Listing:
            return await super().list_orders(ListQuery(offset=query.offset, limit=3))

    assert await listed(Sparing(list(range(1, 12)))) == set(range(1, 12))
