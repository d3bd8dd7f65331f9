"""Pictures of the pages that need both systems at work, as processes: those about one order, and what a rule and a
mapping would change. Part of `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import trio

from scenarios.demo_children import free_port
from tests.admin.chromium import Chromium, chromium
from tests.admin.screenshots import DOCUMENTED, EVERY, Look
from tests.admin.test_order_repaired import CUSTOMERS, code_for, hold_two, place, sign_up
from tests.admin.test_whole_way import serve_admin_at
from tests.processes.company import Company

TABLES = """
[[shop.processing]]
name = "Referens från webben"
object = "order"
side = "written"
do = [{ do = "set", field = "reference", value = "WEBB 7" }]

[[shop.mapping]]
name = "Beställt via"
object = "order"
pick = "created_via"
compute = "value|upper"
field = "packing_text"
"""

TRIALS = {"rules-trial": "/rules/edit?place=0", "mapping-trial": "/mapping/edit?place=0"}


async def tried(browser: Chromium, where: str) -> None:
    """What the table would change in real records, with nothing veiled: all of these people are invented."""
    await browser.go(where)
    await browser.click("#try")
    await browser.find("#result tbody")
    await browser.click("#show")
    await browser.until("return !document.querySelector('#show') && document.querySelector('#result')")


async def take(folder: Path, looks: tuple[Look, ...], only: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as home, Company(Path(home), seed=5) as company:
        company.open()
        company.write_settings(more=CUSTOMERS + TABLES)
        company.write_secrets()
        where = serve_admin_at(company, free_port())
        failing, doubtful = place(company)
        hold_two(company)
        pages = {
            "order": f"/orders/butik/{failing}",
            "order-correct": f"/orders/butik/{failing}/correct",
            "order-records": f"/orders/butik/{failing}/records",
            "order-tie": f"/orders/butik/{doubtful}/tie?mamut_order_no=100000001",
            "matches-compare": f"/matches/butik/{doubtful}",
            **TRIALS,
        }
        line = {"product_no": company.mamut_door.articles()[0].product_no, "qty": "1"}
        company.mamut_door.act("order.create", kind="order", contid=1, currency="SEK", lines=[line])
        async with chromium() as browser:
            await browser.screen(1280)
            await sign_up(browser, where, code_for(company))
            language = "en"
            for look in looks:
                await browser.screen(look.width, dark=look.dark)
                if look.language != language:
                    await browser.click(".who button[lang]")
                    await browser.until("return document.documentElement.lang === arguments[0]", look.language)
                    language = look.language
                for name, path in pages.items():
                    if only and name not in only:
                        continue
                    await (tried if name in TRIALS else Chromium.go)(browser, where + path)
                    (folder / f"{name}{look.mark}.png").write_bytes(await browser.picture())


def main(arguments: list[str]) -> None:
    given = [each for each in arguments if not each.startswith("--")]
    folder = Path(given[0])
    folder.mkdir(parents=True, exist_ok=True)
    trio.run(take, folder, EVERY if "--all" in arguments else DOCUMENTED, tuple(given[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
