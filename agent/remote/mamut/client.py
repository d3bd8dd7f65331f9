"""Mamut over its (modelled) API: the MamutPort.

One session, one call at a time. The session's token is also our fence: when it is not known whether a call went
through, the session is replaced before anything is looked up, and a call that is still on its way is then refused by
Mamut instead of arriving late.
"""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import quote

import msgspec

from agent.messages import MamutFacts, Wanted
from agent.model.aftermath import CreditDraft, DocumentChanges
from agent.model.goods import (
    ArticleCard,
    ArticlePage,
    DocumentState,
    GroupDiscount,
    OpenItem,
    PriceCard,
    PricePage,
    StockCard,
    StockPage,
)
from agent.model.ids import MamutOrderNo
from agent.model.mamut import Article, Contact, ContactChanges, ContactDraft, Document, DocumentDraft, Registers
from agent.model.reasons import Fault
from agent.model.shop_item import ArticleFields
from agent.remote.mamut import shapes, shapes_goods, translate, translate_goods
from agent.remote.net import Answer, Net
from agent.remote.ports import MamutCompany
from agent.remote.trouble import Trouble, TroubleKind

KEYS_MAX = 100
"""Keys of one look-up; Mamut refuses more."""

T = TypeVar("T")
P = TypeVar("P", bound=shapes_goods.PageShape)

_PAUSES = {
    "wrong_password": Fault.MAMUT_PASSWORD_WRONG,
    "version_expired": Fault.MAMUT_VERSION_EXPIRED,
    "edition_too_low": Fault.MAMUT_EDITION_TOO_LOW,
    "api_module_missing": Fault.MAMUT_API_MODULE_MISSING,
    "computer_not_licensed": Fault.MAMUT_COMPUTER_NOT_LICENSED,
    "session_limit": Fault.MAMUT_SESSION_TAKEN,
    "exclusive_maintenance": Fault.MAMUT_MAINTENANCE,
}
_SESSION_GONE = frozenset({"session_closed", "session_unknown", "session_idle_expired", "session_missing"})
_NOT_NOW = frozenset({"busy", "record_locked"})


class Mamut:
    """The port to one Mamut company. With `replace` an older session of the same user ends when ours begins; without it
    we are refused while there is one."""

    def __init__(
        self,
        address: str,
        client_no: str,
        user: str,
        password: str,
        computer: str,
        net: Net,
        *,
        replace: bool = True,
    ) -> None:
        self._root = address.rstrip("/") + "/api/v1"
        self._login = {
            "client_no": client_no,
            "user": user,
            "password": password,
            "computer": computer,
            "replace": replace,
        }
        self._net = net
        self._token = ""
        self.sessions = 0

    async def open(self) -> MamutCompany:
        """Opens the session, ending an older one of the same user. Raises Trouble whose fault names what is missing."""
        self._token = ""
        answer = await self._send("POST", "/session", self._login)
        session = self._decode(_judged(answer, write=False), shapes.Session)
        self._token = session.token
        self.sessions += 1
        return MamutCompany(
            name=session.company.name,
            client_no=session.company.client_no,
            edition=session.edition,
            modules=session.modules,
            version=session.version,
            stop_date=session.stop_date,
            currency=session.currency,
        )

    async def fence(self) -> None:
        """From here on a call that was sent before can no longer take effect."""
        await self.open()

    async def registers(self) -> Registers:
        return translate.registers(self._decode(await self._read("GET", "/registers"), shapes.RegistersShape))

    async def facts(self, wanted: Wanted) -> MamutFacts:
        """Looks everything up in as few calls as the limit on keys allows. Registers are not in it."""
        documents: dict[str, list[Document]] = {}
        for part in _parts(wanted.external_nos):
            found = await self._lookup("/orders/lookup", {"external_nos": part}, shapes.DocumentsShape)
            for shape in found.orders:
                documents.setdefault(shape.external_no or "", []).append(translate.document(shape))
        contacts: dict[int, Contact] = {}
        for keys in _contact_keys(wanted):
            given = await self._lookup("/contacts/lookup", keys, shapes.ContactsShape)
            contacts.update((row.contid, translate.contact(row)) for row in given.contacts)
        articles: dict[str, Article] = {}
        for part in _parts(wanted.product_nos):
            products = await self._lookup("/products/lookup", {"product_nos": part}, shapes.ProductsShape)
            articles.update((row.product_no, translate.article(row)) for row in products.products)
        return MamutFacts(
            documents={key: tuple(rows) for key, rows in documents.items()},
            contacts=tuple(contacts.values()),
            articles=articles,
        )

    async def document(self, order_no: MamutOrderNo) -> Document | None:
        """A document by Mamut's own number; None when there is none."""
        answer = await self._read_if_there(f"/orders/{order_no}")
        return None if answer is None else translate.document(self._decode(answer, shapes.DocumentShape))

    async def create_contact(self, draft: ContactDraft) -> Contact:
        answer = await self._write("/contacts", translate.contact_body(draft))
        return translate.contact(self._decode_write(answer, shapes.ContactShape))

    async def change_contact(self, contid: int, changes: ContactChanges) -> Contact:
        """Changes what is given and nothing else; the same change twice is one."""
        answer = await self._in_session("PATCH", f"/contacts/{contid}", translate.changes_body(changes), write=True)
        return translate.contact(self._decode_write(answer, shapes.ContactShape))

    async def create_article(self, article: Article) -> Article:
        answer = await self._write("/products", translate.article_body(article))
        return translate.article(self._decode_write(answer, shapes.ProductShape))

    async def find_articles(self, product_nos: tuple[str, ...]) -> tuple[ArticleCard, ...]:
        found: list[ArticleCard] = []
        for part in _parts(product_nos):
            shape = await self._lookup("/products/lookup", {"product_nos": part}, shapes_goods.ArticlesShape)
            found.extend(map(translate_goods.article, shape.products))
        return tuple(found)

    async def make_article(self, fields: ArticleFields) -> ArticleCard:
        answer = await self._write("/products", translate_goods.article_body(fields))
        return translate_goods.article(self._decode_write(answer, shapes_goods.ArticleShape))

    async def change_article(self, product_no: str, fields: ArticleFields) -> ArticleCard:
        path = f"/products/{quote(product_no, safe='')}"
        answer = await self._in_session("PATCH", path, translate_goods.article_body(fields), write=True)
        return translate_goods.article(self._decode_write(answer, shapes_goods.ArticleShape))

    async def create_document(self, draft: DocumentDraft, contid: int) -> Document:
        answer = await self._write("/orders", translate.document_body(draft, contid))
        return translate.document(self._decode_write(answer, shapes.DocumentShape))

    async def cancel_document(self, order_no: MamutOrderNo) -> None:
        """Makes a document Cancelled; Mamut deletes nothing."""
        await self._write(f"/orders/{order_no}/cancel", {})

    async def change_document(self, order_no: int, changes: DocumentChanges) -> Document:
        """Changes what is given and nothing else; the same change twice is one."""
        body = translate.document_changes_body(changes)
        answer = await self._in_session("PATCH", f"/orders/{order_no}", body, write=True)
        return translate.document(self._decode_write(answer, shapes.DocumentShape))

    async def credit_document(self, draft: CreditDraft) -> Document:
        answer = await self._write("/orders", translate.credit_body(draft))
        return translate.document(self._decode_write(answer, shapes.DocumentShape))

    # -- the register and documents after the transfer ---------------------------------------------------------------

    async def list_articles(self, offset: int, limit: int) -> ArticlePage:
        page = await self._page("/products", offset, limit, shapes_goods.ArticlesPage)
        self._require_whole(page, len(page.products))
        return ArticlePage(rows=tuple(map(translate_goods.article, page.products)), total=page.total)

    async def list_stock(self, offset: int, limit: int) -> StockPage:
        page = await self._page("/stock", offset, limit, shapes_goods.StocksPage)
        return StockPage(rows=tuple(map(translate_goods.stock, page.stock)), total=page.total)

    async def list_prices(self, offset: int, limit: int) -> PricePage:
        page = await self._page("/prices", offset, limit, shapes_goods.PricesPage)
        self._require_whole(page, len(page.prices))
        return PricePage(rows=tuple(map(translate_goods.price, page.prices)), total=page.total)

    async def find_stock(self, product_nos: tuple[str, ...]) -> tuple[StockCard, ...]:
        """Stock of these articles; those that keep none, or do not exist, are absent."""
        found: list[StockCard] = []
        for part in _parts(product_nos):
            shape = await self._lookup("/stock/lookup", {"product_nos": part}, shapes_goods.StocksShape)
            found.extend(map(translate_goods.stock, shape.stock))
        return tuple(found)

    async def find_prices(self, product_nos: tuple[str, ...]) -> tuple[PriceCard, ...]:
        found: list[PriceCard] = []
        for part in _parts(product_nos):
            shape = await self._lookup("/prices/lookup", {"product_nos": part}, shapes_goods.PricesShape)
            found.extend(map(translate_goods.price, shape.prices))
        return tuple(found)

    async def discounts(self) -> tuple[GroupDiscount, ...]:
        shape = self._decode(await self._read("GET", "/discounts"), shapes_goods.DiscountsShape)
        return tuple(
            GroupDiscount(category=row.category, group=row.group, percent=row.percent) for row in shape.discounts
        )

    async def document_states(self, external_nos: tuple[str, ...]) -> tuple[DocumentState, ...]:
        """Every document with one of these external numbers, cancelled ones too. A backorder has none: it is a child
        of the document it was split off from."""
        found: list[DocumentState] = []
        for part in _parts(external_nos):
            shape = await self._lookup("/orders/lookup", {"external_nos": part}, shapes_goods.StatesShape)
            found.extend(map(translate_goods.state, shape.orders))
        return tuple(found)

    async def document_state(self, order_no: int) -> DocumentState | None:
        """A document by Mamut's own number; None when there is none."""
        answer = await self._read_if_there(f"/orders/{order_no}")
        return None if answer is None else translate_goods.state(self._decode(answer, shapes_goods.StateShape))

    async def open_items(self, invoice_nos: tuple[int, ...]) -> tuple[OpenItem, ...]:
        """The ledger's items of these invoices and credit notes, paid ones too."""
        found: list[OpenItem] = []
        for start in range(0, len(invoice_nos), KEYS_MAX):
            keys = {"invoice_nos": invoice_nos[start : start + KEYS_MAX]}
            shape = await self._lookup("/ledger/lookup", keys, shapes_goods.ItemsShape)
            found.extend(map(translate_goods.item, shape.items))
        return tuple(found)

    async def aclose(self) -> None:
        """Gives the session back and closes the connections. A Mamut that does not answer keeps its idle session."""
        if self._token:
            try:
                await self._send("DELETE", "/session", None)
            except Trouble:
                self._token = ""
        await self._net.aclose()

    # -- one call ---------------------------------------------------------------------------------------------------

    async def _lookup(self, path: str, keys: object, shape: type[T]) -> T:
        return self._decode(await self._read("POST", path, keys), shape)

    async def _page(self, path: str, offset: int, limit: int, shape: type[P]) -> P:
        """A page of a list. One that is not the page that was asked for would leave a gap that nobody sees."""
        page = self._decode(await self._read("GET", f"{path}?offset={offset}&limit={limit}"), shape)
        if (page.offset, page.limit) != (offset, limit):
            raise _incomplete(f"asked for {limit} from {offset}, got {page.limit} from {page.offset}")
        return page

    def _require_whole(self, page: shapes_goods.PageShape, rows: int) -> None:
        expected = max(0, min(page.limit, page.total - page.offset))
        if rows != expected:
            raise _incomplete(f"{rows} rows of {expected}")

    async def _read_if_there(self, path: str) -> Answer | None:
        try:
            return await self._read("GET", path)
        except Trouble as trouble:
            if trouble.kind is TroubleKind.REFUSED:
                return None
            raise

    async def _read(self, method: str, path: str, body: object = None) -> Answer:
        """A call that changes nothing: a lost answer means nothing happened."""
        try:
            return await self._in_session(method, path, body, write=False)
        except Trouble as trouble:
            if trouble.kind is TroubleKind.UNSURE:
                raise Trouble(
                    TroubleKind.NOT_NOW, trouble.problem, detail=trouble.detail, fault=Fault.MAMUT_UNREACHABLE
                ) from trouble
            raise

    async def _write(self, path: str, body: object) -> Answer:
        return await self._in_session("POST", path, body, write=True)

    async def _in_session(self, method: str, path: str, body: object, *, write: bool) -> Answer:
        """A session that has ended is opened again. The refused call had no effect; one that changes nothing is sent
        once more, and for the others it is not known what whoever ended the session has done meanwhile."""
        if not self._token:
            await self.open()
        answer = await self._send(method, path, body)
        if answer.status == 401 and _code(answer) in _SESSION_GONE:
            await self.open()
            if write:
                raise Trouble(TroubleKind.UNSURE, _code(answer), fault=Fault.MAMUT_SESSION_TAKEN)
            answer = await self._send(method, path, body)
        return _judged(answer, write=write)

    async def _send(self, method: str, path: str, body: object) -> Answer:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else None
        content = None if body is None else msgspec.json.encode(body)
        try:
            return await self._net.send(method, self._root + path, headers=headers, body=content)
        except Trouble as trouble:
            trouble.fault = trouble.fault or Fault.MAMUT_UNREACHABLE
            raise

    def _decode(self, answer: Answer, shape: type[T]) -> T:
        try:
            return msgspec.json.decode(answer.body, type=shape)
        except msgspec.DecodeError as error:
            raise Trouble(
                TroubleKind.NOT_NOW, "answer_shape", detail=type(error).__name__, fault=Fault.MAMUT_ANSWER_BROKEN
            ) from error

    def _decode_write(self, answer: Answer, shape: type[T]) -> T:
        """An answer to a write that cannot be read leaves it open whether the write took place."""
        try:
            return msgspec.json.decode(answer.body, type=shape)
        except msgspec.DecodeError as error:
            raise Trouble(
                TroubleKind.UNSURE, "answer_shape", detail=type(error).__name__, fault=Fault.MAMUT_ANSWER_BROKEN
            ) from error


def _incomplete(detail: str) -> Trouble:
    return Trouble(TroubleKind.NOT_NOW, "page_incomplete", detail=detail, fault=Fault.MAMUT_ANSWER_BROKEN)


def _judged(answer: Answer, *, write: bool) -> Answer:
    """The answer, if it is one; else the trouble it means."""
    status = answer.status
    if 200 <= status < 300:
        return answer
    code = _code(answer)
    problem = code or f"http_{status}"
    wait = answer.retry_after_s
    if code in _PAUSES:
        raise Trouble(TroubleKind.NOT_NOW, problem, fault=_PAUSES[code], retry_after_s=wait)
    if code in _NOT_NOW or (status in (409, 423) and not code):
        raise Trouble(TroubleKind.NOT_NOW, problem, retry_after_s=wait)
    if code in _SESSION_GONE:
        raise Trouble(TroubleKind.NOT_NOW, problem, fault=Fault.MAMUT_SESSION_TAKEN)
    if status in (401, 403, 429, 503) or (status == 404 and not code):
        raise Trouble(TroubleKind.NOT_NOW, problem, fault=Fault.MAMUT_UNREACHABLE, retry_after_s=wait)
    if status >= 500 or not code:
        # Without a code of Mamut's own it is something in front of it that answers: a proxy, a portal, another program.
        kind = TroubleKind.UNSURE if write else TroubleKind.NOT_NOW
        raise Trouble(kind, problem, fault=Fault.MAMUT_UNREACHABLE, retry_after_s=wait)
    raise Trouble(TroubleKind.REFUSED, problem, params={"field": _field(answer)})


def _error(answer: Answer) -> shapes.ErrorBody:
    try:
        return msgspec.json.decode(answer.body, type=shapes.ErrorShape).error
    except msgspec.DecodeError:
        return shapes.ErrorBody()


def _code(answer: Answer) -> str:
    return _error(answer).code


def _field(answer: Answer) -> str:
    return _error(answer).field or ""


def _parts(keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [keys[start : start + KEYS_MAX] for start in range(0, len(keys), KEYS_MAX)]


def _contact_keys(wanted: Wanted) -> list[dict[str, list[str]]]:
    """All keys of all kinds, dealt out to calls of at most KEYS_MAX."""
    named: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("customer_nos", tuple(map(str, wanted.custids))),
        ("ext_ids", wanted.ext_ids),
        ("org_nos", wanted.org_nos),
        ("emails", wanted.emails),
        ("names", wanted.names),
        ("phones", wanted.phones),
    )
    flat = [(name, key) for name, keys in named for key in keys]
    calls: list[dict[str, list[str]]] = []
    for start in range(0, len(flat), KEYS_MAX):
        call: dict[str, list[str]] = {}
        for name, key in flat[start : start + KEYS_MAX]:
            call.setdefault(name, []).append(key)
        calls.append(call)
    return calls
