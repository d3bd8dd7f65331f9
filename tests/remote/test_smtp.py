"""A letter is handed to a real mail server on a port of this computer, and every way in which that fails has a name."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
import trio
import trustme

from agent.doctor.mail import MailLine, mail_server
from agent.doctor.result import Verdict
from agent.model.reasons import Fault
from agent.remote.smtp import Letter, deliver
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.secret import Secret
from agent.settings.tree_mail import MailSecurity, MailSettings
from simulators.mail.server import MailFault, MailOptions, MailServer, Taken

LETTER = Letter(
    sender="brygga@example.com",
    to=("agare@example.com", "lager@example.com"),
    body=b"From: brygga@example.com\r\nSubject: =?utf-8?q?H=C3=A5lls?=\r\n\r\nrad ett\r\n.punkt\r\n..\r\n",
)

USERS = {"brygga": "ett lösen med å"}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@asynccontextmanager
async def serving(server: MailServer, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    async with trio.open_nursery() as nursery:
        (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
        port = listener.socket.getsockname()[1]

        async def each(stream: trio.SocketStream) -> None:
            secure = stream if tls is None else trio.SSLStream(stream, tls, server_side=True, https_compatible=True)
            await server.serve(secure)

        nursery.start_soon(trio.serve_listeners, each, [listener])
        yield port
        nursery.cancel_scope.cancel()


async def connect(host: str, port: int) -> trio.abc.Stream:
    return await trio.open_tcp_stream(host, port)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def shown_by(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def settings(port: int, security: MailSecurity = MailSecurity.NONE, user: str = "") -> MailSettings:
    return MailSettings(host="localhost", port=port, security=security, user=user, timeout_s=5.0)


async def sent(port: int, authority: trustme.CA, **changes: object) -> Trouble | tuple[str, ...]:
    mail = msgspec.structs.replace(settings(port), **changes)
    try:
        return await deliver(LETTER, mail, Secret(USERS["brygga"]), connect, trusting(authority))
    except Trouble as error:
        trouble = error
    assert trouble.fault is Fault.MAIL_NOT_SENT
    assert "example.com" not in str(trouble), "nobody's address is shown"
    return trouble


@pytest.mark.parametrize("ways", [("PLAIN", "LOGIN"), ("LOGIN",)])
@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
async def test_a_letter_comes_whole_encrypted_and_from_somebody_known(
    authority: trustme.CA, security: MailSecurity, ways: tuple[str, ...]
) -> None:
    shown = shown_by(authority, "localhost")
    whole = security is MailSecurity.TLS
    server = MailServer(MailOptions(users=USERS, ways=ways), None if whole else shown)
    async with serving(server, tls=shown if whole else None) as port:
        assert await sent(port, authority, security=security, user="brygga") == ()
    assert server.taken == [Taken(sender=LETTER.sender, to=LETTER.to, body=LETTER.body, encrypted=True, user="brygga")]
    assert server.taken[0].text == "rad ett\n.punkt\n..\n"


async def test_one_unknown_recipient_does_not_keep_the_letter_from_the_others(authority: trustme.CA) -> None:
    server = MailServer(MailOptions(unknown=("lager@example.com",)))
    async with serving(server) as port:
        assert await sent(port, authority) == ("lager@example.com",)
        assert server.taken[0].to == ("agare@example.com",)
        server.options = MailOptions(unknown=LETTER.to)
        refused = await sent(port, authority)
    assert isinstance(refused, Trouble)
    assert (refused.kind, refused.problem) == (TroubleKind.REFUSED, "recipient_550")


@pytest.mark.parametrize(
    ("fault", "kind", "problem"),
    [
        (MailFault.BUSY, TroubleKind.NOT_NOW, "greeting_421"),
        (MailFault.HANG, TroubleKind.NOT_NOW, "timeout"),
        (MailFault.CUT, TroubleKind.NOT_NOW, "connection_lost"),
        (MailFault.NO_MAIL_SERVER, TroubleKind.REFUSED, "no_mail_server"),
        (MailFault.REFUSED, TroubleKind.REFUSED, "letter_554"),
        (MailFault.LOST, TroubleKind.UNSURE, "connection_lost"),
    ],
)
async def test_each_failure_has_its_name(
    authority: trustme.CA, fault: MailFault, kind: TroubleKind, problem: str
) -> None:
    server = MailServer()
    async with serving(server) as port:
        server.faults.append(fault)
        trouble = await sent(port, authority, timeout_s=0.2)
        assert isinstance(trouble, Trouble)
        assert (trouble.kind, trouble.problem) == (kind, problem)
        assert await sent(port, authority) == ()
    assert len(server.taken) == (2 if fault is MailFault.LOST else 1)


async def test_a_password_is_never_shown_to_who_cannot_prove_who_they_are(authority: trustme.CA) -> None:
    """Without STARTTLS, with another's certificate, with a wrong password: each is told, and nothing is taken."""
    stranger = trustme.CA()
    for server, problem in (
        (MailServer(MailOptions(users=USERS)), "starttls_missing"),
        (MailServer(MailOptions(users=USERS), shown_by(stranger, "localhost")), "certificate_refused"),
        (MailServer(MailOptions(users=USERS), shown_by(authority, "smtp.annan.example")), "certificate_refused"),
        (MailServer(MailOptions(users={"brygga": "annat"}), shown_by(authority, "localhost")), "login_535"),
        (MailServer(MailOptions(), shown_by(authority, "localhost")), "login_missing"),
    ):
        async with serving(server) as port:
            trouble = await sent(port, authority, security=MailSecurity.STARTTLS, user="brygga")
        assert isinstance(trouble, Trouble)
        assert trouble.problem == problem
        assert server.taken == []


async def test_the_doctor_goes_as_far_as_to_the_letter(authority: trustme.CA) -> None:
    server = MailServer(MailOptions(users=USERS), shown_by(authority, "localhost"))
    line = MailLine(connect=connect, tls=lambda: trusting(authority))
    async with serving(server) as port:
        mail = settings(port, MailSecurity.STARTTLS, user="brygga")
        well = await mail_server(mail, Secret(USERS["brygga"]), line)
        ill = await mail_server(mail, Secret("fel"), line)
    assert (well.verdict, ill.verdict) == (Verdict.GOOD, Verdict.WARNING)
    assert ill.findings[0].params["problem"].startswith("login_535")
    assert server.conversations == 2
    assert server.taken == []


async def test_nobody_listening_is_said_so(authority: trustme.CA) -> None:
    async with serving(MailServer()) as port:
        pass
    trouble = await sent(port, authority)
    assert isinstance(trouble, Trouble)
    assert (trouble.kind, trouble.problem) == (TroubleKind.NOT_NOW, "connect_failed")
