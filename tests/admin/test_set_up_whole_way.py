"""From nothing at all to the first order in Mamut, in a browser: `brygga run` in an empty folder, both systems as
processes, and the whole guided set-up."""

from __future__ import annotations

import stat
from pathlib import Path

from simulators.woocommerce.options import READ_WRITE
from tests.admin.chromium import Chromium, chromium
from tests.admin.set_up_walk import FirstStart, secrets_file
from tests.processes.company import PASSWORD as MAMUT_PASSWORD
from tests.processes.company import Company, events


async def test_a_new_user_sets_brygga_up_in_the_browser_and_the_first_order_stands_in_mamut(tmp_path: Path) -> None:
    with Company(tmp_path, seed=6) as company:
        company.open()
        company.place(2)
        start = FirstStart(company)
        async with chromium() as browser:

            async def sound(step: str) -> None:
                await _sound(browser, step)

            await start.sign_in(browser)
            await start.through(browser, sound)
            # Up to here nothing was written anywhere but beside the settings that are to be.
            assert not company.config.exists()
            assert company.mamut_door.documents() == []
            await browser.click("button[name=go]")
            await browser.until("return location.pathname === '/' && document.querySelector('.said')")
            company.wait(lambda: len(company.mamut_door.documents()) == 2, 20, start.agent)
            company.place(1)
            start.brygga("run-now", "butik", "orders_to_mamut")
            company.wait(lambda: len(company.mamut_door.documents()) == 3, 20, start.agent)
            await browser.go(f"{start.where}/setup")
            assert "Garnboden" in await browser.text("main")
        assert start.agent.stop() == 0
        _no_secret_is_anywhere_else(start, company)


def _no_secret_is_anywhere_else(start: FirstStart, company: Company) -> None:
    text, log = company.config.read_text("utf-8"), start.agent.log.read_text("utf-8")
    assert f'listen = "127.0.0.1:{start.port}"' in text
    assert not [each for each in events(start.agent.log) if each["event"] in ("admin_failed", "actor_failed")], log
    kept = secrets_file(company)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    journal = b"".join(path.read_bytes() for path in start.data.rglob("*") if path.is_file())
    for secret in (MAMUT_PASSWORD, READ_WRITE.consumer_key, READ_WRITE.consumer_secret):
        assert kept.read_text("utf-8").count(f'"{secret}"') == 1
        assert secret not in log + text
        assert secret.encode() not in journal


async def _sound(browser: Chromium, step: str) -> None:
    """What the general tests ask of pages that can be asked for by their path alone, at the narrowest. A form that is
    told what is wrong with it is sent with a status that the browser tells of."""
    await browser.screen(360)
    complaints = [each for each in await browser.complaints() if "status of 422" not in each]
    assert [*await browser.overflows(), *await browser.faults(), *complaints] == [], step
    await browser.screen(1280)
