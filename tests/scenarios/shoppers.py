"""A day in a shop whose customers fill in every field there is, and what of it may never stand on a tape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import trio
from faker import Faker

from agent.app import Agent
from agent.remote.tape.recorder import Recorder
from scenarios.play import Play, ShopSide, play, shop_settings, suppress_killed
from simulators.faults import FaultOptions
from simulators.people import People, Person
from simulators.woocommerce.options import ShopOptions

ORDERS = 50
KEY = b"a key that makes a test repeatable"

GATE_PHONE = "0707654321"


class Day:
    """One shop, Mamut, and what the customers typed."""

    def __init__(self, world: Play) -> None:
        self.world = world
        self._chance = Random(world.seed)
        self._people = People(world.seed)
        self._foreign = [Faker(locale) for locale in ("en_GB", "pl_PL", "de_DE", "no_NO")]
        for at, fake in enumerate(self._foreign):
            fake.seed_instance(world.seed + at)
        settings = shop_settings(name="Lindgrens Garn & Tyg", rules=())
        orders = msgspec.structs.replace(settings.orders, payment_reference_meta=("_klarna_order_id",))
        self.side: ShopSide = world.add_shop(
            msgspec.structs.replace(settings, orders=orders),
            # Each row's VAT is rounded, so that many sums are an öre from what Mamut makes of them.
            ShopOptions(home="https://butik.example", prices_include_tax=False),
        )
        self.goods = [
            self.side.do(
                "POST",
                "/products",
                {"name": f"Garn {number}, Röd", "sku": f"B-{number:05d}", "regular_price": f"{99 + number}.37"},
            )["id"]
            for number in range(1, 11)
        ]
        self.side.do("POST", "/coupons", {"code": "vännersrabatt", "discount_type": "percent", "amount": "7"})
        for server in (self.side.server, world.mamut_server):
            server.pace = 1.0
            server.latency_s = 0.0137
        self._regulars = [self._people.shopper(0.4) for _ in range(8)]
        self._placed = 0

    def person(self) -> dict[str, str]:
        """Somebody: a regular, a new Swede, or somebody from abroad."""
        drawn = self._chance.random()
        if drawn < 0.3:
            return _typed(self._chance.choice(self._regulars))
        if drawn < 0.8:
            return _typed(self._people.shopper(0.3))
        at = self._chance.randrange(len(self._foreign))
        fake = self._foreign[at]
        return {
            "first_name": fake.first_name(),
            "last_name": f"{fake.last_name()}-{fake.last_name()}",
            "company": fake.company() if drawn > 0.9 else "",
            "address_1": fake.street_address().replace("\n", " "),
            "address_2": "",
            "city": fake.city(),
            "postcode": fake.postcode(),
            "country": ("GB", "PL", "DE", "NO")[at],
            "email": f"{fake.user_name()}{self._placed}@Brev.example",
            "phone": fake.phone_number(),
        }

    def place(self) -> int:
        self._placed += 1
        chance = self._chance
        billing = self.person()
        org_no = billing.pop("org_no", "")
        body: dict[str, Any] = {
            "set_paid": True,
            "payment_method": "bacs",
            "payment_method_title": "Bankgiro",
            "transaction_id": f"T{chance.getrandbits(60):015x}",
            "billing": billing,
            "line_items": [
                {"product_id": chance.choice(self.goods), "quantity": chance.randint(1, 4)}
                for _ in range(chance.randint(1, 3))
            ],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "PostNord", "total": "49.00"}],
            "meta_data": [{"key": "_klarna_order_id", "value": f"{chance.getrandbits(128):032x}"}],
        }
        if org_no:
            body["meta_data"].append({"key": "_billing_org_nr", "value": org_no})
        if chance.random() < 0.4:
            body["customer_note"] = f"Ring {billing['first_name']} på {GATE_PHONE}, portkod 4711!"
        if chance.random() < 0.2:
            body["coupon_lines"] = [{"code": "vännersrabatt"}]
        if chance.random() < 0.3:
            other = _typed(self._people.person())
            other.pop("email")
            body["shipping"] = other
        return int(self.side.do("POST", "/orders", body)["id"])

    async def live(self, recorder: Recorder, *, seconds: float, orders: int) -> None:
        """One recorded life of the agent, killed at its end; orders come all the while."""
        journal = self.world.open_journal()
        world = self.world.world()
        world.recorder = recorder
        try:
            agent = Agent(self.world.settings, self.world.secrets(), journal, world)
            with suppress_killed():
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(agent.run)
                    for _ in range(orders):
                        self.place()
                        await trio.sleep(seconds / orders)
                    recorder.close()
                    journal.dead = True
                    nursery.cancel_scope.cancel()
        finally:
            recorder.close()
            journal.close()

    async def finish(self, recorder: Recorder) -> None:
        """A last recorded life, until there is nothing left to do."""
        journal = self.world.open_journal()
        world = self.world.world()
        world.recorder = recorder
        try:
            await Agent(self.world.settings, self.world.secrets(), journal, world).run(once=True)
        finally:
            recorder.close()
            journal.close()

    def secret_and_personal(self) -> Iterator[str]:
        """What the two systems hold that may stand nowhere on a tape, asked of the systems themselves."""
        for order in self.side.orders().values():
            for address in (order["billing"], order["shipping"]):
                kept = ("country", "state", "postcode")
                yield from (str(text) for name, text in address.items() if name not in kept)
            yield order["order_key"].removeprefix("wc_order_")
            yield order["transaction_id"]
            yield order["customer_note"]
            yield from (line["code"] for line in order["coupon_lines"])
            metas = ("_klarna_order_id", "_billing_org_nr")
            yield from (row["value"] for row in order["meta_data"] if row["key"] in metas)
        for contact in self.world.mamut.contacts():
            yield from (contact.name, contact.email, contact.phone, contact.org_no)
            yield from (text for row in contact.addresses for text in (row.street, row.city))
            yield from (text for row in contact.persons for text in (row.first_name, row.last_name, row.email))
        for exchange in self.world.trace.exchanges:
            if exchange.method == "POST" and exchange.path.endswith("/session") and exchange.status < 300:
                yield msgspec.json.decode(exchange.answer)["token"]
        key = self.side.options.keys[0]
        yield from (key.consumer_key, key.consumer_secret, "simulerad", "Lindgrens", GATE_PHONE)


def _typed(person: Person) -> dict[str, str]:
    typed = person.address()
    if person.company is not None:
        typed["org_no"] = person.company.org_number
    return typed


async def record_day(folder: Path, tape: Path, seed: int) -> tuple[frozenset[str], int]:
    """A day of two lives with faults everywhere; what must not be on its tape, and how many orders reached Mamut."""
    async with play(folder, seed=seed) as world:
        world.mamut.fill(seed, products=10, contacts=20)
        day = Day(world)
        world.faults(world.mamut_server, FaultOptions(share=0.1, seed=seed))
        world.faults(day.side.server, FaultOptions(share=0.1, seed=seed + 100))
        await day.live(Recorder(tape, world.calendar.now, key=KEY), seconds=1500, orders=ORDERS - 10)
        for _ in range(10):
            day.place()
        await day.finish(Recorder(tape, world.calendar.now, key=KEY))
        found = frozenset(text for text in day.secret_and_personal() if text)
        return found, len(world.documents())
