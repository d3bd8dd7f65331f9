"""Plugins: which are installed, where they are used, what they hold and why, and their settings."""

from __future__ import annotations

from functools import partial

import msgspec
import trio
from starlette.responses import Response

from agent.admin.door import post
from agent.admin.house import MenuEntry
from agent.admin.rule_form import Table, number_of
from agent.admin.table_edit import standing
from agent.admin.table_pages import Fields, Kind, TablePages
from agent.admin.visit import Form, Visit
from agent.journal import plugin_holds
from agent.journal.plugin_holds import Holds
from agent.journal.users import Role
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.packages import Feature, cheapest_lacked
from agent.plugins.checked import Checked, check, versions
from agent.plugins.found import outdated
from agent.plugins.tree import PluginSettings
from agent.settings.tree import Settings, ShopSettings

CHECK_S = 20.0
"""The longest that somebody waits for plugins to be imported."""


class Line(Frozen, frozen=True):
    """One plugin of a shop."""

    place: int
    name: str
    enabled: bool
    limit_s: float
    options: tuple[str, ...]
    is_installed: bool
    first: bool
    last: bool


class PluginForm(Frozen, frozen=True):
    """`options` has one a line: its name, an equals sign, and its value."""

    name: str = ""
    enabled: bool = True
    limit_s: str = ""
    options: str = ""


class Installed(Frozen, frozen=True):
    """One plugin, installed (`version`) or only named in the settings. `at_work` is the version that goes on until the
    next start, where that is another one."""

    name: str
    version: str
    at_work: str
    shops: tuple[str, ...]
    holds: Holds


# -- the settings of one ----------------------------------------------------------------------------------------------


def _typed(form: Form) -> PluginForm:
    return PluginForm(
        name=form.get("name").strip(),
        enabled=form.get("enabled") == "yes",
        limit_s=form.get("limit_s").strip(),
        options=form.get("options").replace("\r\n", "\n"),
    )


def _table(plugin: PluginForm) -> Table:
    made: Table = {"name": plugin.name}
    if not plugin.enabled:
        made["enabled"] = False
    if plugin.limit_s:
        made["limit_s"] = number_of(plugin.limit_s)
    pairs = (line.partition("=") for line in plugin.options.split("\n") if line.strip())
    options = {key.strip(): value.strip() for key, _, value in pairs}
    return {**made, "options": options} if options else made


def _form(table: Table) -> PluginForm | None:
    options = table.get("options", {})
    known = set(table) <= set(PluginSettings.__struct_fields__) and isinstance(table.get("name"), str)
    if not known or not isinstance(options, dict) or not all(isinstance(each, str) for each in options.values()):
        return None
    made = PluginForm(
        name=table["name"],
        enabled=table.get("enabled", True) is True,
        limit_s=f"{table['limit_s']}" if "limit_s" in table else "",
        options="\n".join(f"{key} = {value}" for key, value in options.items()),
    )
    return made if _table(made).get("options", {}) == options else None


def _choices(_visit: Visit, settings: Settings, plugin: PluginForm | None) -> dict[str, object]:
    return {
        "names": list(versions()) if plugin is not None else [],
        "lacking": cheapest_lacked(settings.package, Feature.PLUGINS),
    }


def _only(shop: ShopSettings, place: int, alone: bool) -> ShopSettings:
    plugin = msgspec.structs.replace(shop.plugins[place], enabled=True)
    several = (*shop.plugins[:place], plugin, *shop.plugins[place + 1 :])
    return msgspec.structs.replace(shop, plugins=(plugin,) if alone else several, processing=(), mapping=())


# -- all of them ------------------------------------------------------------------------------------------------------


def _lines(_visit: Visit, shop: ShopSettings) -> list[Line]:
    there = versions() if shop.plugins else {}
    return [
        Line(
            place=place,
            name=each.name,
            enabled=each.enabled,
            limit_s=each.limit_s,
            options=tuple(f"{key} = {value}" for key, value in each.options.items()),
            is_installed=each.name in there,
            first=place == 0,
            last=place == len(shop.plugins) - 1,
        )
        for place, each in enumerate(shop.plugins)
    ]


def _all(visit: Visit, settings: Settings) -> dict[str, object]:
    """Every plugin that is installed, is named in the settings or holds something."""
    there = versions()
    shops = settings.shop
    held = visit.view(lambda tx: plugin_holds.holds(tx, [ShopKey(shop.key) for shop in shops]))
    older = {each.plugin: each.at_work for each in outdated([each for shop in shops for each in shop.plugins])}
    names = sorted({*there, *held, *(each.name for shop in shops for each in shop.plugins)})
    found = [
        Installed(
            name=name,
            version=there.get(name, ""),
            at_work=older.get(name, ""),
            shops=tuple(shop.key for shop in shops if any(each.name == name and each.enabled for each in shop.plugins)),
            holds=held.get(name, Holds()),
        )
        for name in names
    ]
    return {
        "plugins": found,
        "lacking": cheapest_lacked(settings.package, Feature.PLUGINS),
        "checked": None,
        "slow": False,
        "most": plugin_holds.MOST,
    }


async def look(visit: Visit) -> Response:
    """Loads every plugin that is installed, each with its first options in the settings, beside the agent's own."""
    settings = standing(visit).settings
    chosen: dict[str, PluginSettings] = {name: PluginSettings(name=name) for name in versions()}
    for shop in reversed(settings.shop):
        chosen |= {each.name: each for each in shop.plugins}
    found: list[Checked] = []
    with trio.move_on_after(CHECK_S) as limit:
        for each in sorted(chosen.values(), key=lambda plugin: plugin.name):
            found.append(await trio.to_thread.run_sync(partial(check, each), abandon_on_cancel=True))
    return PAGES.listing(visit, {"checked": found, "slow": limit.cancelled_caught})


PAGES = TablePages(
    Kind(
        name="plugins",
        base="/plugins",
        act="plugin_changed",
        fields=Fields(
            blank=lambda _visit: PluginForm(),
            typed=_typed,
            of_table=_form,
            to_table=_table,
            after=lambda _act, form: form,
            choices=_choices,
        ),
        chain=lambda _table: "",
        only=_only,
        listed=_lines,
        also=_all,
    )
)

ROUTES = (*PAGES.routes(), post("/plugins/check", look, Role.CONFIGURE))
MENU = (MenuEntry(66, "/plugins", "plugins.title"),)
