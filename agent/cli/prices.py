"""`brygga prices`: the prices that were stopped before they were written, and letting them through."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from agent.cli import wishes
from agent.cli.articles import one
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, AtMost, Desk, Shop, open_desk
from agent.cli.directions import ShopNamed
from agent.cli.figures import show_table, table
from agent.cli.output import say, say_json
from agent.journal import guards as journal
from agent.journal.reports_goods import GuardRow, stopped_prices
from agent.shown.figures import iso_ms, moment_ms
from agent.shown.prices import decision_name, kind_name, percent

app = App(name="prices", help="Show the prices that were stopped; let them through.", help_format="plaintext")


@app.default
@app.command
def guards(
    *,
    shop: Shop = None,
    released: Annotated[bool, Parameter(negative="")] = False,
    limit: AtMost = 100,
    json: AsJson = False,
    context: Given,
) -> int:
    """List the prices that were stopped before they were written.

    Parameters
    ----------
    released
        Those that somebody has let through, instead of those that wait.
    """
    with open_desk(context) as desk:
        found = stopped_prices(desk.tx, desk.shop(shop), limit, released=released)
        if json:
            say_json({"guards": [_json(row) for row in found]})
            return 0
        if not found:
            say(desk.text("Inget pris är stoppat.", "No price is stopped."))
            return 0
        _print_table(desk, found)
        if not released:
            say(desk.text("Släpp fram: brygga prices release", "Let them through: brygga prices release") + " SHOP")
        return 0


@app.command
def release(
    shop: ShopNamed,
    *,
    article: Annotated[str | None, Parameter(help="Only this article, by its number or pk:12.")] = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Let stopped prices through: exactly those that were stopped. A price that changes again is judged anew."""
    return _decide(context, "release_prices", shop, article, json=json)


@app.command
def dismiss(
    shop: ShopNamed,
    *,
    article: Annotated[str | None, Parameter(help="Only this article, by its number or pk:12.")] = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Let the shop keep the prices it has: the stopped ones are not written. One that changes again is judged anew."""
    return _decide(context, "dismiss_prices", shop, article, json=json)


@app.command
def history(*, limit: AtMost = 100, json: AsJson = False, context: Given) -> int:
    """List what people have decided about stopped prices, the newest first."""
    with open_desk(context) as desk:
        found = journal.decided(desk.tx, limit)
        if json:
            say_json({"decided": [_decided_json(row) for row in found]})
            return 0
        if not found:
            say(desk.text("Inget är avgjort.", "Nothing has been decided."))
            return 0
        old, new = desk.text("Förut", "Before"), desk.text("Nytt", "New")
        titles = (desk.text("När", "When"), desk.text("Vem", "Who"), desk.text("Avgjort", "Decided"))
        about = (desk.text("Butik", "Shop"), desk.text("Artikel", "Article"))
        shown = table(*titles, *about, old, new, numbers=(old, new))
        for row in found:
            name = row.product_no or desk.text("hela omgången", "the whole run")
            decision = decision_name(row.decision, desk.language)
            shown.add_row(moment_ms(row.decided_ms), row.who, decision, row.shop, name, row.old, row.new)
        show_table(shown)
        return 0


def _decide(context: Given, kind: str, shop: str, article: str | None, *, json: bool) -> int:
    with open_desk(context) as desk:
        key = desk.shop(shop)
        if key is None or not stopped_prices(desk.tx, key, 1):
            desk.end(f"Inget pris är stoppat för {shop}.", f"No price is stopped for {shop}.", NO)
        card = None if article is None else one(desk, article).card
        about = f"{key} {card.product_no}" if card else f"{key}: {desk.text('alla', 'all')}"
        asked = wishes.Asked(shop=key, order_id=0, about=about)
        answers = wishes.ask(desk, kind, [asked], {"pk": str(card.pk) if card else ""})
        if json:
            say_json(wishes.answers_json(desk, kind, answers))
        else:
            wishes.tell(desk, answers)
        return wishes.exit_code(answers)


def _why(desk: Desk, row: GuardRow) -> str:
    change = percent(row.old, row.new)
    return kind_name(row.kind, desk.language) + ("" if change is None else f" ({change:+} %)")


def _decided_json(row: journal.Decided) -> dict[str, object]:
    """Keys are stable. `pk` and `product_no` are null for a whole run."""
    return {
        "at": iso_ms(row.decided_ms),
        "who": row.who,
        "decision": row.decision,
        "shop": row.shop,
        "pk": row.pk or None,
        "product_no": row.product_no or None,
        "kind": row.kind,
        "old": row.old,
        "new": row.new,
        "stopped": iso_ms(row.stopped_ms),
    }


def _print_table(desk: Desk, found: list[GuardRow]) -> None:
    old, new = desk.text("Förut", "Before"), desk.text("Nu", "Now")
    shown = table(
        desk.text("Butik", "Shop"),
        desk.text("Artikel", "Article"),
        desk.text("Namn", "Name"),
        old,
        new,
        desk.text("Varför", "Why"),
        desk.text("Stoppat", "Stopped"),
        desk.text("Framsläppt", "Let through"),
        numbers=(old, new),
    )
    for row in found:
        shown.add_row(
            row.shop,
            (row.product_no or f"pk:{row.pk}") if row.pk else desk.text("hela omgången", "the whole run"),
            row.description,
            row.old,
            row.new,
            _why(desk, row),
            moment_ms(row.at_ms),
            f"{moment_ms(row.released_ms)} {row.released_by}".strip(),
        )
    show_table(shown)


def _json(row: GuardRow) -> dict[str, object]:
    """Keys are stable. `pk` and `product_no` are null for a whole run."""
    return {
        "shop": row.shop,
        "pk": row.pk or None,
        "product_no": row.product_no or None,
        "description": row.description or None,
        "run": row.run,
        "kind": row.kind,
        "old": row.old,
        "new": row.new,
        "percent": percent(row.old, row.new),
        "at": iso_ms(row.at_ms),
        "released_by": row.released_by or None,
        "released": iso_ms(row.released_ms),
    }
