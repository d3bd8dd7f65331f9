"""A small company for browsers to look at: some hours of orders, a few of them held, played in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import apsw
import msgspec
import trio
from trio.testing import MockClock

from agent.actors.reloader import Reloader
from agent.admin.server import application, build, serve_on
from agent.app_change import what_changes
from agent.decide.telling import Told
from agent.journal import settings_history, told_by_mail, users
from agent.journal.journal import Journal, open_journal
from agent.journal.settings_history import How, Origin
from agent.journal.told_by_mail import MailState
from agent.journal.users import Role
from agent.settings.secret import Secret
from agent.settings.secrets import Secrets
from agent.settings.source import SettingsFile
from agent.settings.tree import CustomerSettings, ProbableChoice, Settings
from agent.settings.tree_mail import MailSettings
from scenarios.play import play, shop_settings
from simulators.faults import Fault, FaultOptions
from simulators.mamut.contacts import ContactBody
from tests.actors.small_shop import SmallShop
from tests.admin.admin_side import PASSWORD, HandClock, free_port
from tests.settings.files import GOOD, SECOND_SHOP, changed

RULES = """
[[shop.processing]]
name = "Norska order"
object = "order"
side = "read"
when = [{ field = "billing.country", any_of = ["NO"] }, { field = "total", above = 1000 }]
do = [{ do = "set", field = "customer_note", value = "Export: tulldokument bifogas" }]

[[shop.processing]]
name = "Postnummer utan mellanslag"
object = "order"
side = "read"
do = [{ do = "replace", field = "billing.postcode", find = " " }]

[[shop.processing]]
name = "Fraktraden"
object = "order"
side = "written"
enabled = false
do = [{ do = "set", field = "lines.product_no", value = "FRI", where = [{ field = "description", starts = "Frakt" }] }]
"""
"""What the pages of rules show."""

NOW = GOOD + RULES + SECOND_SHOP + "# Tyghuset började i november.\n"
"""The file as it stands."""

MAIL = MailSettings(host="smtp.example.com", sender="brygga@example.com", to=("agare@example.com",))

SECRETS = Secrets(mamut_password=Secret("simulerad"), shops={})
ENVIRON = {"BRYGGA_MAMUT_PASSWORD": "simulerad"} | {
    f"BRYGGA_SHOP_{shop}_CONSUMER_{part}": f"{mark}_0123456789"
    for shop in ("GARN", "TYG")
    for part, mark in (("KEY", "ck"), ("SECRET", "cs"))
}


def play_company(folder: Path, hours: int = 3) -> tuple[Settings, datetime]:
    """Leaves the journal in the folder; gives the settings, and the moment at which it ended."""
    return trio.run(partial(_play, folder, hours), clock=MockClock(autojump_threshold=0))


async def _play(folder: Path, hours: int) -> tuple[Settings, datetime]:
    chance = Random(9)
    async with play(folder, seed=9) as world:
        world.mamut.fill(9, products=10, contacts=5)
        world.settings = msgspec.structs.replace(world.settings, package="400", mail=MAIL)
        shops = [SmallShop(world, shop_settings("garn", name="Garnboden"))]
        doubtful = CustomerSettings(probable=ProbableChoice.HOLD)
        shops.append(SmallShop(world, shop_settings("tyg", name="Tyghuset", customers=doubtful)))
        known = ContactBody(name="Kim Exempel Konsult", email="kund3@post.example", kinds=["customer"])
        world.mamut.act("contact.create", "", known)
        strange = [
            shop.side.do("POST", "/products", {"name": "Okänd vara", "sku": "OKÄND-1", "regular_price": "49.00"})["id"]
            for shop in shops
        ]
        # Mamut takes its time, as it does at work.
        world.faults(world.mamut_server, FaultOptions(share=0.7, faults=(Fault.SLOW,), seed=9, slow_s=1.3))
        number = 0
        async with world.agent() as agent:
            for hour in range(hours):
                for _ in range(chance.choice((3, 5, 8)) if hour % 24 < 15 else 1):
                    number += 1
                    place = chance.choice((0, 0, 1))
                    # Every seventh order is of something that Mamut does not know, which holds it.
                    changes = {"line_items": [{"product_id": strange[place], "quantity": 1}]} if not number % 7 else {}
                    order_id = shops[place].order(number, **changes)
                    await trio.sleep(chance.uniform(5, 600))
                    if "line_items" in changes and number % 14:
                        await shops[place].wish(agent, "retry", order_id)
                await trio.sleep(900)
        return world.settings, world.calendar.now()


@asynccontextmanager
async def served(folder: Path, settings: Settings, now: datetime) -> AsyncIterator[str]:
    """The admin over the folder's journal on a port of its own, with a user `kim` who may do everything."""
    # As in the file. Its journal is opened here.
    settings = msgspec.structs.replace(settings, data_dir="/var/lib/brygga")
    journal = open_journal(folder / "journal.db", synchronous=False)
    clock = HandClock(now)
    reloader = _reloader(folder, settings, journal, clock)
    admin = build(journal, clock, lambda: settings, cheap_passwords=True, reloader=lambda: reloader)
    try:
        kept = await admin.passwords.kept(PASSWORD)
        now_ms = int(now.timestamp() * 1000)
        await journal.run(lambda tx: _people(tx, kept, now_ms))
        await journal.run(lambda tx: _changes(tx, settings, now_ms))
        await journal.run(lambda tx: _told(tx, now))
        async with trio.open_nursery() as nursery:
            place = msgspec.structs.replace(settings.admin, listen=f"127.0.0.1:{free_port()}")
            (where,) = await nursery.start(serve_on, application(admin), place)
            nursery.start_soon(admin.live.run)
            yield where
            nursery.cancel_scope.cancel()
    finally:
        journal.close()


def _told(tx: apsw.Connection, now: datetime) -> None:
    """What has been told by mail: a shop that was away for a while in the night, and what was held this morning."""
    hour = timedelta(hours=1)
    told = {
        "order/BRY-H02/garn": Told(count=2, at=now - 4 * hour, urgent=False),
        "system/BRY-C01/tyg": Told(count=1, at=now - 9 * hour, urgent=True, gone=now - 0.2 * hour),
    }
    told_by_mail.put(tx, MailState(told=told, sent=now - 4 * hour, tried=now - 60 * hour, result="done"))


def _people(tx: apsw.Connection, kept: str, now_ms: int) -> None:
    if users.add(tx, "kim", Role.CONFIGURE, kept, now_ms) is None:
        return
    users.add(tx, "Robin på lagret", Role.OPERATE, kept, now_ms)
    roles: tuple[dict[str, object], ...] = ({"role": Role.LOOK.value}, {"role": Role.OPERATE.value})
    users.act(tx, at_ms=now_ms, who="kim", kind="user_role", subject="Robin på lagret", before=roles[0], after=roles[1])


def _reloader(folder: Path, settings: Settings, journal: Journal, clock: HandClock) -> Reloader:
    file = folder / "brygga.toml"
    file.write_text(NOW, encoding="utf-8")
    return Reloader(settings, SECRETS, journal, clock, SettingsFile(file, ENVIRON), lambda _: None, what_changes)


def _changes(tx: apsw.Connection, settings: Settings, now_ms: int) -> None:
    """What has been changed in the settings on the way here, by whom."""
    if settings_history.newest(tx) is not None:
        return
    older = msgspec.structs.replace(settings, package="200", shop=settings.shop[:1])
    steps = (
        (50, older, changed('package = "400"', 'package = "200"', GOOD + RULES), Origin(how=How.FOUND)),
        (26, settings, GOOD + RULES + SECOND_SHOP, Origin(how=How.RELOAD, who="kim")),
        (4, settings, NOW, Origin(how=How.SAVED, who="kim")),
    )
    before = older
    for hours, after, text, origin in steps:
        settings_history.keep(tx, now_ms - hours * 3_600_000, text, after, SECRETS, origin, before=before)
        before = after
