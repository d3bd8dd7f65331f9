"""Pictures of every page, of a small company that was played in virtual time: `make screenshots`.

With `--all` each page is taken narrow and wide, by day and by night, in both languages, for somebody to look through.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import trio

from tests.admin.chromium import Chromium, chromium
from tests.admin.company import play_company, served
from tests.admin.test_in_chromium import PAGES, sign_in

HOURS = 12
"""So long the company is played."""


class Look(NamedTuple):
    """How pages are shown. `mark` is what the file's name says of it."""

    mark: str
    width: int
    dark: bool
    language: str


DOCUMENTED = (Look("", 1280, dark=False, language="sv"),)
EVERY = tuple(
    Look(f"-{width}-{'dark' if dark else 'light'}-{language}", width, dark, language)
    for width in (360, 1920)
    for dark in (False, True)
    for language in ("sv", "en")
)


DOORS = {"login": "/login", "first": "/first"}
"""What is seen by whoever has not signed in."""

MORE = {"settings-change": "/settings/2", "settings-undo": "/settings/2/undo"}
"""Pages that need a name, of this company."""

ELSEWHERE = ("/articles", "/plans", "/prices", "/prices/history", "/shops", "/stock", "/setup", "/log", "/log/older")
"""Pages that this company has nothing to show on: the other scripts take them."""


def pictured(day: str) -> Iterator[tuple[str, str]]:
    """Name and path of each page."""
    for path in PAGES:
        if path in ELSEWHERE:
            continue
        name = path.strip("/").replace("/", "-") or "overview"
        yield name, path + {"/account": f"?day={day}", "/rules/edit": "?place=0"}.get(path, "")
    yield from MORE.items()


async def take(folder: Path, looks: tuple[Look, ...], only: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as place:
        settings, now = await trio.to_thread.run_sync(play_company, Path(place), HOURS)
        async with served(Path(place), settings, now) as where, chromium() as browser:
            for look in looks:
                await browser.screen(1280)
                await speak(browser, f"{where}/login", look.language)
                await browser.screen(look.width, dark=look.dark)
                for name, path in DOORS.items():
                    if only and name not in only:
                        continue
                    await browser.go(where + path)
                    (folder / f"{name}{look.mark}.png").write_bytes(await browser.picture())
            await browser.screen(1280)
            await sign_in(browser, where)
            for look in looks:
                await speak(browser, f"{where}/", look.language)
                await browser.screen(look.width, dark=look.dark)
                for name, path in pictured(f"{now:%Y-%m-%d}"):
                    if only and name not in only:
                        continue
                    await browser.go(where + path)
                    if name == "overview":
                        await browser.until("return document.getElementById('charts').dataset.drawn")
                    (folder / f"{name}{look.mark}.png").write_bytes(await browser.picture(height(name, look)))


def height(name: str, look: Look) -> int:
    """So many pixels of the page at most: of a long list the documents show the beginning."""
    return 1100 if look in DOCUMENTED and name in ("orders", "log", "plan-rows") else 4000


async def speak(browser: Chromium, page: str, language: str) -> None:
    await browser.go(page)
    if await browser.run("return document.documentElement.lang") != language:
        await browser.click(".who button[lang]")
        await browser.until("return document.documentElement.lang === arguments[0]", language)


def main(arguments: list[str]) -> None:
    given = [each for each in arguments if not each.startswith("--")]
    folder = Path(given[0])
    folder.mkdir(parents=True, exist_ok=True)
    trio.run(take, folder, EVERY if "--all" in arguments else DOCUMENTED, tuple(given[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
