"""A real agent, recorded over real sockets, and its tape played again in virtual time."""

from __future__ import annotations

from pathlib import Path

import msgspec

from simulators.woocommerce.options import READ_WRITE
from tests.processes.company import PASSWORD, SHOP, Company


def test_an_agent_recorded_at_work_plays_again_offline_without_a_difference(tmp_path: Path) -> None:
    tape = tmp_path / "tape"
    with Company(tmp_path, seed=5) as company:
        company.open()
        company.write_settings()
        company.write_secrets()
        company.place(12)
        recording = company.start("agent", "record", "--out", str(tape), "--config", str(company.config))
        company.wait(company.is_settled, 30.0, recording)
        company.place(8)
        company.wait(company.is_settled, 30.0, recording)
        assert recording.stop() == 0
        company.move(tmp_path / "elsewhere")  # Where there are no settings and no journal, and nobody listens.
    text = "".join(path.read_text("utf-8") for path in sorted(tape.iterdir()))
    assert not any(secret in text for secret in (PASSWORD, READ_WRITE.consumer_key, READ_WRITE.consumer_secret))
    with Company(tmp_path / "elsewhere", seed=5) as nobody:
        replayed = nobody.brygga("replay", str(tape), "--json")
    report = msgspec.json.decode(replayed.stdout)[str(tape)]
    assert report["differences"] == []
    assert replayed.returncode == 0
    assert report["requests"] > 20
    assert f"{SHOP}:" in text
