"""What has been put together so far, kept in the journal: it survives a restart. No secret is in it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import apsw
import msgspec

from agent.doctor.result import Result, Test, Verdict
from agent.journal import records
from agent.model.mamut import Registers
from agent.model.order import Frozen
from agent.remote.ports import MamutCompany
from agent.set_up.lists import ShopLists
from agent.set_up.trial import Trial
from agent.settings.load import Loaded, loads
from agent.settings.tree import Settings, ShopSettings

NOTE = "set_up"


class Step(StrEnum):
    """In the order in which they are gone through; each can be gone back to."""

    COMPANY = "company"
    SHOP = "shop"
    PACKAGE = "package"
    MAPPING = "mapping"
    TRIAL = "trial"
    GO = "go"


class Known(Frozen, frozen=True):
    """What Mamut told when its session was last tested."""

    company: MamutCompany
    registers: Registers


class Draft(Frozen, frozen=True):
    """`text` is `brygga.toml` as it would become; `shop` is the place in it of the shop that is being set up, `was` its
    key if it is one that is set up already. `basis` is the digest of the file that the text was made from.

    `results` are of the tests made last, `trial` of the dry run; each is dropped when what it was about changes.
    `begin` is where to begin: "now", "date", "listed" or "kept", with `begin_on` a day for "date".
    """

    text: str
    basis: str
    shop: int
    was: str = ""
    saved: tuple[Step, ...] = ()
    results: tuple[Result, ...] = ()
    mamut: Known | None = None
    shop_lists: ShopLists | None = None
    trial: Trial | None = None
    begin: str = ""
    begin_on: str = ""

    @property
    def settings(self) -> Settings:
        """As far as the text gives them: with faults still in them fit for showing and testing only."""
        loaded = loads(self.text)
        if not isinstance(loaded, Loaded):
            raise TypeError("a draft that is no TOML")
        return loaded.settings

    def shop_of(self, settings: Settings) -> ShopSettings:
        return settings.shop[self.shop]

    def about(self, tests: tuple[Test, ...]) -> tuple[Result, ...]:
        """The results of these tests, in their order."""
        by_test = {result.test: result for result in self.results}
        return tuple(by_test[test] for test in tests if test in by_test)

    def has_errors(self, tests: tuple[Test, ...]) -> bool:
        return any(result.verdict is Verdict.ERROR for result in self.about(tests))

    def saved_too(self, step: Step) -> tuple[Step, ...]:
        return tuple(each for each in Step if each in (*self.saved, step))


def kept(tx: apsw.Connection) -> Draft | None:
    """None where nothing has been begun, or a version wrote it that this one cannot read."""
    text = records.value(tx, NOTE)
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=Draft)
    except msgspec.ValidationError:
        return None


def keep(tx: apsw.Connection, draft: Draft | None) -> None:
    """Part of a step. None forgets it."""
    records.set_value(tx, NOTE, "" if draft is None else msgspec.json.encode(draft).decode())


def change(tx: apsw.Connection, how: Callable[[Draft], Draft]) -> Draft | None:
    """Part of a step: what tests find while somebody types goes into what stands then."""
    draft = kept(tx)
    if draft is not None:
        draft = how(draft)
        keep(tx, draft)
    return draft
