"""Passwords and one-time codes: how they are made, kept and compared."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import trio
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
"""Characters of a password at least. No other rule: length is what counts against guessing."""

LONGEST = 200

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without what is easily taken for something else."""


class Passwords:
    """Argon2id with a limit of one at a time, so that a burst of attempts takes one processor's time at most.

    `cheap` computes in line with the least memory: for tests, which make hundreds.
    """

    def __init__(self, *, cheap: bool = False) -> None:
        self._cheap = cheap
        self._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()
        self._one = trio.CapacityLimiter(1)
        self._nobodys = ""

    async def kept(self, password: str) -> str:
        """The password as it is kept."""
        if self._cheap:
            return self._hasher.hash(password)
        return await trio.to_thread.run_sync(self._hasher.hash, password, limiter=self._one)

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Without `kept` there is no such user, which takes as long to find out."""
        if kept is None and not self._nobodys:
            self._nobodys = await self.kept(secrets.token_urlsafe(16))
        given = self._nobodys if kept is None else kept
        if self._cheap:
            fits = self._fits(given, password)
        else:
            fits = await trio.to_thread.run_sync(self._fits, given, password, limiter=self._one)
        return fits and kept is not None

    def _fits(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (Argon2Error, InvalidHashError):
            return False


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """How a token or a code is kept: it is random enough that a plain digest tells nothing."""
    return hashlib.sha256(token.encode()).digest()


def new_code() -> str:
    """A one-time code as a person types it: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def code_digest(code: str) -> str:
    """The same for a code however it is typed: small letters, spaces, without the dashes."""
    return digest_of("".join(each for each in code.upper() if each in _ALPHABET)).hex()


def equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
