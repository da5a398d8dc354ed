# file of feature: accounts
"""Mail: a row written in the transaction of its cause, delivered after the commit.

A mail that is sent before the commit may tell of something that never happened; one that is
sent after it may get lost. A row can do neither. Links in a mail open accounts, so the body is
encrypted while it waits and dropped once it is sent.
"""

import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, render_template
from sqlalchemy import LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import PERSONAL, PLAIN, SECRET, UTCDateTime
from app.core.encryption import decrypt, encrypt
from app.extensions import db

# Nobody's inbox can be flooded through our forms, from however many addresses they are sent. For
# each kind of mail by itself: who asks for one kind again and again must not keep back another,
# such as the notice that somebody has changed the password.
MAILS_PER_RECIPIENT = 6
PER = timedelta(hours=1)

log = logging.getLogger(__name__)


class OutboxMail(db.Model):  # type: ignore[misc,name-defined]
    """A mail that waits, or the trace of one that was sent."""

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(255), unique=True, info=PLAIN)
    kind: Mapped[str] = mapped_column(String(80), info=PLAIN)
    recipient: Mapped[str] = mapped_column(String(320), index=True, info=PERSONAL)
    subject: Mapped[str] = mapped_column(String(255), info=PLAIN)
    body: Mapped[bytes | None] = mapped_column(LargeBinary, info=SECRET)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    # When it is due, or until when it is claimed. Nothing once it is sent or given up.
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(255), info=PLAIN)

    def parts(self) -> dict[str, str]:
        """Return the ``text`` and ``html`` of a mail that has not been dropped yet.

        Raises:
            DecryptionFailed: the key it was written with is gone.
        """
        if self.body is None:
            return {"text": "", "html": ""}
        parts: dict[str, str] = json.loads(decrypt(self.body, self.message_id))
        return parts


def public_address(endpoint: str, **values: Any) -> str:
    """Return a full address, built from PUBLIC_URL and never from the request's Host."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['PUBLIC_URL']}{path}"


def post_mail(kind: str, recipient: str, **context: Any) -> bool:
    """Write a mail into the outbox; it leaves when the transaction is committed.

    Returns whether it was written: one recipient gets only so many.

    Args:
        kind: names the templates, e.g. ``accounts/mail/confirm``.
        recipient: a normalised address.
        **context: what the templates need.
    """
    if _received_lately(kind, recipient) >= MAILS_PER_RECIPIENT:
        log.warning("not posted, too many of its kind to one recipient: %s", kind)
        return False
    subject = " ".join(render_template(f"{kind}.subject.txt", **context).split())
    parts = {
        "text": render_template(f"{kind}.txt", **context),
        "html": render_template(f"{kind}.html", **context),
    }
    message_id = _new_message_id()
    now = clock.now()
    db.session.add(
        OutboxMail(
            message_id=message_id,
            kind=kind,
            recipient=recipient,
            subject=subject,
            body=encrypt(json.dumps(parts), message_id),
            created_at=now,
            next_try_at=now,
        )
    )
    g.mail_posted = True
    return True


def _new_message_id() -> str:
    """Return a name that no other mail has (RFC 5322 section 3.6.4).

    That of the standard library holds the moment and the number of the process, which are nobody's
    business, and a lot that repeats itself once something has seeded ``random``.
    """
    return f"<{secrets.token_hex(16)}@{urlsplit(current_app.config['PUBLIC_URL']).hostname}>"


def _received_lately(kind: str, recipient: str) -> int:
    count = select(func.count()).where(
        OutboxMail.recipient == recipient,
        OutboxMail.kind == kind,
        OutboxMail.created_at > clock.now() - PER,
    )
    return db.session.scalar(count) or 0
