"""The settings' pages: who changed what, taking it back, and editing the file, which is saved whole or not at all."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.actors.reloader import EVERYWHERE, Reloader
from agent.app_change import what_changes
from agent.journal import records, settings_history, users
from agent.journal.journal import Journal
from agent.journal.settings_history import How, Origin
from agent.journal.users import Role
from agent.settings.judge import Judgement
from agent.settings.source import SettingsFile
from tests.admin.admin_side import AdminSide, Browser, HandClock, journal_in
from tests.settings.files import GOOD, changed

ENVIRON = {
    "BRYGGA_MAMUT_PASSWORD": "simulerad",
    "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_0123456789",
    "BRYGGA_SHOP_GARN_CONSUMER_SECRET": "cs_abcdefghij",
}

WRONG = changed('"25" = 3', '"25" = "tre"', GOOD)
BETTER = changed('package = "400"', 'package = "800"  # köpt i juni', GOOD)


class AtWork:
    """The admin of an agent whose settings stand in a real file."""

    def __init__(self, folder: Path, journal: Journal, clock: HandClock) -> None:
        self.file = folder / "brygga.toml"
        self.file.write_text(GOOD, encoding="utf-8")
        source = SettingsFile(self.file, ENVIRON)
        judged = source.judge()
        assert judged.settings is not None, judged.findings
        assert judged.secrets is not None
        self.accepted: list[Judgement] = []
        reloader = Reloader(judged.settings, judged.secrets, journal, clock, source, self.accepted.append, what_changes)
        self.side = AdminSide(journal, clock, judged.settings, reloader)
        settings_history.keep(
            journal._writer, 1, GOOD, judged.settings, judged.secrets, Origin(how=How.FOUND), before=judged.settings
        )

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()

    async def save(self, browser: Browser, text: str, where: str = "edit") -> str:
        page = (await browser.get("/settings/edit")).text
        answer = await browser.post(f"/settings/{where}", {"text": text, "basis": basis_of(page)})
        return answer.text if answer.status_code != 303 else (await browser.follow(answer)).text


def basis_of(page: str) -> str:
    found = re.search(r'name="basis" value="([0-9a-f]+)"', page)
    assert found is not None, page
    return found.group(1)


def typed_in(page: str) -> str:
    """What a browser would show in the text's field."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found is not None, page
    return html.unescape(found.group(1))


@pytest.fixture
async def work(tmp_path: Path, hand_clock: HandClock) -> AsyncIterator[AtWork]:
    journal = journal_in(tmp_path)
    try:
        made = AtWork(tmp_path, journal, hand_clock)
        async with made.side:
            yield made
    finally:
        journal.close()


async def test_wrong_settings_are_refused_whole_with_each_fault_and_nothing_typed_is_lost(work: AtWork) -> None:
    browser = await work.side.signed_in()
    for where in ("check", "edit"):
        text = WRONG.replace("department = 2", "departmant = 2") + "# <script>&amp;</script>\n"
        page = await work.save(browser, text, where)
        for told in ("shop[0].vat.domestic.25", "shop[0].departmant", "BRY-S", "Åtgärd", "fel måste rättas"):
            assert told in page, told
        assert typed_in(page) == text
        assert "<script>&" not in page
    assert work.text == GOOD
    assert work.accepted == []
    assert [act.kind for act in work.side.journal.view(lambda tx: users.acts(tx, 9))] == []


async def test_a_change_is_checked_saved_shown_and_taken_back(work: AtWork, hand_clock: HandClock) -> None:
    browser = await work.side.signed_in(name="kim")
    page = await work.save(browser, BETTER, "check")
    assert "Inget är sparat än" in page
    assert "+package = &#34;800&#34;" in page
    assert "Ingen behöver börja om." in page
    page = await work.save(browser, changed('"25" = 3', '"25" = 7', GOOD), "check")
    assert "Börjar om med de nya inställningarna: garn (order" in page
    assert work.text == GOOD
    # As a browser sends it.
    page = await work.save(browser, BETTER.replace("\n", "\r\n"))
    assert work.text == BETTER
    assert "package: &#34;400&#34; → &#34;800&#34;" in page
    assert [each.settings and each.settings.package for each in work.accepted] == ["800"]
    hand_clock.pass_(minutes=1)
    await work.save(browser, BETTER + "# mer\n")
    listed = (await browser.get("/settings")).text
    assert re.findall(r'href="/settings/(\d+)"', listed) == ["3", "2", "1"]
    assert listed.count("kim") >= 2
    asked = (await browser.get("/settings/2/undo")).text
    assert "Ändring 3" in asked
    assert "+package = &#34;400&#34;" in asked
    assert work.text == BETTER + "# mer\n"
    page = (await browser.follow(await browser.post("/settings/2/undo", {"basis": basis_of(asked)}))).text
    assert work.text == GOOD
    assert "ändring 2 togs tillbaka" in page
    found = work.side.journal.view(settings_history.newest)
    assert found is not None
    assert (found.number, found.how, found.who, found.undoes) == (4, How.UNDONE, "kim", 2)
    assert [each.settings and each.settings.package for each in work.accepted] == ["800", "400"]
    acts = [(act.who, act.kind, act.subject) for act in work.side.journal.view(lambda tx: users.acts(tx, 9))]
    assert acts[0] == ("kim", "settings_undone", "brygga.toml, 2")
    assert [kind for _, kind, _ in acts[1:]] == ["settings_saved", "settings_saved"]


async def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_written_over(work: AtWork) -> None:
    browser = await work.side.signed_in()
    page = (await browser.get("/settings/edit")).text
    theirs = GOOD + "# någon annans rad\n"
    work.file.write_text(theirs, encoding="utf-8")
    answer = await browser.post("/settings/edit", {"text": BETTER, "basis": basis_of(page)})
    assert "någon annan har ändrat filen" in answer.text
    assert "-# någon annans rad" in answer.text
    assert typed_in(answer.text) == BETTER
    assert work.text == theirs
    again = await browser.post("/settings/edit", {"text": BETTER, "basis": basis_of(answer.text)})
    assert again.status_code == 303
    assert work.text == BETTER


async def test_a_change_is_not_taken_back_unseen_nor_to_what_can_no_longer_be(work: AtWork) -> None:
    browser = await work.side.signed_in()
    await work.save(browser, BETTER)
    asked = (await browser.get("/settings/2/undo")).text
    work.file.write_text(BETTER + "# mer\n", encoding="utf-8")
    assert (await browser.post("/settings/2/undo")).status_code == 422
    late = await browser.post("/settings/2/undo", {"basis": basis_of(asked)})
    assert late.status_code == 422
    assert "-# mer" in late.text
    assert work.text == BETTER + "# mer\n"
    for path, status in (("/settings/1/undo", 422), ("/settings/9/undo", 404), ("/settings/9", 404)):
        assert (await browser.get(path)).status_code == status
        assert (await browser.post(path)).status_code in (404, 405, 422)
    # What was right then may not be now: the old text no longer does.
    work.side.journal._writer.execute("UPDATE settings_history SET text = ? WHERE number = 1", (WRONG,))
    page = (await browser.get("/settings/2/undo")).text
    answer = await browser.post("/settings/2/undo", {"basis": basis_of(page)})
    assert answer.status_code == 422
    assert "shop[0].vat.domestic.25" in answer.text
    work.side.journal._writer.execute("UPDATE settings_history SET concealed = 1 WHERE number = 1")
    assert "en hemlighet" in (await browser.get("/settings/2/undo")).text
    assert work.text == BETTER + "# mer\n"


async def test_whoever_only_looks_reads_the_history_and_never_the_file(work: AtWork) -> None:
    await work.save(await work.side.signed_in(), BETTER)
    browser = await work.side.signed_in(Role.OPERATE)
    page = (await browser.get("/settings")).text
    assert "package" in page
    assert "/settings/edit" not in page
    assert "/undo" not in (await browser.get("/settings/2")).text
    assert (await browser.get("/settings/edit")).status_code == 403
    assert (await browser.post("/settings/2/undo", {"basis": "x"})).status_code == 403
    assert work.text == BETTER


async def test_a_file_with_other_line_endings_keeps_them(work: AtWork) -> None:
    stood = GOOD.replace("\n", "\r\n")
    work.file.write_bytes(stood.encode())
    browser = await work.side.signed_in()
    await work.save(browser, BETTER)
    assert work.text == BETTER.replace("\n", "\r\n")


async def test_the_agent_is_asked_to_read_the_file_again_and_where_it_has_none_it_is_said(
    work: AtWork, tmp_path: Path, hand_clock: HandClock
) -> None:
    browser = await work.side.signed_in()
    await browser.get("/settings")
    assert (await browser.post("/settings/read")).status_code == 303
    wish = work.side.journal.view(lambda tx: records.open_wishes(tx, EVERYWHERE))[0]
    assert (wish.kind, wish.who) == ("reload", "configure")
    async with AdminSide(work.side.journal, hand_clock) as without:
        browser = await without.signed_in(name="lo")
        assert "kan inte ändras härifrån just nu" in (await browser.get("/settings/edit")).text
        answer = await browser.post("/settings/edit", {"text": BETTER, "basis": "x"})
        assert (answer.status_code, typed_in(answer.text)) == (422, BETTER)
        assert (await browser.post("/settings/2/undo", {"basis": "x"})).status_code in (404, 422)
