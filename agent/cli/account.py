"""`brygga account`: the proof that every order seen is somewhere, and that the amounts are the same in both systems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from cyclopts import Parameter

from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Desk, Shop, open_desk
from agent.cli.figures import show_table, table
from agent.cli.order_json import order_json
from agent.cli.output import say, say_json
from agent.journal import sums
from agent.journal.sums import Account, Money, Period
from agent.model.catalogue import explain
from agent.model.reasons import OrderState, Reason
from agent.model.words import Language
from agent.shown.figures import amount, moment_s, number, plain_amount
from agent.shown.names import state_name

LISTED_MAX = 20
"""Rows of orders that do not agree; `--json` gives all."""


def account(
    *,
    shop: Shop = None,
    day: Annotated[str | None, Parameter(help="Only orders made on this day in the shop, such as 2026-11-23.")] = None,
    month: Annotated[str | None, Parameter(help="Only orders made in this month, such as 2026-11.")] = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Prove that every order is accounted for. Ends with 1 when it does not add up or amounts differ."""
    with open_desk(context) as desk:
        period = _period(desk, day, month)
        made = sums.account(desk.tx, desk.shop(shop), period)
        if json:
            say_json(account_json(made, period))
        else:
            _print(desk, made)
        return 0 if made.holds else NO


def _period(desk: Desk, day: str | None, month: str | None) -> Period | None:
    if day is not None and month is not None:
        desk.end("Ange --day eller --month, inte båda.", "Give --day or --month, not both.")
    try:
        if day is not None:
            return sums.day_period(date.fromisoformat(day))
        if month is not None:
            first = datetime.strptime(month, "%Y-%m")  # noqa: DTZ007 - a month has no time zone until it is a period
            return sums.month_period(first.year, first.month)
    except (ValueError, OverflowError):
        desk.end(
            f"{day or month} är inget datum: skriv --day 2026-11-23 eller --month 2026-11.",
            f"{day or month} is no date: write --day 2026-11-23 or --month 2026-11.",
        )
    return None


def _print(desk: Desk, made: Account) -> None:
    language = desk.language
    heads = [state_name(state.value, language) for state in OrderState]
    seen = desk.text("sedda", "seen")
    columns = (desk.text("Butik", "Shop"), seen, *heads, "")
    shown = table(*columns, numbers=(seen, *heads))
    for part in made.shops:
        figures = [part.seen, *(part.states[state.value] for state in OrderState)]
        shown.add_row(part.shop, *(number(figure, language) for figure in figures), _tick(desk, holds=part.adds_up))
    if len(made.shops) != 1:
        figures = [made.seen, *(made.states[state.value] for state in OrderState)]
        holds = all(part.adds_up for part in made.shops)
        total = desk.text("Alla", "All")
        shown.add_row(total, *(number(figure, language) for figure in figures), _tick(desk, holds=holds))
    show_table(shown)
    _print_money(desk, made)
    _print_reasons(desk, made)
    _print_orders(desk, made)
    if made.holds:
        say(desk.text("Räkenskapen går ihop.", "The account adds up."))
    else:
        say(desk.text("Räkenskapen går INTE ihop.", "The account does NOT add up."))


def _tick(desk: Desk, *, holds: bool) -> str:
    return desk.text("stämmer", "adds up") if holds else desk.text("STÄMMER INTE", "DOES NOT ADD UP")


def _print_money(desk: Desk, made: Account) -> None:
    if not made.money:
        return
    reduced = any(money.reduced_ore for money in made.money)
    heads = [
        desk.text("Överförda order", "Transferred orders"),
        desk.text("Enligt butiken", "In the shop"),
        desk.text("Enligt Mamut", "In Mamut"),
        *([desk.text("Avdraget på rader", "Taken off rows")] if reduced else []),
        desk.text("Skillnad", "Difference"),
    ]
    shown = table(desk.text("Valuta", "Currency"), *heads, numbers=heads)
    for money in made.money:
        taken_off = [money.reduced_ore] if reduced else []
        figures = (money.shop_ore, money.mamut_ore, *taken_off, money.difference_ore)
        orders = number(money.orders, desk.language)
        shown.add_row(money.currency, orders, *(plain_amount(figure, desk.language) for figure in figures))
    show_table(shown)
    _print_given_back(desk, made)


def _print_given_back(desk: Desk, made: Account) -> None:
    """What happened after the transfer, beside the proof: transferred less credited is what Mamut holds in the end."""
    changed = [money for money in made.money if money.reduced_ore or money.credited_ore or money.cancelled_ore]
    if not changed:
        return
    heads = (
        desk.text("Överfört", "Transferred"),
        desk.text("Avdraget på rader", "Taken off rows"),
        desk.text("Krediterat", "Credited"),
        desk.text("Makulerat", "Cancelled"),
        desk.text("Kvar i Mamut", "Left in Mamut"),
    )
    shown = table(desk.text("Valuta", "Currency"), *heads, numbers=heads)
    for money in changed:
        figures = (
            money.mamut_ore + money.reduced_ore,
            money.reduced_ore,
            money.credited_ore,
            money.cancelled_ore,
            money.left_ore,
        )
        shown.add_row(money.currency, *(plain_amount(figure, desk.language) for figure in figures))
    show_table(shown)


def _print_reasons(desk: Desk, made: Account) -> None:
    reasons: dict[str, int] = {}
    for part in made.shops:
        for code, count in part.reasons.items():
            reasons[code] = reasons.get(code, 0) + count
    if not reasons:
        return
    count_head = desk.text("Order", "Orders")
    shown = table(desk.text("Läge", "State"), desk.text("Orsak", "Reason"), count_head, numbers=(count_head,))
    for code, count in sorted(reasons.items()):
        reason = Reason(code)
        title = explain(reason, desk.language).title
        shown.add_row(state_name(reason.state.value, desk.language), f"{code} {title}", number(count, desk.language))
    show_table(shown)


def _print_orders(desk: Desk, made: Account) -> None:
    for rows, title in (
        (made.differing, desk.text("Beloppen skiljer", "Amounts differ")),
        (made.shared, desk.text("Delar dokument i Mamut med en annan order", "Share a document in Mamut")),
    ):
        if not rows:
            continue
        shop, mamut, differs = desk.text("Butiken", "Shop"), "Mamut", desk.text("Skillnad", "Difference")
        shown = table("Order", desk.text("Skapad", "Made"), shop, mamut, differs, "Nr", numbers=(shop, mamut, differs))
        for row in rows[:LISTED_MAX]:
            theirs = row.mamut_total_ore
            shown.add_row(
                f"{row.shop} {row.number or row.order_id}",
                moment_s(row.created_at),
                amount(row.total_ore, row.currency, desk.language),
                "?" if theirs is None else amount(theirs, row.currency, desk.language),
                "?" if theirs is None else plain_amount(theirs - row.total_ore, desk.language),
                str(row.mamut_order_no or ""),
            )
        say(_counted(title, len(rows), desk.language))
        show_table(shown)


def _counted(title: str, count: int, language: Language) -> str:
    return f"{title}: {number(count, language)}"


def account_json(made: Account, period: Period | None = None) -> dict[str, object]:
    """Keys are stable. Amounts are integer öre of their currency."""
    return {
        "holds": made.holds,
        "period": None if period is None else {"start": period.start, "end": period.end},
        "seen": made.seen,
        **made.states,
        "money": [_money_json(money) for money in made.money],
        "shops": [
            {
                "shop": part.shop,
                "seen": part.seen,
                **part.states,
                "adds_up": part.adds_up,
                "reasons": part.reasons,
                "money": [_money_json(money) for money in part.money],
            }
            for part in made.shops
        ],
        "differing": [order_json(row) for row in made.differing],
        "shared": [order_json(row) for row in made.shared],
    }


def _money_json(money: Money) -> dict[str, object]:
    return {
        "currency": money.currency,
        "orders": money.orders,
        "shop_ore": money.shop_ore,
        "mamut_ore": money.mamut_ore,
        "difference_ore": money.difference_ore,
        "reduced_ore": money.reduced_ore,
        "credited_ore": money.credited_ore,
        "cancelled_ore": money.cancelled_ore,
        "left_ore": money.left_ore,
    }
