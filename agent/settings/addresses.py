"""Web addresses of shops and of Mamut: what is one, and what goes over it unencrypted.

Problems never quote an address: a name and password may stand in it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from agent.model.reasons import Fault
from agent.model.words import words
from agent.settings.finding import Finding, Severity, missing, wrong


def check_address(path: str, address: str, *, shop: bool) -> Iterator[Finding]:
    """`shop` tells a shop's address from Mamut's: a shop on plain http is spoken to with signed requests."""
    if not address.strip():
        yield missing(
            path,
            words("Adressen är inte ifylld.", "The address has not been filled in."),
            words('Ange den, till exempel "https://www.exempel.se".', 'Give it, such as "https://www.example.com".'),
        )
        return
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        yield wrong(
            path,
            words("Det är ingen webbadress.", "This is no web address."),
            words(
                "Börja med https:// och skriv butikens namn efter.", "Begin with https:// and the host's name after."
            ),
        )
        return
    if parts.username is not None or parts.password is not None:
        yield wrong(
            path,
            words("Adressen har användare eller lösenord i sig.", "The address holds a user or a password."),
            words("Ta bort dem: nycklar hör hemma i secrets.toml.", "Remove them: keys belong in secrets.toml."),
        )
    if parts.query or parts.fragment:
        yield wrong(
            path,
            words("Adressen har ett tillägg efter ? eller #.", "The address has something after ? or #."),
            words("Ange bara adressen till startsidan.", "Give the address of the front page only."),
        )
    if shop and "/wp-json" in parts.path:
        yield wrong(
            path,
            words("Adressen pekar på API:et i stället för butiken.", "The address points at the API, not the shop."),
            words("Ta bort /wp-json och allt efter.", "Remove /wp-json and all that follows."),
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        yield _unencrypted(path, shop=shop)


def _split(address: str) -> SplitResult | None:
    if any(c.isspace() or not c.isprintable() for c in address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is what judges it
    except ValueError:
        return None
    return parts


def is_loopback(host: str) -> bool:
    """Whether the name is this computer's own, so that nothing goes over a network."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unencrypted(path: str, *, shop: bool) -> Finding:
    what = (
        words(
            "Butiken nås utan kryptering. Anropen signeras (OAuth 1.0a), men order och kunduppgifter går i klartext.",
            "The shop is reached without encryption. Requests are signed (OAuth 1.0a), but orders and customers' data "
            "travel in the clear.",
        )
        if shop
        else words(
            "Mamut nås utan kryptering. Lösenord och kunduppgifter går i klartext.",
            "Mamut is reached without encryption. The password and customers' data travel in the clear.",
        )
    )
    return Finding(
        fault=Fault.CONNECTION_UNENCRYPTED,
        path=path,
        problem=what,
        remedy=words("Skaffa ett certifikat och använd https://.", "Get a certificate and use https://."),
        severity=Severity.WARNING,
    )
