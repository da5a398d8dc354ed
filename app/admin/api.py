# file of feature: api
"""The API's face of the administration: the use cases of its pages, by the same rules."""

from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask.views import MethodView

from app.accounts.service import NoSuchAccount, StillNeeded
from app.admin import directory, log_service, rank, role_service, user_service
from app.admin.download import as_download
from app.admin.role_forms import NAME_REFUSED, NAME_TAKEN, NOT_DECLARED
from app.admin.schemas import (
    EventPageSchema,
    HeldListSchema,  # feature: second_factor
    LogQuerySchema,
    NarrowingSchema,
    NewRoleSchema,
    OneUserSchema,
    PermissionListSchema,
    PermissionsSchema,
    ReasonSchema,  # feature: second_factor
    RoleSchema,
    RolesSchema,
    SessionsSchema,
    UserPageSchema,
    UsersQuerySchema,
)
from app.api.blueprint import MADE_AT, ApiBlueprint
from app.api.pages import read_page
from app.api.problems import Refusal
from app.core.access import permission_required, recently_authenticated
from app.core.factor import NoSuchFactor  # feature: second_factor
from app.core.house import UnknownPermission, house
from app.core.principal import current_principal
from app.extensions import db
from app.roles import service as roles
from app.roles.models import LONGEST_NAME
from app.roles.service import RoleLine
from app.security_log.service import Wanted, entries_after

NO_SUCH_ROLE = Refusal(roles.NoSuchRole, 404, "no_such_role", "There is no role of this name.")
ROLE_FIXED = Refusal(
    roles.RoleFixed,
    409,
    "role_fixed",
    "The role of administrators allows everything. It is neither changed nor removed.",
)
UNKNOWN = Refusal(UnknownPermission, 422, "unknown_permission", NOT_DECLARED, "permissions")
REFUSED_NAME = Refusal(roles.RoleNameRefused, 422, "role_name_refused", NAME_REFUSED, "name")
TAKEN_NAME = Refusal(roles.RoleExists, 409, "role_exists", NAME_TAKEN, "name")

NO_SUCH_USER = Refusal(NoSuchAccount, 404, "no_such_user", "There is no account under this id.")
NO_SUCH_SESSION = Refusal(
    user_service.NoSuchSession, 404, "no_such_session", "There is no such sign-in, or it is over."
)
STILL_NEEDED = Refusal(StillNeeded, 409, "still_needed")
NOT_USABLE = Refusal(
    user_service.NotUsable, 409, "not_usable", "Nobody can sign in to this account anyway."
)
# feature: second_factor
NO_SUCH_FACTOR = Refusal(
    NoSuchFactor, 404, "no_such_factor", "The account has no such second factor."
)
# endfeature
# Answered by the one door for refusals, and logged.
ON_SOMEBODY = (rank.ActingOnOneself(), rank.HigherAccount())
LACKED = rank.PermissionLacked(["users:write"])
ON_A_ROLE = (role_service.OwnRole(), rank.HigherHolder(), LACKED)
ROLE_NAME = f"<string(maxlength={LONGEST_NAME}):name>"

blueprint = ApiBlueprint("admin", __name__, "", "Accounts, roles and the log of the whole site.")


@blueprint.get("/users")
@permission_required("users:read")
@blueprint.arguments(UsersQuerySchema, location="query")
@blueprint.response(200, UserPageSchema)
def users(sent: dict[str, Any]) -> dict[str, Any]:
    """List accounts: the newest first, or by the word that their address or name begins with."""
    search = sent["search"].strip()
    return read_page(
        f"accounts that begin with {search}",
        sent,
        find=lambda after, limit: directory.users_after(search, after, limit),
        key=directory.place_of,
    )


@blueprint.get("/users/<uuid:public_id>")
@permission_required("users:read")
@blueprint.refuses(NO_SUCH_USER)
@blueprint.response(200, OneUserSchema)
def user(public_id: UUID) -> dict[str, Any]:
    """Read how an account stands, and which roles it has."""
    found = user_service.get_user(public_id)
    return {
        "public_id": found.public_id,
        "name": found.name,
        "email": found.email,
        "created_at": found.created_at,
        "confirmed_at": found.confirmed_at,
        "active": found.active,
        "roles": roles.roles_of(found.id),
        "has_password": found.password_hash is not None,
    }


@blueprint.get("/users/<uuid:public_id>/sessions")
@permission_required("users:read")
@blueprint.refuses(NO_SUCH_USER)
@blueprint.response(200, SessionsSchema)
def sessions(public_id: UUID) -> dict[str, Any]:
    """List where an account is signed in, the newest sign-ins first, as many as its page shows."""
    return {"items": user_service.sessions_of(user_service.get_user(public_id))}


@blueprint.delete("/users/<uuid:public_id>/sessions/<uuid:session_id>")
@permission_required("users:read")
@permission_required("users:write")
@recently_authenticated()
@blueprint.forbids(*ON_SOMEBODY)
@blueprint.refuses(NO_SUCH_USER, NO_SUCH_SESSION)
@blueprint.response(204)
def end_session(public_id: UUID, session_id: UUID) -> None:
    """End one sign-in of an account."""
    user_service.end_session(current_principal, public_id, session_id)
    db.session.commit()


@blueprint.post("/users/<uuid:public_id>/end-sessions")
@permission_required("users:read")
@permission_required("users:write")
@recently_authenticated()
@blueprint.forbids(*ON_SOMEBODY)
@blueprint.refuses(NO_SUCH_USER)
@blueprint.response(204)
def end_sessions(public_id: UUID) -> None:
    """End every sign-in of an account."""
    user_service.end_sessions(current_principal, public_id)
    db.session.commit()


@blueprint.post("/users/<uuid:public_id>/deactivate")
@permission_required("users:read")
@permission_required("users:write")
@recently_authenticated()
@blueprint.forbids(*ON_SOMEBODY)
@blueprint.refuses(NO_SUCH_USER, STILL_NEEDED)
@blueprint.response(204)
def deactivate(public_id: UUID) -> None:
    """Switch an account off; its sign-ins end with that."""
    user_service.deactivate(current_principal, public_id)
    db.session.commit()


@blueprint.post("/users/<uuid:public_id>/activate")
@permission_required("users:read")
@permission_required("users:write")
@recently_authenticated()
@blueprint.forbids(*ON_SOMEBODY)
@blueprint.refuses(NO_SUCH_USER)
@blueprint.response(204)
def activate(public_id: UUID) -> None:
    """Switch an account on again."""
    user_service.activate(current_principal, public_id)
    db.session.commit()


@blueprint.post("/users/<uuid:public_id>/require-password")
@permission_required("users:read")
@permission_required("users:write")
@recently_authenticated()
@blueprint.forbids(*ON_SOMEBODY)
@blueprint.refuses(NO_SUCH_USER, NOT_USABLE)
@blueprint.response(204)
def require_password(public_id: UUID) -> None:
    """Void the password of an account and end its sign-ins; its owner is told how to go on."""
    user_service.require_password(current_principal, public_id)
    db.session.commit()


# feature: second_factor
@blueprint.get("/users/<uuid:public_id>/factors")
@permission_required("users:read")
@blueprint.refuses(NO_SUCH_USER)
@blueprint.response(200, HeldListSchema)
def factors(public_id: UUID) -> dict[str, Any]:
    """List the second factors of an account."""
    return {"items": user_service.factors_of(user_service.get_user(public_id))}


@blueprint.post("/users/<uuid:public_id>/factors/<string(maxlength=40):factor>/take-away")
@permission_required("users:read")
@permission_required("users:write")
@recently_authenticated()
@blueprint.forbids(*ON_SOMEBODY)
@blueprint.refuses(NO_SUCH_USER, NO_SUCH_FACTOR)
@blueprint.arguments(ReasonSchema)
@blueprint.response(204)
def take_factor_away(sent: dict[str, str], public_id: UUID, factor: str) -> None:
    """Take a lost second factor away; its owner is told why."""
    user_service.take_factor_away(current_principal, public_id, factor, sent["reason"])
    db.session.commit()


# endfeature
@blueprint.route(f"/users/<uuid:public_id>/roles/{ROLE_NAME}")
@permission_required("users:read")
@permission_required("roles:write")
@recently_authenticated()
class RoleOfUser(MethodView):
    """A role that an account has or has not."""

    @blueprint.forbids(*ON_SOMEBODY, LACKED)
    @blueprint.refuses(NO_SUCH_USER, NO_SUCH_ROLE)
    @blueprint.response(204)
    def put(self, public_id: UUID, name: str) -> None:
        """Give an account a role, within what your own roles allow."""
        user_service.grant(current_principal, public_id, name)
        db.session.commit()

    @blueprint.forbids(*ON_SOMEBODY)
    @blueprint.refuses(NO_SUCH_USER, NO_SUCH_ROLE, STILL_NEEDED)
    @blueprint.response(204)
    def delete(self, public_id: UUID, name: str) -> None:
        """Take a role from an account; its next request knows."""
        user_service.revoke(current_principal, public_id, name)
        db.session.commit()


@blueprint.get("/permissions")
@permission_required("roles:read")
@blueprint.response(200, PermissionListSchema)
def permissions() -> dict[str, Any]:
    """List what roles may allow."""
    declared = sorted(house().permissions.items())
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


@blueprint.get("/security-log")
@permission_required("security_log:read")
@blueprint.arguments(LogQuerySchema, location="query")
@blueprint.response(200, EventPageSchema)
def security_log(sent: dict[str, Any]) -> dict[str, Any]:
    """List what happened to every account, the newest first."""
    wanted = _wanted(sent)
    page = read_page(
        f"log of {wanted}",
        sent,
        find=lambda after, limit: entries_after(wanted, after, limit),
        key=lambda entry: (entry.happened_at, entry.id),
    )
    return {**page, "items": log_service.lines(page["items"])}


@blueprint.post("/security-log/export")
@permission_required("security_log:read")
@recently_authenticated()
@blueprint.arguments(NarrowingSchema)
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
def export(sent: dict[str, Any]) -> Response:
    """Take events away as a table (RFC 4180). That you did is an event itself."""
    table = log_service.export(_wanted(sent))
    db.session.commit()
    return as_download(table)


def _wanted(sent: dict[str, Any]) -> Wanted:
    return log_service.narrow(
        sent.get("account"), sent.get("kind"), sent.get("since"), sent.get("until")
    )
