"""The work that erases accounts when their time has come."""

import logging

from sqlalchemy import delete, select

from app.accounts import personal_data
from app.accounts.service import NoSuchAccount, hold
from app.core import clock
from app.extensions import affected_rows, db
from app.profile.models import AccountDeletion

log = logging.getLogger(__name__)


def erase_due() -> int:
    """Erase the accounts whose time to go back is over, and return how many (GDPR, article 17)."""
    due = select(AccountDeletion.user_id).where(AccountDeletion.erase_at <= clock.now())
    return sum(map(_erase, db.session.scalars(due.order_by(AccountDeletion.id)).all()))


def _erase(user_id: int) -> bool:
    """Erase one account, and tell whether it was this call that did.

    In a savepoint of its own: an account that cannot be erased does not keep the others.
    """
    try:
        with db.session.begin_nested():
            user = hold(user_id)
            planned = delete(AccountDeletion).where(
                AccountDeletion.user_id == user_id, AccountDeletion.erase_at <= clock.now()
            )
            if affected_rows(planned) != 1:
                return False  # kept at the last moment, or another worker was here
            personal_data.erase(user)
    except NoSuchAccount:
        return False
    except Exception as error:  # noqa: BLE001 - `erase` is code of each feature, yours too
        # Its errors have no list, and the savepoint has taken all of this account back. Those
        # behind it have a right to be erased today. Only the type is said: the message of an error
        # may hold what was in the rows.
        log.error("an account is not erased, it is tried again: %s", type(error).__name__)  # noqa: TRY400
        return False
    return True
