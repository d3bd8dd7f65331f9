"""Hands a letter to a mail server: SMTP (RFC 5321) with STARTTLS (RFC 3207), TLS from the start (RFC 8314) and AUTH
(RFC 4954), over any stream."""

from __future__ import annotations

import base64
import platform
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import trio

from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.remote.dial import unconnected
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.secret import Secret
from agent.settings.tree_mail import MailSecurity, MailSettings

Connect = Callable[[str, int], Awaitable[trio.abc.Stream]]
"""Opens a stream to a host and port. Raises OSError."""

LINE_MAX = 4_096
"""The longest line of an answer; the standard's limit is 512 bytes."""

LINES_MAX = 200

GOODBYE_S = 2.0
"""The longest that taking leave may take: by then the letter has been accepted."""

SHOWN_MAX = 200
"""So many characters of what a server says are shown."""

_ADDRESS = re.compile(r"\S+@\S+")


class Letter(Frozen, frozen=True):
    """`body` is the whole message in ASCII, with CRLF between its lines."""

    sender: str
    to: tuple[str, ...]
    body: bytes

    def __repr__(self) -> str:
        return f"Letter({len(self.to)} recipients, {len(self.body)} bytes)"


class Reply(NamedTuple):
    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the server said, without anybody's address."""
        said = _ADDRESS.sub("‹…@…›", " ".join(self.lines))
        return "".join(each if each.isprintable() else " " for each in said)[:SHOWN_MAX].strip()


async def deliver(
    letter: Letter, mail: MailSettings, password: Secret | None, connect: Connect, tls: ssl.SSLContext
) -> tuple[str, ...]:
    """Returns the recipients that the server refused, when it took the letter for others.

    Raises Trouble with the fault MAIL_NOT_SENT: NOT_NOW when the letter was surely not taken and may be later, REFUSED
    when it will not be as things are, UNSURE when the answer to the letter itself was lost.
    """
    async with _talking(mail, password, connect, tls) as talk:
        return await talk.send(letter)


async def try_login(mail: MailSettings, password: Secret | None, connect: Connect, tls: ssl.SSLContext) -> None:
    """Goes as far as to the letter, and hands over none. Raises Trouble as `deliver` does."""
    async with _talking(mail, password, connect, tls):
        pass


@asynccontextmanager
async def _talking(
    mail: MailSettings, password: Secret | None, connect: Connect, tls: ssl.SSLContext
) -> AsyncIterator[_Talk]:
    """A conversation in which a letter may be handed over now."""
    try:
        stream = await _opened(mail, connect, tls)
    except Trouble as trouble:
        trouble.fault = Fault.MAIL_NOT_SENT
        raise
    talk = _Talk(stream, mail.timeout_s)
    try:
        await talk.expect("greeting", None, 220)
        await talk.hello()
        if mail.security is MailSecurity.STARTTLS:
            await talk.encrypt(mail.host, tls)
        if mail.user and password is not None:
            await talk.log_in(mail.user, password)
        yield talk
        await talk.quit()
    finally:
        await trio.aclose_forcefully(talk.stream)


async def _opened(mail: MailSettings, connect: Connect, tls: ssl.SSLContext) -> trio.abc.Stream:
    try:
        with trio.fail_after(mail.timeout_s):
            stream = await connect(mail.host, mail.port_used)
            return await _secured(stream, mail.host, tls) if mail.security is MailSecurity.TLS else stream
    except trio.TooSlowError as error:
        raise Trouble(TroubleKind.NOT_NOW, "timeout") from error
    except (OSError, trio.BrokenResourceError) as error:
        raise unconnected(error) from error


async def _secured(stream: trio.abc.Stream, host: str, tls: ssl.SSLContext) -> trio.abc.Stream:
    secure = trio.SSLStream(stream, tls, server_hostname=host, https_compatible=True)
    try:
        await secure.do_handshake()
    except BaseException:
        await trio.aclose_forcefully(stream)
        raise
    return secure


class _Talk:
    """One conversation. After any Trouble it is over."""

    def __init__(self, stream: trio.abc.Stream, timeout_s: float) -> None:
        self.stream = stream
        self._timeout_s = timeout_s
        self._buffer = b""
        self._extensions: dict[str, str] = {}

    async def hello(self) -> None:
        name = platform.node()
        name = name if re.fullmatch(r"[0-9A-Za-z]([0-9A-Za-z.\-]*[0-9A-Za-z])?", name) else "localhost"
        reply = await self.ask("hello", f"EHLO {name}".encode())
        if reply.code in (500, 502):  # A server from before 2001.
            await self.expect("hello", f"HELO {name}".encode(), 250)
            self._extensions = {}
            return
        _judge("hello", reply, 250)
        parted = [line.partition(" ") for line in reply.lines[1:]]
        self._extensions = {word.upper(): rest.upper() for word, _, rest in parted}

    async def encrypt(self, host: str, tls: ssl.SSLContext) -> None:
        if "STARTTLS" not in self._extensions:
            raise _refused("starttls_missing")
        await self.expect("starttls", b"STARTTLS", 220)
        if self._buffer:
            # Whatever came in the clear before the handshake may be anybody's.
            raise _refused("starttls_injected")
        try:
            with trio.fail_after(self._timeout_s):
                self.stream = await _secured(self.stream, host, tls)
        except trio.TooSlowError as error:
            raise _not_now("timeout") from error
        except (OSError, trio.BrokenResourceError) as error:
            trouble = unconnected(error)
            trouble.fault = Fault.MAIL_NOT_SENT
            raise trouble from error
        await self.hello()

    async def log_in(self, user: str, password: Secret) -> None:
        ways = self._extensions.get("AUTH", "").split()
        if "PLAIN" in ways:
            both = base64.b64encode(f"\0{user}\0{password.reveal()}".encode())
            await self.expect("login", b"AUTH PLAIN " + both, 235)
        elif "LOGIN" in ways:
            await self.expect("login", b"AUTH LOGIN", 334)
            await self.expect("login", base64.b64encode(user.encode()), 334)
            await self.expect("login", base64.b64encode(password.reveal().encode()), 235)
        else:
            raise _refused("login_missing")

    async def send(self, letter: Letter) -> tuple[str, ...]:
        await self.expect("sender", f"MAIL FROM:<{letter.sender}>".encode(), 250)
        answers = [(each, await self.ask("recipient", f"RCPT TO:<{each}>".encode())) for each in letter.to]
        refused = tuple(each for each, reply in answers if reply.code not in (250, 251))
        if len(refused) == len(letter.to):
            _judge("recipient", answers[0][1], 250)
        await self.expect("data", b"DATA", 354)
        stuffed = re.sub(rb"(?m)^\.", b"..", letter.body.removesuffix(b"\r\n"))
        try:
            await self.expect("letter", stuffed + b"\r\n.", 250)
        except Trouble as trouble:
            if trouble.problem in ("timeout", "connection_lost"):
                trouble.kind = TroubleKind.UNSURE
            raise
        return refused

    async def quit(self) -> None:
        """The letter is taken: nothing that goes wrong now matters."""
        with trio.move_on_after(GOODBYE_S):
            try:
                await self.ask("quit", b"QUIT")
            except Trouble:
                return

    async def expect(self, step: str, line: bytes | None, code: int) -> None:
        _judge(step, await self.ask(step, line), code)

    async def ask(self, step: str, line: bytes | None) -> Reply:
        """Says a line and hears the answer. Raises Trouble when none comes, or what comes is none."""
        try:
            with trio.fail_after(self._timeout_s):
                if line is not None:
                    await self.stream.send_all(line + b"\r\n")
                return await self._reply(step)
        except trio.TooSlowError as error:
            raise _not_now("timeout", step) from error
        except (OSError, trio.BrokenResourceError, trio.ClosedResourceError) as error:
            raise _not_now("connection_lost", step) from error

    async def _reply(self, step: str) -> Reply:
        lines: list[str] = []
        while len(lines) < LINES_MAX:
            line = await self._line(step)
            code, mark, text = line[:3], line[3:4], line[4:]
            if not (code.isascii() and code.isdigit()) or mark not in ("", " ", "-"):
                raise _refused("no_mail_server", step)
            lines.append(text)
            if mark != "-":
                return Reply(int(code), tuple(lines))
        raise _refused("no_mail_server", step)

    async def _line(self, step: str) -> str:
        while b"\n" not in self._buffer:
            if len(self._buffer) > LINE_MAX:
                raise _refused("no_mail_server", step)
            piece = await self.stream.receive_some(LINE_MAX)
            if not piece:
                raise _not_now("connection_lost", step)
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "replace")


def _judge(step: str, reply: Reply, code: int) -> None:
    """Raises Trouble for any answer but the one that is waited for, with what the server said."""
    if reply.code == code:
        return
    raise Trouble(
        TroubleKind.NOT_NOW if 400 <= reply.code < 500 else TroubleKind.REFUSED,
        f"{step}_{reply.code}",
        detail=reply.text,
        fault=Fault.MAIL_NOT_SENT,
    )


def _refused(problem: str, detail: str = "") -> Trouble:
    return Trouble(TroubleKind.REFUSED, problem, detail=detail, fault=Fault.MAIL_NOT_SENT)


def _not_now(problem: str, detail: str = "") -> Trouble:
    return Trouble(TroubleKind.NOT_NOW, problem, detail=detail, fault=Fault.MAIL_NOT_SENT)
