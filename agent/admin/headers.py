"""What surrounds every request: the name it was sent to, its size, and the headers of every answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.settings.check_webhooks import host_and_port
from agent.settings.tree_admin import AdminSettings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script, no inline style, nothing from elsewhere, in nobody's frame."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With "no-referrer" browsers would hide the origin of our own forms, which is asked for.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}

TRANSPORT = "max-age=31536000"

_LOCAL = ("127.0.0.1", "localhost", "::1")


def names_of(settings: AdminSettings) -> frozenset[str]:
    """What the admin may be called. A page of another site that points its own name at this address is none of them."""
    names = {*_LOCAL, *(host.lower() for host in settings.hosts)}
    place = host_and_port(settings.listen)
    if place is not None:
        names.add(place[0])
    public = urlsplit(settings.public_url).hostname
    return frozenset({*names, public} if public else names)


def is_secure(settings: AdminSettings) -> bool:
    """Whether browsers reach the admin by https."""
    return bool(settings.certificate) or settings.public_url.startswith("https:")


class Surrounded:
    """The application with what holds for all of it."""

    def __init__(self, app: ASGIApp, settings: AdminSettings) -> None:
        self._app = app
        self._names = names_of(settings)
        self._secure = is_secure(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def surrounded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._secure:
                    headers.setdefault("Strict-Transport-Security", TRANSPORT)
            await send(message)

        if self._name(Headers(scope=scope).get("host", "")) not in self._names:
            refused = PlainTextResponse("Brygga is not called that here: see hosts in [admin].\n", status_code=421)
            await refused(scope, receive, surrounded)
            return
        await self._app(scope, receive, surrounded)

    @staticmethod
    def _name(host: str) -> str:
        try:
            return urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return ""
