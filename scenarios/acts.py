"""What happens in a story, done to the simulated systems: one function for each kind of act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, cast, get_args

import msgspec
import trio

from agent.actors.reloader import EVERYWHERE
from agent.actors.times import to_ms
from agent.decide.external import external_no
from agent.journal import records
from agent.model.ids import ShopKey, ShopOrderId
from scenarios import story as tell
from scenarios.act import Which
from scenarios.acts_beside import BESIDE_ACTS
from scenarios.acts_goods import GOODS_ACTS, basket
from scenarios.ended import Deeds
from scenarios.play import Play, ShopSide
from scenarios.process import AgentProcess
from scenarios.sync_asker import SyncAsker
from scenarios.sync_clerk import SyncClerk
from scenarios.weather import Weather
from simulators.mamut.records import Document
from simulators.mamut.trouble import Kind
from simulators.people import People, Person

KEY = "butik"
PEOPLE = 400
SHOPPERS_LOOK_S = 20.0
"""So often somebody looks whether the shop has what they want by now."""

MIN_OFFERED = 2

SEEN_TO_S = 120.0
"""So long after a wrong file was refused somebody puts the right one back."""

KNOWN_OF_AN_ORDER = "id,status"
"""What a director wants to hear of an order that was placed; the rest would be rendered for nobody."""


@cache
def _people(share: float) -> tuple[Person, ...]:
    """The buyers of all stories; who buys is the seed's choice."""
    people = People(11)
    return tuple(people.shopper(share) for _ in range(PEOPLE))


class Director:
    """Does a story's acts, and remembers which orders it has placed."""

    def __init__(self, play: Play, process: AgentProcess, weather: Weather, seed: int) -> None:
        self.play = play
        self.process = process
        self.weather = weather
        self.placed: list[int] = []
        self.deeds = Deeds()
        self.goods: dict[str, int] = {}
        self._common: list[str] = []
        self.chance = Random(f"{seed}/director")
        self.clerk = SyncClerk(play, process, KEY)
        self.asker = SyncAsker(play, lambda kind, args: self.wish(kind, args=args))
        self._turns: dict[int, trio.Lock] = {}
        self._nursery: trio.Nursery | None = None
        self._backup: bytes | None = None
        self._customers: dict[int, int] = {}

    @property
    def side(self) -> ShopSide:
        return self.play.shops[KEY]

    def stock_up(self, count: int) -> None:
        """Goods that both systems know, B-00001 and on."""
        for number in range(1, count + 1):
            sku = f"B-{number:05d}"
            body = {"name": f"Vara {number}", "sku": sku, "regular_price": f"{99 + 7 * number}.50"}
            self.goods[sku] = self.side.do("POST", "/products", body)["id"]
        self._common = sorted(self.goods)

    def stock_up_other(self, key: str, count: int) -> None:
        """The same goods in another shop that governs its own."""
        for number in range(1, count + 1):
            body = {"name": f"Vara {number}", "sku": f"B-{number:05d}", "regular_price": f"{99 + 7 * number}.50"}
            self.play.shops[key].do("POST", "/products", body)

    def background(self, work: Callable[..., Awaitable[None]], *args: object) -> None:
        """Goes on beside what happens next, at most to the story's end."""
        if self._nursery is None:
            raise RuntimeError("nothing happens before the story")
        self._nursery.start_soon(work, *args)

    def turn_at(self, order_id: int) -> trio.Lock:
        """Those who work on one order's documents do it one after the other."""
        return self._turns.setdefault(order_id, trio.Lock())

    def mamut_act(self, name: str, key: str, body: dict[str, Any]) -> None:
        """What somebody does at Mamut's desk."""
        self.play.changing()
        self.play.mamut.act_raw(name, key, msgspec.json.encode(body))

    async def do(self, act: tell.Happening, nursery: trio.Nursery) -> None:
        self.play.trace.add("act", do=type(act).__name__)
        self._nursery = nursery
        if isinstance(act, tell.Fault):
            self._fault(act, nursery)
            return
        await _DO[type(act)](self, act)

    def ids(self, which: Which) -> list[int]:
        return list(self.placed) if isinstance(which, str) else [self.placed[number - 1] for number in which]

    def external_no(self, order_id: int) -> str:
        """What the order's document is called, also when the shop has deleted the order since."""
        order = self.side.shop.orders.all.get(order_id)
        number = order.number if order is not None and order.number else str(order_id)
        return external_no(ShopKey(KEY), ShopOrderId(order_id), number)

    def documents_of(self, order_id: int) -> list[Document]:
        found = self.play.mamut.orders_by_external_no(self.external_no(order_id))
        return [document for document in found if str(document.status) not in ("cancelled", "lost_sale")]

    # -- the shop ------------------------------------------------------------------------------------------------------

    async def _place(self, act: tell.Place) -> None:
        for number in range(act.count):
            if number and act.apart_s:
                await trio.sleep(act.apart_s)
            if act.shop or not self._common or any(not self.side.shop.products.by_sku(sku) for sku, _ in act.lines):
                await self.offered(self.play.shops[act.shop or KEY], [sku for sku, _ in act.lines])
            if act.checkout:
                self.buy(self._lines(act.lines), act.checkout, act.buyer, company=act.company)
                continue
            body = {**self._order_body(act.lines, act.buyer, company=act.company), **act.body}
            if act.registered:
                body["customer_id"] = self._customer(act.buyer or 0)
            if act.shop:
                self._place_elsewhere(act.shop, act.lines, body)
            else:
                self._know(self.side.do("POST", f"/orders?_fields={KNOWN_OF_AN_ORDER}", body))

    def _place_elsewhere(self, shop: str, lines: list[tuple[str, int]], body: dict[str, Any]) -> None:
        side = self.play.shops[shop]
        rows = [{"product_id": side.shop.products.by_sku(sku), "quantity": quantity} for sku, quantity in lines]
        side.do("POST", f"/orders?_fields={KNOWN_OF_AN_ORDER}", {**body, "line_items": rows})

    async def offered(self, side: ShopSide, skus: Iterable[str] = ()) -> None:
        """Shoppers and staff of the shop come when what they want is there: these goods, else any two."""
        wanted = set(skus)
        there = self._offered_in(side)
        while not wanted <= there or len(there) < MIN_OFFERED:
            await trio.sleep(SHOPPERS_LOOK_S)
            there = self._offered_in(side)

    def _offered_in(self, side: ShopSide) -> set[str]:
        """What customers can put into their baskets."""
        things = side.shop.products.shelf.things.values()
        return {
            one.sku for one in things if one.sku and one.status == "publish" and one.price and one.type != "variable"
        }

    def buy(self, lines: list[tuple[str, int]], method: str, buyer: int | None, *, company: bool) -> None:
        """In the shop window, where the shop may refuse."""
        address = self._person(buyer, company=company).address()
        order_id = self.side.buy(basket(self, lines, method, address))
        if order_id is not None:
            self._know({"id": order_id, "status": self.side.shop.orders.all[order_id].status})

    def _lines(self, lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
        there = self._offered_in(self.side)
        common = self._common if there.issuperset(self._common) and self._common else sorted(there)
        return lines or [
            (sku, self.chance.randint(1, 3)) for sku in self.chance.sample(common, self.chance.randint(1, 2))
        ]

    def product_ids(self, sku: str) -> tuple[int, int]:
        """The product of a number, and the variation where it is one (else 0). Raises KeyError for none."""
        products = self.side.shop.products
        found = products.shelf.get(products.by_sku(sku))
        if found is None:
            raise KeyError(sku)
        return (found.parent, found.id) if found.type == "variation" else (found.id, 0)

    def product_path(self, sku: str) -> str:
        product_id, variation_id = self.product_ids(sku)
        return f"/products/{product_id}" + (f"/variations/{variation_id}" if variation_id else "")

    def _know(self, order: dict[str, Any]) -> None:
        self.placed.append(int(order["id"]))
        self.deeds.statuses[int(order["id"])] = order["status"]

    def _order_body(self, lines: list[tuple[str, int]], buyer: int | None, *, company: bool) -> dict[str, Any]:
        person = self._person(buyer, company=company)
        rows = [(*self.product_ids(sku), quantity) for sku, quantity in self._lines(lines)]
        billing = person.address()
        body: dict[str, Any] = {
            "set_paid": True,
            "payment_method": "bacs",
            "billing": billing,
            "shipping": {key: value for key, value in billing.items() if key != "email"},
            "line_items": [
                {"product_id": product, "variation_id": variation, "quantity": quantity}
                for product, variation, quantity in rows
            ],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "PostNord", "total": "39.20"}],
        }
        if person.company is not None:
            body["meta_data"] = [{"key": "_billing_org_nr", "value": person.company.org_number}]
        return body

    def _person(self, buyer: int | None, *, company: bool) -> Person:
        people = _people(1.0 if company else 0.15)
        return people[buyer % PEOPLE] if buyer is not None else self.chance.choice(people)

    def _customer(self, buyer: int) -> int:
        if buyer not in self._customers:
            person = self._person(buyer, company=False)
            body = {"email": person.email, "first_name": person.first_name, "billing": person.address()}
            self._customers[buyer] = int(self.side.do("POST", "/customers", body)["id"])
        return self._customers[buyer]

    async def _load(self, act: tell.Load) -> None:
        made = self.side.do("POST", "/orders", self._order_body(act.lines, None, company=False))
        self.side.do("DELETE", f"/orders/{made['id']}?force=true")
        raw = {key: value for key, value in made.items() if key != "_links"}
        self.placed.append(self.side.shop.load_order({**raw, **act.fields}))

    async def _edit(self, act: tell.Edit) -> None:
        orders = self.side.shop.orders
        for order_id in self.ids(act.orders):
            before = orders.all[order_id].modified
            body = act.body
            if act.fees_off:
                fees = self.side.do("GET", f"/orders/{order_id}")["fee_lines"]
                body = {**body, "fee_lines": [{"id": fee["id"], "name": None} for fee in fees]}
            self.deeds.statuses[order_id] = self.side.do("PUT", f"/orders/{order_id}", body)["status"]
            if act.quietly:
                order = orders.all[order_id]
                order.modified = before
                orders.keep(order)

    async def _spoil(self, act: tell.Spoil) -> None:
        for order_id in self.ids(act.orders):
            order = self.side.shop.orders.all[order_id]
            order.loaded = {**(order.loaded or {}), **act.fields}

    async def _rest(self, act: tell.Rest) -> None:
        self.side.do(act.method, act.path, act.body)

    async def _refund(self, act: tell.Refund) -> None:
        (order_id,) = self.ids([act.order])
        raw = self.side.do("GET", f"/orders/{order_id}")
        amount = act.amount
        if act.all:
            amount = str(Decimal(raw["total"]) + sum(Decimal(each["total"]) for each in raw["refunds"]))
        body = {"api_refund": False, "api_restock": act.restock, "line_items": _refunded(raw, act)}
        self.side.do("POST", f"/orders/{order_id}/refunds", {**body, "amount": amount} if amount else body)
        self.deeds.statuses[order_id] = self.side.do("GET", f"/orders/{order_id}?_fields=status")["status"]

    async def _remove(self, act: tell.Remove) -> None:
        for order_id in self.ids(act.orders):
            self.side.do("DELETE", f"/orders/{order_id}{'?force=true' if act.for_good else ''}")

    async def _shop_product(self, act: tell.ShopProduct) -> None:
        if self.side.shop.products.by_sku(act.sku):
            self.side.do("PUT", self.product_path(act.sku), act.body)
            self.deeds.by_merchant.add(act.sku)
            return
        body = {"name": f"Vara {act.sku}", "sku": act.sku, "regular_price": "125.00", **act.body}
        self.goods[act.sku] = self.side.do("POST", "/products", body)["id"]

    async def _shop(self, act: tell.Shop) -> None:
        if act.act == "backup":
            self._backup = self.side.backup()
        elif act.act == "clock":
            self.side.clock_off_s = act.seconds
        elif act.act == "move":
            self.side.become(home=act.home)
        elif self._backup is None:
            raise tell.StoryError("restore without a backup")
        else:
            self.side.become(self._backup)
            self.deeds.statuses.clear()

    # -- Mamut ---------------------------------------------------------------------------------------------------------

    async def _mamut_article(self, act: tell.MamutArticle) -> None:
        if self.play.mamut.books.products_by_no(act.number):
            self.mamut_act("product.change", act.number, act.body)
        else:
            self.mamut_act("product.create", "", {"product_no": act.number, "description": act.number, **act.body})

    async def _mamut_contact(self, act: tell.MamutContact) -> None:
        if act.of_order is None:
            self.play.mamut.act_raw("contact.create", "", msgspec.json.encode(act.body))
            return
        (order_id,) = self.ids([act.of_order])
        for document in self.documents_of(order_id):
            self.play.mamut.act_raw("contact.change", str(document.contid), msgspec.json.encode(act.body))

    async def _mamut_document(self, act: tell.MamutDocument) -> None:
        (order_id,) = self.ids([act.order])
        staff = self.play.mamut.staff
        if act.act == "make":
            self._make_by_hand(order_id)
            return
        if act.act == "type":
            for document in self.documents_of(order_id):
                self.mamut_act("order.change", str(document.order_no), dict(act.fields))
            return
        work = {"cancel": staff.cancel, "deliver": staff.deliver, "invoice": staff.invoice}[act.act]
        for document in self.documents_of(order_id):
            work(document.order_no)
        if act.act == "cancel":
            self.deeds.by_hand.add(order_id)

    def _make_by_hand(self, order_id: int) -> None:
        """A document without our number, as somebody types it in."""
        raw = self.side.do("GET", f"/orders/{order_id}")
        self.play.mamut.act_raw(
            "contact.create", "", msgspec.json.encode({"name": "Kontant Kund", "kinds": ["customer"]})
        )
        custid = self.play.mamut.contacts()[-1].custid
        price = Decimal(raw["total"]) / Decimal("1.25")
        line = {"product_no": "B-00001", "qty": "1", "line_sum": f"{price:.2f}", "vat_code": 3}
        self.play.mamut.act_raw(
            "order.create", "", msgspec.json.encode({"kind": "order", "custid": custid, "lines": [line]})
        )
        self.deeds.by_hand.add(order_id)

    async def _trouble(self, act: tell.Trouble) -> None:
        if act.kind not in get_args(Kind):
            raise tell.StoryError(f"there is no trouble {act.kind}")
        self.play.mamut.trouble.order(cast(Kind, act.kind), act.times)

    # -- faults, the agent, people -------------------------------------------------------------------------------------

    def _fault(self, act: tell.Fault, nursery: trio.Nursery) -> None:
        nursery.start_soon(self.weather.strike, act.name, act.lasts_s or float("inf"))

    async def _outage(self, act: tell.Outage) -> None:
        self.background(self.weather.outage, act.shop, act.faults, act.lasts_s)

    async def _visits(self, act: tell.Visits) -> None:
        self.background(self._visit, self.play.shops[act.shop or KEY], act.every_s)

    async def _visit(self, side: ShopSide, every_s: float) -> None:
        while True:
            await side.visit()
            await trio.sleep(every_s)

    async def _calm(self, _act: tell.Calm) -> None:
        self.weather.calm()

    async def _agent(self, act: tell.Agent) -> None:
        if act.act == "kill":
            self.process.kill()
        elif act.act == "lose_journal":
            self.process.kill(lose_journal=True)
        elif act.act == "stop":
            await self.process.stop()
        else:
            self.process.start()

    async def _kill_in_step(self, act: tell.KillInStep) -> None:
        self.process.kill_in(act.kill)

    async def _settings(self, act: tell.Settings) -> None:
        await self.process.stop()
        self._change(act)
        self.process.start()

    async def _reload(self, act: tell.Reload) -> None:
        was = self.play.settings
        self._change(act)
        self.process.file.wrong = act.wrong
        now_ms = to_ms(self.play.calendar.now())
        with self.play.look() as connection:
            records.wish(connection, at_ms=now_ms, who="ekonomi", kind="reload", shop=EVERYWHERE)
        if act.wrong:
            await trio.sleep(SEEN_TO_S)
            self.process.file.wrong, self.play.settings = False, was

    def _change(self, act: tell.Settings) -> None:
        settings = self.play.settings
        if act.package:
            settings = msgspec.structs.replace(settings, package=act.package, premium_limit=act.premium_limit)
        if act.mail is not None:
            settings = msgspec.structs.replace(settings, mail=act.mail)
        shops = tuple(tell.with_changes(shop, act.shop) if shop.key == KEY else shop for shop in settings.shop)
        self.play.settings = msgspec.structs.replace(settings, shop=shops)

    async def _wish(self, act: tell.Wish) -> None:
        order_id = self.ids([act.order])[0] if act.order else 0
        args = dict(act.args)
        if act.article:
            args["product_id"] = str(self.goods[act.article])
        if act.document_of:
            self.ids([act.document_of])
            args["mamut_order_no"] = str(self.play.mamut.orders()[-1].order_no)
        if act.kind == "exclude":
            self.deeds.left_out.add((KEY, order_id))
        self.wish(act.kind, order_id=order_id, args=args, shop=act.shop or KEY)

    def wish(self, kind: str, *, order_id: int = 0, args: dict[str, str], shop: str = KEY) -> None:
        """What a person asks of the agent, by a command of another process."""
        now_ms = to_ms(self.play.calendar.now())
        with self.play.look() as connection:
            records.wish(
                connection, at_ms=now_ms, who="ekonomi", kind=kind, shop=ShopKey(shop), order_id=order_id, args=args
            )


def _refunded(raw: dict[str, Any], act: tell.Refund) -> list[dict[str, Any]]:
    """The rows of a refund, at what the order's rows cost by the piece."""
    goods = [row for row in raw["line_items"] if row["sku"] in act.pieces]
    rows = [(row, act.pieces[row["sku"]], int(row["quantity"])) for row in goods]
    rows += [(row, 1, 1) for row in raw["shipping_lines"] if act.shipping]

    def part(text: str, count: int, of: int) -> float:
        return float(round(Decimal(text) * count / of, 2))

    return [
        {
            "id": row["id"],
            "quantity": count if "sku" in row else 0,
            "refund_total": part(row["total"], count, of),
            "refund_tax": [{"id": tax["id"], "refund_total": part(tax["total"], count, of)} for tax in row["taxes"]],
        }
        for row, count, of in rows
    ]


_DO: dict[type, Callable[[Director, Any], Awaitable[None]]] = {
    tell.Place: Director._place,
    tell.Load: Director._load,
    tell.Edit: Director._edit,
    tell.Spoil: Director._spoil,
    tell.Rest: Director._rest,
    tell.Refund: Director._refund,
    tell.Remove: Director._remove,
    tell.ShopProduct: Director._shop_product,
    tell.Shop: Director._shop,
    tell.MamutArticle: Director._mamut_article,
    tell.MamutContact: Director._mamut_contact,
    tell.MamutDocument: Director._mamut_document,
    tell.Trouble: Director._trouble,
    tell.Calm: Director._calm,
    tell.Outage: Director._outage,
    tell.Visits: Director._visits,
    tell.Agent: Director._agent,
    tell.KillInStep: Director._kill_in_step,
    tell.Settings: Director._settings,
    tell.Reload: Director._reload,
    tell.Wish: Director._wish,
    **GOODS_ACTS,
    **BESIDE_ACTS,
}
