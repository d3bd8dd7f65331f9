"""Addresses, sockets and TLS: where a connection leads, and how it comes about."""

from __future__ import annotations

import select
import ssl
import sys
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, urlsplit

import idna
import trio

from agent.model.reasons import Fault
from agent.remote.plain_stream import PlainStream
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.wire import Dial, Line, Site

_SAFE = "!$%&'()*+,/:;=?@[]~"
"""What an address may hold unquoted, the percent sign of what is quoted already among it."""


def tls_context(*, verify: bool = True) -> ssl.SSLContext:
    """The certificates this computer trusts, or none asked for. One for all: it costs 22 ms and 850 KB to make."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def dialler(context: Callable[[], ssl.SSLContext], ends: dict[str, float] | None = None) -> Dial:
    """Connections over real sockets, to whichever of a host's addresses answers first. `context` is asked for when the
    first of them is to have TLS; `ends` is told when each certificate that is trusted comes to its end."""
    return partial(_dialled, context, ends)


async def _dialled(context: Callable[[], ssl.SSLContext], ends: dict[str, float] | None, site: Site) -> Line:
    try:
        plain = PlainStream(await trio.open_tcp_stream(site.host, site.port))
    except OSError as error:
        raise unconnected(error) from error
    stirs = _stirring(plain)
    if not site.tls:
        return Line(plain, stirs)
    stream = trio.SSLStream(plain, context(), server_hostname=site.host, https_compatible=True)
    try:
        await stream.do_handshake()
    except (trio.BrokenResourceError, ssl.CertificateError) as error:
        await trio.aclose_forcefully(plain)
        raise unconnected(error) from error
    except BaseException:
        await trio.aclose_forcefully(plain)
        raise
    if ends is not None and (until := (stream.getpeercert() or {}).get("notAfter")):
        ends[site.host] = ssl.cert_time_to_seconds(str(until))
    return Line(stream, stirs)


def _stirring(plain: PlainStream) -> Callable[[], bool]:
    if sys.platform == "win32":
        return lambda: bool(select.select([plain], [], [], 0)[0])
    poll = select.poll()
    poll.register(plain, select.POLLIN)
    return lambda: bool(poll.poll(0))


def unconnected(error: BaseException) -> Trouble:
    """What a connection that never came about means to whoever has to mend it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault, detail = Fault.CERTIFICATE_REFUSED, cause.verify_message
            return Trouble(TroubleKind.NOT_NOW, "certificate_refused", detail=detail, fault=fault)
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return Trouble(TroubleKind.NOT_NOW, "connect_failed", detail=cause.reason)
        if isinstance(cause, OSError) and cause.strerror:
            # What the system says stands last; trio puts the address before it.
            return Trouble(TroubleKind.NOT_NOW, "connect_failed", detail=cause.strerror.rpartition(": ")[2])
        # A group holds one for each address that was tried.
        cause = cause.exceptions[0] if isinstance(cause, BaseExceptionGroup) else cause.__cause__ or cause.__context__
    return Trouble(TroubleKind.NOT_NOW, "connect_failed", detail="ConnectError")


def site_of(origin: str) -> Site:
    """`https://shop.example:8443`, as a place to connect to. Raises Trouble for what is none."""
    try:
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode("ascii")
        if parts.scheme not in ("http", "https") or not host or not host.isprintable() or " " in host:
            raise ValueError("no address of a web server")
    except ValueError as error:  # idna's own error is one.
        raise Trouble(TroubleKind.NOT_NOW, "connect_failed", detail="InvalidAddress") from error
    tls = parts.scheme == "https"
    shown = f"[{host}]" if ":" in host else host
    usual = 443 if tls else 80
    port = usual if port is None else port
    return Site(tls, host, port, shown if port == usual else f"{shown}:{port}")


def divided(url: str) -> tuple[str, str]:
    """An address as its origin and what is asked for there, percent-encoded where it was not."""
    scheme, mark, rest = url.partition("://")
    host, _, path = rest.partition("/")
    if "?" in host or "#" in host:
        host = min(host.partition("?")[0], host.partition("#")[0], key=len)
        path = rest[len(host) :]
    target = f"/{path}".partition("#")[0]
    if not target.isascii() or not target.isprintable() or " " in target or '"' in target or "<" in target:
        target = quote(target, safe=_SAFE)
    return f"{scheme}{mark}{host}", target
