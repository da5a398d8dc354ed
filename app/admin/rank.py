"""Who may act on whom: nobody on himself, and nobody on somebody who may do more.

Otherwise whoever may end sign-ins could shut the administrators out, and whoever may give roles
could give himself all of them (OWASP ASVS 5.0.0, 8.3.1).
"""

from collections.abc import Iterable

from sqlalchemy import select

from app.accounts.models import User
from app.core.access import NotAllowed
from app.core.house import house
from app.core.principal import Principal
from app.extensions import db
from app.roles.recognition import PART


class ActingOnOneself(NotAllowed):
    """Somebody else must do this to your account."""

    description = "This is your own account. Somebody else must do this."
    reason = "own_account"


class HigherAccount(NotAllowed):
    """The account may do what whoever acts may not."""

    description = "This account may do more than you. Somebody who may do as much must do this."
    reason = "higher_account"


class PermissionLacked(NotAllowed):
    """Somebody is about to give or take what they may not do themselves."""

    reason = "permission_lacked"

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"Your own roles do not allow all of this: {', '.join(names)}.")


def permissions_of(user: User) -> frozenset[str]:
    """Return what the roles of an account allow, as its next request will find it."""
    lines = db.session.scalar(select(PART.column).select_from(User).where(User.id == user.id))
    return declared(PART.read(lines)["permissions"])


def declared(names: Iterable[str]) -> frozenset[str]:
    """Return those of the permissions that mean something.

    A role may still hold one of a feature that is gone. Nobody could act on who has it, if it
    counted: not even an administrator holds it.
    """
    return frozenset(names) & house().permissions.keys()


def is_above(principal: Principal, user: User) -> bool:
    """Tell whether the principal may act on an account, for pages that show buttons."""
    return user.id != principal.user_id and permissions_of(user) <= principal.permissions


def check(principal: Principal, user: User) -> None:
    """Refuse an act on an account that the principal has no power over.

    Args:
        principal: who acts; may be a service without an account.
        user: on whom, held until the transaction ends.

    Raises:
        ActingOnOneself: it is their own account.
        HigherAccount: it may do something that they may not.
    """
    if user.id == principal.user_id:
        raise ActingOnOneself
    if not permissions_of(user) <= principal.permissions:
        raise HigherAccount


def check_within(principal: Principal, names: Iterable[str]) -> None:
    """Refuse to give or take what the principal may not do.

    Raises:
        PermissionLacked: with the names of the permissions.
    """
    if lacked := sorted(name for name in names if not principal.can(name)):
        raise PermissionLacked(lacked)
