"""One company in operation, over real sockets: examined, watched, copied and relieved of a person beside its agent."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.cli import execute
from agent.journal import backup
from scenarios.demo_children import free_port
from simulators.woocommerce.options import READ_WRITE
from tests.processes.company import Company


def _asked(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def _is_up(port: int) -> bool:
    try:
        return _asked(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_a_company_in_operation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Company(tmp_path, seed=3) as company:
        company.open()
        company.place(3)
        port = free_port()
        company.write_settings()
        text = company.config.read_text("utf-8")
        heading, off = "[admin]\n", "enabled = false\n"
        company.config.write_text(text.replace(heading + off, heading + f'listen = "127.0.0.1:{port}"\n'), "utf-8")
        company.write_secrets()
        at = ["--config", str(company.config)]

        def told(*arguments: str, code: int = 0) -> Any:
            """A command's JSON."""
            assert execute([*arguments, "--json", *at]) == code, capsys.readouterr()
            return json.loads(capsys.readouterr().out)

        agent = company.start_agent()
        company.wait(company.journal.exists, 30, agent)
        company.wait(company.is_settled, 30, agent)
        company.wait(lambda: _is_up(port), 30, agent)

        # Watched: figures of nobody.
        status, figures = _asked(port, "/metrics")
        assert status == 200
        assert 'brygga_orders{shop="butik",state="transferred",code=""} 3' in figures
        assert "@" not in figures

        # Examined beside the agent, whose session is left alone.
        results = {row["test"]: row for row in told("doctor")["results"]}
        assert "running agent has the session" in results["mamut_session"]["said"]
        assert results["mamut_registers"]["verdict"] == "not_tested"
        assert results["shop_keys"]["verdict"] == results["shop_tax"]["verdict"] == "good"
        assert results["shop_address"]["findings"] == [], "http that never leaves this computer is no fault"

        # Copied while it works; nothing is put back under it.
        copy = tmp_path / "copy.db"
        assert told("journal", "backup", str(copy))["orders"] == 3
        assert execute(["journal", "restore", str(copy), *at]) == 1
        assert "BRY-J01" in capsys.readouterr().err

        # Relieved of a person whom the shop knows by e-mail, beside the agent.
        email = str(company.shop_door.rows("id,billing")[0]["billing"]["email"])
        shown = told("person", "erase", "--email", email.upper(), code=1)
        assert shown["erased"] is False
        erased = told("person", "erase", "--email", email, "--yes")
        assert erased["orders"] == [{key: row[key] for key in ("shop", "order_id")} for row in shown["orders"]]
        assert execute(["person", "erase", "--email", "nobody@post.example", *at]) == 1
        assert "BRY-J12" in capsys.readouterr().err

        # It goes on as if nothing had been, and takes new orders.
        company.place(1)
        assert execute(["run-now", "butik", "orders", *at]) == 0
        capsys.readouterr()
        company.wait(company.is_settled, 30, agent)
        assert agent.stop() == 0
        truth = company.truth()
        assert (truth.matched, truth.difference_ore, truth.twice, truth.strangers) == (4, 0, (), ())

        # Without the agent everything is tested, in text too, and no secret shows.
        assert all(row["verdict"] != "not_tested" for row in told("doctor")["results"])
        assert execute(["doctor", "--language", "sv", *at]) == 0
        text = capsys.readouterr().out
        assert "Inget hindrar agenten." in text
        assert READ_WRITE.consumer_secret not in text
        assert not backup.check(company.journal).problems
