"""Deletion of an account by its owner: planned, two weeks to go back, then gone."""

from datetime import timedelta

from sqlalchemy import delete, select

from app.accounts.service import (
    check_dispensable,
    hold,
)
from app.core import clock, tokens
from app.core.outbox import post_mail, public_address
from app.core.principal import Principal
from app.extensions import affected_rows, db
from app.login.attempt import Attempt, drop_attempts
from app.login.points import LoginStep
from app.login.service import end_sessions
from app.profile import events
from app.profile.models import AccountDeletion

GRACE = timedelta(days=14)
KEEP = "keep_account"


def request_deletion(principal: Principal) -> AccountDeletion:
    """Plan the erasure of the principal's account and end all its sessions.

    Raises:
        NoSuchAccount: it is gone already.
        StillNeeded: the house cannot do without it.
    """
    user = hold(principal.user_id)
    check_dispensable(user.id)
    now = clock.now()
    planned = find_deletion(user.id)
    if planned is not None:  # two windows, one wish
        return planned
    planned = AccountDeletion(user_id=user.id, requested_at=now, erase_at=now + GRACE)
    db.session.add(planned)
    secret = tokens.issue(KEEP, GRACE, user_id=user.id, replaces_older=True)
    link = public_address("profile.keep_by_link", token=secret)
    post_mail("profile/mail/deletion", user.email, link=link, erase_at=planned.erase_at)
    drop_attempts(user.id)
    end_sessions(user.id)
    events.DeletionRequested(user_id=user.id, erase_at=planned.erase_at).send()
    return planned


def find_deletion(user_id: int) -> AccountDeletion | None:
    """Return the planned deletion of an account."""
    planned = select(AccountDeletion).where(AccountDeletion.user_id == user_id)
    return db.session.scalars(planned).one_or_none()


def cancel(user_id: int) -> bool:
    """Keep the account, and tell whether there was a deletion to cancel.

    The row is taken away in one statement, as the erasure does it: of two that come at the same
    moment, one wins.
    """
    planned = delete(AccountDeletion).where(AccountDeletion.user_id == user_id)
    cancelled = affected_rows(planned) == 1
    if cancelled:
        tokens.void(KEEP, user_id)
        events.DeletionCancelled(user_id=user_id).send()
    return cancelled


def get_keeping(secret: str) -> tokens.OneTimeToken:
    """Return what a mailed link would keep, without using it.

    Raises:
        TokenRefused: it would keep nothing.
    """
    return tokens.get(KEEP, secret)


def keep_by_link(secret: str) -> None:
    """Keep the account by the mailed link. It opens no session.

    Raises:
        TokenRefused: the link is unknown, used or too old, or the account is erased.
    """
    token = get_keeping(secret)
    if token.user_id is None or not cancel(token.user_id):
        raise tokens.TokenRefused


def _must_be_kept(attempt: Attempt) -> bool:
    return find_deletion(attempt.user.id) is not None


# Asked at the door, because signing in to have a look must not cancel a deletion unasked.
KEEP_STEP = LoginStep(
    KEEP,
    _must_be_kept,
    "profile.keep",
)
