"""What Mamut tells about itself when a session opens is kept, and what is missing stops the way to it with its name."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.journal import records
from agent.model.reasons import Fault
from agent.remote.ports import MamutCompany
from scenarios.stage import START
from simulators.mamut.options import MamutOptions
from tests.actors.small_shop import Opened, assert_once_and_equal


async def test_the_company_and_its_stop_date_are_kept_for_whoever_asks(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        shop.world.set_mamut(MamutOptions(edition="E4", stop_date=date(2027, 1, 31)))
        await shop.world.run_once()
        journal = shop.world.journal()
        company = msgspec.json.decode(
            journal.view(lambda tx: records.value(tx, records.MAMUT_COMPANY)), type=MamutCompany
        )
        journal.close()
        assert (company.edition, company.stop_date) == ("E4", "2027-01-31")


MISSING = [
    ({"edition": "E2"}, Fault.MAMUT_EDITION_TOO_LOW),
    ({"modules": ()}, Fault.MAMUT_API_MODULE_MISSING),
    ({"build_date": (START - timedelta(days=800)).date()}, Fault.MAMUT_VERSION_EXPIRED),
    ({"users": {"brygga": "another"}}, Fault.MAMUT_PASSWORD_WRONG),
    ({"computers": ("somebody-elses",)}, Fault.MAMUT_COMPUTER_NOT_LICENSED),
]


@pytest.mark.parametrize(("changes", "fault"), MISSING, ids=[fault.name.lower() for _, fault in MISSING])
async def test_what_mamut_lacks_is_named_and_the_order_waits_until_it_is_mended(
    opened: Opened, autojump_clock: MockClock, changes: dict[str, object], fault: Fault
) -> None:
    async with opened() as shop:
        order_id = shop.order()
        good = shop.world.mamut.options
        shop.world.set_mamut(MamutOptions(**changes))
        shop.world.mamut.fill(1, products=10, contacts=5)
        async with shop.world.agent():
            await trio.sleep(300)
        journal = shop.world.journal()
        rows = journal.view(lambda tx: tx.execute("SELECT state, fault FROM health WHERE actor = 'mamut'").fetchall())
        journal.close()
        assert rows == [("paused", fault.value)]
        assert shop.states()[order_id][0] == "waiting"
        shop.world.set_mamut(good)
        shop.world.mamut.fill(1, products=10, contacts=5)
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id])
