"""The settings of webhooks: what goes together, and the secret that they are signed with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.settings.check_webhooks import host_and_port
from agent.settings.judge import Judgement, judge
from tests.settings.files import GOOD, SECOND_SHOP

SECRET = "a long and random text"
URL = "https://brygga.example.com/hooks/garn"


def settings(listen: str = "127.0.0.1:8787", url: str = URL, more: str = "") -> str:
    return f'{GOOD}\n[shop.webhooks]\nenabled = true\ndelivery_url = "{url}"\n[webhooks]\nlisten = "{listen}"\n{more}'


def judged(folder: Path, text: str, *, webhook_secret: str = SECRET) -> Judgement:
    environ = {
        "BRYGGA_MAMUT_PASSWORD": "hunter2",
        "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_1",
        "BRYGGA_SHOP_GARN_CONSUMER_SECRET": "cs_1",
        "BRYGGA_SHOP_TYG_CONSUMER_KEY": "ck_2",
        "BRYGGA_SHOP_TYG_CONSUMER_SECRET": "cs_2",
        "BRYGGA_SHOP_GARN_WEBHOOK_SECRET": webhook_secret,
    }
    path = folder / "brygga.toml"
    path.write_text(text, encoding="utf-8")
    return judge(path, environ)


def test_a_shop_that_rings_has_its_secret_and_one_that_does_not_needs_none(tmp_path: Path) -> None:
    found = judged(tmp_path, settings() + SECOND_SHOP)
    assert found.findings == ()
    assert found.secrets is not None
    garn, tyg = found.secrets.shops[ShopKey("garn")], found.secrets.shops[ShopKey("tyg")]
    assert garn.webhook_secret is not None
    assert garn.webhook_secret.reveal() == SECRET
    assert tyg.webhook_secret is None


@pytest.mark.parametrize(
    ("text", "fault", "path"),
    [
        (settings(listen=""), Fault.SETTINGS_VALUE_MISSING, "webhooks.listen"),
        (settings(listen="8787"), Fault.SETTINGS_VALUE_WRONG, "webhooks.listen"),
        (settings(listen="brygga.example:8787"), Fault.SETTINGS_VALUE_WRONG, "webhooks.listen"),
        (settings(listen="127.0.0.1:0"), Fault.SETTINGS_VALUE_WRONG, "webhooks.listen"),
        (settings(listen="0.0.0.0:8787"), Fault.CONNECTION_UNENCRYPTED, "webhooks.listen"),
        (settings(more='certificate = "/nowhere.pem"'), Fault.SETTINGS_VALUE_WRONG, "webhooks.certificate"),
        (settings(more=f'private_key = "{os.devnull}"'), Fault.SETTINGS_VALUE_WRONG, "webhooks.private_key"),
        (settings(url=""), Fault.SETTINGS_VALUE_MISSING, "shop[0].webhooks.delivery_url"),
        (settings(url="https://brygga.example.com/tyg"), Fault.SETTINGS_VALUE_WRONG, "shop[0].webhooks.delivery_url"),
        (settings(url="brygga.example.com/garn"), Fault.SETTINGS_VALUE_WRONG, "shop[0].webhooks.delivery_url"),
        (settings(url="http://brygga.example.com/garn"), Fault.CONNECTION_UNENCRYPTED, "shop[0].webhooks.delivery_url"),
    ],
)
def test_what_does_not_go_together_is_told_with_its_place(tmp_path: Path, text: str, fault: Fault, path: str) -> None:
    assert (fault, path) in [(finding.fault, finding.path) for finding in judged(tmp_path, text).findings]


@pytest.mark.parametrize(("secret", "fault"), [("", Fault.SECRET_MISSING), ("short", Fault.SETTINGS_VALUE_WRONG)])
def test_a_secret_that_is_missing_or_easily_guessed_is_refused(tmp_path: Path, secret: str, fault: Fault) -> None:
    found = judged(tmp_path, settings(), webhook_secret=secret)
    assert found.secrets is None
    assert [(finding.fault, finding.path) for finding in found.findings] == [(fault, "shop.garn.webhook_secret")]
    assert all(secret not in str(finding) for finding in found.findings if secret)


@pytest.mark.parametrize(
    ("listen", "place"),
    [
        ("127.0.0.1:8787", ("127.0.0.1", 8787)),
        ("localhost:80", ("127.0.0.1", 80)),
        ("[::1]:8787", ("::1", 8787)),
        ("0.0.0.0:443", ("0.0.0.0", 443)),  # noqa: S104 - read, not listened on
        ("", None),
        (":8787", None),
        ("127.0.0.1", None),
        ("127.0.0.1:99999", None),
        ("127.0.0.1:-1", None),
    ],
)
def test_an_address_with_its_port_is_understood(listen: str, place: tuple[str, int] | None) -> None:
    assert host_and_port(listen) == place
