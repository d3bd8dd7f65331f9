"""In a real browser, with the agent and both systems as processes: a plan is made, read and applied on its pages, and a
price that a guard stopped is let through and written."""

from __future__ import annotations

from pathlib import Path

from scenarios.demo_children import free_port
from tests.admin.chromium import chromium
from tests.admin.test_order_repaired import are_sound, code_for, sign_up
from tests.admin.test_whole_way import serve_admin_at
from tests.processes.company import Company

GOVERNED = "\n[shop.products]\nenabled = false\n"
"""Products go over by the plan alone, which a person reads first."""


async def test_a_plan_is_applied_and_a_stopped_price_let_through_in_a_browser(tmp_path: Path) -> None:
    with Company(tmp_path, seed=3) as company:
        company.mamut, company.shop = company.start_mamut(), company.start_shop()
        company.mamut.address()
        company.shop.address()
        company.mamut_door.fill(seed=3, products=10, contacts=0)
        company.write_settings(more=GOVERNED)
        text = company.config.read_text("utf-8").replace('key = "butik"', 'key = "butik"\nflow = 2')
        company.config.write_text(text, encoding="utf-8")
        company.write_secrets()
        where = serve_admin_at(company, free_port())
        agent = company.start_agent()
        company.wait(lambda: '"admin_without_users"' in agent.log.read_text("utf-8"), 20, agent)
        async with chromium() as browser:
            await sign_up(browser, where, code_for(company))
            await browser.go(f"{where}/plans")
            await browser.click("form[action='/plans'] .primary")
            await browser.click("#plans tbody a")
            await browser.until("return document.body.textContent.includes('B-00001')")
            assert company.shop_door.products("sku") == []
            await are_sound(browser, [f"{where}/plans/1", f"{where}/plans/1/rows?action=make"], 360)
            await browser.go(f"{where}/plans/1")
            await browser.click("#plan details summary")
            await browser.click("form[action$='/apply'] .primary")
            await browser.until("return document.querySelector('#plan h1 .badge').textContent === 'verkställd'")
            assert len(company.shop_door.products("sku")) == 10
            # A price ten times as high is stopped, and written when somebody says so.
            company.mamut_door.act("product.change", "B-00001", price_out="90000")
            assert company.brygga("register", "--read-now").returncode == 0
            company.wait(lambda: company.count("guards", "released_ms IS NULL") == 1, 20, agent)
            await browser.go(f"{where}/prices")
            assert "B-00001" in await browser.text("main tbody th")
            await browser.click("main tbody form[action$='/release'] button")
            await browser.until("return document.body.textContent.includes('Inget pris är stoppat')")
            company.wait(lambda: price(company) == "112500.00", 20, agent)
            await browser.go(f"{where}/prices/history")
            assert "framsläppt" in await browser.text("main tbody .badge")
            # What was let through stands on the article's page, and the log is live.
            await browser.go(f"{where}/articles?q=B-00001")
            await browser.click("main tbody a")
            await browser.until("return document.body.textContent.includes('112500')")
            await are_sound(browser, [await browser.address(), f"{where}/shops/butik", f"{where}/log"], 1920, dark=True)
            await browser.type("#text", "sync_ended")
            assert await browser.run(
                "return Array.from(document.querySelectorAll('#log tbody tr')).filter((row) => !row.hidden).length"
            )
        assert agent.stop() == 0


def price(company: Company) -> str:
    rows = company.shop_door.products("sku,regular_price")
    return next(str(row["regular_price"]) for row in rows if row["sku"] == "B-00001")
