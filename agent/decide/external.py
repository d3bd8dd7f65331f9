"""The names by which the two systems' records find each other: a document's external number, a buyer's identity."""

from __future__ import annotations

from hashlib import blake2b

from agent.decide.texts import EXTERNAL_NO_CHARS, encodable
from agent.model.ids import ExternalNo, ShopKey, ShopOrderId
from agent.model.order import ShopOrder


def external_no(shop: ShopKey, order_id: ShopOrderId, number: str) -> ExternalNo:
    """What the document in Mamut carries: "butik:1042", or "butik:A-7/1042" when the number is not the id.

    No two orders of any shops have the same one: a number of a plugin's making is followed by the id, and a key holds
    no colon. The number is shortened where the whole would be longer than Mamut keeps.
    """
    if number == str(order_id):
        return ExternalNo(f"{shop}:{order_id}")
    room = EXTERNAL_NO_CHARS - len(shop) - len(str(order_id)) - 2
    shown = " ".join(encodable(number).split())[: max(room, 0)]
    return ExternalNo(f"{shop}:{shown}/{order_id}")


def of_order(order: ShopOrder) -> ExternalNo:
    return external_no(order.shop, order.order_id, order.number)


def buyer_id(order: ShopOrder, org_no: str) -> str:
    """The buyer's identity (`ext_id` of the contact that is made of it), equal for all orders of one buyer in one shop.

    A company is its organisation number, whoever of its people ordered; a registered customer is the shop's number; a
    guest is the e-mail address, kept as a digest because this text travels further than an address should; a guest
    without one is the order itself.
    """
    if org_no:
        return f"{order.shop}:o{org_no}"
    if order.customer_id:
        return f"{order.shop}:c{order.customer_id}"
    email = order.billing.email.lower()
    if email:
        return f"{order.shop}:g{email_digest(email)}"
    return f"{order.shop}:n{order.order_id}"


def email_digest(email: str) -> str:
    """What stands for a guest's e-mail address, which is in lower case."""
    return blake2b(email.encode(), digest_size=8).hexdigest()
