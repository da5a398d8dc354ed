"""Who may act on whom: nobody on himself, and nobody on somebody who may do more.

Otherwise whoever may end sign-ins could shut the administrators out, and whoever may give roles
could give himself all of them (OWASP ASVS 5.0.0, 8.3.1).
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.core.access import NotAllowed
from app.core.principal import Principal
from app.core.registry import registry
from app.extensions import db
from app.roles import service as roles
from app.roles.models import Role, RoleGrant, RolePermission
from app.roles.recognition import ADMIN, COLUMN


class ActingOnOneself(NotAllowed):
    """Somebody else must do this to your account."""

    description = "This is your own account. Somebody else must do this."
    reason = "own_account"


class HigherAccount(NotAllowed):
    """The account may do what whoever acts may not."""

    description = "This account may do more than you. Somebody who may do as much must do this."
    reason = "higher_account"


class HigherHolder(NotAllowed):
    """A role is held by an account that may do what whoever acts may not."""

    description = (
        "Somebody who has this role may do more than you. Who may do as much must do this."
    )
    reason = "higher_holder"


class PermissionLacked(NotAllowed):
    """Somebody is about to give or take what they may not do themselves."""

    reason = "permission_lacked"

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"Your own roles do not allow all of this: {', '.join(names)}.")


def permissions_of(user: User) -> frozenset[str]:
    """Return what the roles of an account allow, as its next request will find it."""
    lines = db.session.scalar(select(COLUMN.column).select_from(User).where(User.id == user.id))
    return declared(COLUMN.read(lines)["permissions"])


def declared(names: Iterable[str]) -> frozenset[str]:
    """Return those of the permissions that mean something.

    A role may still hold one of a feature that is gone. Nobody could act on who has it, if it
    counted: not even an administrator holds it.
    """
    return frozenset(names) & registry().permissions.keys()


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


def roles_within(principal: Principal) -> list[str]:
    """Return the names of the roles that allow nothing the principal may not do."""
    allowed = roles.permissions_by_role().items()
    return [name for name, permissions in allowed if declared(permissions) <= principal.permissions]


def check_holders(principal: Principal, name: str) -> None:
    """Refuse to change a role that somebody has over whom the principal has no power.

    To remove it would take it from them as surely as to revoke it.

    Raises:
        HigherHolder: somebody who has it may do something that the principal may not.
    """
    lacked = registry().permissions.keys() - principal.permissions
    if not lacked:
        return
    grants, others = aliased(RoleGrant), aliased(RoleGrant)
    role, other = aliased(Role), aliased(Role)
    allows = select(RolePermission.role_id).where(
        RolePermission.role_id == other.id, RolePermission.permission.in_(lacked)
    )
    higher = (
        select(grants.user_id)
        .join(role, role.id == grants.role_id)
        .join(others, others.user_id == grants.user_id)
        .join(other, other.id == others.role_id)
        .where(role.name == name, (other.name == ADMIN) | allows.exists())
        .limit(1)
    )
    if db.session.scalar(higher) is not None:
        raise HigherHolder
