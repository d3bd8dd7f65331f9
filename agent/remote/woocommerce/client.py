"""One WooCommerce shop over its REST API, with nothing but a consumer key: the ShopPort, and the others by its side.

What is asked, and how, follows what a real shop takes to answer: ids first with `_fields` (150 ms for 100), then whole
orders by `include` in groups of up to 50 (11 to 14 ms an order), marks in batches of up to 50.
"""

from __future__ import annotations

import msgspec

from agent.messages import MarkShopOrder, OrdersSeen
from agent.model.clock import Clock
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Fault
from agent.remote.net import Answer, Net
from agent.remote.pace import Pace
from agent.remote.ports import Listing, ListQuery, MarkResult, ShopIdentity
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.ask import Api, ApiError, broken_json, converted, decoded, gmt, json_of, total_of
from agent.remote.woocommerce.auth import AuthWay, Signer
from agent.remote.woocommerce.echo import Readings
from agent.remote.woocommerce.goods import GoodsCalls
from agent.remote.woocommerce.items import ItemCalls
from agent.remote.woocommerce.order_status import StatusCalls
from agent.remote.woocommerce.refunds import RefundCalls
from agent.remote.woocommerce.shapes import ELEMENTS, ORDER, ORDER_FIELDS, SIGHT_FIELDS
from agent.remote.woocommerce.translate import MARK_META, read_order_page, read_sight_page, with_records
from agent.remote.woocommerce.webhooks import WebhookCalls

NOTE_PREFIX = "Mamut "
"""How our private note on an order begins, so that it is recognised and not written again."""


class _Index(msgspec.Struct):
    name: str = ""
    home: str = ""
    url: str = ""
    namespaces: list[str] = []


class _Environment(msgspec.Struct, frozen=True):
    store_id: str | None = None
    version: str = ""


class _SystemStatus(msgspec.Struct):
    environment: _Environment = _Environment()


class _Setting(msgspec.Struct):
    value: object = ""


class _Status(msgspec.Struct):
    slug: str


class _BatchRow(msgspec.Struct):
    id: int
    error: ApiError | None = None


class _Batch(msgspec.Struct):
    update: list[msgspec.Raw] = []


class _Note(msgspec.Struct):
    note: str = ""


class WooCommerce(GoodsCalls, ItemCalls, StatusCalls, RefundCalls, WebhookCalls):
    """The ports to one shop: its orders here, its products and what comes after the transfer beside.

    `address` is the shop's own address without `/wp-json`. Over http OAuth 1.0a is used, over https Basic, and the
    query string when the host strips the Authorization header (found out at the first refusal).
    """

    def __init__(
        self,
        shop: ShopKey,
        address: str,
        net: Net,
        signer: Signer,
        clock: Clock,
        pace: Pace | None = None,
        *,
        unit_meta: str = "_unit",
        whole: bool = False,
    ) -> None:
        self.shop = shop
        self._whole = whole
        api = Api(address, net, signer, clock, pace)
        GoodsCalls.__init__(self, api, unit_meta)
        ItemCalls.__init__(self, api, unit_meta)
        StatusCalls.__init__(self, api)
        RefundCalls.__init__(self, api)
        WebhookCalls.__init__(self, api)
        self._readings = Readings(shop)

    @property
    def pace(self) -> Pace:
        """The gate that all requests to this shop pass."""
        return self._api.pace

    @property
    def served(self) -> int:
        return self._api.pace.served

    async def identity(self) -> ShopIdentity:
        """Asks the shop who it is and whether our key opens it. Raises Trouble with a fault that names the cause."""
        before = self._api.now()
        index = await self._index()
        if "wc/v3" not in index.namespaces:
            raise Trouble(TroubleKind.NOT_NOW, "no_wc_v3", fault=Fault.SHOP_NOT_WOOCOMMERCE)
        answer = await self._probe()
        await self._prove_writing()
        statuses = await self._statuses()
        skew = (answer.date - before).total_seconds() if answer.date is not None else 0.0
        status = await self._system_status()
        currency = decoded(await self._api.get("/wc/v3/settings/general/woocommerce_currency", {}), _Setting)
        return ShopIdentity(
            url=index.home or index.url,
            name=index.name,
            store_id=status.store_id or "",
            version=status.version,
            currency=str(currency.value),
            statuses=tuple(row.slug for row in statuses),
            clock_skew_s=skew,
        )

    async def _index(self) -> _Index:
        """What the site says to anybody.

        No key is shown: it opens wc/ routes alone (auth[52]), and elsewhere a site may take it for a wrong password of
        its own. Where a plugin closes the index to strangers, the address stands in for it.
        """
        params = {"_fields": "name,url,home,namespaces"}
        try:
            return decoded(await self._api.get_openly("/", params), _Index)
        except Trouble as trouble:
            if trouble.fault not in (Fault.SHOP_KEY_REFUSED, Fault.SHOP_KEY_WITHOUT_RIGHTS):
                raise
            return _Index(home=self._api.root.removesuffix("/wp-json"), namespaces=["wc/v3"])

    async def _probe(self) -> Answer:
        """The first request that needs the key; finds the way of showing it that this host lets through."""
        try:
            return await self._api.get("/wc/v3/orders", {"per_page": "1", "_fields": "id"})
        except Trouble as trouble:
            refused = trouble.fault is Fault.SHOP_KEY_REFUSED and trouble.problem == "woocommerce_rest_cannot_view"
            if not refused or self._api.signer.way is not AuthWay.BASIC:
                raise
            # "As if nothing was sent": the host may have stripped the header, so the key is shown in the query instead.
            self._api.signer.way = AuthWay.QUERY
            try:
                return await self._api.get("/wc/v3/orders", {"per_page": "1", "_fields": "id"})
            except Trouble:
                self._api.signer.way = AuthWay.BASIC
                raise

    async def _prove_writing(self) -> None:
        """An empty batch changes nothing and is refused to a key that may only read (auth[16]): better known before a
        document is booked whose number could not be left on the order."""
        try:
            await self._api.post("/wc/v3/orders/batch", {"update": []})
        except Trouble as trouble:
            fault = trouble.fault
            if fault is Fault.SHOP_KEY_REFUSED:
                fault = Fault.SHOP_KEY_WITHOUT_RIGHTS
            problem, detail, wait = trouble.problem, trouble.detail, trouble.retry_after_s
            raise Trouble(TroubleKind.NOT_NOW, problem, detail=detail, fault=fault, retry_after_s=wait) from trouble

    async def _statuses(self) -> list[_Status]:
        """The shop's own order statuses, custom ones too. Older shops have the report instead of the route."""
        for path in ("/wc/v3/orders/statuses", "/wc/v3/reports/orders/totals"):
            try:
                return decoded(await self._api.get(path, {}), list[_Status])
            except Trouble as trouble:
                if trouble.kind is not TroubleKind.REFUSED:
                    raise
        return []

    async def _system_status(self) -> _Environment:
        """Only an administrator's key may read it; without it the shop is known by its address alone."""
        fields = {"_fields": "environment.store_id,environment.version"}
        try:
            return decoded(await self._api.get("/wc/v3/system_status", fields), _SystemStatus).environment
        except Trouble as trouble:
            if trouble.fault in (Fault.SHOP_KEY_REFUSED, Fault.SHOP_KEY_WITHOUT_RIGHTS):
                return _Environment()
            raise

    async def list_orders(self, query: ListQuery) -> Listing:
        """A cheap page by ascending id. Times go without zone and with `dates_are_gmt` (orders_list[57]); with a Z they
        would name another moment without any error (orders_list[64])."""
        params = {
            "status": "any",
            "orderby": "id",
            "order": "asc",
            "per_page": str(query.limit),
            "offset": str(query.offset),
            "dates_are_gmt": "true",
            "_fields": SIGHT_FIELDS,
        }
        if query.modified_after is not None:
            params["modified_after"] = gmt(query.modified_after)
        if query.created_after is not None:
            params["after"] = gmt(query.created_after)
        if query.order_ids:
            params["include"] = ",".join(map(str, query.order_ids))
        asked = self._api.now()
        answer = await self._api.get("/wc/v3/orders", params)
        with broken_json():
            sights, unreadable, rows = read_sight_page(json_of(answer))
        return Listing(
            sights=sights,
            asked_at=self._api.its_time(answer, asked),
            rows=rows,
            total=total_of(answer),
            unreadable=unreadable,
        )

    async def read_orders(self, order_ids: tuple[ShopOrderId, ...], source: str) -> OrdersSeen:
        """These orders, whole. Those that the shop no longer lists are named as missing."""
        params = {
            "include": ",".join(map(str, order_ids)),
            "status": "any",
            "orderby": "id",
            "order": "asc",
            "per_page": str(len(order_ids)),
        }
        if not self._whole:
            params["_fields"] = ORDER_FIELDS
        asked = self._api.now()
        answer = await self._api.get("/wc/v3/orders", params)
        with broken_json():
            orders, unreadable = read_order_page(json_of(answer), self.shop, self._readings.keep)
            if self._whole:
                orders = with_records(json_of(answer), orders)
        given = {order.order_id for order in orders} | {row.order_id for row in unreadable}
        return OrdersSeen(
            shop=self.shop,
            orders=orders,
            read_at=self._api.its_time(answer, asked),
            source=source,
            unreadable=unreadable,
            missing=tuple(order_id for order_id in order_ids if order_id not in given),
        )

    async def order_record(self, order_id: ShopOrderId) -> bytes | None:
        params = {"include": str(order_id), "status": "any", "per_page": "1"}
        answer = await self._api.get("/wc/v3/orders", params)
        with broken_json():
            records = ELEMENTS.decode(json_of(answer))
        return bytes(records[0]) if records else None

    async def mark_orders(self, marks: tuple[MarkShopOrder, ...]) -> tuple[MarkResult, ...]:
        """Writes Mamut's number as meta, in one batch. The same key is updated in place (products_simple[117]), so a
        repeated mark does no harm, and an answer that is lost is simply asked for again."""
        rows = [
            {"id": mark.order_id, "meta_data": [{"key": MARK_META, "value": str(mark.mamut_order_no)}]}
            for mark in marks
        ]
        answer = await self._api.post("/wc/v3/orders/batch", {"update": rows})
        batch = decoded(answer, _Batch)
        if len(batch.update) != len(marks):
            raise Trouble(TroubleKind.UNSURE, "batch_rows_missing", detail=f"{len(batch.update)} of {len(marks)} rows")
        given = {result.order_id: result for result in map(self._marked, batch.update)}
        if not all(mark.order_id in given for mark in marks):
            raise Trouble(TroubleKind.UNSURE, "batch_rows_missing", detail="rows of other orders")
        return tuple(given[mark.order_id] for mark in marks)

    def _marked(self, raw: msgspec.Raw) -> MarkResult:
        """An element of the answer to a batch: the order, or what was wrong with it."""
        try:
            wire = ORDER.decode(raw)
        except msgspec.ValidationError:
            row = converted(raw, _BatchRow)
            problem = "" if row.error is None else row.error.code or "unknown"
            return MarkResult(order_id=ShopOrderId(row.id), problem=problem)
        return MarkResult(order_id=ShopOrderId(wire.id), echo=self._readings.echo(wire))

    async def note_order(self, mark: MarkShopOrder) -> None:
        """Adds a private note unless one like it is there: notes cannot be updated in place."""
        path = f"/wc/v3/orders/{mark.order_id}/notes"
        text = f"{NOTE_PREFIX}{mark.mamut_order_no}"
        notes = decoded(await self._api.get(path, {"_fields": "note"}), list[_Note])
        if not any(note.note == text for note in notes):
            await self._api.post(path, {"note": text, "customer_note": False})

    async def aclose(self) -> None:
        await self._api.aclose()
