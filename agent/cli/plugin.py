"""`brygga plugin`: begin a plugin, list those that are installed, try whether they can be loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from agent.cli.context import CommandContext, Given
from agent.cli.desk import NO, AsJson, Shop, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import complain, say, say_json
from agent.cli.trials import Last, Shown, try_shops
from agent.model.words import words
from agent.plugins.checked import check as plugin_check
from agent.plugins.found import installed, version_of
from agent.plugins.scaffold import is_name, write_package
from agent.plugins.tree import PluginSettings
from agent.settings.load import Unreadable
from agent.settings.load import load as load_settings

app = App(name="plugin", help="Begin a plugin; list, check and try those that are installed.", help_format="plaintext")

BAD_CALL = 2

Name = Annotated[str, Parameter(help="The plugin's name: small letters, digits and hyphens.")]


@app.command
def new(
    name: Name,
    *,
    into: Annotated[Path | None, Parameter(help="The folder to make; else one of the plugin's name here.")] = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Write a working package with a test against the simulators."""
    language = context.speak()
    if not is_name(name):
        problem = words(
            "Namnet har små bokstäver a–z, siffror och bindestreck inuti, högst 60 tecken.",
            "The name has small letters a–z, digits and hyphens within, at most 60 characters.",
        )
        complain(problem.in_(language))
        return BAD_CALL
    folder = context.cwd / (into or name)
    try:
        written = write_package(name, folder)
    except OSError as error:
        problem = words(f"Kan inte skriva {folder}: {error.strerror}.", f"Cannot write {folder}: {error.strerror}.")
        complain(problem.in_(language))
        return NO
    if json:
        say_json({"name": name, "folder": str(folder), "files": [str(path.relative_to(folder)) for path in written]})
        return 0
    for path in written:
        say(str(path.relative_to(context.cwd)) if path.is_relative_to(context.cwd) else str(path))
    then = words(
        f'Sedan: cd {folder.name}, pip install -e ".[dev]", pytest. Se docs/plugins.md.',
        f'Then: cd {folder.name}, pip install -e ".[dev]", pytest. See docs/plugins.md.',
    )
    say(then.in_(language))
    return 0


@app.default
@app.command(name="list")
def list_plugins(*, json: AsJson = False, context: Given) -> int:
    """List installed plugins, and which shops use them. Nothing of them is run."""
    language = context.speak()
    points, used = installed(), _used(context)
    names = sorted({*points, *used})
    if json:
        say_json(
            [
                {
                    "name": name,
                    "installed": name in points,
                    "version": version_of(points[name]) if name in points else None,
                    "shops": used.get(name, []),
                }
                for name in names
            ]
        )
        return 0
    if not names:
        say(words("Ingen plugin är installerad.", "No plugin is installed.").in_(language))
        return 0
    shown = table("Plugin", "Version", words("Butiker", "Shops").in_(language))
    for name in names:
        version = version_of(points[name]) if name in points else words("saknas", "missing").in_(language)
        shown.add_row(name, version, ", ".join(used.get(name, [])) or "–")
    show_table(shown)
    return 0


@app.command
def check(name: str | None = None, *, json: AsJson = False, context: Given) -> int:
    """Load installed plugins as the agent would, and say what is wrong. Ends with 1 when something is.

    Parameters
    ----------
    name
        Only this one.
    """
    language = context.speak()
    names = [name] if name else sorted(installed())
    rows = [plugin_check(_options(context, each)) for each in names]
    if json:
        say_json([msgspec.to_builtins(row) for row in rows])
    elif not rows:
        say(words("Ingen plugin är installerad.", "No plugin is installed.").in_(language))
    for row in () if json else rows:
        if not row.problem:
            say(f"{row.name} {row.version}: {', '.join(row.hooks)}")
            continue
        say(f"{row.name}: {row.problem} {row.detail}".rstrip())
        for line in row.trace:
            say(f"    {line}")
    return NO if any(row.problem for row in rows) else 0


@app.command(name="test")
def try_plugins(
    name: Annotated[str | None, Parameter(help="Only this one.")] = None,
    *,
    last: Last = 50,
    shop: Shop = None,
    show: Shown = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Show what the plugins would change in the newest orders and articles. Nothing is written; Mamut is not asked."""
    from agent.cli.run import set_up_log

    set_up_log("auto", "error")  # Where a plugin failed is told on standard error, beside what is shown.
    with open_desk(context) as desk:
        wanted = desk.shop(shop)
        chosen = [
            msgspec.structs.replace(
                each,
                processing=(),
                mapping=(),
                plugins=tuple(one for one in each.plugins if one.enabled and name in (None, one.name)),
            )
            for each in desk.settings.shop
            if wanted in (None, each.key)
        ]
        return try_shops(desk, context, [each for each in chosen if each.plugins], last, show=show, json=json)


def _used(context: CommandContext) -> dict[str, list[str]]:
    """The shops that use each plugin, by its name; nothing where there are no settings yet."""
    loaded = load_settings(context.settings_file())
    used: dict[str, list[str]] = {}
    if isinstance(loaded, Unreadable):
        return used
    for shop in loaded.settings.shop:
        for each in shop.plugins:
            if each.enabled:
                used.setdefault(each.name, []).append(shop.key)
    return used


def _options(context: CommandContext, name: str) -> PluginSettings:
    """As the first shop that uses it has set it."""
    loaded = load_settings(context.settings_file())
    if not isinstance(loaded, Unreadable):
        for shop in loaded.settings.shop:
            for each in shop.plugins:
                if each.name == name:
                    return each
    return PluginSettings(name=name)
