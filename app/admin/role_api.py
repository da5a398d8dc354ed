"""Roles, and what they may allow."""

from typing import Any

from flask import url_for
from flask.views import MethodView

from app.admin import role_service
from app.admin.api_schemas import (
    NewRoleSchema,
    PermissionListSchema,
    PermissionsSchema,
    RoleSchema,
    RolesSchema,
)
from app.admin.base_api import LACKED, NO_SUCH_ROLE, ON_A_ROLE, ROLE_NAME, blueprint
from app.admin.role_forms import NAME_REFUSED, NAME_TAKEN, NOT_DECLARED
from app.api.blueprint import MADE_AT
from app.api.problems import Refusal
from app.core.access import permission_required, recently_authenticated
from app.core.current import current_principal
from app.core.registry import UnknownPermission, registry
from app.extensions import db
from app.roles import service as roles
from app.roles.service import RoleLine

ROLE_FIXED = Refusal(
    roles.RoleFixed,
    409,
    "role_fixed",
    "The role of administrators allows everything. It is neither changed nor removed.",
)
UNKNOWN = Refusal(UnknownPermission, 422, "unknown_permission", NOT_DECLARED, "permissions")
REFUSED_NAME = Refusal(roles.RoleNameRefused, 422, "role_name_refused", NAME_REFUSED, "name")
TAKEN_NAME = Refusal(roles.RoleExists, 409, "role_exists", NAME_TAKEN, "name")


@blueprint.get("/permissions")
@permission_required("roles:read")
@blueprint.response(200, PermissionListSchema)
def permissions() -> dict[str, Any]:
    """List what roles may allow."""
    declared = sorted(registry().permissions.items())
    return {"items": [{"name": name, "about": about} for name, about in declared]}


@blueprint.route("/roles")
class Roles(MethodView):
    """Every role."""

    @permission_required("roles:read")
    @blueprint.response(200, RolesSchema)
    def get(self) -> dict[str, list[RoleLine]]:
        """List every role; there are few, so they come all at once."""
        return {"items": roles.list_roles()}

    @permission_required("roles:read")
    @permission_required("roles:write")
    @recently_authenticated()
    @blueprint.forbids(LACKED)
    @blueprint.refuses(UNKNOWN, REFUSED_NAME, TAKEN_NAME)
    @blueprint.arguments(NewRoleSchema)
    @blueprint.response(201, RoleSchema, headers=MADE_AT)
    def post(self, sent: dict[str, Any]) -> tuple[RoleLine, dict[str, str]]:
        """Make a role, within what your own roles allow."""
        made = role_service.create_role(current_principal, sent["name"], tuple(sent["permissions"]))
        db.session.commit()
        return made, {"Location": url_for("admin_api.OneRole", name=made.name)}


@blueprint.route(f"/roles/{ROLE_NAME}")
class OneRole(MethodView):
    """One role."""

    @permission_required("roles:read")
    @blueprint.refuses(NO_SUCH_ROLE)
    @blueprint.response(200, RoleSchema)
    def get(self, name: str) -> RoleLine:
        """Read what a role allows."""
        return roles.get_role(name)

    @permission_required("roles:read")
    @permission_required("roles:write")
    @recently_authenticated()
    @blueprint.forbids(*ON_A_ROLE)
    @blueprint.refuses(NO_SUCH_ROLE, ROLE_FIXED, UNKNOWN)
    @blueprint.arguments(PermissionsSchema)
    @blueprint.response(200, RoleSchema)
    def put(self, sent: dict[str, Any], name: str) -> RoleLine:
        """Let a role allow these and nothing else, from the next request of its holders on."""
        changed = role_service.set_permissions(current_principal, name, tuple(sent["permissions"]))
        db.session.commit()
        return changed

    @permission_required("roles:read")
    @permission_required("roles:write")
    @recently_authenticated()
    @blueprint.forbids(*ON_A_ROLE)
    @blueprint.refuses(NO_SUCH_ROLE, ROLE_FIXED)
    @blueprint.response(204)
    def delete(self, name: str) -> None:
        """Remove a role; who had it loses it."""
        role_service.delete_role(current_principal, name)
        db.session.commit()
