"""The browser's face: the list, the buttons that end something, and the link of the mail."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core import tokens
from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.devices import service
from app.extensions import db
from app.login import browser
from app.login.service import sign_out_everywhere

blueprint = Blueprint("devices", __name__, url_prefix="/account/devices")
signed_in(blueprint)


@blueprint.errorhandler(service.NoSuchDevice)
def no_such_device(_: service.NoSuchDevice) -> Response:
    """Answer as for an address that never was, whoever's sign-in it may be."""
    return error_page(404)


@blueprint.after_request
def keep_the_secret_here(answer: Response) -> Response:
    """Let no other site see the address of a page whose address holds a secret."""
    if "token" in (request.view_args or {}):
        answer.headers["Referrer-Policy"] = "same-origin"
    return answer


@blueprint.get("")
def index() -> str:
    """Show where the person is signed in."""
    return render_template("devices/index.html", devices=service.list_devices(current_principal))


@blueprint.post("/<uuid:public_id>/end")
@recently_authenticated()
def end(public_id: UUID) -> Response:
    """End one sign-in."""
    service.end_device(current_principal, public_id)
    db.session.commit()
    flash("That device is signed out.", "success")
    return redirect(url_for("devices.index"), 303)


@blueprint.post("/end-others")
@recently_authenticated()
def end_others() -> Response:
    """End every sign-in but this one."""
    sign_out_everywhere(current_principal, but_this=True)
    db.session.commit()
    flash("You are signed out everywhere else.", "success")
    return redirect(url_for("devices.index"), 303)


@blueprint.post("/end-all")
@recently_authenticated()
def end_all() -> Response:
    """End every sign-in, this one too."""
    sign_out_everywhere(current_principal)
    db.session.commit()
    return browser.leave("login.sign_in", "You are signed out everywhere.")


@blueprint.route("/not-me/<token>", methods=["GET", "POST"])
@public
def not_me(token: str) -> Response | str:
    """Show the button of a mailed link; only pressing it uses the link.

    Mail scanners open every link they see. They send no forms.
    """
    try:
        if request.method != "POST":  # HEAD asks too, and carries no form token
            tokens.get(service.NOT_ME, token)
            return render_template("devices/not_me.html")
        was_there = service.disown(token)
    except tokens.TokenRefused:
        return error_page(410, "It works once, for seven days. Sign in to see your devices.")
    db.session.commit()
    flash(
        "That device is signed out." if was_there else "It had been signed out already.", "success"
    )
    return redirect(url_for("devices.what_now"), 303)


@blueprint.get("/not-me")
@public
def what_now() -> str:
    """Say what has to be done about the password; the address holds no secret any more."""
    return render_template("devices/what_now.html")
