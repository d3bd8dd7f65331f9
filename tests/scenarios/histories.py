"""Random histories: what happens in them, how they are played, and the small model of the truth they are judged by.

The model knows nothing of how the agent works. It remembers of each order what the shop was told, and what must follow
from that in Mamut once everything works and the agent has come to rest.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import trio

from agent.decide.external import external_no
from agent.model.ids import ShopKey, ShopOrderId
from agent.settings.tree_goods import PriceGuards, PriceSettings, StatusSettings
from scenarios import checks_goods, checks_statuses
from scenarios.ended import Deeds
from scenarios.engine import end_of, watch
from scenarios.play import Play, ShopSide, play, shop_settings
from scenarios.process import AgentProcess
from simulators.faults import Fault, FaultOptions
from simulators.mamut.errors import Refused
from simulators.mamut.options import Maintenance
from simulators.mamut.products import ProductBody, VariantBody
from simulators.mamut.records import Document

TRIGGER = ("processing", "completed")
STATUSES = ("pending", "on-hold", "processing", "completed", "cancelled", "failed")
LIMITS = (2, 5, 1000)
LOST_ANSWERS = (Fault.CUT_AFTER, Fault.HANG_AFTER, Fault.HALF_BODY, Fault.STATUS_500_AFTER, Fault.STATUS_504_AFTER)
LATENCY_S = 0.03
CENSUS_S = 7 * 3600.0
"""After so long the agent has compared all orders, whatever their dates say."""

COMPARED_S = 26 * 3600.0
"""After so long what the shop shows has been compared with what it should, product by product."""

REST_S = 6 * 3600.0
"""So long an agent may take, with nothing wrong any more, until there is nothing left to do."""


class Act(msgspec.Struct, frozen=True, tag=True):
    """One thing that happens. `which` names an order by the place in which it was made."""


class PlaceOrder(Act, frozen=True):
    buyer: int
    quantity: int
    status: str


class EditOrder(Act, frozen=True):
    which: int
    quantity: int


class SetStatus(Act, frozen=True):
    which: int
    status: str


class RefundOrder(Act, frozen=True):
    which: int
    whole: bool


class TrashOrder(Act, frozen=True):
    which: int


class RestoreOrder(Act, frozen=True):
    which: int


class Wait(Act, frozen=True):
    seconds: float


class StartAgent(Act, frozen=True):
    pass


class EndAgent(Act, frozen=True):
    """`stop` ends it in order, `kill` at once, `lose_journal` at once with its journal deleted. Its service
    starts one that was killed again."""

    how: str


class DieInSteps(Act, frozen=True):
    """From now on the agent dies before or after this part of its durable steps."""

    share: float
    seed: int


class LoseAnswers(Act, frozen=True):
    """From now on a part of the answers of one system is lost, after the work was done."""

    system: str
    share: float
    seed: int


class LockMamut(Act, frozen=True):
    """Somebody has the company for themselves."""

    minutes: int


class LockRecords(Act, frozen=True):
    """The next calls meet a record that somebody has open."""

    times: int


class SellInTill(Act, frozen=True):
    which: int
    quantity: int


class CountShelf(Act, frozen=True):
    which: int
    on_hand: int


class SetPrice(Act, frozen=True):
    which: int
    kronor: int


class NewArticle(Act, frozen=True):
    """Another article, with variants when `sizes` are more than none."""

    sizes: int


class RenameArticle(Act, frozen=True):
    which: int


class Deliver(Act, frozen=True):
    """The warehouse delivers an order's document, if it is there."""

    which: int


class ChangePackage(Act, frozen=True):
    limit: int


class Settle(Act, frozen=True):
    """Everything works again, the agent comes to rest, and the truth is compared."""


class Truth:
    """What the shop was told of one order."""

    def __init__(self, order_id: int) -> None:
        self.order_id = order_id
        self.status = ""
        self.trashed = False
        self.refunded = False
        self.totals: set[Decimal] = set()
        self.ever_wanted = False
        self.document: int | None = None

    @property
    def wanted(self) -> bool:
        return self.status in TRIGGER and not self.trashed and not self.refunded

    def learn(self, row: dict[str, Any]) -> None:
        self.status = row["status"]
        self.totals.add(Decimal(row["total"]))
        # What has been paid back in part may be taken off the document's rows.
        self.totals.add(Decimal(row["total"]) + sum((Decimal(each["total"]) for each in row["refunds"]), Decimal(0)))
        self.refunded = bool(row["refunds"])
        self.ever_wanted = self.ever_wanted or self.wanted


class History:
    """A world in which acts happen, with the truth beside it."""

    def __init__(self, world: Play, process: AgentProcess, flow: int = 1) -> None:
        self.world = world
        self.process = process
        self.flow = flow
        world.mamut.fill(1, products=3, contacts=1)
        world.settings = msgspec.structs.replace(world.settings, premium_limit=LIMITS[-1])
        unguarded = PriceSettings(guards=PriceGuards(zero=False, percent=Decimal(0), articles=0))
        governed = shop_settings(flow=2, statuses=StatusSettings(enabled=True), prices=unguarded)
        self.side: ShopSide = world.add_shop(governed if flow == 2 else shop_settings())
        self.deeds = Deeds()
        self.watches = watch(world, self.deeds)
        self.made = 0
        self.goods = [
            self.side.do("POST", "/products", {"name": name, "sku": sku, "regular_price": price})["id"]
            for name, sku, price in (("Garn", "B-00001", "99.37"), ("Tyg", "B-00002", "249.00"))
        ]
        for server in (self.side.server, world.mamut_server):
            server.latency_s = LATENCY_S
        self.limit = LIMITS[-1]
        self.most = 0
        self.orders: list[Truth] = []

    async def do(self, act: Act) -> None:
        match act:
            case PlaceOrder():
                self._place(act)
            case Wait(seconds):
                await trio.sleep(seconds)
            case StartAgent():
                self.process.start()
            case EndAgent(how):
                await self._end_agent(how)
            case DieInSteps(share, seed):
                self.process.step_lot, self.process.step_share = Random(seed), share
            case LoseAnswers(system, share, seed):
                server = self.world.mamut_server if system == "mamut" else self.side.server
                self.world.faults(server, FaultOptions(share=share, faults=LOST_ANSWERS, seed=seed))
            case LockMamut(minutes):
                lock = Maintenance(start=self.world.calendar.now(), minutes=minutes)
                self.world.change_mamut(msgspec.structs.replace(self.world.mamut.options, maintenance=(lock,)))
            case LockRecords(times):
                self.world.mamut.trouble.order("record_locked", times)
            case SellInTill() | CountShelf() | SetPrice() | NewArticle() | RenameArticle() | Deliver():
                self._at_mamut(act)
            case ChangePackage(limit):
                await self._change_package(limit)
            case Settle():
                await self.settle()
            case _:
                self._change(act)

    async def _end_agent(self, how: str) -> None:
        if how == "stop":
            await self.process.stop()
        else:
            self.process.kill(lose_journal=how == "lose_journal")

    # -- what people at Mamut do ---------------------------------------------------------------------------------------

    def _article(self, which: int) -> str:
        goods = [row.product_no for row in self.world.mamut.products() if row.web and not row.properties]
        return goods[which % len(goods)]

    def _at_mamut(self, act: Act) -> None:
        self.world.changing()
        staff = self.world.mamut.staff
        match act:
            case SellInTill(which, quantity):
                custid = self.world.mamut.contacts()[0].custid
                staff.sell_in_till(custid, {self._article(which): Decimal(quantity)}, warehouse=1)
            case CountShelf(which, on_hand):
                staff.count(self._article(which), Decimal(on_hand))
            case SetPrice(which, kronor):
                staff.set_price(self._article(which), Decimal(kronor))
            case RenameArticle(which):
                self.made += 1
                staff.change_product(self._article(which), ProductBody(product_no=f"N-{self.made:03d}"))
            case NewArticle(sizes):
                self._make_article(sizes)
            case Deliver(which):
                for document in self._documents():
                    if document.external_no == self._number(self.orders[which]):
                        with suppress(Refused):
                            staff.deliver(document.order_no)

    def _make_article(self, sizes: int) -> None:
        self.made += 1
        number = f"A-{self.made:03d}"
        act = partial(self.world.mamut.act, "product.create", "")
        if not sizes:
            act(ProductBody(product_no=number, description="Vara", price_out=Decimal(90)))
            return
        act(ProductBody(product_no=number, description="Vara", properties=["Storlek"], varies_by=["stock"]))
        for size in range(sizes):
            variant = VariantBody(main=number, property1=str(size))
            act(ProductBody(product_no=f"{number}-{size}", description="Vara", price_out=Decimal(90), variant=variant))

    # -- what people do ----------------------------------------------------------------------------------------------

    def _place(self, act: PlaceOrder) -> None:
        body = {
            "status": act.status,
            "payment_method": "bacs",
            "billing": {
                "first_name": "Kim",
                "last_name": f"Exempel{act.buyer}",
                "address_1": "Storgatan 1",
                "postcode": "903 26",
                "city": "Umeå",
                "country": "SE",
                "email": f"kund{act.buyer}@post.example",
            },
            "line_items": [{"product_id": self.goods[act.buyer % 2], "quantity": act.quantity}],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "PostNord", "total": "39.20"}],
        }
        row = self.side.do("POST", "/orders", body)
        truth = Truth(row["id"])
        truth.learn(row)
        self.orders.append(truth)

    def _change(self, act: Act) -> None:
        """What is done to one order that there is; the shop itself may refuse it, as it does in life."""
        truth = self.orders[act.which]  # type: ignore[attr-defined]
        path = f"/orders/{truth.order_id}"
        match act:
            case EditOrder(_, quantity) if not truth.trashed:
                self.side.do("PUT", path, {"line_items": [{"product_id": self.goods[0], "quantity": quantity}]})
            case SetStatus(_, status) if not truth.trashed:
                self.side.do("PUT", path, {"status": status})
            case RefundOrder(_, whole) if not truth.trashed:
                row = self.side.do("GET", path)
                amount = row["total"] if whole else "10.00"
                self.side.ask("POST", f"{path}/refunds", {"amount": amount, "api_refund": False})
            case TrashOrder() if not truth.trashed:
                self.side.do("DELETE", path)
                truth.trashed = True
            case RestoreOrder() if truth.trashed:
                self.side.shop.orders.restore(truth.order_id)
                truth.trashed = False
        if not truth.trashed:
            truth.learn(self.side.do("GET", path))

    async def _change_package(self, limit: int) -> None:
        self.most = max(self.most, len(self._documents()))
        await self.process.stop()
        self.world.settings = msgspec.structs.replace(self.world.settings, premium_limit=limit)
        self.limit = limit
        self.most = max(self.most, len(self._documents()))

    # -- what must then be so ----------------------------------------------------------------------------------------

    async def settle(self) -> None:
        self.process.step_lot = None
        await self.process.stop()
        self.world.mamut_server.faults = self.side.server.faults = None
        self.world.mamut.trouble.calm("record_locked")
        await trio.sleep(timedelta(hours=1).total_seconds())  # Whatever Mamut was locked for is over.
        for _ in range(2):
            with trio.fail_after(REST_S):
                await self.world.run_once()
            await trio.sleep(CENSUS_S)
        self.compare()
        if set(self._broken()) == {checks_goods.what_may_be_sold_is_shown.__name__}:
            # An order that came and went between two looks was told of by nobody: the daily comparison finds it.
            self.process.start()
            await trio.sleep(COMPARED_S)
            await self.process.stop()
        broken = self._broken()
        assert not broken, str(broken)
        self.most = max(self.most, len(self._documents()))

    def compare(self) -> None:
        documents = self._documents()
        assert len(documents) <= max(self.limit, self.most), "more documents than the package ever allowed"
        shown = self.side.orders()
        known = {truth.order_id for truth in self.orders}
        # One that was cancelled since has been counted all the same.
        room = self.limit - sum(1 for document in self.world.mamut.orders() if document.external_no)
        for truth in self.orders:
            number = self._number(truth)
            found = [document for document in documents if document.external_no == number]
            assert len(found) <= 1, f"{number} stands twice"
            if not truth.trashed and self.flow == 1:
                assert shown[truth.order_id]["status"] == truth.status, f"{number} has another status than was set"
            self._compare_one(truth, found, room, shown.get(truth.order_id))
        numbers = {int(document.external_no.partition(":")[2]) for document in documents}
        assert numbers <= known, "a document of no order"

    def _compare_one(self, truth: Truth, found: list[Document], room: int, shown: dict[str, Any] | None) -> None:
        name = f"order {truth.order_id} ({truth.status})"
        if not found:
            # What was bought and is not wanted any more is cancelled in Mamut, where that is still possible.
            given_up = truth.refunded or truth.trashed or truth.status not in TRIGGER
            assert truth.document is None or given_up, f"{name} stood in Mamut and does not any more"
            assert not truth.wanted or room <= 0, f"{name} is lost"
            return
        (document,) = found
        assert truth.ever_wanted, f"{name} was never to go over"
        assert document.total in truth.totals, f"{name} never cost {document.total}"
        assert truth.document in (None, document.order_no), f"{name} has become another document"
        truth.document = document.order_no
        if shown is not None:
            marks = [row["value"] for row in shown["meta_data"] if row["key"] == "_brygga_mamut_order_no"]
            assert marks == [str(document.order_no)], f"{name} carries {marks}"

    def _number(self, truth: Truth) -> str:
        return external_no(ShopKey(self.side.key), ShopOrderId(truth.order_id), str(truth.order_id))

    def _broken(self) -> dict[str, list[str]]:
        """Where what Mamut governs is not what it says, by the checks that every story is held to."""
        if self.flow == 1:
            return {}
        ended = end_of(self.world, self.deeds, self.watches, rested=True, second=())
        found = {check.__name__: check(ended) for check in (*checks_goods.CHECKS, *checks_statuses.CHECKS)}
        return {name: told for name, told in found.items() if told}

    def _documents(self) -> list[Document]:
        """Those of orders that stand; the till's own are none, nor backorders and credit notes."""
        return [
            document
            for document in self.world.mamut.orders()
            if document.external_no and str(document.status) not in ("cancelled", "lost_sale")
        ]


async def play_history(folder: Path, acts: list[Act], seed: int, flow: int = 1) -> None:
    """Plays the acts, lets everything come to rest, and raises AssertionError where the truth is another."""
    async with play(folder, seed=seed) as world, trio.open_nursery() as nursery:
        process = AgentProcess(world)
        history = History(world, process, flow)
        nursery.start_soon(process.run)
        for act in (*acts, Settle()):
            await history.do(act)
        written = len(world.trace.exchanges)
        await world.run_once()
        again = [each.path for each in world.trace.exchanges[written:] if each.writes]
        assert again == [], f"a second pass wrote {again}"
        nursery.cancel_scope.cancel()
