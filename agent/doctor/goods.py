"""The shop's article numbers: every product and variation is to have one, and no two the same."""

from __future__ import annotations

from agent.doctor.result import Finding, Result, Test, found, good
from agent.model.goods import ProductKind, SeenProduct
from agent.model.reasons import Fault
from agent.model.words import words
from agent.remote.woocommerce.client import WooCommerce

PRODUCTS_MAX = 2_000
"""So many products are looked at; a shop of more has shown by then how its numbers are kept."""

PARENTS_MAX = 100
"""Variations are listed product by product, one request each."""

NAMED = 5
"""So many are named; the others are counted."""


async def skus(shop: str, port: WooCommerce) -> Result:
    seen: list[SeenProduct] = []
    total = 1
    while len(seen) < min(total, PRODUCTS_MAX):
        rows, total = await port.list_products(len(seen))
        if not rows:
            break
        seen += rows
    parents = [one for one in seen if one.kind is ProductKind.VARIABLE]
    variations: list[SeenProduct] = []
    for parent in parents[:PARENTS_MAX]:
        variations += await port.list_variations(parent.product_id)
    return _judged(shop, seen, variations, total)


def _judged(shop: str, products: list[SeenProduct], variations: list[SeenProduct], total: int) -> Result:
    by_sku: dict[str, list[int]] = {}
    for one in (*products, *variations):
        if one.sku.strip():
            by_sku.setdefault(one.sku.strip().casefold(), []).append(one.product_id)
    twice = {sku: ids for sku, ids in by_sku.items() if len(ids) > 1}
    # A product with variants is sold by them, and needs no number of its own for an order.
    bare = [one.product_id for one in (*products, *variations) if not one.sku and one.kind is not ProductKind.VARIABLE]
    count = len(products) + len(variations)
    said = words(
        f"{count} av {max(total, len(products))} produkter med varianter lästa.",
        f"{count} read, variants too, of {max(total, len(products))} products.",
    )
    findings = []
    if twice:
        named = "; ".join(f"{sku} (id {', '.join(map(str, ids))})" for sku, ids in list(twice.items())[:NAMED])
        more = f" +{len(twice) - NAMED}" if len(twice) > NAMED else ""
        findings.append(Finding(fault=Fault.SHOP_SKU_TWICE, params={"shop": shop, "problem": named + more}))
    if bare:
        named = ", ".join(f"id {each}" for each in bare[:NAMED])
        params = {"shop": shop, "count": str(len(bare)), "problem": named}
        findings.append(Finding(fault=Fault.SHOP_SKU_MISSING, params=params))
    if findings:
        return found(Test.SHOP_SKUS, said, *findings, shop=shop, warning=not twice)
    return good(Test.SHOP_SKUS, said, shop)
