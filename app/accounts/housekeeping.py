"""What nobody needs any more goes by itself; an address that is kept is a person's data."""

from datetime import timedelta

from sqlalchemy import delete, or_

from app.core import clock
from app.core.outbox import OutboxMail
from app.core.throttle import FORGOTTEN_AFTER, Throttle
from app.core.tokens import OneTimeToken
from app.extensions import affected_rows

MAILS_ARE_KEPT = timedelta(days=30)


def tidy() -> int:
    """Remove what is used up, expired or forgotten, and return how many rows that were."""
    now = clock.now()
    mails_until = now - MAILS_ARE_KEPT
    used_up = or_(OneTimeToken.expires_at <= now, OneTimeToken.consumed_at.is_not(None))
    # A subject that still waits is counted on, however old its last try.
    forgotten = (Throttle.last_try_at < now - FORGOTTEN_AFTER, Throttle.blocked_until <= now)
    done = or_(OutboxMail.sent_at < mails_until, OutboxMail.failed_at < mails_until)
    return (
        affected_rows(delete(OneTimeToken).where(used_up))
        + affected_rows(delete(Throttle).where(*forgotten))
        + affected_rows(delete(OutboxMail).where(done))
    )
