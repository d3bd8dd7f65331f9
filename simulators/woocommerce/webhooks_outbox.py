"""From a change in the shop to a delivery: which webhooks it concerns, the wait in the queue, and what became of it.

A delivery's body is made when it is delivered, so it is the state then (`webhooks.deliveries[37]`), and the queue works
on one delivery at a time: the next begins when the receiver has answered the last one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import php
from simulators.woocommerce.call import Body, RestError, User
from simulators.woocommerce.events import Change
from simulators.woocommerce.internal import get
from simulators.woocommerce.orders_model import Order
from simulators.woocommerce.webhooks_model import Delivery, Webhook, signature

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

HOOK = "woocommerce_deliver_webhook_async"
MOST_FAILURES = 5
RUN_S = 30.0
"""How long one run of the queue may last in the shop's own judgement."""

_SHIFT = 1 << 40
_RESOURCES = {
    "product": "product",
    "variation": "product",
    "order": "order",
    "customer": "customer",
    "coupon": "coupon",
}


class _Claimed(msgspec.Struct, frozen=True):
    """One delivery of the present run of the queue that has not begun; `due` is when it was queued for."""

    due: int
    webhook_id: int
    argument: int


class Outbox:
    def __init__(
        self, shop: Shop, find: Callable[[int], Webhook | None], active: Callable[[str], list[Webhook]]
    ) -> None:
        self._shop = shop
        self._find = find
        self._active = active
        self._pings: deque[Delivery] = deque()
        self._claimed: deque[_Claimed] = deque()
        self._under_way: dict[int, Delivery] = {}
        self._given = 0
        self._done = 0
        self._took_ms = 0
        shop.events.listen(self._changed)
        shop.events.listen_to_actions(self._acted)
        shop.orders.lifecycle.listeners.append(self._status_changed)
        shop.work.on(HOOK, self._claim)

    # What happens in the shop

    def _changed(self, change: Change) -> None:
        resource = _RESOURCES.get(change.kind)
        if resource is not None:
            self._queue(f"{resource}.{change.event}", change.id)

    def _acted(self, hook: str, argument: int) -> None:
        self._queue(f"action.{hook}", argument)

    def _status_changed(self, order: Order, _before: str, after: str) -> None:
        self._shop.events.act(f"woocommerce_order_status_{after}", order.id)

    def _queue(self, topic: str, argument: int) -> None:
        """Queues a delivery for each active webhook of the topic, unless the same one waits already
        (`webhooks.deliveries[17]`). What is paused or disabled now is never told (`webhooks.deliveries[59]`)."""
        now = self._shop.now()
        for webhook in self._active(topic):
            packed = webhook.id * _SHIFT + argument
            times = self._shop.faults.deliveries()
            if times == 1 and (self._shop.work.waiting(HOOK, packed) or self._is_claimed(webhook.id, argument)):
                continue
            for _ in range(times):
                self._shop.work.queue(HOOK, packed, now)

    def _is_claimed(self, webhook_id: int, argument: int) -> bool:
        return any((one.webhook_id, one.argument) == (webhook_id, argument) for one in self._claimed)

    def _claim(self, packed: int) -> None:
        webhook_id, argument = divmod(packed, _SHIFT)
        if not self._claimed and not self._under_way:
            self._done = self._took_ms = 0
        self._claimed.append(_Claimed(self._shop.now(), webhook_id, argument))

    def ping(self, webhook: Webhook) -> None:
        """The ping of a new webhook: a form, unsigned, without any X-WC header (`webhooks.deliveries[0]`)."""
        headers = (*self._agent(), ("Content-Type", "application/x-www-form-urlencoded"))
        body = f"webhook_id={webhook.id}".encode()
        self._pings.append(Delivery(self._next(), webhook.delivery_url, headers, body, webhook.id, ping=True))

    # What the server does

    def has_due(self) -> bool:
        return bool(self._pings) or bool(self._claimed and not self._running())

    def _running(self) -> bool:
        return any(not one.ping for one in self._under_way.values())

    def due(self) -> list[Delivery]:
        """All pings, and the next delivery of the queue if the last one is done."""
        found = list(self._pings)
        self._pings.clear()
        while self._claimed and not self._running():
            one = self._claimed.popleft()
            webhook = self._find(one.webhook_id)
            if webhook is not None:
                found.append(self._made(webhook, one.argument))
                break
        self._under_way.update((one.id, one) for one in found)
        return found

    def delivered(self, delivery_id: int, status: int | None, took_ms: int) -> None:
        """Counts a success or a failure. 2xx, 301 and 302 are successes (`webhooks.deliveries[82]`); nothing is ever
        tried again; the seventh failure in a row disables the webhook (`webhooks[80]`)."""
        delivery = self._under_way.pop(delivery_id, None)
        if delivery is None:
            return
        webhook = self._find(delivery.webhook_id)
        if delivery.ping:
            if webhook is not None and status == 200:
                webhook.modified = self._shop.now()
            return
        if webhook is not None:
            webhook.modified = self._shop.now()
            if status is not None and 200 <= status < 303:
                webhook.failures = 0
            elif webhook.failures > MOST_FAILURES:
                webhook.status = "disabled"
            else:
                webhook.failures += 1
        self._done += 1
        self._took_ms += took_ms
        if self._took_ms / 1000 * (1 + 3 / self._done) > RUN_S:
            # The queue expects the next three to be as slow and stops: the others wait for a later run
            # (`webhooks.deliveries[94]`: 8 seconds are too long).
            self._release()

    def _release(self) -> None:
        while self._claimed:
            one = self._claimed.popleft()
            self._shop.work.queue(HOOK, one.webhook_id * _SHIFT + one.argument, one.due)

    def interrupted(self) -> None:
        """The shop was stopped in the middle of its work: what was under way is lost, what had not begun waits."""
        self._under_way.clear()
        self._pings.clear()
        self._release()

    # What is delivered

    def _next(self) -> int:
        self._given += 1
        return self._given

    def _agent(self) -> tuple[tuple[str, str], ...]:
        options = self._shop.options
        agent = f"WooCommerce/{options.woocommerce} Hookshot (WordPress/{options.wordpress})"
        return (("User-Agent", agent), ("Accept", "*/*"), ("Accept-Encoding", "deflate, gzip, br, zstd"))

    def _made(self, webhook: Webhook, argument: int) -> Delivery:
        body = php.encode(self._body(webhook, argument))
        headers = (
            *self._agent(),
            ("Content-Type", "application/json"),
            ("X-WC-Webhook-Source", f"{self._shop.options.home}/"),
            ("X-WC-Webhook-Topic", webhook.topic),
            ("X-WC-Webhook-Resource", webhook.resource),
            ("X-WC-Webhook-Event", webhook.event),
            ("X-WC-Webhook-Signature", signature(webhook.secret, body)),
            ("X-WC-Webhook-ID", str(webhook.id)),
            ("X-WC-Webhook-Delivery-ID", f"{self._shop.chance('webhook deliveries').getrandbits(128):032x}"),
        )
        return Delivery(self._next(), webhook.delivery_url, headers, body, webhook.id)

    def _body(self, webhook: Webhook, argument: int) -> Body:
        """The thing as its owner would read it now; an error's body when it is gone (`webhooks.deliveries[42]`)."""
        if webhook.resource == "action":
            return {"action": webhook.event, "arg": argument}
        if webhook.event == "deleted":
            return {"id": argument}
        try:
            user = User(webhook.user_id, "administrator")
            return get(self._shop.router, f"/wc/v3/{webhook.resource}s/{argument}", user)
        except RestError as fault:
            return fault.body()
