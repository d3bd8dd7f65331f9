"""Whether a shop's actors have anything left that can be done now: `run --once` ends when none has."""

from __future__ import annotations

import apsw

from agent.actors.turns import Turns
from agent.app_shop import Shop
from agent.flows import DirectionName
from agent.journal import commands, directions, orders, records
from agent.journal.journal import Journal


def is_idle(shop: Shop, journal: Journal, turns: Turns) -> bool:
    """Listed at least once, nothing to read, nothing to do; a frozen shop has nothing to do, and for paused orders, or
    those that their schedule lets rest, nobody waits."""
    turn = turns.of(shop.key, DirectionName.ORDERS_TO_MAMUT)

    def look(tx: apsw.Connection) -> bool:
        if records.shop(tx, shop.key).frozen_fault:
            return not records.open_wishes(tx, shop.key)
        paused = directions.get(tx, shop.key, DirectionName.ORDERS_TO_MAMUT).paused
        quiet = turn.quiet
        unread = not quiet and orders.to_read(tx, shop.key, 1)
        orders_left = commands.is_any_waiting(tx, commands.MAMUT, shop.key) or unread
        left = (
            (orders_left and not paused)
            or (not quiet and commands.is_any_waiting(tx, commands.shop_remote(shop.key), shop.key))
            or records.open_wishes(tx, shop.key)
        )
        told = shop.teller is None or shop.teller.idle
        rests = shop.direction.resting and shop.aftermath.idle and shop.goods.idle and told
        listed = shop.reader.polls > 0 or (shop.known and not turn.may and not turn.due)
        return listed and rests and not left

    return journal.view(look)
