"""What nobody complains of until it is too late: the disk, certificates, clocks."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trio
import trustme

from agent.actors.lookout import MEGABYTE, Lookout
from agent.journal import computer
from agent.journal.computer import Computer
from agent.journal.journal import Journal, open_journal
from agent.remote.dial import dialler, site_of
from agent.settings.tree import MamutSettings, Settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
SETTINGS = Settings(package="400", mamut=MamutSettings(address="http://127.0.0.1:8300"), shop=())


class Place:
    """A computer whose disk, certificates and clocks are as the test says."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.now = NOW
        self.free_mb: int | None = 100_000
        self.certificates: dict[str, float] = {}
        self.clocks: dict[str, float] = {}

    def room(self, folder: Path) -> int:
        assert folder == self.journal.path.parent
        if self.free_mb is None:
            raise PermissionError(13, "Permission denied")
        return self.free_mb * MEGABYTE

    async def seen(self, lookout: Lookout | None = None) -> Computer:
        looks = lookout or Lookout(
            lambda: SETTINGS, self.journal, lambda: self.now, self.room, self.certificates, lambda: self.clocks
        )
        await looks.look()
        return self.journal.view(computer.get)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    journal: Journal = open_journal(tmp_path / "journal.db", threaded=False, synchronous=False)
    yield Place(journal)
    journal.close()


async def test_nothing_is_written_while_all_is_well(place: Place) -> None:
    place.certificates["garn.example"] = (NOW + timedelta(days=60)).timestamp()
    place.clocks["garn"] = -30.0
    commits = place.journal.commits
    assert await place.seen() == Computer()
    assert place.journal.commits == commits


async def test_a_disk_that_fills_is_told_until_there_is_room(place: Place) -> None:
    place.free_mb = 511
    assert await place.seen() == Computer(since_ms=NOW_MS, room_mb=511)
    place.now += timedelta(hours=1)
    place.free_mb = 400
    assert await place.seen() == Computer(since_ms=NOW_MS, room_mb=400), "it is the same trouble since then"
    place.free_mb = None
    assert (await place.seen()).room_mb is None, "a disk that does not tell is no alarm"


async def test_a_certificate_that_ends_soon_is_told_until_it_is_renewed_also_after_a_restart(place: Place) -> None:
    ends = NOW + timedelta(days=5)
    place.certificates["garn.example"] = ends.timestamp()
    told = Computer(since_ms=NOW_MS, certificates={"garn.example": int(ends.timestamp() * 1000)})
    assert await place.seen() == told
    place.certificates.clear()
    assert await place.seen() == told, "nobody has spoken with the server since the start"
    place.certificates["garn.example"] = (NOW + timedelta(days=95)).timestamp()
    assert (await place.seen()).certificates == {}


async def test_a_clock_that_differs_is_told_by_shop(place: Place) -> None:
    place.clocks |= {"garn": 0.4, "tyg": -601.2}
    assert (await place.seen()).clocks == {"tyg": -601}


async def test_when_a_servers_certificate_ends_is_known_from_speaking_with_it() -> None:
    authority = trustme.CA()
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_after=NOW + timedelta(days=3000)).configure_cert(shown)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    ends: dict[str, float] = {}

    async def rest(stream: trio.abc.Stream) -> None:
        await stream.receive_some(1)

    async with trio.open_nursery() as nursery:
        (listener,) = await trio.open_ssl_over_tcp_listeners(0, shown, host="127.0.0.1")
        port = listener.transport_listener.socket.getsockname()[1]  # type: ignore[attr-defined]  # a listener of sockets
        nursery.start_soon(trio.serve_listeners, rest, [listener])
        line = await dialler(lambda: trusted, ends)(site_of(f"https://localhost:{port}"))
        await trio.aclose_forcefully(line.stream)
        nursery.cancel_scope.cancel()
    assert ends == {"localhost": (NOW + timedelta(days=3000)).timestamp()}
