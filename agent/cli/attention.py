"""`brygga attention`: everything that needs a person, by its cause, with what helps."""

from __future__ import annotations

from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, AtMost, Desk, Shop, open_desk
from agent.cli.output import say, say_json
from agent.journal.attention import Cause, Item
from agent.model.catalogue import explain
from agent.shown.attention import AREAS, causes
from agent.shown.figures import iso_ms, moment_ms, number
from agent.shown.names import code_of, direction_name


def attention(*, shop: Shop = None, limit: AtMost = 10, json: AsJson = False, context: Given) -> int:
    """Show what needs a person, by its cause. Ends with 1 when anything does.

    Parameters
    ----------
    limit
        At most so many of each cause.
    """
    with open_desk(context) as desk:
        runs = desk.agent_runs()
        found = causes(desk.tx, desk.settings, desk.now(), desk.shop(shop), limit, runs=runs)
        if json:
            say_json({"total": sum(cause.count for cause in found), "causes": [_json(desk, cause) for cause in found]})
            return NO if found else 0
        if not found:
            say(desk.text("Ingenting väntar på en människa.", "Nothing waits for a person."))
            return 0
        area = ""
        for cause in found:
            if cause.area != area:
                area = cause.area
                say(AREAS[area].in_(desk.language))
            _print(desk, cause)
        return NO


def _print(desk: Desk, cause: Cause) -> None:
    code = code_of(cause.code)
    if code is None:  # A later version wrote it.
        say(f"  {cause.code} ({number(cause.count, desk.language)})")
    else:
        text = explain(code, desk.language)
        say(f"  {text.code} {text.title} ({number(cause.count, desk.language)})")
        say(f"    → {text.remedy}")
    for item in cause.items:
        say(f"    {_line(desk, item)}")
    if cause.count > len(cause.items):
        say(
            desk.text(
                f"    … och {cause.count - len(cause.items)} till", f"    … and {cause.count - len(cause.items)} more"
            )
        )


def _line(desk: Desk, item: Item) -> str:
    """What is known of the one thing: its cause with its own numbers, and what no text mentions."""
    name = item.name.removesuffix(f"/{item.shop}")
    named = item.shop if name == item.shop else f"{item.shop} {name}".strip()
    parts = [each for each in (named, moment_ms(item.since_ms) if item.since_ms else "") if each]
    if item.direction:
        parts.append(direction_name(item.direction, desk.language))
    code = code_of(item.code)
    if code is not None:
        text = explain(code, desk.language, item.params)
        parts += [text.cause, *(f"{name} {value}" for name, value in text.details)]
    return " · ".join(filter(None, parts))


def _json(desk: Desk, cause: Cause) -> dict[str, object]:
    """Keys are stable."""
    code = code_of(cause.code)
    text = None if code is None else explain(code, desk.language)
    return {
        "area": cause.area,
        "code": cause.code,
        "title": None if text is None else text.title,
        "remedy": None if text is None else text.remedy,
        "count": cause.count,
        "items": [
            {
                "shop": item.shop,
                "name": item.name,
                "direction": item.direction or None,
                "params": item.params,
                "since": iso_ms(item.since_ms),
            }
            for item in cause.items
        ],
    }
