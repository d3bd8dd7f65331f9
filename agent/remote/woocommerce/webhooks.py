"""One WooCommerce shop's webhooks over REST: the WebhookPort."""

from __future__ import annotations

import msgspec

from agent.decide.webhooks import NAME
from agent.model.webhook import Webhook, WebhookWrite
from agent.remote.pace import Lane
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.ask import Api, ApiError, decoded, written

PAGE = 100


class _WireWebhook(msgspec.Struct):
    id: int
    name: str = ""
    topic: str = ""
    status: str = ""
    delivery_url: str = ""
    error: ApiError | None = None


class _Batch(msgspec.Struct):
    create: list[_WireWebhook] = []
    update: list[_WireWebhook] = []
    delete: list[_WireWebhook] = []


class WebhookCalls:
    def __init__(self, api: Api) -> None:
        self._api = api

    async def list_webhooks(self) -> tuple[Webhook, ...]:
        """All webhooks of the shop, whoever made them, by ascending id."""
        found: list[Webhook] = []
        while True:
            params = {
                "per_page": str(PAGE),
                "offset": str(len(found)),
                "orderby": "id",
                "order": "asc",
                "_fields": "id,name,topic,status,delivery_url",
            }
            wires = decoded(await self._api.get("/wc/v3/webhooks", params, lane=Lane.GOODS), list[_WireWebhook])
            found += (_read(wire) for wire in wires)
            if len(wires) < PAGE:
                return tuple(found)

    async def write_webhooks(self, writes: tuple[WebhookWrite, ...], delete: tuple[int, ...] = ()) -> None:
        """Makes, activates and deletes in one request. Raises Trouble UNSURE when the answer is lost: list them again;
        REFUSED, naming the shop's code, when it does not take one of them."""
        body: dict[str, object] = {
            "create": [{"name": f"{NAME} {one.topic}", **_wire(one)} for one in writes if not one.hook_id],
            "update": [{"id": one.hook_id, **_wire(one)} for one in writes if one.hook_id],
            "delete": list(delete),
        }
        answer = await self._api.post("/wc/v3/webhooks/batch", body, lane=Lane.GOODS)
        with written():
            batch = decoded(answer, _Batch)
        for row in (*batch.create, *batch.update, *batch.delete):
            if row.error is not None:
                raise Trouble(TroubleKind.REFUSED, row.error.code or "webhook_refused")


def _wire(one: WebhookWrite) -> dict[str, str]:
    given = {"topic": one.topic, "delivery_url": one.delivery_url, "secret": one.secret}
    return {"status": "active", **{key: value for key, value in given.items() if value}}


def _read(wire: _WireWebhook) -> Webhook:
    return Webhook(
        hook_id=wire.id, name=wire.name, topic=wire.topic, status=wire.status, delivery_url=wire.delivery_url
    )
