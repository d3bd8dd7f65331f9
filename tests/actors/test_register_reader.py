"""The register as it is read: every change becomes a task once, nothing else does, and a restart goes on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.actors.register_reader import RegisterReader
from agent.actors.register_steps import PARTS
from agent.flows import DirectionName
from agent.journal import register
from agent.journal.passes import Part
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.settings.tree_goods import RegisterSettings
from simulators.http import Request, Response
from simulators.mamut.options import MamutOptions
from simulators.mamut.products import ProductBody, VariantBody
from simulators.mamut.records import CategoryPrice, GroupDiscount, PriceRules
from simulators.mamut.system import Mamut
from tests.actors.register_side import ALL, PRICES, PRODUCTS, SHOP, STOCK, RegisterSide, register_side, rested
from tests.remote.mamut_side import HOST

D = Decimal
SMALL = RegisterSettings(page_size=10)


async def drain(world: RegisterSide) -> dict[DirectionName, list[str]]:
    return {name: found for _, name in ALL if (found := await world.asked(name))}


async def test_the_first_reading_asks_for_every_article_once(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=47)
        await world.read(settings=SMALL)
        numbers = [f"B-{number:05d}" for number in range(1, 48)]
        everything = ["B-00001", *numbers[1:], "DESCRIPTION"]
        assert await drain(world) == {PRODUCTS: everything, PRICES: everything, STOCK: everything}
        stock = world.journal.view(lambda tx: register.stock_of(tx, numbers))
        held = {row.product_no: world.mamut.books.held.stock[row.pk] for row in world.mamut.products()[1:]}
        assert {number: [level.on_hand for level in card.levels] for number, card in stock.items()} == {
            number: [row.on_hand for row in rows] for number, rows in held.items()
        }


async def test_a_reading_without_a_change_asks_for_nothing(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=47)
        await world.read(settings=SMALL)
        await drain(world)
        await world.read(settings=SMALL)
        assert await drain(world) == {}
        assert [world.pass_of(part).changed for part in Part] == [0, 0, 0]


async def test_what_changes_is_asked_for_by_those_who_live_on_it(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=47)
        await world.read(settings=SMALL)
        await drain(world)
        staff = world.mamut.staff
        staff.count("B-00007", D(3))
        staff.set_price("B-00012", D("12.50"))
        staff.set_price("B-00013", rules=PriceRules(categories=[CategoryPrice(4, percent=D(10))]))
        staff.change_product("B-00020", ProductBody(text="Ny text"))
        staff.change_product("B-00030", ProductBody(vat_out=5 if world.mamut.products()[30].vat_out != 5 else 4))
        staff.change_product("B-00031", ProductBody(use_store=False))
        await world.read(settings=SMALL)
        found = await drain(world)
        # The base price stands on the card too; its text is nobody's but the product's.
        assert found[PRODUCTS] == ["B-00012", "B-00020", "B-00030", "B-00031"]
        assert found[PRICES] == ["B-00012", "B-00013", "B-00030"]
        assert found[STOCK] == ["B-00007", "B-00031"]


async def test_parts_that_nobody_wants_are_not_read(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=20)
        await world.read(((SHOP, STOCK),))
        assert world.pass_of(Part.PRICES).number == 0
        assert world.pass_of(Part.STOCK).whole_ms > 0
        assert len(await world.asked(STOCK)) == 21
        before = world.side.net.sent
        await world.read(((SHOP, DirectionName.STATUSES_TO_SHOP),))
        assert world.side.net.sent == before + 1  # The session, and not a page.


async def test_each_shop_is_asked_for_itself(tmp_path: Path, autojump_clock: MockClock) -> None:
    other = ShopKey("annan")
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=5)
        await world.read(((SHOP, STOCK), (other, STOCK), (other, PRODUCTS)))
        assert (
            len(await world.asked(STOCK))
            == len(await world.asked(STOCK, other))
            == len(await world.asked(PRODUCTS, other))
            == 6
        )
        assert await world.asked(PRODUCTS) == []
        assert set(world.rung) == {SHOP, other}


@pytest.mark.parametrize("after_s", [0.0, 2.2, 4.7, 9.1])
async def test_a_killed_reading_goes_on_where_it_was(tmp_path: Path, autojump_clock: MockClock, after_s: float) -> None:
    pages = Pages()
    async with register_side(tmp_path, simulator=pages.of) as world:
        world.mamut.fill(3, products=99)
        world.side.server.latency_s = 0.3
        async with world.reading(settings=SMALL):
            await trio.sleep(after_s)
        await world.read(settings=SMALL)
        for path in ("products", "prices", "stock"):
            read = pages.read[path]
            assert sorted(set(read)) == list(range(0, 100, 10))
            assert len(read) <= 11  # The page that was under way is read once more.
        assert {name: len(found) for name, found in (await drain(world)).items()} == dict.fromkeys(drain_names(), 100)


async def test_killed_at_any_step_nothing_of_the_register_is_missed(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=30, mains=3)
        everything = sorted(row.product_no for row in world.mamut.products())
        told: dict[DirectionName, set[str]] = {name: set() for _, name in ALL}
        moment = 0
        while await world.read_killed(moment % 23, SMALL) or moment < 23:
            moment += 1
            staff = world.mamut.staff
            staff.count(f"B-{1 + moment % 30:05d}", D(moment))
            staff.change_product(f"B-{1 + (moment * 7) % 30:05d}", ProductBody(description=f"Namn {moment}"))
            for name, found in (await drain(world)).items():
                told[name] |= set(found)
            assert moment < 400
        await world.read(settings=SMALL)
        for name, found in (await drain(world)).items():
            told[name] |= set(found)
        assert {name: sorted(found) for name, found in told.items()} == {name: everything for _, name in ALL}
        cards = world.journal.view(lambda tx: register.articles(tx, range(1, len(everything) + 1)))
        assert [card.description for _, card in sorted(cards.items())] == [
            row.description for row in world.mamut.products()
        ]
        stock = world.journal.view(lambda tx: register.stock_of(tx, everything))
        assert {number: card.levels[0].on_hand for number, card in stock.items()} == {
            row.product_no: world.mamut.books.held.stock[row.pk][0].on_hand
            for row in world.mamut.products()
            if row.use_store
        }


async def test_a_renamed_article_is_the_same_article(tmp_path: Path, autojump_clock: MockClock) -> None:
    """What stood under the numbers was another's; the article's own is asked for at once."""
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=30)
        world.mamut.staff.count("B-00002", D(222))
        world.mamut.staff.count("B-00003", D(333))
        await world.read(settings=SMALL)
        await drain(world)
        staff = world.mamut.staff
        staff.change_product("B-00002", ProductBody(product_no="GAMMAL"))
        staff.change_product("B-00003", ProductBody(product_no="B-00002"))
        await world.read(settings=SMALL)
        stock = world.journal.view(lambda tx: register.stock_of(tx, ("B-00002", "B-00003", "GAMMAL")))
        assert {number: card.levels[0].on_hand for number, card in stock.items()} == {
            "B-00002": D("333.00"),
            "GAMMAL": D("222.00"),
        }
        assert await drain(world) == {name: ["B-00002", "GAMMAL"] for _, name in ALL}
        assert world.journal.view(lambda tx: register.pks_of(tx, ("GAMMAL", "B-00003"))) == {"GAMMAL": (3,)}


async def test_a_number_that_stands_twice_has_no_stock_and_no_price(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=30)
        await world.read(settings=SMALL)
        await drain(world)
        world.mamut.staff.duplicate_product("B-00004")
        await world.read(settings=SMALL)
        twice = ["B-00004", "B-00004"]
        assert await drain(world) == {name: twice for _, name in ALL}
        assert world.journal.view(lambda tx: register.twice(tx, "B-00004")) == (5, 32)
        assert world.journal.view(lambda tx: register.stock_of(tx, ("B-00004",))) == {}
        await world.read(settings=SMALL)
        assert await drain(world) == {}  # It is said once, not with every reading.

        world.mamut.staff.change_product("B-00004", ProductBody(product_no="B-00004-A"))
        await world.read(settings=SMALL)
        assert world.journal.view(lambda tx: register.twice(tx, "B-00004")) == ()
        assert await drain(world) == {name: ["B-00004", "B-00004-A"] for _, name in ALL}


async def test_what_a_main_article_has_shows_in_its_variants(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.side.product("T", properties=["Storlek"], price_out=D(100))
        for size in ("S", "M"):
            world.side.product(f"T-{size}", variant=VariantBody(main="T", property1=size))
        world.side.product("ENSAM")
        await world.read()
        await drain(world)
        world.mamut.staff.set_price("T", D(90))
        await world.read()
        assert await drain(world) == {PRODUCTS: ["T", "T-M", "T-S"], PRICES: ["T", "T-M", "T-S"]}
        world.side.product("T-L", variant=VariantBody(main="T", property1="L"))
        await world.read()
        assert await world.asked(PRODUCTS) == ["T", "T-L"]


async def test_a_discount_is_looked_at_for_the_articles_of_its_group(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=60)
        await world.read(settings=SMALL)
        await drain(world)
        world.mamut.staff.set_discounts([GroupDiscount(2, 4, D(10)), GroupDiscount(2, 5, D(20))])
        await world.read(settings=SMALL)
        of_groups = sorted(row.product_no for row in world.mamut.products() if row.group in (4, 5))
        assert await drain(world) == {PRICES: of_groups}
        world.mamut.staff.set_discounts([GroupDiscount(2, 4, D(10)), GroupDiscount(2, 5, D(25))])
        await world.read(settings=SMALL)
        assert await drain(world) == {
            PRICES: sorted(row.product_no for row in world.mamut.products() if row.group == 5)
        }
        assert [row.percent for row in world.journal.view(register.discounts)] == [D("10.00"), D("25.00")]


async def test_a_new_percentage_is_looked_at_for_the_articles_of_its_code(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=60)
        await world.read(settings=SMALL)
        await drain(world)
        books = world.mamut.books
        codes = [
            msgspec.structs.replace(row, percent=D(6)) if row.id == 4 else row for row in books.registers.vat_codes
        ]
        books.registers = msgspec.structs.replace(books.registers, vat_codes=codes)
        await world.read(settings=SMALL)
        concerned = sorted(row.product_no for row in world.mamut.products() if row.vat_out == 4)
        assert len(concerned) > 3
        assert await drain(world) == {PRODUCTS: concerned, PRICES: concerned}
        assert {row.id: row.percent for row in world.journal.view(register.vat_codes)}[4] == 6


async def test_parts_are_read_at_their_own_times(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=5)
        async with world.reading() as reader:
            await rested(reader)
            first = {part: world.pass_of(part).began_ms for part in Part}
            await trio.sleep(3590)
        assert {part: (world.pass_of(part).began_ms - first[part]) // 60_000 for part in Part} == {
            Part.STOCK: 55,
            Part.PRICES: 45,
            Part.ARTICLES: 45,
        }


async def test_a_person_need_not_wait(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=5)
        async with world.reading() as reader:
            await rested(reader)
            await drain(world)
            await trio.sleep(30)
            world.mamut.staff.count("B-00001", D(1))
            reader.read_now([Part.STOCK])
            await rested(reader)
            assert await drain(world) == {STOCK: ["B-00001"]}


async def test_stock_is_known_since_the_question_left_not_since_it_was_answered(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=5)
        await world.read()
        world.side.server.latency_s = 20.0
        await trio.sleep(100)
        world.mamut.staff.count("B-00001", D(1))
        began = world.calendar.now()
        await world.read(((SHOP, STOCK),))
        ms = int(began.timestamp() * 1000)
        changed = world.journal.view(lambda tx: register.stock_known_since(tx, "B-00001"))
        whole = world.journal.view(lambda tx: register.stock_known_since(tx, "B-00002"))
        assert whole is not None
        assert changed is not None
        assert whole == world.pass_of(Part.STOCK).whole_began_ms
        assert ms <= whole <= changed < world.pass_of(Part.STOCK).whole_ms
        assert world.journal.view(lambda tx: register.stock_known_since(tx, "okänd")) is None


async def test_a_mamut_that_loses_rows_is_said_and_read_again(
    tmp_path: Path, autojump_clock: MockClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """A backup restored in the midst of a pass: the last pages are of another register than the first."""
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=39)
        world.side.server.latency_s = 1.0
        async with world.reading(((SHOP, PRODUCTS),), SMALL) as reader:
            await trio.sleep(4.2)
            lost = world.mamut.books.held.products[-25:]
            del world.mamut.books.held.products[-25:]
            await rested(reader)
            reading = world.pass_of(Part.ARTICLES)
            assert (reading.number, reading.seen, reading.total) == (2, 15, 15)
            told = capsys.readouterr().out
            assert "register_incomplete" in told
            assert "register_smaller" in told
            world.mamut.books.held.products.extend(lost)
            reader.read_now()
            await rested(reader)
        reading = world.pass_of(Part.ARTICLES)
        assert (reading.seen, reading.total, reading.is_under_way) == (40, 40, False)
        assert len(await world.asked(PRODUCTS)) == 40


async def test_a_long_pass_says_how_far_it_has_come(
    tmp_path: Path, autojump_clock: MockClock, capsys: pytest.CaptureFixture[str]
) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=199)
        world.side.server.latency_s = 1.0
        await world.read(((SHOP, STOCK),), RegisterSettings(page_size=5))
        told = [line for line in capsys.readouterr().out.splitlines() if "part=stock" in line]
        assert 6 <= len(told) <= 10
        assert all("total=200" in line for line in told)


async def test_after_hours_without_mamut_the_reading_goes_on_when_it_would_have_anyway(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=5)
        async with world.reading() as reader:
            await rested(reader)
            await drain(world)
            world.side.network.refuse(HOST, refuse=True)
            await trio.sleep(6 * 3600)
            assert not is_resting(reader)
            world.mamut.staff.count("B-00001", D(1))
            world.side.network.refuse(HOST, refuse=False)
            await trio.sleep(301)
            assert is_resting(reader)
            assert await drain(world) == {STOCK: ["B-00001"]}


async def test_another_companys_register_is_not_taken_for_ours(tmp_path: Path, autojump_clock: MockClock) -> None:
    """Its articles have our articles' internal numbers: every product of the shop would become another one."""
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=5)
        await world.read()
        await drain(world)
    async with register_side(tmp_path, options=MamutOptions(edition="E5", client_no="002")) as other:
        other.mamut.fill(8, products=50)
        before = other.journal.view(lambda tx: register.articles(tx, range(100)))
        async with other.reading() as reader:
            await trio.sleep(7200)
            assert not is_resting(reader)
        assert other.journal.view(lambda tx: register.articles(tx, range(100))) == before
        assert await drain(other) == {}
        assert other.fault() == Fault.MAMUT_OTHER_COMPANY


async def test_a_mamut_that_lets_nobody_in_is_not_asked_often(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with register_side(tmp_path) as world:
        world.mamut.fill(3, products=5)
        async with world.reading() as reader:
            await rested(reader)
            world.mamut.options.users.update(brygga="ett nytt")
            world.mamut.sessions.end_all()
            before = world.side.net.sent
            await trio.sleep(6 * 3600)
            assert not is_resting(reader)
            assert world.side.net.sent - before < 60


async def test_every_direction_knows_the_parts_it_lives_on() -> None:
    assert {name for name in DirectionName if name.endswith("_to_shop")} - PARTS.keys() == {
        DirectionName.STATUSES_TO_SHOP
    }


def is_resting(reader: RegisterReader) -> bool:
    return reader.resting


def drain_names() -> Iterator[DirectionName]:
    return (name for _, name in ALL)


class Pages:
    """Mamut as it is, with a list of the offsets that were asked for."""

    def __init__(self) -> None:
        self.read: dict[str, list[int]] = {}

    def of(self, mamut: Mamut) -> Pages:
        self.mamut = mamut
        return self

    def handle(self, request: Request) -> Response:
        pairs = dict(request.pairs())
        if "offset" in pairs:
            self.read.setdefault(request.path.rpartition("/")[2], []).append(int(pairs["offset"]))
        return self.mamut.handle(request)
