"""One WooCommerce shop's products and what it has sold: the GoodsPort.

Rows are written by products/batch and variations/batch, 100 at most in all (products_batch[15]). A batch answers 200
whatever happens, with each row's verdict in its place (products_batch[2]).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TypeVar
from urllib.parse import quote_plus

import msgspec
import trio

from agent.model.goods import (
    ProductResult,
    ProductWrite,
    RowProblem,
    Sale,
    SalesPage,
    SeenProduct,
    ShopAttribute,
    ShopCategory,
    ShopTerms,
    Written,
)
from agent.model.reasons import Fault
from agent.remote.answer import Answer
from agent.remote.pace import Lane
from agent.remote.ports import SalesQuery
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.ask import (
    Api,
    broken_json,
    converted,
    decoded,
    gmt,
    holder_of,
    json_of,
    total_of,
    written,
)
from agent.remote.woocommerce.shapes_goods import (
    PRODUCT_FIELDS,
    SALE_FIELDS,
    WireBatch,
    WireProduct,
    WireSale,
    WireTerm,
    WireTermBatch,
)
from agent.remote.woocommerce.terms import read_terms
from agent.remote.woocommerce.translate_goods import product_row, sale, same_sku, seen_product
from agent.remote.woocommerce.values import BrokenContractError, items, plain

PAGE = 100
"""Rows of a page; a shop gives no more (orders_list[7])."""

ADDRESS_MAX = 3_000
"""Characters of article numbers in one address: many servers take 8 KB of it (errors[57]), and a signature makes the
rest of it long."""

CRASHED = "internal_server_error"
"""WordPress's code of a request that ended in a fatal error of PHP (errors[3])."""

PRODUCTS = "/wc/v3/products"

T = TypeVar("T")


class GoodsCalls:
    """`unit_meta` is the meta field in which the shop keeps the unit; empty when it keeps none."""

    def __init__(self, api: Api, unit_meta: str) -> None:
        self._api = api
        self._unit_meta = unit_meta

    async def terms(self) -> ShopTerms:
        """How the shop keeps things, by five requests. What the key may not read is inferred as far as it can be."""
        return await read_terms(self._api)

    # -- reading ----------------------------------------------------------------------------------------------------

    async def find_products(self, skus: tuple[str, ...]) -> tuple[SeenProduct, ...]:
        """Products and variations with these article numbers, by ascending id in each part of the question."""
        found: dict[int, SeenProduct] = {}
        for asked in _sku_lists(skus):
            params = {"sku": asked, "status": "any", "_fields": PRODUCT_FIELDS}
            async for page in self._pages(PRODUCTS, params, list[WireProduct]):
                found.update((seen.product_id, seen) for seen in map(seen_product, page))
        return tuple(found.values())

    async def read_products(self, product_ids: tuple[int, ...]) -> tuple[SeenProduct, ...]:
        if not product_ids:
            return ()  # An empty list would be no filter at all.
        wires = decoded(await self._included(product_ids, PRODUCT_FIELDS), list[WireProduct])
        return tuple(map(seen_product, wires))

    async def list_products(self, offset: int, limit: int = PAGE) -> tuple[tuple[SeenProduct, ...], int]:
        params = {**_by_id(limit), "offset": str(offset), "status": "any", "_fields": PRODUCT_FIELDS}
        answer = await self._get(PRODUCTS, params)
        page = tuple(map(seen_product, decoded(answer, list[WireProduct])))
        total = total_of(answer)
        if total is None:  # Something between us and the shop has taken the header off.
            total = offset + len(page) + (1 if len(page) == limit else 0)
        return page, total

    async def list_variations(self, parent_id: int) -> tuple[SeenProduct, ...]:
        """All of one product, drafts and private ones too. One without an article number of its own shows its
        product's (variations[18])."""
        params = {"status": "any", "_fields": PRODUCT_FIELDS}
        path = f"{PRODUCTS}/{parent_id}/variations"
        return tuple(
            [
                seen_product(wire, parent_id)
                async for page in self._pages(path, params, list[WireProduct])
                for wire in page
            ]
        )

    async def list_sales(self, query: SalesQuery) -> SalesPage:
        """Orders with their rows, by ascending id; times as in `list_orders`."""
        params = {
            **_by_id(query.limit),
            "status": ",".join(query.statuses) or "any",
            "offset": str(query.offset),
            "dates_are_gmt": "true",
            "_fields": SALE_FIELDS,
        }
        if query.modified_after is not None:
            params["modified_after"] = gmt(query.modified_after)
        if query.created_after is not None:
            params["after"] = gmt(query.created_after)
        asked = self._api.now()
        answer = await self._get("/wc/v3/orders", params)
        with broken_json():
            rows = msgspec.json.decode(json_of(answer), type=list[msgspec.Raw])
        sales: list[Sale] = []
        unreadable: list[str] = []
        for raw in rows:
            try:
                sales.append(sale(msgspec.json.decode(raw, type=WireSale)))
            except (msgspec.ValidationError, BrokenContractError) as error:
                unreadable.append(f"{_id_of(raw)}: {error}")
        asked_at = self._api.its_time(answer, asked)
        return SalesPage(sales=tuple(sales), asked_at=asked_at, rows=len(rows), unreadable=tuple(unreadable))

    # -- writing ----------------------------------------------------------------------------------------------------

    async def write_products(self, writes: tuple[ProductWrite, ...]) -> Written:
        """Makes and changes products, in one batch: the shop makes first. After a refusal that names no holder of an
        article number, it is looked for."""
        rows = [product_row(write, self._unit_meta) for write in writes]
        done = await self._batch(f"{PRODUCTS}/batch", writes, rows)
        return await self._with_holders(writes, done)

    async def write_variations(self, parent_id: int, writes: tuple[ProductWrite, ...]) -> Written:
        """The same for variations of one product."""
        rows = [product_row(write, self._unit_meta) for write in writes]
        path = f"{PRODUCTS}/{parent_id}/variations/batch"
        try:
            done = await self._batch(path, writes, rows, parent_id)
        except Trouble as trouble:
            # A new variation of a product that is gone fails with a stack trace, every time (variations[62]).
            if trouble.problem == CRASHED and not await self.read_products((parent_id,)):
                now = self._api.now()
                gone = tuple(ProductResult(pk=write.pk, problem=RowProblem.PARENT_GONE) for write in writes)
                return Written(results=gone, asked_at=now, answered_at=now)
            raise
        return await self._with_holders(writes, done)

    async def trash(self, product_id: int, parent_id: int = 0) -> None:
        """Throws one product away, with its variations. One that is gone, or lies there already, is no trouble
        (products_simple[132]). A batch would delete for good."""
        own = f"{PRODUCTS}/{parent_id}/variations/{product_id}" if parent_id else f"{PRODUCTS}/{product_id}"
        try:
            await self._api.delete(own, {"force": "false", "_fields": "id"}, lane=Lane.GOODS)
        except Trouble as trouble:
            gone = trouble.problem.endswith(("_already_trashed", "_invalid_id"))
            if trouble.kind is not TroubleKind.REFUSED or not gone:
                raise

    async def _batch(
        self, path: str, writes: tuple[ProductWrite, ...], rows: list[dict[str, object]], parent_id: int = 0
    ) -> Written:
        asked = self._api.now()
        if not writes:
            return Written(results=(), asked_at=asked, answered_at=asked)
        began = trio.current_time()
        new = [place for place, write in enumerate(writes) if not write.product_id]
        old = [place for place, write in enumerate(writes) if write.product_id]
        parts = {"create": [rows[place] for place in new], "update": [rows[place] for place in old]}
        body = {name: part for name, part in parts.items() if part}
        try:
            answer = await self._api.post(path, body, lane=Lane.GOODS)
        except Trouble as trouble:
            if trouble.problem == CRASHED:  # WordPress lives and says so: a row is to blame, and not the connection.
                trouble.fault = None
            raise
        with written():
            batch = decoded(answer, WireBatch)
        made, changed = list(items(batch.create)), list(items(batch.update))
        if len(made) != len(new) or len(changed) != len(old):
            raise _missing(f"{len(made) + len(changed)} of {len(rows)} rows")
        _check_made([writes[place] for place in new], made)
        if any(wire.id != writes[place].product_id for place, wire in zip(old, changed, strict=True)):
            raise _missing("rows of other products")
        given = dict(zip((*new, *old), (*made, *changed), strict=True))
        return Written(
            results=tuple(_result(write, given[place], parent_id) for place, write in enumerate(writes)),
            asked_at=self._api.its_time(answer, asked),
            answered_at=answer.date or self._api.now(),
            took_s=trio.current_time() - began,
        )

    async def _with_holders(self, writes: tuple[ProductWrite, ...], done: Written) -> Written:
        """A number that is taken though the shop did not say by whom: of a product in the trash, or one that another
        made at the same moment (concurrency[40])."""
        nameless = {
            write.product.sku
            for write, result in zip(writes, done.results, strict=True)
            if write.product.sku and not result.holder_id and result.problem == RowProblem.SKU_TAKEN
        }
        if not nameless:
            return done
        try:
            holders = await self._holders(tuple(sorted(nameless)))
        except Trouble:
            # What came of the rows is known and must be told; the holder stays unknown, as its refusal says.
            return done
        results = tuple(
            _held(result, write.product.sku or "", holders) for write, result in zip(writes, done.results, strict=True)
        )
        return msgspec.structs.replace(done, results=results)

    async def _holders(self, skus: tuple[str, ...]) -> list[tuple[str, int, bool]]:
        """Who has these numbers: number, id, whether it lies in the trash."""
        found = [(seen.sku, seen.product_id, False) for seen in await self.find_products(skus)]
        left = tuple(sku for sku in skus if not any(same_sku(sku, one) for one, _id, _trashed in found))
        for asked in _sku_lists(left):
            params = {"sku": asked, "status": "trash", "_fields": PRODUCT_FIELDS}
            async for page in self._pages(PRODUCTS, params, list[WireProduct]):
                found += [(seen.sku, seen.product_id, True) for seen in map(seen_product, page)]
        return found

    # -- categories and attributes ----------------------------------------------------------------------------------

    async def categories(self) -> tuple[ShopCategory, ...]:
        path = f"{PRODUCTS}/categories"
        params = {"_fields": "id,name,parent"}
        return tuple([_category(wire) async for page in self._pages(path, params, list[WireTerm]) for wire in page])

    async def make_categories(self, wanted: tuple[tuple[str, int], ...]) -> tuple[int, ...]:
        """A name may be had once below each parent; the shop says who has it (products_batch[32])."""
        if not wanted:
            return ()
        rows = [{"name": name, "parent": parent_id} for name, parent_id in wanted]
        answer = await self._api.post(f"{PRODUCTS}/categories/batch", {"create": rows}, lane=Lane.GOODS)
        with written():
            made = list(items(decoded(answer, WireTermBatch).create))
        if len(made) != len(wanted):
            raise _missing(f"{len(made)} of {len(wanted)} categories")
        return tuple(map(_term_id, made))

    async def attributes(self) -> tuple[ShopAttribute, ...]:
        """The shop's global ones; this list has no pages."""
        wires = decoded(await self._get(f"{PRODUCTS}/attributes", {"_fields": "id,name"}), list[WireTerm])
        return tuple(ShopAttribute(attribute_id=wire.id, name=plain(wire.name)) for wire in wires)

    # -- pages ------------------------------------------------------------------------------------------------------

    async def _get(self, path: str, params: dict[str, str]) -> Answer:
        return await self._api.get(path, params, lane=Lane.GOODS)

    async def _included(self, product_ids: tuple[int, ...], fields: str) -> Answer:
        """These products, in one page: the links to others would repeat every id and burst the answer's head
        (products_batch[21])."""
        params = {"include": ",".join(map(str, product_ids)), "status": "any", **_by_id(PAGE), "_fields": fields}
        return await self._get(PRODUCTS, params)

    async def _pages(self, path: str, params: dict[str, str], shape: type[list[T]]) -> AsyncIterator[list[T]]:
        """Pages by ascending id until one is not full: counts are not to be trusted (orders_list[5])."""
        offset = 0
        first: object = None
        while True:
            answer = await self._get(path, {**params, **_by_id(PAGE), "offset": str(offset)})
            page = converted(json_of(answer), shape)
            yield page
            if len(page) < PAGE:
                return
            if page[0] == first:
                raise Trouble(TroubleKind.NOT_NOW, "same_page_again", fault=Fault.SHOP_ANSWER_BROKEN)
            first = page[0]
            offset += PAGE


def _term_id(wire: WireTerm) -> int:
    """Raises Trouble for a category that the shop refuses."""
    if wire.error is None and wire.id:
        return wire.id
    holder = holder_of(wire.error) if wire.error is not None and wire.error.code == "term_exists" else 0
    if not holder:
        raise Trouble(TroubleKind.REFUSED, wire.error.code if wire.error is not None else "unknown")
    return holder


def _by_id(limit: int) -> dict[str, str]:
    return {"orderby": "id", "order": "asc", "per_page": str(limit)}


def _sku_lists(skus: Iterable[str]) -> Iterator[str]:
    """Article numbers as the filter takes them: between commas, none empty (it would list everything,
    products_list[38]), no space beside a comma (products_list[37]), and one with a comma alone (products_list[40])."""
    part: list[str] = []
    length = 0
    for sku in dict.fromkeys(sku.strip() for sku in skus):
        if not sku:
            continue
        if "," in sku:
            yield sku
            continue
        size = len(quote_plus(sku)) + 3
        if part and (len(part) == PAGE or length + size > ADDRESS_MAX):
            yield ",".join(part)
            part, length = [], 0
        part.append(sku)
        length += size
    if part:
        yield ",".join(part)


def _check_made(writes: list[ProductWrite], made: list[WireProduct]) -> None:
    """Rows that are made have no id to know them by; their article numbers must stand in the same places."""
    asked = [(write.product.sku or "") for write in writes]
    for sku, wire in zip(asked, made, strict=True):
        shown = seen_product(wire).sku
        if wire.error is None and not wire.id:
            raise _missing("a product without an id")
        misplaced = sku and shown and not same_sku(sku, shown) and any(same_sku(one, shown) for one in asked)
        if wire.error is None and misplaced:
            raise _missing("rows of other products")


def _missing(detail: str) -> Trouble:
    return Trouble(TroubleKind.UNSURE, "batch_rows_missing", detail=detail)


def _result(write: ProductWrite, wire: WireProduct, parent_id: int) -> ProductResult:
    error = wire.error
    if error is None:
        return ProductResult(pk=write.pk, seen=seen_product(wire, parent_id))
    problem = _problem(error.code, write)
    holder = holder_of(error) if problem is RowProblem.SKU_TAKEN else 0
    return ProductResult(pk=write.pk, problem=problem, holder_id=holder)


def _problem(code: str, write: ProductWrite) -> str:
    """A holder in the trash, and one that was quicker, are told of by another code than others (products_simple[136],
    concurrency[40]), and a variation that is gone is `invalid_id` as one of another product is (variations[58])."""
    if code == "product_invalid_sku" or (code.endswith("_not_created") and write.product.sku):
        return RowProblem.SKU_TAKEN
    if code.endswith("_invalid_parent"):
        return RowProblem.PARENT_GONE
    if code.endswith("_invalid_id"):
        return RowProblem.GONE
    return code or "unknown"


def _held(result: ProductResult, sku: str, holders: list[tuple[str, int, bool]]) -> ProductResult:
    if result.problem != RowProblem.SKU_TAKEN or result.holder_id:
        return result
    for number, product_id, trashed in holders:
        if same_sku(sku, number):
            problem = RowProblem.SKU_IN_TRASH if trashed else RowProblem.SKU_TAKEN
            return msgspec.structs.replace(result, holder_id=product_id, problem=problem)
    return result


def _category(wire: WireTerm) -> ShopCategory:
    return ShopCategory(category_id=wire.id, name=plain(wire.name), parent_id=wire.parent or 0)


def _id_of(raw: msgspec.Raw) -> int:
    try:
        return msgspec.json.decode(raw, type=WireTerm).id
    except msgspec.ValidationError:
        return 0
