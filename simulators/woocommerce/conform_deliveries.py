"""Webhook deliveries during a replay: what the recorded receiver got, held against what the simulated shop sends."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from simulators.http import Request
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.conform_clock import StagedClock
from simulators.woocommerce.conform_match import Difference, Mapping, Matcher
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks_model import Delivery, signature

SECRET = "webhook-secret-placeholder"  # noqa: S105 - the placeholder that stands in the recordings
_OWN = frozenset({"Connection", "Content-Length", "X-WC-Webhook-Signature", "X-WC-Webhook-Delivery-ID"})
"""Headers that are compared in another way or belong to the connection."""

_VISIT = timedelta(seconds=2)
_LATE_S = 3.0
"""How far a delivery's time may be from the recorded one where visits start the queue."""


class Receiver:
    """Takes what the shop delivers after an exchange and compares it, in order, with what the recorded receiver got."""

    def __init__(self, recording: Body, shop: Shop, clock: StagedClock, mapping: Mapping) -> None:
        self._shop = shop
        self._clock = clock
        self._mapping = mapping
        self._after: dict[int, list[Body]] = {}
        self._took_ms: dict[int, int] = {}
        for one in recording.get("deliveries", []):
            if "path" not in one:
                self._took_ms[one["after_exchange"]] = int(1000 * one.get("queue_run_s", 0))
                continue
            self._after.setdefault(one["after_exchange"], []).append(one)
        self._paths = {one["path"] for rows in self._after.values() for one in rows}
        exchanges = recording["exchanges"]
        self._begins = [datetime.fromisoformat(one["at"]) for one in exchanges]
        self._visited = any("seconds_after_the_order" in one for rows in self._after.values() for one in rows)
        self._slow_ms = 0
        shop.work.cron = self._visited

    def after(self, place: int) -> Iterator[list[Difference]]:
        """The differences of each delivery after an exchange; one that did not come, or came too much, is one."""
        wanted = self._after.get(place, [])
        self._slow_ms = self._took_ms.get(place, 0)
        if self._visited:
            got = self._by_visits(place, wanted)
        else:
            got = self._by_hand(wanted) if wanted else [(one, None) for one in self._taken([])]
        for one, at in got:
            if not wanted:
                yield [Difference("delivery", None, dict(one.headers).get("X-WC-Webhook-Topic", one.url))]
                continue
            yield self._compare(wanted.pop(0), one, at)
        yield from ([Difference("delivery", missed.get("path"), None)] for missed in wanted)

    def _taken(self, wanted: list[Body]) -> Iterator[Delivery]:
        """Deliveries as they fall due, each answered as the recorded receiver answered the one in its place. Where it
        never got anything, nobody listens."""
        answers = [one.get("answered") for one in wanted]
        while due := self._shop.due_deliveries():
            for one in due:
                listens = _path(one) in self._paths
                if listens:
                    yield one
                answer = answers.pop(0) if answers else 200
                self._shop.delivered(one.id, answer if listens else None, self._slow_ms)

    def _by_hand(self, wanted: list[Body]) -> list[tuple[Delivery, datetime | None]]:
        """Pings come by themselves; for the rest the queue was run by hand."""
        got: list[tuple[Delivery, datetime | None]] = [(one, None) for one in self._taken(wanted)]
        rest = wanted[len(got) :]
        if rest and "at" in rest[0]:
            self._clock.put_at(datetime.fromisoformat(rest[0]["at"]))
        if rest:
            self._shop.run_queue()
            got += [(one, None) for one in self._taken(rest)]
        return got

    def _by_visits(self, place: int, wanted: list[Body]) -> list[tuple[Delivery, datetime | None]]:
        """Somebody looks at the shop every other second until the next exchange."""
        # Pings were not kept in this kind of recording.
        got: list[tuple[Delivery, datetime | None]] = [(one, None) for one in self._taken(wanted) if not one.ping]
        last = place + 1 >= len(self._begins)
        end = self._begins[place] + timedelta(seconds=20) if last else self._begins[place + 1]
        moment = self._begins[place] + _VISIT
        visited = last or (end - self._begins[place]).total_seconds() < 70
        while visited and moment < end:
            self._clock.put_at(moment)
            self._shop.handle(Request(method="GET", path="/"))
            got += [(one, moment) for one in self._taken(wanted[len(got) :])]
            moment += _VISIT
        return got

    def _compare(self, recorded: Body, simulated: Delivery, at: datetime | None) -> list[Difference]:
        found: list[Difference] = []
        path = _path(simulated)
        if path != recorded.get("path"):
            found.append(Difference("delivery path", recorded.get("path"), path))
        told = dict(simulated.headers)
        for name, value in recorded.get("headers", {}).items():
            if name not in _OWN and told.get(name) != value:
                found.append(Difference(f"delivery header {name}", value, told.get(name)))
        extra = [name for name in told if name not in recorded.get("headers", {})]
        found += [Difference(f"delivery header {name}", None, told[name]) for name in extra]
        if "X-WC-Webhook-Signature" in recorded.get("headers", {}):
            due = signature(SECRET, simulated.body)
            if told.get("X-WC-Webhook-Signature") != due:
                found.append(Difference("delivery signature", due, told.get("X-WC-Webhook-Signature")))
        if at is not None and "at" in recorded:
            late = (at - datetime.fromisoformat(recorded["at"])).total_seconds()
            if abs(late) > _LATE_S:
                found.append(Difference("delivery time", recorded["at"], at.isoformat()))
        if "body_base64" in recorded:
            bodies = (_decoded(base64.b64decode(recorded["body_base64"])), _decoded(simulated.body))
            found += Matcher(self._mapping, f"{told.get('X-WC-Webhook-Resource', '')}s", loose=False).compare(*bodies)
        return found


def _path(delivery: Delivery) -> str:
    return urlsplit(delivery.url).path


def _decoded(body: bytes) -> Json:
    text = body.decode("utf-8")
    return json.loads(text) if text.startswith("{") else text
