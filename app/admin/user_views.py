"""The browser's face: find an account, look at it, act on it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.models import User
from app.accounts.service import NoSuchAccount, StillNeeded
from app.admin import directory, rank, user_service
from app.core.access import permission_required, recently_authenticated
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.lists import CursorRefused, read_list
from app.extensions import db
from app.roles import service as roles
from app.security_log.presentation import own_line
from app.security_log.service import Wanted, entries_after

ON_A_PAGE = 25
LATEST_EVENTS = 10

blueprint = Blueprint("users", __name__, url_prefix="/users")
permission_required("users:read")(blueprint)


@blueprint.errorhandler(NoSuchAccount)
@blueprint.errorhandler(user_service.NoSuchSession)
@blueprint.errorhandler(roles.NoSuchRole)
def not_there(_: Exception) -> Response:
    """Answer as for an address that never was."""
    return error_page(404)


@blueprint.errorhandler(StillNeeded)
def still_needed(reason: StillNeeded) -> Response:
    """Say why this cannot be done yet."""
    return error_page(409, str(reason), "This account is still needed")


@blueprint.errorhandler(user_service.NotUsable)
def not_usable(_: user_service.NotUsable) -> Response:
    """Say why there is nothing to ask for."""
    return error_page(409, "Nobody can sign in to this account anyway.", "Nothing to do")


@blueprint.get("")
def index() -> Response | str:
    """Show accounts: the newest, or those whose address or name begins with a word."""
    search = request.args.get("search", "").strip()[: directory.LONGEST_SEARCH]
    cursor = request.args.get("cursor")
    try:
        page = read_list(
            f"accounts that begin with {search}",
            cursor,
            ON_A_PAGE,
            find=lambda after, limit: directory.users_after(search, after, limit),
            key=directory.place_of,
        )
    except CursorRefused:
        flash("That page cannot be continued. The list begins again.", "info")
        return redirect(url_for("admin.users.index", search=search or None), 303)
    return render_template("admin/users.html", page=page, search=search, is_first=cursor is None)


@blueprint.get("/<uuid:public_id>")
def show(public_id: UUID) -> str:
    """Show how an account stands, and what can be done about it."""
    user = user_service.get_user(public_id)
    has = roles.roles_of(user.id)
    entries = []
    if current_principal.can("security_log:read"):
        entries = entries_after(Wanted(account=user.public_id), None, LATEST_EVENTS)
    return render_template(
        "admin/user.html",
        user=user,
        id=public_id,
        state=directory.state_of(user),
        has=has,
        others=[name for name in rank.roles_within(current_principal) if name not in has],
        sessions=user_service.sessions_of(user),
        events=[own_line(entry) for entry in entries],
        is_above=rank.is_above(current_principal, user),
    )


@blueprint.post("/<uuid:public_id>/deactivate")
@permission_required("users:write")
@recently_authenticated()
def deactivate(public_id: UUID) -> Response:
    """Switch an account off."""
    user = user_service.deactivate(current_principal, public_id)
    return done(user, "The account is switched off, and nobody is signed in to it.")


@blueprint.post("/<uuid:public_id>/activate")
@permission_required("users:write")
@recently_authenticated()
def activate(public_id: UUID) -> Response:
    """Switch an account on again."""
    user = user_service.activate(current_principal, public_id)
    return done(user, "The account is switched on.")


@blueprint.post("/<uuid:public_id>/end-sessions")
@permission_required("users:write")
@recently_authenticated()
def end_sessions(public_id: UUID) -> Response:
    """End every sign-in of an account."""
    user = user_service.end_sessions(current_principal, public_id)
    return done(user, "Nobody is signed in to the account any more.")


@blueprint.post("/<uuid:public_id>/sessions/<uuid:session_id>/end")
@permission_required("users:write")
@recently_authenticated()
def end_session(public_id: UUID, session_id: UUID) -> Response:
    """End one sign-in of an account."""
    user = user_service.end_session(current_principal, public_id, session_id)
    return done(user, "That sign-in is ended.")


@blueprint.post("/<uuid:public_id>/require-password")
@permission_required("users:write")
@recently_authenticated()
def require_password(public_id: UUID) -> Response:
    """Take the password away; the owner is told how to choose another."""
    user = user_service.require_password(current_principal, public_id)
    return done(
        user, "The password no longer works. The owner was notified by email how to set a new one."
    )


@blueprint.post("/<uuid:public_id>/roles")
@permission_required("roles:write")
@recently_authenticated()
def grant(public_id: UUID) -> Response:
    """Give an account a role."""
    role = request.form.get("role", "")
    user = user_service.grant(current_principal, public_id, role)
    return done(user, f"The account has the role {role}.")


@blueprint.post("/<uuid:public_id>/roles/<role>/revoke")
@permission_required("roles:write")
@recently_authenticated()
def revoke(public_id: UUID, role: str) -> Response:
    """Take a role from an account."""
    user = user_service.revoke(current_principal, public_id, role)
    return done(user, f"The account has the role {role} no more. Its next click knows.")


def done(user: User, farewell: str) -> Response:
    """Commit, say what was done, and show the account again."""
    db.session.commit()
    flash(farewell, "success")
    return redirect(url_for("admin.users.show", public_id=UUID(user.public_id)), 303)
