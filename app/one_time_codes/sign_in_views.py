"""The browser's face of the way in by a mailed code."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.core.access import public
from app.core.errors import error_page
from app.core.factor import CodeRefused
from app.core.limits import guessing
from app.core.redirects import safe_next
from app.core.tokens import TokenRefused
from app.extensions import db
from app.login import browser
from app.one_time_codes import sign_in
from app.one_time_codes.forms import AddressForm, SentCodeForm
from app.second_factor.views import REFUSED, begin_again

TRY = "mailed_code"  # what the cookie keeps: a secret that names the try, the address, the page

blueprint = Blueprint("by_mail", __name__, url_prefix="/login/code")
blueprint.register_error_handler(TokenRefused, begin_again)
public(blueprint)


@blueprint.errorhandler(sign_in.SwitchedOff)
def nothing_there(_: sign_in.SwitchedOff) -> Response:
    """Answer as for an address that never was."""
    return error_page(404)


@blueprint.route("", methods=["GET", "POST"])
@guessing("mailed_code_send")
def begin() -> Response | tuple[str, int]:
    """Mail a code to an address."""
    sign_in.check_on()
    form = AddressForm()
    if request.method == "POST" and form.validate_on_submit():
        email = form.email.normalized
        secret = sign_in.begin(email, browser.origin().device)
        session[TRY] = [secret, email, safe_next(request.args.get("next"))]
        db.session.commit()
        answer = redirect(url_for("one_time_codes.by_mail.finish"), 303)
        browser.remember_device(answer)
        return answer
    return render_template("one_time_codes/begin.html", form=form), 422 if form.errors else 200


@blueprint.route("/type", methods=["GET", "POST"])
@guessing("mailed_code")
def finish() -> Response | tuple[str, int]:
    """Take the code to the door."""
    sign_in.check_on()
    if TRY not in session:
        raise TokenRefused
    secret, email, wanted = session[TRY]
    form = SentCodeForm()
    if request.method == "POST" and form.validate_on_submit():
        try:
            user = sign_in.finish(secret, email, form.code.data, browser.origin().device)
        except CodeRefused:
            db.session.commit()  # a refusal is a result too: listeners may have written of it
            form.code.errors = [REFUSED]
        else:
            session.pop(TRY)
            return browser.arrive(user, amr=("otp",), next_page=wanted)
    page = render_template("one_time_codes/type.html", form=form, email=email)
    return page, 422 if form.errors else 200
