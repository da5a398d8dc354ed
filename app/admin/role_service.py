"""The use cases of roles in the administration: those of `roles`, within what one may do oneself.

Whoever may write roles could otherwise write one that allows everything, and be an administrator
by that (OWASP ASVS 5.0.0, 8.3.1). So nobody gives or takes in a role what they may not do
themselves, and nobody changes a role that they have, or that somebody has who may do more.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import User
from app.admin import rank
from app.core.access import NotAllowed
from app.core.principal import Principal
from app.extensions import db
from app.roles import service as roles
from app.roles.models import Role, RoleGrant
from app.roles.recognition import ADMIN
from app.roles.service import RoleFixed, RoleLine


class OwnRole(NotAllowed):
    """Somebody else must change a role that you have."""

    reason = "own_role"
    description = "You have this role yourself. Somebody else must change it."


@dataclass(frozen=True)
class Holder:
    """An account that has a role.

    Args:
        public_id: how the outside knows it.
        email: the address.
        name: what the person is called.
    """

    public_id: UUID
    email: str
    name: str


def get_changeable(principal: Principal, name: str) -> RoleLine:
    """Return a role that the principal may change in some way.

    Raises:
        NoSuchRole: there is none of this name.
        RoleFixed: it is the role of administrators.
        OwnRole: the principal has it.
        HigherHolder: somebody who has it may do more than the principal.
    """
    role = roles.get_role(name)
    _check_changeable(principal, name)
    rank.check_holders(principal, name)
    return role


def is_changeable(principal: Principal, name: str) -> bool:
    """Tell whether the principal may change a role in some way."""
    return name != ADMIN and name not in principal.roles


def create_role(principal: Principal, name: str, permissions: tuple[str, ...]) -> RoleLine:
    """Make a role.

    Raises:
        PermissionLacked: it would allow what the principal may not do.
        RoleNameRefused: it cannot be called so.
        RoleExists: there is one.
        UnknownPermission: no feature declares one of the permissions.
    """
    rank.check_within(principal, permissions)
    return roles.create_role(name, permissions)


def set_permissions(principal: Principal, name: str, permissions: tuple[str, ...]) -> RoleLine:
    """Let a role hold these permissions and no others.

    Raises:
        NoSuchRole: there is none of this name.
        RoleFixed: it is the role of administrators.
        OwnRole: the principal has it.
        HigherHolder: somebody who has it may do more than the principal.
        PermissionLacked: it would win or lose what the principal may not do.
        UnknownPermission: no feature declares one of the permissions.
    """
    before = _hold(principal, name)
    lost, won = set(before) - set(permissions), set(permissions) - set(before)
    rank.check_within(principal, rank.declared(lost) | won)
    return roles.set_permissions(name, permissions)


def delete_role(principal: Principal, name: str) -> None:
    """Remove a role; who had it loses it.

    Raises:
        NoSuchRole: there is none of this name.
        RoleFixed: it is the role of administrators.
        OwnRole: the principal has it.
        HigherHolder: somebody who has it may do more than the principal.
        PermissionLacked: it allows what the principal may not do.
    """
    rank.check_within(principal, rank.declared(_hold(principal, name)))
    roles.delete_role(name)


def holders_after(name: str, after: tuple[str] | None, limit: int) -> list[Holder]:
    """Return accounts that have a role, by their address.

    Args:
        name: of the role.
        after: the address after which to go on; None begins.
        limit: how many at most.
    """
    found = (
        select(User.public_id, User.email, User.name)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Role, Role.id == RoleGrant.role_id)
        .where(Role.name == name)
    )
    if after is not None:
        found = found.where(User.email > after[0])
    rows = db.session.execute(found.order_by(User.email).limit(limit))
    return [Holder(UUID(row.public_id), row.email, row.name) for row in rows]


def _hold(principal: Principal, name: str) -> tuple[str, ...]:
    """Return what a role allows that the principal may change, held until the transaction ends.

    Looked at before it is held, it could win a permission between the look and the change.
    """
    _check_changeable(principal, name)
    allowed = roles.hold_role(name)
    rank.check_holders(principal, name)
    return allowed


def _check_changeable(principal: Principal, name: str) -> None:
    if name == ADMIN:
        raise RoleFixed
    if name in principal.roles:
        raise OwnRole
