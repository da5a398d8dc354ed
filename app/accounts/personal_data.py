"""A person's data, in and out: what every feature knows of them, and all of it gone.

The rights to a copy and to erasure (GDPR, articles 15, 17 and 20). The features say themselves
what they hold, so nothing here changes when one comes or goes.
"""

from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from app.accounts import events
from app.accounts.models import User
from app.accounts.points import ERASURES, EXPORTS
from app.accounts.service import check_dispensable
from app.core.outbox import OutboxMail
from app.extensions import db


def export(user: User) -> dict[str, Any]:
    """Return what each feature knows of a person, by the feature's name, ready for JSON."""
    return {name: known(user.id) for name, known in EXPORTS.by_feature(current_app)}


def erase(user: User) -> None:
    """Remove an account and all that belongs to it.

    What points at the account goes with it by foreign key; the features remove the rest.

    Raises:
        StillNeeded: the house cannot do without it.
    """
    check_dispensable(user.id)
    email, name, public_id = user.email, user.name, user.public_id
    is_somebodys = user.confirmed_at is not None
    for forget in ERASURES:
        forget(user.id)
    db.session.delete(user)
    db.session.flush()
    if is_somebodys:  # a registration that nobody confirmed has no owner to be told
        events.AccountErased(email=email, name=name, public_id=public_id).send()


def export_account(user_id: int) -> dict[str, Any]:
    """Return what stands in the account itself, but for the hash of the password."""
    user = db.session.get_one(User, user_id)
    return {
        "name": user.name,
        "email": user.email,
        "confirmed_at": user.confirmed_at.isoformat() if user.confirmed_at else None,
        "created_at": user.created_at.isoformat(),
        "active": user.active,
        "mails": _mails_to(user.email),
    }


def _mails_to(address: str) -> list[dict[str, Any]]:
    """Return which mails an address was sent, the oldest first; what they said is not kept."""
    mails = db.session.scalars(
        select(OutboxMail).where(OutboxMail.recipient == address).order_by(OutboxMail.id)
    )
    return [
        {"kind": mail.kind, "subject": mail.subject, "created_at": mail.created_at.isoformat()}
        for mail in mails
    ]


def erase_mails(user_id: int) -> None:
    """Remove mails to the account's address; they name a person and no account."""
    address = db.session.get_one(User, user_id).email
    db.session.execute(delete(OutboxMail).where(OutboxMail.recipient == address))
