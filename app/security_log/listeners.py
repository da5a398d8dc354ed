"""The ear of the log: every event with a kind is stored, in the transaction that made it true."""

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.models import User
from app.core import events
from app.extensions import db
from app.security_log import service
from app.security_log.circumstances import circumstances, recognised
from app.security_log.kinds import BY_NAME, KINDS, Kind

REFUSED_ACCESS = "access_refused"

log = logging.getLogger(__name__)


def _account(said: dict[str, Any]) -> str | None:
    """Return the public id of the account an event is about.

    An address is looked up in the same way whether it has an account or not. It is never stored:
    people type passwords into the wrong field.
    """
    if "public_id" in said:  # of an account that is gone
        return str(said["public_id"])
    if "email" in said:
        wanted = User.email == said["email"]
        return db.session.scalar(select(User.public_id).where(wanted))
    user_id = said.get("user_id")
    if user_id is None:
        return None
    principal = recognised()
    if principal.user_id == user_id:
        return principal.public_id
    user = db.session.get(User, user_id)  # whoever sent the event has it loaded
    return user.public_id if user else None


def _receiver(kind: Kind) -> Callable[..., None]:
    def store(_: Any, **said: Any) -> None:
        service.record(kind, _account(said), said, circumstances())

    return store


def store_refused_access(_: Any, **said: Any) -> None:
    """Store that somebody was refused, in a transaction of its own.

    The refusal is sent from where answers are made. What the request had begun until then is not
    going to be committed, and a row beside it would be lost with it; so the one is rolled back
    and the other committed. A write for each refusal would be a way to fill the disk, so the same
    is stored once a minute. An answer never fails because this does.
    """
    try:
        db.session.rollback()
        kind, account = BY_NAME[REFUSED_ACCESS], _account(said)
        if not service.is_repeated(kind, account, said):
            service.record(kind, account, said, circumstances())
            db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("a refused access was not stored: %s", type(error).__name__)


events.access_refused.connect(store_refused_access)
for _kind in KINDS:
    if _kind.name == REFUSED_ACCESS:
        continue
    events.signals[_kind.name].connect(_receiver(_kind), weak=False)
