"""Runs the mail server on a port of this computer: what `brygga simulate mail` calls."""

from __future__ import annotations

import signal
import sys

import trio

from simulators.mail.server import MailOptions, MailServer, Taken

HOST = "127.0.0.1"


async def serve(port: int, options: MailOptions) -> None:
    """Serves this computer alone until SIGTERM, SIGINT or cancellation, and shows each letter on standard output.

    Says `listening on smtp://127.0.0.1:PORT` when it does; port 0 takes a free one. Raises OSError when the port is
    taken.
    """
    server = MailServer(options)
    server.on_letter = _show
    listeners = await trio.open_tcp_listeners(port, host=HOST)
    _say(f"listening on smtp://{HOST}:{listeners[0].socket.getsockname()[1]}")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, server.serve, listeners)
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                nursery.cancel_scope.cancel()
                return


def _show(letter: Taken) -> None:
    _say(f"\n== {letter.message['Subject']}\n   {letter.sender} -> {', '.join(letter.to)}\n\n{letter.text}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
