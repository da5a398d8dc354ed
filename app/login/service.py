"""The use cases of signing in. ``complete`` is the one door: nothing else makes a session."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, update

from app.accounts import hashing
from app.accounts.models import User
from app.accounts.service import WrongPassword, check_credentials
from app.core import clock, throttle, tokens
from app.core.principal import Principal
from app.core.secrets import digest, new_secret
from app.extensions import affected_rows, db
from app.login import events, known_device, session_data
from app.login.attempt import Attempt, Origin, drop_attempts, storable
from app.login.models import LoginSession
from app.login.points import LOGIN_STEPS, LoginStep

# Idle and overall, in that order (NIST SP 800-63B-4, 5.2; ASVS 5.0.0, 7.3.1 and 7.3.2).
ORDINARY = (timedelta(hours=2), timedelta(hours=24))
REMEMBERED = (timedelta(days=30), timedelta(days=90))
LONGEST_USER_AGENT = 256
LONGEST_ADDRESS = 45  # an IPv4 address written in IPv6

SIGN_IN = "sign_in"
REAUTHENTICATE = "reauthenticate"


class SignInRefused(Exception):
    """Address and password do not open an account here. It is not said which of them is wrong."""


class SessionEnded(Exception):
    """The login session behind this request is over."""


@dataclass(frozen=True)
class SignedIn:
    """The door is open.

    Args:
        login_session: the new row.
        secret: what the cookie or token carries; not stored.
    """

    login_session: LoginSession
    secret: str


@dataclass(frozen=True)
class StepNeeded:
    """Something is still to be done.

    Args:
        step: what.
        secret: names the parked attempt; None if it was parked before.
        attempt: whose sign-in it is.
    """

    step: LoginStep
    secret: str | None
    attempt: Attempt


def sign_in(
    email: str, password: str, origin: Origin, *, remember: bool = False, next_page: str = "/"
) -> SignedIn | StepNeeded:
    """Check an address and a password and go to the door with them.

    Raises:
        SignInRefused: they do not belong together, or the account may not be used.
        TooManyAttempts: this account has been guessed at and must wait.
    """
    subject = known_device.subject(email, origin.device)
    wait = throttle.count_try(SIGN_IN, subject)
    user = check_credentials(email, password)
    if user is None:
        events.SignInRefused(email=email, reason="credentials").send()
        if wait:
            events.GuessingSlowed(email=email, seconds=wait).send()
        raise SignInRefused
    throttle.forget(SIGN_IN, subject)
    return complete(Attempt(user, ("pwd",), origin, remember, next_page))


def complete(attempt: Attempt) -> SignedIn | StepNeeded:
    """Open the door, or say which step is still needed.

    Every way in ends here, whatever was proved on the way: a way that ended elsewhere would be
    a side door around the second factor. Steps are asked in the order of FEATURES.

    Raises:
        SignInRefused: the account was switched off on the way.
        TokenRefused: the parked attempt was finished by somebody else.
    """
    if not attempt.user.is_active:
        events.SignInRefused(email=attempt.user.email, reason="inactive").send()
        raise SignInRefused
    for step in LOGIN_STEPS:
        if step.key not in attempt.steps_done and step.applies(attempt):
            secret = None if attempt.token else attempt.park()
            return StepNeeded(
                step,
                secret,
                attempt,
            )
    if attempt.token is not None:
        tokens.consume(attempt.token)
    return _open(attempt)


def _open(attempt: Attempt) -> SignedIn:
    now = clock.now()
    idle, overall = REMEMBERED if attempt.remember else ORDINARY
    secret, device_hash = new_secret(), digest(attempt.origin.device)
    known = known_device.remember(attempt.user.id, attempt.origin.device)
    login_session = LoginSession(
        user_id=attempt.user.id,
        secret_hash=digest(secret),
        kind=attempt.origin.kind,
        created_at=now,
        authenticated_at=now,
        last_seen_at=now,
        expires_at=now + overall,
        idle_seconds=int(idle.total_seconds()),
        address=storable(attempt.origin.address, LONGEST_ADDRESS),
        user_agent=storable(attempt.origin.user_agent, LONGEST_USER_AGENT),
        device_hash=device_hash,
        amr=" ".join(attempt.amr),
        data=session_data.take_over(attempt.user.id, device_hash) if known else {},
    )
    db.session.add(login_session)
    db.session.flush()
    events.SignedIn(
        user_id=attempt.user.id,
        login_session_id=login_session.id,
        known_device=known,
        amr=attempt.amr,
    ).send()
    return SignedIn(login_session, secret)


def sign_out(principal: Principal) -> None:
    """End the session of this request."""
    if principal.login_session_id is not None and end_session(principal.login_session_id):
        events.SignedOut(
            user_id=principal.account_id, login_session_id=principal.login_session_id
        ).send()


def sign_out_everywhere(principal: Principal, *, but_this: bool = False) -> int:
    """End every session of the principal and return how many those were (ASVS 5.0.0, 7.4.5).

    A sign-in that is half-way would be one of them a moment later, so it ends too.

    Args:
        principal: whose.
        but_this: the session that asks goes on.
    """
    if principal.user_id is None:  # who is no account is signed in nowhere
        return 0
    keep = principal.login_session_id if but_this else None
    drop_attempts(principal.user_id)
    ended = end_sessions(principal.user_id, keep=keep)
    known_device.forget(principal.user_id, keep=keep)
    events.SignedOutEverywhere(user_id=principal.user_id, keep=keep).send()
    return ended


def end_session(login_session_id: int) -> bool:
    """End one session and tell whether it was alive."""
    return _revoke(LoginSession.id == login_session_id) == 1


def end_sessions(user_id: int, *, keep: int | None = None) -> int:
    """End all sessions of an account, but for one, and return how many those were."""
    others = (LoginSession.id != keep,) if keep is not None else ()
    return _revoke(LoginSession.user_id == user_id, *others)


def shut_everyone_out(user: User, *, keep: int | None = None) -> None:
    """End all that was opened with what proved an account until now, but for one session.

    Whoever knew the old password may have been here: their browsers are strangers again and
    their half-finished sign-ins are void (ASVS 5.0.0, 7.4.3). The tries that guessed at the old
    password are forgotten, or a stranger could keep the owner out with the new one.
    """
    drop_attempts(user.id)
    end_sessions(user.id, keep=keep)
    known_device.forget(user.id, keep=keep)
    throttle.forget(SIGN_IN, user.email)
    throttle.forget(REAUTHENTICATE, user.public_id)


def reauthenticate(principal: Principal, password: str) -> str:
    """Prove presence again and return the session's new secret.

    The secret is changed because what it is worth has changed: a copy of the cookie taken
    before must not share in the new proof (NIST SP 800-63B-4, 5.1).

    Raises:
        WrongPassword: it is not theirs.
        SessionEnded: the session ended meanwhile.
        TooManyAttempts: the password has been guessed at.
    """
    if principal.user_id is None or principal.login_session_id is None:
        raise SessionEnded
    check_password_again(db.session.get_one(User, principal.user_id), password)
    secret = renew(principal.login_session_id)
    events.Reauthenticated(
        user_id=principal.user_id, login_session_id=principal.login_session_id
    ).send()
    return secret


def check_password_again(user: User, password: str) -> None:
    """Hold what somebody who is signed in types against the password of their account.

    One count for every page that asks: a live session in the wrong hands must not find a second
    budget of guesses on another page.

    Raises:
        WrongPassword: it is another one, or the account has none.
        TooManyAttempts: the password has been guessed at.
    """
    wait = throttle.count_try(REAUTHENTICATE, user.public_id)
    if not hashing.verify_password(password, user.password_hash):
        events.ReauthenticationRefused(user_id=user.id).send()
        if wait:
            events.GuessingSlowed(user_id=user.id, seconds=wait).send()
        raise WrongPassword
    throttle.forget(REAUTHENTICATE, user.public_id)


def renew(login_session_id: int) -> str:
    """Give a session a new secret, as after fresh proof, and return it.

    A copy of the cookie that was taken before opens nothing any more.

    Raises:
        SessionEnded: the session ended meanwhile.
    """
    secret = new_secret()
    renewed = affected_rows(
        update(LoginSession)
        .where(LoginSession.id == login_session_id, LoginSession.revoked_at.is_(None))
        .values(secret_hash=digest(secret), authenticated_at=clock.now())
    )
    if renewed != 1:
        raise SessionEnded
    return secret


def _revoke(*which: ColumnElement[bool]) -> int:
    return affected_rows(
        update(LoginSession)
        .where(*which, LoginSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
