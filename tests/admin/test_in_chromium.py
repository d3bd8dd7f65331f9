"""In a real browser: getting in, what is live, keyboard, both languages, every width, light and dark, and axe."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from agent.admin.contents import ROUTES
from agent.admin.first_user import give_code
from agent.journal.journal import look_into
from agent.settings.tree import Settings
from tests.admin.admin_side import PASSWORD
from tests.admin.chromium import Chromium, chromium
from tests.admin.company import play_company, served

Company = tuple[Path, Settings, datetime]

PAGES = tuple(
    route.path
    for route in ROUTES
    if route.method == "GET"
    and route.role is not None
    and "{" not in route.path
    and not route.path.endswith((".json", "/live", "/metrics"))
)
"""Every page that can be asked for by its path alone; those that need a name are in tests of their own."""

TAB, ENTER = "\ue004", "\ue007"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("company")
    return (folder, *play_company(folder))


async def sign_in(browser: Chromium, where: str) -> None:
    await browser.go(f"{where}/login")
    await browser.type("#name", "kim")
    await browser.type("#password", PASSWORD)
    await browser.click("button.primary")
    await browser.find("nav.menu")


@pytest.mark.parametrize(("language", "width", "dark"), [("sv", 360, False), ("en", 1920, True)])
async def test_every_page_is_sound_narrow_by_day_and_wide_by_night(
    company: Company, language: str, width: int, dark: bool
) -> None:
    async with served(*company) as where, chromium() as browser:
        await browser.screen(width, dark=dark)
        await sign_in(browser, where)
        if language != "sv":
            await browser.click(".who button[lang]")
            await browser.until("return document.documentElement.lang === arguments[0]", language)
        for path in (*PAGES, *[await an_order(browser, where, state) for state in ("held", "transferred")]):
            await browser.go(where + path)
            assert await browser.run("return document.documentElement.lang") == language
            found = [*await browser.overflows(), *await browser.faults(), *await browser.complaints()]
            assert found == [], f"{path}: {found}"


async def an_order(browser: Chromium, where: str, state: str) -> str:
    """The page of one order in that state."""
    await browser.go(f"{where}/orders?state={state}")
    return str(await browser.run("return document.querySelector('tbody th a').getAttribute('href')"))


async def runs_no_script_of_others(browser: Chromium) -> None:
    """What somebody has managed to write into a page is not run, and the browser says why."""
    script = """
        const bad = document.createElement("script");
        bad.textContent = "window.ran = true";
        const place = document.createElement("p");
        place.setAttribute("onclick", "window.ran = true");
        document.body.append(bad, place);
        place.click();
        return Boolean(window.ran);
    """
    assert await browser.run(script) is False
    assert any("Content Security Policy" in each for each in await browser.complaints())


async def test_the_first_user_gets_in_and_reads_on_by_keyboard_alone(company: Company) -> None:
    folder, _, now = company
    tx = look_into(folder / "journal.db")
    code = give_code(tx, int(now.timestamp() * 1000))
    tx.close()
    async with served(*company) as where, chromium() as browser:
        await browser.screen(360)
        await browser.go(f"{where}/first")
        await browser.press(code + TAB + "Lo" + TAB + PASSWORD + TAB + PASSWORD + ENTER)
        await browser.find("nav.menu")
        # The first stop leads past the menu.
        await browser.press(TAB)
        assert await browser.run("return document.activeElement.className") == "skip"
        await browser.press(ENTER + TAB)
        assert await browser.run("return document.querySelector('main').contains(document.activeElement)")
        assert await browser.run("return getComputedStyle(document.getElementById('menu')).display") == "none"
        await browser.click(".menu-button")
        assert await browser.run("return document.activeElement.getAttribute('aria-expanded')") == "true"
        assert await browser.run("return getComputedStyle(document.getElementById('menu')).display") == "block"
        await runs_no_script_of_others(browser)


async def test_what_changes_is_shown_without_asking_and_its_loss_is_told(company: Company) -> None:
    folder, settings, now = company
    async with chromium() as browser:
        async with served(folder, settings, now) as where:
            await sign_in(browser, where)
            await browser.until("return document.getElementById('charts').dataset.drawn")
            assert await browser.run("return document.querySelectorAll('#charts canvas').length") == 2
            tx = look_into(folder / "journal.db")
            tx.execute("UPDATE shops SET frozen_fault = 'BRY-C06', frozen_ms = 1 WHERE shop = 'tyg'")
            await browser.until("return document.querySelector('[data-live]').textContent.includes('BRY-C06')")
            # A session that is over leads to the door by itself, and back again.
            tx.execute("DELETE FROM admin_sessions")
            tx.execute("UPDATE shops SET frozen_fault = '', frozen_ms = NULL WHERE shop = 'tyg'")
            await browser.until("return location.pathname === '/login'")
            await sign_in(browser, where)
            await browser.until("return !document.querySelector('[data-live]').textContent.includes('BRY-C06')")
            tx.close()
        await browser.until("return !document.getElementById('live-lost').hidden")
        assert "Ingen kontakt" in await browser.text("#live-lost")


async def test_the_buttons_of_what_is_live_do_what_they_say(company: Company) -> None:
    """They belong to a form outside the piece, which is replaced whenever something has changed."""
    folder, settings, now = company
    async with served(folder, settings, now) as where, chromium() as browser:
        await sign_in(browser, where)
        await browser.go(f"{where}/attention")
        # What somebody has folded up stays so when the piece is replaced.
        await browser.run("document.querySelector('details[id]').removeAttribute('open')")
        tx = look_into(folder / "journal.db")
        tx.execute("UPDATE shops SET frozen_fault = 'BRY-C06', frozen_ms = 1 WHERE shop = 'tyg'")
        await browser.until("return document.querySelector('[data-live]').textContent.includes('BRY-C06')")
        assert await browser.run("return document.querySelector('details[id*=H02]').open") is False
        tx.execute("UPDATE shops SET frozen_fault = '', frozen_ms = NULL WHERE shop = 'tyg'")
        await browser.until("return !document.querySelector('[data-live]').textContent.includes('BRY-C06')")
        await browser.click("button[form='retry']")
        await browser.until("return document.querySelector('.said')")
        await browser.go(f"{where}/schedule")
        await browser.click("button[formaction$='/pause']")
        await browser.until("return document.querySelector('.said')")
        wishes = {str(kind) for (kind,) in tx.execute("SELECT kind FROM wishes WHERE done_ms IS NULL")}
        tx.execute("DELETE FROM wishes WHERE done_ms IS NULL")
        tx.close()
        assert wishes == {"retry", "pause"}
        assert await browser.complaints() == []
