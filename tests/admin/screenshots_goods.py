"""Pictures of the pages of shops, articles, stock, stopped prices, plans and the log, over a company that Mamut
governs: part of `make screenshots`. With `--all` narrow and wide, by day and by night, in both languages."""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
import trio
from trio.testing import MockClock

from agent.journal import records
from agent.journal.reports_goods import find
from agent.model.ids import ShopKey
from agent.settings.tree import Settings
from agent.shown.log_lines import LogFile, LogRing
from scenarios.play import play, shop_settings
from simulators.faults import Fault, FaultOptions
from tests.admin.chromium import chromium
from tests.admin.company import served
from tests.admin.screenshots import DOCUMENTED, EVERY, Look, height, speak
from tests.admin.test_in_chromium import sign_in

GARN = ShopKey("garn")


def play_governed(folder: Path) -> tuple[Settings, datetime]:
    """Leaves the journal of a company whose articles Mamut governs; gives the settings and when it ended."""
    return trio.run(partial(_play, folder), clock=MockClock(autojump_threshold=0))


async def _play(folder: Path) -> tuple[Settings, datetime]:
    async with play(folder, seed=9) as world:
        world.mamut.fill(9, products=40)
        shop = world.add_shop(shop_settings("garn", name="Garnboden", flow=2))
        ring = LogRing(world.calendar.now, LogFile(folder / "log" / "brygga.jsonl"))
        structlog.configure(processors=[structlog.processors.add_log_level, ring, structlog.processors.JSONRenderer()])
        async with world.agent() as agent:

            async def ask(kind: str, **args: str) -> None:
                await agent.journal.run(
                    lambda tx: records.wish(tx, at_ms=0, who="kim", kind=kind, shop=GARN, args=args)
                )
                agent.shops[GARN].wishes.bell.ring()
                agent.shops[GARN].errands.bell.ring()
                await trio.sleep(300)

            await trio.sleep(1_500)
            await ask("examine")
            await ask("pause", direction="products_to_shop")
            world.mamut.fill(10, products=25, start=41)
            for number, price in (("B-00001", "9000"), ("B-00002", "0"), ("B-00003", "7.5"), ("B-00004", "0")):
                world.mamut.act_raw("product.change", number, f'{{"price_out": "{price}"}}'.encode())
            await trio.sleep(1_500)
            found = agent.journal.view(lambda tx: find(tx, "B-00004"))
            await ask("dismiss_prices", pk=str(found[0]))
            await ask("look_product", product_id="11")
            await ask("sync_plan", source="mamut")
            await trio.sleep(600)
            # The shop is away for a while, which the log tells.
            world.faults(shop.server, FaultOptions(share=1, faults=(Fault.STATUS_502,)))
            await trio.sleep(600)
            world.faults(shop.server, FaultOptions())
            await trio.sleep(600)
        return world.settings, world.calendar.now()


PATHS = {
    "shops": "/shops",
    "shop": "/shops/garn",
    "articles": "/articles",
    "article": "/articles/2",
    "stock": "/stock?q=B-00005",
    "prices": "/prices",
    "prices-history": "/prices/history",
    "plans": "/plans",
    "plan": "/plans/1",
    "log": "/log",
    "log-older": "/log/older?level=warning",
    "plan-rows": "/plans/1/rows?action=make",
}


async def take(folder: Path, looks: tuple[Look, ...], only: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as place:
        settings, now = await trio.to_thread.run_sync(play_governed, Path(place))
        async with served(Path(place), settings, now) as where, chromium() as browser:
            await browser.screen(1280)
            await sign_in(browser, where)
            for look in looks:
                await speak(browser, f"{where}/", look.language)
                await browser.screen(look.width, dark=look.dark)
                for name, path in PATHS.items():
                    if only and name not in only:
                        continue
                    await browser.go(where + path)
                    found = [*await browser.overflows(), *await browser.faults(), *await browser.complaints()]
                    if found:
                        raise SystemExit(f"{path}: {found}")
                    (folder / f"{name}{look.mark}.png").write_bytes(await browser.picture(height(name, look)))


def main(arguments: list[str]) -> None:
    given = [each for each in arguments if not each.startswith("--")]
    folder = Path(given[0])
    folder.mkdir(parents=True, exist_ok=True)
    trio.run(take, folder, EVERY if "--all" in arguments else DOCUMENTED, tuple(given[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
