"""No secret comes into the journal: the settings' text is kept without those that somebody wrote into it.

`brygga.toml` has no place for a secret, but it has comments, addresses and the options of plugins.
"""

from __future__ import annotations

import re

from agent.settings.difference import Change
from agent.settings.secrets import Secrets

VEIL = "•••"

_NAMES = r"(?:passw|l[oö]senord|secret|hemlig|token|api_?key)"

_SHOP_KEY = re.compile(r"\bc[ks]_[0-9A-Za-z]{8,}")
"""A key or secret of WooCommerce's REST API."""

_IN_ADDRESS = re.compile(r"(?<=://)[^/\s\"'@]+:[^/\s\"'@]+(?=@)")

_ASSIGNED = re.compile(
    rf"({_NAMES}[\w-]*(?:\"\s*:|[\"']?\s*=)\s*)(\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[^\s#,}}]+)", re.IGNORECASE
)
"""A value that somebody calls a secret, in a comment or in a plugin's options, in TOML or in JSON."""

_CALLED_SECRET = re.compile(rf"{_NAMES}[^.\[\]]*$", re.IGNORECASE)

_SHORTEST = 6
"""A password of fewer characters may be any word of the file."""


def conceal(text: str, secrets: Secrets) -> str:
    """The text as the journal may have it; equal to `text` when nothing in it is secret."""
    for secret in sorted(_values(secrets), key=len, reverse=True):
        text = text.replace(secret, VEIL)
    text = _SHOP_KEY.sub(VEIL, text)
    text = _IN_ADDRESS.sub(VEIL, text)
    return _ASSIGNED.sub(lambda found: f'{found[1]}"{VEIL}"', text)


def conceal_changes(changes: tuple[Change, ...], secrets: Secrets) -> tuple[Change, ...]:
    """The same of a difference."""

    def veiled(path: str, value: str) -> str:
        return VEIL if value and _CALLED_SECRET.search(path) else conceal(value, secrets)

    return tuple(
        Change(path=each.path, before=veiled(each.path, each.before), after=veiled(each.path, each.after))
        for each in changes
    )


def _values(secrets: Secrets) -> set[str]:
    values = {secrets.mamut_password.reveal()}
    if secrets.mail_password is not None:
        values.add(secrets.mail_password.reveal())
    for shop in secrets.shops.values():
        for secret in (shop.consumer_key, shop.consumer_secret, shop.webhook_secret):
            if secret is not None:
                values.add(secret.reveal())
    return {value for value in values if len(value) >= _SHORTEST}
