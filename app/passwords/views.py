"""The browser's face: ask for a link, follow it, change the password."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.points import ACCOUNT_PAGE
from app.accounts.policy import PasswordRefused
from app.accounts.service import WrongPassword
from app.core import tokens
from app.core.access import public, recently_authenticated
from app.core.current import current_principal
from app.core.limits import guessing
from app.extensions import db
from app.login import browser
from app.login.service import SessionEnded
from app.passwords import service
from app.passwords.forms import ChangeForm, ForgotForm, ResetForm

blueprint = Blueprint("passwords", __name__)


@blueprint.route("/password/forgot", methods=["GET", "POST"])
@public
@guessing("forgot_password")
def forgot() -> AnyResponse | tuple[str, int]:
    """Take an address; the answer is the same whether or not it has an account."""
    form = ForgotForm()
    if form.validate_on_submit():
        service.request_reset(form.email.normalized)
        db.session.commit()
        return redirect(url_for("passwords.check_mail"), 303)
    return render_template("passwords/forgot.html", form=form), 422 if form.errors else 200


@blueprint.get("/password/forgot/check-mail")
@public
def check_mail() -> str:
    """Say where to look."""
    return render_template("passwords/check_mail.html")


@blueprint.route("/password/reset/<token>", methods=["GET", "POST"])
@public
@guessing("reset_password")
def reset(token: str) -> Response:
    """Show the form of a mailed link; only sending it uses the link."""
    answer = make_response(_reset(token))
    # The address of this page holds a secret that other sites must not see as a Referer.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _reset(token: str) -> AnyResponse | tuple[str, int]:
    form = ResetForm()
    try:
        user = service.find_reset(token)
        if not form.suggests() and form.validate_on_submit():
            service.reset_password(token, form.password.data)
            db.session.commit()
            flash("Your new password is saved. Sign in with it.", "success")
            return redirect(url_for("login.sign_in"), 303)
    except tokens.TokenRefused:
        return render_template("passwords/link_used_up.html"), 410
    except PasswordRefused as refusal:
        form.password.errors = [str(refusal)]
    page = render_template("passwords/reset.html", form=form, email=user.email)
    return page, 422 if form.errors else 200


@blueprint.route("/account/password", methods=["GET", "POST"])
@recently_authenticated()
@guessing("change_password")
def change() -> AnyResponse | tuple[str, int]:
    """Change one's password, or set the first."""
    form = ChangeForm()
    if current_user.password_hash is None:
        del form.current
    if not form.suggests() and form.validate_on_submit():
        try:
            return _change(form)
        except PasswordRefused as refusal:
            form.password.errors = [str(refusal)]
        except WrongPassword:
            db.session.commit()  # a refusal is a result too: listeners may have written of it
            form.current.errors = ["That is not your current password."]
        except SessionEnded:
            return redirect(url_for("login.sign_in", next=url_for("passwords.change")), 303)
    return render_template("passwords/change.html", form=form), 422 if form.errors else 200


def _change(form: ChangeForm) -> AnyResponse:
    current = form.current.data if form.current else ""
    secret = service.change_password(current_principal, form.password.data, current=current)
    db.session.commit()
    browser.renew(secret)
    flash("Your new password is saved. Everywhere else you are signed out.", "success")
    return redirect(url_for(ACCOUNT_PAGE.get() or "site.home"), 303)


@blueprint.get("/.well-known/change-password")
@public
def well_known() -> AnyResponse:
    """Lead a password manager to where a password is changed (W3C, change-password-url)."""
    return redirect(url_for("passwords.change"), 303)
