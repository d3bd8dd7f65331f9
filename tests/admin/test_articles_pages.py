"""Articles, with a whole agent: found by their words, both sides field by field, the shop's product read on demand."""

from __future__ import annotations

import re
from pathlib import Path

import trio
from trio.testing import MockClock

from agent.journal.users import Role
from scenarios.play import play, shop_settings
from simulators.mamut.products import ProductBody
from tests.admin.admin_side import AdminSide
from tests.admin.whole import answered, plain


async def test_an_article_is_found_by_its_words_and_shown_with_both_sides_and_whose_word_counts(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=4) as world:
        world.mamut.fill(1, products=60)
        world.mamut.act(
            "product.create",
            body=ProductBody(product_no="KANNA-9", description="Blå kannring", ean="7350000000009", web=True, group=1),
        )
        world.mamut.act_raw("product.change", "B-00002", b'{"web": false}')
        shop = world.add_shop(shop_settings("garn", name="Garnboden", flow=2))
        async with world.agent() as agent:
            await trio.sleep(1_500)
            async with AdminSide(agent.journal, world.calendar.now, lambda: world.settings) as side:
                looker = await side.signed_in(Role.LOOK)
                page = (await looker.get("/articles")).text
                numbers = re.findall(r"/articles/\d+\">([^<]+)<", page)
                assert len(numbers) == 50
                assert numbers == sorted(numbers)
                (more,) = re.findall(r'href="(/articles\?after=[^"]+)"', page)
                rest = re.findall(r"/articles/\d+\">([^<]+)<", (await looker.get(more)).text)
                assert len(set(rest) | set(numbers)) == len(rest) + 50 > 50
                for asked in ("kannring blå", "35000000000", "KANNA-9"):
                    found = re.findall(r"/articles/(\d+)\"", (await looker.get(f"/articles?q={asked}")).text)
                    assert len(found) == 1, asked
                kanna = found[0]
                missing = plain((await looker.get("/articles?state=unlinked&shop=garn")).text)
                assert "B-00002" in missing
                assert "KANNA-9" not in missing
                held = plain((await looker.get("/articles?state=held")).text)
                assert "KANNA-9" in held, "its price is zero"
                for odd in (
                    "q=%00",
                    "after=x.y",
                    "after=9.",
                    "code=BRY-X",
                    "shop=nobody&state=unlinked",
                    "q=" + "a " * 300,
                ):
                    assert (await looker.get(f"/articles?{odd}")).status_code == 200, odd
                assert (await looker.get("/articles/99999999")).status_code == 404
                text = plain((await looker.get(f"/articles/{kanna}")).text)
                assert "SaidRow" not in text
                for told in ("Namn Blå kannring inte läst Mamut", "hålls kvar", "BRY-G17", "gjord av Brygga"):
                    assert told in text, (told, text)
                (product,) = (each for each in shop.do("GET", "/products?per_page=100") if each["sku"] == "KANNA-9")
                shop.do("PUT", f"/products/{product['id']}", {"name": "Röd kannring"})
                robin = await side.signed_in(Role.OPERATE, name="robin")
                await robin.get(f"/articles/{kanna}")
                answer = await robin.post(f"/articles/{kanna}/garn/look")
                assert "väntar på agenten" in (await robin.follow(answer)).text
                await answered(agent)
                text = plain((await robin.get(f"/articles/{kanna}")).text)
                for told in (
                    "Namn Blå kannring Röd kannring Mamut skiljer",
                    "GTIN 7350000000009 7350000000009 Mamut lika",
                ):
                    assert told in text, (told, text)
                for path, status in (("garn/retry", 303), ("garn/eat", 404), ("nobody/retry", 404), ("garn/keep", 303)):
                    assert (await robin.post(f"/articles/{kanna}/{path}")).status_code == status, path
                await answered(agent)
