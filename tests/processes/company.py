"""A shop, a Mamut and an agent as processes on this computer, which a test may kill and start again as it likes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import apsw
import msgspec

from agent.model.ids import ShopKey
from scenarios.demo_children import Child, environment, free_port
from scenarios.demo_doors import MamutDoor, ShopDoor
from scenarios.demo_figures import Told, Truth, told, truth
from scenarios.demo_shoppers import product, sold
from simulators.woocommerce.options import READ_WRITE
from tests.processes.forked import Forked

SHOP = "butik"
PASSWORD = "simulerad"
LOOK_EVERY_S = 0.02

SETTINGS = """\
package = "premium"
premium_limit = 5000
data_dir = "{folder}"
language = "en"

[admin]
enabled = false

[mamut]
address = "{mamut}"
timeout_s = {timeout_s}

[[shop]]
key = "butik"
address = "{shop}"
department = 10

[shop.orders]
start_at = 2020-01-01T00:00:00+00:00

[shop.articles]
unknown = "hold"

[shop.vat]
domestic = {{ "25" = 3, "12" = 4, "6" = 5 }}

[shop.reading]
interval_s = 5.0
timeout_s = {timeout_s}
"""


class Company:
    """Use it as a context: whatever still runs at the end of the block is killed.

    `simulators` is the folder of both systems' states, `folder` the agent's.
    """

    mamut: Forked
    shop: Forked

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.simulators = folder
        self.folder = folder
        self.seed = seed
        self.mamut_port, self.shop_port = free_port(), free_port()
        self.mamut_address = f"http://127.0.0.1:{self.mamut_port}"
        self.shop_address = f"http://127.0.0.1:{self.shop_port}"
        self.children: list[Child | Forked] = []
        self.shop_options: tuple[str, ...] = ()
        self.placed = 0
        self.mamut_door = MamutDoor(self.mamut_address, PASSWORD)
        self.shop_door = ShopDoor(self.shop_address, READ_WRITE.consumer_key, READ_WRITE.consumer_secret, seed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for child in self.children:
            child.kill()

    # -- processes ---------------------------------------------------------------------------------------------------

    def start_mamut(self, *options: str) -> Forked:
        return self._simulator("mamut", self.mamut_port, options)

    def start_shop(self, *options: str, port: int | None = None) -> Forked:
        return self._simulator("woocommerce", port or self.shop_port, (*self.shop_options, *options))

    def _simulator(self, name: str, port: int, options: tuple[str, ...]) -> Forked:
        state = str(self.simulators / f"{name}.state")
        return self.start(name, "simulate", name, "--port", str(port), "--seed", "1", "--state", state, *options)

    def start_agent(self, *options: str, **variables: str) -> Forked:
        arguments = ("run", "--config", str(self.config), "--log-format", "json", *options)
        return self.start("agent", *arguments, **variables)

    def start_command(self) -> Child:
        """An agent as a person starts it, and no fork."""
        child = Child("agent", ["run", "--config", str(self.config), "--log-format", "json"], self.folder)
        self.children.append(child)
        return child

    def start(self, name: str, *arguments: str, **variables: str) -> Forked:
        """A child whose words lie in `NAME-N.log`, N counting all children."""
        child = Forked(list(arguments), self.folder / f"{name}-{len(self.children)}.log", variables)
        self.children.append(child)
        return child

    def brygga(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Any other command, to its end."""
        command = [sys.executable, "-m", "agent.cli", *arguments, "--config", str(self.config)]
        env = {**environment(), **variables}
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)

    # -- before the agent --------------------------------------------------------------------------------------------

    @property
    def config(self) -> Path:
        return self.folder / "brygga.toml"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    def move(self, folder: Path) -> None:
        """From here on the agent, its settings and its journal are in another folder: a new agent."""
        self.folder = folder

    def open(self, *shop_options: str) -> None:
        """Mamut and the shop run without faults, with the same goods. The options are the shop's for ever."""
        self.shop_options = shop_options
        self.mamut, self.shop = self.start_mamut(), self.start_shop()
        self.mamut.address()
        self.shop.address()
        self.mamut_door.fill(seed=self.seed, products=20, contacts=0)
        self.shop_door.create("products", [product(article) for article in sold(self.mamut_door.articles())])

    def place(self, count: int) -> None:
        """Paid orders of people whom Mamut does not know, of goods it does."""
        self.placed += len(self.shop_door.place(count, self.placed, payment_method="cod", company_share=0.0))

    def write_settings(self, *, timeout_s: float = 5.0, shop: str = "", more: str = "") -> None:
        text = SETTINGS.format(
            folder=self.folder.resolve().as_posix(),
            mamut=self.mamut_address,
            shop=shop or self.shop_address,
            timeout_s=timeout_s,
        )
        self.config.write_text(text + more, encoding="utf-8")

    def write_secrets(
        self, key: str = READ_WRITE.consumer_key, secret: str = READ_WRITE.consumer_secret, password: str = PASSWORD
    ) -> None:
        text = (
            f'[mamut]\npassword = "{password}"\n\n[shop.{SHOP}]\nconsumer_key = "{key}"\nconsumer_secret = "{secret}"\n'
        )
        file = os.open(self.folder / "secrets.toml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as target:
            target.write(text)

    # -- what came of it ---------------------------------------------------------------------------------------------

    def told(self) -> Told:
        return told(self.journal)

    def count(self, table: str, where: str) -> int:
        """Rows of the journal."""
        tx = apsw.Connection(str(self.journal), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            return int(tx.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchall()[0][0])  # noqa: S608
        finally:
            tx.close()

    def truth(self) -> Truth:
        return truth(ShopKey(SHOP), self.shop_door.orders(), self.mamut_door.documents())

    def is_settled(self) -> bool:
        return self.told().is_settled(self.placed)

    def wait(self, until: Callable[[], bool], within_s: float, child: Child | Forked | None = None) -> None:
        """Looks until it is so; fails when it takes longer or the child ends meanwhile."""
        give_up = time.monotonic() + within_s
        while not until():
            if child is not None:
                child.check()
            assert time.monotonic() < give_up, self.told()
            time.sleep(LOOK_EVERY_S)


def events(log: Path) -> list[dict[str, object]]:
    """A log's lines that are whole; a killed process may leave half of one."""
    lines = log.read_text("utf-8", "replace").splitlines(keepends=True)
    return [msgspec.json.decode(line) for line in lines if line.startswith("{") and line.endswith("\n")]
