"""What is told of an order that is held."""

from __future__ import annotations

from trio.testing import MockClock

from tests.actors.small_shop import Opened


async def test_an_order_without_a_vat_code_for_its_buyer_is_held_and_holds_up_no_other(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """A Polish private person, in a shop that names no code for them: the reason has a parameter called "kind"."""
    async with opened() as shop:
        abroad = shop.order(1, billing={"first_name": "Ewa", "last_name": "Exempel", "country": "PL", "city": "Gdynia"})
        at_home = shop.order(2)
        await shop.world.run_once()
        states = shop.states()
        assert states[at_home] == ("transferred", "")
        assert states[abroad] == ("held", "BRY-H07")
