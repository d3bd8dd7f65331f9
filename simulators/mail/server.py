"""A small real mail server (RFC 5321 with STARTTLS and AUTH) that delivers nothing: it keeps what it was given.

What goes wrong is set on purpose and is used up one by one: `next_fault` is what the next conversation meets.
"""

from __future__ import annotations

import base64
import binascii
import email
import ssl
from collections import deque
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum

import msgspec
import trio

HANG_S = 3_600.0

_LETTER_MAX = 10_000_000


class MailFault(StrEnum):
    """What a conversation may meet: LOST is after the letter was taken and before that was said."""

    BUSY = "busy"
    HANG = "hang"
    CUT = "cut"
    REFUSED = "refused"
    LOST = "lost"
    NO_MAIL_SERVER = "no_mail_server"


class MailOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`users` with their passwords; without any nobody has to log in. `ways` of logging in are those that are offered.
    `unknown` are addresses that nobody has."""

    host: str = "smtp.example"
    users: dict[str, str] = {}
    ways: tuple[str, ...] = ("PLAIN", "LOGIN")
    unknown: tuple[str, ...] = ()


class Taken(msgspec.Struct, frozen=True):
    """A letter that the server took responsibility for."""

    sender: str
    to: tuple[str, ...]
    body: bytes
    encrypted: bool
    user: str

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.body, policy=default)

    @property
    def text(self) -> str:
        """The plain part, as a person reads it."""
        part = self.message.get_body(("plain",))
        return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


class MailServer:
    """`tls` is what STARTTLS needs, and is not offered without."""

    def __init__(self, options: MailOptions | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.options = options or MailOptions()
        self.taken: list[Taken] = []
        self.faults: deque[MailFault] = deque()
        self.conversations = 0
        self.tls = tls
        self.on_letter: Callable[[Taken], None] = lambda _: None

    async def serve(self, stream: trio.abc.Stream) -> None:
        """One connection, until either end has had enough."""
        self.conversations += 1
        fault = self.faults.popleft() if self.faults else None
        talk = _Talk(self, stream, fault)
        try:
            await talk.run()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return
        finally:
            await trio.aclose_forcefully(talk.stream)


class _Talk:
    def __init__(self, server: MailServer, stream: trio.abc.Stream, fault: MailFault | None) -> None:
        self.stream = stream
        self._server = server
        self._fault = fault
        self._buffer = b""
        self._encrypted = isinstance(stream, trio.SSLStream)
        self._user = ""
        self._sender: str | None = None
        self._to: list[str] = []

    async def run(self) -> None:
        if not await self._greet():
            return
        while (line := await self._line()) is not None:
            word, _, rest = line.partition(" ")
            if not await self._obey(word.upper(), rest):
                return

    async def _greet(self) -> bool:
        match self._fault:
            case MailFault.BUSY:
                await self._say("421 4.3.2 try again later")
            case MailFault.HANG:
                await trio.sleep(HANG_S)
            case MailFault.NO_MAIL_SERVER:
                await self._say("HTTP/1.1 400 Bad Request")
            case MailFault.CUT:
                pass
            case _:
                await self._say(f"220 {self._server.options.host} ESMTP")
                return True
        return False

    async def _obey(self, word: str, rest: str) -> bool:
        """False when the conversation is over."""
        match word:
            case "EHLO" | "HELO":
                await self._hello(word)
            case "STARTTLS" if self._server.tls is not None and not self._encrypted:
                await self._encrypt(self._server.tls)
            case "AUTH":
                await self._log_in(rest)
            case "MAIL":
                await self._mail(rest)
            case "RCPT":
                await self._recipient(rest)
            case "DATA":
                return await self._data()
            case "QUIT":
                await self._say("221 2.0.0 bye")
                return False
            case _:
                await self._say("502 5.5.2 unknown command")
        return True

    async def _hello(self, word: str) -> None:
        options = self._server.options
        said = [options.host]
        if word == "EHLO":
            said += ["SIZE 10000000", "ENHANCEDSTATUSCODES"]
            said += ["STARTTLS"] if self._server.tls is not None and not self._encrypted else []
            said += [f"AUTH {' '.join(options.ways)}"] if options.users else []
        marks = ["-"] * (len(said) - 1) + [" "]
        await self._say(*(f"250{mark}{line}" for mark, line in zip(marks, said, strict=True)))

    async def _encrypt(self, tls: ssl.SSLContext) -> None:
        await self._say("220 2.0.0 go ahead")
        self.stream = trio.SSLStream(self.stream, tls, server_side=True, https_compatible=True)
        await self.stream.do_handshake()
        self._buffer, self._encrypted = b"", True

    async def _log_in(self, rest: str) -> None:
        way, _, given = rest.partition(" ")
        if way.upper() not in self._server.options.ways:
            await self._say("504 5.5.4 unknown way")
            return
        if way.upper() == "PLAIN":
            user, password = _decoded(given).split("\0")[1:3]
        else:
            user = _decoded(await self._asked("334 VXNlcm5hbWU6"))
            password = _decoded(await self._asked("334 UGFzc3dvcmQ6"))
        if self._server.options.users.get(user) == password:
            self._user = user
            await self._say("235 2.7.0 welcome")
        else:
            await self._say("535 5.7.8 authentication credentials invalid")

    async def _asked(self, question: str) -> str:
        await self._say(question)
        return await self._line() or ""

    async def _mail(self, rest: str) -> None:
        if self._server.options.users and not self._user:
            await self._say("530 5.7.0 authentication required")
            return
        self._sender, self._to = _address(rest), []
        await self._say("250 2.1.0 ok")

    async def _recipient(self, rest: str) -> None:
        address = _address(rest)
        if self._sender is None:
            await self._say("503 5.5.1 MAIL first")
        elif address in self._server.options.unknown:
            await self._say(f"550 5.1.1 <{address}>: recipient address rejected")
        else:
            self._to.append(address)
            await self._say("250 2.1.5 ok")

    async def _data(self) -> bool:
        if self._sender is None or not self._to:
            await self._say("503 5.5.1 RCPT first")
            return True
        await self._say("354 end with a dot alone")
        lines: list[bytes] = []
        while (line := await self._raw()) is not None and line != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
        if line is None:
            return False
        if self._fault is MailFault.REFUSED:
            await self._say("554 5.7.1 message refused")
            return True
        body = b"\r\n".join(lines) + b"\r\n"
        letter = Taken(self._sender, tuple(self._to), body, self._encrypted, self._user)
        self._server.taken.append(letter)
        self._server.on_letter(letter)
        if self._fault is MailFault.LOST:
            return False
        await self._say("250 2.0.0 taken")
        return True

    async def _say(self, *lines: str) -> None:
        await self.stream.send_all("".join(f"{line}\r\n" for line in lines).encode())

    async def _line(self) -> str | None:
        raw = await self._raw()
        return None if raw is None else raw.decode("utf-8", "replace")

    async def _raw(self) -> bytes | None:
        while b"\r\n" not in self._buffer and len(self._buffer) < _LETTER_MAX:
            piece = await self.stream.receive_some(65_536)
            if not piece:
                return None
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace") or "\0\0"
    except binascii.Error:
        return "\0\0"


def _address(rest: str) -> str:
    """What stands between the angle brackets."""
    return rest.partition("<")[2].partition(">")[0]
