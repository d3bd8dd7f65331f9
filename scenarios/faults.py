"""Every trouble a play can be given, by name: the network, HTTP, the shop, Mamut, the disk, the agent itself.

One table, `FAULTS`: a fault is a row. What a row does while it lasts stands in weather.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from random import Random
from typing import Literal

import msgspec

from simulators.faults import Fault

System = Literal["shop", "mamut"]
SYSTEMS: tuple[System, ...] = ("shop", "mamut")


class Place(StrEnum):
    """Where a fault strikes, and so how it is made."""

    EXCHANGE = "exchange"  # a share of all requests, in the server before the system
    SHOP_HABIT = "shop_habit"  # a switch of the simulated shop: a share, or on
    MAMUT_HABIT = "mamut_habit"  # the same of the simulated Mamut
    STATE = "state"  # something is so for a while, now and then
    EVENT = "event"  # something happens, now and then


class Row(msgspec.Struct, frozen=True):
    """A fault: where it strikes, which systems it can meet, and what it is."""

    place: Place
    systems: tuple[System, ...]
    text: str


_BOTH: tuple[System, ...] = SYSTEMS
_SHOP: tuple[System, ...] = ("shop",)
_MAMUT: tuple[System, ...] = ("mamut",)
_NONE: tuple[System, ...] = ()

FAULTS: dict[str, Row] = {
    # The network and the web server in front of a system: the same names as in simulators/faults.py.
    "close": Row(Place.EXCHANGE, _BOTH, "the connection is closed as the request begins"),
    "hang_before": Row(Place.EXCHANGE, _BOTH, "no answer ever comes, nothing was done"),
    "cut_before": Row(Place.EXCHANGE, _BOTH, "the connection is cut after the request, nothing was done"),
    "cut_after": Row(Place.EXCHANGE, _BOTH, "the work was done, the answer is lost"),
    "hang_after": Row(Place.EXCHANGE, _BOTH, "the work was done, the answer never comes"),
    "slow": Row(Place.EXCHANGE, _BOTH, "the answer comes late"),
    "half_head": Row(Place.EXCHANGE, _BOTH, "the answer is cut inside its head"),
    "half_body": Row(Place.EXCHANGE, _BOTH, "the answer is cut inside its body"),
    "garbage": Row(Place.EXCHANGE, _BOTH, "what comes back is no HTTP"),
    "status_401": Row(Place.EXCHANGE, _BOTH, "something in front refuses the key"),
    "status_429": Row(Place.EXCHANGE, _BOTH, "too many requests, with Retry-After"),
    "status_429_bare": Row(Place.EXCHANGE, _BOTH, "too many requests, without Retry-After"),
    "status_500_before": Row(Place.EXCHANGE, _BOTH, "a fatal error before anything was done"),
    "status_500_after": Row(Place.EXCHANGE, _BOTH, "a fatal error after the work was done"),
    "status_502": Row(Place.EXCHANGE, _BOTH, "bad gateway"),
    "status_503": Row(Place.EXCHANGE, _BOTH, "maintenance, with Retry-After"),
    "status_504_after": Row(Place.EXCHANGE, _BOTH, "the web server gave up waiting, the work was done"),
    "html_200": Row(Place.EXCHANGE, _BOTH, "a page of HTML comes with status 200, the work was done"),
    "notice": Row(Place.EXCHANGE, _BOTH, "a notice of PHP stands before the JSON"),
    "shop_refuses": Row(Place.STATE, _SHOP, "nobody listens at the shop's address"),
    "mamut_refuses": Row(Place.STATE, _MAMUT, "nobody listens at Mamut's address"),
    "shop_401_burst": Row(Place.STATE, _SHOP, "for a while every request is refused with 401"),
    "shop_slow_line": Row(Place.STATE, _SHOP, "every answer takes seconds"),
    # The shop itself.
    "shop_blocked_by_firewall": Row(Place.SHOP_HABIT, _SHOP, "a firewall refuses with 403 and HTML"),
    "shop_modified_stays": Row(Place.SHOP_HABIT, _SHOP, "a change does not move the order's date"),
    "shop_viewing_modifies": Row(Place.SHOP_HABIT, _SHOP, "reading an order moves its date"),
    "shop_unsteady_ties": Row(Place.SHOP_HABIT, _SHOP, "orders of one second change places between pages"),
    "shop_gmt_ignored": Row(Place.SHOP_HABIT, _SHOP, "times asked for in UTC are taken for the shop's own"),
    "shop_sku_error_after_create": Row(
        Place.SHOP_HABIT, _SHOP, "a product is made and its number called taken, by itself"
    ),
    "shop_races": Row(Place.SHOP_HABIT, _SHOP, "requests that overlap miss what the other does"),
    "shop_maintenance": Row(Place.STATE, _SHOP, "the shop updates itself"),
    "shop_key_revoked": Row(Place.STATE, _SHOP, "the REST key is gone until somebody puts it back"),
    "shop_key_reads_only": Row(Place.STATE, _SHOP, "the REST key may only read"),
    # Mamut itself.
    "mamut_busy": Row(Place.MAMUT_HABIT, _MAMUT, "409, another call is being worked on"),
    "mamut_record_locked": Row(Place.MAMUT_HABIT, _MAMUT, "423, somebody has the record open"),
    "mamut_session_dropped": Row(Place.MAMUT_HABIT, _MAMUT, "the session is closed under us"),
    "mamut_sql_timeout_mid_write": Row(Place.MAMUT_HABIT, _MAMUT, "500, nothing was kept"),
    "mamut_sql_timeout_after_write": Row(Place.MAMUT_HABIT, _MAMUT, "500, all of it was kept"),
    "mamut_header_without_lines": Row(Place.MAMUT_HABIT, _MAMUT, "an order's header is saved, its rows are lost"),
    "mamut_desktop_user_overwrites": Row(Place.MAMUT_HABIT, _MAMUT, "somebody saves the record as it was before"),
    "mamut_silent_cancel": Row(Place.MAMUT_HABIT, _MAMUT, "an edited order is found cancelled"),
    "mamut_clock_ahead": Row(Place.STATE, _MAMUT, "the server's clock is ten minutes ahead"),
    "mamut_maintenance": Row(Place.STATE, _MAMUT, "a back-up has the company for itself"),
    "mamut_session_taken": Row(Place.STATE, _MAMUT, "somebody else holds the only session"),
    "mamut_version_stopped": Row(Place.STATE, _MAMUT, "the version lets nobody in any more"),
    "mamut_licence_removed": Row(Place.STATE, _MAMUT, "the API module is not licensed"),
    "mamut_edition_lowered": Row(Place.STATE, _MAMUT, "the edition has no API"),
    "mamut_password_changed": Row(Place.STATE, _MAMUT, "the password is another one until it is put back"),
    "mamut_restarted": Row(Place.EVENT, _MAMUT, "the server is restarted, all sessions are gone"),
    "mamut_till_sells": Row(Place.EVENT, _MAMUT, "the till's day is booked: documents come in between ours"),
    "mamut_article_inactive": Row(Place.STATE, _MAMUT, "an article is inactive for a while"),
    # The disk and the agent.
    "disk_full": Row(Place.STATE, _NONE, "the journal's disk takes nothing more"),
    "disk_torn_log": Row(Place.EVENT, _NONE, "the agent dies and its write-ahead log ends inside a page"),
    "agent_killed": Row(Place.EVENT, _NONE, "kill -9 at any moment"),
    "agent_killed_in_steps": Row(Place.STATE, _NONE, "kill -9 just before and just after commits"),
    "agent_killed_in_calls": Row(Place.STATE, _NONE, "kill -9 when a system has just done what was asked"),
    "agent_stopped": Row(Place.EVENT, _NONE, "told to stop in order, and started again"),
    "journal_lost": Row(Place.EVENT, _NONE, "the agent dies and its journal is deleted"),
}

NAMES: tuple[str, ...] = tuple(FAULTS)

DESTROYS_MEMORY = frozenset({"journal_lost"})
"""Left out of a swarm unless named: what was held by hand and counted before is forgotten with the journal."""


class FaultSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which faults a play has, and how often. Everything that is drawn is drawn from the play's seed.

    `share` is the part, 0 to 1, of all requests that a fault of an exchange meets, and of the calls that a habit meets.
    A state or event comes on average every `every_s` seconds of the play, a state lasts `lasts_s`.
    With `swarm` each seed has a random subset of the faults named (of all, when none is), `swarm_max` at most.
    """

    names: tuple[str, ...] = ()
    systems: tuple[System, ...] = SYSTEMS
    share: float = 0.1
    every_s: float = 600.0
    lasts_s: float = 120.0
    slow_s: float = 4.0
    hang_s: float = 90.0
    retry_after_s: int = 5
    swarm: bool = False
    swarm_max: int = 12

    def __post_init__(self) -> None:
        unknown = sorted(set(self.names) - set(NAMES))
        if unknown:
            raise ValueError(f"there is no fault {', '.join(unknown)}")
        if not 0 <= self.share <= 1:
            raise ValueError("share goes from 0 to 1")

    def drawn(self, seed: int) -> FaultSettings:
        """The settings of one seed: with `swarm`, a random subset, the same one for the same seed."""
        if not self.swarm:
            return self
        pool = self.names or tuple(name for name in NAMES if name not in DESTROYS_MEMORY)
        chance = Random(f"swarm/{seed}")
        size = chance.randint(1, min(self.swarm_max, len(pool)))
        chosen = set(chance.sample(pool, size))
        names = tuple(name for name in pool if name in chosen)
        return msgspec.structs.replace(self, names=names, swarm=False)

    def of(self, place: Place) -> tuple[str, ...]:
        return tuple(name for name in self.names if FAULTS[name].place is place)


def exchange_faults(names: Iterable[str]) -> tuple[Fault, ...]:
    """Those that a simulator's server makes by itself."""
    return tuple(Fault(name) for name in names if FAULTS[name].place is Place.EXCHANGE)
