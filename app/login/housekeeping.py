"""Sessions that are over do not stay in the database."""

from datetime import timedelta

from sqlalchemy import delete, or_

from app.core import clock
from app.extensions import affected_rows
from app.login import known_device
from app.login.models import LoginSession

# A session that ran out may hold a draft, which the next sign-in in that browser takes over.
KEPT_AFTER_EXPIRY = timedelta(days=30)


def purge_sessions() -> int:
    """Remove sessions that somebody ended, and those that ran out long ago; return how many."""
    long_ago = clock.now() - KEPT_AFTER_EXPIRY
    over = or_(LoginSession.revoked_at.is_not(None), LoginSession.expires_at < long_ago)
    return affected_rows(delete(LoginSession).where(over))


def tidy() -> int:
    """Remove what signing in leaves behind, and return how many rows that was."""
    return purge_sessions() + known_device.purge()
