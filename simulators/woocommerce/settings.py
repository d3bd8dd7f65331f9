"""What the shop tells about itself: settings, taxes, shipping, payment methods, status, reports, indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce.call import Route

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class Settings:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> list[Route]:
        return []
