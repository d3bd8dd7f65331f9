"""The live table of the demo of flow 2, and its end, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from agent.model.order import Frozen
from agent.model.reasons import OrderState
from agent.model.words import Language, words
from agent.shown.figures import number
from agent.shown.names import direction_name, state_name
from scenarios.demo_figures import Told
from scenarios.demo_goods_figures import Progress
from scenarios.demo_view import rows_table

SHOWN = 3
"""So many of the things that are not as they should be are named."""


class GoodsMoment(Frozen, frozen=True):
    """What is shown at one moment; `seconds` since the agent was started."""

    goods: Progress
    told: Told
    placed: int
    seconds: float


class GoodsView:
    """Tables on this terminal, in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._footer = ""
        self._console = Console(highlight=False, markup=False, emoji=False)

    def name(self, shop: str, mamut: str) -> None:
        """The addresses that stand below the table."""
        ends = self._text("Ctrl-C avslutar", "Ctrl-C ends it")
        self._footer = f"{self._text('Butik', 'Shop')} {shop} · Mamut {mamut} · {ends}"

    @contextmanager
    def live(self, *, quiet: bool) -> Iterator[Callable[[GoodsMoment], None]]:
        """Gives what shows a moment. Quiet shows nothing; without a window only the last moment is printed."""
        if quiet:
            yield lambda _moment: None
            return
        with Live(console=self._console, auto_refresh=False) as screen:
            yield lambda moment: screen.update(self._table(moment), refresh=True)

    def _table(self, moment: GoodsMoment) -> Group:
        goods, told = moment.goods, moment.told
        rows = [
            (self._text("Produkter i butiken", "Products in the shop"), self._number(goods.products)),
            *(
                [(self._text("Artiklar i Mamut", "Articles in Mamut"), self._number(goods.articles))]
                * bool(goods.articles)
            ),
            (self._text("Artiklar att gå igenom", "Articles to look at"), self._number(goods.due)),
            (self._text("Artiklar som hålls kvar", "Articles held"), self._number(goods.held)),
            (self._text("Order i butiken", "Orders in the shop"), self._number(moment.placed)),
            *((state_name(state.value, self._language), self._number(told.count(state))) for state in OrderState),
            (self._text("Orderstatusar att sätta", "Order statuses to set"), self._number(goods.steps)),
            *((direction_name(name, self._language), self._number(n)) for name, n in sorted(goods.written.items())),
            (self._text("Tid", "Time"), f"{moment.seconds:.1f}".replace(".", self._text(",", ".")), "s"),
        ]
        troubles = [Text(trouble, style="bold red") for trouble in told.troubles]
        return Group(rows_table(rows), *troubles, Text(self._footer, style="dim"))

    def end(self, end: dict[str, Any]) -> None:
        """What came of it, asked of both systems."""
        articles, prices, stock = end["articles"], end["prices"], end["stock"]
        orders, statuses, mails = end["orders"], end["statuses"], end["mails"]
        rows = [
            (
                self._text("Artiklar för webben i Mamut", "Articles for the web in Mamut"),
                self._number(articles["mamut"]),
            ),
            (self._text("Produkter i butiken", "Products in the shop"), self._number(articles["shop"])),
            self._wrong(self._text("saknas", "missing"), articles["missing"]),
            self._wrong(self._text("dubbla", "doubled"), articles["twice"]),
            (self._text("Priser jämförda", "Prices compared"), self._number(prices["compared"])),
            self._wrong(self._text("skiljer", "differ"), prices["differ"]),
            (self._text("Lagersaldon jämförda", "Stock levels compared"), self._number(stock["compared"])),
            self._wrong(self._text("visar för mycket", "show too much"), stock["oversold"]),
            self._wrong(self._text("visar för lite", "show too little"), stock["undersold"]),
            (self._text("Order", "Orders"), self._number(orders["placed"])),
            self._wrong(self._text("belopp skiljer", "amounts differ"), orders["differ"]),
            (self._text("Fel status", "Wrong status"), self._number(len(statuses["differ"]))),
            (self._text("Mejl om leverans", "Mails about deliveries"), self._number(mails["completed"])),
            self._wrong(self._text("dubbla", "doubled"), mails["twice"]),
        ]
        self._console.print(rows_table(rows))
        good = self._text("Båda sidor stämmer överens.", "Both sides agree.")
        bad = self._text("Det STÄMMER INTE.", "They do NOT agree.")
        self._console.print(Text(good, style="bold green") if end["ok"] else Text(bad, style="bold red"))

    def _wrong(self, label: str, found: Sequence[str]) -> tuple[str, str, str]:
        more = " …" if len(found) > SHOWN else ""
        return (f"  {label}", self._number(len(found)), "; ".join(found[:SHOWN]) + more)

    def _number(self, value: int) -> str:
        return number(value, self._language)

    def _text(self, sv: str, en: str) -> str:
        return words(sv, en).in_(self._language)
