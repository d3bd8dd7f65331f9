"""What goes wrong for a person at the command line: a code and its words, never a traceback."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model.reasons import Fault


class UserError(Exception):
    """Ends the command with the catalogue's text for `fault`."""

    def __init__(self, fault: Fault, params: Mapping[str, str] | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.params = dict(params or {})
