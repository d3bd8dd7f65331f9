"""One request to a shop and its answer, judged: the way that all that is asked of a shop and written to it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from agent.model.clock import Clock
from agent.model.reasons import Fault
from agent.remote.net import Answer, Net
from agent.remote.pace import Lane, Pace, kind_of
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.auth import Signer, with_query
from agent.remote.woocommerce.values import whole

CONNECTIONS = 3
"""Requests at once to a shop whose settings do not say."""

T = TypeVar("T")

_JSON_START = re.compile(rb"[\[{]")


class ApiError(msgspec.Struct):
    """WooCommerce's error. `data` is an object as a rule and a bare number at times (orders_refunds_notes[6])."""

    code: str = ""
    data: Any = None


class Api:
    """A shop's REST API. `address` is the shop's own, without `/wp-json`.

    Every request waits for its turn at `pace`. Raises Trouble: for a read NOT_NOW when its answer is lost, for a write
    UNSURE.
    """

    def __init__(self, address: str, net: Net, signer: Signer, clock: Clock, pace: Pace | None = None) -> None:
        self.root = address.rstrip("/") + "/wp-json"
        self.signer = signer
        self.pace = pace or Pace(CONNECTIONS)
        self._net = net
        self._clock = clock

    async def get(self, path: str, params: dict[str, str], *, lane: Lane = Lane.ORDERS) -> Answer:
        url, headers = self.signer.sign("GET", self.root + path, params)
        return await self._read(url, headers, lane, path)

    async def get_openly(self, path: str, params: dict[str, str]) -> Answer:
        """What the site says to anybody; no key is shown."""
        return await self._read(with_query(self.root + path, params), {}, Lane.ORDERS, path)

    async def post(self, path: str, body: object, *, lane: Lane = Lane.ORDERS) -> Answer:
        return await self._write("POST", path, body, {}, lane)

    async def put(self, path: str, body: object, params: dict[str, str], *, lane: Lane = Lane.ORDERS) -> Answer:
        return await self._write("PUT", path, body, params, lane)

    async def delete(self, path: str, params: dict[str, str], *, lane: Lane = Lane.ORDERS) -> Answer:
        url, headers = self.signer.sign("DELETE", self.root + path, params)
        return _judged(await self._sent("DELETE", path, url, headers, None, lane), write=True)

    async def aclose(self) -> None:
        await self._net.aclose()

    def now(self) -> datetime:
        return self._clock()

    def its_time(self, answer: Answer, asked: datetime) -> datetime:
        """The shop's clock when the question left: what the answer shows is at least as new. Our clock gives the
        duration alone; a shop without a Date header is believed to share our clock."""
        now = self._clock()
        return (answer.date or now) - (now - asked)

    # -- one request ------------------------------------------------------------------------------------------------

    async def _read(self, url: str, headers: dict[str, str], lane: Lane, path: str) -> Answer:
        """A request that changes nothing: a lost answer means that nothing happened."""
        try:
            answer = await self._sent("GET", path, url, headers, None, lane)
        except Trouble as trouble:
            if trouble.kind is TroubleKind.UNSURE:  # A read that is lost has changed nothing.
                raise Trouble(
                    TroubleKind.NOT_NOW, trouble.problem, detail=trouble.detail, fault=Fault.SHOP_UNREACHABLE
                ) from trouble
            trouble.fault = trouble.fault or Fault.SHOP_UNREACHABLE
            raise
        return _judged(answer, write=False)

    async def _write(self, method: str, path: str, body: object, params: dict[str, str], lane: Lane) -> Answer:
        url, headers = self.signer.sign(method, self.root + path, params)
        try:
            answer = await self._sent(method, path, url, headers, msgspec.json.encode(body), lane)
        except Trouble as trouble:
            if trouble.kind is TroubleKind.NOT_NOW:
                trouble.fault = trouble.fault or Fault.SHOP_UNREACHABLE
            raise
        return _judged(answer, write=True)

    async def _sent(
        self, method: str, path: str, url: str, headers: dict[str, str], body: bytes | None, lane: Lane
    ) -> Answer:
        pace = self.pace
        left = await pace.enter(lane)
        try:
            answer = await self._net.send(method, url, headers=headers, body=body)
            kind = kind_of(method, path, len(answer.body))
            pace.answered(kind, left, answer.status, answer.retry_after_s)
        except Trouble as trouble:
            if trouble.kind is TroubleKind.UNSURE:
                pace.lost(left)
            raise
        finally:
            pace.leave(lane)
        return answer


# -- reading an answer ----------------------------------------------------------------------------------------------


def json_of(answer: Answer) -> bytes:
    """The JSON of an answer. What a plugin printed before it is cut off (a notice before the JSON)."""
    body = answer.body
    if body[:1] in (b"[", b"{"):
        return body
    found = _JSON_START.search(body)
    if found is None or b"json" not in answer.headers.get("content-type", "").encode():
        raise Trouble(TroubleKind.NOT_NOW, "no_json", fault=Fault.SHOP_ANSWER_BROKEN)
    return body[found.start() :]


def decoded(answer: Answer, shape: type[T]) -> T:
    return converted(json_of(answer), shape)


def converted(body: bytes | msgspec.Raw, shape: type[T]) -> T:
    with broken_json():
        return msgspec.json.decode(body, type=shape)


@contextmanager
def broken_json() -> Iterator[None]:
    """An answer that is cut, or no JSON at all, means that the shop does not serve us now."""
    try:
        yield
    except msgspec.DecodeError as error:
        raise Trouble(
            TroubleKind.NOT_NOW, "answer_shape", detail=type(error).__name__, fault=Fault.SHOP_ANSWER_BROKEN
        ) from error


@contextmanager
def written() -> Iterator[None]:
    """Around the reading of an answer to a write: whatever is wrong with it, the shop may have done what was asked. No
    fault of the connection: it may be this request that the shop stumbles on."""
    try:
        yield
    except Trouble as trouble:
        raise Trouble(TroubleKind.UNSURE, trouble.problem, detail=trouble.detail) from trouble


def gmt(moment: datetime) -> str:
    """A time for a filter with `dates_are_gmt`: UTC without a zone. With a Z it would name another moment without any
    error (orders_list[64])."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def total_of(answer: Answer) -> int | None:
    """How many rows of all pages the shop counts; None when it does not tell."""
    text = answer.headers.get("x-wp-total", "")
    return int(text) if text.isascii() and text.isdigit() else None


# -- judging an answer ----------------------------------------------------------------------------------------------


def _judged(answer: Answer, *, write: bool) -> Answer:
    """The answer, if it is one; else the trouble it means."""
    status = answer.status
    if 200 <= status < 300:
        return answer
    error = _error(answer)
    code = error.code
    wait = answer.retry_after_s
    if status == 401:
        raise Trouble(TroubleKind.NOT_NOW, code or "unauthorized", fault=Fault.SHOP_KEY_REFUSED, retry_after_s=wait)
    if status == 403:
        raise Trouble(TroubleKind.NOT_NOW, code or "forbidden", fault=Fault.SHOP_KEY_WITHOUT_RIGHTS, retry_after_s=wait)
    if status in (301, 302, 307, 308):
        raise Trouble(
            TroubleKind.NOT_NOW,
            "redirected",
            detail=_site(answer.headers.get("location", "")),
            fault=Fault.SHOP_REDIRECTS,
        )
    if status == 404 and not code:
        raise Trouble(TroubleKind.NOT_NOW, "not_found", fault=Fault.SHOP_NOT_WOOCOMMERCE)
    if status in (429, 503):
        raise Trouble(TroubleKind.NOT_NOW, code or f"http_{status}", fault=Fault.SHOP_UNREACHABLE, retry_after_s=wait)
    if status >= 500:
        kind = TroubleKind.UNSURE if write else TroubleKind.NOT_NOW
        raise Trouble(kind, code or f"http_{status}", fault=Fault.SHOP_UNREACHABLE, retry_after_s=wait)
    holder = holder_of(error)
    params = {"holder_id": str(holder)} if holder else None
    raise Trouble(TroubleKind.REFUSED, code or f"http_{status}", params=params)


def holder_of(error: ApiError) -> int:
    """The thing that has already what may be had only once (products_simple[18]); 0 when the shop names none."""
    return whole(error.data.get("resource_id")) if isinstance(error.data, dict) else 0


def _site(location: str) -> str:
    """Scheme and host of an address and no more: the rest repeats our query, and with it the signature."""
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}" if host else ""


def _error(answer: Answer) -> ApiError:
    """WooCommerce's own error, empty when the answer is a web server's page."""
    try:
        return msgspec.json.decode(answer.body, type=ApiError)
    except msgspec.DecodeError:
        return ApiError()
