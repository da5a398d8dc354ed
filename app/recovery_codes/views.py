"""The browser's face: see the codes once, download them, make others."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.core.access import recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.redirects import safe_next
from app.extensions import db
from app.recovery_codes import service

blueprint = Blueprint("recovery_codes", __name__, url_prefix="/account/recovery-codes")
signed_in(blueprint)
recently_authenticated()(blueprint)


@blueprint.errorhandler(service.NothingToStandIn)
def nothing_to_stand_in(_: service.NothingToStandIn) -> AnyResponse:
    """Say what comes first."""
    return error_page(409, "Set up a second factor first: codes stand in for it.", "No factor yet")


@blueprint.after_request
def keep_nothing(response: AnyResponse) -> AnyResponse:
    """Let no browser keep a page that shows codes."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def index() -> str:
    """Show how many codes are left, and the codes themselves while they can be read."""
    user_id = current_principal.account_id
    return render_template(
        "recovery_codes/index.html",
        state=service.state_of(user_id),
        codes=service.readable(user_id),
        most=service.MADE,
        wanted=safe_next(request.args.get("next")),
    )


@blueprint.get("/download")
def download() -> AnyResponse:
    """Hand the codes out as a file, while they can be read."""
    codes = service.readable(current_principal.account_id)
    if not codes:
        return redirect(url_for("recovery_codes.index"), 303)
    file = Response("\n".join(codes) + "\n", content_type="text/plain; charset=utf-8")
    file.headers["Content-Disposition"] = "attachment; filename=recovery-codes.txt"
    return file


@blueprint.post("/saved")
def saved() -> AnyResponse:
    """Show the codes no more."""
    service.put_away(current_principal.account_id)
    db.session.commit()
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.post("/renew")
def renew() -> AnyResponse:
    """Make ten other codes."""
    service.renew(current_principal)
    db.session.commit()
    flash("You have new codes; those before are void.", "success")
    return redirect(url_for("recovery_codes.index"), 303)
