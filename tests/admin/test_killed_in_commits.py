"""The agent killed before and after each commit of a page: what stands in the journal is what whole commits have left,
and whoever asks again gets what was asked for, once."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import msgspec
import pytest

from agent.actors.reloader import Reloader
from agent.admin.first_user import give_code
from agent.app_change import what_changes
from agent.journal import settings_history, users
from agent.journal.journal import Step, T, open_journal
from agent.journal.settings_history import How, Origin
from agent.journal.users import Role
from agent.model.reasons import Reason
from agent.model.words import Language
from agent.set_up.work import Place, SetUp
from agent.settings.source import SettingsFile
from agent.world import World
from scenarios.play import MortalJournal, StepKill, suppress_killed
from scenarios.steps import ON_PAGES, step_name
from tests.admin.admin_side import PASSWORD, START, AdminSide, Browser, HandClock
from tests.admin.test_settings_pages import BETTER, basis_of
from tests.cli.filled import Filled
from tests.settings.files import GOOD

SHOWN = {
    "users": "name, role, blocked, made_ms",
    "admin_sessions": "user_id, began_ms, seen_ms",
    "acts": "at_ms, who, kind, shop, order_id, subject, before, after, wish_id",
    "wishes": "at_ms, who, kind, shop, order_id, args, done_ms, result",
    "settings_history": "at_ms, who, how, digest, changes",
    "notes": "key, iif(key = 'set_up', value, '')",
    "corrections": "*",
}
"""Everything that pages leave, without what is drawn anew each time: tokens, and the digests of passwords and codes."""

WANTED = {
    "notes": "iif(key = 'set_up', value, '')",
    "users": "name, role, blocked",
    "wishes": "who, kind, shop, order_id",
    "settings_history": "who, digest",
}
"""What somebody is after, whoever often they had to ask."""

SECRETS = """
[mamut]
password = "simulerad"

[shop.garn]
consumer_key = "ck_0123456789"
consumer_secret = "cs_abcdefghij"
"""

State = dict[str, list[tuple[Any, ...]]]


def state(tx: apsw.Connection, columns: dict[str, str]) -> State:
    there = {str(name) for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        table: sorted(tx.execute(f"SELECT {names} FROM {table}"), key=repr)  # noqa: S608 - names of this file
        for table, names in columns.items()
        if table in there
    }


class Noted(MortalJournal):
    """Notes what stands in the journal after each commit."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.after: list[tuple[str, State]] = []

    async def run(self, step: Step[T], *, brief: bool = False) -> T:
        result = await super().run(step, brief=brief)
        self.after.append((step_name(step), state(self._reader, SHOWN)))
        return result


class Life:
    """One process with the admin in it, over the journal and the settings' file of a folder."""

    def __init__(self, folder: Path, cookies: dict[str, str], clock: HandClock) -> None:
        self.file = folder / "brygga.toml"
        self.secrets = folder / "secrets.toml"
        self.cookies = cookies
        self.clock = clock
        self.journal = open_journal(folder / "journal.db", threaded=False, kind=Noted, synchronous=False)
        source = SettingsFile(self.file, {})
        judged = source.judge()
        assert judged.settings is not None
        assert judged.secrets is not None
        # As an agent does at its start.
        settings_history.keep(
            self.journal._writer, 1, judged.text, judged.settings, judged.secrets, Origin(how=How.FOUND)
        )
        reloader = Reloader(
            judged.settings, judged.secrets, self.journal, clock, source, lambda _judged: None, what_changes
        )
        self.side = AdminSide(self.journal, clock, judged.settings, reloader)
        place = Place(file=self.file, environ={}, language=Language.SWEDISH)
        self.side.admin.set_up = SetUp(place, self.journal, clock, World().transports, lambda: None)

    async def does(self, deed: Deed, code: str) -> bool:
        """False when it was killed in it."""
        with suppress_killed() as killed:
            async with self.side:
                browser = await self.side.browser()
                if deed.by_boss:
                    browser.client.cookies.update(self.cookies)
                await deed.do(browser, code)
        return not killed


Do = Callable[[Browser, str], Awaitable[None]]


async def become_the_first(browser: Browser, code: str) -> None:
    """The code is good once: whoever has become a user and heard nothing of it signs in."""
    await browser.get("/first")
    fields = {"code": code, "name": "kim", "password": PASSWORD, "again": PASSWORD}
    if (await browser.post("/first", dict(fields))).status_code != 303:
        assert (await browser.post("/login", {"name": "kim", "password": PASSWORD})).status_code == 303


async def sign_in(browser: Browser, _code: str) -> None:
    await browser.get("/login")
    assert (await browser.post("/login", {"name": "boss", "password": PASSWORD})).status_code == 303


async def sign_out(browser: Browser, _code: str) -> None:
    await browser.get("/")
    await browser.post("/logout")


async def look(browser: Browser, _code: str) -> None:
    assert (await browser.get("/orders")).status_code == 200


async def hold(browser: Browser, _code: str) -> None:
    await browser.get("/orders/garn/1")
    await browser.follow(await browser.post("/orders/garn/1/hold", {"why": "ring kunden"}))


async def raise_lo(browser: Browser, _code: str) -> None:
    await browser.get("/users")
    assert (await browser.post("/users/2/role", {"role": "configure"})).status_code == 303


async def try_all_again(browser: Browser, _code: str) -> None:
    await browser.get("/attention")
    await browser.follow(await browser.post("/attention/retry", {"which": "order/BRY-H02"}))


async def correct(browser: Browser, _code: str) -> None:
    await browser.get("/orders/garn/1/correct")
    fields = {"field": "article.OKÄND-1", "was.article.OKÄND-1": "OKÄND-1", "value.article.OKÄND-1": "B-00004"}
    assert (await browser.post("/orders/garn/1/correct", dict(fields))).status_code == 303


async def save(browser: Browser, _code: str) -> None:
    page = (await browser.get("/settings/edit")).text
    await browser.follow(await browser.post("/settings/edit", {"text": BETTER, "basis": basis_of(page)}))


async def begin_set_up(browser: Browser, _code: str) -> None:
    """Who has begun goes on."""
    if (await browser.get("/setup/company")).status_code == 303:
        await browser.get("/setup")
        assert (await browser.post("/setup/begin", {"shop": "garn"})).status_code == 303


async def type_company(browser: Browser, code: str) -> None:
    await begin_set_up(browser, code)
    await browser.get("/setup/company")
    fields = {"address": "https://mamut.example", "client_no": "002", "user": "kontoret", "password": "ett nytt ord"}
    assert (await browser.post("/setup/company", dict(fields))).status_code == 303


async def forget_set_up(browser: Browser, code: str) -> None:
    await begin_set_up(browser, code)
    await browser.get("/setup")
    assert (await browser.post("/setup/forget")).status_code == 303


async def finish_set_up(browser: Browser, code: str) -> None:
    await type_company(browser, code)
    basis = basis_of((await browser.get("/setup/go")).text)
    fields = {"begin": "kept", "go": "1", "anyway": "1", "basis": basis}
    assert (await browser.post("/setup/go", dict(fields))).headers["location"].startswith("/?said=set_up")


class Deed(NamedTuple):
    """`commits` are those that it makes, in their order."""

    do: Do
    commits: tuple[str, ...]
    by_boss: bool = True


DEEDS = (
    Deed(become_the_first, ("make_first_user", "begin_session"), by_boss=False),
    Deed(sign_in, ("begin_session",), by_boss=False),
    Deed(sign_out, ("use_session", "end_session")),
    Deed(look, ("use_session",)),
    Deed(hold, ("use_session", "wish_on_a_page")),
    Deed(raise_lo, ("use_session", "act_on_a_page")),
    Deed(try_all_again, ("use_session", "wish_for_all_like_it")),
    Deed(correct, ("use_session", "ask_to_correct")),
    Deed(save, ("use_session", "name_writer", "answer_reload", "act_on_a_page")),
    Deed(forget_set_up, ("use_session", "begin_draft", "forget_draft")),
    Deed(
        finish_set_up,
        (
            *("use_session", "begin_draft", "change_draft", "change_draft"),
            *("name_writer", "answer_reload", "forget_draft", "act_on_a_page"),
        ),
    ),
)


class Base(NamedTuple):
    """A folder to begin from, the cookies of somebody who has signed in there, and the terminal's code."""

    folder: Path
    cookies: dict[str, str]
    code: str


@pytest.fixture
async def base(tmp_path: Path) -> Base:
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "brygga.toml").write_text(GOOD, encoding="utf-8")
    (folder / "secrets.toml").write_text(SECRETS, encoding="utf-8")
    (folder / "secrets.toml").chmod(0o600)
    life = Life(folder, {}, HandClock())
    made = Filled(life.journal._writer)
    for number in ("1", "2", "3"):
        made.order(number, 100, reason=Reason.ARTICLE_UNKNOWN, params={"article": "OKÄND-1", "line": "Okänd vara"})
    async with life.side as side:
        boss = await side.signed_in(Role.CONFIGURE, name="boss")
        kept = await side.admin.passwords.kept(PASSWORD)
        users.add(life.journal._writer, "lo", Role.OPERATE, kept, 1)
        code = give_code(life.journal._writer, int(START.timestamp() * 1000))
        cookies = dict(boss.client.cookies)
    life.journal.close()
    return Base(folder, cookies, code)


def later(base: Base, name: str) -> tuple[Path, Life]:
    """Two minutes later, in a copy: by then it is written down again that somebody was there."""
    folder = base.folder.parent / name
    shutil.copytree(base.folder, folder)
    return folder, Life(folder, base.cookies, HandClock(START + timedelta(minutes=2)))


def test_every_commit_of_a_page_is_among_them() -> None:
    tried = {name for deed in DEEDS for name in deed.commits}
    assert set(ON_PAGES.values()) - tried == set()


@pytest.mark.parametrize("deed", DEEDS, ids=[deed.do.__name__ for deed in DEEDS])
async def test_what_a_killed_page_has_left_is_whole_and_asking_again_does_it_once(deed: Deed, base: Base) -> None:
    _, whole = later(base, "whole")
    before = state(whole.journal._reader, SHOWN)
    assert await whole.does(deed, base.code)
    assert tuple(name for name, _ in whole.journal.after) == deed.commits
    stood = [before, *(each for _, each in whole.journal.after)]
    wanted = _wanted(whole)
    whole.journal.close()
    for number, name in enumerate(deed.commits):
        for when, left in (("before", stood[number]), ("after", stood[number + 1])):
            folder, life = later(base, f"{number}-{when}")
            nth = deed.commits[: number + 1].count(name)
            life.journal.kills = (msgspec.convert({"step": name, "when": when, "nth": nth}, StepKill),)
            assert not await life.does(deed, base.code), (name, when)
            life.journal.crash()
            again = Life(folder, base.cookies, life.clock)
            found = state(again.journal._reader, SHOWN)
            # An agent that finds its settings changed keeps them at its start.
            found["settings_history"] = found["settings_history"][: len(left["settings_history"])]
            assert found == left, (name, when)
            assert await again.does(deed, base.code)
            assert _wanted(again) == wanted, (name, when)
            again.journal.close()


def _wanted(life: Life) -> tuple[object, ...]:
    """Also what the files say; how often somebody asked, and how often it was kept, is left out."""
    found = state(life.journal._reader, WANTED)
    files = (life.file.read_text(encoding="utf-8"), life.secrets.read_text(encoding="utf-8"))
    return {table: set(rows) for table, rows in found.items()}, files
