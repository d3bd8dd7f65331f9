"""The demo of flow 2: Mamut is full of articles and the shop is empty.

The agent fills the shop; shoppers buy; people at the company deliver, invoice, take payments, count, set prices and
sell in the till; and the agent takes each of these to the other side. In the end both systems are asked and compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.cli.desk import JOURNAL_NAME
from agent.cli.output import complain
from agent.cli.settings import PackageName
from agent.model.reasons import OrderState
from agent.model.words import Language
from scenarios.demo_children import Crew
from scenarios.demo_doors import MamutDoor, ShopDoor
from scenarios.demo_figures import Told, held_names, told
from scenarios.demo_goods_figures import PRODUCT_FIELDS, Company, Progress, Shop, Truth, progress, truth
from scenarios.demo_goods_view import GoodsMoment, GoodsView
from scenarios.demo_settings import CONSUMER_KEY, CONSUMER_SECRET, MAMUT_PASSWORD, SHOP, is_sound, write_settings
from scenarios.demo_staff import Staff

PRODUCTS = 120
MAINS = 20
CONTACTS = 200
PLUGINS = ("klarna", "svea", "shipment-tracking")
METHODS = ("klarna_payments", "svea_checkout")
VAT_PERCENTS = {1: Decimal(0), 3: Decimal(25), 4: Decimal(12), 5: Decimal(6)}
"""Of the simulated Mamut's VAT codes for sales."""

VISIT = 20
"""Shoppers who come at once."""

TILL_SALES = 12
COUNTED = 6
PRICED = 6

STILL_S = 8.0
LOOK_EVERY_S = 0.5
DRIP_EVERY_S = 3.0
STUCK_S = 90.0
"""With --once: nothing has moved for so long, so nothing more will come."""


class StuckError(Exception):
    """The agent came to no rest; the text tells what it was at."""


class GoodsStage:
    """The folder, the three processes, who shops and who works."""

    def __init__(self, folder: Path, language: Language, *, seed: int, pace: float) -> None:
        self._folder = folder
        self._language = language
        self._seed = seed
        self._pace = pace
        self._crew = Crew(folder, seed)
        self._view = GoodsView(language)
        self._placed = 0
        self._visits = 0
        self._show: Callable[[GoodsMoment], None] = lambda _moment: None

    def open(self) -> None:
        """Both systems run; Mamut is full and the shop is empty."""
        plugins = [part for plugin in PLUGINS for part in ("--plugin", plugin)]
        mamut = self._crew.simulator("mamut", 0, self._pace)
        shop = self._crew.simulator("woocommerce", 0, self._pace, *plugins)
        self._mamut = MamutDoor(mamut.address(), MAMUT_PASSWORD)
        self._shop = ShopDoor(shop.address(), CONSUMER_KEY, CONSUMER_SECRET, self._seed)
        self._mamut.fill(seed=self._seed, products=PRODUCTS, contacts=CONTACTS, mains=MAINS)
        self._staff = Staff(self._mamut, self._seed)
        self._staff.learn(self._mamut.rows("products"))

    def write_settings(self, package_name: PackageName) -> None:
        write_settings(
            self._folder,
            mamut=self._mamut.address,
            shop=self._shop.address,
            package_name=package_name,
            flow=2,
            language=self._language,
            statuses=True,
        )

    def is_sound(self) -> bool:
        return is_sound(self._folder, self._language)

    def close(self) -> None:
        self._crew.close()

    def play(self, orders: int, *, once: bool, quiet: bool) -> dict[str, Any]:
        """The agent at work until all is settled or Ctrl-C; then the truth of it."""
        self._view.name(self._shop.address, self._mamut.address)
        before = self._requests()
        self._began = time.monotonic()
        agent = self._crew.agent()
        settled = True
        with self._view.live(quiet=quiet) as self._show:
            try:
                self._one_day(orders)
                if not once:
                    self._go_on()
            except StuckError as stuck:
                complain(str(stuck))
                settled = False
            except KeyboardInterrupt:
                if once:
                    raise
                settled = False
        seconds = time.monotonic() - self._began
        requests = {name: count - before[name] for name, count in self._requests().items()}
        self._crew.stop(agent)
        end = summary(told(self._journal), progress(self._journal), self._truth(), self._staff.done, at_rest=settled)
        end |= {"seconds": round(seconds, 2), "requests": requests}
        if not quiet:
            self._view.end(end)
        return end

    # -- what happens ------------------------------------------------------------------------------------------------

    def _one_day(self, orders: int) -> None:
        self._until(lambda goods, _: goods.rests and goods.products > 0, "the shop is filled")
        while self._placed < orders:
            before = self._placed
            self._visit(min(VISIT, orders - self._placed))
            if self._placed == before:
                break  # Everything is sold.
            self._until(lambda _, seen: seen.is_settled(self._placed), "the orders are in Mamut")
        self._staff.work_through(self._mamut.documents())
        self._staff.sell_in_till(TILL_SALES)
        self._staff.count_shelves(COUNTED)
        self._staff.set_prices(PRICED)
        self._settle()

    def _settle(self) -> None:
        """Until the agent has read all that has been done by now, and written what follows."""
        now_ms = time.time_ns() // 1_000_000

        def rests(goods: Progress, seen: Told) -> bool:
            read = min(goods.read_ms, goods.followed_ms) > now_ms
            return read and goods.rests and seen.is_settled(self._placed)

        what = "everything has come to the other side"
        self._until(rests, what)
        self._watch(
            STILL_S
        )  # The shop moves stock by itself when an order is cancelled; that is seen by the next look.
        self._until(rests, what)

    def _go_on(self) -> None:
        """Until Ctrl-C: now a shopper comes, now somebody at the company does something."""
        turn = 0
        while True:
            turn += 1
            self._visit(1)
            waiting = [row for row in self._mamut.documents() if row.external_no and row.status == "unprocessed_order"]
            if waiting:
                self._staff.work_on(waiting[0].order_no)
            if turn % 3 == 0:
                self._staff.sell_in_till(1)
            if turn % 5 == 0:
                self._staff.set_prices(1)
                self._staff.count_shelves(1)
            self._watch(DRIP_EVERY_S)

    def _visit(self, count: int) -> None:
        self._visits += 1
        method = METHODS[self._visits % len(METHODS)]
        self._placed += len(self._shop.place(count, self._seed * 1000 + self._visits, payment_method=method))

    def _until(self, reached: Callable[[Progress, Told], bool], what: str) -> None:
        """Shows how it goes until it is so. Raises StuckError when nothing moves any more."""
        moved: object = None
        moved_at = time.monotonic()
        while True:
            goods, seen = self._look()
            if reached(goods, seen):
                return
            now = time.monotonic()
            mark = (goods.products, goods.due, goods.steps, goods.written, seen.settled, seen.marked)
            if mark != moved:
                moved, moved_at = mark, now
            if now - moved_at > STUCK_S:
                raise StuckError(f"waited {STUCK_S:.0f} s in vain until {what}: {'; '.join(seen.troubles)} {goods}")
            time.sleep(LOOK_EVERY_S)

    def _watch(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._look()
            time.sleep(LOOK_EVERY_S)

    def _look(self) -> tuple[Progress, Told]:
        self._crew.check()
        goods, seen = progress(self._journal), told(self._journal)
        moment = GoodsMoment(goods=goods, told=seen, placed=self._placed, seconds=time.monotonic() - self._began)
        self._show(moment)
        return goods, seen

    # -- the truth ---------------------------------------------------------------------------------------------------

    @property
    def _journal(self) -> Path:
        return self._folder / JOURNAL_NAME

    def _requests(self) -> dict[str, int]:
        return {"shop": self._shop.cost().requests, "mamut": self._mamut.cost().requests}

    def _truth(self) -> Truth:
        products: list[dict[str, Any]] = []
        for row in self._shop.products(PRODUCT_FIELDS):
            products.append(row)
            if row["type"] == "variable":
                products += self._shop.variations(row["id"], PRODUCT_FIELDS)
        shop = Shop(
            products=products,
            orders=self._shop.rows("id,number,status,total,line_items"),
            mails=self._shop.mails(),
        )
        company = Company(
            articles=self._mamut.rows("products"),
            stock=self._mamut.rows("stock"),
            documents=self._mamut.rows("orders"),
        )
        return truth(SHOP, company, shop, VAT_PERCENTS)


def summary(seen: Told, goods: Progress, found: Truth, done: dict[str, int], *, at_rest: bool) -> dict[str, Any]:
    """The demo's one JSON object. Keys are stable. While something is on its way the two sides need not agree, so that
    only what must never be is judged then: doubles, differing amounts, and mails sent twice."""
    outside = seen.seen - seen.count(OrderState.TRANSFERRED)
    ok = not (found.twice or found.orders_differ or found.mailed_twice) and seen.adds_up
    if at_rest:
        ok = ok and found.holds and len(found.orders_missing) == outside
    return {
        "ok": ok,
        "articles": {
            "mamut": found.articles,
            "shop": found.products,
            "missing": found.missing,
            "extra": found.extra,
            "twice": found.twice,
            "held": goods.held,
        },
        "prices": {"compared": found.prices, "differ": found.prices_differ, "stopped": goods.stopped_prices},
        "stock": {"compared": found.shelves, "oversold": found.oversold, "undersold": found.undersold},
        "orders": {
            "placed": found.orders,
            **{state.value: seen.count(state) for state in OrderState},
            "reasons": held_names(seen.reasons),
            "differ": found.orders_differ,
        },
        "statuses": {"shop": found.statuses, "differ": found.statuses_differ, "held": goods.steps_held},
        "mails": {"completed": found.mails, "twice": found.mailed_twice},
        "staff": dict(sorted(done.items())),
        "written": goods.written,
    }
