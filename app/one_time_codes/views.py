"""The browser's face: where codes go, signed in or on the way in."""

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
from app.one_time_codes import service, sms
from app.one_time_codes.factor import EmailCodes
from app.one_time_codes.forms import PhoneForm, SentCodeForm
from app.one_time_codes.phone import NumberRefused, masked
from app.one_time_codes.sign_in_views import blueprint as by_mail
from app.second_factor import service as second_factor
from app.second_factor.views import (
    REFUSED,
    attempt_of_browser,
    begin_again,
    page_after_adding,
)

blueprint = Blueprint("one_time_codes", __name__)
blueprint.register_blueprint(by_mail)
blueprint.register_error_handler(TokenRefused, begin_again)
blueprint.register_error_handler(login.SignInRefused, begin_again)


@blueprint.errorhandler(service.NoSuchChannel)
def nothing_there(_: Exception) -> Response:
    """Answer as for an address that never was."""
    return error_page(404)


@blueprint.errorhandler(service.ChannelTaken)
def taken(_: service.ChannelTaken) -> Response:
    """Say what to do first."""
    db.session.rollback()
    return error_page(409, "Codes go this way already. Stop them first.", "Already set up")


@blueprint.errorhandler(service.NothingBegun)
def begin_setting_up(_: service.NothingBegun) -> Response:
    """Lead back to where it begins."""
    return redirect(url_for("one_time_codes.index"), 303)


@blueprint.get("/account/one-time-codes")
@signed_in
def index() -> str:
    """Show where codes go, and where they could."""
    return _index(PhoneForm())


def _index(form: PhoneForm) -> str:
    found = service.channels_of(current_principal.account_id)
    return render_template(
        "one_time_codes/index.html",
        found={one.channel: one for one in found},
        has_sms=sms.is_on(),
        masked=masked,
        form=form,
    )


@blueprint.post("/account/one-time-codes/email")
@signed_in
@recently_authenticated()
@guessing("second_factor_send")
def begin_email() -> Response:
    """Mail a code, to see that it arrives."""
    return _begin(service.EMAIL, "")


@blueprint.post("/account/one-time-codes/sms")
@signed_in
@recently_authenticated()
@guessing("second_factor_send")
def begin_sms() -> Response | tuple[str, int]:
    """Send a code to a phone, to see that it arrives."""
    if not sms.is_on():
        raise service.NoSuchChannel
    form = PhoneForm()
    if form.validate_on_submit():
        try:
            return _begin(service.SMS, form.number.data)
        except NumberRefused as refusal:
            form.number.errors = [str(refusal)]
    return _index(form), 422


def _begin(channel: str, number: str) -> Response:
    place = second_factor.presence_of(current_principal)
    deliver = service.begin(current_principal.account_id, place, channel, number)
    db.session.commit()
    deliver()
    return redirect(url_for("one_time_codes.confirm"), 303)


@blueprint.route("/account/one-time-codes/confirm", methods=["GET", "POST"])
@signed_in
@recently_authenticated()
@guessing("second_factor")
def confirm() -> Response | tuple[str, int]:
    """Take the code that has arrived."""
    user_id, place = current_principal.account_id, second_factor.presence_of(current_principal)
    begun, form = service.find_begun(user_id, place), SentCodeForm()
    if request.method == "POST" and form.validate_on_submit():
        keep = current_principal.login_session_id
        try:
            service.confirm(user_id, place, form.code.data, keep=keep)
        except CodeRefused:
            form.code.errors = [REFUSED]
        else:
            db.session.commit()
            flash("Codes go this way from now on. Everywhere else you are signed out.", "success")
            return redirect(page_after_adding(user_id, url_for("second_factor.index")), 303)
    page = render_template("one_time_codes/confirm.html", form=form, begun=begun.data)
    return page, 422 if form.errors else 200


@blueprint.post("/account/one-time-codes/<channel>/stop")
@signed_in
@recently_authenticated()
def stop(channel: str) -> Response:
    """Send no more codes this way."""
    service.stop(current_principal, channel)
    db.session.commit()
    flash("No more codes go this way. Everywhere else you are signed out.", "success")
    return redirect(url_for("one_time_codes.index"), 303)


@blueprint.route("/login/second-factor/email-code/enrol", methods=["GET", "POST"])
@public
@guessing("second_factor_send")
def enrol() -> Response | tuple[str, int]:
    """The same for whoever must have a factor, on the way in: by mail, and then they are in."""
    attempt = attempt_of_browser()
    second_factor.check_may_enrol(attempt)
    user_id, place = attempt.user.id, second_factor.sign_in_of(attempt)
    if "begin" in request.form:
        deliver = service.begin(user_id, place, service.EMAIL)
        db.session.commit()
        deliver()
        return redirect(url_for("one_time_codes.enrol"), 303)
    form = SentCodeForm()
    if request.method == "POST" and form.validate_on_submit():
        try:
            service.confirm(user_id, place, form.code.data)
        except CodeRefused:
            form.code.errors = [REFUSED]
        else:
            second_factor.pass_by_setting_up(attempt, EmailCodes.amr)
            wanted = page_after_adding(user_id, attempt.next)
            return browser.answer(login.complete(attempt), wanted)
    page = render_template("one_time_codes/enrol.html", form=form)
    return page, 422 if form.errors else 200
