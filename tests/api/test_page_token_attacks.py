"""What must never happen by a token lent to a page: that it outlives or outdoes its cookie."""

import pytest
from flask import Flask

from tests.api.forge import assert_refused, claims_of, decoded
from tests.conftest import PASSWORD, Browser, Clock, Program


def lend(browser: Browser) -> str:
    """Ask for a token as the script of a page does."""
    return str(browser.submit("/account/token", form="/").json["access_token"])


@pytest.fixture
def script(app: Flask, signed_in: Browser) -> Program:
    """The script of a page, with its token."""
    script = Program(app)
    script.access_token = lend(signed_in)
    assert script.get("/me").status_code == 200
    return script


@pytest.mark.asvs("3.5.1")
def test_a_token_is_refused_without_cookie_or_form_token(signed_in: Browser, app: Flask) -> None:
    stranger = Browser(app)
    assert signed_in.get("/account/token").status_code == 405
    assert signed_in.post("/account/token").status_code == 400
    assert signed_in.post("/account/token", {"csrf_token": "x"}).status_code == 400
    answer = stranger.submit("/account/token", form="/login")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")


@pytest.mark.asvs("10.4.5", "9.2.2")
def test_a_page_gets_no_refresh_token_and_its_token_is_none(
    signed_in: Browser, script: Program
) -> None:
    answer = signed_in.submit("/account/token", form="/")
    assert set(answer.json) == {"access_token", "token_type", "expires_in"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert b'"typ":"at+jwt"' in decoded(script.access_token.split(".")[0])
    assert script.refresh(script.access_token).json["code"] == "refresh_token_refused"


def test_the_secret_of_the_cookie_is_not_in_the_token(signed_in: Browser, script: Program) -> None:
    with signed_in.client.session_transaction(base_url="http://localhost:8000") as cookie:
        secret = str(cookie["_user_id"])
    assert secret not in str(claims_of(script.access_token))
    assert_refused(script, secret)


@pytest.mark.asvs("7.5.1")
def test_a_new_secret_for_the_cookies_session_is_refused(
    signed_in: Browser, script: Program
) -> None:
    """It would be in the script's hands, and the browser would be signed out."""
    answer = script.post("/auth/reauthenticate", {"password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (403, "session_of_a_page")
    wrong = script.post("/auth/reauthenticate", {"password": "wrong-wrong-wrong"})
    assert wrong.json["code"] == "session_of_a_page"
    assert signed_in.is_signed_in()
    assert script.is_signed_in()


@pytest.mark.asvs("7.4.1")
def test_it_is_refused_when_the_cookies_session_is_over(
    signed_in: Browser, script: Program
) -> None:
    signed_in.sign_out()
    assert_refused(script, script.access_token)


def test_it_is_refused_when_the_cookie_was_renewed(signed_in: Browser, script: Program) -> None:
    """A copy that was taken earlier has no share in a fresh proof."""
    signed_in.submit("/reauthenticate", password=PASSWORD)
    assert_refused(script, script.access_token)
    script.access_token = lend(signed_in)
    assert script.is_signed_in()


@pytest.mark.asvs("7.5.1")
def test_an_old_proof_is_refused_as_it_is_for_the_cookie(
    signed_in: Browser, script: Program, moving_clock: Clock
) -> None:
    """A token is no proof of presence, however fresh it is itself."""
    moving_clock.forward(minutes=11)
    script.access_token = lend(signed_in)
    answer = script.post("/auth/logout-all")
    assert (answer.status_code, answer.json["code"]) == (403, "reauthentication_required")
    assert signed_in.is_signed_in()


@pytest.mark.asvs("9.2.1")
def test_it_is_refused_after_a_quarter_of_an_hour(
    signed_in: Browser, script: Program, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=15, seconds=11)
    assert_refused(script, script.access_token)
    assert signed_in.is_signed_in()


def test_signing_out_by_it_ends_the_cookie_too(signed_in: Browser, script: Program) -> None:
    assert script.post("/auth/logout").status_code == 204
    assert not signed_in.is_signed_in()
    assert_refused(script, script.access_token)
