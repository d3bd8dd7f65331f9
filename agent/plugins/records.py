"""What plugins are given that is no record of the shop's or of Mamut's own."""

from __future__ import annotations

from agent.model.mamut import ContactChanges
from agent.model.order import Frozen


class CustomerMatch(Frozen, frozen=True):
    """Who an order's buyer is in Mamut. `word` is "existing", "probable", "collective" or "new", `customer_no` the
    customer's number (None for a new one), `matched_by` what they were recognised by.

    `changes` is what is about to be brought up to date on the card, None where the merchant does not allow that or
    nothing is new. With `as_new` the buyer is somebody else after all, and a new contact is made, where the merchant's
    settings make new ones; else the order is held as one of a new customer. A contact that was made for the same buyer
    before (`matched_by` "ext_id") stays theirs.
    """

    word: str
    customer_no: int | None = None
    matched_by: str = ""
    changes: ContactChanges | None = None
    as_new: bool = False


class StatusToSend(Frozen, frozen=True):
    """What an event in Mamut is about to do to the shop's order. `event` is "transferred", "partly_delivered",
    "delivered", "invoiced", "paid" or "cancelled", `current` the order's status in the shop.

    `status` is the status that it is about to get, empty for none; `text` the note to the customer, where one is
    chosen. Rank and terminal statuses count for what a plugin gives as for what the settings say.
    """

    event: str
    order_id: int
    number: str
    current: str
    status: str
    text: str = ""


class DocumentSent(Frozen, frozen=True):
    """An order's document that stands in Mamut now. `total_ore` is Mamut's total in öre of the order's currency,
    `customer_no` the customer whom it is on, `adopted` says that it was there already."""

    order_id: int
    number: str
    external_no: str
    mamut_order_no: int
    total_ore: int
    currency: str
    customer_no: int | None
    adopted: bool
