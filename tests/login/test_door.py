"""The one door: a step that somebody declares is asked for on every way in."""

import re
from pathlib import Path

import pytest
from flask import Flask, redirect, session
from werkzeug.wrappers import Response

from app.accounts import service as accounts
from app.core import tokens
from app.core.access import public
from app.core.feature import LoginStep
from app.core.house import house
from app.login import browser as door
from app.login import service
from app.login.attempt import Attempt, Origin, resume
from tests.conftest import PASSWORD, Browser, Clock, Mailbox


@pytest.fixture
def riddle(app: Flask) -> Flask:
    """A house in which everybody must also answer a riddle."""

    @app.route("/login/riddle", methods=["GET", "POST"])
    @public
    def riddle_page() -> Response | str:
        from flask import request

        try:
            attempt = resume(session.get(door.PENDING, ""), door.origin())
        except tokens.TokenRefused:
            return redirect("/login", 303)
        if request.form.get("answer") == "a river":
            attempt.pass_step("riddle", "kba")
            return door.answer(service.complete(attempt), attempt.next)
        return "What runs and never walks?"

    with app.app_context():
        step = LoginStep(
            "riddle", lambda attempt: attempt.user.email != "free@example.com", "riddle_page"
        )
        house().login_steps.append(step)
    return app


def test_a_step_is_asked_before_the_door_opens(riddle: Flask, user: str) -> None:
    browser = Browser(riddle)
    sent = browser.sign_in(user, next="/health/live")
    assert sent.headers["Location"] == "/login/riddle"
    assert not browser.is_signed_in()
    done = browser.submit("/login/riddle", form="/login", answer="a river")
    assert done.headers["Location"] == "/health/live"
    assert browser.is_signed_in()


def test_confirming_an_address_is_no_side_door(riddle: Flask, mailbox: Mailbox) -> None:
    browser = Browser(riddle)
    browser.register("new@example.com")
    sent = browser.submit(mailbox.last_link(), password=PASSWORD)
    assert sent.headers["Location"] == "/login/riddle"
    assert not browser.is_signed_in()


def test_a_step_that_does_not_apply_is_not_asked(riddle: Flask) -> None:
    with riddle.app_context():
        accounts.create(email="free@example.com", name="F", password=PASSWORD, confirmed=True)
        accounts.db.session.commit()
    browser = Browser(riddle)
    browser.sign_in("free@example.com")
    assert browser.is_signed_in()


def test_a_finished_attempt_cannot_be_finished_again(riddle: Flask, user: str) -> None:
    browser = Browser(riddle)
    browser.sign_in(user)
    old_cookie = browser.cookie()
    browser.submit("/login/riddle", form="/login", answer="a river")
    browser.sign_out()
    browser.put_cookie(old_cookie)
    again = browser.submit("/login/riddle", form="/login", answer="a river")
    assert again.headers["Location"] == "/login"
    assert not browser.is_signed_in()


def test_an_attempt_waits_ten_minutes(riddle: Flask, user: str, moving_clock: Clock) -> None:
    browser = Browser(riddle)
    browser.sign_in(user)
    moving_clock.forward(minutes=11)
    assert browser.get("/login/riddle").headers["Location"] == "/login"


def test_switching_the_account_off_ends_the_attempt(riddle: Flask, user: str) -> None:
    with riddle.test_request_context():
        ada = accounts.get_user(user)
        attempt = Attempt(ada, ("pwd",), Origin())
        ada.active = False
        with pytest.raises(service.SignInRefused):
            service.complete(attempt)


def test_only_the_door_signs_in() -> None:
    """A second caller of login_user() would be a way around every step."""
    root = Path(__file__).resolve().parents[2] / "app"
    callers = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"(?<!import )\blogin_user\(", path.read_text("utf-8"))
    ]
    makers = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"(?<!class )\bLoginSession\(", path.read_text("utf-8"))
    ]
    assert callers == ["login/browser.py"]
    assert makers == ["login/service.py"]
