"""Everything about the simulated company and its Mamut that can be chosen, its habits and its troubles included."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

import msgspec


class Timing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long Mamut works on a call, in milliseconds. No figure is published: all are invented, and can be changed.

    `stock_product_ms` is for each product in a reading of stock or prices. Raise it to 15-40 to see an installation
    that suffers; `order_line_ms` likewise.
    """

    session_ms: float = 150.0
    read_ms: float = 6.0
    lookup_ms: float = 8.0
    lookup_key_ms: float = 0.2
    list_ms: float = 10.0
    list_row_ms: float = 0.3
    stock_product_ms: float = 0.5
    write_ms: float = 15.0
    order_ms: float = 25.0
    order_line_ms: float = 4.0
    refusal_ms: float = 3.0


class Maintenance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time in which nobody else may use the company: first online synchronisation, restore, integrity check.

    `start` is aware; with `daily` it comes back every 24 hours from then on. All sessions are closed by it.
    """

    start: datetime
    minutes: int
    daily: bool = False

    def ends_at(self, now: datetime) -> datetime | None:
        """When the window that `now` lies in ends; nothing outside of it."""
        start = self.start
        if self.daily and now > start:
            start += timedelta(days=(now - start).days)
        end = start + timedelta(minutes=self.minutes)
        return end if start <= now < end else None


class Quirks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Habits of Mamut, and troubles of a Mamut in use. Shares go from 0 to 1 and are drawn from the seed.

    Habits:
    - `on_too_long`: a text over its length is cut without a word, or refused with 422 `too_long`.
    - `on_bad_char`: a character outside Windows-1252 becomes "?", or is refused with 422 `bad_character`.
    - `on_unknown_product`: an order line's unknown or inactive product becomes "DESCRIPTION", or is refused.
    - `credit_stop_refuses`: whether a contact under credit stop gets no more documents.
    - `stock_moves_at`: stock leaves with the packing slip or with the invoice. With "slip", a document that comes as an
      invoice is booked as "Invoice (not delivered)".
    - `invoice_needs_ready`, `invoice_needs_delivery`: the two company settings that hold an invoice back.
    - `negative_stock`: whether a delivery may take more than there is.
    - `numbers_ignore_case`: product numbers are compared as SQL Server's usual collation does.
    - `change_tracking`: what product and contact lists accept as `changed_since`: nothing, a day, or a running number.
    - `clock_ahead_s`: how far the server's clock, which stamps `created_at` and `server_time`, is ahead of ours.

    Troubles (each share is of the calls that it can meet):
    - `record_locked`: 423, a desktop user has the record open. Nothing happened. Writes only.
    - `busy`: 409. Nothing happened. Every call.
    - `busy_when_concurrent`: a call that comes while the one before is worked on (by its `work_ms`) gets 409. For a
      server at pace 1; at pace 0 answers leave before the work they stand for is over.
    - `session_dropped`: the session is closed and the call answered 401. Nothing happened. Every call.
    - `sql_timeout_mid_write`: 500, nothing kept. Writes only.
    - `sql_timeout_after_write`: the same 500, but all of it is kept. Writes only.
    - `header_without_lines`: 500, the order's header is kept, its lines are not. New orders only.
    - `hang`: the answer takes `hang_s`. Felt when the server runs at a pace above 0. Every call.
    - `desktop_user_overwrites`: after an edit of ours somebody saves the record as it was before. Edits only.
    - `silent_cancel`: after an edit the order is found cancelled, without any error. Edits of orders only.
    """

    on_too_long: Literal["truncate", "refuse"] = "truncate"
    on_bad_char: Literal["question_mark", "refuse"] = "question_mark"
    on_unknown_product: Literal["description", "refuse"] = "description"
    credit_stop_refuses: bool = True
    stock_moves_at: Literal["slip", "invoice"] = "invoice"
    invoice_needs_ready: bool = False
    invoice_needs_delivery: bool = False
    negative_stock: bool = True
    numbers_ignore_case: bool = False
    change_tracking: Literal["none", "date", "sequence"] = "none"
    clock_ahead_s: int = 0

    record_locked: float = 0.0
    busy: float = 0.0
    busy_when_concurrent: bool = False
    session_dropped: float = 0.0
    sql_timeout_mid_write: float = 0.0
    sql_timeout_after_write: float = 0.0
    header_without_lines: float = 0.0
    hang: float = 0.0
    hang_s: float = 600.0
    desktop_user_overwrites: float = 0.0
    silent_cancel: float = 0.0


class MamutOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One simulated company in one simulated installation.

    `users` are the names and passwords that may open a session. `computers` are the licensed ones; nothing means
    that every computer is. Without `build_date` the version is half a year old when the simulator starts; without
    `stop_date` it ends 24 months after it was built. `closed_until` is the last day of the closed accounting period.
    `list_max` is the most rows a list gives in one call, `lookup_max` the most keys a look-up takes.
    """

    client_no: str = "001"
    company: str = "Björk & Ljung Handel AB"
    org_no: str = "556000-0001"
    users: dict[str, str] = msgspec.field(default_factory=lambda: {"brygga": "simulerad"})
    computers: tuple[str, ...] | None = None
    edition: str = "E5"
    modules: tuple[str, ...] = ("Mamut One API",)
    version: str = "24.0.1034"
    build_date: date | None = None
    stop_date: date | None = None
    session_limit: int = 1
    idle_s: int = 600
    maintenance: tuple[Maintenance, ...] = ()
    closed_until: date | None = None
    list_max: int = 500
    lookup_max: int = 100
    first_order_no: int = 100_000_001
    first_invoice_no: int = 300_001
    first_custid: int = 10_000
    quirks: Quirks = Quirks()
    timing: Timing = Timing()
