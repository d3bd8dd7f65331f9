"""The page about mail: what has been told, what the next letter would say, and a letter that is tried."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from trio.testing import MockClock

from agent.actors.mailer import MAIL
from agent.decide.telling import Told
from agent.journal import computer, records, told_by_mail
from agent.journal.computer import Computer
from agent.journal.told_by_mail import MailState
from agent.journal.users import Role
from agent.settings.tree_mail import MailSettings
from tests.admin.admin_side import SETTINGS, START, AdminSide

MAIL_SETTINGS = MailSettings(host="smtp.example.com", sender="brygga@example.com", to=("agare@example.com",))


async def test_letters_are_shown_tried_and_told_of(side: AdminSide, autojump_clock: MockClock) -> None:
    browser = await side.signed_in(Role.OPERATE)
    page = (await browser.get("/mail")).text
    assert "Ange host, sender och to under [mail]" in page
    assert (await browser.post("/mail/test")).status_code == 422

    side.admin.settings = lambda: msgspec.structs.replace(SETTINGS, mail=MAIL_SETTINGS)
    told = {
        "system/BRY-C01/garn": Told(
            count=1, at=START - timedelta(hours=2), urgent=True, gone=START - timedelta(minutes=5)
        ),
        "price/prices/tyg": Told(count=7, at=START - timedelta(hours=3), urgent=False),
    }
    state = MailState(told=told, sent=START, failed=START, problem="connect_failed", tried=START, result="login_535")
    await side.journal.run(lambda tx: told_by_mail.put(tx, state))
    await side.journal.run(lambda tx: computer.put(tx, Computer(since_ms=1, room_mb=40)))
    page = (await browser.get("/mail")).text
    for text in (
        "smtp.example.com",
        "connect_failed",
        "login_535",
        "borta sedan",
        "Priser som stoppats",
        "40 MB ledigt",
    ):
        assert text in page
    said = await browser.follow(await browser.post("/mail/test"))
    assert "Provbrevet skickas" in said.text
    assert [wish.kind for wish in side.journal.view(lambda tx: records.open_wishes(tx, MAIL))] == ["mail_test"]
    acts = (await browser.get("/acts")).text
    assert "skicka ett provbrev" in acts
    assert "@mail" not in acts

    looker = await side.signed_in(Role.LOOK)
    assert 'class="look-only"' in (await looker.get("/mail")).text
    assert (await looker.post("/mail/test")).status_code == 403
