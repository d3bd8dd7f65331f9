"""The simulated shop against everything that was recorded of a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators.woocommerce import conform

RECORDINGS = Path(__file__).parents[1] / "recordings"

FLOORS = {
    "auth": 58,
    "background": 21,
    "caching": 9,
    "checkout_storefront": 2,
    "concurrency": 56,
    "customers": 43,
    "errors": 73,
    "index_settings": 43,
    "orders_create": 72,
    "orders_lifecycle": 61,
    "orders_list": 108,
    "orders_modified": 57,
    "orders_refunds_notes": 57,
    "orders_update": 48,
    "products_batch": 35,
    "products_list": 92,
    "products_modified": 75,
    "products_simple": 141,
    "tax_variants": 21,
    "throughput": 2,
    "variations": 80,
    "webhooks": 74,
    "webhooks_delay": 6,
}
"""How many exchanges of each recording agree at least. These numbers only rise."""


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_shop_answers_as_recorded(name: str) -> None:
    report = conform.run([RECORDINGS / f"{name}.json"])
    told = "\n".join(
        f"[{one.exchange}] {one.path}: {one.recorded!r} is {one.simulated!r}" for one in report.differences
    )
    assert report.agree >= FLOORS[name], told[:4000]


def test_every_recording_is_held_to() -> None:
    assert sorted(FLOORS) == [path.stem for path in conform.recordings([RECORDINGS])]
