"""When again: the one place that knows how long to wait."""

from __future__ import annotations

from random import Random

from agent.model.reasons import Fault

STEPS_S = (2.0, 5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds of the agent's clock after the first, second … failure; the last one repeats."""

SERVED_STEPS_S = STEPS_S[:4]
"""The same for one that serves us now and then: asking once a minute is what it is used to, and what fails every fourth
time would otherwise stand still for hours."""

PAUSE_STEPS_S = (60.0, 120.0, 300.0, 900.0)
"""The same for a connection that refuses us (wrong key, licence gone): asking often would only lock the account."""

PAUSE_FAULTS = frozenset(
    {
        Fault.SHOP_KEY_REFUSED,
        Fault.SHOP_KEY_WITHOUT_RIGHTS,
        Fault.SHOP_NOT_WOOCOMMERCE,
        Fault.SHOP_REDIRECTS,
        Fault.CERTIFICATE_REFUSED,
    }
)
"""What nothing but a person's hand will mend: they take the longer pauses."""

NOW_AND_THEN = frozenset({Fault.SHOP_UNREACHABLE, Fault.SHOP_ANSWER_BROKEN})
"""What a shop's next answer may be free of."""

RETRY_AFTER_MAX_S = 3_600.0
"""The longest that a remote may send us away: some hosts in front of shops say a day, or a year."""

ATTEMPTS_MAX = 20
"""So many attempts of one record, each answered and each in vain, and it is dead: about four hours."""


def delay_s(attempt: int, chance: Random, retry_after_s: float | None = None) -> float:
    """Seconds until attempt number `attempt` + 1, with a fifth of jitter; never before what the remote asked for."""
    return _jittered(STEPS_S, attempt, chance, retry_after_s)


def served_delay_s(attempt: int, chance: Random, retry_after_s: float | None = None) -> float:
    """The same after an attempt in which the remote has served us with a part."""
    return _jittered(SERVED_STEPS_S, attempt, chance, retry_after_s)


def pause_s(attempt: int, chance: Random, retry_after_s: float | None = None) -> float:
    return _jittered(PAUSE_STEPS_S, attempt, chance, retry_after_s)


def _jittered(steps: tuple[float, ...], attempt: int, chance: Random, retry_after_s: float | None) -> float:
    step = steps[min(max(attempt, 1), len(steps)) - 1]
    return max(step * chance.uniform(0.8, 1.2), min(retry_after_s or 0.0, RETRY_AFTER_MAX_S))
