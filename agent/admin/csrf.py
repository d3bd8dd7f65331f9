"""Against requests that another site makes in a user's name: a token in every form, and where the request came from."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers

FIELD = "csrf"
"""The form's field."""

HEADER = "x-brygga-csrf"
"""The header in which scripts send it."""

_FROM_OURSELVES = ("same-origin", "none")


def token_for(cookie: str) -> str:
    """The token that goes with a cookie which only this browser has; it tells nothing of the cookie."""
    return hmac.new(cookie.encode(), b"brygga csrf", hashlib.sha256).hexdigest()


def is_ours(headers: Headers, cookie: str, given: str) -> bool:
    """Whether the request comes from a page of ours that this browser was given."""
    if not cookie or not hmac.compare_digest(token_for(cookie).encode(), given.encode()):
        return False
    if headers.get("sec-fetch-site", "same-origin") not in _FROM_OURSELVES:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")
