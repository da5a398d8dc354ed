"""Accounts: found, looked at, switched off and on, signed out, given roles."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.accounts.service import NoSuchAccount, StillNeeded
from app.admin import directory, user_service
from app.admin.api_schemas import (
    OneUserSchema,
    SessionsSchema,
    UserPageSchema,
    UsersQuerySchema,
)
from app.admin.base_api import LACKED, NO_SUCH_ROLE, ON_SOMEBODY, ROLE_NAME, blueprint
from app.api.pages import read_page
from app.api.problems import Refusal
from app.core.access import permission_required, recently_authenticated
from app.core.current import current_principal
from app.extensions import db
from app.roles import service as roles

NO_SUCH_USER = Refusal(NoSuchAccount, 404, "no_such_user", "There is no account under this id.")
NO_SUCH_SESSION = Refusal(
    user_service.NoSuchSession, 404, "no_such_session", "There is no such sign-in, or it is over."
)
STILL_NEEDED = Refusal(StillNeeded, 409, "still_needed")
NOT_USABLE = Refusal(
    user_service.NotUsable, 409, "not_usable", "Nobody can sign in to this account anyway."
)


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
