"""Whether what a shop has under an article's number is that article."""

from __future__ import annotations

from agent.decide.products import Family, Hold, kind_of
from agent.model.goods import ProductKind, SeenProduct
from agent.model.order import Frozen
from agent.model.said import GoodsReason


class Adopt(Frozen, frozen=True):
    """This product of the shop is the article."""

    seen: SeenProduct


def match(family: Family, found: tuple[SeenProduct, ...], holder: int | None = None) -> Adopt | Hold | None:
    """`found` has the article's number; `holder` is the article that is linked to that product already. None when the
    shop has none."""
    if not found:
        return None
    if len(found) > 1:
        return Hold(GoodsReason.SKU_TWICE_IN_SHOP, {"ids": ", ".join(str(each.product_id) for each in found)})
    (seen,) = found
    kind = kind_of(family.card)
    if holder is not None and holder != family.card.pk:
        return Hold(GoodsReason.SKU_TAKEN, {"holder": str(seen.product_id)})
    if seen.kind is not kind:
        return Hold(
            GoodsReason.KIND_DIFFERS,
            {"kind": kind.value, "shop_kind": seen.kind.value, "product_id": str(seen.product_id)},
        )
    if kind is ProductKind.VARIATION:
        main = "" if family.card.variant is None else family.card.variant.main
        if family.main_link is None:
            return Hold(GoodsReason.MAIN_WAITS, {"main": main})
        if family.main_link.product_id != seen.parent_id:
            return Hold(GoodsReason.PARENT_DIFFERS, {"parent_id": str(seen.parent_id)})
    return Adopt(seen)
