from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.admin.admin_side import AdminSide, HandClock, journal_in


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def side(tmp_path: Path, hand_clock: HandClock) -> AsyncIterator[AdminSide]:
    """The admin over an empty journal."""
    journal = journal_in(tmp_path)
    try:
        async with AdminSide(journal, hand_clock) as made:
            yield made
    finally:
        journal.close()
