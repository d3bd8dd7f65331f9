"""The shop window: the Store API that the block checkout uses, and plain pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.http import Request, Response
from simulators.woocommerce.call import Route

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class Storefront:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> list[Route]:
        return []

    def page(self, _request: Request) -> Response:
        """Any page of the shop that is no REST call; a visit, which may start cron."""
        return Response(status=200, headers=(("Content-Type", "text/html; charset=UTF-8"),), body=b"")
