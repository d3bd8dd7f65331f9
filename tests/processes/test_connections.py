"""`brygga run` against a shop at an http or https address with nothing but key and secret, and what goes wrong there:
each trouble is named with code and remedy, nothing is lost, and when it is mended the orders go over."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from agent.model.reasons import OrderState
from scenarios.demo_children import free_port
from simulators.woocommerce.options import READ_WRITE
from tests.processes.company import Company, events
from tests.processes.forked import Forked

READ_ONLY_KEY = "ck_" + "5" * 40
READ_ONLY_SECRET = "cs_" + "5" * 40
WRONG_SECRET = "cs_" + "6" * 40


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Both simulators, the shop with a second key that may only read."""
    folder = tmp_path_factory.mktemp("company")
    write = {"consumer_key": READ_WRITE.consumer_key, "consumer_secret": READ_WRITE.consumer_secret}
    read = {"consumer_key": READ_ONLY_KEY, "consumer_secret": READ_ONLY_SECRET, "permissions": "read"}
    (folder / "shop.json").write_text(json.dumps({"keys": [write, read]}))
    with Company(folder, seed=3) as company:
        company.open("--options", str(folder / "shop.json"))
        yield company


@pytest.fixture
def company(shared: Company, tmp_path: Path) -> Company:
    """The same with an agent of its own and three orders more."""
    shared.move(tmp_path)
    shared.place(3)
    shared.write_settings()
    shared.write_secrets()
    return shared


def troubled(company: Company, actor: str, agent: Forked) -> dict[str, Any]:
    """What `brygga status` tells of an actor, once it tells that it does not work."""
    shown: list[dict[str, Any]] = []

    def told() -> bool:
        if not company.journal.exists():
            return False
        status = company.brygga("status", "--json")
        assert status.returncode == 1
        shown[:] = [row for row in json.loads(status.stdout)["actors"] if row["actor"] == actor and row["fault"]]
        return bool(shown)

    company.wait(told, 30, agent)
    return shown[0]


def assert_told(company: Company, agent: Forked, actor: str, fault: str, *says: str) -> None:
    """Code and remedy stand in the status and in the log, and no secret does."""
    assert troubled(company, actor, agent)["fault"] == fault
    text = " ".join(company.brygga("status", COLUMNS="400").stdout.split())
    for words in (fault, *says):
        assert words in text
    (line,) = [row for row in events(agent.log) if row["event"] == "paused" and row["actor"] == actor]
    assert line["fault"] == fault
    assert line["remedy"]
    everything = text + agent.log.read_text("utf-8")
    for secret in (READ_WRITE.consumer_secret, READ_ONLY_SECRET, WRONG_SECRET, READ_WRITE.consumer_key, READ_ONLY_KEY):
        assert secret not in everything
    assert agent.stop() == 0


def assert_all_over(company: Company, **variables: str) -> None:
    """With everything in order one run takes all there is to Mamut, each order once."""
    agent = company.start_agent("--once", **variables)
    assert agent.wait() == 0
    found = company.truth()
    assert (found.shop_orders, found.mamut_orders, found.matched) == (company.placed,) * 3
    assert (found.difference_ore, found.twice, found.strangers) == (0, (), ())
    assert company.brygga("account").returncode == 0
    assert company.told().count(OrderState.TRANSFERRED) == company.placed


def test_over_http_key_and_secret_are_enough(company: Company) -> None:
    assert_all_over(company)


def test_over_https_key_and_secret_are_enough_and_a_certificate_must_be_trusted(company: Company) -> None:
    authority = trustme.CA()
    trusted = company.folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    mine = company.folder / "shop.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(mine))
    port = free_port()
    company.shop.stop()
    company.shop = company.start_shop("--certificate", str(mine), port=port)
    try:
        address = company.shop.address()
        assert address == f"https://127.0.0.1:{port}"
        company.write_settings(shop=address)
        agent = company.start_agent()
        assert_told(
            company, agent, "reader/butik", "BRY-C12", "SSL_CERT_FILE", "unable to get local issuer certificate"
        )
        assert company.told().seen == 0
        agent = company.start_agent("--once", SSL_CERT_FILE=str(trusted))
        assert agent.wait() == 0
        assert company.told().count(OrderState.TRANSFERRED) == company.placed
    finally:
        company.shop.stop()
        company.shop = company.start_shop()
        company.shop.address()
    found = company.truth()
    assert (found.mamut_orders, found.matched, found.difference_ore) == (company.placed, company.placed, 0)


def test_a_key_that_may_only_read_is_named_before_anything_is_booked(company: Company) -> None:
    before = len(company.mamut_door.documents())
    company.write_secrets(READ_ONLY_KEY, READ_ONLY_SECRET)
    assert_told(company, company.start_agent(), "reader/butik", "BRY-C03", "Read/Write")
    assert len(company.mamut_door.documents()) == before
    company.write_secrets()
    assert_all_over(company)


def test_a_wrong_secret_is_named(company: Company) -> None:
    company.write_secrets(READ_WRITE.consumer_key, WRONG_SECRET)
    assert_told(company, company.start_agent(), "reader/butik", "BRY-C02", "secrets.toml")
    company.write_secrets()
    assert_all_over(company)


def test_a_wrong_password_to_mamut_is_named(company: Company) -> None:
    company.write_secrets(password="wrong-one")
    agent = company.start_agent()
    assert_told(company, agent, "mamut", "BRY-C21", "secrets.toml")
    assert "wrong-one" not in agent.log.read_text("utf-8")
    company.write_secrets()
    assert_all_over(company)


def test_an_address_of_something_else_is_named(company: Company) -> None:
    company.write_settings(shop=company.mamut_address)
    assert_told(company, company.start_agent(), "reader/butik", "BRY-C04", "address")
    company.write_settings()
    assert_all_over(company)


def test_a_shop_that_does_not_answer_is_named_and_taken_up_again_when_it_does(company: Company) -> None:
    company.shop.stop()
    agent = company.start_agent()
    try:
        trouble = troubled(company, "reader/butik", agent)
        assert (trouble["fault"], trouble["problem"]) == ("BRY-C01", "connect_failed: Connection refused")
        assert trouble["next_try"] is not None
    finally:
        company.shop = company.start_shop()
        company.shop.address()
    company.wait(company.is_settled, 30, agent)
    status = company.brygga("status", "--json")
    assert status.returncode == 0, status.stdout
    agent.stop()
    assert_all_over(company)


class _Redirecting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(301)
        self.send_header("Location", f"https://www.shop.example{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's word
        """Says nothing."""


def test_an_http_address_that_redirects_is_named_with_the_address_it_leads_to(company: Company) -> None:
    with HTTPServer(("127.0.0.1", 0), _Redirecting) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            company.write_settings(shop=f"http://127.0.0.1:{server.server_address[1]}")
            agent = company.start_agent()
            assert_told(
                company, agent, "reader/butik", "BRY-C11", "redirected: https://www.shop.example)", "brygga.toml"
            )
            assert "oauth_signature" not in agent.log.read_text("utf-8")
        finally:
            server.shutdown()
            serving.join()
    company.write_settings()
    assert_all_over(company)
