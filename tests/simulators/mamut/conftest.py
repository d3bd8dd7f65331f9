"""A company of its own for each test."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.mamut.options import MamutOptions, Quirks
from simulators.mamut.system import Mamut
from tests.simulators.mamut.company import Client, Clock, Company


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def company(clock: Clock) -> Company:
    """Makes a company with a contact, an article A-1 and an open session; `options` are MamutOptions' fields, and
    `quirks` may be a dict of Quirks' fields."""

    def make(seed: int = 1, **options: Any) -> Client:
        if isinstance(options.get("quirks"), dict):
            options["quirks"] = Quirks(**options["quirks"])
        quiet = Client(Mamut(MamutOptions(**options), clock, seed), clock)
        quiet.mamut.act_raw("contact.create", "", b'{"name": "Maja Exempel"}')
        quiet.mamut.act_raw("product.create", "", b'{"product_no": "A-1", "description": "Kanna", "price_out": "80"}')
        quiet.log_in()
        return quiet

    return make


@pytest.fixture
def client(company: Company) -> Client:
    return company()
