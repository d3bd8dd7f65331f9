"""An article on both sides, field by field, at the command line."""

from __future__ import annotations

from collections.abc import Iterator

from agent.cli.desk import Desk
from agent.cli.figures import show_table, table
from agent.cli.output import say
from agent.journal.reports_goods import ArticleReport
from agent.model.ids import ShopKey
from agent.shown.articles import FieldRow, SeenItem, product_of, rows, seen_item
from agent.shown.figures import iso_ms, moment_ms


def print_sides(desk: Desk, report: ArticleReport) -> None:
    """One table for each shop that has it."""
    for key, fields, seen in _sides(desk, report):
        whose = desk.text("Bestämmer", "Whose word")
        shown = table(desk.text("Uppgift", "Field"), "Mamut", key, whose, desk.text("Lika", "Equal"))
        for row in fields:
            unread = desk.text("inte läst", "not read")
            theirs = unread if row.shop is None else row.shop
            shown.add_row(row.label, row.mamut or "", theirs, row.owner, _equal(desk, row))
        say()
        show_table(shown)
        if seen is not None:
            read = moment_ms(seen.at_ms)
            say(desk.text(f"Butikens sida läst {read}", f"The shop's side read {read}"))


def sides_json(desk: Desk, report: ArticleReport) -> dict[str, object]:
    """Keys are stable. `differs` is null where the two cannot be compared word by word."""
    return {
        key: {
            "read": None if seen is None else iso_ms(seen.at_ms),
            "fields": {
                row.field.value: {"mamut": row.mamut, "shop": row.shop, "owner": row.owner, "differs": row.differs}
                for row in fields
            },
        }
        for key, fields, seen in _sides(desk, report)
    }


def _sides(desk: Desk, report: ArticleReport) -> Iterator[tuple[str, list[FieldRow], SeenItem | None]]:
    for shop in desk.settings.shop:
        key = ShopKey(shop.key)
        product_id, _, link = product_of(desk.tx, key, report)
        if product_id:
            seen = seen_item(desk.tx, key, product_id)
            yield shop.key, rows(report, shop, link, seen, desk.language), seen


def _equal(desk: Desk, row: FieldRow) -> str:
    if row.differs is None:
        return ""
    return desk.text("skiljer", "differs") if row.differs else desk.text("ja", "yes")
