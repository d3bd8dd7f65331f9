"""Pictures of the pages about one order that need both systems at work, as processes: part of `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import trio

from scenarios.demo_children import free_port
from tests.admin.chromium import chromium
from tests.admin.screenshots import DOCUMENTED, EVERY, Look
from tests.admin.test_order_repaired import CUSTOMERS, code_for, hold_two, place, sign_up
from tests.admin.test_whole_way import serve_admin_at
from tests.processes.company import Company


async def take(folder: Path, looks: tuple[Look, ...]) -> None:
    with tempfile.TemporaryDirectory() as home, Company(Path(home), seed=5) as company:
        company.open()
        company.write_settings(more=CUSTOMERS)
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
                    await browser.go(where + path)
                    (folder / f"{name}{look.mark}.png").write_bytes(await browser.picture())


def main(arguments: list[str]) -> None:
    folder = Path(next(each for each in arguments if not each.startswith("--")))
    folder.mkdir(parents=True, exist_ok=True)
    trio.run(take, folder, EVERY if "--all" in arguments else DOCUMENTED)


if __name__ == "__main__":
    main(sys.argv[1:])
