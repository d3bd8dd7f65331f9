"""`brygga shops`: the shops as the journal knows them, and a person's word that a changed shop is the right one."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from agent.cli import wishes
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Desk, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import say, say_json
from agent.journal.records import ShopRow
from agent.journal.reports import ShopReport, shops
from agent.model.catalogue import explain
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.shown.figures import iso_ms, iso_s, moment_ms, moment_s, number

app = App(name="shops", help="List shops; accept one that has changed.", help_format="plaintext")


@app.default
@app.command(name="list")
def list_shops(*, json: AsJson = False, context: Given) -> int:
    """List the shops, what is known of each, and why one is frozen."""
    with open_desk(context) as desk:
        found = _all(desk)
        if json:
            say_json({"shops": [shop_json(desk, report) for report in found]})
            return 0
        orders = desk.text("Order", "Orders")
        shown = table(
            desk.text("Butik", "Shop"),
            desk.text("Adress", "Address"),
            desk.text("Flöde", "Flow"),
            orders,
            desk.text("Läst t.o.m.", "Read up to"),
            desk.text("Läge", "State"),
            numbers=(orders,),
        )
        for report in found:
            shown.add_row(
                report.shop.shop,
                report.shop.url or _address(desk, report.shop.shop),
                _flow(desk, report.shop.shop),
                number(sum(report.states.values()), desk.language),
                moment_s(report.shop.mark_at),
                _state(desk, report),
            )
        show_table(shown)
        for report in found:
            for line in frozen_lines(desk, report.shop):
                say(line)
        return 0


@app.command
def accept(key: Annotated[str, Parameter(help="The shop's key.")], *, json: AsJson = False, context: Given) -> int:
    """Say that a frozen shop is the right one as it is now, so that the agent goes on with it."""
    with open_desk(context) as desk:
        shop = desk.shop(key)
        report = next((each for each in _all(desk) if each.shop.shop == shop), None)
        if report is None or not report.shop.frozen_fault:
            desk.end(
                f"{key} är inte fryst: det finns inget att godkänna.", f"{key} is not frozen: nothing to accept.", NO
            )
        if not json:
            for line in frozen_lines(desk, report.shop):
                say(line)
        asked = wishes.Asked(shop=report.shop.shop, order_id=0, about=report.shop.shop)
        answers = wishes.ask(desk, "accept", [asked])
        if json:
            say_json(wishes.answers_json(desk, "accept", answers))
        else:
            wishes.tell(desk, answers)
        return wishes.exit_code(answers)


def frozen_lines(desk: Desk, shop: ShopRow) -> list[str]:
    """What changed in a frozen shop and what helps; nothing for one that is not."""
    if not shop.frozen_fault:
        return []
    params = {"shop": shop.shop, "address": shop.url, "problem": shop.frozen_detail}
    text = explain(Fault(shop.frozen_fault), desk.language, params)
    since = moment_ms(shop.frozen_ms)
    frozen = desk.text(f"{shop.shop} är fryst sedan {since}", f"{shop.shop} has been frozen since {since}")
    lines = [f"{frozen}: {text.code} {text.title}", f"  {text.cause}", f"  {text.remedy}"]
    lines.append(f"  {desk.text('Vad som ändrats', 'What changed')}: {shop.frozen_detail}")
    accept_it = f"brygga shops accept {shop.shop}"
    lines.append(f"  {desk.text('Är det rätt butik', 'If it is the right shop')}: {accept_it}")
    return lines


def _all(desk: Desk) -> list[ShopReport]:
    """The journal's shops, and those of the settings that it has not met yet."""
    found = shops(desk.tx)
    met = {report.shop.shop for report in found}
    for shop in desk.settings.shop:
        if shop.key and shop.key not in met:
            row = ShopRow(ShopKey(shop.key), "", "", None, 0, 0, 0, "", "", None)
            found.append(ShopReport(shop=row, states={}, to_read=0, changed_after=0, oldest_waiting_ms=None))
    return found


def _address(desk: Desk, key: str) -> str:
    return next((shop.address for shop in desk.settings.shop if shop.key == key), "")


def _flow(desk: Desk, key: str) -> str:
    return next((str(shop.flow) for shop in desk.settings.shop if shop.key == key), "")


def _state(desk: Desk, report: ShopReport) -> str:
    if report.shop.frozen_fault:
        return desk.text("FRYST", "FROZEN")
    set_up = next((shop for shop in desk.settings.shop if shop.key == report.shop.shop), None)
    if set_up is None:
        return desk.text("inte i brygga.toml", "not in brygga.toml")
    if not set_up.enabled:
        return desk.text("avstängd", "switched off")
    if not report.shop.url:
        return desk.text("inte läst än", "not read yet")
    return desk.text("läses", "being read")


def shop_json(desk: Desk, report: ShopReport) -> dict[str, object]:
    """Keys are stable."""
    shop = report.shop
    frozen = {"fault": shop.frozen_fault, "detail": shop.frozen_detail, "since": iso_ms(shop.frozen_ms)}
    return {
        "shop": shop.shop,
        "url": shop.url or _address(desk, shop.shop),
        "store_id": shop.store_id,
        "read_up_to": iso_s(shop.mark_at),
        "last_census": iso_ms(shop.census_ms or None),
        "frozen": frozen if shop.frozen_fault else None,
        "orders": report.states,
        "to_read": report.to_read,
        "changed_after_transfer": report.changed_after,
        "oldest_waiting": iso_ms(report.oldest_waiting_ms),
    }
