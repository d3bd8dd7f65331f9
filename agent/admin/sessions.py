"""Sessions: a random token in the browser's cookie, its digest in the journal, and two ways to expire."""

from __future__ import annotations

import apsw

from agent.actors.times import to_ms
from agent.admin.passwords import digest_of, new_token
from agent.journal import users
from agent.journal.journal import Journal
from agent.journal.users import Session, User
from agent.model.clock import Clock

IDLE_S = 2 * 3600
"""After so long without a request a session is over."""

WHOLE_S = 12 * 3600
"""However busy it is, a session ends after a working day."""

SEEN_EVERY_S = 60
"""So often at most a session's use is written down."""


class Sessions:
    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def begin(self, user: User) -> str:
        """A new session's token. Those that are over are swept out."""
        token, now_ms = new_token(), to_ms(self._clock())

        def step(tx: apsw.Connection) -> None:
            users.end_older(tx, now_ms - WHOLE_S * 1000, now_ms - IDLE_S * 1000)
            users.begin(tx, digest_of(token), user.user_id, now_ms)

        await self._journal.run(step)
        return token

    def standing(self, token: str) -> Session | None:
        """The session, while it holds. Looking does not make it last longer."""
        if not token:
            return None
        found = self._journal.view(lambda tx: users.session(tx, digest_of(token)))
        now_ms = to_ms(self._clock())
        if found is None or now_ms - found.seen_ms >= IDLE_S * 1000 or now_ms - found.began_ms >= WHOLE_S * 1000:
            return None
        return found

    async def used(self, token: str, session: Session) -> None:
        """The session's user has asked for something."""
        now_ms = to_ms(self._clock())
        if now_ms - session.seen_ms >= SEEN_EVERY_S * 1000:
            await self._journal.run(lambda tx: users.seen(tx, digest_of(token), now_ms))

    async def end(self, token: str) -> None:
        await self._journal.run(lambda tx: users.end(tx, digest_of(token)))
