"""The use cases of passwords: forgotten, changed, set for the first time."""

import logging
from datetime import timedelta

from flask import current_app

from app.accounts import hashing
from app.accounts.models import User
from app.accounts.points import AccountLine
from app.accounts.policy import GUIDANCE, PasswordRefused
from app.accounts.service import check_new_password, find_user
from app.core import tokens
from app.core.outbox import post_mail, public_address
from app.core.principal import Principal
from app.extensions import db
from app.login.service import SessionEnded, check_password_again, renew, shut_everyone_out
from app.passwords import breach, events

RESET = "password_reset"
RESET_LIFETIME = timedelta(hours=1)

log = logging.getLogger(__name__)


def request_reset(email: str) -> None:
    """Mail a link to the owner of an account, and to anybody else that there is none to use.

    Whoever asks learns nothing: every path makes a token, runs as many statements and posts one
    mail. A token of nobody has a secret that nobody gets to know. Asking changes nothing about
    the account and keeps nobody out of it (OWASP Forgot Password).

    Args:
        email: a normalised address.
    """
    found = find_user(email)
    user = found if found is not None and found.is_active else None
    user_id = user.id if user else None
    secret = tokens.issue(RESET, RESET_LIFETIME, user_id=user_id)
    if user is None or _post_link(user, secret):
        tokens.void(RESET, user_id, keep=secret)
    else:
        # No mail carries this link. The older ones must stay good, or a stranger who asks again
        # and again would void what is in the owner's inbox and send nothing in its place.
        tokens.drop(secret)
    events.PasswordResetRequested(email=email, user_id=user_id).send()


def _post_link(user: User, secret: str) -> bool:
    link = public_address("passwords.reset", token=secret)
    return post_mail("passwords/mail/reset", user.email, name=user.name, link=link)


def find_reset(secret: str) -> User:
    """Return the account behind a mailed link, without using the link.

    Raises:
        TokenRefused: the link is unknown, used, too old, or its account may not be used.
    """
    return _find(secret)[1]


def _find(secret: str) -> tuple[tokens.OneTimeToken, User]:
    token = tokens.get(RESET, secret)
    user = db.session.get_one(User, token.user_id)
    if not user.is_active:
        raise tokens.TokenRefused
    return token, user


def reset_password(secret: str, password: str) -> None:
    """Give the account behind a mailed link another password, and use the link up.

    No session is made: the person signs in with the new password, through the door and whatever
    steps it asks for (ASVS 5.0.0, 6.4.3).

    Raises:
        TokenRefused: as for ``find_reset``, or somebody else was first.
        PasswordRefused: the link still works afterwards.
    """
    token, user = _find(secret)
    check_new_password(password, name=user.name, email=user.email)
    # Hashed before the link is consumed, which locks its row: nobody waits for a hash.
    password_hash = hashing.hash_password(password)
    tokens.consume(token)
    _set_password(user, password_hash, keep=None)


def change_password(principal: Principal, password: str, *, current: str = "") -> str:
    """Give one's own account another password, or its first, and return the session's new secret.

    Args:
        principal: who has proved presence lately; with no password to ask for, that is the guard.
        password: the new one.
        current: the one the account has (ASVS 5.0.0, 6.2.3).

    Raises:
        PasswordRefused: the policy refuses the new password, or it is the current one.
        WrongPassword: the current password is another.
        SessionEnded: the session ended meanwhile.
        TooManyAttempts: the current password has been guessed at.
    """
    if principal.user_id is None or principal.login_session_id is None:
        raise SessionEnded
    user = db.session.get_one(User, principal.user_id)
    check_new_password(password, name=user.name, email=user.email)
    if user.password_hash is not None:
        check_password_again(user, current)
        if hashing.is_same(password, current):
            raise PasswordRefused("This is the password you have. Choose another one.")
    password_hash = hashing.hash_password(password)
    # First of all changes: of two sessions that end each other, one finds itself ended here.
    secret = renew(principal.login_session_id)
    _set_password(user, password_hash, keep=principal.login_session_id)
    return secret


def _set_password(user: User, password_hash: str, *, keep: int | None) -> None:
    user.password_hash = password_hash
    db.session.flush()
    shut_everyone_out(user, keep=keep)
    events.PasswordChanged(user_id=user.id, keep=keep).send()


def void_links(user_id: int) -> None:
    """Make every mailed link of an account good for nothing."""
    tokens.void(RESET, user_id)


def refuse_leaked(password: str) -> None:
    """Refuse a password that is known to have leaked, if there is a service to ask.

    It fails open: a service that is down must not keep people from registering. The lists that
    are part of the house have been asked before.

    Raises:
        PasswordRefused: with the reason and what helps (ASVS 5.0.0, 6.2.12).
    """
    address = current_app.config["BREACH_LOOKUP_URL"]
    try:
        leaked = bool(address) and breach.is_leaked(password, address)
    except breach.LookUpFailed as failure:
        log.warning("breach look-up failed, the password was not held against it: %s", failure)
        return
    if leaked:
        raise PasswordRefused(f"This has leaked from another site. {GUIDANCE}")


def account_lines(principal: Principal) -> list[AccountLine]:
    """Say on the account page whether there is a password."""
    user = db.session.get_one(User, principal.user_id)
    missing = user.password_hash is None
    state, action = ("Not set", "Set a password") if missing else ("Set", "Change password")
    return [AccountLine("Password", state, "passwords.change", action)]
