"""What people ask of the agent beyond orders and goods, done to it: one function for each kind of act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from agent.actors.lookout import MEGABYTE
from agent.journal import order_keys
from scenarios import story_beside as tell

if TYPE_CHECKING:
    from scenarios.acts import Director


async def _ask_sync(director: Director, act: tell.AskSync) -> None:
    director.background(director.asker.do, act)


async def _older_journal(director: Director, _act: tell.OlderJournal) -> None:
    """What the migration finds that brought the keys: orders without any, below a mark for each shop."""
    await director.process.stop()
    with director.play.look() as tx:
        tx.execute("DELETE FROM order_keys")
        tx.execute(
            "INSERT OR REPLACE INTO notes (key, value) SELECT ? || shop, CAST(max(order_id) + 1 AS TEXT) FROM orders"
            " WHERE read_at IS NOT NULL GROUP BY shop",
            (order_keys.BELOW,),
        )
    director.process.start()


async def _room(director: Director, act: tell.Room) -> None:
    director.play.free_bytes = act.mb * MEGABYTE


BESIDE_ACTS: dict[type, Callable[[Director, Any], Awaitable[None]]] = {
    tell.AskSync: _ask_sync,
    tell.OlderJournal: _older_journal,
    tell.Room: _room,
}
