"""What came of an order that the shop has changed after its transfer, in stable codes.

`AfterSaid` is what was done, or why nothing was to be done. `AfterReason` needs a person. The texts of both, in Swedish
and English, stand in `agent/model/catalogue_aftermath.py`; what is in braces there are the params kept beside the code
(table `aftermath`).
"""

from enum import StrEnum


class AfterSaid(StrEnum):
    NOTHING = "after_nothing"
    UPDATED = "after_updated"
    CANCELLED = "after_cancelled"
    CREDITED = "after_credited"
    WAITS_FOR_INVOICE = "after_waits_for_invoice"
    DOCUMENT_CANCELLED = "after_document_cancelled"
    SETTLED = "after_settled"


class AfterReason(StrEnum):
    """The letter is A for after. Every one is looked at again by itself, in case a person has seen to it in Mamut."""

    CANCELLED = "BRY-A01"
    DELETED = "BRY-A02"
    EDITED = "BRY-A03"
    REFUNDED = "BRY-A04"
    REFUNDS_EXCEED = "BRY-A05"
    REFUND_UNEXPLAINED = "BRY-A06"
    REFUND_WITHDRAWN = "BRY-A07"
    DOCUMENT_CHANGED = "BRY-A08"
    EDIT_IMPOSSIBLE = "BRY-A09"
    PARTLY_DELIVERED = "BRY-A10"
    NOT_OURS = "BRY-A11"
    DOCUMENT_UNKNOWN = "BRY-A12"
    ORDER_LIVES = "BRY-A13"
    CHANGE_REFUSED = "BRY-A14"
    ORDER_UNREADABLE_NOW = "BRY-A15"
