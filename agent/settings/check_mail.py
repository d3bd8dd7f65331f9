"""What the tables about mail and attention mean."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from agent.model.reasons import Fault
from agent.model.words import Language, words
from agent.schedule import Plan, Schedule, ScheduleWrong
from agent.settings.check_schedules import WRONG
from agent.settings.finding import Finding, Severity, missing, risky, wrong
from agent.settings.kinds import choose, shown
from agent.settings.ranges import check_no_blank, check_range
from agent.settings.tree import Settings
from agent.settings.tree_mail import AttentionSettings, MailSecurity, MailSettings

ADDRESS = re.compile(r"[^\s@<>\",;:()\[\]\\]+@[^\s@<>\",;:()\[\]\\]+")

TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")

_HOST = re.compile(r"[0-9A-Za-z.:_\-]+")

_YEAR_S = 366 * 86_400


def check_mail(settings: Settings) -> Iterator[Finding]:
    yield from _check_attention(settings.attention)
    mail = settings.mail
    if not mail.is_on:
        if mail.sender or mail.to or mail.user:
            yield risky(
                "mail.host",
                words("Utan host skickas inget brev.", "Without host no mail is sent."),
                words("Ange din e-postservers namn, eller ta bort tabellen.", "Give your mail server, or remove it."),
            )
        return
    yield from _check_server(mail)
    yield from _check_people(mail)
    yield from _check_times(mail)


def _check_attention(attention: AttentionSettings) -> Iterator[Finding]:
    yield from check_range("attention.unreachable_after_s", attention.unreachable_after_s, 60, 86_400)
    yield from check_range("attention.late_after_s", attention.late_after_s, 600, 604_800)
    yield from check_range("attention.room_mb", attention.room_mb, 0, 1_000_000)
    yield from check_range("attention.certificate_days", attention.certificate_days, 0, 365)


def _check_server(mail: MailSettings) -> Iterator[Finding]:
    if not _HOST.fullmatch(mail.host):
        yield wrong(
            "mail.host",
            words("Det är inget namn på en server.", "This is no server's name."),
            words(
                'Ange bara namnet, till exempel "smtp.exempel.se".', 'Give the name alone, such as "smtp.example.com".'
            ),
        )
    elif mail.security is MailSecurity.NONE and not _is_here(mail.host):
        yield Finding(
            fault=Fault.CONNECTION_UNENCRYPTED,
            path="mail.security",
            problem=words(
                "Breven skulle gå okrypterat över nätet, och lösenordet med dem.",
                "Mail would go unencrypted over the network, and the password with it.",
            ),
            remedy=words('Välj "starttls" eller "tls".', 'Choose "starttls" or "tls".'),
            severity=Severity.ERROR,
        )
    if mail.port is not None:
        yield from check_range("mail.port", mail.port, 1, 65_535)
    yield from check_range("mail.timeout_s", mail.timeout_s, 1, 600)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_people(mail: MailSettings) -> Iterator[Finding]:
    example = words('Ange den så: "brygga@exempel.se".', 'Give it so: "brygga@example.com".')
    if not mail.sender:
        yield missing("mail.sender", words("Avsändaren saknas.", "The sender is missing."), example)
    if not mail.to:
        yield missing("mail.to", words("Ingen får brevet.", "Nobody gets the mail."), example)
    yield from check_no_blank("mail.to", mail.to)
    places = [("mail.sender", mail.sender), *((f"mail.to[{at}]", each) for at, each in enumerate(mail.to))]
    for path, address in places:
        if address.strip() and not ADDRESS.fullmatch(address):
            yield wrong(path, words("Det är ingen e-postadress.", "This is no e-mail address."), example)
        elif not address.isascii():
            yield wrong(
                path,
                words(
                    "Adressen har tecken som inte alla servrar tar.", "Not all servers take the address's characters."
                ),
                words("Ange en adress utan å, ä och ö.", "Give an address of plain letters."),
            )


def _check_times(mail: MailSettings) -> Iterator[Finding]:
    if mail.language and mail.language not in tuple(Language):
        name = shown(mail.language)
        problem = words(f"Språket {name} finns inte.", f"There is no language {name}.")
        yield wrong("mail.language", problem, choose(tuple(str(each) for each in Language)))
    if mail.daily_at and not TIME.fullmatch(mail.daily_at):
        yield wrong(
            "mail.daily_at",
            words("Det är inget klockslag.", "This is no time of day."),
            words('Ange det så: "07:30".', 'Give it so: "07:30".'),
        )
    yield from check_range("mail.age_s", mail.age_s, 0, _YEAR_S)
    try:
        Plan(Schedule(quiet=mail.quiet, zone=mail.zone), 1.0)
    except ScheduleWrong as error:
        yield wrong(f"mail.{error.key}", *WRONG[error.problem])
