"""People at the company who work by themselves: what a day brings, drawn from a seed.

The warehouse takes in what was ordered and delivers what can be delivered, in part where not all is there. The office
invoices what was delivered, books payments and now and then takes one back. Shelves are counted. The till sells all day
and books it at its end, in one burst.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, TypeVar

import msgspec

from simulators.mamut import stock
from simulators.mamut.books import COMPANY_TIME
from simulators.mamut.contacts import ContactBody
from simulators.mamut.errors import Refused
from simulators.mamut.records import Contact, Document, OpenItem, Product, Tracking
from simulators.mamut.staff import SHOP_WAREHOUSE
from simulators.mamut.statuses import RESERVING, Status

if TYPE_CHECKING:
    from simulators.mamut.system import Mamut

DAY_S = 86_400.0


class Duty(StrEnum):
    PAYMENTS = "payments"
    DELIVER = "deliver"
    INVOICE = "invoice"
    TAKE_IN = "take_in"
    COUNT = "count"
    ORDER = "order"
    TILL = "till"


ROUNDS: tuple[tuple[float, Duty], ...] = (
    (8.5, Duty.DELIVER),
    (9.25, Duty.PAYMENTS),
    (10.5, Duty.DELIVER),
    (11.0, Duty.INVOICE),
    (12.0, Duty.TAKE_IN),
    (13.5, Duty.DELIVER),
    (14.5, Duty.COUNT),
    (15.5, Duty.DELIVER),
    (16.0, Duty.INVOICE),
    (16.5, Duty.ORDER),
    (18.25, Duty.TILL),
)
"""What is done when, in hours of the company's day."""

DELIVERABLE = frozenset({*(status.value for status in RESERVING), Status.NOT_DELIVERED.value})
PARTLY = frozenset(status.value for status in RESERVING)

DAYS_MAX = 7
"""Work that lies further back is not caught up with: the computer slept, or the clock was set."""

Told = Callable[[Duty, str], None]
"""Who is told what was done, or refused."""

Record = TypeVar("Record", Document, OpenItem, Product)


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How the people work. Shares are of what could be done; `day_s` is how many seconds of the clock one of their days
    takes. Nothing is done on Saturdays and Sundays but selling, while a day is a real one."""

    day_s: float = DAY_S
    delivered: float = 0.9
    paid: float = 0.3
    reopened: float = 0.01
    counted: int = 20
    miscounted: float = 0.2
    till_sales: int = 15
    low: Decimal = Decimal(3)
    ordered: Decimal = Decimal(20)


class Workday:
    """The people of one company. `work` does all that has come due since it was called last."""

    def __init__(
        self, mamut: Mamut, seed: int = 0, habits: Habits | None = None, told: Told = lambda _duty, _what: None
    ) -> None:
        self._mamut = mamut
        self._seed = seed
        self._habits = habits or Habits()
        self._told = told
        self._until = mamut.clock()

    def work(self) -> int:
        """Does what has come due; gives how many acts that were. What Mamut refuses is left undone."""
        now = self._mamut.clock()
        since = max(self._until, now - timedelta(seconds=DAYS_MAX * self._habits.day_s))
        self._until = max(now, self._until)
        return sum(self._do(day, hour, duty) for day, hour, duty in self._due(since, now))

    def next_s(self) -> float:
        """Seconds until something comes due."""
        now = self._mamut.clock()
        day = self._day(now)
        for number in (day, day + 1):
            for hour, _ in ROUNDS:
                wait_s = (self._moment(number, hour) - now).total_seconds()
                if wait_s > 0:
                    return wait_s
        return self._habits.day_s

    # -- when ----------------------------------------------------------------------------------------------------------

    def _due(self, since: datetime, now: datetime) -> Iterator[tuple[int, float, Duty]]:
        for day in range(self._day(since), self._day(now) + 1):
            for hour, duty in ROUNDS:
                if since < self._moment(day, hour) <= now and self._works(day, duty):
                    yield day, hour, duty

    def _day(self, moment: datetime) -> int:
        """The number of the company's day. Days of a length of their own are counted from the same midnight."""
        local = moment.astimezone(COMPANY_TIME)
        if self._habits.day_s == DAY_S:
            return local.date().toordinal()
        return int(moment.timestamp() // self._habits.day_s)

    def _moment(self, day: int, hour: float) -> datetime:
        if self._habits.day_s == DAY_S:
            midnight = datetime.combine(datetime.fromordinal(day), datetime.min.time(), COMPANY_TIME)
            return midnight + timedelta(hours=hour)
        return datetime.fromtimestamp((day + hour / 24) * self._habits.day_s, COMPANY_TIME)

    def _works(self, day: int, duty: Duty) -> bool:
        if self._habits.day_s != DAY_S:
            return True
        weekday = datetime.fromordinal(day).weekday()
        return weekday < 5 or (weekday == 5 and duty is Duty.TILL)

    # -- what ----------------------------------------------------------------------------------------------------------

    def _do(self, day: int, hour: float, duty: Duty) -> int:
        chance = Random(f"workday/{self._seed}/{day}/{hour}")
        work: dict[Duty, Callable[[Random], int]] = {
            Duty.DELIVER: self._deliver,
            Duty.INVOICE: self._invoice,
            Duty.PAYMENTS: self._payments,
            Duty.TAKE_IN: self._take_in,
            Duty.COUNT: self._count,
            Duty.ORDER: self._order,
            Duty.TILL: self._till,
        }
        return work[duty](chance)

    def _deliver(self, chance: Random) -> int:
        """Packs orders in the order in which they came; what is not on the shelf stays for a backorder."""
        waiting = [each for each in self._mamut.orders() if each.status in DELIVERABLE and each.lines]
        return sum(
            chance.random() < self._habits.delivered and self._try(Duty.DELIVER, document, self._pack)
            for document in waiting
        )

    def _pack(self, document: Document) -> str:
        quantities = self._on_shelf(document)
        short = any(quantities[line.line_no] != line.to_deliver for line in document.lines)
        if not any(quantities[line.line_no] for line in document.lines if line.stock_item or not short):
            return ""
        if short and document.status not in PARTLY:
            return ""
        parcel = Tracking("PostNord", f"SE{document.order_no}", f"https://spar.example/SE{document.order_no}")
        self._mamut.staff.deliver(document.order_no, quantities if short else None, [parcel])
        return f"{document.order_no} in part" if short else str(document.order_no)

    def _on_shelf(self, document: Document) -> dict[int, Decimal]:
        """How much of each line can go now, several lines of one article counted together."""
        books = self._mamut.books
        taken: dict[tuple[int, int], Decimal] = {}
        found: dict[int, Decimal] = {}
        for line in document.lines:
            found[line.line_no] = line.to_deliver
            if not line.stock_item or line.warehouse is None or line.to_deliver <= 0:
                continue
            product = stock.holder(books, books.held.products[line.product_id - 1])
            rows = books.held.stock.get(product.pk, ())
            there = sum((row.on_hand for row in rows if row.warehouse == line.warehouse), Decimal(0))
            key = (product.pk, line.warehouse)
            left = max(Decimal(0), there - taken.get(key, Decimal(0)))
            found[line.line_no] = min(line.to_deliver, left)
            taken[key] = taken.get(key, Decimal(0)) + found[line.line_no]
        return found

    def _invoice(self, _chance: Random) -> int:
        delivered = [each for each in self._mamut.orders() if each.status == Status.PROCESSED]

        def book(document: Document) -> str:
            return str(self._mamut.staff.invoice(document.order_no).invoice_no)

        return sum(self._try(Duty.INVOICE, document, book) for document in delivered)

    def _payments(self, chance: Random) -> int:
        """What the bank tells in the morning; a payment that was matched with the wrong invoice is taken back."""

        def pay(item: OpenItem) -> str:
            self._mamut.staff.pay(item.invoice_no)
            return str(item.invoice_no)

        def reopen(item: OpenItem) -> str:
            self._mamut.staff.reopen(item.invoice_no)
            return f"{item.invoice_no} taken back"

        done = 0
        for item in list(self._mamut.ledger()):
            lot = chance.random()
            if item.kind == "invoice" and item.remaining > 0 and lot < self._habits.paid:
                done += self._try(Duty.PAYMENTS, item, pay)
            elif item.kind == "invoice" and not item.remaining and item.amount and lot < self._habits.reopened:
                done += self._try(Duty.PAYMENTS, item, reopen)
        return done

    def _take_in(self, _chance: Random) -> int:
        def take_in(product: Product) -> str:
            for row in list(self._mamut.books.held.stock[product.pk]):
                if row.on_purchase > 0:
                    coming = row.on_purchase
                    self._mamut.staff.expect(product.product_no, Decimal(0), row.warehouse)
                    self._mamut.staff.count(product.product_no, row.on_hand + coming, row.warehouse)
            return product.product_no

        held = self._mamut.books.held
        coming = [
            product for product in held.products if any(row.on_purchase > 0 for row in held.stock.get(product.pk, ()))
        ]
        return sum(self._try(Duty.TAKE_IN, product, take_in) for product in coming)

    def _count(self, chance: Random) -> int:
        """Some shelves; now and then there is another number on them than in the books."""

        def count(product: Product) -> str:
            row = self._mamut.books.held.stock[product.pk][0]
            off = chance.randint(-2, 2) if chance.random() < self._habits.miscounted else 0
            self._mamut.staff.count(product.product_no, max(Decimal(0), row.on_hand + off), row.warehouse)
            return product.product_no

        return sum(self._try(Duty.COUNT, product, count) for product in self._some(chance, self._habits.counted))

    def _order(self, chance: Random) -> int:
        """What has become low is ordered from its supplier, and comes in on another day."""

        def order(product: Product) -> str:
            self._mamut.staff.expect(product.product_no, self._habits.ordered)
            return product.product_no

        held = self._mamut.books.held
        low = [
            product
            for product in held.products
            if any(
                row.warehouse == product.default_warehouse
                and row.on_hand - row.reserved < self._habits.low
                and not row.on_purchase
                for row in held.stock.get(product.pk, ())
            )
        ]
        return sum(chance.random() < 0.5 and self._try(Duty.ORDER, product, order) for product in low)

    def _till(self, chance: Random) -> int:
        """The day's sales over the counter, booked when the till is closed."""
        books = self._mamut.books

        def on_shelf(product: Product) -> bool:
            rows = books.held.stock.get(product.pk, ())
            return any(row.warehouse == SHOP_WAREHOUSE and row.on_hand >= 1 for row in rows)

        shelf = [
            product
            for product in books.held.products
            if not product.inactive and len(books.products_by_no(product.product_no)) == 1 and on_shelf(product)
        ]
        if not shelf:
            return 0
        custid = self._cash_customer().custid

        def sell(product: Product) -> str:
            if not on_shelf(product):
                return ""
            self._mamut.staff.sell_in_till(custid, {product.product_no: Decimal(1)})
            return product.product_no

        sold = [chance.choice(shelf) for _ in range(self._habits.till_sales)]
        return sum(self._try(Duty.TILL, product, sell) for product in sold)

    def _cash_customer(self) -> Contact:
        name = "Kontantkund"
        for contact in self._mamut.contacts():
            if contact.name == name:
                return contact
        made = self._mamut.act("contact.create", body=ContactBody(name=name))
        if not isinstance(made, Contact):
            raise TypeError("a contact was expected")
        return made

    def _some(self, chance: Random, number: int) -> list[Product]:
        held = self._mamut.books.held
        kept = [product for product in held.products if held.stock.get(product.pk)]
        return chance.sample(kept, min(number, len(kept)))

    def _try(self, duty: Duty, about: Record, act: Callable[[Record], str]) -> bool:
        try:
            what = act(about)
        except Refused as refused:
            self._told(duty, f"refused: {refused.problem.code}")
            return False
        if what:
            self._told(duty, what)
        return bool(what)
