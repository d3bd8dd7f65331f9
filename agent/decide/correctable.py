"""Which fields of an order are most likely what stopped it, from the reason's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agent.model.correction import ADDRESS_FIELDS, BILLING, SHIPPING, line_field
from agent.model.order import LineKind, ShopOrder
from agent.model.reasons import Reason

_WHO = ("billing.email", "org_no", "billing.company", "customer_no")
_WHERE = ("billing.country", "shipping.country", "vat_no")
_ADDRESSES = tuple(f"{side}.{name}" for side in (BILLING, SHIPPING) for name in ADDRESS_FIELDS)


def likely(reason: str, params: Mapping[str, str], order: ShopOrder | None) -> tuple[str, ...]:
    """The fields, the likeliest first; none where a correction hardly helps. `order` is the order as read, if it is
    known: a row without an article number can only be named by it."""
    if reason not in tuple(Reason):
        return ()
    found = _LIKELY.get(Reason(reason))
    return () if found is None else found(params, order)


def as_read(field: str, params: Mapping[str, str]) -> str | None:
    """What the reason itself says that the shop says of the field; None where it does not tell."""
    first, _, value = field.partition(".")
    if first in ("article", "method"):
        return value
    return params.get("method") if field == "payment_method" else None


def _article(params: Mapping[str, str], order: ShopOrder | None) -> tuple[str, ...]:
    if params.get("article"):
        return (f"article.{params['article']}",)
    lines = () if order is None else order.lines
    bare = [line for line in lines if line.kind is LineKind.PRODUCT and not line.article_no]
    return tuple(line_field(line.line_id, "article_no") for line in bare)


def _method(params: Mapping[str, str], _order: ShopOrder | None) -> tuple[str, ...]:
    return (f"method.{params['method']}",) if params.get("method") else ()


def _corrected(params: Mapping[str, str], _order: ShopOrder | None) -> tuple[str, ...]:
    return tuple(filter(None, params.get("corrected", "").split(", ")))


def _these(*fields: str) -> Callable[[Mapping[str, str], ShopOrder | None], tuple[str, ...]]:
    return lambda _params, _order: fields


_LIKELY: dict[Reason, Callable[[Mapping[str, str], ShopOrder | None], tuple[str, ...]]] = {
    Reason.ARTICLE_UNKNOWN: _article,
    Reason.ARTICLE_INACTIVE: _article,
    Reason.ARTICLE_MISSING: _article,
    Reason.VAT_CODE_MISSING: _these(*_WHERE),
    Reason.PAYMENT_METHOD_UNMAPPED: _these("payment_method"),
    Reason.SHIPPING_METHOD_UNMAPPED: _method,
    Reason.CUSTOMER_PROBABLE: _these(*_WHO),
    Reason.CUSTOMER_AMBIGUOUS: _these(*_WHO),
    Reason.CUSTOMER_NEW: _these(*_WHO),
    Reason.CUSTOMER_INACTIVE: _these(*_WHO),
    Reason.CORRECTION_OVERTAKEN: _corrected,
    Reason.HELD_BY_RULE: _these("billing.postcode", "billing.country", "billing.email"),
    Reason.RULE_FAILED: _these(*_ADDRESSES),
    Reason.PLUGIN_HELD: _these(*_ADDRESSES),
    Reason.MAMUT_REFUSED: _these(*_ADDRESSES),
}
