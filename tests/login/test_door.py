"""The one door: a step that somebody declares is asked for on every way in."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.login import service
from app.login.attempt import Attempt, Origin
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.login.riddle import ANSWER, RIDDLE, add_riddle_page, ask_riddle


@pytest.fixture
def riddle(app: Flask) -> Flask:
    """A house in which everybody must also answer a riddle."""

    add_riddle_page(app)
    ask_riddle(app, lambda attempt: attempt.user.email != "free@example.com")
    return app


def test_a_step_is_asked_before_the_door_opens(riddle: Flask, user: str) -> None:
    browser = Browser(riddle)
    sent = browser.sign_in(user, next="/health/live")
    assert sent.headers["Location"] == RIDDLE
    assert not browser.is_signed_in()
    done = browser.submit(RIDDLE, form="/login", answer=ANSWER)
    assert done.headers["Location"] == "/health/live"
    assert browser.is_signed_in()


def test_confirming_an_address_is_no_side_door(riddle: Flask, mailbox: Mailbox) -> None:
    browser = Browser(riddle)
    browser.register("new@example.com")
    sent = browser.submit(mailbox.last_link(), password=PASSWORD)
    assert sent.headers["Location"] == RIDDLE
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
    browser.submit(RIDDLE, form="/login", answer=ANSWER)
    browser.sign_out()
    browser.put_cookie(old_cookie)
    again = browser.submit(RIDDLE, form="/login", answer=ANSWER)
    assert again.headers["Location"] == "/login"
    assert not browser.is_signed_in()


def test_an_attempt_waits_ten_minutes(riddle: Flask, user: str, moving_clock: Clock) -> None:
    browser = Browser(riddle)
    browser.sign_in(user)
    moving_clock.forward(minutes=11)
    assert browser.get(RIDDLE).headers["Location"] == "/login"


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
