"""A rule written in a browser, over real processes: refused with its place while it is wrong, tried on real orders with
names veiled, saved, and at work on the next order."""

from __future__ import annotations

import re
from pathlib import Path

from scenarios.demo_children import free_port
from tests.admin.admin_side import PASSWORD
from tests.admin.chromium import Chromium, chromium
from tests.processes.company import Company, events

CHOOSE = """
    const select = document.getElementById(arguments[0]);
    select.value = arguments[1];
    select.dispatchEvent(new Event("change", { bubbles: true }));
"""

CELLS = (
    "return Array.from(document.querySelectorAll('#result tbody tr')).map((row) => row.lastElementChild.textContent)"
)


async def test_a_rule_is_written_tried_and_saved_and_the_next_order_shows_it(tmp_path: Path) -> None:
    with Company(tmp_path, seed=5) as company:
        company.open()
        company.write_settings()
        company.write_secrets()
        where = f"http://127.0.0.1:{free_port()}"
        text = company.config.read_text("utf-8")
        company.config.write_text(text.replace("enabled = false", f'listen = "{where[7:]}"', 1), "utf-8")
        agent = company.start_agent()
        company.place(2)
        company.wait(lambda: '"admin_without_users"' in agent.log.read_text("utf-8"), 20, agent)
        async with chromium() as browser:
            await _enter(browser, where, company)
            company.wait(company.is_settled, 20, agent)
            await _write_a_rule(browser, where, company)
            await _try_a_mapping(browser, where)
            company.place(1)
            company.wait(company.is_settled, 20, agent)
            await browser.go(f"{where}/orders")
            await browser.click("tbody th a")
            await browser.find(".story")
            assert "Reference" in await browser.text(".story")
            await browser.go(f"{where}/acts")
            acts = await browser.text("main")
        assert agent.stop() == 0
        assert "changed a rule" in acts
        assert "looked at personal data in a trial" in acts
        assert company.count("events", "data LIKE '%\"rule_changed\"%' AND data LIKE '%reference%'") == 1
        assert not [each for each in events(agent.log) if each["event"] in ("admin_failed", "actor_failed")]


async def _enter(browser: Chromium, where: str, company: Company) -> None:
    said = company.brygga("admin", "code").stdout
    code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", said)
    assert code is not None
    await browser.go(where)
    for field, text in (("code", code.group()), ("name", "kim"), ("password", PASSWORD), ("again", PASSWORD)):
        await browser.type(f"#{field}", text)
    await browser.click("button.primary")
    await browser.find("[data-live]")


async def _write_a_rule(browser: Chromium, where: str, company: Company) -> None:
    stood = company.config.read_text("utf-8")
    await browser.go(f"{where}/rules/edit?shop=butik")
    await browser.type("#name", "Reference")
    await browser.run(CHOOSE, "side", "written")
    await browser.until("return document.querySelector('#settable option[value=your_ref]')")
    await browser.type("[id='do.0.field']", "refernce")
    await browser.type("[id='do.0.value']", "WEBB 7")
    await browser.click(".actions.after .primary")
    fault = await browser.text("#fault-do-0-field")
    assert "reference" in fault
    assert await browser.run("return document.getElementById('do.0.value').value") == "WEBB 7"
    assert "shop[0].processing[0].do[0].field" in await browser.text("main")
    assert company.config.read_text("utf-8") == stood
    await browser.type("[id='do.0.field']", "reference")
    await browser.click("#try")
    await browser.find("#result tbody")
    assert await browser.run(CELLS) == ["•••", "•••"]
    await browser.click("#show")
    await browser.until("return !document.querySelector('#show') && document.querySelector('#result')")
    assert await browser.run(CELLS) == ["WEBB 7", "WEBB 7"]
    assert company.config.read_text("utf-8") == stood
    await browser.click(".actions.after .primary")
    await browser.until("return location.pathname === '/rules'")
    assert "set reference to “WEBB 7”" in await browser.text("main")
    assert company.config.read_text("utf-8").startswith(stood.rstrip())


async def _try_a_mapping(browser: Chromium, where: str) -> None:
    """What the shop's orders hold is listed by name, and a mapping is tried that is never saved."""
    await browser.go(f"{where}/mapping/edit?shop=butik")
    await browser.find("#sources details")
    assert await browser.run("return Boolean(document.querySelector('#of-orders option[value=created_via]'))")
    await browser.type("#name", "Source")
    await browser.type("#pick", "created_via")
    await browser.type("#compute", "value|upper|cut(0, 5)")
    await browser.type("#field", "packing_text")
    await browser.click("#try")
    await browser.find("#result tbody")
    await browser.click("#show")
    await browser.until("return !document.querySelector('#show') && document.querySelector('#result')")
    assert await browser.run(CELLS) == ["STORE", "STORE"]
    assert await browser.run("return document.getElementById('pick').value") == "created_via"
