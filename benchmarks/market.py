"""A shop and a Mamut as processes, filled once and opened as often as needed, and an agent's settings for them."""

from __future__ import annotations

import os
import secrets as random_source
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from scenarios.demo_children import Child, ChildError, environment, free_port
from scenarios.demo_doors import MamutDoor, ShopDoor
from scenarios.demo_shoppers import product, sold
from simulators.woocommerce.options import READ_WRITE

SHOP = "butik"
PASSWORD = "simulerad"  # noqa: S105 - of the simulated company
PRODUCTS = 40
REPEATS = 4
"""Each buyer comes so many times: a quarter of the orders are a new customer's."""

SEED = 11
PLACE_MAX = 500

SETTINGS = """\
package = "premium"
premium_limit = 1000000
data_dir = "{folder}"
language = "en"

[mamut]
address = "{mamut}"

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
requests_a_minute = 0
"""

SECRETS = """\
[mamut]
password = "{password}"

[shop.butik]
consumer_key = "{key}"
consumer_secret = "{secret}"
"""


class Figures(msgspec.Struct, frozen=True):
    """What a measured process tells of itself when it is through: its own CPU time, start-up left out."""

    cpu_s: float
    seconds: float
    requests: int
    orders: int = 0
    rss_mb: float = 0.0
    commits: int = 0


class Open:
    """Both systems, running."""

    def __init__(self, folder: Path, mamut: str, shop: str) -> None:
        self.folder = folder
        self.mamut_address = mamut
        self.shop_address = shop
        self.mamut = MamutDoor(mamut, PASSWORD)
        # A shop remembers the nonces it has seen, also through its state file; so each opening has its own.
        self.shop = ShopDoor(shop, READ_WRITE.consumer_key, READ_WRITE.consumer_secret, random_source.randbits(63))

    def write_settings(self) -> Path:
        """The agent's settings and secrets for these two; the path of the settings."""
        text = SETTINGS.format(
            folder=self.folder.resolve().as_posix(), mamut=self.mamut_address, shop=self.shop_address
        )
        (self.folder / "brygga.toml").write_text(text, encoding="utf-8")
        secrets = SECRETS.format(password=PASSWORD, key=READ_WRITE.consumer_key, secret=READ_WRITE.consumer_secret)
        descriptor = os.open(self.folder / "secrets.toml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as target:
            target.write(secrets)
        return self.folder / "brygga.toml"

    def measured(self, module: str, *arguments: str, within_s: float = 300.0) -> Figures:
        """Runs one of our modules as a process of its own and gives what it tells of itself."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, capture_output=True, timeout=within_s, env=environment(), check=False)
        if done.returncode:
            raise ChildError(f"{module}: {done.stderr[-2_000:].decode('utf-8', 'replace')}")
        return msgspec.json.decode(done.stdout.splitlines()[-1], type=Figures)


class Market:
    """Goods and orders, kept in state files so that each run begins with the same world."""

    def __init__(self, folder: Path, orders: int) -> None:
        self.folder = folder
        self.orders = orders
        with self._processes(folder, ()) as market:
            market.mamut.fill(seed=SEED, products=PRODUCTS, contacts=0)
            market.shop.create("products", [_endless(product(one)) for one in sold(market.mamut.articles())])
            self._place(market, orders)

    @staticmethod
    def _place(market: Open, orders: int) -> None:
        """The same shoppers come again and again; `start` moves on so that the last few are not all new."""
        placed, people = 0, max(1, min(PLACE_MAX, orders // REPEATS))
        while placed < orders:
            group = placed // (people * REPEATS)
            count = min(people, orders - placed)
            placed += len(market.shop.place(count, SEED + group, payment_method="cod", company_share=0.15))

    @contextmanager
    def open(self, folder: Path, *, pace: float = 0.0, latency_ms: float = 0.0) -> Iterator[Open]:
        """Fresh copies of both, in `folder`."""
        for name in ("mamut", "woocommerce"):
            shutil.copy(self.folder / f"{name}.state", folder / f"{name}.state")
        with self._processes(folder, ("--pace", str(pace), "--latency-ms", str(latency_ms))) as market:
            yield market

    @contextmanager
    def _processes(self, folder: Path, options: Sequence[str]) -> Iterator[Open]:
        children = []
        try:
            for name in ("mamut", "woocommerce"):
                state = str(folder / f"{name}.state")
                port = str(free_port())
                children.append(
                    Child(name, ["simulate", name, "--port", port, "--seed", "1", "--state", state, *options], folder)
                )
            mamut, shop = (child.address() for child in children)
            yield Open(folder, mamut, shop)
        finally:
            for child in children:
                child.stop()


def _endless(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "manage_stock": False}
