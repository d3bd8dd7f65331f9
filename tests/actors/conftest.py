"""The fixture `opened`: a world with one small shop, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.actors.small_shop")

from agent.settings.tree import ShopSettings  # noqa: E402 - after the line above, which must come first
from scenarios.play import play, shop_settings  # noqa: E402
from simulators.woocommerce.options import ShopOptions  # noqa: E402
from tests.actors.small_shop import Opened, SmallShop  # noqa: E402


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """`async with opened() as shop:` is a world with one small shop. A test that uses it names `autojump_clock` too:
    pytest-trio takes its clock from the test's own parameters."""

    @asynccontextmanager
    async def open_shop(
        *, seed: int = 1, settings: ShopSettings | None = None, options: ShopOptions | None = None
    ) -> AsyncIterator[SmallShop]:
        async with play(tmp_path, seed=seed) as world:
            world.mamut.fill(seed, products=10, contacts=5)
            yield SmallShop(world, settings or shop_settings(), options)

    return open_shop
