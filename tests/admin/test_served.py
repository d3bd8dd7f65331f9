"""The server on real sockets: where it listens, with TLS, when the port is taken, and what it leaves in the log."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
import structlog
import trio
import trustme

from agent.admin.server import AdminServer, application, serve_on
from agent.journal import reports
from agent.journal.journal import Journal
from agent.model.reasons import Fault
from agent.settings.judge import judge
from agent.settings.tree import Settings
from agent.settings.tree_admin import AdminSettings
from tests.admin.admin_side import SETTINGS, AdminSide, HandClock, free_port, journal_in


def at(admin: AdminSettings) -> Settings:
    return msgspec.structs.replace(SETTINGS, admin=admin)


@asynccontextmanager
async def serving(journal: Journal, settings: Settings, shown: list[tuple[str, str]]) -> AsyncIterator[None]:
    """The server at work, until it has either listened or said why not."""
    server = AdminServer(journal, HandClock(), lambda: settings, lambda *told: shown.append(told))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(server.run)
        with trio.fail_after(10):
            while not journal.view(reports.health):  # noqa: ASYNC110 - the journal rings no bell
                await trio.sleep(0.01)
        yield
        nursery.cancel_scope.cancel()


async def test_a_new_admin_shows_its_code_in_the_terminal_and_not_in_the_log(tmp_path: Path) -> None:
    journal, shown = journal_in(tmp_path), list[tuple[str, str]]()
    settings = at(AdminSettings(listen=f"127.0.0.1:{free_port()}"))
    with structlog.testing.capture_logs() as logged:
        async with serving(journal, settings, shown), httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://{settings.admin.listen}/")
            assert answer.headers["location"] == "/first"
            assert "server" not in answer.headers
    journal.close()
    ((address, code),) = shown
    assert address == f"http://{settings.admin.listen}/first"
    assert [each["event"] for each in logged] == ["admin_without_users"]
    assert code not in str(logged)


async def test_a_taken_port_is_told_with_its_code_and_stops_nothing(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = at(AdminSettings(listen=f"127.0.0.1:{taken.getsockname()[1]}"))
        async with serving(journal, settings, []):
            (health,) = journal.view(reports.health)
    journal.close()
    assert (health.actor, health.state, health.fault) == ("admin", "paused", Fault.ADMIN_UNSERVED.value)


async def test_beyond_this_computer_it_speaks_https(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    issued = authority.issue_cert("brygga.example", "127.0.0.1")
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(key)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    admin = AdminSettings(listen=f"127.0.0.1:{free_port()}", certificate=str(certificate), private_key=str(key))
    journal = journal_in(tmp_path)
    async with serving(journal, at(admin), []), httpx.AsyncClient(verify=trusting, trust_env=False) as client:
        answer = await client.get(f"https://{admin.listen}/first")
        assert answer.status_code == 200
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "max-age" in answer.headers["strict-transport-security"]
        with pytest.raises(httpx.HTTPError):
            await client.get(f"http://{admin.listen}/first")
    journal.close()


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ('listen = "0.0.0.0:8321"', Fault.ADMIN_UNENCRYPTED),
        ('listen = "192.0.2.7:8321"', Fault.ADMIN_UNENCRYPTED),
        ('listen = "[::]:8321"', Fault.ADMIN_UNENCRYPTED),
        ('public_url = "http://brygga.example"', Fault.ADMIN_UNENCRYPTED),
        ('public_url = "brygga"', Fault.SETTINGS_VALUE_WRONG),
        ('listen = "här"', Fault.SETTINGS_VALUE_WRONG),
        ('certificate = "/finns/inte.pem"', Fault.SETTINGS_VALUE_WRONG),
        ('private_key = "/finns/inte.pem"', Fault.SETTINGS_VALUE_MISSING),
    ],
)
def test_what_would_not_be_safe_is_refused_before_the_start(tmp_path: Path, table: str, fault: Fault) -> None:
    assert fault in _faults(tmp_path, table)
    assert _faults(tmp_path, table + "\nenabled = false") == []


@pytest.mark.parametrize("table", ['listen = "127.0.0.1:9"', 'listen = "[::1]:9"', 'public_url = "https://b.example"'])
def test_what_is_safe_is_taken(tmp_path: Path, table: str) -> None:
    assert _faults(tmp_path, table) == []


def _faults(folder: Path, table: str) -> list[Fault]:
    file = folder / "brygga.toml"
    file.write_text(f'package = "400"\nshop = []\n[mamut]\naddress = "http://127.0.0.1:8300"\n[admin]\n{table}\n')
    return [each.fault for each in judge(file, {}).findings if each.is_error and each.path.startswith("admin")]


def settings_of_somebody() -> Settings:
    raise ValueError("Kim Exempel")


async def test_a_page_that_fails_says_so_and_no_value_reaches_the_log(side: AdminSide) -> None:
    async with trio.open_nursery() as nursery:
        app = application(side.admin)
        place = AdminSettings(listen=f"127.0.0.1:{free_port()}")
        (where,) = await nursery.start(serve_on, app, place)
        side.admin.settings = settings_of_somebody
        with structlog.testing.capture_logs() as logged:
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.get(f"{where}/first")
        nursery.cancel_scope.cancel()
    assert answer.status_code == 500
    assert "Kim" not in answer.text
    (entry,) = logged
    assert (entry["event"], entry["error"]) == ("admin_failed", "ValueError")
    assert "Kim" not in str(entry)
