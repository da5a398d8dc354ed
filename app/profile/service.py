"""The account page and its small use cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.accounts.models import User
from app.accounts.points import ACCOUNT_LINES, AccountLine
from app.accounts.service import hold
from app.core import throttle, tokens
from app.core.principal import Principal
from app.extensions import db
from app.profile import email_change
from app.profile.deletion import find_deletion
from app.profile.models import AccountDeletion


@dataclass(frozen=True)
class Overview:
    """How an account stands.

    Args:
        user: the account.
        new_email: the address that waits to be proved.
        deletion: when it is to be erased, if it is.
        lines: what each feature says of itself, in the order of FEATURES.
    """

    user: User
    new_email: str | None
    deletion: AccountDeletion | None
    lines: Iterable[AccountLine]


def describe(principal: Principal) -> Overview:
    """Return all that the account page shows."""
    user = db.session.get_one(User, principal.user_id)
    return Overview(
        user=user,
        new_email=email_change.find_new_email(user.id),
        deletion=find_deletion(user.id),
        lines=[line for lines in ACCOUNT_LINES for line in lines(principal)],
    )


def change_name(principal: Principal, name: str) -> None:
    """Call the principal by another name from now on."""
    hold(principal.user_id).name = name
    db.session.flush()


def export(user_id: int) -> dict[str, Any]:
    """Return what is planned for an account, and the addresses it may still go back to."""
    planned = find_deletion(user_id)
    former = tokens.waiting(email_change.UNDO, user_id)
    return {
        "new_email": email_change.find_new_email(user_id),
        "former_emails": [token.data["old_email"] for token in former],
        "erase_at": planned.erase_at.isoformat() if planned else None,
    }


def erase(user_id: int) -> None:
    """Remove what no foreign key would: how often the account asked to move."""
    user = db.session.get_one(User, user_id)
    throttle.forget(email_change.CHANGE, user.public_id)
