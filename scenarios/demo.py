"""`brygga demo`: a simulated shop, a simulated Mamut and the agent between them, as three processes, live.

Nothing is staged: the agent is the one of `brygga run`, with settings and secrets in files, and the figures are asked
of the two systems themselves.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from agent.cli.context import Given
from agent.cli.desk import BAD_CALL, JOURNAL_NAME, NO
from agent.cli.output import complain, say, say_json
from agent.cli.settings import PackageName
from agent.model.reasons import OrderState
from agent.model.words import Language, words
from scenarios.demo_children import Child, ChildError, Crew, free_port
from scenarios.demo_doors import DoorError, MamutDoor, ShopDoor, ShopGlance
from scenarios.demo_figures import Told, Truth, held_names, told, truth
from scenarios.demo_goods import GoodsStage
from scenarios.demo_governs import BOTH_WAYS, GoverningStage
from scenarios.demo_settings import CONSUMER_KEY, CONSUMER_SECRET, MAMUT_PASSWORD, SHOP, is_sound, write_settings
from scenarios.demo_shoppers import Shoppers
from scenarios.demo_view import Moment, View

ORDERS = 250
GOODS_ORDERS = 60
GOODS_FLOW = 2
PRODUCTS = 40
CONTACTS = 200
LOOK_EVERY_S = 0.5
DRIP_EVERY_S = 2.0
STUCK_S = 60.0
"""With --once: no order has moved for so long, so nothing more will come."""


def demo(
    *,
    orders: int | None = None,
    package: PackageName | None = None,
    flow: int | None = None,
    once: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
    seed: int = 1,
    pace: float | None = None,
    mistakes: Annotated[bool, Parameter(negative="")] = False,
    keep: Path | None = None,
    context: Given,
) -> int:
    """Start both simulators and the agent, and show what happens. Ctrl-C ends it.

    Ends with 1 when an order is lost, doubled or an öre apart.

    Parameters
    ----------
    orders
        Paid orders that wait in the shop at the start: 250. In flow 2, how many are placed while it runs: 60.
    package
        The package that the merchant has bought: 200, or 400 in flow 3; what is above its limit is held.
    flow
        The flow of the shop: 1, 2 or 3. In flow 2 Mamut is full of articles and the shop is empty at the start, in
        flows 1 and 3 it is the other way round. Without it both have the same goods, and only orders go over.
    once
        Place no more orders, and end when every order is settled.
    json
        Print one JSON object at the end and nothing else.
    seed
        What the goods, the people and their purchases are drawn from.
    pace
        How long the simulated systems take: 1 as the real ones, 0 no time at all; 0 with --once, else 1.
    mistakes
        Sell in the shop an article that Mamut does not know too: the few orders with it are held, and say why.
    keep
        A new folder to leave everything in: settings, journal, both systems' states and logs.
    """
    language = context.speak(from_file="")
    if (orders or 0) < 0 or (pace is not None and pace < 0):
        complain(words("Antal och takt är inte negativa.", "Numbers are not negative.").in_(language))
        return BAD_CALL
    with _interrupts(), _folder(keep, language) as folder:
        taken = (0.0 if once else 1.0) if pace is None else pace
        if not json:
            say(words("Öppnar butiken och Mamut …", "Opening the shop and Mamut …").in_(language))
        try:
            bought: PackageName = package or ("400" if flow == BOTH_WAYS else "200")
            if flow is not None:
                goods = _goods_stage(flow, folder, language, seed=seed, pace=taken)
                end = _play_goods(goods, bought, GOODS_ORDERS if orders is None else orders, once=once, quiet=json)
            else:
                stage = Stage(folder, language, seed=seed, pace=taken, mistakes=mistakes)
                end = _play(stage, bought, ORDERS if orders is None else orders, once=once, quiet=json)
        except (ChildError, DoorError) as error:
            complain(str(error))
            return NO
        if end is None:
            return NO
        if json:
            say_json(end)
        if keep is not None and not json:
            say(f"brygga orders list --config {folder / 'brygga.toml'}")
        return 0 if end["ok"] else NO


def _goods_stage(flow: int, folder: Path, language: Language, *, seed: int, pace: float) -> GoodsStage:
    if flow == GOODS_FLOW:
        return GoodsStage(folder, language, seed=seed, pace=pace)
    return GoverningStage(folder, language, flow=flow, seed=seed, pace=pace)


def _play(stage: Stage, package: PackageName, orders: int, *, once: bool, quiet: bool) -> dict[str, Any] | None:
    """None when the settings are refused."""
    try:
        stage.open(orders)
        stage.write_settings(package)
        return stage.play(once=once, quiet=quiet) if stage.is_sound() else None
    finally:
        stage.close()


def _play_goods(
    stage: GoodsStage, package: PackageName, orders: int, *, once: bool, quiet: bool
) -> dict[str, Any] | None:
    try:
        stage.open()
        stage.write_settings(package)
        return stage.play(orders, once=once, quiet=quiet) if stage.is_sound() else None
    finally:
        stage.close()


class Stage:
    """The folder, the three processes, and what has been placed in the shop."""

    def __init__(self, folder: Path, language: Language, *, seed: int, pace: float, mistakes: bool = False) -> None:
        self._folder = folder
        self._language = language
        self._seed = seed
        self._pace = pace
        self._mistakes = mistakes
        self._crew = Crew(folder, seed)
        self._placed: list[ShopGlance] = []
        self._view = View(language)

    def open(self, orders: int) -> None:
        """Both systems run and are filled; the orders wait in the shop."""
        port = free_port()
        mamut = self._crew.simulator("mamut", 0, self._pace)
        shop = self._crew.simulator("woocommerce", port, 0.0)
        self._mamut = MamutDoor(mamut.address(), MAMUT_PASSWORD)
        self._shop = ShopDoor(shop.address(), CONSUMER_KEY, CONSUMER_SECRET, self._seed)
        self._mamut.fill(seed=self._seed, products=PRODUCTS, contacts=CONTACTS)
        self._shoppers = Shoppers(self._shop, self._seed, mistakes=self._mistakes)
        self._shoppers.open_shop(self._mamut.articles(), self._mamut.customers())
        self._buy(orders)
        if self._pace:
            # The past is made at once; from here on the shop takes its time, with all that it remembers.
            self._crew.stop(shop)
            self._crew.simulator("woocommerce", port, self._pace).address()

    def _buy(self, count: int) -> None:
        if count:
            self._placed += self._shoppers.buy(count)

    def write_settings(self, package_name: PackageName) -> None:
        write_settings(
            self._folder,
            mamut=self._mamut.address,
            shop=self._shop.address,
            package_name=package_name,
            flow=1,
            language=self._language,
        )

    def is_sound(self) -> bool:
        """Whether the settings would start an agent; says what is wrong where they would not."""
        return is_sound(self._folder, self._language)

    def start_agent(self) -> Child:
        return self._crew.agent()

    def play(self, *, once: bool, quiet: bool) -> dict[str, Any]:
        """The agent at work until all is settled or Ctrl-C; then the truth of it."""
        self._view.name(self._shop.address, self._mamut.address)
        before = self._requests()
        began = time.monotonic()
        agent = self.start_agent()
        with self._view.live(quiet=quiet) as show:
            self._watch(show, before, began, once=once)
        seconds = time.monotonic() - began
        requests = {name: count - before[name] for name, count in self._requests().items()}
        agent.stop()
        last = told(self._folder / JOURNAL_NAME)
        found = truth(SHOP, self._shop.orders(), self._mamut.documents())
        end = summary(last, found, seconds, requests, settled=last.is_settled(len(self._placed)) or not once)
        if not quiet:
            self._view.end(end)
        return end

    def _watch(self, show: Callable[[Moment], None], before: dict[str, int], began: float, *, once: bool) -> None:
        moved, moved_at, drip_at = -1, began, began
        try:
            while True:
                now = time.monotonic()
                self._crew.check()
                last = told(self._folder / JOURNAL_NAME)
                show(self._moment(last, before, now - began))
                if once and last.is_settled(len(self._placed)):
                    return
                if last.settled + last.marked != moved:
                    moved, moved_at = last.settled + last.marked, now
                if once and now - moved_at > STUCK_S:
                    complain(f"no order has moved for {STUCK_S:.0f} s: {'; '.join(last.troubles)}")
                    return
                if not once and now - drip_at > DRIP_EVERY_S:
                    self._buy(1)
                    drip_at = now
                time.sleep(LOOK_EVERY_S)
        except KeyboardInterrupt:
            if once:
                raise

    def _moment(self, last: Told, before: dict[str, int], seconds: float) -> Moment:
        requests = sum(self._requests().values()) - sum(before.values())
        found = truth(SHOP, self._placed, self._mamut.documents())
        return Moment(told=last, truth=found, requests=requests, seconds=seconds)

    def _requests(self) -> dict[str, int]:
        return {"shop": self._shop.cost().requests, "mamut": self._mamut.cost().requests}

    def close(self) -> None:
        self._crew.close()


def summary(last: Told, found: Truth, seconds: float, requests: dict[str, int], *, settled: bool) -> dict[str, Any]:
    """The demo's one JSON object. Keys are stable."""
    transferred = last.count(OrderState.TRANSFERRED)
    ok = (
        settled
        and last.adds_up
        and last.seen <= found.shop_orders
        and transferred == found.matched == found.mamut_orders
        and not found.difference_ore
        and not found.twice
        and not found.strangers
    )
    return {
        "ok": ok,
        "shop_orders": found.shop_orders,
        "seen": last.seen,
        **{state.value: last.count(state) for state in OrderState},
        "reasons": held_names(last.reasons),
        "marked": last.marked,
        "mamut_orders": found.mamut_orders,
        "mamut_orders_twice": len(found.twice),
        "amount_difference_ore": found.difference_ore,
        "seconds": round(seconds, 2),
        "orders_per_second": round(transferred / seconds, 1) if seconds else None,
        "requests": requests,
        "requests_per_order": round(sum(requests.values()) / transferred, 3) if transferred else None,
    }


@contextmanager
def _folder(keep: Path | None, language: Language) -> Iterator[Path]:
    """A folder for the demo: temporary, or the one to keep, which must be new or empty."""
    if keep is None:
        folder = Path(tempfile.mkdtemp(prefix="brygga-demo-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        taken = any(keep.iterdir())
    except OSError as error:
        problem = words(f"{keep} går inte att använda: ", f"{keep} cannot be used: ").in_(language)
        complain(problem + (error.strerror or type(error).__name__))
        raise SystemExit(BAD_CALL) from error
    if taken:
        complain(words(f"{keep} är inte tom.", f"{keep} is not empty.").in_(language))
        raise SystemExit(BAD_CALL)
    yield keep


@contextmanager
def _interrupts() -> Iterator[None]:
    """SIGTERM, and a terminal that is closed, end the demo as Ctrl-C does, so that its processes are never left."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if sys.platform == "win32":
        yield
        return
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
