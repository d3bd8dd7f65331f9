"""`brygga pause`, `brygga resume` and `brygga run-now`, and how every direction of every shop is."""

from __future__ import annotations

from typing import Annotated

import msgspec
from cyclopts import Parameter

from agent.cli import wishes
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Desk, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import say_json
from agent.flows import DirectionName
from agent.journal import directions
from agent.journal.reports_goods import DirectionReport, direction_reports
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.settings.given import DIRECTIONS, Off, off
from agent.settings.tree import ShopSettings
from agent.shown.figures import duration, iso_ms, moment_ms, number
from agent.shown.names import direction_name, told

SHORT = {
    "articles" if name is DirectionName.PRODUCTS_TO_MAMUT else name.value.partition("_to_")[0]: name
    for name in DIRECTIONS
}
"""What a direction may be called at the command line, too."""

Direction = Annotated[str, Parameter(help=f"One of {', '.join(SHORT)}.")]
ShopNamed = Annotated[str, Parameter(help="The shop's key.")]


class Standing(Frozen, frozen=True):
    """A direction with the reason why it does not run, None when it does or is only paused."""

    report: DirectionReport
    off: Off | None

    @property
    def shows(self) -> bool:
        """Whether there is anything to say of it: it runs, was told to pause, or has left something undone."""
        counts = self.report.counts
        return self.off is None or bool(self.report.row.paused or counts.due or counts.waiting or counts.held)


def pause(shop: ShopNamed, direction: Direction, *, json: AsJson = False, context: Given) -> int:
    """Pause a direction of a shop. What it has to do is kept until it is resumed."""
    with open_desk(context) as desk:
        key, name = _named(desk, shop, direction)
        if directions.get(desk.tx, key, name).paused:
            desk.end(f"{shop} {name} är redan pausad.", f"{shop} {name} is paused already.", NO)
        return _ask(desk, "pause", key, name, json=json)


def resume(shop: ShopNamed, direction: Direction, *, json: AsJson = False, context: Given) -> int:
    """Let a paused direction go on."""
    with open_desk(context) as desk:
        key, name = _named(desk, shop, direction)
        if not directions.get(desk.tx, key, name).paused:
            desk.end(f"{shop} {name} är inte pausad.", f"{shop} {name} is not paused.", NO)
        return _ask(desk, "resume", key, name, json=json)


def run_now(shop: ShopNamed, direction: Direction, *, json: AsJson = False, context: Given) -> int:
    """Let a direction run at once, whatever its schedule says; its quiet hours are lifted for a quarter of an hour."""
    with open_desk(context) as desk:
        key, name = _named(desk, shop, direction)
        return _ask(desk, "run_now", key, name, json=json)


def direction_of(desk: Desk, text: str) -> DirectionName:
    """The direction a person means. Ends the command when there is none of that name."""
    wanted = text.strip().lower().replace("-", "_")
    found = next((name for short, name in SHORT.items() if wanted in (short, name.value)), None)
    if found is not None:
        return found
    names = ", ".join(SHORT)
    return desk.end(f"Ingen riktning heter {text}. Välj {names}.", f"No direction is called {text}. Choose {names}.")


def shop_settings(desk: Desk, key: ShopKey) -> ShopSettings | None:
    return next((shop for shop in desk.settings.shop if shop.key == key), None)


def _named(desk: Desk, shop: str, direction: str) -> tuple[ShopKey, DirectionName]:
    name = direction_of(desk, direction)
    key = desk.shop(shop)
    set_up = shop_settings(desk, key) if key else None
    why = Off.SETTINGS if set_up is None else off(desk.settings, set_up, name)
    if key is None or set_up is None or why is Off.FLOW:
        desk.end(
            f"{shop} har inte riktningen {direction_name(name, desk.language)} i sitt flöde.",
            f"The flow of {shop} does not have the direction {direction_name(name, desk.language)}.",
            NO,
        )
    return key, name


def _ask(desk: Desk, kind: str, key: ShopKey, name: DirectionName, *, json: bool) -> int:
    asked = wishes.Asked(shop=key, order_id=0, about=f"{key} {direction_name(name, desk.language)}")
    answers = wishes.ask(desk, kind, [asked], {"direction": name.value})
    if json:
        say_json(wishes.answers_json(desk, kind, answers))
    else:
        wishes.tell(desk, answers)
    return wishes.exit_code(answers)


# -- how they are -----------------------------------------------------------------------------------------------------


def standings(desk: Desk) -> tuple[Standing, ...]:
    """Every direction of every shop that is set up."""
    shops = {ShopKey(shop.key): shop for shop in desk.settings.shop}
    wanted = [(key, name) for key in shops for name in DIRECTIONS]
    reports = direction_reports(desk.tx, wanted, desk.now_ms())
    return tuple(
        Standing(report=report, off=off(desk.settings, shops[key], name))
        for (key, name), report in zip(wanted, reports, strict=True)
    )


def print_directions(desk: Desk, found: tuple[Standing, ...]) -> None:
    shown = [each for each in found if each.shows]
    if not shown:
        return
    due, later, held = desk.text("Att göra", "To do"), desk.text("Senare", "Later"), desk.text("Hålls kvar", "Held")
    written = desk.text("Skrivet", "Written")
    made = table(
        desk.text("Butik", "Shop"),
        desk.text("Riktning", "Direction"),
        desk.text("Läge", "State"),
        due,
        later,
        held,
        desk.text("Äldsta", "Oldest"),
        desk.text("Senast", "Last run"),
        written,
        desk.text("Varför", "Why"),
        numbers=(due, later, held, written),
    )
    for each in shown:
        row, counts = each.report.row, each.report.counts
        made.add_row(
            row.shop,
            direction_name(row.direction, desk.language),
            state(desk, each),
            *(number(count, desk.language) for count in (counts.due, counts.waiting, counts.held)),
            _age(desk, each.report.oldest_ms),
            moment_ms(row.last_ms),
            number(row.written, desk.language),
            told(row.code, params(row.params), desk.language) if row.code else "",
        )
    show_table(made)


def state(desk: Desk, standing: Standing) -> str:
    row = standing.report.row
    if row.paused:
        return desk.text(
            f"pausad {moment_ms(row.paused_ms)} av {row.paused_by}",
            f"paused {moment_ms(row.paused_ms)} by {row.paused_by}",
        )
    match standing.off:
        case Off.FLOW:
            return desk.text("inte i flödet", "not in the flow")
        case Off.PACKAGE:
            return desk.text("inte i paketet", "not in the package")
        case Off.SETTINGS:
            return desk.text("avstängd", "switched off")
        case None:
            return desk.text("på", "on")


def _age(desk: Desk, since_ms: int | None) -> str:
    return "" if since_ms is None else duration((desk.now_ms() - since_ms) / 1000, desk.language)


def params(text: str) -> dict[str, str]:
    """What is kept beside a code."""
    return msgspec.json.decode(text, type=dict[str, str])


def directions_json(desk: Desk, found: tuple[Standing, ...]) -> list[dict[str, object]]:
    """Keys are stable. `off` is flow, package, settings, or null for a direction that runs."""
    return [_json(desk, each) for each in found]


def _json(desk: Desk, standing: Standing) -> dict[str, object]:
    row, counts = standing.report.row, standing.report.counts
    paused = {"by": row.paused_by, "since": iso_ms(row.paused_ms)}
    return {
        "shop": row.shop,
        "direction": row.direction,
        "off": standing.off,
        "paused": paused if row.paused else None,
        "due": counts.due,
        "waiting": counts.waiting,
        "held": counts.held,
        "unsure": counts.unsure,
        "oldest_due": iso_ms(standing.report.oldest_ms),
        "last_run": iso_ms(row.last_ms),
        "code": row.code or None,
        "params": params(row.params),
        "text": told(row.code, params(row.params), desk.language) if row.code else None,
        "written": row.written,
        "requests": row.requests,
    }
