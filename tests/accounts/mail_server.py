"""A mail server on this machine with all the ways to fail, and mails for it."""

import asyncio
import logging
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

from app import create_app
from app.core.delivery import deliver_due
from app.core.limits import limiter
from app.core.outbox import post_mail
from app.extensions import db
from tests.conftest import SETTINGS
from tests.house.databases import free_port

KIND = "accounts/mail/erased"
# Its lines would stand between those of the commands under test.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


def post(app: Flask, *recipients: str) -> None:
    """Write a mail to each of these into the outbox; nobody delivers it yet."""
    with app.app_context():
        for recipient in recipients:
            post_mail(KIND, recipient, name="Ada")
        db.session.commit()


def deliver(app: Flask) -> int:
    """Send what is due, and return how many that were."""
    with app.app_context():
        return deliver_due()


class MailServer:
    """Keeps what it takes, and fails in the way a test says.

    Attributes:
        mails: what it took, the oldest first.
        refusals: what it answers to the next recipients instead of taking them.
        answer: what it says to each whole mail.
        stalls: seconds before it answers a whole mail.
        loop: where the conversations go on.
        hangs_up: how many of the next mails it takes in whole and then cuts the line.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: list[str] = []
        self.answer = "250 OK"
        self.stalls = 0.0
        self.hangs_up = 0
        self.connections = 0
        self.port = free_port()

    async def handle_EHLO(  # noqa: N802
        self, _: Any, session: Any, __: Any, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return answers

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        if not address.strip("<>"):  # as any server does; smtplib asks since Python 3.13
            return "501 5.1.3 That is no address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _: Any, envelope: Any) -> str:  # noqa: N802
        if self.hangs_up:
            self.hangs_up -= 1
            server.transport.abort()
            raise ConnectionResetError
        await asyncio.sleep(self.stalls)
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return self.answer

    def recipients(self) -> list[str]:
        return [str(mail["To"]) for mail in self.mails]

    @contextmanager
    def serving(self, **options: Any) -> Iterator[None]:
        """Listen with these options of aiosmtpd."""
        controller = Controller(self, "localhost", self.port, **options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # aiosmtpd 1.4.6 uses asyncio as Python 3.11 had it
            controller.start()
            self.loop = controller.loop
            try:
                yield
            finally:
                controller.stop()


def only_for_the_house(*call: Any) -> AuthResult:
    """Take the one name and password that the tests know as right."""
    told = call[-1]
    right = (told.login, told.password) == (b"house", b"p@ss/word")
    return AuthResult(success=right, handled=False)  # the server itself answers 235 or 535


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    """What the server shows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """This machine trusts the authority, whose certificate is this file."""
    file = str(tmp_path / "ca.pem")
    authority.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", file)
    return file


@pytest.fixture
def mail_server(certificate: ssl.SSLContext) -> Iterator[MailServer]:
    """A server that insists on STARTTLS."""
    server = MailServer()
    with server.serving(tls_context=certificate, require_starttls=True):
        yield server


@pytest.fixture
def sending(mail_server: MailServer, trusted: str, tmp_path: Path) -> Flask:
    """An application that delivers to that server, in development: after each answer."""
    app = create_app(
        {
            **SETTINGS,
            "DATABASE_URL": f"sqlite:///{tmp_path}/mail.db",
            "JOBS_STORAGE": f"sqlite:///{tmp_path}/jobs.db",
            "SMTP_URL": f"smtp://localhost:{mail_server.port}",
        }
    )
    with app.app_context():
        db.create_all()
        limiter.reset()
    return app
