"""What the tables about webhooks mean together."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from agent.model.reasons import Fault
from agent.model.words import words
from agent.settings.addresses import check_address
from agent.settings.finding import Finding, Severity, missing, wrong
from agent.settings.tree import Settings
from agent.settings.tree_webhooks import ReceiverSettings


def host_and_port(listen: str) -> tuple[str, int] | None:
    """The two of "127.0.0.1:8787" or "[::1]:8787"; None when it is no such thing."""
    host, _, port = listen.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65_536:
        return None
    try:
        return str(ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)), int(port)
    except ValueError:
        return None


def check_webhooks(settings: Settings) -> Iterator[Finding]:
    receiver, path = settings.webhooks, "webhooks"
    ringing = [shop for shop in settings.shop if shop.enabled and shop.webhooks.enabled]
    if ringing and not receiver.listen:
        yield missing(
            f"{path}.listen",
            words(
                "Butiker ska ringa, men agenten lyssnar ingenstans.",
                "Shops are to ring, but the agent listens nowhere.",
            ),
            words(
                'Lägg till listen = "127.0.0.1:8787" under [webhooks].', 'Add listen = "127.0.0.1:8787" to [webhooks].'
            ),
        )
    if receiver.listen:
        yield from _check_receiver(receiver, path)
    for index, shop in enumerate(settings.shop):
        if shop.webhooks.enabled:
            yield from _check_delivery(shop.webhooks.delivery_url, shop.key, f"shop[{index}].webhooks.delivery_url")


def _check_receiver(receiver: ReceiverSettings, path: str) -> Iterator[Finding]:
    place = host_and_port(receiver.listen)
    if place is None:
        yield wrong(
            f"{path}.listen",
            words("Det är ingen adress med port.", "This is no address with a port."),
            words('Ange den så: "127.0.0.1:8787".', 'Give it so: "127.0.0.1:8787".'),
        )
    elif not receiver.certificate and not ipaddress.ip_address(place[0]).is_loopback:
        yield Finding(
            fault=Fault.CONNECTION_UNENCRYPTED,
            path=f"{path}.listen",
            problem=words(
                "Webhooks tas emot okrypterat från nätet; i dem står order och kunduppgifter i klartext.",
                "Webhooks are taken unencrypted from the network; orders and customers' data stand in them.",
            ),
            remedy=words(
                "Lyssna på 127.0.0.1 bakom webbservern, eller ange certificate.",
                "Listen on 127.0.0.1 behind the web server, or give certificate.",
            ),
            severity=Severity.WARNING,
        )
    for key, file in (("certificate", receiver.certificate), ("private_key", receiver.private_key)):
        if file and not Path(file).is_file():
            yield wrong(
                f"{path}.{key}",
                words("Filen finns inte.", "There is no such file."),
                words("Ange filens hela sökväg.", "Give the file's whole path."),
            )
    if receiver.private_key and not receiver.certificate:
        yield missing(
            f"{path}.certificate",
            words("Nyckeln saknar sitt certifikat.", "The key lacks its certificate."),
            words("Ange certificate, eller ta bort private_key.", "Give certificate, or remove private_key."),
        )


def _check_delivery(url: str, key: str, path: str) -> Iterator[Finding]:
    if not url:
        yield missing(
            path,
            words(
                "Adressen som butiken ska leverera till saknas.", "The address that the shop delivers to is missing."
            ),
            words(
                f'Ange den, till exempel "https://brygga.exempel.se/{key}".',
                f'Give it, such as "https://brygga.example.com/{key}".',
            ),
        )
        return
    found = list(check_address(path, url, shop=True))
    yield from found
    if not any(each.is_error for each in found) and urlsplit(url).path.rstrip("/").rpartition("/")[2] != key:
        yield wrong(
            path,
            words(
                "Adressens sökväg slutar inte med butikens key.", "The address's path does not end with the shop's key."
            ),
            words(
                f"Låt den sluta med /{key}: så vet agenten vem som ringer.",
                f"Let it end with /{key}: it tells who rings.",
            ),
        )
