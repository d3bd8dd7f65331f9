"""Faults at work in a play: begun and ended by name, or coming and going by themselves, as the seed has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

import msgspec
import trio

from scenarios.faults import FAULTS, FaultSettings, Place, System, exchange_faults
from scenarios.play import MAMUT_HOST, Gate, Play
from scenarios.process import AgentProcess
from scenarios.trace import ToldFaults
from simulators.faults import Fault, FaultOptions, FaultPlan
from simulators.http import Request, Response
from simulators.mamut import options as mamut_options
from simulators.mamut.errors import Refused
from simulators.mamut.products import ProductBody
from simulators.serve import Server
from simulators.woocommerce.quirks import Quirks as ShopQuirks

STEP_SHARE = 0.03
"""While the agent is killed in steps: the part of all moments before and after a commit that end it."""

CALL_SHARE = 0.03
"""While it is killed in calls: the part of all exchanges after which it dies."""

LATER_BUILD_DAYS = 800
"""A version built so long ago lets nobody in any more; 24 months are allowed."""

ON = frozenset({"viewing_modifies", "unsteady_ties", "gmt_ignored"})
"""Habits of the shop that are on or off and no share."""


class Weather:
    """The faults of one play. `run` it in a nursery; what the settings name begins at once or comes by itself."""

    def __init__(self, play: Play, process: AgentProcess, settings: FaultSettings, seed: int) -> None:
        self._play = play
        self._process = process
        self._settings = settings
        self._seed = seed
        self._active: list[str] = []
        self._scope = trio.CancelScope()
        self._outages: dict[str, tuple[Fault, ...]] = {}
        self._chances: dict[str, Random] = {}
        self._mamut = play.mamut.options
        self._maintenance = mamut_options.Maintenance(start=play.calendar.now(), minutes=1)

    async def run(self) -> None:
        for name in self._settings.names:
            if FAULTS[name].place not in (Place.STATE, Place.EVENT):
                self.begin(name)
        with self._scope:
            async with trio.open_nursery() as nursery:
                for name in (*self._settings.of(Place.STATE), *self._settings.of(Place.EVENT)):
                    nursery.start_soon(self._come_and_go, name)

    async def _come_and_go(self, name: str) -> None:
        chance = self._chance(name)
        while True:
            await trio.sleep(chance.uniform(0.0, 2 * self._settings.every_s))
            await self.strike(name, self._settings.lasts_s)

    async def strike(self, name: str, lasts_s: float) -> None:
        """Lets an event happen, or a state last for a while."""
        if FAULTS[name].place is Place.EVENT:
            await self.happen(name)
            return
        self.begin(name)
        await trio.sleep(lasts_s)
        self.end(name)

    def begin(self, name: str) -> None:
        """It is so from now on. Raises KeyError for a name that there is not."""
        if FAULTS[name].place is Place.EVENT:
            raise KeyError(name)
        if name not in self._active:
            self._play.trace.add("fault_begins", fault=name)
            self._active.append(name)
            self._work(name, on=True)

    def end(self, name: str) -> None:
        if name in self._active:
            self._play.trace.add("fault_ends", fault=name)
            self._active.remove(name)
            self._work(name, on=False)

    async def outage(self, shop: str, names: list[str], lasts_s: float) -> None:
        """One shop serves nobody for so long."""
        self._play.trace.add("fault_begins", fault=f"outage of {shop}")
        self._outages[shop] = exchange_faults(names)
        self._set_exchange_faults()
        await trio.sleep(lasts_s)
        if self._outages.pop(shop, None):
            self._play.trace.add("fault_ends", fault=f"outage of {shop}")
            self._set_exchange_faults()

    def calm(self) -> None:
        """All faults end, and none comes any more."""
        self._scope.cancel()
        if self._outages:
            self._outages.clear()
            self._set_exchange_faults()
        for name in list(self._active):
            self.end(name)

    # -- exchanges and habits ------------------------------------------------------------------------------------------

    def _work(self, name: str, *, on: bool) -> None:
        place = FAULTS[name].place
        if place is Place.EXCHANGE:
            self._set_exchange_faults()
        elif place is Place.SHOP_HABIT:
            self._set_shop_habits()
        elif place is Place.MAMUT_HABIT:
            self._set_mamut()
        else:
            self._states()[name](on)

    def _servers(self) -> list[tuple[System, str, Server]]:
        sides = self._play.shops.values()
        shops: list[tuple[System, str, Server]] = [("shop", side.key, side.server) for side in sides]
        return [*shops, ("mamut", "mamut", self._play.mamut_server)]

    def _set_exchange_faults(self) -> None:
        """One plan for each system that goes on drawing where it was, so that a fault more shifts nothing else."""
        settings = self._settings
        for system, label, server in self._servers():
            faults = exchange_faults(self._active) if system in settings.systems else ()
            burst = "shop_401_burst" in self._active and system == "shop"
            if burst:
                faults = (Fault.STATUS_401,)
            out = self._outages.get(label, ())
            faults = out or faults
            if not faults:
                server.faults = None
                continue
            options = FaultOptions(
                share=1.0 if burst or out else settings.share,
                faults=faults,
                seed=self._chance(f"exchange/{label}").getrandbits(32),
                slow_s=settings.slow_s,
                hang_s=settings.hang_s,
                retry_after_s=settings.retry_after_s,
            )
            server.faults = ToldFaults(label, FaultPlan(options), self._play.trace)

    def _set_shop_habits(self) -> None:
        values: dict[str, float | bool] = {}
        for name in self._active:
            if FAULTS[name].place is Place.SHOP_HABIT:
                field = name.removeprefix("shop_")
                values[field] = True if field in ON else self._settings.share
        for side in self._play.shops.values():
            side.set_habits(msgspec.convert(values, ShopQuirks))

    # -- Mamut's states, several at once -------------------------------------------------------------------------------

    def _set_mamut(self) -> None:
        """The installation as all that is active makes it; a change of it is a restart."""
        quirks: dict[str, float | int] = {}
        for name in self._active:
            if FAULTS[name].place is Place.MAMUT_HABIT:
                quirks[name.removeprefix("mamut_")] = self._settings.share
        if "mamut_clock_ahead" in self._active:
            quirks["clock_ahead_s"] = 600
        base = self._mamut
        options = msgspec.structs.replace(base, quirks=msgspec.structs.replace(base.quirks, **quirks))
        for name, change in self._mamut_states().items():
            if name in self._active:
                options = change(options)
        self._play.change_mamut(options)

    def _mamut_states(self) -> dict[str, Callable[[mamut_options.MamutOptions], mamut_options.MamutOptions]]:
        replace = msgspec.structs.replace
        today = self._play.calendar.now().date()
        return {
            "mamut_version_stopped": lambda old: replace(old, build_date=today - timedelta(days=LATER_BUILD_DAYS)),
            "mamut_licence_removed": lambda old: replace(old, modules=()),
            "mamut_edition_lowered": lambda old: replace(old, edition="E2"),
            "mamut_password_changed": lambda old: replace(old, users=dict.fromkeys(old.users, "ny")),
            "mamut_maintenance": lambda old: replace(old, maintenance=(*old.maintenance, self._maintenance)),
        }

    def _states(self) -> dict[str, Callable[[bool], None]]:
        """What begins or ends a state."""
        plain: dict[str, Callable[[bool], None]] = {
            name: lambda _on: self._set_mamut() for name in self._mamut_states()
        }
        return {
            **plain,
            "mamut_clock_ahead": lambda _on: self._set_mamut(),
            "mamut_maintenance": self._mamut_maintenance,
            "mamut_session_taken": self._session_taken,
            "mamut_article_inactive": self._article_inactive,
            "mamut_refuses": lambda on: self._play.network.refuse(MAMUT_HOST, refuse=on),
            "shop_refuses": self._shop_refuses,
            "shop_401_burst": lambda _on: self._set_exchange_faults(),
            "shop_slow_line": self._slow_line,
            "shop_maintenance": self._shop_maintenance,
            "shop_key_revoked": lambda _on: self._set_gate(),
            "shop_key_reads_only": lambda _on: self._set_gate(),
            "disk_full": lambda on: self._process.fill_disk(full=on),
            "agent_killed_in_steps": self._kill_in_steps,
            "agent_killed_in_calls": self._kill_in_calls,
        }

    def _mamut_maintenance(self, on: bool) -> None:
        minutes = 24 * 60 if on else 0
        self._maintenance = mamut_options.Maintenance(start=self._play.calendar.now(), minutes=minutes)
        self._set_mamut()

    def _session_taken(self, on: bool) -> None:
        mamut = self._play.mamut
        mamut.sessions.end_all()
        if not on:
            self._set_mamut()
            return
        options = msgspec.structs.replace(mamut.options, users={**mamut.options.users, "anna": "anna"})
        self._play.change_mamut(options)
        body = {"client_no": options.client_no, "user": "anna", "password": "anna", "computer": "KONTOR-2"}
        self._play.mamut.handle(Request(method="POST", path="/api/v1/session", body=msgspec.json.encode(body)))

    def _article_inactive(self, on: bool) -> None:
        products = [row.product_no for row in self._play.mamut.products() if row.product_no.startswith("B-")]
        if products:
            self._play.changing()
            self._play.mamut.staff.change_product(products[len(products) // 2], ProductBody(inactive=on))

    # -- the shop's states ---------------------------------------------------------------------------------------------

    def _shop_refuses(self, on: bool) -> None:
        for side in self._play.shops.values():
            self._play.network.refuse(f"{side.key}.example", refuse=on)

    def _slow_line(self, on: bool) -> None:
        for side in self._play.shops.values():
            side.server.latency_s = self._settings.slow_s if on else 0.0

    def _shop_maintenance(self, on: bool) -> None:
        for side in self._play.shops.values():
            side.shop.maintenance = on

    def _set_gate(self) -> None:
        gate: Gate | None = None
        if "shop_key_revoked" in self._active:
            gate = _no_key
        elif "shop_key_reads_only" in self._active:
            gate = _key_reads_only
        for side in self._play.shops.values():
            side.gate = gate

    # -- the agent and what happens once -------------------------------------------------------------------------------

    def _kill_in_steps(self, on: bool) -> None:
        self._process.step_lot = self._chance("kill_in_steps") if on else None
        self._process.step_share = STEP_SHARE if on else 0.0

    def _kill_in_calls(self, on: bool) -> None:
        chance = self._chance("kill_in_calls")

        def exchanged() -> None:
            if chance.random() < CALL_SHARE:
                self._process.kill()

        self._play.trace.on_exchange = exchanged if on else None

    async def happen(self, name: str) -> None:
        """Lets an event happen. Raises KeyError for a name that is none."""
        self._play.trace.add("fault_happens", fault=name)
        if name == "agent_stopped":
            await self._process.stop()
            self._process.start()
        elif name == "agent_killed":
            self._process.kill()
        elif name == "disk_torn_log":
            self._process.kill(torn=self._chance(name))
        elif name == "journal_lost":
            self._process.kill(lose_journal=True)
        elif name == "mamut_restarted":
            self._play.change_mamut(self._play.mamut.options)
        elif name == "mamut_till_sells":
            self._till_sells()
        else:
            raise KeyError(name)

    def _till_sells(self) -> None:
        mamut = self._play.mamut
        goods = [row.product_no for row in mamut.products() if row.product_no.startswith("B-") and not row.inactive]
        chance = self._chance("till")
        for _ in range(3):
            if not goods or not mamut.contacts():
                return
            self._play.changing()
            try:
                mamut.staff.sell_in_till(mamut.contacts()[0].custid, {chance.choice(goods): Decimal(1)}, warehouse=1)
            except Refused as refused:
                self._play.trace.add("till_refused", code=refused.problem.code)

    def _chance(self, purpose: str) -> Random:
        found = self._chances.get(purpose)
        if found is None:
            found = self._chances[purpose] = Random(f"{self._seed}/{purpose}")
        return found


def _no_key(request: Request) -> Response | None:
    """An unknown key is nobody: the index is for all, the rest is refused (recorded: auth[5])."""
    if request.path.rstrip("/") in ("/wp-json", ""):
        return None
    return _refusal(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


def _key_reads_only(request: Request) -> Response | None:
    if request.method == "GET":
        return None
    text = "The API key provided does not have write permissions."
    return _refusal(401, "woocommerce_rest_authentication_error", text)


def _refusal(status: int, code: str, message: str) -> Response:
    body = {"code": code, "message": message, "data": {"status": status}}
    headers = (("Content-Type", "application/json; charset=UTF-8"),)
    return Response(status=status, headers=headers, body=msgspec.json.encode(body))
