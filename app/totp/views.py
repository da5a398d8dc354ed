"""The browser's face: add an authenticator, signed in or on the way in, and take one away."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.factor import CodeRefused
from app.core.limits import guessing
from app.core.tokens import TokenRefused
from app.extensions import db
from app.login import browser
from app.login import service as login
from app.second_factor import service as second_factor
from app.second_factor.views import attempt_of_browser, begin_again, page_after_adding
from app.totp import service
from app.totp.factor import AuthenticatorApp
from app.totp.forms import ConfirmForm
from app.totp.picture import qr_code

REFUSED = "That is not the code of this moment. Is the clock of your phone right?"

blueprint = Blueprint("totp", __name__)
blueprint.register_error_handler(TokenRefused, begin_again)
blueprint.register_error_handler(login.SignInRefused, begin_again)


@blueprint.errorhandler(service.NoSuchAuthenticator)
def nothing_there(_: Exception) -> Response:
    """Answer as for an address that never was, whoever's it may be."""
    return error_page(404)


@blueprint.errorhandler(service.TooMany)
def too_many(_: service.TooMany) -> Response:
    """Say what to do first."""
    return error_page(409, "Take one away before you add another.", "Enough authenticators")


@blueprint.errorhandler(service.EnrolmentLost)
def begin_setting_up(_: service.EnrolmentLost) -> str:
    """Offer to begin: nothing is shown before somebody asks for it."""
    return render_template("totp/begin.html")


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser keep a page that shows a secret."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/account/totp")
@signed_in
def index() -> str:
    """Show the authenticators of the account."""
    found = service.authenticators_of(current_principal.account_id)
    return render_template("totp/index.html", found=found)


@blueprint.route("/account/totp/add", methods=["GET", "POST"])
@signed_in
@recently_authenticated()
@guessing("totp_add")
def add() -> Response | tuple[str, int]:
    """Show what the app must know, and take the first code of it."""
    user_id, place = current_principal.account_id, second_factor.presence_of(current_principal)
    if "begin" in request.form:
        return _begin(user_id, place, "totp.add")
    form, keep = ConfirmForm(), current_principal.login_session_id
    if request.method == "POST" and form.validate_on_submit():
        try:
            service.confirm(user_id, place, form.code.data, form.name.data, keep=keep)
        except CodeRefused:
            form.code.errors = [REFUSED]
        else:
            db.session.commit()
            flash("The authenticator is added. Everywhere else you are signed out.", "success")
            return redirect(page_after_adding(user_id, url_for("second_factor.index")), 303)
    return _page(user_id, place, form)


@blueprint.route("/login/second-factor/totp/enrol", methods=["GET", "POST"])
@public
@guessing("totp_add")
def enrol() -> Response | tuple[str, int]:
    """The same for whoever must have a factor, on the way in; then they are in."""
    attempt = attempt_of_browser()
    second_factor.check_may_enrol(attempt)
    user_id, place = attempt.user.id, second_factor.sign_in_of(attempt)
    if "begin" in request.form:
        return _begin(user_id, place, "totp.enrol")
    form = ConfirmForm()
    if request.method == "POST" and form.validate_on_submit():
        try:
            service.confirm(user_id, place, form.code.data, form.name.data)
        except CodeRefused:
            form.code.errors = [REFUSED]
        else:
            second_factor.pass_by_setting_up(attempt, AuthenticatorApp.amr)
            wanted = page_after_adding(user_id, attempt.next)
            return browser.answer(login.complete(attempt), wanted)
    return _page(user_id, place, form)


def _begin(user_id: int, place: str, endpoint: str) -> Response:
    service.begin(user_id, place)
    db.session.commit()
    return redirect(url_for(endpoint), 303)


def _page(user_id: int, place: str, form: ConfirmForm) -> tuple[str, int]:
    enrolment = service.find_enrolment(user_id, place)
    picture = qr_code(enrolment.address)
    page = render_template("totp/add.html", form=form, enrolment=enrolment, picture=picture)
    return page, 422 if form.errors else 200


@blueprint.post("/account/totp/<uuid:public_id>/remove")
@signed_in
@recently_authenticated()
def remove(public_id: UUID) -> Response:
    """Take an authenticator away."""
    name = service.remove(current_principal, public_id)
    db.session.commit()
    flash(f"{name} is taken away. Everywhere else you are signed out.", "success")
    return redirect(url_for("totp.index"), 303)
