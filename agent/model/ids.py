"""Whose number is it: a bare `id` is never right where two systems meet."""

from typing import NewType

ShopKey = NewType("ShopKey", str)
"""The merchant's short name of a shop in `brygga.toml`; part of every external number, so it never changes."""

ShopOrderId = NewType("ShopOrderId", int)
"""WooCommerce's id of an order. Not the number the customer sees: plugins number orders as they like."""

MamutOrderNo = NewType("MamutOrderNo", int)
"""The number Mamut gives a document when it is saved, nine digits at most."""

ContactNo = NewType("ContactNo", int)
"""Mamut's customer number (custid), which is also the number of the customer's ledger."""

ExternalNo = NewType("ExternalNo", str)
"""What a document in Mamut carries to name the shop's order. Mamut does not keep it unique; we do."""
