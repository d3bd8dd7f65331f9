"""What a change of the settings does to who is at work."""

from __future__ import annotations

from agent.model.order import Frozen

MAMUT = "mamut"
REGISTER = "register"
WEBHOOKS = "webhooks"


class Outdated(Frozen, frozen=True):
    """A plugin that works as the version that was loaded, while another one is installed by now."""

    plugin: str
    at_work: str
    installed: str


class TakenUp(Frozen, frozen=True):
    """Who is at work, by name: "butik/stock_to_shop" is a direction of a shop, "mamut" the writer to Mamut, "register"
    the reader of its register, "webhooks" whoever hears the shops ring.

    `replaced` end what they have in hand and begin anew by the new settings, `begun` were not there before, `ended` are
    no more, and `kept` work on. `whole` names the setting that concerns everybody; then nobody is kept. `outdated` are
    plugins of which another version is installed than the one that is at work until the agent is started again.
    """

    replaced: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    whole: str = ""
    outdated: tuple[Outdated, ...] = ()
