"""What every request must know of roles: read with the session and the account, never kept.

A role in a token or a cookie would live on after it was taken away (ASVS 5.0.0, 8.3.2).
"""

from typing import Any

from sqlalchemy import String, cast, func, literal, select

from app.accounts.models import User
from app.core.registry import registry
from app.login.points import PrincipalColumn
from app.roles.models import Role, RoleGrant, RolePermission

# Holds every permission there is, those of tomorrow's features too.
ADMIN = "admin"

# A line for each permission of each role, "role permission"; a role without any has one too.
_LINE = Role.name + literal(" ") + func.coalesce(RolePermission.permission, "")


def _read(lines: str | None) -> dict[str, Any]:
    """Return the roles and the permissions that a principal has by them."""
    pairs = [line.split(" ") for line in (lines or "").split("\n") if line]
    roles = frozenset(role for role, _ in pairs)
    if ADMIN in roles:
        return {"roles": roles, "permissions": frozenset(registry().permissions)}
    return {"roles": roles, "permissions": frozenset(name for _, name in pairs if name)}


COLUMN = PrincipalColumn(
    select(func.aggregate_strings(cast(_LINE, String), "\n"))
    .select_from(RoleGrant)
    .join(Role, Role.id == RoleGrant.role_id)
    .outerjoin(RolePermission, RolePermission.role_id == Role.id)
    .where(RoleGrant.user_id == User.id)
    .correlate(User)
    .scalar_subquery(),
    _read,
)
