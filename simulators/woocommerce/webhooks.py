"""Webhooks: making, changing and listing them. What they deliver is in webhooks_outbox.py."""

from __future__ import annotations

import string
from datetime import timedelta
from typing import TYPE_CHECKING

from simulators.woocommerce import batch, dates, paging, php
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Arg,
    Body,
    Call,
    Endpoint,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.webhooks_model import HOOKS, STATUSES, Delivery, Webhook, valid_topic
from simulators.woocommerce.webhooks_outbox import Outbox

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

PATH = "/wc/v3/webhooks"

_WRITABLE = {
    "name": Arg(kind="string"),
    "status": Arg(kind="string", enum=STATUSES),
    "topic": Arg(kind="string"),
    "secret": Arg(kind="string"),
    "delivery_url": Arg(kind="string", format="uri"),
}
_CREATE = {
    **_WRITABLE,
    "status": Arg(kind="string", enum=STATUSES, default="active"),
    "topic": Arg(kind="string", required=True),
    "delivery_url": Arg(kind="string", format="uri", required=True),
}
_LIST = {
    "page": paging.PAGE,
    "per_page": paging.PER_PAGE,
    "search": Arg(kind="string"),
    "after": Arg(kind="string", format="date-time"),
    "before": Arg(kind="string", format="date-time"),
    "exclude": Arg(kind="array", items=Arg(kind="integer"), default=[]),
    "include": Arg(kind="array", items=Arg(kind="integer"), default=[]),
    "offset": Arg(kind="integer"),
    "order": Arg(kind="string", default="desc", enum=("asc", "desc")),
    "orderby": Arg(kind="string", default="date", enum=("date", "id", "title")),
    "status": Arg(kind="string", default="all", enum=("all", *STATUSES)),
}
_ID = {"id": Arg(kind="integer")}
_FORCE = {**_ID, "force": Arg(kind="boolean", default=False)}
_SECRET_LETTERS = string.ascii_letters + string.digits + "!@#$%^&*()-_ []{}<>~`+=,.;:/?|"


def _fault(code: str, message: str, status: int = 400) -> RestError:
    return RestError(f"woocommerce_rest_{code}", message, status)


class Webhooks:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._rows: dict[int, Webhook] = {}
        self._outbox = Outbox(shop, self._find, self._active)

    def routes(self) -> list[Route]:
        one = f"{PATH}/(?P<id>[\\d]+)"
        return [
            Route(
                PATH,
                (
                    Endpoint(READ, self.listing, staff_may("list"), _LIST),
                    Endpoint(CREATE, self.create, staff_may("create"), _CREATE),
                ),
            ),
            Route(
                one,
                (
                    Endpoint(READ, self.get, staff_may("view"), _ID),
                    Endpoint(UPDATE, self.update, staff_may("edit"), {**_ID, **_WRITABLE}),
                    Endpoint(DELETE, self.delete, staff_may("delete"), _FORCE),
                ),
            ),
            Route(f"{PATH}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
        ]

    # For the server

    def has_due(self) -> bool:
        return self._outbox.has_due()

    def due(self) -> list[Delivery]:
        """Deliveries to be made now; report each with `delivered`."""
        return self._outbox.due()

    def delivered(self, delivery_id: int, status: int | None, took_ms: int = 0) -> None:
        self._outbox.delivered(delivery_id, status, took_ms)

    def interrupted(self) -> None:
        self._outbox.interrupted()

    def _find(self, webhook_id: int) -> Webhook | None:
        return self._rows.get(webhook_id)

    def _active(self, topic: str) -> list[Webhook]:
        return [row for row in self._rows.values() if row.topic == topic and row.status == "active"]

    def failures(self, webhook_id: int) -> int:
        """Failures in a row, which no route shows."""
        return self._rows[webhook_id].failures

    # Routes

    def listing(self, call: Call) -> Reply:
        rows = self._found(call.args)
        begin, per_page = paging.window(call)
        shown = [self._linked(row) for row in rows[begin : begin + per_page]]
        # A page of one is always said to be the only page (`auth[25]`).
        pages = -(-len(rows) // per_page) if per_page > 1 else 1
        return Reply(body=shown, headers=paging.headers(call, len(rows), pages, self._shop.url(PATH)))

    def _found(self, args: Body) -> list[Webhook]:
        rows = [row for row in self._rows.values() if args.get("status", "all") in ("all", row.status)]
        zone = self._shop.options.time_zone
        after = dates.moment_of(args["after"], zone) if args.get("after") else None
        before = dates.moment_of(args["before"], zone) if args.get("before") else None
        search = php.to_str(args.get("search")).lower()
        rows = [
            row
            for row in rows
            if (after is None or row.created > after)
            and (before is None or row.created < before)
            and search in row.name.lower()
            and (not args.get("include") or row.id in args["include"])
            and row.id not in args.get("exclude", [])
        ]
        keys = {"date": lambda row: (row.created, row.id), "id": lambda row: row.id, "title": lambda row: row.name}
        rows.sort(key=keys[args.get("orderby", "date")], reverse=args.get("order", "desc") == "desc")
        return rows

    def get(self, call: Call) -> Reply:
        row = self._row(call, 404)
        return Reply(body=self._shown(row), links=self._links(row))

    def _row(self, call: Call, status: int) -> Webhook:
        row = self._rows.get(call.id())
        if row is None:
            raise _fault("shop_webhook_invalid_id", "Invalid ID.", status)
        return row

    def create(self, call: Call) -> Reply:
        """Makes a webhook and pings it. It is always active (`webhooks[22]`)."""
        args = call.args
        if php.to_int(args.get("id")):
            raise _fault("shop_webhook_exists", "Cannot create existing shop_webhook.")
        topic, address = self._topic(args), self._address(args)
        now = self._shop.now()
        secret = php.to_str(args.get("secret"))
        if not secret:
            secret = "".join(self._shop.chance("webhook secrets").choices(_SECRET_LETTERS, k=50))
        made = (dates.EPOCH + timedelta(seconds=now)).strftime("%b %d, %Y @ %I:%M %p")
        row = Webhook(
            id=self._shop.ids.webhooks.next(),
            name=php.to_str(args.get("name")) or f"Webhook created on {made}",
            topic=topic,
            delivery_url=address,
            secret=secret,
            user_id=call.user.id if call.user is not None else 0,
            created=now,
        )
        self._rows[row.id] = row
        reply = Reply(
            body=self._shown(row),
            status=201,
            headers=[("Location", self._shop.url(f"{PATH}/{row.id}"))],
            links=self._links(row),
        )
        self._outbox.ping(row)
        return reply

    def update(self, call: Call) -> Reply:
        """Changes what was sent. Another address is pinged; failures stay counted (`webhooks[84]`)."""
        row, args = self._row(call, 400), call.args
        topic = self._topic(args) if args.get("topic") else row.topic
        address = self._address(args) if args.get("delivery_url") else row.delivery_url
        status = php.to_str(args.get("status")).lower() or row.status
        if status not in STATUSES:
            raise _fault("shop_webhook_invalid_status", "Webhook status must be valid.")
        moved = address != row.delivery_url
        row.topic, row.delivery_url, row.status = topic, address, status
        row.secret = php.to_str(args.get("secret")) or row.secret
        row.name = php.to_str(args.get("name")) or row.name
        row.modified = self._shop.now()
        if moved and row.status == "active":
            self._outbox.ping(row)
        return Reply(body=self._shown(row), links=self._links(row))

    def delete(self, call: Call) -> Reply:
        row = self._row(call, 404)
        if not call.args.get("force"):
            raise _fault("trash_not_supported", "Webhooks do not support trashing.", 501)
        del self._rows[row.id]
        return Reply(body=self._shown(row))

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)

    def _topic(self, args: Body) -> str:
        topic = php.to_str(args.get("topic"))
        if not valid_topic(topic.lower()):
            raise _fault("shop_webhook_invalid_topic", "Webhook topic is required and must be valid.")
        return topic if topic.lower() not in HOOKS else topic.lower()

    def _address(self, args: Body) -> str:
        address = php.to_str(args.get("delivery_url"))
        if not address.startswith(("http://", "https://")) or " " in address or address.endswith("://"):
            text = "Webhook delivery URL must be a valid URL starting with http:// or https://."
            raise _fault("shop_webhook_invalid_delivery_url", text)
        return address

    def _links(self, row: Webhook) -> Body:
        return self._shop.links(f"{PATH}/{row.id}", PATH, ("GET", *UPDATE, *DELETE))

    def _linked(self, row: Webhook) -> Body:
        return {**self._shown(row), "_links": self._links(row)}

    def _shown(self, row: Webhook) -> Body:
        """What a client sees; never the secret (`webhooks[13]`)."""
        shop = self._shop
        return {
            "id": row.id,
            "name": row.name,
            "status": row.status,
            "topic": row.topic,
            "resource": row.resource,
            "event": row.event,
            "hooks": list(row.hooks),
            "delivery_url": row.delivery_url,
            "date_created": shop.local(row.created),
            "date_created_gmt": dates.gmt(row.created),
            "date_modified": shop.local(row.modified) if row.modified is not None else None,
            "date_modified_gmt": dates.gmt(row.modified) if row.modified is not None else None,
        }
