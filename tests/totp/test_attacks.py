"""Attacks on authenticators that are refused."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from app.totp import otp
from app.totp import service as totp
from tests.conftest import Browser, Clock, Mailbox
from tests.house.databases import AT_ONCE, at_once
from tests.totp.conftest import give_authenticator, read_picture, wide
from tests.totp.test_totp import ADA, ADD, STEP, Another

GRACE = "grace@example.com"


def give(browser: Browser, code: str) -> int:
    """Sign in with the password and a code, and return how the code was answered."""
    assert browser.sign_in(ADA).headers["Location"] == "/login/second-factor"
    return browser.submit(STEP, code=code).status_code


@pytest.mark.asvs("6.5.1")
@pytest.mark.parametrize("again", [str, wide, lambda code: f"{code[:3]} {code[3:]}"])
def test_a_code_that_was_used_is_refused_however_it_is_written(
    app: Flask, user: str, new_browser: Another, again: Callable[[str], str]
) -> None:
    code = give_authenticator(app, user).code()
    assert give(new_browser(), code) == 303
    assert give(new_browser(), again(code)) == 422


@pytest.mark.asvs("6.5.1")
def test_a_code_that_was_used_is_refused_in_the_next_step(
    app: Flask, user: str, new_browser: Another, moving_clock: Clock
) -> None:
    code = give_authenticator(app, user).code()
    assert give(new_browser(), code) == 303
    moving_clock.forward(seconds=otp.STEP_SECONDS)
    assert give(new_browser(), code) == 422


@pytest.mark.asvs("6.5.1")
def test_an_older_code_is_refused_after_a_newer_one(
    app: Flask, user: str, new_browser: Another
) -> None:
    phone = give_authenticator(app, user)
    older, newer = phone.code(ahead=-1), phone.code()
    assert give(new_browser(), newer) == 303
    assert give(new_browser(), older) == 422


@pytest.mark.asvs("6.5.1")
def test_the_code_of_the_set_up_is_refused_at_the_first_sign_in(
    signed_in: Browser, new_browser: Another
) -> None:
    signed_in.submit(ADD, begin="1")
    signed_in.get(ADD)
    code = read_picture(signed_in).code()
    assert signed_in.submit(ADD, code=code, name="Phone").status_code == 303
    assert give(new_browser(), code) == 422


@pytest.mark.asvs("6.5.5")
@pytest.mark.parametrize("ahead", [-3, -2, 1, 2])
def test_a_code_of_another_time_is_refused(
    app: Flask, user: str, new_browser: Another, ahead: int
) -> None:
    """A code that is to come may have been read off an unwatched phone."""
    assert give(new_browser(), give_authenticator(app, user).code(ahead=ahead)) == 422


@pytest.mark.asvs("6.5.1", "2.3.4")
def test_of_many_who_bring_one_code_all_but_one_are_refused(served: Flask) -> None:
    with served.app_context():
        accounts.create(email=ADA, name="Ada", password=None, confirmed=True)
        db.session.commit()
        user_id = accounts.get_user(ADA).id
    code = give_authenticator(served, ADA).code()

    def bring(_: int) -> str:
        with served.app_context():
            try:
                totp.use(user_id, code)
            except totp.CodeRefused:
                db.session.rollback()
                return "refused"
            db.session.commit()
            return "taken"

    assert sorted(at_once(bring)) == ["refused"] * (AT_ONCE - 1) + ["taken"]


def test_a_code_of_somebody_elses_authenticator_is_refused(
    app: Flask, user: str, new_browser: Another
) -> None:
    with app.app_context():
        accounts.create(email=GRACE, name="Grace", password=None, confirmed=True)
        db.session.commit()
    give_authenticator(app, user)
    assert give(new_browser(), give_authenticator(app, GRACE).code()) == 422


@pytest.mark.asvs("7.5.1")
def test_an_authenticator_is_refused_to_whoever_finds_an_open_session(
    signed_in: Browser, moving_clock: Clock
) -> None:
    token = signed_in.token("/reauthenticate")
    moving_clock.forward(minutes=11)
    for sent in ({"begin": "1"}, {"code": "123456", "name": "Mine"}):
        answer = signed_in.post(ADD, {"csrf_token": token, **sent})
        assert answer.headers["Location"].startswith("/reauthenticate")


def test_an_authenticator_of_ones_own_is_refused_to_a_thief_of_the_password(
    app: Flask, user: str, browser: Browser
) -> None:
    """Half-way in, the page where a first factor is set up does not exist for who has one."""
    give_authenticator(app, user)
    app.config["SECOND_FACTOR"] = "all"
    browser.sign_in(user)
    assert browser.get("/login/second-factor/totp/enrol").status_code == 404
    token = browser.token("/register")
    sent = {"csrf_token": token, "begin": "1"}
    assert browser.post("/login/second-factor/totp/enrol", sent).status_code == 404


def test_what_an_owner_is_setting_up_is_not_shown_to_a_thief_of_the_password(
    app: Flask, user: str, new_browser: Another
) -> None:
    """Both are half-way in; whoever saw the other's secret would hold a factor of theirs."""
    app.config["SECOND_FACTOR"] = "all"
    path = "/login/second-factor/totp/enrol"
    owner, thief = new_browser(), new_browser("203.0.113.9")
    for browser in (owner, thief):
        browser.sign_in(user)
    owner.submit(path, begin="1")
    owner.get(path)
    secret = read_picture(owner).secret
    assert secret[:4] not in thief.get(path).text
    assert "qr-code" not in thief.page.text


def test_an_authenticator_of_somebody_else_is_refused(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        accounts.create(email=GRACE, name="Grace", password=None, confirmed=True)
        db.session.commit()
        user_id = accounts.get_user(GRACE).id
    give_authenticator(app, GRACE)
    with app.app_context():
        [hers] = totp.authenticators_of(user_id)
        address = f"/account/totp/{hers.public_id}/remove"
    assert signed_in.submit(address, form="/account/totp/add").status_code == 404
    with app.app_context():
        assert len(totp.authenticators_of(user_id)) == 1


@pytest.mark.asvs("11.3.2", "13.3.1")
def test_no_secret_and_no_code_is_found_in_database_logs_addresses_or_mails(
    signed_in: Browser, mailbox: Mailbox, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    signed_in.submit(ADD, begin="1")
    waiting = signed_in.get(ADD).request.url
    phone = read_picture(signed_in)
    code = phone.code()
    assert phone.secret not in dumped(tmp_path)
    assert signed_in.submit(ADD, code=phone.wrong_code(), name="Phone").status_code == 422
    assert signed_in.submit(ADD, code=code, name="Phone").status_code == 303
    written = capfd.readouterr()
    places = [dumped(tmp_path), written.out, written.err, waiting, signed_in.page.request.url]
    for place in [*places, *(text for _, _, text in mailbox.mails(ADA))]:
        assert phone.secret not in place
        assert not re.search(rf"(?<!\d){code}(?!\d)", place)


def dumped(folder: Path) -> str:
    """Return every row of every table as text, whatever its type."""
    with closing(sqlite3.connect(folder / "test.db")) as tables:
        return "\n".join(tables.iterdump())


def test_html_in_a_name_is_shown_as_text(signed_in: Browser, mailbox: Mailbox) -> None:
    signed_in.submit(ADD, begin="1")
    signed_in.get(ADD)
    phone = read_picture(signed_in)
    name = "<img src=x onerror=alert(1)>"
    signed_in.submit(ADD, code=phone.code(), name=name)
    for path in ("/account/totp", "/account/second-factor", "/account"):
        assert "<img src=x" not in signed_in.get(path).text
    assert "&lt;img src=x" in signed_in.get("/account/totp").text


def test_guessing_at_the_set_up_is_slowed(signed_in: Browser) -> None:
    signed_in.submit(ADD, begin="1")
    signed_in.get(ADD)
    wrong = read_picture(signed_in).wrong_code()
    answers = [signed_in.submit(ADD, code=wrong, name="P").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
