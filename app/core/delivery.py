# file of feature: accounts
"""Delivery of waiting mails by SMTP: encrypted, to a server whose certificate is right."""

import logging
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import select

from app.core import clock
from app.core.encryption import DecryptionFailed
from app.core.outbox import OutboxMail
from app.extensions import db

TIMEOUT = 10  # seconds for each answer of the server
AT_ONCE = 50

log = logging.getLogger(__name__)


def compose(mail: OutboxMail) -> EmailMessage:
    """Return the mail as it travels: text first, HTML as the richer form."""
    message = EmailMessage()
    message["From"] = f"{current_app.config['SITE_NAME']} <{current_app.config['MAIL_FROM']}>"
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    parts = mail.parts()
    message.set_content(parts["text"])
    message.add_alternative(parts["html"], subtype="html")
    return message


def connect() -> smtplib.SMTP:
    """Open the way to the mail server.

    ``starttls()`` without a context takes any certificate, so the context is always given.
    """
    server = urlsplit(current_app.config["SMTP_URL"])
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.hostname or "", server.port or 465, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.hostname or "", server.port or 587, timeout=TIMEOUT)
        connection.starttls(context=context)
    if server.username:
        connection.login(unquote(server.username), unquote(server.password or ""))
    return connection


def deliver_waiting() -> int:
    """Send what waits and return how much was sent; what fails waits on with its reason."""
    waiting = select(OutboxMail).where(OutboxMail.sent_at.is_(None)).order_by(OutboxMail.id)
    mails = db.session.scalars(waiting.limit(AT_ONCE)).all()
    if not mails:
        return 0
    try:
        connection = connect()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server not reached: %s", type(error).__name__)
        return 0
    with connection:
        return sum(_send(connection, mail) for mail in mails)


def _send(connection: smtplib.SMTP, mail: OutboxMail) -> bool:
    mail.tries += 1
    try:
        connection.send_message(compose(mail))
    except (OSError, smtplib.SMTPException, DecryptionFailed) as error:
        mail.last_error = type(error).__name__
        log.warning("mail %s not sent: %s", mail.id, mail.last_error)
    else:
        mail.sent_at, mail.body, mail.last_error = clock.now(), None, None
    # After each mail: if the process ends here, at most this one is sent twice.
    db.session.commit()
    return mail.sent_at is not None
