"""`brygga simulate`: the simulators as servers of this computer, and the proof that the simulated shop is a real one's
like.

This module knows nothing of the agent; the command line finds it by its name.
"""

from __future__ import annotations

import errno
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import msgspec
import trio
from cyclopts import App, Parameter, validators

from simulators.faults import Fault, FaultOptions

if TYPE_CHECKING:
    from simulators.woocommerce.conform import Report

app = App(name="simulate", help="Run a simulator: woocommerce, mamut, mail or conform.", help_format="plaintext")

MAMUT_PORT = 8300
WOOCOMMERCE_PORT = 8301
MAIL_PORT = 8325

RECORDINGS = Path("tests/recordings")
SHOWN_DIFFERENCES = 40

_FAILED = 1
_BAD_CALL = 2

Port = Annotated[
    int,
    Parameter(validator=validators.Number(gte=0, lte=65_535), help="The port on 127.0.0.1; 0 takes a free one."),
]
Seed = Annotated[int, Parameter(help="What chance is drawn from: the same seed makes the same people and goods.")]
State = Annotated[
    Path | None, Parameter(help="A file that keeps what happens, also through kill -9; it is made when missing.")
]
Pace = Annotated[
    float | Literal["real"],
    Parameter(help="0 answers at once; real, or 1, takes as long as the real system did; 2 twice as long."),
]
Latency = Annotated[float, Parameter(help="Milliseconds added to each answer, as the network's way there and back.")]
FaultShare = Annotated[float, Parameter(name="--faults", help="The part of all requests that fail, from 0 to 1.")]
FaultKinds = Annotated[
    tuple[Fault, ...],
    Parameter(name="--fault", negative="", help="A fault that there is; all when none is named."),
]
FaultSeed = Annotated[int, Parameter(help="What faults are drawn from.")]
QuirkTexts = Annotated[
    tuple[str, ...],
    Parameter(name="--quirk", negative="", help="A switch as NAME=VALUE; an unknown name lists them all."),
]

Plugin = Literal["klarna", "nets", "svea", "paypal", "shipment-tracking", "ast"]
Plugins = Annotated[
    tuple[Plugin, ...],
    Parameter(name="--plugin", negative="", help="A payment or tracking plugin the shop has; several may be named."),
]

T = TypeVar("T", bound=msgspec.Struct)


@app.command
def woocommerce(
    *,
    port: Port = WOOCOMMERCE_PORT,
    seed: Seed = 0,
    state: State = None,
    pace: Pace = 0.0,
    latency_ms: Latency = 0.0,
    faults: FaultShare = 0.0,
    fault: FaultKinds = (),
    fault_seed: FaultSeed = 0,
    quirk: QuirkTexts = (),
    plugin: Plugins = (),
    options: Path | None = None,
    home: str = "",
    certificate: Path | None = None,
    private_key: Path | None = None,
) -> int:
    """Run a simulated WooCommerce shop until Ctrl-C or SIGTERM.

    Parameters
    ----------
    options
        A JSON file with anything else about the shop: taxes, shipping, keys, plugins' settings (fields of ShopOptions).
    home
        The address the shop believes it has; else where it listens.
    certificate
        A certificate (PEM) makes it an https server.
    private_key
        The certificate's key, when it is not in the same file.
    """
    from simulators.woocommerce import run
    from simulators.woocommerce.options import ShopOptions
    from simulators.woocommerce.quirks import Quirks
    from simulators.woocommerce.state import StateError

    scheme = "http" if certificate is None else "https"
    given = _from_file(ShopOptions, options)
    if quirk:
        given = msgspec.structs.replace(given, quirks=_quirks(Quirks, quirk))
    if plugin:
        given = msgspec.structs.replace(given, plugins=given.plugins.with_these(plugin))
    if home or port:
        given = msgspec.structs.replace(given, home=home or f"{scheme}://127.0.0.1:{port}")
    key = given.keys[0]
    _say(f"consumer key {key.consumer_key}")
    _say(f"consumer secret {key.consumer_secret}")
    try:
        trio.run(
            lambda: run.serve(
                port,
                seed,
                state,
                given,
                pace=_pace(pace),
                latency_s=latency_ms / 1000,
                faults=_faults(faults, fault, fault_seed),
                certificate=certificate,
                private_key=private_key,
            )
        )
    except (StateError, OSError) as error:
        return _failed(error, port)
    return 0


@app.command
def mamut(
    *,
    port: Port = MAMUT_PORT,
    seed: Seed = 0,
    state: State = None,
    pace: Pace = 0.0,
    latency_ms: Latency = 0.0,
    faults: FaultShare = 0.0,
    fault: FaultKinds = (),
    fault_seed: FaultSeed = 0,
    quirk: QuirkTexts = (),
    edition: str = "E5",
    workday_s: float = 0.0,
) -> int:
    """Run a simulated Mamut One with one company until Ctrl-C or SIGTERM.

    Parameters
    ----------
    edition
        Mamut's edition; only E3, E4 and E5 have an API.
    workday_s
        The people at the company work by themselves: deliver, invoice, count, sell, book payments. So many seconds are
        one day of theirs; 86400 is a real one, 0 nobody.
    """
    from simulators.mamut import run
    from simulators.mamut.options import MamutOptions, Quirks
    from simulators.mamut.store import StateError
    from simulators.mamut.workday import Habits

    options = MamutOptions(edition=edition, quirks=_quirks(Quirks, quirk))
    _say(f"client {options.client_no}")
    for user, password in options.users.items():
        _say(f"user {user}")
        _say(f"password {password}")
    try:
        trio.run(
            lambda: run.serve(
                port,
                seed,
                state,
                options,
                pace=_pace(pace),
                latency_s=latency_ms / 1000,
                faults=_faults(faults, fault, fault_seed),
                habits=Habits(day_s=workday_s) if workday_s > 0 else None,
            )
        )
    except (StateError, OSError) as error:
        return _failed(error, port)
    return 0


@app.command
def mail(*, port: Port = MAIL_PORT, user: str = "", password: str = "") -> int:
    """Run a mail server until Ctrl-C or SIGTERM. It delivers nothing: each letter is shown here.

    Parameters
    ----------
    user
        Who has to log in; without a name nobody has to.
    password
        The user's.
    """
    from simulators.mail import run
    from simulators.mail.server import MailOptions

    try:
        trio.run(lambda: run.serve(port, MailOptions(users={user: password} if user else {})))
    except OSError as error:
        return _failed(error, port)
    return 0


@app.command
def conform(
    *paths: Annotated[Path, Parameter(help="Recordings, or folders of them; else tests/recordings.")],
    json: Annotated[bool, Parameter(negative="", help="Print one JSON document.")] = False,
) -> int:
    """Replay recordings of a real shop against the simulated one and tell every difference. Ends with 1 if there is
    one."""
    from simulators.woocommerce.conform import recordings, run

    asked: Sequence[Path] = paths or (RECORDINGS,)
    missing = [str(path) for path in asked if not path.exists()]
    if missing or not list(recordings(asked)):
        sys.stderr.write(f"no recordings in {', '.join(missing or map(str, asked))}\n")
        return _BAD_CALL
    report = run(asked)
    if json:
        _say(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        _show(report)
    return 0 if report.agree == report.exchanges else _FAILED


def _show(report: Report) -> None:
    for name, tally in report.per_recording.items():
        _say(f"{name:<28}{tally.agree:>5} of {tally.exchanges:>4}")
    _say(f"{'all':<28}{report.agree:>5} of {report.exchanges:>4}   {report.share:.1%}")
    for found in report.differences[:SHOWN_DIFFERENCES]:
        _say(
            f"{found.recording}[{found.exchange}] {found.path}: {found.recorded!r} is simulated as {found.simulated!r}"
        )
    more = Counter(found.recording for found in report.differences[SHOWN_DIFFERENCES:])
    if more:
        _say("and in " + ", ".join(f"{name} {count} more" for name, count in more.items()))


def _faults(share: float, kinds: tuple[Fault, ...], seed: int) -> FaultOptions | None:
    if not 0 <= share <= 1:
        sys.stderr.write("--faults is a share from 0 to 1\n")
        raise SystemExit(_BAD_CALL)
    return FaultOptions(share=share, faults=kinds or tuple(Fault), seed=seed) if share else None


def _quirks(cls: type[T], given: tuple[str, ...]) -> T:
    """The simulator's switches with these set. Ends the command when one is unknown or its value does not fit."""
    values = dict(text.partition("=")[::2] for text in given)
    known = {field.name: field for field in msgspec.structs.fields(cls)}
    unknown = [name for name in values if name not in known]
    if unknown:
        names = ", ".join(known) or "none yet"
        sys.stderr.write(f"there is no switch {', '.join(unknown)}. Switches: {names}\n")
        raise SystemExit(_BAD_CALL)
    # A switch without a value is meant to be on.
    try:
        return msgspec.convert({name: value or "true" for name, value in values.items()}, cls, strict=False)
    except msgspec.ValidationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(_BAD_CALL) from None


def _from_file(cls: type[T], path: Path | None) -> T:
    """What a JSON file says, else the defaults. Ends the command when the file is not there or does not fit."""
    if path is None:
        return cls()
    try:
        return msgspec.json.decode(path.read_bytes(), type=cls)
    except (OSError, msgspec.DecodeError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        raise SystemExit(_BAD_CALL) from None


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _failed(error: Exception, port: int) -> int:
    taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
    text = f"port {port} is taken: end what listens there, or give another --port (0 takes a free one)"
    sys.stderr.write(f"{text if taken else error}\n")
    return _FAILED


def _pace(given: float | str) -> float:
    """How much of the real system's own time is taken. Ends the command for less than none."""
    pace = 1.0 if given == "real" else float(given)
    if pace < 0:
        sys.stderr.write("--pace is 0 or more, or real\n")
        raise SystemExit(_BAD_CALL)
    return pace
