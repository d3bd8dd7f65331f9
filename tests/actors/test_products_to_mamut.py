"""Products of a governing shop as articles in Mamut: the built agent among a real shop and a real Mamut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import trio
from trio.testing import MockClock

from agent.flows import DirectionName
from agent.journal import items, records, tasks
from agent.model.ids import ShopKey
from agent.settings.tree import ShopSettings
from agent.settings.tree_to_mamut import ToMamutSettings
from scenarios.play import Play, ShopSide, play, shop_settings
from simulators.faults import Fault, FaultOptions
from simulators.mamut.options import MamutOptions
from simulators.mamut.records import Product

KEY = ShopKey("butik")
NAME = DirectionName.PRODUCTS_TO_MAMUT


class Governing:
    """A shop that governs, and a Mamut with nothing in it but its services."""

    def __init__(self, world: Play, side: ShopSide) -> None:
        self.world = world
        self.side = side

    async def settle(self) -> None:
        """An agent that works until there is nothing left to do."""
        with trio.fail_after(7_200):
            assert await self.world.run_once()

    def make(self, **body: Any) -> int:
        return int(self.side.do("POST", "/products", {"name": "Garn", "regular_price": "125", **body})["id"])

    def variable(self, sku: str, sizes: tuple[str, ...], *, extra: tuple[str, ...] = ()) -> int:
        names = ("Storlek", *extra)
        attributes = [{"name": name, "options": list(sizes), "variation": True, "visible": True} for name in names]
        parent = self.make(type="variable", sku=sku, name="Tröja", attributes=attributes)
        for size in sizes:
            chosen = [{"name": name, "option": size} for name in names]
            body = {"sku": f"{sku}-{size}", "regular_price": "199.90", "attributes": chosen}
            self.side.do("POST", f"/products/{parent}/variations", body)
        return parent

    def article(self, number: str) -> Product:
        (found,) = self.world.mamut.books.products_by_no(number)
        return found

    def articles(self) -> list[str]:
        return [product.product_no for product in self.world.mamut.products()]

    def held(self) -> dict[int, str]:
        """Why products are held, by their ids."""
        with self.world.look() as tx:
            return {items.key_of(task.pk): task.code for task in tasks.held(tx, KEY, NAME)}

    def said(self, product_id: int) -> str:
        with self.world.look() as tx:
            rows = tasks.said(tx, KEY, items.key_of(product_id))
        return rows[0].code if rows else ""

    def change(self, **changes: Any) -> None:
        (settings,) = self.world.settings.shop
        chosen = msgspec.structs.replace(settings.to_mamut, **changes)
        self.world.change("butik", msgspec.structs.replace(settings, to_mamut=chosen))

    def wish(self, kind: str, product_id: int) -> None:
        with self.world.look() as tx:
            records.wish(tx, at_ms=0, who="anna", kind=kind, shop=KEY, args={"product_id": str(product_id)})


@asynccontextmanager
async def governing(
    folder: Path, *, mamut: MamutOptions | None = None, settings: ShopSettings | None = None, **chosen: Any
) -> AsyncIterator[Governing]:
    async with play(folder) as world:
        if mamut is not None:
            world.set_mamut(mamut)
        on = ToMamutSettings(enabled=True, **chosen)
        side = world.add_shop(settings or shop_settings(to_mamut=on))
        yield Governing(world, side)


async def test_a_product_becomes_an_article_with_all_that_the_shop_says(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path, groups={"Garn": 2}, default_unit="st") as shop:
        category = shop.side.do("POST", "/products/categories", {"name": "Garn"})["id"]
        shop.make(
            sku="G-1",
            name="Lammull & silke",
            description="<p>Mjukt.</p><p>Varmt.</p>",
            regular_price="99.90",
            weight="0.05",
            global_unique_id="7310865004703",
            categories=[{"id": category}],
        )
        await shop.settle()
        article = shop.article("G-1")
        assert (article.description, article.text) == ("Lammull & silke", "Mjukt.\nVarmt.")
        assert (article.price_out, article.vat_out, article.group) == (Decimal("79.9200"), 3, 2)
        assert (article.weight, article.ean, article.unit) == (Decimal("0.050"), "7310865004703", "st")
        assert article.use_store
        assert article.web


async def test_a_product_with_variations_is_a_main_article_and_its_variants(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        shop.variable("T", ("S", "M", "L"))
        await shop.settle()
        assert shop.article("T").properties == ["Storlek"]
        variant = shop.article("T-M")
        assert variant.variant is not None
        assert (variant.variant.main, variant.variant.property1) == ("T", "M")
        assert (variant.description, variant.price_out) == ("Tröja M", Decimal("159.9200"))
        assert shop.articles().index("T") < shop.articles().index("T-S")
        assert not shop.held()


async def test_a_third_property_is_refused_by_its_name_and_nothing_of_it_is_made(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        parent = shop.variable("T", ("S", "M"), extra=("Färg", "Längd"))
        shop.make(sku="G-1")
        await shop.settle()
        held = shop.held()
        assert held[parent] == "BRY-G63"
        assert set(held.values()) == {"BRY-G63"}
        assert len(held) == 3
        assert shop.article("G-1")
        assert not shop.world.mamut.books.products_by_no("T")


async def test_a_changed_product_changes_its_article_and_what_mamuts_people_changed_stays(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        product = shop.make(sku="G-1", name="Garn")
        await shop.settle()
        shop.world.mamut.act_raw("product.change", "G-1", b'{"description": "Garn, egen text"}')
        shop.side.do("PUT", f"/products/{product}", {"regular_price": "150"})
        await trio.sleep(300)
        await shop.settle()
        article = shop.article("G-1")
        assert (article.description, article.price_out) == ("Garn, egen text", Decimal("120.0000"))
        shop.side.do("PUT", f"/products/{product}", {"name": "Nytt garn"})
        await trio.sleep(300)
        await shop.settle()
        assert shop.article("G-1").description == "Nytt garn"


async def test_an_article_that_mamut_has_already_is_tied_and_not_made(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        shop.world.mamut.act_raw(
            "product.create", "", b'{"product_no": "G-1", "description": "Gammal", "ean": "12345"}'
        )
        product = shop.make(sku="g-1", name="Garn")
        await shop.settle()
        assert shop.said(product) == "article_adopted"
        assert (shop.article("G-1").description, shop.article("G-1").ean) == ("Garn", "12345")


async def test_a_second_run_writes_nothing(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with governing(tmp_path) as shop:
        shop.variable("T", ("S", "M"))
        shop.make(sku="G-1")
        await shop.settle()
        changed = [product.change_no for product in shop.world.mamut.products()]
        for _ in range(3):
            await trio.sleep(7 * 3_600)
            await shop.settle()
        assert [product.change_no for product in shop.world.mamut.products()] == changed


async def test_a_number_that_mamut_cannot_have_is_held_with_its_reason(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        missing = shop.make(name="Utan nummer")
        long = shop.make(sku="X" * 51)
        strange = shop.make(sku="G-1 ★")
        await shop.settle()
        assert shop.held() == {missing: "BRY-G60", long: "BRY-G61", strange: "BRY-G62"}
        shop.side.do("PUT", f"/products/{missing}", {"sku": "NU"})
        await trio.sleep(300)
        await shop.settle()
        assert shop.article("NU").description == "Utan nummer"


async def test_a_removed_product_is_proposed_and_made_inactive_only_when_a_person_agrees(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        product = shop.make(sku="G-1")
        await shop.settle()
        shop.side.do("DELETE", f"/products/{product}")
        await trio.sleep(7 * 3_600)
        await shop.settle()
        assert shop.held() == {product: "BRY-G75"}
        assert not shop.article("G-1").inactive
        shop.wish("inactivate_article", product)
        await shop.settle()
        assert shop.article("G-1").inactive
        assert not shop.held()
        shop.side.shop.products.restore(product)
        await trio.sleep(7 * 3_600)
        await shop.settle()
        assert not shop.article("G-1").inactive


async def test_a_removed_product_whose_article_is_kept_is_not_proposed_again(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        product = shop.make(sku="G-1")
        await shop.settle()
        shop.side.do("DELETE", f"/products/{product}?force=true")
        await trio.sleep(7 * 3_600)
        await shop.settle()
        shop.wish("keep_article", product)
        await shop.settle()
        await trio.sleep(7 * 3_600)
        await shop.settle()
        assert not shop.held()
        assert not shop.article("G-1").inactive


async def test_a_new_number_is_held_unless_the_merchant_lets_articles_be_renumbered(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        product = shop.make(sku="G-1", regular_price="125")
        await shop.settle()
        shop.side.do("PUT", f"/products/{product}", {"sku": "G-2", "regular_price": "250"})
        await trio.sleep(300)
        await shop.settle()
        assert shop.held() == {product: "BRY-G74"}
        assert shop.article("G-1").price_out == Decimal("200.0000")
        shop.change(renumber=True)
        await shop.settle()
        assert not shop.held()
        assert shop.article("G-2").price_out == Decimal("200.0000")
        assert "G-1" not in shop.articles()


async def test_two_products_with_one_number_are_both_held_until_they_can_be_told_apart(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        first, second = shop.make(sku="G-1"), shop.make(sku="G-2")
        # An import has written past the shop's own check.
        shop.side.shop.products.shelf.things[second].sku = "G-1"
        await shop.settle()
        assert shop.held() == {first: "BRY-G78", second: "BRY-G78"}


async def test_a_making_whose_answer_is_lost_leaves_one_article(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with governing(tmp_path) as shop:
        for number in range(30):
            shop.make(sku=f"G-{number}")
        shop.world.faults(
            shop.world.mamut_server, FaultOptions(share=0.2, faults=(Fault.CUT_AFTER, Fault.STATUS_500_AFTER), seed=7)
        )
        await shop.settle()
        goods = [number for number in shop.articles() if number.startswith("G-")]
        assert sorted(goods) == sorted({f"G-{number}" for number in range(30)})


async def test_an_order_of_a_new_product_goes_over_as_soon_as_its_article_is_made(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop, shop.world.agent():
        await trio.sleep(90)
        product = shop.make(sku="NY-1")
        billing = {
            "first_name": "Åsa",
            "last_name": "Öberg",
            "city": "Umeå",
            "country": "SE",
            "email": "asa@kund.example",
        }
        line = {"product_id": product, "quantity": 1}
        order = {"status": "processing", "set_paid": True, "billing": billing, "line_items": [line]}
        shop.side.do("POST", "/orders", order)
        await trio.sleep(180)
        with shop.world.look() as tx:
            reasons = [str(data) for (data,) in tx.execute("SELECT data FROM events WHERE kind = 'held'")]
        assert any("BRY-H02" in data for data in reasons), "the order was seen before its article was made"
        assert len(shop.world.documents()) == 1


async def test_two_shops_with_one_number_have_one_article_and_the_first_governs_it(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        shop.make(sku="G-1", name="Första butikens")
        await shop.settle()
        other = shop.world.add_shop(shop_settings("andra", to_mamut=ToMamutSettings(enabled=True)))
        body = {"name": "Andra butikens", "sku": "G-1", "regular_price": "500"}
        product = other.do("POST", "/products", body)["id"]
        await shop.settle()
        assert (shop.article("G-1").description, shop.article("G-1").price_out) == ("Första butikens", Decimal(100))
        with shop.world.look() as tx:
            (said,) = tasks.said(tx, ShopKey("andra"), items.key_of(product))
        assert (said.code, said.params) == ("article_governed", '{"shop":"butik"}')


async def test_a_new_product_with_a_removed_ones_number_takes_its_place(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        old = shop.make(sku="G-1")
        await shop.settle()
        shop.side.do("DELETE", f"/products/{old}?force=true")
        new = shop.make(sku="G-1", name="Samma vara, ny produkt")
        await trio.sleep(7 * 3_600)
        await shop.settle()
        await trio.sleep(7 * 3_600)
        await shop.settle()
        assert not shop.held()
        assert shop.article("G-1").description == "Samma vara, ny produkt"
        assert shop.said(new) in ("article_adopted", "article_written", "article_unchanged")


async def test_a_shop_whose_changes_move_no_date_is_read_through_all_the_same(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path) as shop:
        product = shop.make(sku="G-1")
        await shop.settle()
        # A plugin writes past the shop, so that no date tells.
        shop.side.shop.products.shelf.things[product].name = "Tyst ändrad"
        await trio.sleep(2 * 3_600)
        await shop.settle()
        assert shop.article("G-1").description == "Tyst ändrad"


async def test_without_the_licence_for_variants_they_are_held_and_all_else_goes_over(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governing(tmp_path, mamut=MamutOptions(edition="E4")) as shop:
        parent = shop.variable("T", ("S",))
        shop.make(sku="G-1")
        await shop.settle()
        held = shop.held()
        assert held[parent] == "BRY-G79"
        assert set(held.values()) == {"BRY-G79", "BRY-G67"}
        assert shop.article("G-1")


async def test_a_lost_journal_finds_every_article_again(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with governing(tmp_path) as shop:
        shop.variable("T", ("S", "M"))
        await shop.settle()
        before = shop.articles()
        shop.world.lose_journal()
        await shop.settle()
        assert shop.articles() == before
        assert not shop.held()
