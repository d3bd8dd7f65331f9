"""Secrets: where they are found, what is refused, and that they are never shown."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import traceback
from pathlib import Path

import msgspec
import pytest
import structlog
from rich.console import Console
from rich.traceback import Traceback

from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.settings.load import Loaded, loads
from agent.settings.secret import Secret
from agent.settings.secrets import Found, Secrets, find_secrets
from agent.settings.tree import Settings
from tests.settings.files import GOOD, SECOND_SHOP

HIDDEN = "cs_hunter2_never_to_be_seen"

FILE = f"""
[mamut]
password = "{HIDDEN}"
[shop.garn]
consumer_key = "ck_1"
consumer_secret = "{HIDDEN}"
"""

ENVIRONMENT = {
    "BRYGGA_MAMUT_PASSWORD": "from-environment",
    "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_environment",
    "BRYGGA_SHOP_GARN_CONSUMER_SECRET": "cs_environment",
}


@pytest.fixture
def settings() -> Settings:
    loaded = loads(GOOD)
    assert isinstance(loaded, Loaded)
    return loaded.settings


def put(folder: Path, text: str = FILE, mode: int = 0o600, name: str = "secrets.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def faults(found: Found) -> list[tuple[Fault, str]]:
    return [(finding.fault, finding.path) for finding in found.findings]


class Holder(Frozen, frozen=True):
    secret: Secret


# -- never shown ----------------------------------------------------------------------------------------------------


def test_a_secret_gives_itself_out_only_when_asked() -> None:
    assert Secret(HIDDEN).reveal() == HIDDEN


def test_a_secret_is_not_in_its_texts() -> None:
    secret = Secret(HIDDEN)
    texts = [repr(secret), str(secret), f"{secret}", f"{secret!r:>80}", f"{secret:>80}", "{}".format(secret)]  # noqa: UP032
    texts += ["%s %r" % (secret, secret), repr([secret]), repr({"a": secret}), repr(Holder(secret=secret))]  # noqa: UP031
    for text in texts:
        assert HIDDEN not in text
        assert "•••" in text


def test_a_secret_has_no_attributes_to_look_through() -> None:
    secret = Secret(HIDDEN)
    with pytest.raises(TypeError):
        vars(secret)
    assert all(HIDDEN not in str(getattr(secret, name)) for name in dir(secret) if name.startswith("__"))


@pytest.mark.parametrize(
    "encode", [json.dumps, msgspec.json.encode, msgspec.msgpack.encode, pickle.dumps, copy.deepcopy]
)
def test_a_secret_is_not_stored(encode: object) -> None:
    assert callable(encode)
    with pytest.raises(TypeError) as caught:
        encode(Secret(HIDDEN))
    assert HIDDEN not in str(caught.value)


def test_a_secret_inside_a_struct_is_not_stored_either() -> None:
    with pytest.raises(TypeError) as caught:
        msgspec.json.encode(Holder(secret=Secret(HIDDEN)))
    assert HIDDEN not in str(caught.value)


def test_a_secret_is_not_in_a_log() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.Logger("secrets-test")
    logger.addHandler(handler)
    logger.warning("password %s", Secret(HIDDEN))
    for renderer in (structlog.processors.JSONRenderer(), structlog.processors.KeyValueRenderer()):
        stream.write(str(renderer(None, "info", {"event": "open", "password": Secret(HIDDEN)})))
    assert stream.getvalue().count("•••") + stream.getvalue().count("\\u2022\\u2022\\u2022") == 3
    assert HIDDEN not in stream.getvalue()


def test_a_secret_is_not_in_a_traceback_even_with_variables() -> None:
    def fails(secret: Secret) -> None:
        raise ValueError(f"refused {secret}")

    try:
        fails(Secret(HIDDEN))
    except ValueError as error:
        plain = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        pretty = Console(file=io.StringIO(), width=200)
        pretty.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
        assert isinstance(pretty.file, io.StringIO)
        for text in (plain, pretty.file.getvalue()):
            assert "refused •••" in text
            assert "Secret(•••)" in text
    else:
        pytest.fail("nothing was raised")


def test_secrets_are_equal_when_what_they_hide_is() -> None:
    assert Secret("å") == Secret("å")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    with pytest.raises(TypeError):
        hash(Secret("a"))


# -- where they come from -------------------------------------------------------------------------------------------


def known(found: Found) -> Secrets:
    assert found.secrets is not None, found.findings
    return found.secrets


def test_secrets_come_from_the_environment(tmp_path: Path, settings: Settings) -> None:
    secrets = known(find_secrets(settings, beside=tmp_path, environ=ENVIRONMENT))
    assert secrets.mamut_password == Secret("from-environment")
    (pair,) = secrets.shops.values()
    assert (pair.consumer_key, pair.consumer_secret) == (Secret("ck_environment"), Secret("cs_environment"))


def test_secrets_come_from_the_file_beside_the_settings(tmp_path: Path, settings: Settings) -> None:
    put(tmp_path)
    found = find_secrets(settings, beside=tmp_path, environ={})
    assert known(found).mamut_password == Secret(HIDDEN)
    assert HIDDEN not in repr(found)
    assert {place.name for place in found.places} == {
        "mamut.password",
        "shop.garn.consumer_key",
        "shop.garn.consumer_secret",
    }


def test_secrets_come_from_a_file_that_is_named(tmp_path: Path, settings: Settings) -> None:
    path = put(tmp_path, name="elsewhere.toml")
    found = find_secrets(settings, beside=tmp_path / "other", environ={"BRYGGA_SECRETS_FILE": str(path)})
    assert known(found).mamut_password == Secret(HIDDEN)


def test_secrets_come_from_systemd(tmp_path: Path, settings: Settings) -> None:
    for name, value in (
        ("mamut_password", "from-systemd\n"),
        ("shop_garn_consumer_key", "ck_systemd"),
        ("shop_garn_consumer_secret", "cs_systemd"),
    ):
        put(tmp_path, value, 0o440, name)
    found = find_secrets(settings, beside=tmp_path / "other", environ={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert known(found).mamut_password == Secret("from-systemd")


def test_the_environment_comes_before_systemd_and_systemd_before_the_file(tmp_path: Path, settings: Settings) -> None:
    put(tmp_path)
    folder = tmp_path / "credentials"
    folder.mkdir()
    put(folder, "from-systemd", 0o400, "mamut_password")
    environ = {"CREDENTIALS_DIRECTORY": str(folder)}
    assert known(find_secrets(settings, beside=tmp_path, environ=environ)).mamut_password == Secret("from-systemd")
    environ["BRYGGA_MAMUT_PASSWORD"] = "from-environment"
    assert known(find_secrets(settings, beside=tmp_path, environ=environ)).mamut_password == Secret("from-environment")


def test_a_hyphen_in_a_shop_s_key_is_an_underscore_in_the_environment(tmp_path: Path) -> None:
    loaded = loads(GOOD.replace('"garn"', '"garn-no"'))
    assert isinstance(loaded, Loaded)
    environ = {name.replace("GARN", "GARN_NO"): value for name, value in ENVIRONMENT.items()}
    assert "garn-no" in known(find_secrets(loaded.settings, beside=tmp_path, environ=environ)).shops


def test_a_shop_that_is_off_needs_no_keys(tmp_path: Path) -> None:
    loaded = loads(GOOD + SECOND_SHOP.replace('"tyg"', '"tyg"\nenabled = false'))
    assert isinstance(loaded, Loaded)
    assert set(known(find_secrets(loaded.settings, beside=tmp_path, environ=ENVIRONMENT)).shops) == {"garn"}


# -- what is wrong --------------------------------------------------------------------------------------------------


def test_every_missing_secret_is_found_with_all_the_places_looked_at(tmp_path: Path, settings: Settings) -> None:
    found = find_secrets(settings, beside=tmp_path, environ={"CREDENTIALS_DIRECTORY": "/run/credentials/brygga"})
    assert found.secrets is None
    assert faults(found) == [
        (Fault.SECRET_MISSING, "mamut.password"),
        (Fault.SECRET_MISSING, "shop.garn.consumer_key"),
        (Fault.SECRET_MISSING, "shop.garn.consumer_secret"),
    ]
    for language in (found.findings[1].problem.sv, found.findings[1].problem.en):
        assert "BRYGGA_SHOP_GARN_CONSUMER_KEY" in language
        assert "/run/credentials/brygga/shop_garn_consumer_key" in language
        assert str(tmp_path / "secrets.toml") in language


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o606, 0o660, 0o610])
def test_a_file_that_others_can_open_is_refused(tmp_path: Path, settings: Settings, mode: int) -> None:
    path = put(tmp_path, mode=mode)
    found = find_secrets(settings, beside=tmp_path, environ={})
    assert found.secrets is None
    assert (Fault.SECRETS_FILE_OPEN, str(path)) in faults(found)
    assert f"chmod 600 {path}" in found.findings[0].remedy.sv


def test_an_open_file_is_refused_even_when_all_secrets_are_elsewhere(tmp_path: Path, settings: Settings) -> None:
    put(tmp_path, mode=0o644)
    found = find_secrets(settings, beside=tmp_path, environ=ENVIRONMENT)
    assert found.secrets is None
    assert [fault for fault, _ in faults(found)] == [Fault.SECRETS_FILE_OPEN]


def test_a_link_to_an_open_file_is_refused(tmp_path: Path, settings: Settings) -> None:
    target = put(tmp_path, mode=0o644, name="real.toml")
    (tmp_path / "secrets.toml").symlink_to(target)
    assert find_secrets(settings, beside=tmp_path, environ=ENVIRONMENT).secrets is None


def test_a_credential_that_all_can_read_is_refused(tmp_path: Path, settings: Settings) -> None:
    put(tmp_path, "x", 0o444, "mamut_password")
    found = find_secrets(settings, beside=tmp_path / "other", environ={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert (Fault.SECRETS_FILE_OPEN, str(tmp_path / "mamut_password")) in faults(found)


def test_a_named_file_that_is_not_there_is_a_finding(tmp_path: Path, settings: Settings) -> None:
    environ = {**ENVIRONMENT, "BRYGGA_SECRETS_FILE": str(tmp_path / "no.toml")}
    assert faults(find_secrets(settings, beside=tmp_path, environ=environ)) == [
        (Fault.SECRET_MISSING, str(tmp_path / "no.toml"))
    ]


def test_a_secrets_file_that_is_not_toml_is_a_finding_that_quotes_nothing(tmp_path: Path, settings: Settings) -> None:
    path = put(tmp_path, f"[mamut]\npassword = {HIDDEN}\n")
    found = find_secrets(settings, beside=tmp_path, environ=ENVIRONMENT)
    assert faults(found) == [(Fault.SETTINGS_NOT_TOML, f"{path} line 2")]
    assert HIDDEN not in repr(found)


def test_a_secret_that_is_no_text_is_a_finding_that_does_not_quote_it(tmp_path: Path, settings: Settings) -> None:
    put(tmp_path, FILE.replace('"ck_1"', "4711"))
    found = find_secrets(settings, beside=tmp_path, environ={})
    assert (Fault.SETTINGS_VALUE_WRONG, "secrets.toml: shop.garn.consumer_key") in faults(found)
    assert "4711" not in repr(found)


def test_key_and_secret_that_have_changed_places_are_noticed(tmp_path: Path, settings: Settings) -> None:
    environ = {**ENVIRONMENT, "BRYGGA_SHOP_GARN_CONSUMER_KEY": HIDDEN}
    found = find_secrets(settings, beside=tmp_path, environ=environ)
    assert faults(found) == [(Fault.SETTINGS_VALUE_WRONG, "shop.garn.consumer_key")]
    assert HIDDEN not in repr(found)


def test_a_key_with_a_character_no_key_has_is_noticed(tmp_path: Path, settings: Settings) -> None:
    environ = {**ENVIRONMENT, "BRYGGA_SHOP_GARN_CONSUMER_KEY": "ck_1\u200b"}
    assert faults(find_secrets(settings, beside=tmp_path, environ=environ)) == [
        (Fault.SETTINGS_VALUE_WRONG, "shop.garn.consumer_key")
    ]


def test_an_empty_template_counts_as_missing(tmp_path: Path, settings: Settings) -> None:
    put(tmp_path, FILE.replace(f'"{HIDDEN}"', '""'))
    found = find_secrets(settings, beside=tmp_path, environ={})
    assert [fault for fault, _ in faults(found)] == [Fault.SECRET_MISSING, Fault.SECRET_MISSING]
