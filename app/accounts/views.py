"""The browser's face: register, and follow the mailed link."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import service
from app.accounts.forms import ConfirmationForm, RegistrationForm
from app.accounts.models import User
from app.accounts.points import ARRIVAL
from app.core import tokens
from app.core.access import public
from app.core.errors import error_page
from app.core.limits import guessing
from app.extensions import db

blueprint = Blueprint("accounts", __name__)
public(blueprint)


@blueprint.route("/register", methods=["GET", "POST"])
@guessing("register")
def register() -> AnyResponse | tuple[str, int]:
    """Take a registration; the answer is the same whether or not the address is known."""
    form = RegistrationForm()
    if not form.suggests() and form.validate_on_submit():
        _register(form)
        return redirect(url_for("accounts.check_mail"), 303)
    return render_template("accounts/register.html", form=form), 422 if form.errors else 200


def _register(form: RegistrationForm) -> None:
    try:
        service.register(
            name=form.name.data, email=form.email.normalized, password=form.password.data
        )
        db.session.commit()
    except IntegrityError:
        # The same address arrived twice at once. One registration stands and its mail is out.
        db.session.rollback()


@blueprint.get("/register/check-mail")
def check_mail() -> str:
    """Say where to look."""
    return render_template("accounts/check_mail.html")


@blueprint.route("/confirm-email/<token>", methods=["GET", "POST"])
@guessing("confirm_email")
def confirm_email(token: str) -> AnyResponse:
    """Show the form of a mailed link; only sending it uses the link.

    Mail scanners open every link they see. They send no forms, and they know no password.
    """
    form = ConfirmationForm()
    try:
        tokens.get(service.CONFIRM_EMAIL, token)
        if form.validate_on_submit():
            user = service.confirm_email(token, form.password.data)
            return _let_in(user)
    except tokens.TokenRefused:
        return error_page(410, "Register again and we send you a new one.")
    except service.WrongPassword:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        form.password.errors = ["That is not the password of this registration."]
    answer = Response(
        render_template("accounts/confirm_email.html", form=form), 422 if form.errors else 200
    )
    # The address of this page holds a secret that other sites must not see as a Referer.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _let_in(user: User) -> AnyResponse:
    """Hand a person who has proved inbox and password to the door, if this house has one."""
    flash(f"Welcome to {current_app.config['SITE_NAME']}. Your address is confirmed.", "success")
    arrival = ARRIVAL.get()
    if arrival is not None:
        answer: AnyResponse = arrival(user, amr=("pwd",))
        return answer
    db.session.commit()
    return redirect(url_for("site.home"), 303)
