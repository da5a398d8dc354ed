# file of feature: accounts
"""Delivery of mails that are due, by SMTP: encrypted, to a server whose certificate is right.

A mail is claimed before the server is spoken to, so of any number of workers and requests one
sends it. It is sent twice in one case only: the server has taken it, and the process, the
database or the line ends before we have written that down. Then it goes out again when the claim
has run out, with the same Message-ID, by which the mail program of the reader can tell.
"""

import logging
import smtplib
import ssl
from collections import deque
from contextlib import ExitStack, suppress
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import SQLColumnExpression, case, literal, null, select, update

from app.core import clock
from app.core.containment import Broken, contained
from app.core.database import UTCDateTime
from app.core.outbox import OutboxMail
from app.core.work import stopping
from app.extensions import affected_rows, db

TIMEOUT = 20  # seconds for each answer of the server
# For the answer to the whole mail. Who gives up too early sends twice what the server has taken;
# RFC 5321, 4.5.3.2.6, asks for ten minutes, and five keep the claim below short.
LAST_TIMEOUT = 300
# How long a claim holds: longer than all of these together.
LEASE = timedelta(minutes=15)
AT_ONCE = 50

FIRST_WAIT = timedelta(minutes=1)  # doubled by each further try ...
LONGEST_WAIT = timedelta(hours=4)
MOST_TRIES = 20  # ... so that the last is two days after the first (RFC 5321, 4.5.4.1)

Connection = smtplib.SMTP
log = logging.getLogger(__name__)


class TriedTooOften(Exception):
    """Nobody ever wrote down how a try went: each of them has ended the process."""


class _PatientSMTP(smtplib.SMTP):
    """Gives the server more time to take a whole mail than for any other answer."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        if self.sock:
            self.sock.settimeout(LAST_TIMEOUT)
        answer = super().data(msg)
        if self.sock:
            self.sock.settimeout(TIMEOUT)
        return answer


class _PatientSMTPS(_PatientSMTP, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def wait_after(tries: int) -> timedelta:
    """Return how long a mail waits after so many tries in a row."""
    return min(FIRST_WAIT * int(2 ** (tries - 1)), LONGEST_WAIT)


def compose(mail: OutboxMail) -> EmailMessage:
    """Return the mail as it travels: text first, HTML as the richer form.

    Raises:
        DecryptionFailed: the key it was written with is gone.
    """
    message = EmailMessage()
    message["From"] = Address(
        current_app.config["SITE_NAME"], addr_spec=current_app.config["MAIL_FROM"]
    )
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # no "I am on holiday" in return (RFC 3834, 5)
    parts = mail.parts()
    message.set_content(parts["text"])
    message.add_alternative(parts["html"], subtype="html")
    return message


def connect() -> Connection:
    """Open the way to the mail server.

    ``starttls()`` without a context takes any certificate, so the context is always given. A
    server that offers no encryption is refused.

    Raises:
        OSError: not reached, or its certificate is not trusted.
        SMTPException: no encryption, or the password is wrong.
    """
    server = urlsplit(current_app.config["SMTP_URL"])
    host, context = server.hostname or "", ssl.create_default_context()
    if server.scheme == "smtps":
        connection: Connection = _PatientSMTPS(
            host, server.port or 465, timeout=TIMEOUT, context=context
        )
    else:
        connection = _PatientSMTP(host, server.port or 587, timeout=TIMEOUT)
    with ExitStack() as undo:
        undo.callback(connection.close)
        if server.scheme != "smtps":
            connection.starttls(context=context)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        undo.pop_all()
    return connection


def deliver_due() -> int:
    """Send every mail that is due and return how many were sent.

    Each mail is committed by itself. One that fails waits with its reason and does not hold up
    the others; a server that is not reached puts all of them off together.
    """
    sent = 0
    while current_app.config["SMTP_URL"] and (due := _due()) and not stopping.is_set():
        try:
            connection = connect()
        except (OSError, ValueError) as error:  # ValueError: a password that SMTP cannot carry
            _put_all_off(error)
            break
        try:
            sent += _send_over(connection, due)
        finally:
            with suppress(smtplib.SMTPException):
                connection.quit()
    return sent


def _due() -> deque[int]:
    due = select(OutboxMail.id).where(OutboxMail.next_try_at <= clock.now())
    ids = deque(db.session.scalars(due.order_by(OutboxMail.next_try_at).limit(AT_ONCE)))
    db.session.commit()  # no transaction stays open while the server is spoken to
    return ids


def _send_over(connection: Connection, due: deque[int]) -> int:
    """Send one after the other until all are out or the connection is lost."""
    sent = 0
    while due and connection.sock and not stopping.is_set():
        mail = _claim(due.popleft())
        if mail:
            sent += _send(connection, mail)
    return sent


def _claim(mail_id: int) -> OutboxMail | None:
    """Count a try and keep the mail from others for a while; None when somebody else was first.

    Counted before the try: a mail that ends the process each time is given up in the end. Without
    its error it is none of those that `flask mail again` may touch while somebody sends it.
    """
    now = clock.now()
    claim = (
        update(OutboxMail)
        .where(OutboxMail.id == mail_id, OutboxMail.next_try_at <= now)
        .values(tries=OutboxMail.tries + 1, next_try_at=now + LEASE, last_error=None)
        .returning(OutboxMail)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    mail = db.session.scalars(claim).one_or_none()
    db.session.commit()
    return mail


def _send(connection: Connection, mail: OutboxMail) -> bool:
    """Send a mail that was claimed, and write down how it went."""
    row = update(OutboxMail).where(OutboxMail.id == mail.id)
    try:
        contained(_hand_over, connection, mail)
    except Broken as broken:
        # The server, the line to it, the key, or `email` at an odd header: it belongs into the row
        # of this mail, where an owner sees it, and must not end the round for all behind.
        # Unless another worker has the mail by now: the claim may have run out.
        still_ours = row.where(OutboxMail.tries == mail.tries, OutboxMail.sent_at.is_(None))
        affected_rows(still_ours.values(_after_failure(OutboxMail.tries, broken.cause)))
        log.warning("mail %s not sent: %s", mail.id, reason(broken.cause))
        sent = False
    else:
        done = {"sent_at": clock.now(), "next_try_at": None, "failed_at": None, "last_error": None}
        affected_rows(row.values(body=None, **done))
        sent = True
    db.session.commit()
    return sent


def _hand_over(connection: Connection, mail: OutboxMail) -> None:
    if mail.tries > MOST_TRIES:
        raise TriedTooOften
    connection.send_message(compose(mail))


def _put_all_off(error: Exception) -> None:
    """Count a try for every mail that is due, in one statement: none of them got further."""
    log.warning("mail server refused or not reached: %s", reason(error))
    tries = OutboxMail.tries + 1
    due = update(OutboxMail).where(OutboxMail.next_try_at <= clock.now())
    affected_rows(due.values(tries=tries, **_after_failure(tries, error)))
    db.session.commit()


def _after_failure(tries: SQLColumnExpression[int], error: Exception) -> dict[str, Any]:
    """Return what a failure writes, given the tries so far, this one included."""
    now = clock.now()
    last = literal(True) if _is_final(error) else tries >= MOST_TRIES
    waits = {n: literal(now + wait_after(n), UTCDateTime) for n in range(1, MOST_TRIES)}
    return {
        "last_error": reason(error),
        "failed_at": case((last, literal(now, UTCDateTime)), else_=null()),
        "next_try_at": case((last, null()), else_=case(waits, value=tries)),
    }


def _is_final(error: Exception) -> bool:
    """Tell whether the server has said of this mail, or of its reader, that no try will help."""
    about_the_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return about_the_mail and _code(error) >= 500


def reason(error: Exception) -> str:
    """Return type and SMTP code; the words of a server may repeat what was in the mail."""
    code = _code(error)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _ in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
