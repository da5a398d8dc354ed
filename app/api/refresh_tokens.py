"""The use cases of tokens: a pair at the door, a new pair for a refresh token, an alarm.

Nothing else in the house makes a token.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from app.accounts.models import User
from app.api import events, jwt
from app.api.models import RefreshFamily
from app.core import clock
from app.core.principal import Principal
from app.core.secrets import digest
from app.extensions import affected_rows, db
from app.login import recognition
from app.login.attempt import PROGRAM
from app.login.models import LoginSession
from app.login.service import SignedIn, end_session

# A spent token that comes this soon is a second window or a lost answer, not a thief.
GRACE = timedelta(seconds=20)


class RefreshTokenReused(Exception):
    """A token that was spent long ago came again: two have it, and one of them stole it."""


class NotAProgramsSession(Exception):
    """The access token was lent to a page by its browser's session, which must not lose itself."""


@dataclass(frozen=True)
class Pair:
    """What a program gets (RFC 6749, section 5.1).

    Args:
        access_token: opens the API.
        refresh_token: good for the next pair.
        expires_in: seconds until the access token is of no use.
        token_type: how the access token is sent.
    """

    access_token: str
    refresh_token: str
    expires_in: int = int(jwt.ACCESS_LIFETIME.total_seconds())
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name


def first_pair(outcome: SignedIn) -> Pair:
    """Turn the row that the door has made into tokens."""
    family = RefreshFamily(login_session_id=outcome.login_session.id, current_id=jwt.new_token_id())
    db.session.add(family)
    db.session.flush()
    return _pair_of(outcome.login_session, family.current_id)


def renewed_pair(principal: Principal) -> Pair:
    """Return tokens for a session whose secret has just been changed.

    Those made before name a session that is not there any more. So a copy that was taken earlier
    has no share in a fresh proof or a new password.

    Raises:
        NotAProgramsSession: the session is a browser's.
    """
    require_program(principal)
    login_session = db.session.get_one(
        LoginSession, principal.login_session_id, populate_existing=True
    )
    token_id = jwt.new_token_id()
    affected_rows(
        update(RefreshFamily)
        .where(RefreshFamily.login_session_id == login_session.id)
        .values(current_id=token_id, spent_id=None, rotated_at=None)
    )
    return _pair_of(login_session, token_id)


def require_program(principal: Principal) -> None:
    """Refuse what would change the secret of a browser's session behind the browser's back.

    Raises:
        NotAProgramsSession: the session is a browser's.
    """
    family = select(RefreshFamily.login_session_id).where(
        RefreshFamily.login_session_id == principal.login_session_id
    )
    if db.session.scalar(family) is None:
        raise NotAProgramsSession


def refresh(token: str) -> Pair:
    """Return the next pair for a refresh token.

    One conditional UPDATE decides who moves the family on, so of many who come at once one does.
    It moves at most once in the grace. Whoever comes meanwhile, with the token that is good or
    with the one just spent, gets the one that is good: there is one chain, however many windows
    race. A token that is older than that is in two hands, and the sign-in ends (RFC 9700, 4.14.2;
    ASVS 5.0.0, 10.4.5).

    Raises:
        TokenRefused: it is none of ours, or its session is over.
        RefreshTokenReused: the session has been ended; commit that.
    """
    claims = jwt.read(token, jwt.REFRESH)
    found = recognition.find_by_hash(claims.session_hash)
    if found is None or found.public_id != claims.subject:
        raise jwt.TokenRefused
    now = clock.now()
    good = jwt.new_token_id()
    if not _move(found.login_session_id, claims.token_id, good, now):
        good = _within_grace(found, claims.token_id, now)
    recognition.touch(found)
    return _pair(claims.subject, found, claims.session_hash, good)


def _move(login_session_id: int, spent: str, good: str, now: datetime) -> bool:
    rested = or_(RefreshFamily.rotated_at.is_(None), RefreshFamily.rotated_at <= now - GRACE)
    moved = affected_rows(
        update(RefreshFamily)
        .where(
            RefreshFamily.login_session_id == login_session_id,
            RefreshFamily.current_id == spent,
            rested,
        )
        .values(current_id=good, spent_id=spent, rotated_at=now)
    )
    return moved == 1


def _within_grace(found: recognition.Recognised, token_id: str, now: datetime) -> str:
    """Return the token that is good now, for one that is or was so a moment ago."""
    family = db.session.get(RefreshFamily, found.login_session_id, populate_existing=True)
    if family is None:  # a page token's session, or one that was just purged
        raise jwt.TokenRefused
    recent = family.rotated_at is not None and family.rotated_at > now - GRACE
    if not recent or token_id not in (family.current_id, family.spent_id):
        if not end_session(found.login_session_id):
            raise jwt.TokenRefused  # somebody else's try has ended it and raised the alarm
        events.RefreshTokenReused(
            user_id=found.user_id, login_session_id=found.login_session_id
        ).send()
        raise RefreshTokenReused
    return family.current_id


def _pair_of(row: LoginSession, token_id: str) -> Pair:
    user = db.session.get_one(User, row.user_id)
    return _pair(user.public_id, row, row.secret_hash, token_id)


def _pair(
    subject: str, row: LoginSession | recognition.Recognised, session_hash: str, token_id: str
) -> Pair:
    """Make both tokens; the refresh token ends with the session, idle or overall."""
    idle_end = clock.now() + timedelta(seconds=row.idle_seconds)
    ends = min(idle_end, row.expires_at)
    return Pair(
        jwt.make_access_token(subject, session_hash),
        jwt.make_refresh_token(subject, session_hash, token_id, ends),
    )


def page_token(principal: Principal, secret: str) -> str:
    """Lend a page the session of its browser for a quarter of an hour, and nothing to renew it.

    Args:
        principal: who is signed in.
        secret: what the session cookie holds.
    """
    return jwt.make_access_token(principal.public_id, digest(secret))


def export(user_id: int) -> dict[str, Any]:
    """Return how many programs are signed in: what a token is made of is no data of a person."""
    families = (
        select(RefreshFamily.rotated_at)
        .join(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.kind == PROGRAM)
    )
    refreshed = db.session.scalars(families).all()
    return {"refreshed_at": [at.isoformat() if at else None for at in refreshed]}
