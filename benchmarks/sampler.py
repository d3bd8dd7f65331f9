"""Where CPU time goes, by sampling: a profiler that counts calls makes small functions look dear, a sample does not."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EVERY_S = 0.001

# The first of these that stands in a stack, from the innermost frame outwards, names where the time went.
PLACES = (
    ("agent/remote/net.py", "requests: our HTTP and sockets"),
    ("agent/remote/wire.py", "requests: our HTTP and sockets"),
    ("agent/remote/answer.py", "requests: our HTTP and sockets"),
    ("agent/remote/dial.py", "requests: our HTTP and sockets"),
    ("agent/remote/plain_stream.py", "requests: our HTTP and sockets"),
    ("agent/remote/woocommerce/auth.py", "signing"),
    ("agent/remote/woocommerce", "reading the shop's answers"),
    ("agent/remote/mamut", "writing and reading Mamut's JSON"),
    ("agent/decide", "deciding"),
    ("agent/journal", "journal"),
    ("agent/actors", "actors"),
    ("agent/app.py", "actors"),
    ("trio/_threads.py", "journal: handing over to the thread"),
    ("trio/", "event loop"),
)


@contextmanager
def sampled() -> Iterator[Counter[str]]:
    """Counts samples by place until the block ends; one sample is about a millisecond of the process's CPU time.

    Python runs the handler in the main thread alone, so the journal's own thread shows as what the main thread does
    meanwhile: measure with the journal in line.
    """
    counts: Counter[str] = Counter()

    def take(_number: int, frame: FrameType | None) -> None:
        counts[_place(frame)] += 1

    before = signal.signal(signal.SIGPROF, take)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    try:
        yield counts
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _place(frame: FrameType | None) -> str:
    outer = "other"
    while frame is not None:
        file = frame.f_code.co_filename
        for part, name in PLACES:
            if part in file:
                if not part.startswith("trio/"):
                    return name
                # What trio does for a request or a step belongs to it; what it does for nobody is the event loop.
                outer = name if outer == "other" else outer
                break
        frame = frame.f_back
    return outer
