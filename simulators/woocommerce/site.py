"""Everything behind one address: a shop, the simulator's own door beside it, one clock and a memory of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from simulators.http import Clock, Request, Response
from simulators.woocommerce import freeze
from simulators.woocommerce.dates import EPOCH
from simulators.woocommerce.door import PATH, Door
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.quirks import Quirks
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.state import (
    Asked,
    Delivered,
    Made,
    Started,
    StateError,
    StateFile,
    Step,
    Taken,
    of_another_version,
)
from simulators.woocommerce.webhooks_model import Delivery

_MICROSECOND = timedelta(microseconds=1)


class Site:
    """A shop that can be served, and that remembers if it is given a file.

    The shop's clock stands still within a step, so that the step gives the same when it is done again at the next
    start. Every step that may change the shop is in the file before `handle` returns.
    """

    def __init__(
        self, clock: Clock, *, options: ShopOptions | None = None, seed: int = 0, state: Path | None = None
    ) -> None:
        """Makes the shop, or makes it again from its file.

        Raises:
            StateError: if the file cannot be used.
        """
        self.options = options or ShopOptions()
        self._clock = clock
        self._moment = clock()
        self.shop = Shop(self.options, self._now, seed)
        self.door = Door(self.shop)
        self._every_read = self.options.quirks != Quirks()
        self._file = StateFile(state, Made(self.options, seed)) if state is not None else None
        if self._file is not None:
            try:
                self._remember(self._file)
            except StateError:
                self._file.close()
                raise

    def _now(self) -> datetime:
        return self._moment

    def _remember(self, file: StateFile) -> None:
        if file.snapshot is not None:
            try:
                freeze.thaw(self.shop, file.snapshot)
            except freeze.OtherVersion:
                raise of_another_version() from None
        for step in file.steps():
            self._moment = EPOCH + step.at * _MICROSECOND
            self._do(step)
        self._step(Started)

    def _step(self, kind: Callable[[int], Step]) -> None:
        """Does a step that needs no more than its moment."""
        self._moment = self._clock()
        step = kind(self._at())
        self._do(step)
        self._keep(step)

    def _do(self, step: Step) -> None:
        if isinstance(step, Asked):
            self._route(step.request)
        elif isinstance(step, Taken):
            self.shop.webhooks.due()
        elif isinstance(step, Delivered):
            self.shop.webhooks.delivered(step.delivery, step.status, step.took_ms)
        else:
            self.shop.webhooks.interrupted()

    def _keep(self, step: Step) -> None:
        if self._file is not None:
            self._file.append(step)

    def _at(self) -> int:
        return (self._moment - EPOCH) // _MICROSECOND

    def _route(self, request: Request) -> Response:
        return self.door.handle(request) if request.path.startswith(PATH) else self.shop.handle(request)

    def handle(self, request: Request) -> Response:
        """Answers a request and remembers what it changed."""
        self._moment = self._clock()
        runs = self.shop.work.runs
        response = self._route(request)
        if self._file is not None and (self._every_read or runs != self.shop.work.runs or not _only_reads(request)):
            self._file.append(Asked(self._at(), request))
        return response

    def due_deliveries(self) -> list[Delivery]:
        """What the shop wants delivered now: pings, and the next webhook of a queue's run. Report each with
        `delivered`."""
        if not self.shop.webhooks.has_due():
            return []
        self._moment = self._clock()
        self._keep(Taken(self._at()))
        return self.shop.webhooks.due()

    def delivered(self, delivery_id: int, status: int | None, took_ms: int = 0) -> None:
        """How a delivery ended; None for a receiver that could not be reached or gave no answer in time."""
        self._moment = self._clock()
        self.shop.webhooks.delivered(delivery_id, status, took_ms)
        self._keep(Delivered(self._at(), delivery_id, status, took_ms))

    def close(self, *, snapshot: bool = True) -> None:
        """A clean stop: the shop as it is now replaces the steps that led to it. Without a snapshot it ends as by
        kill -9."""
        if self._file is not None:
            if snapshot:
                self._file.compact(freeze.freeze(self.shop))
            self._file.close()


def _only_reads(request: Request) -> bool:
    """Whether nothing but a run of the queue can have changed the shop. OAuth uses up a nonce, and the shop window
    makes carts and drafts when it is read."""
    override = "x-http-method-override" in request.headers or "_method" in request.query
    oauth = "oauth_" in request.query or request.headers.get("authorization", "").lower().startswith("oauth")
    reading = request.method in {"GET", "HEAD", "OPTIONS"} and not override
    return reading and not oauth and request.path.startswith(("/wp-json/wc/v", PATH))
