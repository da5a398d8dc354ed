"""The browser's face: the account page, and what can be changed there."""

import json

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from app.accounts import personal_data
from app.accounts.models import User
from app.accounts.points import EXPORTS
from app.accounts.service import (
    AccountExists,
    NoSuchAccount,
    StillNeeded,
)
from app.core import clock
from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.limits import guessing
from app.core.registry import registry
from app.core.tokens import TokenRefused
from app.extensions import db
from app.login import attempt as attempts
from app.login import browser
from app.login import service as login
from app.profile import deletion, email_change, service
from app.profile.forms import ChangeEmailForm, ChangeNameForm

blueprint = Blueprint("profile", __name__)
signed_in(blueprint)


@blueprint.after_request
def keep_address_here(response: Response) -> Response:
    """Keep the addresses of these pages from other sites: some hold the secret of a link."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.errorhandler(StillNeeded)
def still_needed(reason: StillNeeded) -> Response:
    """Say why this account cannot go yet."""
    return error_page(409, str(reason), title="This account is still needed")


@blueprint.errorhandler(TokenRefused)
@blueprint.errorhandler(NoSuchAccount)
def refuse_link(_: Exception) -> Response:
    """Answer alike for every reason: whoever tries links is not told how near they came."""
    db.session.rollback()
    return error_page(410, "A link works once, for a while, and for the account that asked for it.")


@blueprint.errorhandler(AccountExists)
def refuse_taken(_: AccountExists) -> Response:
    """Say that another account has the address by now; nothing has changed."""
    db.session.rollback()
    return error_page(
        409,
        "Another account has this address by now. Nothing has changed.",
        "This address is taken",
    )


@blueprint.get("/account")
def account() -> str:
    """Show how the account stands."""
    return render_template("profile/account.html", account=service.describe(current_principal))


@blueprint.route("/account/profile", methods=["GET", "POST"])
def change_name() -> Response | tuple[str, int]:
    """Take another name."""
    form = ChangeNameForm(name=current_principal.name)
    if form.validate_on_submit():
        service.change_name(current_principal, form.name.data)
        db.session.commit()
        flash("Your name is changed.", "success")
        return redirect(url_for("profile.account"), 303)
    return render_template("profile/name.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/email", methods=["GET", "POST"])
@recently_authenticated()
@guessing("change_email")
def change_email() -> Response | tuple[str, int]:
    """Ask for another address; the answer is the same whether or not it is free."""
    form = ChangeEmailForm()
    if form.validate_on_submit():
        try:
            email_change.request_change(current_principal, form.email.normalized)
        except email_change.SameAddress:
            form.email.errors = ["That is your address already."]
        else:
            db.session.commit()
            flash("A mail is on its way to the new address. Follow its link within 24 hours.")
            return redirect(url_for("profile.account"), 303)
    return render_template("profile/email.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/email/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> Response | str:
    """Show the button of a mailed link; pressing it moves the account."""
    change = email_change.get_change(current_principal, token)
    if request.method == "POST":
        address = email_change.confirm_change(current_principal, token)
        db.session.commit()
        flash(f"Your address is now {address}.", "success")
        return redirect(url_for("profile.account"), 303)
    return render_template("profile/confirm_email.html", new_email=change.data["new_email"])


@blueprint.route("/account/email/undo/<token>", methods=["GET", "POST"])
@public
def undo_email(token: str) -> Response | str:
    """Show the button of the link in the old inbox; pressing it gives the account back."""
    email_change.get_undo(token)
    if request.method == "POST":
        email_change.undo_change(token)
        db.session.commit()
        flash("The change is taken back and everybody is signed out. Choose a new password now.")
        return redirect(url_for("passwords.forgot"), 303)
    return render_template("profile/undo_email.html")


@blueprint.route("/account/export", methods=["GET", "POST"])
@recently_authenticated()
def export() -> Response | str:
    """Hand out all that is known of the person, as a file."""
    if request.method != "POST":  # HEAD asks too, and carries no form token
        exported = {name for name, _ in EXPORTS.by_feature(current_app)}
        parts = [feature for feature in registry().features if feature.name in exported]
        return render_template("profile/export.html", parts=parts)
    known = personal_data.export(db.session.get_one(User, current_principal.user_id))
    answer = make_response(json.dumps(known, ensure_ascii=False, indent=2))
    answer.mimetype = "application/json"
    name = f"account-{clock.now():%Y-%m-%d}.json"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@blueprint.route("/account/delete", methods=["GET", "POST"])
@recently_authenticated()
def delete() -> Response | str:
    """Say what goes and when; pressing the button plans it and signs everybody out."""
    if request.method != "POST":  # HEAD asks too, and carries no form token
        return render_template("profile/delete.html", days=deletion.GRACE.days)
    planned = deletion.request_deletion(current_principal)
    db.session.commit()
    day = f"{planned.erase_at:%d %b %Y}"
    return browser.leave(
        "site.home", f"Your account will be erased on {day}. Until then you can keep it."
    )


@blueprint.route("/account/delete/undo/<token>", methods=["GET", "POST"])
@public
def keep_by_link(token: str) -> Response | str:
    """Show the button of the mailed link; pressing it keeps the account and opens nothing."""
    deletion.get_keeping(token)
    if request.method == "POST":
        deletion.keep_by_link(token)
        db.session.commit()
        flash("Your account stays. Sign in as before.", "success")
        return redirect(url_for("login.sign_in"), 303)
    return render_template("profile/keep_by_link.html")


@blueprint.route("/login/keep", methods=["GET", "POST"])
@public
def keep() -> Response | str:
    """Ask somebody on the way in whether they want to keep the account."""
    try:
        attempt = attempts.resume(session.get(browser.PENDING, ""), browser.origin())
        if request.method == "POST":
            attempt.pass_step(deletion.KEEP)
            return browser.answer(login.complete(attempt), attempt.next)
    except (TokenRefused, login.SignInRefused):
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        return redirect(url_for("login.sign_in"), 303)
    return render_template("profile/keep.html", planned=deletion.find_deletion(attempt.user.id))
