"""The admin beside the agent: whatever keeps it from being served, the agent works on, and it is tried again."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx
import msgspec
import pytest
import trio
from structlog.testing import capture_logs

from agent.app_admin import serve_admin
from agent.settings.tree_admin import AdminSettings
from agent.world import World
from tests.admin.admin_side import SETTINGS, free_port, journal_in

SERVER = "agent.admin.server"


async def test_an_admin_that_cannot_be_loaded_stops_nothing_and_comes_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    settings = msgspec.structs.replace(SETTINGS, admin=AdminSettings(listen=f"127.0.0.1:{port}"))
    journal = journal_in(tmp_path)
    # What Python has for a module whose import must fail, as an import that another thread has half done may.
    monkeypatch.setitem(sys.modules, SERVER, None)
    with trio.fail_after(30), capture_logs() as told:
        async with trio.open_nursery() as nursery, httpx.AsyncClient() as client:
            nursery.start_soon(serve_admin, lambda: settings, journal, World())
            for _ in range(1_000):
                if told:
                    break
                await trio.sleep(0.02)
            assert [(entry["event"], entry["actor"]) for entry in told] == [("actor_failed", "admin")]
            monkeypatch.undo()
            while True:
                try:
                    answer = await client.get(f"http://127.0.0.1:{port}/first")
                    break
                except httpx.ConnectError:
                    await trio.sleep(0.05)
            assert answer.status_code in (200, 303)
            nursery.cancel_scope.cancel()
    journal.close()
