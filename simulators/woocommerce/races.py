"""What goes wrong in a shop that works on several requests at once: one does not see what another is just doing.

WooCommerce locks nothing. It reads, judges, and writes; a second request that reads in between judges by what was there
before (concurrency.json): the same order sent to processing four times at once took its stock two or three times, four
refunds of 8 kr on 20 kr paid were all accepted, the last piece was sold twice, updates of stock were lost.

Requests overlap when one comes before the time is over that the recorded shop would have worked on another (pace.py).
How often one then misses the other is the quirk `races`; without it every request is an indivisible step.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from simulators.woocommerce.call import Json
from simulators.woocommerce.dates import EPOCH

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

Deed: TypeAlias = Literal["sku", "email", "refund", "status", "stock", "pieces"]
"""What a request did: made a product with a SKU or a customer with an email, refunded an order, gave an order a status,
changed a stock by a difference, sold pieces."""

Key: TypeAlias = int | str


class _Work(msgspec.Struct):
    until: datetime
    deeds: dict[tuple[str, Key], Json]


class Races:
    """The requests that are still being worked on, and what they did."""

    def __init__(self, shop: Shop) -> None:
        self._share = shop.options.quirks.races
        self._shop = shop
        self._others: list[_Work] = []
        self._own = _Work(EPOCH, {})
        self._staged: Callable[[Deed], bool] | None = None

    @property
    def _on(self) -> bool:
        return self._share > 0 or self._staged is not None

    def stage(self, decide: Callable[[Deed], bool] | None) -> None:
        """Hold all requests from now on to overlap, and let `decide` say what each misses; None ends that."""
        self._staged = decide
        if decide is None:
            self._others = []

    def begin(self, now: datetime) -> None:
        """A request comes; those whose time is over are done."""
        if self._others and self._staged is None:
            self._others = [one for one in self._others if one.until > now]
        self._own = _Work(now, {})

    def end(self, work_ms: float) -> None:
        """The request is answered; in the real shop it would go on for its time."""
        if self._own.deeds:
            self._own.until += timedelta(milliseconds=work_ms)
            self._others.append(self._own)

    def did(self, deed: Deed, key: Key, before: Json = True) -> None:
        """Note what this request does; `before` is what one that misses it still sees."""
        if self._on:
            self._own.deeds[deed, key] = before

    def beside(self, deed: Deed, key: Key) -> bool:
        """Whether a request that is still being worked on does the same."""
        return any((deed, key) in one.deeds for one in self._others)

    def missed(self, deed: Deed, key: Key) -> Json:
        """What was there before another request that is still being worked on, if this one misses it; None if not."""
        for one in reversed(self._others):
            if (deed, key) in one.deeds:
                return one.deeds[deed, key] if self._misses(deed) else None
        return None

    def _misses(self, deed: Deed) -> bool:
        if self._staged is not None:
            return self._staged(deed)
        return self._shop.chance("races").random() < self._share
