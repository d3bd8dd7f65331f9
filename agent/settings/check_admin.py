"""What the table about the admin means."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from agent.model.reasons import Fault
from agent.model.words import words
from agent.settings.check_webhooks import host_and_port
from agent.settings.finding import Finding, Severity, conflict, missing, wrong
from agent.settings.tree import Settings
from agent.settings.tree_admin import AdminSettings


def check_admin(settings: Settings) -> Iterator[Finding]:
    admin = settings.admin
    if not admin.enabled:
        return
    place = host_and_port(admin.listen)
    if place is None:
        yield wrong(
            "admin.listen",
            words("Det är ingen adress med port.", "This is no address with a port."),
            words('Ange den så: "127.0.0.1:8321".', 'Give it so: "127.0.0.1:8321".'),
        )
    else:
        yield from _check_place(*place, settings)
    yield from _check_files(admin)
    yield from _check_public(admin.public_url)


def _check_place(host: str, port: int, settings: Settings) -> Iterator[Finding]:
    if not settings.admin.certificate and not ipaddress.ip_address(host).is_loopback:
        yield Finding(
            fault=Fault.ADMIN_UNENCRYPTED,
            path="admin.listen",
            problem=words(
                "Admin skulle svara hela nätet okrypterat: lösenord och kunduppgifter kan läsas på vägen.",
                "The admin would answer the whole network unencrypted: passwords and customers' data can be read.",
            ),
            remedy=words(
                "Lyssna på 127.0.0.1, eller ange certificate och private_key under [admin].",
                "Listen on 127.0.0.1, or give certificate and private_key in [admin].",
            ),
            severity=Severity.ERROR,
        )
    receiver = host_and_port(settings.webhooks.listen) if settings.webhooks.listen else None
    if receiver is not None and receiver[1] == port:
        yield conflict(
            "admin.listen",
            words("Webhooks tas emot på samma port.", "Webhooks are received on the same port."),
            words("Ge dem var sin port.", "Give each a port of its own."),
        )


def _check_files(admin: AdminSettings) -> Iterator[Finding]:
    for key, file in (("certificate", admin.certificate), ("private_key", admin.private_key)):
        if file and not Path(file).is_file():
            yield wrong(
                f"admin.{key}",
                words("Filen finns inte.", "There is no such file."),
                words("Ange filens hela sökväg.", "Give the file's whole path."),
            )
    if admin.private_key and not admin.certificate:
        yield missing(
            "admin.certificate",
            words("Nyckeln saknar sitt certifikat.", "The key lacks its certificate."),
            words("Ange certificate, eller ta bort private_key.", "Give certificate, or remove private_key."),
        )


def _check_public(url: str) -> Iterator[Finding]:
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        yield wrong(
            "admin.public_url",
            words("Det är ingen adress till en hel webbplats.", "This is no address of a whole site."),
            words('Ange den så: "https://brygga.exempel.se".', 'Give it so: "https://brygga.example.com".'),
        )
    elif parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield Finding(
            fault=Fault.ADMIN_UNENCRYPTED,
            path="admin.public_url",
            problem=words(
                "Mellan webbläsaren och webbservern skulle lösenord gå okrypterat.",
                "Between browser and web server passwords would go unencrypted.",
            ),
            remedy=words("Låt webbservern tala https.", "Let the web server speak https."),
            severity=Severity.ERROR,
        )
