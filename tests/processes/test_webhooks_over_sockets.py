"""Webhooks over real sockets: the command makes them, the shop delivers over HTTP, and the agent hears."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.doorbell import MORE, run_queue
from benchmarks.market import Market, Open
from scenarios.demo_children import Child, environment, free_port

SECRET = "sexton tecken eller fler"
WITHIN_S = 60.0


class Set(msgspec.Struct):
    """Both systems, and an agent's settings for them."""

    opened: Open
    config: Path
    port: int

    def brygga(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """A command's exit code and its JSON."""
        command = [sys.executable, "-m", "agent.cli", *arguments, "--json", "--config", str(self.config)]
        ran = subprocess.run(command, capture_output=True, timeout=WITHIN_S, env=environment(), check=False)
        assert ran.stdout, ran.stderr.decode()
        return ran.returncode, msgspec.json.decode(ran.stdout)


@pytest.fixture
def set_up(tmp_path: Path) -> Iterator[Set]:
    (tmp_path / "market").mkdir()
    (tmp_path / "agent").mkdir()
    with Market(tmp_path / "market", 0).open(tmp_path / "agent") as opened:
        config, port = opened.write_settings(), free_port()
        text = config.read_text("utf-8").replace("interval_s = 5.0", "interval_s = 3600.0")
        config.write_text(text + MORE.format(port=port), "utf-8")
        with (config.parent / "secrets.toml").open("a", encoding="utf-8") as secrets:
            secrets.write(f'webhook_secret = "{SECRET}"\n')
        yield Set(opened, config, port)


def wait_for(what: str, reached: Any) -> None:
    give_up = time.monotonic() + WITHIN_S
    while not reached():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


def test_the_command_makes_shows_and_removes_them_and_the_agent_hears(set_up: Set) -> None:
    code, before = set_up.brygga("webhooks", "status")
    assert (code, before["shops"]["butik"]["webhooks"]["order.created"]["status"]) == (1, "missing")
    assert set_up.brygga("webhooks", "install")[1]["shops"]["butik"]["renewed"] == []
    code, again = set_up.brygga("webhooks", "install", "butik")
    assert (code, again["shops"]["butik"]["made"]) == (0, [])
    set_up.opened.shop.place(1, 3, payment_method="cod")
    agent = Child("agent", ["run", "--config", str(set_up.config), "--log-format", "json"], set_up.config.parent)
    try:
        wait_for("the first poll is through", set_up.opened.mamut.documents)
        wait_for("the agent listens", lambda: _listens(set_up.port))
        set_up.opened.shop.place(1, 4, payment_method="cod")
        run_queue(set_up.opened)
        wait_for("what rang is booked", lambda: len(set_up.opened.mamut.documents()) == 2)
        code, status = set_up.brygga("webhooks", "status")
        assert (code, status["is_well"]) == (0, True)
        assert status["shops"]["butik"]["deliveries"] >= 1
        wait_for("the agent has looked at them", lambda: "butik" in set_up.brygga("status")[1]["webhooks"])
        assert set_up.brygga("status")[1]["webhooks"]["butik"]["not_active"] == []
    finally:
        agent.stop()
    # Switched off in the settings they still stand in the shop.
    text = set_up.config.read_text("utf-8")
    off = text.replace("[shop.webhooks]\nenabled = true", "[shop.webhooks]\nenabled = false")
    assert off != text
    set_up.config.write_text(off, "utf-8")
    code, removed = set_up.brygga("webhooks", "remove")
    set_up.config.write_text(text, "utf-8")
    assert (code, len(removed["shops"]["butik"]["removed"])) == (0, len(before["shops"]["butik"]["webhooks"]))
    assert set_up.brygga("webhooks", "status")[0] == 1
    assert SECRET not in agent.log.read_text("utf-8")


def test_a_port_that_somebody_has_stops_nothing_else(set_up: Set) -> None:
    with socket.create_server(("127.0.0.1", set_up.port)):
        set_up.opened.shop.place(1, 3, payment_method="cod")
        agent = Child("agent", ["run", "--config", str(set_up.config), "--log-format", "json"], set_up.config.parent)
        try:
            wait_for("the order is booked", set_up.opened.mamut.documents)
            _, status = set_up.brygga("status")
            health = {actor["actor"]: actor for actor in status["actors"]}
            assert (health["webhooks"]["state"], health["webhooks"]["fault"]) == ("paused", "BRY-C16")
        finally:
            agent.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
