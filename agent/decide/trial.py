"""What rules and field mappings would change in orders that are there already, without changing anything.

Mamut is not asked: its session belongs to the agent. What the journal has kept of its registers counts. Where it has
kept none, every article is taken to exist and the VAT codes to be those of the settings. Nobody is taken to be known,
so that what is compared is the rules' work alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from agent.decide import orders as decide_orders
from agent.decide.processing import Prepared, finish, prepare
from agent.messages import CreateContact, Decision, MamutFacts, Send, Stop
from agent.model.mamut import Article, Registers, VatCode
from agent.model.order import Frozen, ShopOrder
from agent.model.reasons import Reason
from agent.plugins.hooks import Hooks
from agent.rules.chain import Chains, to_tree
from agent.rules.fields import text_of
from agent.settings.tree import ShopSettings

if TYPE_CHECKING:
    from agent.rules.mapping import Mappers

OPEN_FIELDS = frozenset(
    {
        "number",
        "status",
        "currency",
        "total",
        "payment_method",
        "customer_id",
        "vat_exempt",
        "article_no",
        "quantity",
        "product_no",
        "qty",
        "line_sum",
        "vat_code",
        "discount_percent",
        "kind",
        "department",
        "payment_terms",
        "delivery_form",
        "ready_for_invoicing",
        "our_ref",
        "method",
        "shop_status",
        "document",
        "country",
        "invoice_country",
        "delivery_country",
    }
)
"""Fields that tell nothing about a person; every other value is veiled unless it is asked for."""

_WORKED = frozenset({"rule_changed", "field_mapped", "plugin_changed"})

_ANY_REASON = frozenset(Reason)


class TrialChange(Frozen, frozen=True):
    """One field that would be another. `record` is order, document or customer, or product, price or stock, which tell
    of nobody."""

    record: str
    field: str
    before: str
    after: str

    @property
    def is_open(self) -> bool:
        return self.record in ("product", "price", "stock") or self.field.rsplit(".", 1)[-1] in OPEN_FIELDS


class Trial(Frozen, frozen=True):
    """What would become of one order, or of one article, by its number in the shop or in Mamut (`order_id`, `number`).
    `reason` is why it would stop, empty when it would go; `was` the same without the rules. `by` are the rules,
    mappings and plugins that did something."""

    order_id: int
    number: str
    reason: str = ""
    was: str = ""
    params: dict[str, str] = {}
    changes: tuple[TrialChange, ...] = ()
    by: tuple[str, ...] = ()


class Kept(Frozen, frozen=True):
    """What the journal has kept of Mamut. `articles` are by number: one that it lacks Mamut lacks. None where it has
    not been read."""

    registers: Registers | None = None
    articles: dict[str, Article] | None = None


NOTHING_KEPT = Kept()


def begin(order: ShopOrder, shop: ShopSettings, chains: Chains, hooks: Hooks | None = None) -> Prepared:
    """The order after the rules about what was read."""
    return prepare(order, shop, chains, frozenset(), hooks)


def articles_wanted(order: ShopOrder, shop: ShopSettings, ready: Prepared) -> set[str]:
    """The article numbers that the order needs, with the rules and without them."""
    return {
        *decide_orders.wanted(order, shop).product_nos,
        *decide_orders.wanted(ready.order, ready.shop).product_nos,
    }


def try_order(
    order: ShopOrder,
    shop: ShopSettings,
    chains: Chains,
    mappers: Mappers | None,
    hooks: Hooks | None = None,
    *,
    ready: Prepared | None = None,
    kept: Kept = NOTHING_KEPT,
) -> Trial:
    """Statuses are left out of it: an order that has been completed since is as good a trial as a new one. `ready` is
    what `begin` gave, where that had to come first."""
    ready = ready or begin(order, shop, chains, hooks)
    plain = _decided(Prepared(order=order, shop=shop), kept, None, None)
    decision: Decision = ready.stop if ready.stop is not None else _decided(ready, kept, chains, mappers, hooks)
    notes = [*ready.notes, *(decision.notes if isinstance(decision, Send) else ())]
    stop = decision if isinstance(decision, Stop) else None
    by = dict.fromkeys(note.detail for note in notes if note.code in _WORKED)
    if stop is not None and (name := stop.params.get("rule") or stop.params.get("plugin")):
        by[name] = None
    return Trial(
        order_id=int(order.order_id),
        number=order.number,
        reason="" if stop is None else stop.reason.value,
        was=plain.reason.value if isinstance(plain, Stop) else "",
        params={} if stop is None else stop.params,
        changes=tuple(_changes(order, ready, plain, decision)),
        by=tuple(by),
    )


def _decided(
    ready: Prepared, kept: Kept, chains: Chains | None, mappers: Mappers | None, hooks: Hooks | None = None
) -> Decision:
    trigger = msgspec.structs.replace(ready.shop.orders, trigger=(ready.order.status,), start_at=None)
    shop = msgspec.structs.replace(ready.shop, orders=trigger)
    order = msgspec.structs.replace(ready.order, mamut_order_no=None, refunds=())
    facts = _facts(order, shop, kept)
    decision = decide_orders.decide(order, facts, shop, _ANY_REASON - {Reason.HELD_BY_RULE})
    if chains is None:
        return decision
    return finish(decision, ready, chains, facts.registers, frozenset(), mappers, hooks)


def _facts(order: ShopOrder, shop: ShopSettings, kept: Kept) -> MamutFacts:
    numbers = decide_orders.wanted(order, shop).product_nos
    if kept.articles is None:
        articles = {number: Article(product_no=number, description=number) for number in numbers}
    else:
        articles = {number: kept.articles[number] for number in numbers if number in kept.articles}
    return MamutFacts(articles=articles, registers=kept.registers or _assumed(order, shop))


def _assumed(order: ShopOrder, shop: ShopSettings) -> Registers:
    vat = shop.vat
    codes: dict[int, VatCode] = {}
    for percent, code in {**vat.domestic, **{key.split()[-1]: code for key, code in vat.oss.items()}}.items():
        codes[code] = VatCode(id=code, percent=Decimal(percent), kind="domestic")
    for zero, kind in ((vat.eu_company, "eu"), (vat.export, "export"), (vat.zero, "zero")):
        if zero is not None:
            codes.setdefault(zero, VatCode(id=zero, percent=Decimal(0), kind=kind))
    forms = {method.delivery_form for method in shop.orders.shipping_methods.values()}
    terms = {method.payment_terms for method in shop.orders.payment_methods.values()}
    return Registers(
        vat_codes=tuple(codes.values()),
        departments=frozenset({shop.department or 1}),
        payment_terms=frozenset(each for each in terms if each is not None),
        delivery_forms=frozenset(each for each in forms if each is not None),
        currencies=frozenset({order.currency}),
        countries=frozenset({order.billing.country, order.shipping.country}),
    )


def _changes(order: ShopOrder, ready: Prepared, plain: Decision, decision: Decision) -> Iterator[TrialChange]:
    yield from differing("order", order, ready.order)
    if ready.shop_status or (isinstance(decision, Send) and decision.shop_status):
        yield TrialChange(record="order", field="shop_status", before="", after=ready.shop_status)
    if isinstance(plain, Send) and isinstance(decision, Send):
        yield from differing("document", plain.draft, decision.draft)
        if isinstance(plain.customer, CreateContact) and isinstance(decision.customer, CreateContact):
            yield from differing("customer", plain.customer.draft, decision.customer.draft)


def differing(record: str, before: msgspec.Struct, after: msgspec.Struct) -> Iterator[TrialChange]:
    """The fields of a record that would be others."""
    if before is after:
        return
    old, new = dict(_flat(to_tree(before), "")), dict(_flat(to_tree(after), ""))
    for field in dict.fromkeys((*old, *new)):
        if field != "raw" and old.get(field, "") != new.get(field, ""):
            yield TrialChange(record=record, field=field, before=old.get(field, ""), after=new.get(field, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path}[{number}]")
    else:
        yield path, text_of(value)
