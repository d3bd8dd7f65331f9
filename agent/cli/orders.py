"""`brygga orders`: which orders are where, one order's story, and what a person wants done with one."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from agent.cli import wishes
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, AtMost, Desk, Shop, open_desk
from agent.cli.directions import params
from agent.cli.errors import UserError
from agent.cli.figures import show_table, table
from agent.cli.order_change import change_json, change_lines
from agent.cli.order_json import order_json, story_json
from agent.cli.order_status import held_json, status_json, status_lines
from agent.cli.output import complain, say, say_json
from agent.cli.story import story_lines
from agent.journal import by_hand, documents
from agent.journal.orders import OrderRow, params_of
from agent.journal.reports import OrderFilter, find, listing, orders_to_retry, story
from agent.model.catalogue import explain, find_code
from agent.model.ids import ShopKey
from agent.model.reasons import Fault, OrderState, Reason
from agent.shown.figures import amount, moment_s, number
from agent.shown.names import state_name
from agent.shown.names import told as told_of

app = App(name="orders", help="List orders; show, retry, exclude, hold or adopt one.", help_format="plaintext")

_NUMBER = "The shop's number (1234 or #1234), id:77 for the shop's id, or mamut:100000001."
Number = Annotated[str, Parameter(help=_NUMBER)]


@app.default
@app.command(name="list")
def list_orders(
    *,
    state: OrderState | None = None,
    reason: str | None = None,
    shop: Shop = None,
    order_number: Annotated[str, Parameter(name="--number")] = "",
    limit: AtMost = 50,
    json: AsJson = False,
    context: Given,
) -> int:
    """List orders, newest first.

    Parameters
    ----------
    state
        Only orders in this state.
    reason
        Only orders with this reason, a code such as BRY-H02.
    order_number
        Only orders with this number in the shop.
    limit
        At most so many.
    """
    with open_desk(context) as desk:
        which = OrderFilter(
            state=state,
            reason=None if reason is None else _reason(desk, reason),
            shop=desk.shop(shop),
            number=order_number.removeprefix("#"),
        )
        found = listing(desk.tx, which, limit)
        if json:
            say_json({"total": found.total, "orders": [order_json(row) for row in found.orders]})
            return 0
        print_table(desk, found.orders)
        shown, total = number(len(found.orders), desk.language), number(found.total, desk.language)
        say(desk.text(f"{shown} av {total} order", f"{shown} of {total} orders"))
        return 0


@app.command
def show(order: Number, *, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Tell one order's story in time order, with its money proof."""
    with open_desk(context) as desk:
        told = story(desk.tx, one(desk, order, shop))
        if json:
            status = status_json(desk.tx, told.order, desk.language)
            changed = change_json(desk.tx, told.order)
            fields = [each.field for each in by_hand.corrections_of(desk.tx, told.order.shop, told.order.order_id)]
            more = {"order_status": status, "after_transfer": changed, "corrected": fields}
            say_json({**story_json(told, desk.language), **more})
            return 0
        for line in (
            *story_lines(told, desk.language),
            *change_lines(desk.tx, told.order, desk.language),
            *status_lines(desk.tx, told.order, desk.language),
        ):
            say(line)
        return 0


@app.command
def statuses(*, shop: Shop = None, limit: AtMost = 50, json: AsJson = False, context: Given) -> int:
    """List the orders whose status, parcel, mail or money waits for a person.

    Parameters
    ----------
    limit
        At most so many of each shop.
    """
    with open_desk(context) as desk:
        wanted = desk.shop(shop)
        keys = [ShopKey(each.key) for each in desk.settings.shop if wanted in (None, each.key)]
        found = [row for key in keys for row in documents.held(desk.tx, key, limit)]
        if json:
            say_json({"orders": [held_json(row, desk.language) for row in found]})
            return 0
        for row in found:
            order = find(desk.tx, f"id:{row.order_id}", row.shop)
            number_of = order[0].number if order else f"id:{row.order_id}"
            say(f"{row.shop} {number_of}  {told_of(row.code, params(row.params), desk.language)}")
        if not found:
            say(desk.text("Ingen order väntar på någon.", "No order waits for anybody."))
        return 0


@app.command
def retry(
    order: Annotated[str | None, Parameter(help=_NUMBER)] = None,
    *,
    reason: str | None = None,
    all_held: Annotated[bool, Parameter(negative="")] = False,
    shop: Shop = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Have an order decided anew, or all orders of one reason.

    Parameters
    ----------
    reason
        All orders that are stopped for this reason, a code such as BRY-H02.
    all_held
        All orders that are held, but those that a person holds.
    """
    with open_desk(context) as desk:
        if sum((order is not None, reason is not None, all_held)) != 1:
            desk.end(
                "Ange ett ordernummer, --reason KOD eller --all-held.",
                "Give an order number, --reason CODE or --all-held.",
            )
        if order is not None:
            rows = [_retryable(desk, order, shop)]
        else:
            rows = orders_to_retry(desk.tx, None if reason is None else _reason(desk, reason), desk.shop(shop))
        return _ask(desk, "retry", rows, json=json)


@app.command
def settle(order: Number, *, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Say that you have seen to what the shop changed of an order after its transfer."""
    with open_desk(context) as desk:
        return _ask(desk, "settle", [one(desk, order, shop)], json=json)


@app.command
def exclude(
    order: Number,
    *,
    why: Annotated[str, Parameter(help="Why; it is kept in the order's story.")],
    shop: Shop = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Keep an order from ever going to Mamut. If its goods are sold, book it there yourself: where Mamut governs the
    stock they are offered in the shop again otherwise."""
    with open_desk(context) as desk:
        if not why.strip():
            desk.end("Ange varför med --why.", "Say why with --why.")
        return _ask(desk, "exclude", [_movable(desk, order, shop)], {"why": why}, json=json)


@app.command
def hold(order: Number, *, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Hold an order until a retry is asked for."""
    with open_desk(context) as desk:
        return _ask(desk, "hold", [_movable(desk, order, shop)], json=json)


@app.command
def adopt(
    order: Number,
    *,
    mamut_no: Annotated[int, Parameter(help="The order's number in Mamut.")],
    anyway: Annotated[bool, Parameter(negative="", help="Also where amount or number differ.")] = False,
    shop: Shop = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Tie an order to the one that stands in Mamut already. Amount and number are compared first."""
    with open_desk(context) as desk:
        row = _movable(desk, order, shop)
        if mamut_no < 1:
            desk.end("Numret i Mamut är större än noll.", "The number in Mamut is above zero.")
        args = {"mamut_order_no": str(mamut_no), **({"anyway": "yes"} if anyway else {})}
        return _ask(desk, "adopt", [row], args, json=json)


def _reason(desk: Desk, text: str) -> Reason:
    code = find_code(text)
    if not isinstance(code, Reason):
        desk.end(
            f"Ingen order har orsaken {text}: koderna ser ut som BRY-H02.",
            f"No order has the reason {text}: codes look like BRY-H02.",
        )
    return code


def one(desk: Desk, text: str, shop: str | None) -> OrderRow:
    """The order a person means. Ends the command when there is none, or more than one."""
    rows = find(desk.tx, text, desk.shop(shop))
    if not rows:
        raise UserError(Fault.ORDER_NOT_FOUND, {"order": text})
    if len(rows) > 1:
        complain(desk.text(f"{text} finns flera gånger. Vilken?", f"There are several {text}. Which one?"))
        for row in rows:
            complain(f"  --shop {row.shop} id:{row.order_id}   {_line(desk, row)}")
        raise SystemExit(NO)
    return rows[0]


def _line(desk: Desk, row: OrderRow) -> str:
    money = amount(row.total_ore, row.currency, desk.language)
    return f"{moment_s(row.created_at)}  {money}  {state_name(row.state, desk.language)}"


def _movable(desk: Desk, text: str, shop: str | None) -> OrderRow:
    """An order that is not in Mamut yet: one that is can only be changed there."""
    row = one(desk, text, shop)
    if row.state == OrderState.TRANSFERRED.value:
        desk.end(
            f"{row.number} står redan i Mamut som {row.mamut_order_no}. Ändra eller annullera den där.",
            f"{row.number} stands in Mamut already as {row.mamut_order_no}. Change or cancel it there.",
            NO,
        )
    return row


def _retryable(desk: Desk, text: str, shop: str | None) -> OrderRow:
    """An order that is not in Mamut yet, or one whose status in the shop is held."""
    row = one(desk, text, shop)
    followed = documents.get(desk.tx, row.shop, row.order_id)
    return row if followed is not None and followed.is_held else _movable(desk, text, shop)


def _ask(desk: Desk, kind: str, rows: list[OrderRow], args: dict[str, str] | None = None, *, json: bool) -> int:
    asked = [wishes.Asked(shop=ShopKey(row.shop), order_id=row.order_id, about=line_of(row)) for row in rows]
    answers = wishes.ask(desk, kind, asked, args)
    if json:
        say_json(wishes.answers_json(desk, kind, answers))
        return wishes.exit_code(answers)
    if not answers:
        say(desk.text("Inga sådana order.", "No such orders."))
    wishes.tell(desk, answers)
    return wishes.exit_code(answers)


def line_of(row: OrderRow) -> str:
    """How an order is called where another word would be too much."""
    return f"{row.shop} {row.number or row.order_id}"


def print_table(desk: Desk, rows: tuple[OrderRow, ...]) -> None:
    language = desk.language
    money = desk.text("Belopp", "Amount")
    shown = table(
        desk.text("Order", "Order"),
        desk.text("Butik", "Shop"),
        desk.text("Skapad", "Made"),
        money,
        desk.text("Status", "Status"),
        desk.text("Läge", "State"),
        "Mamut",
        desk.text("Orsak", "Reason"),
        numbers=(money, "Mamut"),
    )
    for row in rows:
        reason = ""
        if row.reason:
            text = explain(Reason(row.reason), language, params_of(row))
            reason = f"{text.code} {text.title}"
        shown.add_row(
            row.number or f"id:{row.order_id}",
            row.shop,
            moment_s(row.created_at),
            amount(row.total_ore, row.currency, language),
            row.status,
            state_name(row.state, language),
            "" if row.mamut_order_no is None else str(row.mamut_order_no),
            reason,
        )
    show_table(shown)
