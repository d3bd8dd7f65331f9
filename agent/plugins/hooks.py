"""Where plugins are asked, what they are given, and what they may give back.

A plugin is a class with a method for each hook that it wants: `method(record, context)` gives the record back, changed
or not. It works before a decision is committed, and nothing that it does can come between the question whether
something is there already and its making: so it can hold a record, and neither lose nor double one. What is only told
(`TOLD`) is told after the fact, and holds nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from agent.messages import Note
from agent.model.goods import ArticleCard
from agent.model.order import Frozen, ShopOrder
from agent.plugins.records import CustomerMatch, DocumentSent, StatusToSend
from agent.rules.fields import ROOTS, Root
from agent.rules.tree import RuleObject, RuleSide

API = 1
"""The version of what stands in this file. A plugin says which it was written for; another one is not loaded."""

GROUP = "brygga.plugins"
"""The entry points by which plugins are found."""

WHY_MAX = 200
"""Characters of what a plugin says when it holds a record."""


class Hook(StrEnum):
    ORDER_READ = "order_read"
    CUSTOMER_MATCHED = "customer_matched"
    CUSTOMER_BUILT = "customer_built"
    DOCUMENT_BUILT = "document_built"
    DOCUMENT_SENT = "document_sent"
    STATUS_TO_SEND = "status_to_send"
    PRODUCT_BUILT = "product_built"
    PRICE_COMPUTED = "price_computed"
    STOCK_COMPUTED = "stock_computed"


HOOKS: dict[Hook, Root] = {
    Hook.ORDER_READ: ROOTS[RuleObject.ORDER, RuleSide.READ],
    Hook.CUSTOMER_MATCHED: Root(CustomerMatch, frozenset({"word", "customer_no", "matched_by"})),
    Hook.CUSTOMER_BUILT: ROOTS[RuleObject.CUSTOMER, RuleSide.WRITTEN],
    Hook.DOCUMENT_BUILT: ROOTS[RuleObject.ORDER, RuleSide.WRITTEN],
    Hook.DOCUMENT_SENT: Root(DocumentSent, frozenset(DocumentSent.__struct_fields__)),
    Hook.STATUS_TO_SEND: Root(StatusToSend, frozenset({"event", "order_id", "number", "current"})),
    Hook.PRODUCT_BUILT: ROOTS[RuleObject.PRODUCT, RuleSide.WRITTEN],
    Hook.PRICE_COMPUTED: ROOTS[RuleObject.PRICE, RuleSide.WRITTEN],
    Hook.STOCK_COMPUTED: ROOTS[RuleObject.STOCK, RuleSide.WRITTEN],
}
"""What each hook is given and gives back, and the fields of it that no plugin may change: those that no rule may."""


TOLD = frozenset({Hook.DOCUMENT_SENT})
"""Hooks that are told of what has been done, and give nothing back."""


class Context(Frozen, frozen=True):
    """What a record came from. `order` is the shop's order, `article` Mamut's card; the one that does not apply is
    None."""

    shop: str
    order: ShopOrder | None = None
    article: ArticleCard | None = None

    @property
    def record(self) -> Any:
        """The order as the shop's REST interface gave it, with all of its meta; empty where there is no order."""
        return msgspec.json.decode(self.order.raw) if self.order is not None and self.order.raw else {}


class HoldRecord(Exception):
    """Raised by a plugin: the record waits for a person. `why` is shown to them, so it names nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why[:WHY_MAX]


T = TypeVar("T", bound=msgspec.Struct)


class Hooked(msgspec.Struct, Generic[T], frozen=True):
    """The record as the plugins leave it. `failed` names the plugin that could not or would not, and `why` says why;
    then the record is as it was given."""

    record: T
    notes: tuple[Note, ...] = ()
    failed: str = ""
    why: str = ""


class Hooks(Protocol):
    """All plugins of one shop. Never raises for what a plugin does."""

    def wants(self, hook: Hook) -> bool:
        """Whether any of them has this hook."""
        ...

    def run(self, hook: Hook, record: T, context: Context) -> Hooked[T]: ...

    def tell(self, hook: Hook, record: msgspec.Struct, context: Context) -> tuple[tuple[str, str], ...]:
        """Tells all of them, whatever one of them does. Gives who failed, and why."""
        ...
