"""The use cases of roles: make them, give them, take them away; one administrator always stays."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.points import AccountLine
from app.accounts.service import StillNeeded
from app.core import clock
from app.core.principal import Principal
from app.core.registry import UnknownPermission, registry
from app.extensions import affected_rows, db
from app.roles import events
from app.roles.models import LONGEST_NAME, Role, RoleGrant, RolePermission
from app.roles.recognition import ADMIN

NAME = re.compile(rf"[a-z][a-z0-9-]{{0,{LONGEST_NAME - 1}}}")


class NoSuchRole(Exception):
    """There is no role of this name."""


class RoleExists(Exception):
    """There is a role of this name."""


class RoleNameRefused(Exception):
    """A name is small letters, digits and hyphens, so that it can stand anywhere."""


class RoleFixed(Exception):
    """The role of administrators holds everything and cannot be changed or removed."""


@dataclass(frozen=True)
class RoleLine:
    """A role, as lists show it.

    Args:
        name: what it is called.
        permissions: what it allows, sorted.
        holders: how many accounts have it.
    """

    name: str
    permissions: tuple[str, ...]
    holders: int


def list_roles() -> list[RoleLine]:
    """Return every role by its name."""
    counted = select(Role.name, func.count(RoleGrant.user_id)).outerjoin(
        RoleGrant, RoleGrant.role_id == Role.id
    )
    rows = db.session.execute(counted.group_by(Role.name)).all()
    holders: dict[str, int] = dict(rows)
    return [
        RoleLine(name, permissions, holders.get(name, 0))
        for name, permissions in permissions_by_role().items()
    ]


def permissions_by_role() -> dict[str, tuple[str, ...]]:
    """Return what each role allows, by its name; nobody is counted for it."""
    held: dict[str, set[str]] = {ADMIN: set()}  # there is one, even before anybody has it
    lines = select(Role.name, RolePermission.permission).outerjoin(
        RolePermission, RolePermission.role_id == Role.id
    )
    for name, permission in db.session.execute(lines):
        held.setdefault(name, set()).update([permission] if permission else [])
    held[ADMIN] = set(registry().permissions)
    return {name: tuple(sorted(held[name])) for name in sorted(held)}


def get_role(name: str) -> RoleLine:
    """Return a role.

    Raises:
        NoSuchRole: there is none of this name.
    """
    allowed = permissions_by_role()
    if name not in allowed:
        raise NoSuchRole
    having = select(func.count()).select_from(RoleGrant).join(Role, Role.id == RoleGrant.role_id)
    return RoleLine(name, allowed[name], db.session.scalar(having.where(Role.name == name)) or 0)


def hold_role(name: str) -> tuple[str, ...]:
    """Return what a role allows, which nobody else changes until this transaction ends.

    Raises:
        NoSuchRole: there is none of this name.
    """
    if name == ADMIN:
        _make(ADMIN)
    _hold(name)
    return permissions_by_role()[name]


def create_role(name: str, permissions: tuple[str, ...] = ()) -> RoleLine:
    """Make a role.

    Raises:
        RoleNameRefused: it cannot be called so.
        RoleExists: there is one.
        UnknownPermission: no feature declares one of the permissions.
    """
    if not NAME.fullmatch(name):
        raise RoleNameRefused
    _check_declared(permissions)
    if name == ADMIN or not _make(name):
        raise RoleExists
    _write_permissions(_hold(name), permissions)
    events.RoleChanged(role=name, permissions=sorted(permissions)).send()
    return get_role(name)


def set_permissions(name: str, permissions: tuple[str, ...]) -> RoleLine:
    """Let a role hold these permissions and no others.

    Raises:
        NoSuchRole: there is none of this name.
        RoleFixed: it is the role of administrators.
        UnknownPermission: no feature declares one of the permissions.
    """
    if name == ADMIN:
        raise RoleFixed
    role_id = _hold(name)
    _check_declared(permissions)
    db.session.execute(delete(RolePermission).where(RolePermission.role_id == role_id))
    _write_permissions(role_id, permissions)
    events.RoleChanged(role=name, permissions=sorted(permissions)).send()
    return get_role(name)


def delete_role(name: str) -> None:
    """Remove a role; who had it loses it.

    Raises:
        NoSuchRole: there is none of this name.
        RoleFixed: it is the role of administrators.
    """
    if name == ADMIN:
        raise RoleFixed
    role_id = _hold(name)
    db.session.execute(delete(Role).where(Role.id == role_id))
    events.RoleDeleted(role=name).send()


def grant(user: User, name: str) -> bool:
    """Give an account a role, and tell whether it is new to it.

    Raises:
        NoSuchRole: there is none of this name.
    """
    if name == ADMIN:
        _make(ADMIN)
    role_id = _hold(name)  # of two that give it at once, the second finds it given
    if _has(user.id, role_id):
        return False
    db.session.execute(
        insert(RoleGrant).values(user_id=user.id, role_id=role_id, granted_at=clock.now())
    )
    events.RoleGranted(user_id=user.id, role=name).send()
    return True


def revoke(user: User, name: str) -> bool:
    """Take a role from an account, and tell whether it had it; its next request knows.

    Raises:
        NoSuchRole: there is none of this name.
        StillNeeded: nobody else could administer the house.
    """
    role_id = _hold(name)
    if not _has(user.id, role_id):
        return False
    if name == ADMIN:
        check_not_last(user.id)
    db.session.execute(
        delete(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.role_id == role_id)
    )
    events.RoleRevoked(user_id=user.id, role=name).send()
    return True


def check_not_last(user_id: int) -> None:
    """Refuse what would leave the house without an administrator who can sign in.

    The role is held by a write until the transaction ends, so that two administrators who remove
    each other at the same moment do not both succeed.

    Raises:
        StillNeeded: this account is the last.
    """
    try:
        role_id = _hold(ADMIN)
    except NoSuchRole:
        return  # nobody administers this house yet
    usable = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role_id == role_id, User.active, User.confirmed_at.is_not(None))
        .limit(2)
    )
    if list(db.session.scalars(usable)) == [user_id]:
        raise StillNeeded("This is the last administrator. Give the role to somebody else first.")


def roles_of(user_id: int) -> list[str]:
    """Return the names of the roles an account has, sorted."""
    names = select(Role.name).join(RoleGrant, RoleGrant.role_id == Role.id)
    return list(db.session.scalars(names.where(RoleGrant.user_id == user_id).order_by(Role.name)))


def holders(name: str) -> list[User]:
    """Return the accounts that have a role, by their address.

    Raises:
        NoSuchRole: there is none of this name.
    """
    get_role(name)
    having = select(User).join(RoleGrant, RoleGrant.user_id == User.id)
    named = having.join(Role, Role.id == RoleGrant.role_id).where(Role.name == name)
    return list(db.session.scalars(named.order_by(User.email)))


def account_lines(principal: Principal) -> list[AccountLine]:
    """Return the line of the account page, for whoever is more than an account."""
    if not principal.roles:
        return []
    return [AccountLine("Roles", ", ".join(sorted(principal.roles)))]


def export(user_id: int) -> list[dict[str, Any]]:
    """Return the roles of a person, by name."""
    grants = (
        select(Role.name, RoleGrant.granted_at)
        .join(RoleGrant, RoleGrant.role_id == Role.id)
        .where(RoleGrant.user_id == user_id)
        .order_by(Role.name)
    )
    return [
        {"role": name, "granted_at": granted_at.isoformat()}
        for name, granted_at in db.session.execute(grants)
    ]


def _make(name: str) -> bool:
    """Make an empty role, and tell whether it was not there."""
    try:
        with db.session.begin_nested():
            db.session.add(Role(name=name))
    except IntegrityError:
        # The database decides: a look before the change would let two through at once.
        return False
    return True


def _hold(name: str) -> int:
    """Return a role that nobody else changes until this transaction ends; held by a write.

    Raises:
        NoSuchRole: there is none of this name.
    """
    if not NAME.fullmatch(name):  # an address can hold what a database cannot take
        raise NoSuchRole
    if not affected_rows(update(Role).where(Role.name == name).values(updated_at=clock.now())):
        raise NoSuchRole
    role_id: int = db.session.scalars(select(Role.id).where(Role.name == name)).one()
    return role_id


def _has(user_id: int, role_id: int) -> bool:
    grants = select(RoleGrant.role_id).where(
        RoleGrant.user_id == user_id, RoleGrant.role_id == role_id
    )
    return db.session.scalar(grants) is not None


def _write_permissions(role_id: int, permissions: tuple[str, ...]) -> None:
    if permissions:
        rows = [{"role_id": role_id, "permission": name} for name in sorted(set(permissions))]
        db.session.execute(insert(RolePermission), rows)


def _check_declared(permissions: tuple[str, ...]) -> None:
    for name in permissions:
        if name not in registry().permissions:
            raise UnknownPermission(name)
