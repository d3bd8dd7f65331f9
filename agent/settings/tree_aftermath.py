"""The table of `brygga.toml` about what happens to an order after its transfer."""

from __future__ import annotations

from enum import StrEnum

from agent.model.node import Node


class CancelledChoice(StrEnum):
    """What becomes of an open document whose order is cancelled, or deleted, in the shop."""

    CANCEL = "cancel"
    ATTEND = "attend"


class EditedChoice(StrEnum):
    UPDATE = "update"
    ATTEND = "attend"


class RefundedChoice(StrEnum):
    CREDIT = "credit"
    ATTEND = "attend"


class AftermathSettings(Node, frozen=True):
    """What is done in Mamut when the shop changes an order that stands there.

    "attend" leaves it to a person, who is shown the difference. Only a document that is neither delivered nor booked is
    ever changed or cancelled. Refunds are taken off such a document's rows and credited on a booked invoice;
    `issue_credit_notes` books these credit notes at once, else a person issues them. `article` is the article of rows
    for refunds that name no goods, the one for fees where it is not given.
    """

    cancelled: CancelledChoice = CancelledChoice.CANCEL
    edited: EditedChoice = EditedChoice.UPDATE
    refunded: RefundedChoice = RefundedChoice.CREDIT
    deleted: CancelledChoice = CancelledChoice.ATTEND
    issue_credit_notes: bool = False
    article: str | None = None
