"""Where passwords and keys come from: the environment, systemd's credentials, or a file that only we can read.

They are looked for in that order, the first that has one wins. What is missing is a finding that names every place.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Words, words
from agent.settings.finding import Finding
from agent.settings.secret import Secret
from agent.settings.toml_file import parse_toml
from agent.settings.tree import Settings

FILE_NAME = "secrets.toml"
FILE_VARIABLE = "BRYGGA_SECRETS_FILE"
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"

_SIZE_MAX = 1_000_000

SIGNING_MIN = 16
"""Characters of a secret that webhooks are signed with, at least."""


class ShopSecrets(Frozen, frozen=True):
    """The key pair that WooCommerce gave for its REST API, and what the shop signs its webhooks with, if it has any."""

    consumer_key: Secret
    consumer_secret: Secret
    webhook_secret: Secret | None = None


class Secrets(Frozen, frozen=True):
    """`mail_password` is None where the settings name no user at a mail server."""

    mamut_password: Secret
    shops: dict[ShopKey, ShopSecrets]
    mail_password: Secret | None = None


class Place(Frozen, frozen=True):
    """Where one secret was found. `checked` says whether others' right to read it was looked at and refused."""

    name: str
    source: Words
    checked: bool


class Found(Frozen, frozen=True):
    """`secrets` is None when one is missing or refused; `findings` then say which."""

    secrets: Secrets | None
    findings: tuple[Finding, ...]
    places: tuple[Place, ...]


def find_secrets(settings: Settings, *, beside: Path, environ: Mapping[str, str]) -> Found:
    """`beside` is the folder of `brygga.toml`, where `secrets.toml` lies unless the environment names another."""
    search = _Search(beside, environ)
    password = search.secret(("mamut", "password"))
    shops: dict[ShopKey, ShopSecrets] = {}
    complete = password is not None
    for shop in settings.shop:
        if not shop.key or not shop.enabled:
            continue
        key = search.secret(("shop", shop.key, "consumer_key"))
        secret = search.secret(("shop", shop.key, "consumer_secret"))
        signs = search.secret(("shop", shop.key, "webhook_secret")) if shop.webhooks.enabled else None
        if key is None or secret is None or (signs is None and shop.webhooks.enabled):
            complete = False
        else:
            search.judge_pair(shop.key, key, secret)
            if signs is not None:
                search.judge_length(shop.key, signs)
            shops[ShopKey(shop.key)] = ShopSecrets(consumer_key=key, consumer_secret=secret, webhook_secret=signs)
    mail = search.secret(("mail", "password")) if settings.mail.is_on and settings.mail.user else None
    findings = tuple(search.findings)
    whole = (
        Secrets(mamut_password=password, shops=shops, mail_password=mail) if password is not None and complete else None
    )
    return Found(secrets=None if findings else whole, findings=findings, places=tuple(search.places))


def look_for(
    name: tuple[str, ...], *, beside: Path, environ: Mapping[str, str]
) -> tuple[Secret | None, tuple[Finding, ...]]:
    """One secret, None where there is none, and what is wrong with the file. Without a name the file alone."""
    search = _Search(beside, environ)
    findings = tuple(search.findings)
    return search.secret(name) if name else None, findings


def variable(name: tuple[str, ...]) -> str:
    """The environment variable of a secret: BRYGGA_SHOP_GARN_CONSUMER_KEY."""
    return "_".join(("brygga", *name)).upper().replace("-", "_")


def credential(name: tuple[str, ...]) -> str:
    """The file in systemd's credentials directory: shop_garn_consumer_key."""
    return "_".join(name)


class _Search:
    """Looks through the places, remembering what was found wrong with them."""

    def __init__(self, beside: Path, environ: Mapping[str, str]) -> None:
        self.findings: list[Finding] = []
        self.places: list[Place] = []
        self._environ = environ
        folder = environ.get(CREDENTIALS_VARIABLE, "")
        self._credentials = Path(folder) if folder else None
        named = environ.get(FILE_VARIABLE, "")
        self._file = Path(named) if named else beside / FILE_NAME
        self._checked = False
        self._tables = self._read_file(must_exist=bool(named))

    def secret(self, name: tuple[str, ...]) -> Secret | None:
        for value, source, checked in (
            (self._environ.get(variable(name), ""), words("miljön", "the environment"), False),
            (self._credential(name), words("systemd", "systemd"), True),
            (self._from_file(name), words(str(self._file), str(self._file)), self._checked),
        ):
            text = value.strip()
            if not text:
                continue
            if not (text.isascii() and text.isprintable()) and name[0] == "shop":
                self._add(Fault.SETTINGS_VALUE_WRONG, _dotted(name), *_STRANGE)
                return None
            self.places.append(Place(name=_dotted(name), source=source, checked=checked))
            return Secret(text)
        self._add(Fault.SECRET_MISSING, _dotted(name), *self._missing(name))
        return None

    def judge_pair(self, shop: str, key: Secret, secret: Secret) -> None:
        """WooCommerce's keys begin with ck_ and its secrets with cs_, which shows when they have changed places."""
        if key.reveal().startswith("cs_") or secret.reveal().startswith("ck_"):
            self._add(
                Fault.SETTINGS_VALUE_WRONG,
                _dotted(("shop", shop, "consumer_key")),
                words("Nyckel och hemlighet har bytt plats.", "Key and secret have changed places."),
                words("Nyckeln börjar med ck_, hemligheten med cs_.", "The key begins with ck_, the secret with cs_."),
            )

    def judge_length(self, shop: str, secret: Secret) -> None:
        """The secret is all that tells the shop's webhooks from anybody else's."""
        if len(secret.reveal()) < SIGNING_MIN:
            self._add(
                Fault.SETTINGS_VALUE_WRONG,
                _dotted(("shop", shop, "webhook_secret")),
                words(f"Kortare än {SIGNING_MIN} tecken.", f"Shorter than {SIGNING_MIN} characters."),
                words("Hitta på en lång slumpmässig text.", "Make up a long random text."),
            )

    def _credential(self, name: tuple[str, ...]) -> str:
        if self._credentials is None:
            return ""
        path = self._credentials / credential(name)
        text = self._read_private(path, others=stat.S_IRWXO)
        return text or ""

    def _from_file(self, name: tuple[str, ...]) -> str:
        table: object = self._tables
        for part in name:
            table = table.get(part) if isinstance(table, dict) else None
        if table is not None and not isinstance(table, str):
            self._add(
                Fault.SETTINGS_VALUE_WRONG,
                f"{FILE_NAME}: {_dotted(name)}",
                words("Det är ingen text.", "This is not a text."),
                words("Sätt citattecken om värdet.", "Put the value in quotes."),
            )
        return table if isinstance(table, str) else ""

    def _read_file(self, *, must_exist: bool) -> dict[str, object]:
        text = self._read_private(self._file, others=stat.S_IRWXG | stat.S_IRWXO)
        if text is None:
            if must_exist and not self.findings:
                self._add(
                    Fault.SECRET_MISSING,
                    str(self._file),
                    words(f"Filen som {FILE_VARIABLE} pekar på finns inte.", f"{FILE_VARIABLE} names no file."),
                    words("Rätta sökvägen, eller skapa filen.", "Correct the path, or make the file."),
                )
            return {}
        raw = parse_toml(text.removeprefix("\ufeff"))
        if isinstance(raw, Finding):
            self._add(raw.fault, f"{self._file} {raw.path}".rstrip(), raw.problem, raw.remedy)
            return {}
        return raw

    def _read_private(self, path: Path, *, others: int) -> str | None:
        """The file's text, or None when there is no such file, it cannot be read, or others may read it.

        The rights are asked of the open file, so they are those of what is read. Windows has no such bits: there the
        folder's own rights are all there is, and `brygga check` says that they were not looked at.
        """
        try:
            with path.open("rb") as file:
                state = os.fstat(file.fileno())
                self._checked = sys.platform != "win32"
                if self._checked and not self._is_private(path, state, others):
                    return None
                return file.read(_SIZE_MAX).decode("utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self._add(
                Fault.SECRET_MISSING,
                str(path),
                words(f"Kan inte läsas ({error.strerror}).", f"It cannot be read ({error.strerror})."),
                words(
                    "Filen ska ägas av den användare som kör brygga.", "The user that runs brygga should own the file."
                ),
            )
            return None

    def _is_private(self, path: Path, state: os.stat_result, others: int) -> bool:
        if stat.S_ISREG(state.st_mode) and not state.st_mode & others:
            return True
        mode = f"{stat.S_IMODE(state.st_mode):04o}"
        self._add(
            Fault.SECRETS_FILE_OPEN,
            str(path),
            words(
                f"Andra på servern kan läsa filen (rättigheter {mode}), så den används inte.",
                f"Others on the server can read the file (mode {mode}), so it is not used.",
            ),
            words(
                f"Kör: chmod 600 {path}. Byt nycklarna om filen legat öppen.",
                f"Run: chmod 600 {path}. Change the keys if the file has lain open.",
            ),
        )
        return False

    def _missing(self, name: tuple[str, ...]) -> tuple[Words, Words]:
        folder = self._credentials or f"${CREDENTIALS_VARIABLE}"
        heading, key = ".".join(name[:-1]), name[-1]
        tried = f"{variable(name)}; {folder}/{credential(name)}; {self._file} ([{heading}] {key})"
        return (
            words(f"Hemligheten finns inte. Letade i: {tried}.", f"The secret was not found. Looked in: {tried}."),
            words(
                f'Enklast: skriv {key} = "…" under [{heading}] i {self._file}.',
                f'Simplest: write {key} = "…" under [{heading}] in {self._file}.',
            ),
        )

    def _add(self, fault: Fault, path: str, problem: Words, remedy: Words) -> None:
        finding = Finding(fault=fault, path=path, problem=problem, remedy=remedy)
        if finding not in self.findings:
            self.findings.append(finding)


_STRANGE = (
    words("Hemligheten har tecken som ingen nyckel har.", "The secret has characters that no key has."),
    words("Kopiera den igen från WooCommerce.", "Copy it again from WooCommerce."),
)


def _dotted(name: tuple[str, ...]) -> str:
    return ".".join(name)
