"""The admin alone over a long journal: `python -m benchmarks.admin_process FOLDER PORT NOW_S`, until it is ended.

Its clock stands where the journal ends, so that the last month has orders in it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import trio

from agent.admin.server import application, build, serve_on
from agent.cli.desk import JOURNAL_NAME
from agent.journal import users
from agent.journal.journal import Journal, open_journal
from agent.journal.users import Role
from agent.settings.tree import MamutSettings, Settings, ShopSettings
from agent.settings.tree_admin import AdminSettings
from benchmarks.market import PASSWORD, SHOP

NAME = "bench"


async def serve(folder: Path, port: int, now: datetime) -> None:
    began = trio.current_time()
    settings = Settings(
        package="800",
        mamut=MamutSettings(address="http://127.0.0.1:1"),
        shop=(ShopSettings(key=SHOP, address=""),),
        admin=AdminSettings(listen=f"127.0.0.1:{port}"),
    )
    journal: Journal = open_journal(folder / JOURNAL_NAME)

    def clock() -> datetime:
        return datetime.fromtimestamp(now.timestamp() + trio.current_time() - began, UTC)

    admin = build(journal, clock, lambda: settings)
    kept = await admin.passwords.kept(PASSWORD)
    await journal.run(lambda tx: users.add(tx, NAME, Role.CONFIGURE, kept, 0))
    async with trio.open_nursery() as nursery:
        await nursery.start(serve_on, application(admin), settings.admin)
        nursery.start_soon(admin.live.run)


def main(folder: str, port: str, now_s: str) -> None:
    trio.run(serve, Path(folder), int(port), datetime.fromtimestamp(msgspec.json.decode(now_s, type=float), UTC))


if __name__ == "__main__":
    main(*sys.argv[1:])
