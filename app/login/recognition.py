"""Whose secret this is: asked at every request, with one query and no write but once a minute."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select, update

from app.accounts.models import User
from app.core import clock
from app.core.principal import Principal
from app.core.secrets import digest
from app.extensions import affected_rows, db
from app.login.models import LoginSession
from app.login.points import PRINCIPAL_COLUMNS, PrincipalColumn

# A row is written at most this often, or every page would cost a write.
TOUCH_AFTER = timedelta(minutes=1)


class Recognised(NamedTuple):
    """Whom a session's secret belongs to.

    Plain values and no objects of the database: this is looked up at every request.

    Args:
        user_id: the account.
        public_id: the account, as the outside may see it.
        name: what to call them.
        email: the address of the account.
        login_session_id: the session.
        authenticated_at: when presence was last proved.
        last_seen_at: when the session was last used, to the minute.
        expires_at: when it ends in any case.
        idle_seconds: how long it may be left alone.
        amr: the methods used, by the names of RFC 8176, separated by blanks.
        read: what features read along with it, as fields of ``Principal``.
    """

    user_id: int
    public_id: str
    name: str
    email: str
    login_session_id: int
    authenticated_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    idle_seconds: int
    amr: str
    read: dict[str, Any]

    def is_alive(self, now: datetime) -> bool:
        """Tell whether the session still opens anything."""
        return now < self.expires_at and now < self.last_seen_at + timedelta(
            seconds=self.idle_seconds
        )

    def principal(self, method: str) -> Principal:
        """Return whom this is, for the use cases.

        Args:
            method: how they are here.
        """
        return Principal(
            user_id=self.user_id,
            public_id=self.public_id,
            name=self.name,
            email=self.email,
            method=method,
            login_session_id=self.login_session_id,
            authenticated_at=self.authenticated_at,
            amr=tuple(self.amr.split()),
            **self.read,
        )


# Built once, because every request needs it.
RECOGNISE = (
    select(
        User.id,
        User.public_id,
        User.name,
        User.email,
        LoginSession.id,
        LoginSession.authenticated_at,
        LoginSession.last_seen_at,
        LoginSession.expires_at,
        LoginSession.idle_seconds,
        LoginSession.amr,
    )
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(
        LoginSession.secret_hash == bindparam("secret_hash"),
        LoginSession.revoked_at.is_(None),
        User.active,
        User.confirmed_at.is_not(None),
    )
)

OWN_COLUMNS = len(RECOGNISE.selected_columns)


@cache
def _recognise(columns: tuple[PrincipalColumn, ...]) -> Select[Any]:
    """Return the one query with what features read along with it, built once."""
    return RECOGNISE.add_columns(*(column.column for column in columns))


def find_session(secret: str) -> Recognised | None:
    """Return whom a secret belongs to, if account and session are alive."""
    return find_by_hash(digest(secret))


def find_by_hash(secret_hash: str) -> Recognised | None:
    """Return whom the secret with this hash belongs to, in one query.

    The query has a connection of its own, given back before the view begins: a database session
    would cost more than twice as much, and every request pays for this.

    Args:
        secret_hash: as it stands in the row.
    """
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # One statement needs no BEGIN and no ROLLBACK, each of which is a round trip.
            connection.execution_options(isolation_level="AUTOCOMMIT")
        columns = tuple(PRINCIPAL_COLUMNS)
        found = connection.execute(_recognise(columns), {"secret_hash": secret_hash}).first()
    if found is None:
        return None
    own, further = found[:OWN_COLUMNS], found[OWN_COLUMNS:]
    read: dict[str, Any] = {}
    for column, value in zip(columns, further, strict=True):
        read |= column.read(value)
    recognised = Recognised._make((*own, read))
    return recognised if recognised.is_alive(clock.now()) else None


def touch(recognised: Recognised) -> None:
    """Note that the session was used, at most once a minute."""
    now = clock.now()
    if now - recognised.last_seen_at >= TOUCH_AFTER:
        used = LoginSession.id == recognised.login_session_id
        affected_rows(update(LoginSession).where(used).values(last_seen_at=now))
        # Committed by itself: a view that only reads must not commit for this.
        db.session.commit()
