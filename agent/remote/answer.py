"""The bytes of a connection, made into answers: HTTP/1.1 without any stream, clock or wait.

Whatever a remote sends, there are three ends: an `Answer`, a `Trouble`, or the wish for more bytes.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httptools
import msgspec

from agent.remote.trouble import Trouble, TroubleKind

BODY_MAX = 64 * 1024 * 1024
"""Bytes of an answer that are read at most, unpacked too; a page of 100 orders is half a megabyte."""

HEAD_MAX = 64 * 1024
"""Bytes of an answer before its body; the servers that are used for shops send at most 8 to 16 KB."""

WIRE_MAX = 2 * BODY_MAX
"""Bytes of an answer with everything around its body: one in chunks of a byte would cost six times its size."""

_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
"""zlib's word for the codings we ask for."""

_NO_BODY = frozenset((204, 304))
_UNBROKEN = "RemoteProtocolError"


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer, whole. Header names are lower case; a header that came several times is joined by ", "."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def date(self) -> datetime | None:
        """The remote's clock when it answered, UTC, whole seconds; None when it does not tell."""
        text = self.headers.get("date")
        if text is None:
            return None
        try:
            parsed = parsedate_to_datetime(text)
        except ValueError:
            return None
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)

    @property
    def retry_after_s(self) -> float | None:
        """Seconds the remote asks to wait; None when it gives none or a date, which our clock may not share."""
        text = self.headers.get("retry-after", "").strip()
        return float(text) if text.isascii() and text.isdigit() else None


def lost(detail: str) -> Trouble:
    """The request left and no whole answer came: the remote may have done what it was asked."""
    return Trouble(TroubleKind.UNSURE, "answer_lost", detail=detail)


class AnswerReader:
    """Reads one connection's answers, one after the other. `begin` comes before each, `feed` until it is true."""

    def __init__(self) -> None:
        self.begin("GET")

    def begin(self, method: str) -> None:
        """The next answer is one to a request of this method."""
        # A parser of its own for each: the last trailer of one answer would else be the next one's first header.
        self._parser = httptools.HttpResponseParser(self)
        # Some old hosts end their lines without a carriage return, and RFC 9112 lets a reader take that.
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)
        self._bodyless = method == "HEAD"
        self._headers: dict[str, str] = {}
        self._pieces: list[bytes] = []
        self._size = 0
        self._received = 0
        self._status = 0
        self._headed = False
        self._complete = False
        self._keeps = False
        self._excess = False

    # What the parser calls, by names that httptools prescribes.
    def on_message_begin(self) -> None:
        if self._complete:
            self._excess = True  # A second answer to one request: what it belongs to is anybody's guess.

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._headed:
            return  # A trailer, in which nothing stands that we read.
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        if self._headed:
            return
        status = self._parser.get_status_code()
        if status < 200:
            self._headers = {}  # "Continue" and its like come before the answer.
            return
        self._status = status
        self._headed = True
        self._complete = self._bodyless or status in _NO_BODY

    def on_body(self, body: bytes) -> None:
        if self._complete:
            self._excess = True
            return
        self._size += len(body)
        if self._size <= BODY_MAX:
            self._pieces.append(body)

    def on_message_complete(self) -> None:
        if self._headed and not self._excess:
            self._complete = True
            self._keeps = self._parser.should_keep_alive()

    @property
    def untouched(self) -> bool:
        """Whether not a single byte of the answer has come."""
        return not self._received

    @property
    def reusable(self) -> bool:
        """Whether the connection may carry another request after this answer."""
        return self._keeps and not self._excess

    def feed(self, data: bytes | bytearray) -> bool:
        """Takes what came over the connection; true when the answer is whole. Raises Trouble for what is no HTTP."""
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self._complete:
                raise lost(_UNBROKEN) from error
            self._excess = True  # The answer is whole; what came behind it ends the connection.
        if self._size > BODY_MAX or self._received > WIRE_MAX:
            raise Trouble(TroubleKind.GARBLED, "answer_too_large", detail=f"over {BODY_MAX} bytes")
        if not self._headed and self._received > HEAD_MAX:
            raise lost(_UNBROKEN)
        return self._complete

    def end(self) -> None:
        """The remote closed the connection. Raises Trouble unless that is how this answer says that it is whole."""
        headers = self._headers
        framed = "content-length" in headers or "chunked" in headers.get("transfer-encoding", "").lower()
        if not self._headed or framed:
            raise lost(_UNBROKEN)
        self._complete = True

    def answer(self) -> Answer:
        """The answer, unpacked. Raises Trouble for a body that is not packed as its header says, or too large."""
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces = []
        coding = self._headers.get("content-encoding")
        if coding is not None and body:
            body = _unpacked(body, coding)
        return Answer(self._status, self._headers, body)


def _unpacked(body: bytes, codings: str) -> bytes:
    """Undoes the codings in the reverse of their order. One that is unknown is passed over, as browsers do: some hosts
    write a character set or "none" there."""
    for coding in reversed(codings.lower().split(",")):
        window = _WINDOWS.get(coding.strip())
        if window is not None:
            body = _inflated(body, window)
    return body


def _inflated(body: bytes, window: int) -> bytes:
    if window == zlib.MAX_WBITS and not _has_zlib_head(body):
        window = -zlib.MAX_WBITS  # Some servers take "deflate" for the bare stream.
    made: list[bytes] = []
    room = BODY_MAX
    while body:
        unpacker = zlib.decompressobj(window)
        try:
            piece = unpacker.decompress(body, room + 1)
        except zlib.error as error:
            if made:
                break  # What stands behind a whole member is padding.
            raise lost("DecodingError") from error
        room -= len(piece)
        if room < 0:
            raise Trouble(TroubleKind.GARBLED, "answer_too_large", detail=f"over {BODY_MAX} bytes")
        if not unpacker.eof:
            raise lost("DecodingError")
        made.append(piece)
        body = unpacker.unused_data
    return b"".join(made)


def _has_zlib_head(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
