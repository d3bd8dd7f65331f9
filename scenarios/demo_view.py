"""The demo's live table and its end, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from agent.model.catalogue import explain
from agent.model.order import Frozen
from agent.model.reasons import OrderState, Reason
from agent.model.words import Language, words
from agent.shown.figures import number, plain_amount
from agent.shown.names import state_name
from scenarios.demo_figures import Told, Truth, held_names


class Moment(Frozen, frozen=True):
    """What is shown at one moment; `seconds` since the agent was started."""

    told: Told
    truth: Truth
    requests: int
    seconds: float


BAR_WIDTH = 46


class View:
    """Tables on this terminal, in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._footer = ""
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._last: tuple[float, int] = (0.0, 0)
        self._rate = 0.0

    def name(self, shop: str, mamut: str) -> None:
        """The addresses that stand below the table."""
        ends = self._text("Ctrl-C avslutar", "Ctrl-C ends it")
        self._footer = f"{self._text('Butik', 'Shop')} {shop} · Mamut {mamut} · {ends}"

    @contextmanager
    def live(self, *, quiet: bool) -> Iterator[Callable[[Moment], None]]:
        """Gives what shows a moment. Quiet shows nothing; without a window only the last moment is printed."""
        if quiet:
            yield lambda _moment: None
            return
        with Live(console=self._console, auto_refresh=False) as screen:
            yield lambda moment: screen.update(self._table(moment), refresh=True)

    def _table(self, moment: Moment) -> Group:
        last = moment.told
        transferred = last.count(OrderState.TRANSFERRED)
        rows = [
            (self._text("Order i butiken", "Orders in the shop"), self._number(moment.truth.shop_orders)),
            (self._text("Sedda av agenten", "Seen by the agent"), self._number(last.seen)),
            (self._text("I Mamut", "In Mamut"), self._number(moment.truth.mamut_orders)),
            (self._text("Märkta i butiken", "Marked in the shop"), self._number(last.marked)),
            *((state_name(state.value, self._language), self._number(last.count(state))) for state in _OTHERS),
            *(self._reason(code, count) for code, count in held_names(last.reasons).items()),
            self._difference(moment.truth.difference_ore),
            (
                self._text("Order i sekunden", "Orders a second"),
                self._decimal(self._pace(moment.seconds, transferred), 1),
            ),
            (self._text("Anrop per order", "Requests an order"), self._ratio(moment.requests, transferred)),
            (self._text("Tid", "Time"), self._decimal(moment.seconds, 1), "s"),
        ]
        bar = ProgressBar(
            total=max(moment.truth.shop_orders, 1),
            completed=min(last.settled, moment.truth.shop_orders),
            width=BAR_WIDTH,
        )
        troubles = [Text(trouble, style="bold red") for trouble in last.troubles]
        return Group(rows_table(rows), Padding(bar, (0, 0, 1, 0)), *troubles, Text(self._footer, style="dim"))

    def end(self, end: dict[str, Any]) -> None:
        """What came of it, asked of both systems."""
        rows = [
            (self._text("Order i butiken", "Orders in the shop"), self._number(end["shop_orders"])),
            *((state_name(state.value, self._language), self._number(end[state.value])) for state in OrderState),
            (self._text("Dokument i Mamut", "Documents in Mamut"), self._number(end["mamut_orders"])),
            (self._text("Dubbletter", "Doubles"), self._number(end["mamut_orders_twice"])),
            self._difference(end["amount_difference_ore"]),
            (self._text("Order i sekunden", "Orders a second"), self._decimal(end["orders_per_second"] or 0.0, 1)),
            (
                self._text("Anrop per order", "Requests an order"),
                self._ratio(sum(end["requests"].values()), end[OrderState.TRANSFERRED.value]),
            ),
        ]
        self._console.print(rows_table(rows))
        good = self._text("Varje order en gång, på öret.", "Every order once, to the öre.")
        waiting = end[OrderState.WAITING.value]
        if waiting:
            good = self._text(
                f"Hittills varje order en gång, på öret. {waiting} var på väg.",
                f"So far every order once, to the öre. {waiting} were on their way.",
            )
        bad = self._text("Det STÄMMER INTE.", "It does NOT add up.")
        self._console.print(Text(good, style="bold green") if end["ok"] else Text(bad, style="bold red"))

    def _pace(self, seconds: float, transferred: int) -> float:
        """Over the last moments, so that it falls when work ends."""
        at, count = self._last
        if seconds - at >= 1.0:
            self._rate = (transferred - count) / (seconds - at)
            self._last = (seconds, transferred)
        return self._rate

    def _reason(self, code: str, count: int) -> tuple[str, str, str]:
        return (f"  {code}", self._number(count), explain(Reason(code), self._language).title)

    def _difference(self, ore: int) -> tuple[str, str, str]:
        return (self._text("Beloppsskillnad", "Amount difference"), plain_amount(ore, self._language), "kr")

    def _ratio(self, requests: int, orders: int) -> str:
        return self._decimal(requests / orders, 2) if orders else "–"

    def _decimal(self, value: float, places: int) -> str:
        return f"{value:.{places}f}".replace(".", self._text(",", "."))

    def _number(self, value: int) -> str:
        return number(value, self._language)

    def _text(self, sv: str, en: str) -> str:
        return words(sv, en).in_(self._language)


_OTHERS = tuple(state for state in OrderState if state is not OrderState.TRANSFERRED)


def rows_table(rows: Sequence[tuple[str, ...]]) -> Table:
    """Each row is a label, a figure and, where there is more to say, a word."""
    made = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    made.add_column()
    made.add_column(justify="right", min_width=8)
    made.add_column(style="dim")
    for row in rows:
        made.add_row(*(Text(part) for part in row))
    return made
