"""The browser's face: what happened to one's account, and "this was not me"."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.access import public, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.lists import CursorRefused, read_list
from app.extensions import db
from app.login import browser
from app.security_log import service
from app.security_log.presentation import own_line

ON_A_PAGE = 25

blueprint = Blueprint("security_log", __name__, url_prefix="/account/security-log")
signed_in(blueprint)


@blueprint.errorhandler(service.NoSuchEvent)
def no_such_event(_: service.NoSuchEvent) -> Response:
    """Answer as for an address that never was, whoever's event it may be."""
    return error_page(404)


@blueprint.get("")
def index() -> Response | str:
    """Show what happened, the newest first."""
    cursor = request.args.get("cursor")
    try:
        page = read_list(
            "security log",
            cursor,
            ON_A_PAGE,
            find=lambda after, limit: service.own_entries_after(current_principal, after, limit),
            key=lambda entry: (entry.happened_at, entry.id),
        )
    except CursorRefused:  # cut off in a bookmark, or sealed with a key that is gone
        return redirect(url_for("security_log.index"), 303)
    return render_template(
        "security_log/index.html",
        lines=[own_line(entry) for entry in page.items],
        older=page.next_cursor,
        is_first=cursor is None,
    )


@blueprint.post("/<uuid:public_id>/not-me")
def not_me(public_id: UUID) -> Response:
    """End every sign-in, this one too, and mail a link to a new password."""
    service.disown(current_principal, public_id)
    db.session.commit()
    return browser.leave("security_log.what_now", "You are signed out everywhere.")


@blueprint.get("/not-me")
@public
def what_now() -> str:
    """Say what to do next; whoever comes here has just been signed out."""
    return render_template("security_log/what_now.html")
