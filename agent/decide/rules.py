"""The merchant's own rules: the first whose conditions all hold decides."""

from __future__ import annotations

from collections.abc import Iterable

from agent.model.order import LineKind, ShopOrder
from agent.settings.tree import OrderRule, RuleWhen


def first(order: ShopOrder, rules: tuple[OrderRule, ...], company: bool) -> OrderRule | None:
    """The rule that decides about this order, None when no rule is about it."""
    for rule in rules:
        if holds(rule.when, order, company):
            return rule
    return None


def holds(when: RuleWhen, order: ShopOrder, company: bool) -> bool:
    """Whether every condition given holds. No condition at all holds for every order.

    Countries are those of the delivery, or of the invoice address when there is no other. `article` and `coupon` hold
    when any of the order's is listed; letters' case does not matter in them, as it does not in the shop.
    """
    return (
        _any_of(when.status, order.status)
        and _any_of(when.country, order.shipping.country or order.billing.country)
        and _any_of(when.payment_method, order.payment_method)
        and _any_of(when.currency, order.currency)
        and (when.company is None or when.company == company)
        and (when.guest is None or when.guest == (not order.customer_id))
        and (when.total_above is None or order.total > when.total_above)
        and (when.total_below is None or order.total < when.total_below)
        and _about_lines(when, order)
        and all(order.meta.get(key) == value for key, value in when.meta.items())
    )


def _about_lines(when: RuleWhen, order: ShopOrder) -> bool:
    if when.shipping_method and not any(
        line.method in when.shipping_method for line in order.lines if line.kind is LineKind.SHIPPING
    ):
        return False
    if when.article and not _meet(when.article, (line.article_no for line in order.lines if line.article_no)):
        return False
    return not when.coupon or _meet(when.coupon, (coupon.code for coupon in order.coupons))


def _any_of(allowed: tuple[str, ...], value: str) -> bool:
    return not allowed or value in allowed


def _meet(allowed: tuple[str, ...], values: Iterable[str]) -> bool:
    folded = {text.casefold() for text in allowed}
    return any(value.casefold() in folded for value in values)
