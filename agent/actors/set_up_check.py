"""Asks Mamut whether its registers have the numbers that a shop's settings name, before a direction works by them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import apsw

from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.health import Health
from agent.actors.times import to_ms
from agent.decide.set_up import NotInMamut, named, not_in_mamut
from agent.flows import DirectionName
from agent.journal import directions, records
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.remote.retry import delay_s
from agent.remote.trouble import Trouble
from agent.settings.tree import ShopSettings

AGAIN_S = 3_600.0
"""Seconds until Mamut is asked again: somebody may take a warehouse away, or enter the one that is missing."""


class SetUpCheck:
    """One shop's. A direction whose numbers have not been found yet, as its settings are now, does not work; once they
    have been, it does not wait for Mamut at the next start. `judged` is called after each answer."""

    def __init__(
        self,
        settings: ShopSettings,
        names: tuple[DirectionName, ...],
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        judged: Callable[[], None],
    ) -> None:
        self.bell = Bell()
        self._settings = settings
        self._shop = ShopKey(settings.key)
        wanted = {name: named(settings, name) for name in names}
        self._digests = {name: _digest(each) for name, each in wanted.items() if each}
        self._desk = desk
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._judged = judged
        self._health = Health(f"settings/{settings.key}", journal, clock)
        self.answered = not self._digests
        """Whether Mamut has been asked since the start, or needs not be."""

    def may(self, name: DirectionName) -> bool:
        """Whether all that the direction's settings name is known to stand in Mamut."""
        digest = self._digests.get(name)
        return digest is None or self._journal.view(lambda tx: records.value(tx, self._note(name))) == digest

    async def run(self) -> None:
        """Asks now and then for ever; ends by being cancelled."""
        failures = 0
        while self._digests:
            try:
                await self._ask()
                failures = 0
                await self.bell.wait(AGAIN_S)
            except Trouble as trouble:
                failures += 1
                await self.bell.wait(delay_s(failures, self._chance, trouble.retry_after_s))

    async def _ask(self) -> None:
        registers = await self._desk.ask(lambda port: port.registers(), background=True)
        found = {name: not_in_mamut(self._settings, name, registers) for name in self._digests}
        now_ms = to_ms(self._clock())

        def keeping_set_up(tx: apsw.Connection) -> None:
            for name, digest in self._digests.items():
                records.set_value(tx, self._note(name), "" if found[name] else digest)
                if found[name]:
                    params = {"register": found[name][0].register, "value": found[name][0].value}
                    directions.ran(tx, self._shop, name, now_ms, Fault.MAMUT_REGISTER_VALUE_MISSING, params)

        await self._journal.run(keeping_set_up)
        missing = [each for rows in found.values() for each in rows]
        if missing:
            problem = ", ".join(f"{each.register} {each.value}" for each in missing)
            await self._health.stopped("paused", Fault.MAMUT_REGISTER_VALUE_MISSING.value, problem)
        else:
            await self._health.good("waiting")
        self.answered = True
        self._judged()

    def _note(self, name: DirectionName) -> str:
        return f"set_up/{self._shop}/{name}"


def _digest(wanted: tuple[NotInMamut, ...]) -> str:
    return ",".join(f"{each.register}:{each.value}" for each in wanted)
