"""The tables of `brygga.toml` about what needs a person: when it is so, and to whom it is mailed."""

from __future__ import annotations

from enum import StrEnum

from agent.model.node import Node


class MailSecurity(StrEnum):
    """How the mail server is spoken to. `none` is for a server of this computer alone."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PORTS = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
"""Where mail servers listen for each (RFC 6409, RFC 8314)."""


class MailSettings(Node, frozen=True):
    """What needs a person, by mail. Without `host` nothing is sent.

    With `user` the password is a secret of its own. `daily_at` is the time of day of the digest and `quiet` are times
    of day without mail ("22:00-06:00"), both in `zone`; without `daily_at` a thing is mailed as soon as it is old
    enough. `age_s` is how many seconds a thing waits before it is mailed; what stops the flow is mailed at once where
    `urgent` is true. `language` is empty for that of the whole file.
    """

    host: str = ""
    port: int | None = None
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    language: str = ""
    daily_at: str = "07:30"
    urgent: bool = True
    age_s: float = 3_600.0
    quiet: tuple[str, ...] = ()
    zone: str = "Europe/Stockholm"
    timeout_s: float = 30.0

    @property
    def is_on(self) -> bool:
        return bool(self.host)

    @property
    def port_used(self) -> int:
        return PORTS[self.security] if self.port is None else self.port


class AttentionSettings(Node, frozen=True):
    """When silence needs a person.

    `unreachable_after_s` is how many seconds a shop or Mamut may be without an answer, `late_after_s` how many a
    direction may be behind its schedule. `room_mb` is how much is to be free on the journal's disk, in megabytes of
    1,048,576 bytes; `certificate_days` how many days a certificate is to hold.
    """

    unreachable_after_s: float = 900.0
    late_after_s: float = 3_600.0
    room_mb: int = 512
    certificate_days: int = 14
