"""A plan of a first synchronisation: what would become of every article, row by row, before anything is written."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from agent.model.goods import ProductKind
from agent.model.order import Frozen
from agent.model.owners import System

SHOP, MAMUT = System.SHOP, System.MAMUT


class Action(StrEnum):
    """What the plan does with a row. SAME is tied together already and equal; LEAVE is not to go over."""

    MAKE = "make"
    LINK = "link"
    CHANGE = "change"
    SAME = "same"
    REFUSE = "refuse"
    LEAVE = "leave"


WRITES = (Action.MAKE, Action.LINK, Action.CHANGE)
"""What there is something to do for."""


class RowState(StrEnum):
    """How far a row has come. SKIPPED rows had lost the ground that the plan stood on; LEFT ones were not taken back,
    since somebody had touched them."""

    OPEN = ""
    DONE = "done"
    SKIPPED = "skipped"
    REFUSED = "refused"
    UNDONE = "undone"
    LEFT = "left"


class PlanState(StrEnum):
    READING = "reading"
    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


class Plan(Frozen, frozen=True):
    """`source` is the system whose articles go over. `settings` is the digest of the settings that decided, `digest`
    the one of the plan's file, empty until it has been written."""

    number: int
    shop: str
    source: System
    made_ms: int
    settings: str
    digest: str = ""
    state: PlanState = PlanState.READING


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is the article's in its source: Mamut's internal number, or the shop's product. `target` is what it is tied
    to on the other side, 0 when there is nothing, and `parent` the shop's product that a variation belongs to.

    `ground` is a digest of what stood in the source, `seen` of what stood in the target. `marks` are those of a
    product's fields that are equal already. `family` is the same for what belongs together. `made_id` and `made_mark`
    tell what the plan has made, and how it looked then; `code` and `params` say why, and at last what came of it.
    """

    place: int
    key: int
    family: str
    number: str
    name: str
    kind: ProductKind
    action: Action
    code: str
    params: dict[str, str] = {}
    changes: dict[str, tuple[str, str]] = {}
    target: int = 0
    parent: int = 0
    ground: bytes = b""
    seen: bytes = b""
    marks: bytes = b""
    state: RowState = RowState.OPEN
    made_id: int = 0
    made_parent: int = 0
    made_mark: bytes = b""
