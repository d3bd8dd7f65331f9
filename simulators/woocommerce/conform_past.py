"""Working out what stood in the recorded shop before its first recorded exchange, from what the recording shows of
it."""

from __future__ import annotations

from simulators.woocommerce.call import Body
from simulators.woocommerce.conform_stage import Direction


def past_of(_exchanges: list[Body]) -> tuple[Direction, ...]:
    return ()
