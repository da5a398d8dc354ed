"""The log listens to every event, and stores it in the transaction that made it true."""

import logging
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.models import User
from app.core.events import EVERY, AccessRefused, Event
from app.extensions import db
from app.security_log import service
from app.security_log.circumstances import circumstances, recognised

log = logging.getLogger(__name__)


def _account(event: Any) -> str | None:
    """Return the public id of the account an event is about.

    An address is looked up in the same way whether it has an account or not. It is never stored:
    people type passwords into the wrong field.
    """
    if hasattr(event, "public_id"):  # of an account that is gone
        return str(event.public_id)
    if getattr(event, "email", None) is not None:
        return db.session.scalar(select(User.public_id).where(User.email == event.email))
    user_id = getattr(event, "user_id", None)
    if user_id is None:
        return None
    principal = recognised()
    if principal.user_id == user_id:
        return principal.public_id
    user = db.session.get(User, user_id)  # whoever sent the event has it loaded
    return user.public_id if user else None


@EVERY.connect
def store(event: Event) -> None:
    """Store an event, unless it says why not; a refused access takes more care."""
    if isinstance(event, AccessRefused):
        store_refused_access(event)
    elif not event.not_stored:
        service.record(event, _account(event), circumstances())


def store_refused_access(event: AccessRefused) -> None:
    """Store that somebody was refused, in a transaction of its own.

    The refusal is sent from where answers are made. What the request had begun until then is not
    going to be committed, and a row beside it would be lost with it; so the one is rolled back
    and the other committed. A write for each refusal would be a way to fill the disk, so the same
    is stored once a minute. An answer never fails because this does.
    """
    try:
        db.session.rollback()
        account = _account(event)
        if not service.is_repeated(event, account):
            service.record(event, account, circumstances())
            db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("a refused access was not stored: %s", type(error).__name__)
