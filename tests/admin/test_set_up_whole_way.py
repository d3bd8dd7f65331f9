"""From nothing at all to the first order in Mamut, in a browser: `brygga run` in an empty folder, both systems as
processes, and the whole guided set-up gone through by a person who makes a mistake or two."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from scenarios.demo_children import free_port
from simulators.woocommerce.options import READ_WRITE
from tests.admin.admin_side import PASSWORD
from tests.admin.chromium import Chromium, chromium
from tests.processes.company import PASSWORD as MAMUT_PASSWORD
from tests.processes.company import Company, events

WRONG_SECRET = "cs_" + "0" * 40


async def test_a_new_user_sets_brygga_up_in_the_browser_and_the_first_order_stands_in_mamut(tmp_path: Path) -> None:
    with Company(tmp_path, seed=6) as company:
        company.open()
        company.place(2)
        port, data = free_port(), str(tmp_path / "data")
        agent = company.start_agent("--listen", f"127.0.0.1:{port}", XDG_DATA_HOME=data)
        company.wait(lambda: '"admin_without_users"' in agent.log.read_text("utf-8"), 20, agent)
        said = company.brygga("admin", "code", XDG_DATA_HOME=data)
        code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", said.stdout)
        assert code is not None, said.stderr
        where = f"http://127.0.0.1:{port}"
        async with chromium() as browser:
            await browser.go(where)
            for name, text in (("code", code.group()), ("name", "kim"), ("password", PASSWORD), ("again", PASSWORD)):
                await browser.type(f"#{name}", text)
            await browser.click("button.primary")
            await browser.until("return location.pathname === '/setup'")
            await browser.click("main form .primary")
            await _company(browser, company)
            await _shop(browser, company)
            await _package(browser)
            await _mapping(browser)
            await _trial(browser)
            assert not company.config.exists()
            assert company.mamut_door.documents() == []
            await _go(browser)
            await browser.until("return location.pathname === '/' && document.querySelector('.said')")
            company.wait(lambda: len(company.mamut_door.documents()) == 2, 20, agent)
            company.place(1)
            assert company.brygga("run-now", "butik", "orders_to_mamut", XDG_DATA_HOME=data).returncode == 0
            company.wait(lambda: len(company.mamut_door.documents()) == 3, 20, agent)
            await browser.go(f"{where}/setup")
            assert await _complaints(browser) == []
        text = company.config.read_text("utf-8")
        assert f'listen = "127.0.0.1:{port}"' in text
        assert agent.stop() == 0
        secrets = tmp_path / "secrets.toml"
        assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
        log = agent.log.read_text("utf-8")
        assert not [each for each in events(agent.log) if each["event"] in ("admin_failed", "actor_failed")], log
        journal = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
        for secret in (MAMUT_PASSWORD, READ_WRITE.consumer_key, READ_WRITE.consumer_secret):
            assert secret in secrets.read_text("utf-8")
            assert secret not in log + text
            assert secret.encode() not in journal


async def _company(browser: Chromium, company: Company) -> None:
    await browser.until("return location.pathname === '/setup/company'")
    await browser.type("#address", company.mamut_address)
    await browser.type("#password", "fel lösenord")
    await _save(browser)
    await browser.until("return document.querySelector('#tests .finding')")
    await browser.type("#password", MAMUT_PASSWORD)
    await _save(browser)
    await _well(browser)
    await _sound(browser)


async def _shop(browser: Chromium, company: Company) -> None:
    await browser.go(await _beside(browser, "shop"))
    await browser.type("#key", "butik")
    await browser.type("#address", "hej")
    await browser.type("#consumer_key", READ_WRITE.consumer_key)
    await browser.type("#consumer_secret", WRONG_SECRET)
    await _save(browser)
    await browser.until("return document.body.textContent.includes('shop[0].address')")
    assert await browser.run("return document.getElementById('address').value") == "hej"
    assert await browser.run("return document.getElementById('consumer_key').value") == ""
    await browser.type("#address", company.shop_address)
    await browser.type("#consumer_secret", READ_WRITE.consumer_secret)
    await _save(browser)
    await browser.until(
        "return document.querySelectorAll('#tests tbody tr').length === 13 && !progress_()".replace(
            "progress_()", "document.getElementById('progress')"
        )
    )
    assert await browser.run("return document.querySelectorAll('#tests .badge.bad').length") == 0
    await _sound(browser)


async def _package(browser: Chromium) -> None:
    """Flow 3 is not in package 100: that is said where it is chosen."""
    await browser.go(await _beside(browser, "package"))
    await browser.click("input[name=flow][value='3']")
    await _save(browser)
    await browser.until("return document.querySelector('main .badge.bad')")
    await browser.click("input[name=flow][value='1']")
    await _sound(browser)
    await _save(browser)
    await browser.until("return location.pathname === '/setup/mapping'")


async def _mapping(browser: Chromium) -> None:
    """What Mamut's own register proposes is right as it stands; the department is called after the web shop."""
    chosen = "return document.querySelector('select[name=\"%s\"]').value"
    assert await browser.run(chosen % "vat:25") == "3"
    assert await browser.run(chosen % "department") == "10"
    assert await browser.run("return document.querySelectorAll('input[name=trigger]:checked').length") == 2
    await _sound(browser)
    await _save(browser)
    await _well(browser)


async def _trial(browser: Chromium) -> None:
    await browser.go(await _beside(browser, "trial"))
    await browser.click("main form button")
    await browser.until("return document.querySelectorAll('details table.proof').length === 2")
    assert await browser.run("return document.querySelectorAll('tbody .badge.good').length") == 4
    await _sound(browser)


async def _go(browser: Chromium) -> None:
    """Two orders were placed before: they are taken when that is chosen."""
    await browser.go(await _beside(browser, "go"))
    await browser.click("input[name=begin][value=listed]")
    await _sound(browser)
    await browser.click("button[name=go]")


async def _save(browser: Chromium) -> None:
    await browser.run("document.documentElement.dataset.before = '1'")
    await browser.click("main form .primary")
    await browser.until("return !document.documentElement.dataset.before && document.readyState === 'complete'")


async def _well(browser: Chromium) -> None:
    await browser.until("return document.querySelector('#tests .said')")


async def _beside(browser: Chromium, step: str) -> str:
    return (await browser.address()).rpartition("/")[0] + f"/{step}"


async def _sound(browser: Chromium) -> None:
    """What the general tests ask of pages without a name, at the narrowest."""
    await browser.screen(360)
    found = [*await browser.overflows(), *await browser.faults(), *await _complaints(browser)]
    await browser.screen(1280)
    assert found == [], await browser.address()


async def _complaints(browser: Chromium) -> list[str]:
    """A page that says what is wrong with a form is sent with a status that the browser tells of."""
    return [each for each in await browser.complaints() if "status of 422" not in each]
