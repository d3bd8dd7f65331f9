"""The guided set-up gone through in a browser by a person who makes a mistake or two, from an empty folder on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from scenarios.demo_children import free_port
from simulators.woocommerce.options import READ_WRITE
from tests.admin.admin_side import PASSWORD
from tests.admin.chromium import Chromium
from tests.processes.company import PASSWORD as MAMUT_PASSWORD
from tests.processes.company import Company
from tests.processes.forked import Forked

WRONG_SECRET = "cs_" + "0" * 40

Seen = Callable[[str], Awaitable[None]]
"""Called at each step, when it shows all that it has to show."""


class FirstStart:
    """`brygga run` in a folder without settings, with its journal where a person's data lie."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.port = free_port()
        self.where = f"http://127.0.0.1:{self.port}"
        self.data = company.folder / "data"
        self.code = ""
        self.agent: Forked = company.start_agent("--listen", f"127.0.0.1:{self.port}", XDG_DATA_HOME=str(self.data))

    def brygga(self, *arguments: str) -> str:
        ran = self.company.brygga(*arguments, XDG_DATA_HOME=str(self.data))
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    async def sign_in(self, browser: Chromium) -> None:
        """With the code that the command gives, which says the right address too."""
        self.company.wait(lambda: '"admin_without_users"' in self.agent.log.read_text("utf-8"), 20, self.agent)
        said = self.brygga("admin", "code")
        code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", said)
        assert code is not None, said
        assert self.where in said
        self.code = code.group()
        await browser.go(self.where)
        for name, text in (("code", self.code), ("name", "kim"), ("password", PASSWORD), ("again", PASSWORD)):
            await browser.type(f"#{name}", text)
        await browser.click("button.primary")
        await browser.until("return location.pathname === '/setup'")

    async def through(self, browser: Chromium, seen: Seen) -> None:
        """To the last step, before its button is pressed."""
        await seen("start")
        await browser.click("main form .primary")
        await browser.until("return location.pathname === '/setup/company'")
        await self._company(browser)
        await seen("company")
        await browser.go(f"{self.where}/setup/shop")
        await self._shop(browser)
        await seen("shop")
        await browser.go(f"{self.where}/setup/package")
        await self._package(browser, seen)
        await self._mapping(browser, seen)
        await browser.go(f"{self.where}/setup/trial")
        await browser.click("main form button")
        await browser.until("return document.querySelector('details table.proof')")
        await seen("trial")
        await browser.go(f"{self.where}/setup/go")
        await browser.click("input[name=begin][value=listed]")
        await seen("go")

    async def _company(self, browser: Chromium) -> None:
        await browser.type("#address", self.company.mamut_address)
        await browser.type("#password", "fel lösenord")
        await _save(browser)
        await browser.until("return document.querySelector('#tests .finding')")
        await browser.type("#password", MAMUT_PASSWORD)
        await _save(browser)
        await browser.until("return document.querySelector('#tests .said')")

    async def _shop(self, browser: Chromium) -> None:
        """What is typed wrong is told with its place, and kept; a secret is never shown again."""
        await browser.type("#name", "Garnboden")
        await browser.type("#key", "butik")
        await browser.type("#address", "hej")
        await browser.type("#consumer_key", READ_WRITE.consumer_key)
        await browser.type("#consumer_secret", WRONG_SECRET)
        await _save(browser)
        await browser.until("return document.body.textContent.includes('shop[0].address')")
        assert await browser.run("return document.getElementById('address').value") == "hej"
        assert await browser.run("return document.getElementById('consumer_key').value") == ""
        await browser.type("#address", self.company.shop_address)
        await browser.type("#consumer_secret", READ_WRITE.consumer_secret)
        await _save(browser)
        await browser.until(
            "return document.querySelectorAll('#tests tbody tr').length === 13 && !document.querySelector('progress')"
        )
        assert await browser.run("return document.querySelectorAll('#tests .badge.bad').length") == 0

    async def _package(self, browser: Chromium, seen: Seen) -> None:
        """Flow 2 is not in package 100, which is said where it is chosen."""
        await browser.click("input[name=flow][value='2']")
        await _save(browser)
        await browser.until("return document.querySelector('main .badge.bad')")
        await browser.click("input[name=package][value='200']")
        await browser.click("main form .primary")
        await browser.until("return location.pathname === '/setup/mapping'")
        await browser.go(f"{self.where}/setup/package")
        await seen("package")
        await browser.go(f"{self.where}/setup/mapping")

    async def _mapping(self, browser: Chromium, seen: Seen) -> None:
        """What the lists of both sides propose is right as it stands; the department is called after the web shop."""
        chosen = "return document.querySelector(`select[name='${arguments[0]}']`).value"
        for name, value in (("vat:25", "3"), ("vat:6", "5"), ("eu_company", "10"), ("department", "10")):
            assert await browser.run(chosen, name) == value, name
        assert await browser.run("return document.querySelectorAll('input[name=trigger]:checked').length") == 2
        await _save(browser)
        await browser.until("return document.querySelector('#tests .said')")
        await seen("mapping")


async def _save(browser: Chromium) -> None:
    """Presses the button and waits for the page after it."""
    await browser.run("document.documentElement.dataset.before = '1'")
    await browser.click("main form .primary")
    await browser.until("return !document.documentElement.dataset.before && document.readyState === 'complete'")


def secrets_file(company: Company) -> Path:
    return company.folder / "secrets.toml"
