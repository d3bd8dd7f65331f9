"""The agent of `brygga run` with both systems as processes, and a person at a browser: in by the code, an order seen
to arrive without asking, the settings changed under it, and the end in order with the page still open."""

from __future__ import annotations

import re
import time
from pathlib import Path

from scenarios.demo_children import free_port
from tests.admin.admin_side import PASSWORD
from tests.admin.chromium import Chromium, chromium
from tests.processes.company import Company, events

PUT_IN_SHOP = (
    "const t = document.getElementById('text'); t.value = t.value.replace('[[shop]]', '[[shop]]\\n' + arguments[0])"
)

ORDERS = "return Number(document.querySelector('.figure').textContent.trim())"


async def test_a_person_gets_in_sees_an_order_arrive_and_the_agent_ends_in_order(tmp_path: Path) -> None:
    with Company(tmp_path, seed=5) as company:
        company.open()
        company.write_settings()
        company.write_secrets()
        where = serve_admin_at(company, free_port())
        agent = company.start_agent()
        company.wait(lambda: '"admin_without_users"' in agent.log.read_text("utf-8"), 20, agent)
        said = company.brygga("admin", "code")
        code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", said.stdout)
        assert code is not None, said.stderr
        company.place(1)
        async with chromium() as browser:
            await browser.go(where)
            assert (await browser.address()).endswith("/first")
            for field, text in (("code", code.group()), ("name", "kim"), ("password", PASSWORD), ("again", PASSWORD)):
                await browser.type(f"#{field}", text)
            await browser.click("button.primary")
            await browser.find("[data-live]")
            await browser.until(ORDERS + " === 1")
            # Another port: the agent moves there by itself, and whoever is signed in stays so.
            there = serve_admin_at(company, free_port())
            assert company.brygga("reload").returncode == 0
            company.wait(lambda: f'"address": "{there}"' in agent.log.read_text("utf-8"), 15, agent)
            await browser.go(f"{there}/users")
            assert "kim" in await browser.text("main tbody th")
            await browser.go(there)
            await browser.until(ORDERS + " === 1")
            await _change_a_setting_and_take_it_back(browser, there, company)
            began = time.monotonic()
            assert agent.stop() == 0
            assert time.monotonic() - began < 8
        log = agent.log.read_text("utf-8")
        assert not [each for each in events(agent.log) if each["event"] in ("admin_failed", "actor_failed")], log
        for secret in (code.group(), PASSWORD):
            assert secret not in log


async def _change_a_setting_and_take_it_back(browser: Chromium, where: str, company: Company) -> None:
    """A wrong text is refused with its place and not lost; a right one is at work at once, until it is taken back."""
    stood = company.config.read_text("utf-8")
    await browser.go(f"{where}/settings/edit")
    await browser.run(PUT_IN_SHOP, 'nam = "Vid torget"')
    await browser.click("form[action='/settings/edit'] .primary")
    await browser.until("return document.querySelector('.wrong') && document.body.textContent.includes('shop[0].nam')")
    assert company.config.read_text("utf-8") == stood
    await browser.run("const t = document.getElementById('text'); t.value = t.value.replace('nam =', 'name =')")
    await browser.click("form[action='/settings/edit'] .primary")
    await browser.until("return /^.settings.[0-9]+$/.test(location.pathname)")
    assert 'name = "Vid torget"' in company.config.read_text("utf-8")
    change = await browser.address()
    await browser.go(f"{where}/schedule")
    await browser.until("return document.querySelector('main h2').textContent === 'Vid torget'")
    await browser.go(change.partition("?")[0])
    await browser.click("main a[href$='/undo']")
    await browser.until("return location.pathname.endsWith('/undo')")
    await browser.click("main form .primary")
    await browser.until("return document.querySelector('.said')")
    assert company.config.read_text("utf-8") == stood


def serve_admin_at(company: Company, port: int) -> str:
    text = company.config.read_text("utf-8")
    company.config.write_text(
        re.sub(r"\[admin\]\n\w+ = .*\n", f'[admin]\nlisten = "127.0.0.1:{port}"\n', text), "utf-8"
    )
    return f"http://127.0.0.1:{port}"
