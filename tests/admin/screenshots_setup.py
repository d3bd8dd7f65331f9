"""Pictures of each step of the guided set-up, over both systems as processes: part of `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import trio

from tests.admin.chromium import chromium
from tests.admin.screenshots import DOCUMENTED, EVERY, Look
from tests.admin.set_up_walk import FirstStart
from tests.processes.company import Company


async def take(folder: Path, looks: tuple[Look, ...]) -> None:
    with tempfile.TemporaryDirectory() as place, Company(Path(place), seed=6) as company:
        company.open()
        company.place(3)
        # What Mamut does not have holds an order, which the dry run is there to show.
        company.shop_door.create("products", [{"name": "Vante, stickad", "sku": "VANTE-1", "regular_price": "249"}])
        company.place(3)
        start = FirstStart(company)
        async with chromium() as browser:
            language = "sv"

            async def seen(step: str) -> None:
                nonlocal language
                address = await browser.address()
                for look in looks:
                    await browser.screen(look.width, dark=look.dark)
                    if look.language != language:
                        await browser.click(".who button[lang]")
                        await browser.until("return document.documentElement.lang === arguments[0]", look.language)
                        await browser.go(address)
                        language = look.language
                    (folder / f"setup-{step}{look.mark}.png").write_bytes(await browser.picture())
                await browser.screen(1280)

            await browser.screen(1280)
            await start.sign_in(browser)
            await start.through(browser, seen)


def main(arguments: list[str]) -> None:
    folder = Path(next(each for each in arguments if not each.startswith("--")))
    folder.mkdir(parents=True, exist_ok=True)
    trio.run(take, folder, EVERY if "--all" in arguments else DOCUMENTED)


if __name__ == "__main__":
    main(sys.argv[1:])
