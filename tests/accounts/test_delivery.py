"""Delivery to a real SMTP server: encrypted, verified, and nothing lost however it fails."""

import random
import re
import socket
import ssl
import time
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from flask import Flask

from app.core import delivery
from app.core.delivery import MOST_TRIES
from app.core.outbox import OutboxMail
from app.extensions import db
from tests.accounts.mail_server import KIND, MailServer, deliver, only_for_the_house, post
from tests.conftest import PASSWORD, Browser, Clock
from tests.house.databases import free_port


def mails(app: Flask) -> list[OutboxMail]:
    with app.app_context():
        return list(db.session.scalars(db.select(OutboxMail).order_by(OutboxMail.id)))


def say(app: Flask, *command: str) -> str:
    """Return what a `flask mail` command prints."""
    return app.test_cli_runner().invoke(args=["mail", *command]).output


def test_a_mail_is_delivered_after_the_answer(sending: Flask, mail_server: MailServer) -> None:
    Browser(sending).register("ada@example.com").close()
    (mail,) = mails(sending)
    assert mail.sent_at is not None
    assert (mail.next_try_at, mail.failed_at, mail.tries) == (None, None, 1)
    assert mail.body is None  # the link is not kept once it is out
    (arrived,) = mail_server.mails
    assert arrived["To"] == "ada@example.com"
    assert arrived["From"] == "Example House <house@example.com>"
    assert arrived["Message-ID"] == mail.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(arrived["Date"]) == mail.created_at.replace(microsecond=0)
    body = arrived.get_body(("plain",))
    assert body is not None
    link = next(w for w in body.get_content().split() if "/confirm-email/" in w)
    with Browser(sending).client as client:
        assert client.get(link).status_code == 200
    assert PASSWORD not in arrived.as_string()


def test_mails_have_names_of_their_own_also_when_chance_repeats_itself(
    sending: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    for _ in range(2):
        random.seed(1)  # as tools that try again what failed do
        post(sending, "ada@example.com")
    first, second = (mail.message_id for mail in mails(sending))
    assert first != second
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", first)


def test_the_name_of_a_site_may_hold_what_parts_addresses(
    sending: Flask, mail_server: MailServer
) -> None:
    sending.config["SITE_NAME"] = "Ada, Grace & <Sons>"
    post(sending, "ada@example.com")
    assert deliver(sending) == 1
    sender = mail_server.mails[0]["From"].addresses
    assert [(one.display_name, one.addr_spec) for one in sender] == [
        ("Ada, Grace & <Sons>", "house@example.com")
    ]


def test_one_connection_carries_all_that_is_due(sending: Flask, mail_server: MailServer) -> None:
    post(sending, *(f"n{n}@example.com" for n in range(delivery.AT_ONCE)))
    assert say(sending, "deliver") == f"Sent {delivery.AT_ONCE} mails.\n"
    assert mail_server.connections == 2  # one conversation: before the encryption, and in it
    assert deliver(sending) == 0
    assert Counter(mail_server.recipients()).most_common(1)[0][1] == 1


@pytest.mark.asvs("12.3.2")
def test_a_server_without_a_trusted_certificate_is_refused(
    sending: Flask, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    post(sending, "ada@example.com")
    assert deliver(sending) == 0
    assert mail_server.mails == []
    assert "SSLCertVerificationError\tnext try" in say(sending, "failed")
    assert mails(sending)[0].body is not None


@pytest.mark.asvs("12.3.1")
def test_a_server_without_encryption_is_refused(sending: Flask) -> None:
    plain = MailServer()
    sending.config["SMTP_URL"] = f"smtp://localhost:{plain.port}"
    post(sending, "ada@example.com")
    with plain.serving():
        assert deliver(sending) == 0
    assert plain.mails == []
    assert "SMTPNotSupportedError\tnext try" in say(sending, "failed")


def test_a_server_may_encrypt_from_the_first_byte(
    sending: Flask, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer()
    sending.config["SMTP_URL"] = f"smtps://localhost:{server.port}"
    post(sending, "ada@example.com", "grace@example.com")
    with server.serving(ssl_context=certificate):
        assert deliver(sending) == 2
        monkeypatch.delenv("SSL_CERT_FILE")
        post(sending, "alan@example.com")
        assert deliver(sending) == 0
    assert server.recipients() == ["ada@example.com", "grace@example.com"]
    assert "SSLCertVerificationError" in say(sending, "failed")


def test_a_wrong_password_loses_nothing(sending: Flask, certificate: ssl.SSLContext) -> None:
    server = MailServer()
    options = {"tls_context": certificate, "auth_required": True, "auth_exclude_mechanism": []}
    post(sending, "ada@example.com", "grace@example.com")
    with server.serving(authenticator=only_for_the_house, **options):
        sending.config["SMTP_URL"] = f"smtp://house:wrong@localhost:{server.port}"
        assert deliver(sending) == 0
        assert say(sending, "failed").count("1 try\tSMTPAuthenticationError 535\tnext try") == 2
        # What a password may hold is written with % in an address.
        sending.config["SMTP_URL"] = f"smtp://house:p%40ss%2Fword@localhost:{server.port}"
        assert say(sending, "again", "--all") == "2 mails are due again.\n"
        assert deliver(sending) == 2
    assert server.recipients() == ["ada@example.com", "grace@example.com"]


def test_a_password_that_smtp_cannot_carry_loses_nothing(
    sending: Flask, certificate: ssl.SSLContext
) -> None:
    server = MailServer()
    post(sending, "ada@example.com")
    with server.serving(tls_context=certificate, authenticator=only_for_the_house):
        sending.config["SMTP_URL"] = f"smtp://house:gl%C3%BCck@localhost:{server.port}"
        assert deliver(sending) == 0
    assert "1 try\tUnicodeEncodeError\tnext try" in say(sending, "failed")


def test_a_server_that_is_away_puts_all_off_together(
    sending: Flask, mail_server: MailServer, moving_clock: Clock
) -> None:
    here = sending.config["SMTP_URL"]
    sending.config["SMTP_URL"] = f"smtp://localhost:{free_port()}"
    post(sending, "ada@example.com", "grace@example.com")
    assert deliver(sending) == 0
    assert say(sending, "failed").count("1 try\tConnectionRefusedError\tnext try") == 2
    sending.config["SMTP_URL"] = here
    assert deliver(sending) == 0  # not yet
    moving_clock.forward(minutes=1)
    assert deliver(sending) == 2
    assert say(sending, "failed") == "No mail has failed.\n"


def test_a_refused_recipient_is_given_up_at_once_and_alone(
    sending: Flask, mail_server: MailServer
) -> None:
    mail_server.refusals = ["550 No such mailbox: ada@example.com"]
    post(sending, "ada@example.com", "grace@example.com")
    assert deliver(sending) == 1
    assert mail_server.recipients() == ["grace@example.com"]
    line = f"1\t{KIND}\tada@example.com\t1 try\tSMTPRecipientsRefused 550\tgiven up "
    assert say(sending, "failed").startswith(line)
    assert deliver(sending) == 0
    assert say(sending, "again", "1") == "1 mails are due again.\n"
    assert deliver(sending) == 1
    assert mails(sending)[0].message_id == mail_server.mails[-1]["Message-ID"]


def test_a_refused_text_is_given_up_without_its_words(
    sending: Flask, mail_server: MailServer
) -> None:
    mail_server.answer = "554 Your link /confirm-email/secret looks like spam"
    post(sending, "ada@example.com")
    assert deliver(sending) == 0
    assert "SMTPDataError 554\tgiven up" in say(sending, "failed")
    assert "secret" not in say(sending, "failed")


def test_a_mailbox_that_is_busy_gets_its_mail_later(
    sending: Flask, mail_server: MailServer, moving_clock: Clock
) -> None:
    mail_server.refusals = ["450 Greylisted", "450 Greylisted"]
    post(sending, "ada@example.com")
    for tries, minutes in ((1, 1), (2, 2)):
        assert deliver(sending) == 0
        story = say(sending, "failed")
        assert "SMTPRecipientsRefused 450\tnext try" in story
        assert mails(sending)[0].tries == tries
        moving_clock.forward(minutes=minutes - 0.1)
        assert deliver(sending) == 0
        assert mails(sending)[0].tries == tries
        moving_clock.forward(minutes=0.1)
    assert deliver(sending) == 1


def test_a_server_that_stalls_loses_nothing(
    sending: Flask,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    moving_clock: Clock,
) -> None:
    mail_server.stalls = 2
    post(sending, "ada@example.com")
    with monkeypatch.context() as impatient:
        impatient.setattr(delivery, "LAST_TIMEOUT", 0.5)
        assert deliver(sending) == 0
    assert "1 try\tSMTPServerDisconnected\tnext try" in say(sending, "failed")
    mail_server.stalls = 0
    moving_clock.forward(minutes=1)
    assert deliver(sending) == 1


@pytest.mark.slow
def test_a_server_has_more_time_to_take_a_mail_than_to_greet(
    sending: Flask, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who gives up too early sends twice what the server has taken."""
    monkeypatch.setattr(delivery, "TIMEOUT", 1.5)  # also for what a slow machine does before
    mail_server.stalls = 2
    post(sending, "ada@example.com", "grace@example.com")
    assert deliver(sending) == 2
    assert mail_server.recipients() == ["ada@example.com", "grace@example.com"]


def test_a_server_that_never_greets_is_given_up_after_the_time_out(
    sending: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT", 0.5)
    post(sending, "ada@example.com")
    with socket.create_server(("localhost", 0)) as silent:
        sending.config["SMTP_URL"] = f"smtp://localhost:{silent.getsockname()[1]}"
        assert deliver(sending) == 0
    assert "1 try\tSMTPServerDisconnected\tnext try" in say(sending, "failed")


def test_a_server_that_hangs_up_on_one_mail_gets_the_others(
    sending: Flask, mail_server: MailServer
) -> None:
    mail_server.hangs_up = 1
    post(sending, "ada@example.com", "grace@example.com", "alan@example.com")
    assert deliver(sending) == 2
    assert mail_server.recipients() == ["grace@example.com", "alan@example.com"]
    assert "ada@example.com\t1 try\tSMTPServerDisconnected\tnext try" in say(sending, "failed")


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"body": b"written under a key that is gone"}, "DecryptionFailed"),
        ({"subject": "Two\r\nBcc: all@example.com"}, "ValueError"),
        ({"recipient": ""}, "SMTPRecipientsRefused"),
    ],
)
def test_a_mail_that_cannot_be_made_stops_no_other(
    sending: Flask, mail_server: MailServer, fault: dict[str, Any], named: str
) -> None:
    post(sending, "ada@example.com", "grace@example.com")
    with sending.app_context():
        db.session.execute(db.update(OutboxMail).where(OutboxMail.id == 1).values(fault))
        db.session.commit()
    assert deliver(sending) == 1
    assert mail_server.recipients() == ["grace@example.com"]
    assert f"\t1 try\t{named}" in say(sending, "failed")


def test_a_mail_is_given_up_after_two_days_and_not_before(
    sending: Flask, moving_clock: Clock
) -> None:
    sending.config["SMTP_URL"] = f"smtp://localhost:{free_port()}"
    post(sending, "ada@example.com")
    (first,) = mails(sending)
    for tries in range(1, MOST_TRIES + 1):
        deliver(sending)
        (mail,) = mails(sending)
        assert mail.tries == tries
        if mail.next_try_at:
            moving_clock.ahead += mail.next_try_at - moving_clock.now()
    assert mail.next_try_at is None
    assert mail.failed_at is not None
    assert 1.9 < (mail.failed_at - first.created_at).total_seconds() / 86400 < 2.1
    assert "20 tries\tConnectionRefusedError\tgiven up" in say(sending, "failed")
    moving_clock.forward(days=9)
    deliver(sending)
    assert mails(sending)[0].tries == MOST_TRIES


def test_a_mail_that_ends_the_process_each_time_is_given_up(
    sending: Flask, mail_server: MailServer
) -> None:
    post(sending, "ada@example.com", "grace@example.com")
    with sending.app_context():
        deadly = db.update(OutboxMail).where(OutboxMail.id == 1)
        db.session.execute(deadly.values(tries=MOST_TRIES))
        db.session.commit()
    assert deliver(sending) == 1
    assert mail_server.recipients() == ["grace@example.com"]
    assert "TriedTooOften\tgiven up" in say(sending, "failed")


def test_a_claimed_mail_is_left_alone_until_the_claim_runs_out(
    sending: Flask, mail_server: MailServer, moving_clock: Clock
) -> None:
    mail_server.refusals = ["450 Greylisted"]
    post(sending, "ada@example.com")
    assert deliver(sending) == 0
    moving_clock.forward(minutes=1)
    with sending.app_context():
        assert delivery._claim(1)  # and here the process ends
    assert deliver(sending) == 0
    assert "has not failed: it waits for its turn" in say(sending, "again", "1")
    assert say(sending, "again", "--all") == "0 mails are due again.\n"
    moving_clock.forward(minutes=15)
    assert deliver(sending) == 1
