"""What `[[shop.plugins]]` means: each is made as the agent would, so that none fails first when an order comes."""

from __future__ import annotations

from collections.abc import Iterator

from agent.model.words import Words, words
from agent.plugins.tree import PluginSettings
from agent.settings.finding import Finding, wrong
from agent.settings.kinds import choose, did_you_mean, shown
from agent.settings.ranges import check_range

_PROBLEMS: dict[str, tuple[Words, Words]] = {
    "not_seen": (
        words("Pluginens modul hittas inte: {detail}.", "The plugin's module is not found: {detail}."),
        words(
            "Installera den med pip install. Är den installerad som redigerbar (-e) medan agenten kördes: starta om.",
            "Install it with pip install. If it was installed as editable (-e) while the agent ran: restart it.",
        ),
    ),
    "not_made": (
        words("Pluginen kunde inte startas: {detail}.", "The plugin could not be made: {detail}."),
        words("Se felet med brygga plugin check.", "See the error with brygga plugin check."),
    ),
    "api_differs": (
        words("Pluginen är skriven för en annan version: {detail}.", "The plugin was written for version {detail}."),
        words("Installera en som passar, se docs/plugins.md.", "Install one that fits, see docs/plugins.md."),
    ),
    "hook_unknown": (
        words("Pluginen har en metod som inget anropar: {detail}.", "Nothing calls the plugin's method {detail}."),
        words("Se docs/plugins.md för namnen.", "See docs/plugins.md for the names."),
    ),
    "no_hook": (
        words("Pluginen har ingen metod att anropa.", "The plugin has no method to call."),
        words("Se docs/plugins.md för namnen.", "See docs/plugins.md for the names."),
    ),
}
"""What is wrong and what helps, by the loader's short word."""

LIMIT_S = (1, 30)


def check_plugins(plugins: tuple[PluginSettings, ...], path: str) -> Iterator[Finding]:
    if not plugins:
        return
    # Asked for here alone: most merchants have none, and looking costs a walk through all that is installed.
    from agent.plugins.found import PluginWrong, load

    names: set[str] = set()
    for index, chosen in enumerate(plugins):
        place = f"{path}[{index}]"
        yield from check_range(f"{place}.limit_s", chosen.limit_s, *LIMIT_S)
        if chosen.name in names:
            yield wrong(
                f"{place}.name",
                words(f"Pluginen {shown(chosen.name)} står två gånger.", f"{shown(chosen.name)} is there twice."),
                words("Ta bort den ena.", "Remove one of them."),
            )
        names.add(chosen.name)
        if not chosen.enabled:
            continue
        try:
            load(chosen)
        except PluginWrong as error:
            yield _finding(error.problem, error.detail, error.known, f"{place}.name")


def _finding(problem: str, detail: str, known: tuple[str, ...], path: str) -> Finding:
    if problem == "not_installed":
        name = shown(detail)
        install = words("Installera den i agentens miljö.", "Install it where the agent is.")
        remedy = did_you_mean(detail, known, choose(known)) if known else install
        return wrong(path, words(f"Pluginen {name} är inte installerad.", f"{name} is not installed."), remedy)
    told, remedy = _PROBLEMS[problem]
    detail = detail[:60]
    return wrong(path, words(told.sv.replace("{detail}", detail), told.en.replace("{detail}", detail)), remedy)
