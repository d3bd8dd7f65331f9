"""How long a real shop would have worked on a request."""

from __future__ import annotations

from simulators.http import Request
from simulators.woocommerce.call import Json


def work_ms(_request: Request, _body: Json) -> float:
    return 0.0
