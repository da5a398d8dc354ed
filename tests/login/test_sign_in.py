"""Sign in, stay, come back, sign out."""

from collections.abc import Callable

import pytest
from flask import Flask, render_template_string
from sqlalchemy import select

from app.accounts import service as accounts
from app.core.access import recently_authenticated
from app.core.access import signed_in as signed_in_only
from app.core.current import current_principal
from app.extensions import db
from app.login.models import LoginSession
from tests.conftest import PASSWORD, Browser, Clock


def test_signing_in_opens_the_house_and_signing_out_closes_it(browser: Browser, user: str) -> None:
    assert browser.sign_in(user).headers["Location"] == "/"
    assert "Ada Lovelace" in browser.get("/").text
    assert browser.sign_out().status_code == 303
    home = browser.get("/").text
    assert "You are signed out." in home
    assert "Ada Lovelace" not in home


def test_a_closed_page_leads_to_the_sign_in_page_and_back(browser: Browser, user: str) -> None:
    sent = browser.get("/reauthenticate?next=/health/live")
    assert sent.status_code == 303
    page = browser.get(sent.headers["Location"])
    assert "Sign in" in page.text
    answer = browser.submit(
        "/login", email=user, password=PASSWORD, next="/reauthenticate?next=/health/live"
    )
    assert answer.headers["Location"] == "/reauthenticate?next=/health/live"


def test_the_form_keeps_the_address_and_not_the_password(browser: Browser, user: str) -> None:
    page = browser.sign_in(user, "wrong-wrong-wrong")
    assert page.status_code == 422
    assert f'value="{user}"' in page.text
    assert "wrong-wrong" not in page.text


def test_an_ordinary_session_ends_after_two_idle_hours(
    signed_in: Browser, moving_clock: Clock
) -> None:
    moving_clock.forward(hours=1, minutes=59)
    assert signed_in.is_signed_in()
    moving_clock.forward(hours=1, minutes=59)
    assert signed_in.is_signed_in()
    moving_clock.forward(hours=2, minutes=1)
    assert not signed_in.is_signed_in()


@pytest.mark.asvs("7.3.2")
def test_an_ordinary_session_ends_after_a_day_however_busy(
    signed_in: Browser, moving_clock: Clock
) -> None:
    for _ in range(16):
        moving_clock.forward(hours=1.4)
        assert signed_in.is_signed_in()
    moving_clock.forward(hours=1.7)
    assert not signed_in.is_signed_in()


def test_a_remembered_session_outlives_the_browser(
    browser: Browser, user: str, moving_clock: Clock
) -> None:
    answer = browser.sign_in(user, remember="y")
    assert any("session=" in c and "Expires=" in c for c in answer.headers.getlist("Set-Cookie"))
    moving_clock.forward(days=29)
    assert browser.is_signed_in()
    moving_clock.forward(days=31)
    assert not browser.is_signed_in()


def test_an_ordinary_session_does_not_outlive_the_browser(browser: Browser, user: str) -> None:
    cookies = browser.sign_in(user).headers.getlist("Set-Cookie")
    assert not any(c.startswith("session=") and "Expires=" in c for c in cookies)


def test_a_page_costs_one_query_and_no_write(signed_in: Browser, statements: list[str]) -> None:
    signed_in.get("/")
    statements.clear()
    assert "Ada Lovelace" in signed_in.get("/").text
    assert len(statements) == 1, statements
    assert statements[0].startswith("SELECT")


@pytest.mark.asvs("16.5.3")
def test_a_database_that_fails_ends_in_a_page(app: Flask, signed_in: Browser) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        LoginSession.__table__.drop(db.engine)
    page = signed_in.get("/")
    assert page.status_code == 500
    assert "Something broke on our side" in page.text


def test_templates_know_the_current_user(app: Flask, browser: Browser, user: str) -> None:
    @app.get("/me")
    @signed_in_only
    def me() -> str:
        return render_template_string("{{ current_user.email }}")

    browser.sign_in(user)
    assert browser.get("/me").text == user


def test_last_seen_is_written_once_a_minute(
    signed_in: Browser, moving_clock: Clock, statements: list[str]
) -> None:
    moving_clock.forward(seconds=61)
    for _ in range(5):
        signed_in.get("/")
    assert len([s for s in statements if s.startswith("UPDATE")]) == 1


def test_signing_in_while_signed_in_leads_on(signed_in: Browser) -> None:
    assert signed_in.get("/login?next=/health/live").headers["Location"] == "/health/live"


@pytest.mark.asvs("11.2.2")
def test_a_hash_of_another_cost_is_renewed(app: Flask, browser: Browser, user: str) -> None:
    with app.app_context():
        before = accounts.get_user(user).password_hash
    app.config["BCRYPT_ROUNDS"] = 5
    browser.sign_in(user)
    with app.app_context():
        after = accounts.get_user(user).password_hash
    assert (before or "").startswith("$2b$04$")
    assert (after or "").startswith("$2b$05$")


def test_the_session_row_says_where_and_how(app: Flask, browser: Browser, user: str) -> None:
    browser.submit("/login", email=user, password=PASSWORD)
    with app.app_context():
        row = db.session.scalars(select(LoginSession)).one()
        assert (row.address, row.amr, row.kind) == ("127.0.0.1", "pwd", "browser")
        assert "Werkzeug" in row.user_agent


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """An application with a page that asks for fresh proof."""

    @app.route("/change", methods=["GET", "POST"])
    @recently_authenticated(minutes=10)
    def change() -> str:
        return f"changed by {current_principal.name}"

    return app


def test_a_change_that_matters_asks_again(
    guarded: Flask, signed_in: Browser, moving_clock: Clock
) -> None:
    assert signed_in.get("/change").text == "changed by Ada Lovelace"
    moving_clock.forward(minutes=11)
    asked = signed_in.get("/change?a=1")
    assert asked.headers["Location"] == "/reauthenticate?next=/change?a%3D1"
    back = signed_in.submit("/reauthenticate", password=PASSWORD, next="/change?a=1")
    assert back.headers["Location"] == "/change?a=1"
    assert signed_in.get("/change").status_code == 200


def test_access_marks_hold_on_functions_classes_and_blueprints(
    app: Flask, new_browser: Callable[..., Browser], user: str
) -> None:
    from flask import Blueprint
    from flask.views import MethodView

    class Page(MethodView):
        @signed_in_only
        def get(self) -> str:
            return "in"

    blueprint = signed_in_only(Blueprint("rooms", __name__))
    blueprint.get("/room")(lambda: "in")
    app.add_url_rule("/page", view_func=Page.as_view("page"))
    app.register_blueprint(blueprint)
    stranger, ada = new_browser(), new_browser()
    ada.sign_in(user)
    for path in ("/page", "/room"):
        assert stranger.get(path).status_code == 303
        assert ada.get(path).text == "in"
