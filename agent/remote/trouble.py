"""Trouble with a remote has four names, and each says what may be done next.

NOT_NOW: nothing happened, try later. UNSURE: it may have happened, look before trying again. REFUSED: it never will, as
it is. GARBLED: the answer broke the contract.
"""

from __future__ import annotations

from enum import StrEnum

from agent.model.reasons import Fault


class TroubleKind(StrEnum):
    NOT_NOW = "not_now"
    UNSURE = "unsure"
    REFUSED = "refused"
    GARBLED = "garbled"


class Trouble(Exception):
    """What a port raises.

    `problem` is a short stable word ("connect_failed", Mamut's own code, WooCommerce's own code). `fault` is set when
    the whole connection is meant and not this one request: the caller then pauses the connection. `detail` is safe to
    log: it never holds a body, a header, an address with a query, or anything of a person.
    """

    def __init__(
        self,
        kind: TroubleKind,
        problem: str,
        *,
        detail: str = "",
        fault: Fault | None = None,
        retry_after_s: float | None = None,
        params: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{kind}: {problem}" + (f" ({detail})" if detail else ""))
        self.kind = kind
        self.problem = problem
        self.detail = detail
        self.fault = fault
        self.retry_after_s = retry_after_s
        self.params = params or {}

    @property
    def told(self) -> str:
        """The problem with its detail, for whoever is to mend it."""
        return f"{self.problem}: {self.detail}" if self.detail else self.problem
