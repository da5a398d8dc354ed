# file of feature: accounts
"""Guesses counted for each account, wherever they come from.

Limits by address stop one machine; a botnet has thousands. Here every try on one subject is
counted in the database, whatever address, cookie or process it comes through. Five are free,
then each costs a longer wait, up to an hour and never for ever: a permanent lock would let a
stranger shut the owner out (NIST SP 800-63B-4, 3.2.2; ASVS 5.0.0, 6.1.1).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, UniqueConstraint, case, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import PERSONAL, PLAIN, UTCDateTime
from app.core.errors import TooManyAttempts
from app.core.secrets import digest
from app.extensions import db

FREE_TRIES = 5
FIRST_WAIT = 30  # seconds; doubled by each further try
LONGEST_WAIT = 3600
FORGOTTEN_AFTER = timedelta(days=1)


class Throttle(db.Model):  # type: ignore[misc,name-defined]
    """The tries on one subject since the last success."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("purpose", "subject_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40), info=PLAIN)
    # A hash, because the subject may be an address that has no account here.
    subject_hash: Mapped[str] = mapped_column(String(64), info=PERSONAL)
    tries: Mapped[int] = mapped_column(default=0)
    last_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_until: Mapped[datetime] = mapped_column(UTCDateTime)


def wait_after(tries: int) -> int:
    """Return the seconds of waiting that so many tries in a row earn."""
    if tries < FREE_TRIES:
        return 0
    return int(min(FIRST_WAIT * 2 ** (tries - FREE_TRIES), LONGEST_WAIT))


def count_try(purpose: str, subject: str) -> int:
    """Count a try before it is looked at, and return how many seconds the next one must wait.

    Counting first and in one statement means that tries sent at the same moment cannot share
    one count. It is committed at once, so that the count outlives a refusal and no lock is held
    while a password is hashed.

    Raises:
        TooManyAttempts: the subject is waiting; the try must not be looked at.
    """
    key = _key(purpose, subject)
    now = clock.now()
    tries = _count(key, now)
    if tries is None and _begin(purpose, subject, now):
        tries = _count(key, now)
    if tries is None:
        blocked_until = db.session.scalar(select(Throttle.blocked_until).where(*key))
        if blocked_until is None:  # a success elsewhere has just cleared the count: begin again
            return count_try(purpose, subject)
        raise TooManyAttempts(max(1, int((blocked_until - now).total_seconds()) + 1))
    if wait := wait_after(tries):
        until = now + timedelta(seconds=wait)
        db.session.execute(update(Throttle).where(*key).values(blocked_until=until))
    db.session.commit()
    return wait


def _key(purpose: str, subject: str) -> tuple[ColumnElement[bool], ...]:
    return (Throttle.purpose == purpose, Throttle.subject_hash == digest(subject))


def _count(key: tuple[ColumnElement[bool], ...], now: datetime) -> int | None:
    """Add one to a subject that is not waiting and return its tries."""
    forgotten = Throttle.last_try_at < now - FORGOTTEN_AFTER
    counted = db.session.execute(
        update(Throttle)
        .where(*key, Throttle.blocked_until <= now)
        .values(tries=case((forgotten, 1), else_=Throttle.tries + 1), last_try_at=now)
        .returning(Throttle.tries)
        .execution_options(synchronize_session=False)
    )
    return counted.scalar_one_or_none()


def _begin(purpose: str, subject: str, now: datetime) -> bool:
    """Make the first row of a subject and tell whether there is one to count on now.

    A row that was there before is waiting, unless another request has made it this moment.
    """
    if db.session.scalar(select(Throttle.id).where(*_key(purpose, subject))):
        return False
    row = Throttle(
        purpose=purpose, subject_hash=digest(subject), tries=0, last_try_at=now, blocked_until=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        pass  # another request made it at the same moment: count on that one
    return True


def forget(purpose: str, subject: str) -> None:
    """Begin at nothing again: the try was right."""
    db.session.execute(
        delete(Throttle).where(*_key(purpose, subject)).execution_options(synchronize_session=False)
    )
