"""Every door with every factor: no session and no token before it, and exactly one after."""

import re  # feature: api
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from app.second_factor import changes
from tests.conftest import (
    Browser,
    Mailbox,
    Program,  # feature: api
)
from tests.second_factor.doors import EACH_FACTOR, Giver, sessions

ADA = "ada@example.com"
NEW_PASSWORD = "quiet-maple-lantern-orbit"
CHOOSE = "/login/second-factor"

pytestmark = [pytest.mark.asvs("6.3.4"), pytest.mark.parametrize("give", EACH_FACTOR)]


def finish(app: Flask, browser: Browser, key: str, code: Callable[[], str]) -> None:
    """Give the factor: not before it, and only by it, is there a session."""
    before = sessions(app)
    assert not browser.is_signed_in()
    browser.submit(f"{CHOOSE}/{key}/send", form=f"{CHOOSE}/{key}")  # a code, if it is of that kind
    assert sessions(app) == before
    assert browser.submit(f"{CHOOSE}/{key}", code=code()).status_code == 303
    assert browser.is_signed_in()
    assert sessions(app) == before + 1


@pytest.mark.parametrize("remember", ["", "y"])
def test_the_password_alone_is_refused(
    app: Flask, user: str, browser: Browser, give: Giver, remember: str
) -> None:
    """Also with the box ticked that makes a long cookie."""
    key, code = give(app, user)
    answer = browser.sign_in(user, **({"remember": "y"} if remember else {}))
    assert answer.headers["Location"] == CHOOSE
    assert sessions(app) == 0
    finish(app, browser, key, code)


def test_the_long_cookie_of_before_is_refused(
    app: Flask, user: str, browser: Browser, give: Giver
) -> None:
    """Who came in for a month without a factor is out when its owner adds one."""
    browser.sign_in(user, remember="y")
    assert browser.is_signed_in()
    key, code = give(app, user)
    tell_added(app, key)
    assert not browser.is_signed_in()
    browser.sign_in(user)
    finish(app, browser, key, code)


def tell_added(app: Flask, key: str) -> None:
    """Say that the account has the factor, as its service does."""
    with app.app_context():
        changes.tell_added(accounts.get_user(ADA).id, key, "Mine", keep=None)
        db.session.commit()


def test_a_password_reset_alone_is_refused(
    app: Flask, user: str, browser: Browser, give: Giver
) -> None:
    """Whoever reads the owner's mail gets a new password by it, and no further."""
    key, code = give(app, user)
    browser.submit("/password/forgot", email=user)
    link = Mailbox(app).last_link(user)
    browser.submit(link, password=NEW_PASSWORD)
    assert sessions(app) == 0
    assert browser.sign_in(user, NEW_PASSWORD).headers["Location"] == CHOOSE
    assert sessions(app) == 0
    finish(app, browser, key, code)


# feature: api
def test_a_token_for_the_password_alone_is_refused(
    app: Flask, user: str, program: Program, give: Giver
) -> None:
    key, code = give(app, user)
    refused = program.sign_in(user)
    assert refused.status_code == 401
    assert sessions(app) == 0
    assert not holds_a_token(refused.text)
    attempt = refused.get_json()["attempt"]
    program.post(f"/auth/token/{key}/send", {"attempt": attempt})
    wrong = program.post(f"/auth/token/{key}", {"attempt": attempt, "code": "wrong"})
    assert wrong.status_code == 422
    assert sessions(app) == 0
    assert not holds_a_token(wrong.text)
    done = program.keep(program.post(f"/auth/token/{key}", {"attempt": attempt, "code": code()}))
    assert done.status_code == 200
    assert program.is_signed_in()
    assert sessions(app) == 1


def holds_a_token(text: str) -> bool:
    """Tell whether there is something in three parts, as a token is."""
    return bool(re.search(r"[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}", text))


def test_a_refresh_token_of_before_is_refused(
    app: Flask, user: str, program: Program, give: Giver
) -> None:
    program.sign_in(user)
    key, _ = give(app, user)
    tell_added(app, key)
    refused = program.refresh()
    assert refused.status_code == 401
    assert not holds_a_token(refused.text)
    assert not program.is_signed_in()


def test_a_token_for_a_page_is_refused_half_way(
    app: Flask, user: str, browser: Browser, give: Giver
) -> None:
    key, code = give(app, user)
    browser.sign_in(user)
    refused = browser.submit("/account/token", form="/register")
    assert not holds_a_token(refused.text)
    assert refused.status_code == 303
    finish(app, browser, key, code)
    assert holds_a_token(browser.submit("/account/token", form="/").text)


# endfeature


def test_a_right_code_without_the_first_proof_is_refused(
    app: Flask, user: str, browser: Browser, give: Giver
) -> None:
    key, code = give(app, user)
    browser.sign_in(user)
    browser.submit(f"{CHOOSE}/{key}/send", form=f"{CHOOSE}/{key}")
    browser.client.delete_cookie("session")
    answer = browser.submit(f"{CHOOSE}/{key}", form="/register", code=code())
    assert answer.headers["Location"] == "/login"
    assert sessions(app) == 0
