"""Whether the mail server would take a letter: spoken to as for one, and handed none."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import NamedTuple

from agent.doctor.result import Finding, Result, Test, found, good
from agent.model.reasons import Fault
from agent.model.words import words
from agent.remote.smtp import Connect, try_login
from agent.remote.trouble import Trouble
from agent.settings.secret import Secret
from agent.settings.tree_mail import MailSecurity, MailSettings


class MailLine(NamedTuple):
    """The way to mail servers."""

    connect: Connect
    tls: Callable[[], ssl.SSLContext]


async def mail_server(mail: MailSettings, password: Secret | None, line: MailLine) -> Result:
    """A warning at most: without mail the agent works all the same, but people are told of nothing."""
    where = f"{mail.host}:{mail.port_used}"
    try:
        await try_login(mail, password, line.connect, line.tls())
    except Trouble as trouble:
        finding = Finding(fault=Fault.MAIL_NOT_SENT, params={"problem": trouble.told})
        return found(Test.MAIL, words(where, where), finding, warning=True)
    if mail.security is MailSecurity.NONE:
        return good(Test.MAIL, words(f"{where} svarar.", f"{where} answers."))
    return good(Test.MAIL, words(f"{where} svarar, krypterat.", f"{where} answers, encrypted."))
