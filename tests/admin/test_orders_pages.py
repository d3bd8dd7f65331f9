"""The pages about orders and about what needs a person: found by any number, told in words, acted on by wishes, and no
dearer with many orders behind them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import apsw
import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.admin.pages_attention import AT_ONCE
from agent.admin.pages_orders import SHOWN
from agent.journal import aftermath, documents, order_pages, orders, records, reports, users
from agent.journal.journal import Journal
from agent.journal.users import Role
from agent.model.after import AfterReason
from agent.model.ids import ShopOrderId
from agent.model.reasons import OrderState, Reason
from agent.settings.tree import OrderRule, RuleThen
from benchmarks.growth import fill
from scenarios.play import play, shop_settings
from tests.actors.small_shop import SmallShop, assert_once_and_equal
from tests.admin.admin_side import AdminSide, HandClock, journal_in
from tests.admin.test_counts import SETTINGS as ONE_SHOP
from tests.admin.test_counts import walks, watched
from tests.cli.filled import GARN, START, TYG, Filled, proof

UNKNOWN = {"article": "OKÄND-1", "line": "Okänd vara"}


def filled(side: AdminSide) -> Filled:
    return Filled(side.journal._writer)


def wishes(side: AdminSide) -> list[tuple[str, int, str, dict[str, object]]]:
    return [
        (each.kind, each.order_id, each.who, each.after) for each in side.journal.view(lambda tx: users.acts(tx, 1_000))
    ]


# -- the list ---------------------------------------------------------------------------------------------------------


async def test_an_order_is_found_by_its_number_its_id_or_mamut_s_number(side: AdminSide) -> None:
    made = filled(side)
    made.transferred("1001", 12_500, order_id=77, mamut_no=100_000_009)
    made.order("500", 100, order_id=78)
    made.order("500", 100, shop=TYG, order_id=79)
    browser = await side.signed_in(Role.LOOK)
    for sought in ("1001", "%231001", "id:77", "77", "100000009", "mamut:100000009", "garn:77"):
        answer = await browser.get(f"/orders?q={sought}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/orders/garn/77"), sought
    both = (await browser.get("/orders?q=500")).text
    assert 'href="/orders/garn/78"' in both
    assert 'href="/orders/tyg/79"' in both
    for nobody in ("4711", "<b>x</b>", "9" * 40, "'"):
        page = await browser.get(f"/orders?q={nobody}")
        assert page.status_code == 200
        assert "Ingen order har numret" in page.text
        assert "<b>x</b>" not in page.text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("", 160), ("state=held", 80), ("state=dead", 0), ("reason=BRY-H05", 20), ("shop=tyg&state=held", 40)],
)
async def test_every_order_stands_on_one_page_and_none_falls_between_two(
    side: AdminSide, asked: str, expected: int
) -> None:
    made = filled(side)
    for number in range(1, 81):
        # Many of one moment: only shop and id tell them apart.
        at = START + timedelta(minutes=number // 30)
        reason = Reason.NOT_READ if number % 2 else Reason.ARTICLE_UNKNOWN if number % 8 else Reason.TOTAL_UNEXPLAINED
        for shop in (GARN, TYG):
            made.order(str(number), 100, shop=shop, created=at, reason=reason)
    browser = await side.signed_in(Role.LOOK)
    seen: list[str] = []
    path, pages = f"/orders?{asked}", 0
    while path:
        page = (await browser.get(path)).text
        seen += re.findall(r'<th scope="row"><a href="(/orders/[^"]+)"', page)
        found = re.search(r'href="(/orders\?[^"]*before=[^"]+)"', page)
        path, pages = found.group(1).replace("&amp;", "&") if found else "", pages + 1
    assert len(seen) == len(set(seen)) == expected
    assert pages == max(-(-expected // SHOWN), 1)


async def test_the_newest_come_first_and_what_does_not_exist_is_not_asked_for(side: AdminSide) -> None:
    made = filled(side)
    for number, minutes in ((1, 0), (2, 20), (3, 10)):
        made.order(str(number), 100, created=START + timedelta(minutes=minutes), shop=TYG if number == 3 else GARN)
    browser = await side.signed_in(Role.LOOK)
    odd = "/orders?state=nonsense&reason=BRY-X99&before=1.x.garn&shop="
    for path in ("/orders", odd):
        page = (await browser.get(path)).text
        assert re.findall(r'<th scope="row"><a href="/orders/\w+/(\d)"', page) == ["2", "3", "1"]


# -- one order --------------------------------------------------------------------------------------------------------


async def test_an_order_s_page_tells_why_what_helps_what_happened_and_how_the_money_adds_up(side: AdminSide) -> None:
    made = filled(side)
    made.order("1002", 17_401, reason=Reason.ARTICLE_UNKNOWN, params=UNKNOWN)
    records.keep_proof(made.tx, GARN, ShopOrderId(1002), proof())
    browser = await side.signed_in(Role.LOOK)
    page = _text((await browser.get("/orders/garn/1002")).text)
    assert "BRY-H02 Artikeln finns inte i Mamut" in page
    assert "OKÄND-1" in page
    assert "Åtgärd:" in page
    # The story in time order, in Swedish time.
    assert page.index("2026-11-02 10:30:00 sedd i butikens lista") < page.index("2026-11-02 10:30:01 BRY-H02")
    for line in (
        "Tröja Fjäll (25 %) 100,000",
        "Frakt (25 %) 39,200",
        "Netto 139,20",
        "25 % moms × 139,200 (butiken 34,81) 34,80",
        "Mamut räknar 174,00",
        "Öresavrundning (gräns 1,00) 0,01",
        "Kunden betalade -174,01",
        "skillnad 0,00",
    ):
        assert line in page, line
    assert "går ihop" in page
    await browser.post("/language", {"language": "en"})
    english = _text((await browser.get("/orders/garn/1002")).text)
    assert "BRY-H02 The article is not in Mamut" in english
    assert "Mamut totals 174.00" in english
    assert (await browser.get("/orders/garn/4711")).status_code == 404
    assert (await browser.get("/orders/nowhere/1002")).status_code == 404


def _text(page: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_what_a_person_does_about_an_order_is_a_wish_and_an_act_with_what_it_was_before(
    side: AdminSide, hand_clock: HandClock
) -> None:
    filled(side).order("7", 100, reason=Reason.ARTICLE_UNKNOWN, params=UNKNOWN)
    browser = await side.signed_in(Role.OPERATE)
    await browser.get("/orders/garn/7")
    for act, fields in (
        ("retry", {}),
        ("hold", {}),
        ("exclude", {"why": " provköp "}),
        ("adopt", {"mamut_order_no": "100000005"}),
    ):
        hand_clock.pass_(seconds=1)
        page = await browser.follow(await browser.post(f"/orders/garn/7/{act}", dict(fields)))
        assert "Agenten gör det strax." in page.text
    assert "operate har begärt: undanta. Agenten har inte svarat än." in page.text
    # While the agent has not answered there is nothing to press, and the page looks again by itself.
    assert "/orders/garn/7/retry" not in page.text
    assert 'hx-get="/orders/garn/7"' in page.text
    assert wishes(side) == [
        ("adopt", 7, "operate", {"mamut_order_no": "100000005"}),
        ("exclude", 7, "operate", {"why": "provköp"}),
        ("hold", 7, "operate", {}),
        ("retry", 7, "operate", {}),
    ]
    (newest,) = side.journal.view(lambda tx: users.acts(tx, 1))
    assert newest.before == {"state": "held", "reason": "BRY-H02"}
    kinds = [each.kind for each in side.journal.view(lambda tx: records.open_wishes(tx, GARN))]
    assert kinds == ["retry", "hold", "exclude", "adopt"]
    hand_clock.pass_(minutes=5)
    assert "hx-get" not in (await browser.get("/orders/garn/7")).text


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("exclude", {"why": "  "}, "Skriv varför"),
        ("adopt", {"mamut_order_no": "0"}, "större än noll"),
        ("adopt", {"mamut_order_no": "²"}, "större än noll"),
        ("adopt", {"mamut_order_no": "9" * 30}, "större än noll"),
        ("settle", {}, "Ingen ändring"),
    ],
)
async def test_what_can_never_be_is_said_and_not_wished(
    side: AdminSide, act: str, fields: dict[str, str | list[str]], says: str
) -> None:
    filled(side).order("7", 100, reason=Reason.ARTICLE_UNKNOWN, params=UNKNOWN)
    browser = await side.signed_in(Role.OPERATE)
    await browser.get("/orders/garn/7")
    answer = await browser.post(f"/orders/garn/7/{act}", fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert wishes(side) == []


async def test_an_order_in_mamut_is_not_moved_but_its_change_can_be_seen_to(side: AdminSide) -> None:
    made = filled(side)
    made.transferred("8", 100)
    browser = await side.signed_in(Role.OPERATE)
    page = (await browser.get("/orders/garn/8")).text
    assert '<form method="post" action="/orders' not in page
    for act in ("retry", "hold", "exclude", "adopt"):
        answer = await browser.post(f"/orders/garn/8/{act}", {"why": "x", "mamut_order_no": "5"})
        assert (answer.status_code, "står redan i Mamut" in answer.text) == (422, True)
    aftermath.put(made.tx, GARN, ShopOrderId(8), 1)
    made.tx.execute("UPDATE aftermath SET outcome = 'attend', code = ?", (next(iter(AfterReason)).value,))
    page = (await browser.get("/orders/garn/8")).text
    assert "VÄNTAR PÅ EN MÄNNISKA" in page
    await browser.follow(await browser.post("/orders/garn/8/settle"))
    assert wishes(side) == [("settle", 8, "operate", {})]


async def test_somebody_who_only_looks_sees_all_and_is_offered_nothing(side: AdminSide) -> None:
    filled(side).order("7", 100, reason=Reason.ARTICLE_UNKNOWN, params=UNKNOWN)
    browser = await side.signed_in(Role.LOOK)
    for path in ("/orders/garn/7", "/attention"):
        page = (await browser.get(path)).text
        assert "BRY-H02" in page
        assert "/retry" not in page
    for path in ("/orders/garn/7/retry", "/orders/garn/7/exclude", "/attention/retry"):
        assert (await browser.post(path, {"area": "order", "code": "BRY-H02"})).status_code == 403
    assert wishes(side) == []


# -- what needs a person ----------------------------------------------------------------------------------------------


async def test_a_hundred_orders_of_one_fault_are_one_row_and_are_tried_again_together(side: AdminSide) -> None:
    made = filled(side)
    many = AT_ONCE + 50
    for number in range(1, many + 1):
        shop = GARN if number % 2 else TYG
        made.order(str(number), 100, shop=shop, reason=Reason.ARTICLE_UNKNOWN, params=UNKNOWN)
    made.order("9001", 100, reason=Reason.MAMUT_REFUSED, params={"problem": "Fel 17"})
    made.order("9002", 100)
    browser = await side.signed_in(Role.OPERATE)
    page = (await browser.get("/attention")).text
    assert page.count("<section") == 2
    text = _text(page)
    assert f"BRY-H02 Artikeln finns inte i Mamut order {many} st" in text
    assert "OKÄND-1" in text
    assert "Fel 17" in text
    assert page.count('href="/orders/') <= 6
    assert 'href="/orders?reason=BRY-H02"' in page
    said = await browser.follow(await browser.post("/attention/retry", {"which": "order/BRY-H02"}))
    assert f"Agenten tar hand om {many} stycken." in said.text
    left = wishes(side)
    assert {(kind, who) for kind, _, who, _ in left} == {("retry", "operate")}
    assert sorted(order_id for _, order_id, _, _ in left) == list(range(1, many + 1))
    for odd in ("BRY-X99", "", "' OR 1"):
        await browser.follow(await browser.post("/attention/retry", {"which": f"order/{odd}"}))
    assert len(wishes(side)) == many


async def test_articles_and_statuses_of_one_fault_are_tried_again_together(side: AdminSide) -> None:
    tx = side.journal._writer
    for shop, pk, direction in (
        ("garn", 5, "prices_to_shop"),
        ("garn", 6, "products_to_shop"),
        ("tyg", -17, "products_to_mamut"),
    ):
        tx.execute(
            "INSERT INTO tasks (shop, direction, pk, code, made_ms) VALUES (?, ?, ?, 'BRY-A99', 7)",
            (shop, direction, pk),
        )
    number = filled(side).transferred("8", 100)
    row = documents.DocumentRow(shop=GARN, order_id=number, order_no=1, order_key="k", step="status", code="BRY-B99")
    documents.save(tx, row)
    browser = await side.signed_in(Role.OPERATE)
    page = _text((await browser.get("/attention")).text)
    assert "BRY-A99 artiklar 3 st" in page
    assert "BRY-B99 orderstatus i butiken 1 st" in page
    for area, code, count in (("article", "BRY-A99", 3), ("status", "BRY-B99", 1), ("shop", "BRY-C06", 0)):
        said = await browser.follow(await browser.post("/attention/retry", {"which": f"{area}/{code}"}))
        assert f"Agenten tar hand om {count} stycken." in said.text
    assert sorted(wishes(side), key=lambda each: (each[0], str(each[3]))) == [
        ("retry", 8, "operate", {}),
        ("retry_article", 0, "operate", {"pk": "5", "direction": "prices_to_shop"}),
        ("retry_article", 0, "operate", {"pk": "6", "direction": "products_to_shop"}),
        ("retry_product", 0, "operate", {"product_id": "17"}),
    ]


async def test_nothing_that_waits_is_missing_from_the_page_and_then_it_says_so(side: AdminSide) -> None:
    browser = await side.signed_in(Role.LOOK)
    assert "Ingenting väntar på en människa." in (await browser.get("/attention")).text
    tx = side.journal._writer
    records.know_shop(tx, TYG, "https://tyg.example", "1")
    tx.execute("UPDATE shops SET frozen_fault = 'BRY-C06', frozen_ms = 1 WHERE shop = 'tyg'")
    records.set_health(tx, "mamut", "parked", 1, fault="BRY-C21", problem="fel lösenord")
    filled(side).transferred("8", 100)
    aftermath.put(tx, GARN, ShopOrderId(8), 1)
    tx.execute("UPDATE aftermath SET outcome = 'attend', code = ?", (next(iter(AfterReason)).value,))
    tx.execute(
        "INSERT INTO tasks (shop, direction, pk, code, made_ms) VALUES ('garn', 'prices_to_shop', 5, 'BRY-A99', 7)"
    )
    page = (await browser.get("/attention")).text
    for code in ("BRY-C06", "BRY-C21", next(iter(AfterReason)).value, "BRY-A99"):
        assert code in page, code
    assert page.count("<section") == 4
    assert 'href="/orders/garn/8"' in page


async def test_what_is_pressed_is_done_by_the_agent_and_told_on_the_order_s_page(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    rules = (OrderRule(name="granska", then=RuleThen.HOLD),)
    async with play(tmp_path, seed=9) as world:
        world.mamut.fill(9, products=10, contacts=5)
        world.settings = msgspec.structs.replace(world.settings, package="400")
        shop = SmallShop(world, shop_settings("garn", rules=rules))
        ids = [shop.order(number) for number in range(3)]
        async with world.agent() as agent:
            await trio.sleep(120)
            async with AdminSide(agent.journal, world.calendar.now, world.settings) as side:
                browser = await side.signed_in(Role.OPERATE)
                await browser.get("/attention")
                await browser.post(f"/orders/garn/{ids[2]}/exclude", {"why": "provköp"})
                await trio.sleep(120)
                said = await browser.follow(await browser.post("/attention/retry", {"which": "order/BRY-H24"}))
                assert "Agenten tar hand om 2 stycken." in said.text
                await trio.sleep(300)
                told = [_text((await browser.get(f"/orders/garn/{order_id}")).text) for order_id in ids]
                assert "Ingenting väntar på en människa." in (await browser.get("/attention")).text
        assert_once_and_equal(shop, ids[:2])
        assert shop.states()[ids[2]] == ("excluded", "BRY-X03")
    for page in told[:2]:
        assert page.index("operate: försök igen → gjort") < page.index("står i Mamut som 1")
        assert "lika" in page
        assert "skillnad 0,00" in page
        assert "går ihop" in page
    assert "operate: undanta → gjort; provköp" in told[2]


# -- what they cost ---------------------------------------------------------------------------------------------------


async def test_no_page_about_orders_walks_through_the_orders(tmp_path: Path) -> None:
    asked: dict[int, dict[str, int]] = {}
    for count in (100, 2_000):
        (folder := tmp_path / str(count)).mkdir()
        journal = journal_in(folder)
        fill(folder / "journal.db", count)
        shop = _two_held(journal)
        async with AdminSide(journal, HandClock(), ONE_SHOP) as side:
            browser = await side.signed_in(Role.OPERATE)
            first = (await browser.get("/orders")).text
            older = re.search(r'href="(/orders\?before=[^"]+)"', first)
            assert older is not None
            paths = [
                "/attention",
                f"/orders/{shop}/1",
                *(f"/orders?state={state.value}" for state in OrderState),
                "/orders?reason=BRY-H02",
                f"/orders?shop={shop}",
                older.group(1),
                *(f"/orders?q={sought}" for sought in ("1", "id:1", "mamut:1", "4711", f"{shop}:4711")),
            ]
            for number, path in enumerate(paths):
                with watched(journal) as said:
                    assert (await browser.get(path)).status_code in (200, 303), path
                asked.setdefault(count, {})[f"{number} {path.partition('before')[0]}"] = len(said)
                broken = [walk for sql in dict.fromkeys(said) for walk in walks(journal, sql)]
                assert broken == [], path
        journal.close()
    assert asked[100] == asked[2_000]
    assert max(asked[2_000].values()) < 60, asked


def _two_held(journal: Journal) -> str:
    tx = journal._writer
    shop = reports.shop_keys(tx)[0]
    for number in (1, 2):
        Filled(tx).order(str(number), 100, shop=shop, reason=Reason.ARTICLE_UNKNOWN, params=UNKNOWN)
    return shop


async def test_the_orders_to_try_again_are_those_of_the_reason_and_the_longest_waiting_first(
    side: AdminSide,
) -> None:
    made = filled(side)
    for number, minutes in ((1, 30), (2, 10), (3, 20)):
        made.order(str(number), 100, created=START + timedelta(minutes=minutes), reason=Reason.ARTICLE_UNKNOWN)
    made.order("4", 100, reason=Reason.HELD_BY_HAND)
    found = _found(made.tx)
    assert found == [2, 3, 1]
    orders.set_reason(made.tx, GARN, ShopOrderId(3), Reason.NOT_READ, 1)
    assert _found(made.tx) == [2, 1]


def _found(tx: apsw.Connection) -> list[int]:
    return [order_id for _, order_id in order_pages.to_retry(tx, Reason.ARTICLE_UNKNOWN)]
