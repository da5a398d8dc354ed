"""Delivery to a real SMTP server: encrypted, verified, and nothing lost when it fails."""

import socket
import ssl
import warnings
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from flask import Flask

from app import create_app
from app.core.delivery import deliver_waiting
from app.core.outbox import OutboxMail
from app.extensions import db, limiter
from tests.conftest import PASSWORD, SETTINGS, Browser


class Inbox:
    """An SMTP handler that keeps what it gets, or refuses everybody."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = False

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        if self.refuse:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def inbox() -> Inbox:
    """What arrives."""
    return Inbox()


@pytest.fixture
def port(authority: trustme.CA, inbox: Inbox) -> Iterator[int]:
    """A mail server on this machine that insists on STARTTLS."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    controller = Controller(inbox, "localhost", free, tls_context=context, require_starttls=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # aiosmtpd 1.4.6 uses asyncio as Python 3.11 had it
        controller.start()
        yield free
        controller.stop()


@pytest.fixture
def sending(port: int, tmp_path: Path) -> Iterator[Flask]:
    """An application that delivers to that server."""
    database = f"sqlite:///{tmp_path}/mail.db"
    url = f"smtp://localhost:{port}"
    app = create_app({**SETTINGS, "DATABASE_URL": database, "SMTP_URL": url})
    with app.app_context():
        db.create_all()
        limiter.reset()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def register(app: Flask) -> OutboxMail:
    """Register and return the one mail in the outbox, after the answer is out."""
    Browser(app).register("ada@example.com").close()
    with app.app_context():
        return db.session.scalars(db.select(OutboxMail)).one()


def test_a_mail_is_delivered_after_the_answer(sending: Flask, inbox: Inbox, trusted: None) -> None:
    mail = register(sending)
    assert mail.sent_at is not None
    assert mail.body is None  # the link is not kept once it is out
    (arrived,) = inbox.mails
    assert arrived["To"] == "ada@example.com"
    assert arrived["From"] == "Example House <house@example.com>"
    assert arrived["Message-ID"] == mail.message_id
    body = arrived.get_body(("plain",))
    assert body is not None
    link = next(w for w in body.get_content().split() if "/confirm-email/" in w)
    with Browser(sending).client as client:
        assert client.get(link).status_code == 200
    assert PASSWORD not in arrived.as_string()


@pytest.mark.asvs("12.3.2")
def test_a_server_without_a_trusted_certificate_is_refused(sending: Flask, inbox: Inbox) -> None:
    mail = register(sending)
    assert inbox.mails == []
    assert mail.sent_at is None
    assert mail.body is not None


def test_a_refused_mail_waits_and_is_sent_later(
    sending: Flask, inbox: Inbox, trusted: None
) -> None:
    inbox.refuse = True
    mail = register(sending)
    assert (mail.sent_at, mail.tries, mail.last_error) == (None, 1, "SMTPRecipientsRefused")
    inbox.refuse = False
    assert "Sent 1 mails." in sending.test_cli_runner().invoke(args=["mail", "deliver"]).output
    with sending.app_context():
        assert deliver_waiting() == 0
    assert len(inbox.mails) == 1
