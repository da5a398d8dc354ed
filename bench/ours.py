"""Our own application, with somebody signed in, and one request of each kind."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Flask, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from app import create_app
from app.accounts import service as accounts
from app.core.access import signed_in
from app.core.current import current_principal
from app.extensions import db
from bench.measure import Case, request
from bench.peers import bearer
from tests.conftest import SETTINGS, Browser, Program

EMAIL = "ada@example.com"
PASSWORD = "orbit-lantern-maple-quiet"  # noqa: S105 - an account of this run alone

# What is shipped is what is measured.
PRODUCTION = {
    "APP_ENV": "production",
    "BCRYPT_ROUNDS": "10",
    "SMTP_URL": "smtp://localhost:2525",
    "LOG_LEVEL": "ERROR",
}

ADDRESS = {"street": "St James's Square 12", "town": "London", "code": "10000", "country": "UK"}


class AddressForm(FlaskForm):  # type: ignore[misc]
    """A form of four fields: the budget counts four, and none of our own pages has as many."""

    street = StringField("Street", [InputRequired()])
    town = StringField("Town", [InputRequired()])
    code = StringField("Code", [InputRequired()])
    country = StringField("Country", [InputRequired()])


def least_views() -> Blueprint:
    """Return a form that writes nothing, and an answer to a program that reads nothing."""
    blueprint = signed_in(Blueprint("bench", __name__, template_folder="templates"))

    @blueprint.route("/bench/form", methods=["GET", "POST"])
    def form_page() -> Response | str:
        form = AddressForm()
        if form.validate_on_submit():
            return redirect("/bench/form", 303)
        return render_template("bench/form.html", form=form)

    @blueprint.get("/api/v1/bench")
    def answer() -> dict[str, str]:
        return {"id": current_principal.public_id}

    return blueprint


@contextmanager
def our_application(database_url: str) -> Iterator[Flask]:
    """Give our application with one account, on tables that are empty else."""
    app = create_app({**SETTINGS, **PRODUCTION, "DATABASE_URL": database_url})
    # Lines are written in production too, but to a pipe, which is not what is measured here.
    logging.getLogger().setLevel(logging.ERROR)
    app.register_blueprint(least_views())
    with app.app_context():
        db.create_all()
        accounts.create(email=EMAIL, name="Ada", password=PASSWORD, confirmed=True)
        db.session.commit()
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


def page_cases(app: Flask) -> list[Case]:
    """Return requests of a browser, most of them of somebody who has signed in."""
    browser = Browser(app)
    browser.sign_in(EMAIL, PASSWORD)
    token = browser.token("/bench/form")
    cookie = {"Cookie": f"session={browser.cookie()}"}
    sent = {**ADDRESS, "csrf_token": token}
    form = "/bench/form"
    return [
        Case("health, public JSON", request(app, "/health/live"), 2 + 1, statements=0),
        Case("home page, a stranger", request(app, "/"), statements=0),
        Case("home page, signed in", request(app, "/", headers=cookie), 8, statements=1),
        Case("form page of 4 fields", request(app, form, headers=cookie), 14, statements=1),
        Case(
            "form POST with token",
            request(app, form, method="POST", data=sent, headers=cookie, status=303),
            12,
            statements=1,
        ),
        Case("sign-in page", request(app, "/login"), statements=0),
        Case("create-account page", request(app, "/register"), statements=0),
        Case("account page", request(app, "/account", headers=cookie)),
        Case("devices page", request(app, "/account/devices", headers=cookie)),
    ]


def token_cases(app: Flask) -> list[Case]:
    """Return requests of a program that has signed in."""
    program = Program(app)
    program.sign_in(EMAIL, PASSWORD)
    header = bearer(program.access_token)
    least, me = "/api/v1/bench", "/api/v1/me"
    return [
        Case("JWT request", request(app, least, headers=header), 2.2, "J", statements=1),
        Case("JWT request, GET me", request(app, me, headers=header), 3.2, "J", statements=1),
    ]
