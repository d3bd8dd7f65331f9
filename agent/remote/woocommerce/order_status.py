"""One WooCommerce shop's orders after the transfer: the StatusPort."""

from __future__ import annotations

import re

from agent.model.goods import NoteSeen, Parcel, ShownOrder
from agent.model.ids import ShopOrderId
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.ask import Api, decoded, written
from agent.remote.woocommerce.shapes_goods import SHOWN_FIELDS, WireNote, WireShown, WireTracking
from agent.remote.woocommerce.translate_goods import note_seen, shown_order
from agent.remote.woocommerce.values import BrokenContractError, text_of

AST = "wc-ast/v3"
TRACKING_SPACES = (AST, "wc-shipment-tracking/v3")
"""Where the two tracking plugins answer. Advanced Shipment Tracking (AST) answers at both and reads dates another way,
so it is asked for first. Source: zorem/woo-advanced-shipment-tracking."""

NO_PLUGIN = "no_tracking_plugin"

_WORD = re.compile(r"[\W_]+")


class StatusCalls:
    """What is asked and written goes before all that concerns goods."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._tracking_space = ""
        self._providers: tuple[str, ...] | None = None

    async def show_orders(self, order_ids: tuple[ShopOrderId, ...], meta: tuple[str, ...]) -> tuple[ShownOrder, ...]:
        """Raises Trouble GARBLED, naming the order, when one of them cannot be read."""
        if not order_ids:
            return ()
        params = {
            "include": ",".join(map(str, order_ids)),
            "status": "any",
            "orderby": "id",
            "order": "asc",
            "per_page": str(len(order_ids)),
            "_fields": SHOWN_FIELDS,
        }
        wires = decoded(await self._api.get("/wc/v3/orders", params), list[WireShown])
        keys = frozenset(meta)
        return tuple(_shown(wire, keys) for wire in wires)

    async def set_status(self, order_id: ShopOrderId, status: str, meta: tuple[str, ...]) -> ShownOrder:
        """The status alone: with an address or a row beside it the shop would work out the totals anew."""
        answer = await self._api.put(f"/wc/v3/orders/{order_id}", {"status": status}, {"_fields": SHOWN_FIELDS})
        with written():
            return _shown(decoded(answer, WireShown), frozenset(meta))

    # -- parcels ----------------------------------------------------------------------------------------------------

    async def add_parcel(self, order_id: ShopOrderId, parcel: Parcel, shipped_on: str) -> None:
        """Looks first: both plugins take the same number twice. AST's `status_shipped` is left alone: it would set the
        status, and with it mail the customer, by a way of its own."""
        space, standing = await self._parcels(order_id)
        if any(_number(wire.tracking_number) == _number(parcel.number) for wire in standing):
            return
        body = {"tracking_number": parcel.number, "date_shipped": _day(shipped_on, space)}
        provider = "" if parcel.url else _same_carrier(parcel.carrier, await self._known_providers(space, order_id))
        if provider:
            body["tracking_provider"] = provider
        else:
            body["custom_tracking_provider"] = parcel.carrier
            body["custom_tracking_link"] = parcel.url
        await self._api.post(_path(space, order_id), body)

    async def _parcels(self, order_id: ShopOrderId) -> tuple[str, list[WireTracking]]:
        """The plugin's place and the parcels that the order has. Raises Trouble REFUSED where there is no plugin."""
        known = self._tracking_space
        for space in (known,) if known else TRACKING_SPACES:
            try:
                wires = decoded(await self._api.get(_path(space, order_id), {}), list[WireTracking])
            except Trouble as trouble:
                if trouble.problem != "rest_no_route":
                    raise
                continue
            self._tracking_space = space
            return space, wires
        self._tracking_space, self._providers = "", None  # Looked for anew when it is needed next: one may be put in.
        raise Trouble(TroubleKind.REFUSED, NO_PLUGIN)

    async def _known_providers(self, space: str, order_id: ShopOrderId) -> tuple[str, ...]:
        """The carriers whose links the plugin can make."""
        if self._providers is None:
            answer = await self._api.get(f"{_path(space, order_id)}/providers", {})
            lands = decoded(answer, dict[str, dict[str, object]])
            # The merchant's own land first: "DHL" is then DHL.se, where Germany has a DHL of its own.
            ordered = sorted(lands, key=lambda land: land != "Sweden")
            self._providers = tuple(name for land in ordered for name in lands[land])
        return self._providers

    # -- notes ------------------------------------------------------------------------------------------------------

    async def notes(self, order_id: ShopOrderId) -> tuple[NoteSeen, ...]:
        """All of them: this list has no pages (orders_refunds_notes[43])."""
        params = {"_fields": "id,note,customer_note,date_created_gmt"}
        wires = decoded(await self._api.get(f"/wc/v3/orders/{order_id}/notes", params), list[WireNote])
        return tuple(map(note_seen, wires))

    async def add_note(self, order_id: ShopOrderId, text: str, *, to_customer: bool) -> None:
        await self._api.post(f"/wc/v3/orders/{order_id}/notes", {"note": text, "customer_note": to_customer})


def _shown(wire: WireShown, keys: frozenset[str]) -> ShownOrder:
    try:
        return shown_order(wire, keys)
    except BrokenContractError as error:
        raise Trouble(TroubleKind.GARBLED, "answer_shape", detail=f"order {wire.id}: {error}") from error


def _path(space: str, order_id: ShopOrderId) -> str:
    return f"/{space}/orders/{order_id}/shipment-trackings"


def _day(day: str, space: str) -> str:
    """AST takes days first (its setting's default), the other plugin the year."""
    return "-".join(reversed(day.split("-"))) if space == AST else day


def _number(value: object) -> str:
    return text_of(value).replace(" ", "").casefold()


def _same_carrier(carrier: str, providers: tuple[str, ...]) -> str:
    """The plugin's name of a carrier: the same but for case and signs, else the first whose words begin with it or
    hold it ("PostNord" is "PostNord Sverige AB"). Empty when there is none."""
    wanted = _words(carrier)
    if not wanted:
        return ""
    named = [(name, _words(name)) for name in providers]
    exact = [name for name, words in named if words == wanted]
    held = [name for name, words in named if f" {wanted} " in f" {words} "]
    return next(iter((*exact, *held)), "")


def _words(name: str) -> str:
    return _WORD.sub(" ", name).strip().casefold()
