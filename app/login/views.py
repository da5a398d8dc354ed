"""The browser's face: sign in, sign out, prove presence again."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.service import WrongPassword
from app.core.access import public, signed_in
from app.core.current import current_principal
from app.core.limits import guessing
from app.core.redirects import safe_next
from app.extensions import db
from app.login import browser, service
from app.login.forms import ReauthenticationForm, SignInForm

# One sentence for every reason; said apart, they would tell who has an account here.
REFUSED = (
    "This address and password do not open an account. "
    "If you have just registered, follow the link in our mail first."
)

blueprint = Blueprint("login", __name__)
# The proxy, which asks the database only in a template that uses it.
blueprint.app_context_processor(lambda: {"current_user": current_user})


@blueprint.route("/login", methods=["GET", "POST"])
@public
@guessing("sign_in")
def sign_in() -> Response | tuple[str, int]:
    """Take address and password to the door."""
    form = SignInForm()
    wanted = safe_next(form.next.data or request.args.get("next"))
    if request.method != "POST":  # HEAD asks too, and carries no form token
        if current_principal.is_signed_in:
            return redirect(wanted, 303)
        form.next.data = wanted
    elif form.validate_on_submit():
        try:
            outcome = service.sign_in(
                form.email.normalized,
                form.password.data,
                browser.origin(),
                remember=form.remember.data,
                next_page=wanted,
            )
        except service.SignInRefused:
            db.session.commit()  # a refusal is a result too: listeners may have written of it
            form.password.errors = [REFUSED]
        else:
            return browser.answer(outcome, wanted)
    return render_template("login/sign_in.html", form=form), 422 if form.errors else 200


@blueprint.post("/logout")
@public
def sign_out() -> Response:
    """End the session; a link or a picture on another site cannot do it."""
    service.sign_out(current_principal)
    db.session.commit()
    return browser.leave("site.home", "You are signed out.")


@blueprint.route("/reauthenticate", methods=["GET", "POST"])
@signed_in
@guessing("reauthenticate")
def reauthenticate() -> Response | tuple[str, int]:
    """Ask for the password again before a change that matters."""
    form = ReauthenticationForm()
    wanted = safe_next(form.next.data or request.args.get("next"))
    if current_user.password_hash is None:
        return render_template("login/no_password.html", wanted=wanted), 200
    if request.method != "POST":  # HEAD asks too, and carries no form token
        form.next.data = wanted
    elif form.validate_on_submit():
        try:
            secret = service.reauthenticate(current_principal, form.password.data)
        except WrongPassword:
            db.session.commit()  # a refusal is a result too: listeners may have written of it
            form.password.errors = ["That is not your password."]
        except service.SessionEnded:
            return redirect(url_for("login.sign_in", next=wanted), 303)
        else:
            db.session.commit()
            browser.renew(secret)
            return redirect(wanted, 303)
    return render_template("login/reauthenticate.html", form=form), 422 if form.errors else 200
