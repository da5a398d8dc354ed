"""The work that erases accounts when their time has come."""

import logging

from sqlalchemy import delete, select

from app.accounts import personal_data
from app.accounts.service import NoSuchAccount, hold
from app.core import clock
from app.core.containment import Broken, contained
from app.extensions import affected_rows, db
from app.profile.models import AccountDeletion

log = logging.getLogger(__name__)


def erase_due() -> int:
    """Erase the accounts whose time to go back is over, and return how many (GDPR, article 17)."""
    due = select(AccountDeletion.user_id).where(AccountDeletion.erase_at <= clock.now())
    erased = 0
    for user_id in db.session.scalars(due.order_by(AccountDeletion.id)).all():
        try:
            erased += contained(_erase, user_id)
        except Broken as broken:  # those behind it have a right to be erased today
            log.error("an account is not erased, it is tried again: %s", broken)  # noqa: TRY400 - never the message
    return erased


def _erase(user_id: int) -> bool:
    """Erase one account, and tell whether it was this call that did.

    In a savepoint of its own: what cannot be erased wholly is not erased at all.
    """
    planned = delete(AccountDeletion).where(
        AccountDeletion.user_id == user_id, AccountDeletion.erase_at <= clock.now()
    )
    try:
        with db.session.begin_nested():
            user = hold(user_id)
            if affected_rows(planned) != 1:
                return False  # kept at the last moment, or another worker was here
            personal_data.erase(user)
    except NoSuchAccount:
        return False
    return True
