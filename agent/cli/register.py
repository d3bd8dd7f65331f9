"""`brygga register`: how far Mamut's register has been read, and reading it now."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from agent.cli import wishes
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Desk, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import say, say_json
from agent.journal.reports_goods import ReadingRow, article_count, readings
from agent.model.ids import ShopKey
from agent.settings.given import OF_REGISTER, given
from agent.shown.figures import iso_ms, moment_ms, number
from agent.shown.names import part_name


def register(*, read_now: Annotated[bool, Parameter(negative="")] = False, json: AsJson = False, context: Given) -> int:
    """Show how far each part of Mamut's register has been read.

    Parameters
    ----------
    read_now
        Have it read and compared now, without waiting for its time.
    """
    with open_desk(context) as desk:
        answers = _read_now(desk) if read_now else ()
        found, count = readings(desk.tx), article_count(desk.tx)
        if json:
            told = {"articles": count, "parts": [_json(row) for row in found]}
            say_json({**told, **(wishes.answers_json(desk, "read_register", answers) if read_now else {})})
            return wishes.exit_code(answers)
        wishes.tell(desk, answers)
        _print(desk, found, count)
        return wishes.exit_code(answers)


def _read_now(desk: Desk) -> tuple[wishes.Answer, ...]:
    """The register is one for all shops; any shop that wants it may ask."""
    keys = [ShopKey(shop.key) for shop in desk.settings.shop if set(given(desk.settings, shop)) & OF_REGISTER]
    if not keys:
        desk.end("Ingen butik hämtar något ur Mamuts register.", "No shop takes anything from Mamut's register.", NO)
    about = desk.text("Mamuts register", "Mamut's register")
    return wishes.ask(desk, "read_register", [wishes.Asked(shop=keys[0], order_id=0, about=about)])


def _print(desk: Desk, found: list[ReadingRow], count: int) -> None:
    if not found:
        say(desk.text("Mamuts register är inte läst än.", "Mamut's register has not been read yet."))
        return
    total, changed = desk.text("Rader", "Rows"), desk.text("Ändrade", "Changed")
    shown = table(
        desk.text("Del", "Part"),
        desk.text("Läge", "State"),
        total,
        changed,
        desk.text("Senast läst helt", "Last read whole"),
        numbers=(total, changed),
    )
    for row in found:
        shown.add_row(
            part_name(row.part, desk.language),
            _state(desk, row),
            number(row.total, desk.language),
            number(row.changed, desk.language),
            moment_ms(row.whole_ms or None),
        )
    show_table(shown)
    known = number(count, desk.language)
    say(desk.text(f"Artiklar i journalen: {known}", f"Articles in the journal: {known}"))


def _state(desk: Desk, row: ReadingRow) -> str:
    if not row.is_under_way:
        return desk.text("läst", "read")
    percent = min(100, 100 * row.offset // row.total) if row.total else 0
    reached = number(row.offset, desk.language)
    return desk.text(f"läses: {reached} ({percent} %)", f"being read: {reached} ({percent} %)")


def _json(row: ReadingRow) -> dict[str, object]:
    """Keys are stable."""
    return {
        "part": row.part,
        "under_way": row.is_under_way,
        "offset": row.offset,
        "total": row.total,
        "changed": row.changed,
        "passes": row.passes,
        "began": iso_ms(row.began_ms or None),
        "whole_began": iso_ms(row.whole_began_ms or None),
        "whole": iso_ms(row.whole_ms or None),
    }
