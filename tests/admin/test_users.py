"""Users come by codes, change and go; somebody can always configure; every act is kept."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from agent.admin.contents import TEXTS
from agent.admin.first_user import HOLDS_S, give_code
from agent.journal import users
from agent.journal.users import Role
from tests.admin.admin_side import PASSWORD, AdminSide, Browser, HandClock

ROOM = Path(__file__).resolve().parents[2] / "agent" / "admin"


def in_terminal(side: AdminSide, hand_clock: HandClock) -> str:
    """The code that the agent would show in its terminal."""
    now_ms = int(hand_clock().timestamp() * 1000)
    return give_code(side.journal._writer, now_ms)


async def become(browser: Browser, code: str, name: str, password: str = PASSWORD, again: str = "") -> httpx.Response:
    await browser.get("/first")
    fields = {"code": code, "name": name, "password": password, "again": again or password}
    return await browser.post("/first", fields)


def roles(side: AdminSide) -> dict[str, tuple[str, bool]]:
    return {user.name: (user.role.value, user.blocked) for user in side.journal.view(users.users)}


async def test_the_first_user_comes_by_the_code_of_the_terminal(side: AdminSide, hand_clock: HandClock) -> None:
    browser = await side.browser()
    assert (await browser.get("/orders")).status_code in (303, 404)
    assert (await browser.get("/")).headers["location"] == "/first"
    code = in_terminal(side, hand_clock)
    assert (await become(browser, "AAAA-BBBB-CCCC-DDDD", "Kim")).status_code == 403
    assert (await become(browser, code, "Kim", "för kort")).status_code == 422
    assert (await become(browser, code, "Kim", again="någonting helt annat")).status_code == 422
    # As people type it: small letters and no dashes.
    answer = await become(browser, code.lower().replace("-", " "), "Kim")
    assert (await browser.follow(answer)).status_code == 200
    assert roles(side) == {"Kim": ("configure", False)}
    assert (await become(await side.browser(), code, "Lo")).status_code == 403


async def test_a_code_is_worth_nothing_after_a_day(side: AdminSide, hand_clock: HandClock) -> None:
    code = in_terminal(side, hand_clock)
    hand_clock.pass_(seconds=HOLDS_S)
    assert (await become(await side.browser(), code, "Kim")).status_code == 403
    assert roles(side) == {}


async def test_an_invited_user_gets_the_role_that_was_chosen_and_no_other_name(side: AdminSide) -> None:
    boss = await side.signed_in(Role.CONFIGURE, name="boss")
    page = await boss.post("/users", {"name": "lo", "role": "operate"})
    code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", page.text)
    assert code is not None
    assert (await become(await side.browser(), code.group(), "någon annan")).status_code == 403
    browser = await side.browser()
    assert (await become(browser, code.group(), "lo")).status_code == 303
    assert roles(side)["lo"] == ("operate", False)
    assert (await browser.get("/users")).status_code == 403


async def test_a_new_code_replaces_a_forgotten_password_and_ends_old_sessions(side: AdminSide) -> None:
    boss = await side.signed_in(Role.CONFIGURE, name="boss")
    lo = await side.signed_in(Role.LOOK, name="lo")
    number = next(user.user_id for user in side.journal.view(users.users) if user.name == "lo")
    page = await boss.post(f"/users/{number}/code")
    code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", page.text)
    assert code is not None
    assert (await become(await side.browser(), code.group(), "lo", "ett helt nytt lösenord")).status_code == 303
    assert (await lo.get("/")).status_code == 303
    assert roles(side)["lo"] == ("look", False)


async def test_somebody_can_always_configure(side: AdminSide) -> None:
    boss = await side.signed_in(Role.CONFIGURE, name="boss")
    await side.signed_in(Role.LOOK, name="lo")
    numbers = {user.name: user.user_id for user in side.journal.view(users.users)}
    await boss.get("/users")
    assert (await boss.post(f"/users/{numbers['boss']}/block")).status_code == 422
    assert (await boss.post(f"/users/{numbers['boss']}/role", {"role": "look"})).status_code == 422
    assert (await boss.post(f"/users/{numbers['lo']}/role", {"role": "configure"})).status_code == 303
    assert (await boss.post(f"/users/{numbers['boss']}/block")).status_code == 303
    assert roles(side) == {"boss": ("configure", True), "lo": ("configure", False)}
    # Whoever is blocked is out at once.
    assert (await boss.get("/")).status_code == 303


async def test_a_blocked_user_does_not_get_in(side: AdminSide) -> None:
    boss = await side.signed_in(Role.CONFIGURE, name="boss")
    lo = await side.signed_in(Role.OPERATE, name="lo")
    number = next(user.user_id for user in side.journal.view(users.users) if user.name == "lo")
    await boss.get("/users")
    await boss.post(f"/users/{number}/block")
    assert (await lo.get("/")).status_code == 303
    await lo.get("/login")
    assert (await lo.post("/login", {"name": "lo", "password": PASSWORD})).status_code == 403
    await boss.post(f"/users/{number}/block")
    assert (await lo.post("/login", {"name": "lo", "password": PASSWORD})).status_code == 303


async def test_changing_ones_password_asks_for_the_old_one(side: AdminSide) -> None:
    lo = await side.signed_in(Role.LOOK, name="lo")
    await lo.get("/password")
    new = "ett helt nytt lösenord"
    fields = {"old": "fel", "password": new, "again": new}
    assert (await lo.post("/password", fields)).status_code == 403
    assert (await lo.post("/password", {**fields, "old": PASSWORD})).headers["location"].startswith("/login")
    await lo.get("/login")
    assert (await lo.post("/login", {"name": "lo", "password": PASSWORD})).status_code == 403
    assert (await lo.post("/login", {"name": "lo", "password": new})).status_code == 303


async def test_every_act_is_kept_with_who_when_and_what_it_was_before(side: AdminSide, hand_clock: HandClock) -> None:
    boss = await side.signed_in(Role.CONFIGURE, name="boss")
    await side.signed_in(Role.LOOK, name="lo")
    number = next(user.user_id for user in side.journal.view(users.users) if user.name == "lo")
    await boss.get("/users")
    await boss.post(f"/users/{number}/role", {"role": "operate"})
    hand_clock.pass_(minutes=1)
    await boss.post(f"/users/{number}/block")
    newest, older = side.journal.view(lambda tx: users.acts(tx, 10))
    assert (older.who, older.kind, older.subject) == ("boss", "user_role", "lo")
    assert (older.before, older.after) == ({"role": "look"}, {"role": "operate"})
    assert (newest.kind, newest.before, newest.after) == ("user_blocked", {"blocked": False}, {"blocked": True})
    assert newest.at_ms - older.at_ms == 60_000


async def test_both_languages_are_there_and_the_choice_is_kept(side: AdminSide) -> None:
    browser = await side.browser()
    await browser.get("/first")
    assert 'lang="sv"' in (await browser.get("/first")).text
    answer = await browser.post("/language", {"language": "en", "back": "/first"})
    page = await browser.follow(answer)
    assert '<html lang="en">' in page.text
    assert "One-time code" in page.text
    assert '<html lang="en">' in (await browser.get("/first")).text


def test_every_text_that_a_template_asks_for_exists_and_none_stands_in_a_template() -> None:
    asked = set()
    for path in sorted((ROOM / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"\bt\(\s*[\"']([a-z_]+\.[a-z_0-9]+)[\"']\s*[,)]", source))
        bare = re.sub(r"\{[{%#].*?[#%}]\}|<!--.*?-->|<[^>]*>", " ", source, flags=re.DOTALL)
        words = re.findall(r"[A-Za-zÅÄÖåäö]{2,}", bare)
        assert [word for word in words if word not in ("Brygga", "WooCommerce", "Mamut", "kr")] == [], path.name
    assert asked - set(TEXTS) == set()
    assert len(asked) > 60


def test_both_languages_of_a_text_name_the_same_values() -> None:
    differing = [
        key
        for key, text in TEXTS.items()
        if set(re.findall(r"\{\w+\}", text.sv)) != set(re.findall(r"\{\w+\}", text.en))
    ]
    assert differing == []
