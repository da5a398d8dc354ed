"""The use cases of accounts in the administration: look, and act on somebody else's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.accounts import service as accounts
from app.accounts.models import User
from app.accounts.service import NoSuchAccount
from app.admin import events, rank
from app.core import clock
from app.core.principal import Principal
from app.core.user_agent import describe
from app.extensions import db
from app.login import service as login
from app.login.models import LoginSession
from app.roles import service as roles
from app.security_log.models import SecurityEvent

# What one page shows; who is signed in more often has something else to explain.
MOST_SESSIONS = 20
DAY = timedelta(hours=24)


class NoSuchSession(Exception):
    """The account has no such sign-in, or it is over."""


class NotUsable(Exception):
    """The account is switched off or was never confirmed, so nobody can sign in to it."""


@dataclass(frozen=True)
class Figures:
    """The site at a glance.

    Args:
        accounts: all there are, whatever their state.
        sessions: sign-ins that have neither ended nor run out.
        signed_in: sign-ins within the last day.
        refused: refused sign-ins within the last day.
    """

    accounts: int
    sessions: int
    signed_in: int
    refused: int


@dataclass(frozen=True)
class Session:
    """A sign-in of somebody else. Nothing in it opens anything.

    Args:
        public_id: names it in an address.
        kind: a browser or a program.
        name: what it calls itself.
        address: where it signed in from.
        signed_in_at: when.
        last_seen_at: when it was last used, to the minute.
    """

    public_id: UUID
    kind: str
    name: str
    address: str
    signed_in_at: datetime
    last_seen_at: datetime


def figures() -> Figures:
    """Return the figures of the front page, in one query."""
    now = clock.now()
    all_accounts = select(func.count(User.id))
    sessions = select(func.count(LoginSession.id)).where(
        LoginSession.expires_at > now, LoginSession.revoked_at.is_(None)
    )
    lately = [
        select(func.count())
        .select_from(SecurityEvent)
        .where(SecurityEvent.kind == kind, SecurityEvent.happened_at > now - DAY)
        for kind in ("signed_in", "sign_in_refused")
    ]
    counts = [part.scalar_subquery() for part in (all_accounts, sessions, *lately)]
    return Figures(*db.session.execute(select(*counts)).one())


def get_user(public_id: UUID) -> User:
    """Return an account by the id in an address.

    Raises:
        NoSuchAccount: there is none.
    """
    user = db.session.scalars(select(User).where(User.public_id == public_id.hex)).one_or_none()
    if user is None:
        raise NoSuchAccount
    return user


def sessions_of(user: User) -> list[Session]:
    """Return where an account is signed in, the newest sign-in first."""
    now = clock.now()
    alive = (
        select(LoginSession)
        .where(
            LoginSession.user_id == user.id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .order_by(LoginSession.id.desc())
        .limit(MOST_SESSIONS)
    )
    return [
        Session(
            UUID(row.public_id),
            row.kind,
            describe(row.user_agent, f"Unknown {row.kind}"),
            row.address,
            row.created_at,
            row.last_seen_at,
        )
        for row in db.session.scalars(alive)
        if row.last_seen_at + timedelta(seconds=row.idle_seconds) > now
    ]


def deactivate(principal: Principal, public_id: UUID) -> User:
    """Switch an account off; its sign-ins end with that.

    Raises:
        NoSuchAccount: there is none.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
        StillNeeded: the house cannot do without it.
    """
    user = hold_user(principal, public_id)
    if user.active:
        accounts.deactivate(user)
    return user


def activate(principal: Principal, public_id: UUID) -> User:
    """Switch an account on again.

    Raises:
        NoSuchAccount: there is none.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
    """
    user = hold_user(principal, public_id)
    if not user.active:
        accounts.activate(user)
    return user


def end_sessions(principal: Principal, public_id: UUID) -> User:
    """End every sign-in of an account.

    Raises:
        NoSuchAccount: there is none.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
    """
    user = hold_user(principal, public_id)
    login.sign_out_everywhere(Principal(user_id=user.id))
    return user


def end_session(principal: Principal, public_id: UUID, session_id: UUID) -> User:
    """End one sign-in of an account.

    Raises:
        NoSuchAccount: there is none.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
        NoSuchSession: none of the account's is alive under this id.
    """
    user = hold_user(principal, public_id)
    row_id = db.session.scalar(
        select(LoginSession.id).where(
            LoginSession.public_id == session_id.hex, LoginSession.user_id == user.id
        )
    )
    if row_id is None or not login.end_session(row_id):
        raise NoSuchSession
    events.SessionEnded(user_id=user.id, login_session_id=row_id).send()
    return user


def require_password(principal: Principal, public_id: UUID) -> User:
    """Take an account's password away and shut everybody out; its owner is told how to go on.

    Whoever knew the password may be in, so asking for a new one at the next sign-in would ask the
    thief. Only the inbox of the owner leads to a new one (NIST SP 800-63B-4, 3.1.1.2).

    Raises:
        NoSuchAccount: there is none.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
        NotUsable: nobody can sign in to it anyway.
    """
    user = hold_user(principal, public_id)
    if not user.is_active:
        raise NotUsable
    user.password_hash = None
    db.session.flush()
    login.shut_everyone_out(user)
    events.NewPasswordRequired(user_id=user.id).send()
    return user


def grant(principal: Principal, public_id: UUID, role: str) -> User:
    """Give an account a role.

    Raises:
        NoSuchAccount: there is none.
        NoSuchRole: there is none of this name.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
        PermissionLacked: the role allows what the principal may not do.
    """
    user = hold_user(principal, public_id)
    rank.check_within(principal, rank.declared(roles.hold_role(role)))
    roles.grant(user, role)
    return user


def revoke(principal: Principal, public_id: UUID, role: str) -> User:
    """Take a role from an account.

    Raises:
        NoSuchAccount: there is none.
        NoSuchRole: there is none of this name.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
        StillNeeded: nobody else could administer the house.
    """
    user = hold_user(principal, public_id)
    roles.revoke(user, role)
    return user


def hold_user(principal: Principal, public_id: UUID) -> User:
    """Return an account to act on, which nobody else changes until this transaction ends.

    Held before it is looked at: a promotion between the look and the act would slip through.
    """
    user = accounts.hold(get_user(public_id).id)
    rank.check(principal, user)
    return user
