"""The simulated shop against everything that was recorded of a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators.woocommerce import conform

RECORDINGS = Path(__file__).parents[1] / "recordings"

FLOORS = {
    "auth": 19,
    "background": 0,
    "caching": 0,
    "checkout_storefront": 0,
    "concurrency": 0,
    "customers": 0,
    "errors": 11,
    "index_settings": 0,
    "orders_create": 0,
    "orders_lifecycle": 0,
    "orders_list": 0,
    "orders_modified": 0,
    "orders_refunds_notes": 0,
    "orders_update": 0,
    "products_batch": 0,
    "products_list": 0,
    "products_modified": 0,
    "products_simple": 0,
    "tax_variants": 0,
    "throughput": 0,
    "variations": 0,
    "webhooks": 0,
    "webhooks_delay": 0,
}
"""How many exchanges of each recording agree at least. These numbers only rise."""


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_shop_answers_as_recorded(name: str) -> None:
    report = conform.run([RECORDINGS / f"{name}.json"])
    told = "\n".join(f"[{one.exchange}] {one.path}: {one.recorded!r} is {one.simulated!r}" for one in report.differences)
    assert report.agree >= FLOORS[name], told[:4000]


def test_every_recording_is_held_to() -> None:
    assert sorted(FLOORS) == [path.stem for path in conform.recordings([RECORDINGS])]
