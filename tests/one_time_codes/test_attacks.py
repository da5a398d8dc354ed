"""Attacks on codes that are sent, refused."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.core import throttle
from app.core.outbox import OutboxMail
from app.extensions import db
from app.one_time_codes import codes, service
from app.one_time_codes.models import SentCode
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.house.databases import AT_ONCE, at_once
from tests.one_time_codes.conftest import (
    PHONE,
    account_in,
    another,
    give_channel,
    mailed_codes,
    texts,
)
from tests.one_time_codes.test_one_time_codes import ADA, PAGE, SMS_STEP, STEP

GRACE = "grace@example.com"
Another = Callable[..., Browser]


def ask(browser: Browser, step: str = STEP) -> int:
    """Sign in with the password, have a code sent, and return how that was answered."""
    browser.sign_in(ADA)
    return browser.submit(f"{step}/send", form="/register").status_code


@pytest.fixture
def mailed(app: Flask, user: str) -> str:
    """Ada gets codes by mail."""
    give_channel(app, user)
    return user


@pytest.mark.asvs("6.6.2")
def test_a_code_of_another_sign_in_is_refused(
    app: Flask, mailed: str, new_browser: Another
) -> None:
    owner, thief = new_browser(), new_browser("203.0.113.9")
    ask(owner)
    thief.sign_in(ADA)
    [code] = mailed_codes(app, ADA)
    assert thief.submit(STEP, code=code).status_code == 422
    assert owner.submit(STEP, code=code).status_code == 303


@pytest.mark.asvs("6.6.2")
def test_a_code_of_another_purpose_is_refused(
    app: Flask, signed_in: Browser, new_browser: Another
) -> None:
    """Neither is one for presence good at sign-in, nor one of the set-up anywhere else."""
    signed_in.submit(f"{PAGE}/email", form=PAGE)
    [set_up] = mailed_codes(app, ADA)
    give_channel(app, ADA)
    assert signed_in.submit("/reauthenticate/email_code", code=set_up).status_code == 422
    signed_in.submit("/reauthenticate/email_code/send", form="/reauthenticate")
    presence = mailed_codes(app, ADA)[-1]
    browser = new_browser()
    browser.sign_in(ADA)
    for code in (set_up, presence):
        assert browser.submit(STEP, code=code).status_code == 422


@pytest.mark.asvs("6.6.3")
def test_a_code_is_refused_once_it_was_used_replaced_or_too_old(
    app: Flask, mailed: str, new_browser: Another, moving_clock: Clock
) -> None:
    browser = new_browser()
    ask(browser)
    browser.submit(f"{STEP}/send", form=STEP)
    first, second = mailed_codes(app, ADA)
    if first != second:
        assert browser.submit(STEP, code=first).status_code == 422
    assert browser.submit(STEP, code=second).status_code == 303
    late = new_browser()
    late.sign_in(ADA)
    assert late.submit(STEP, code=second).status_code == 422
    moving_clock.forward(minutes=4)
    late.submit(f"{STEP}/send", form=STEP)
    with app.app_context():
        db.session.execute(db.text("UPDATE one_time_token SET expires_at = '2100-01-01'"))
        db.session.commit()
    moving_clock.forward(minutes=11)
    assert late.submit(STEP, code=mailed_codes(app, ADA)[-1]).status_code == 422


def test_a_code_of_somebody_else_is_refused(app: Flask, mailed: str, new_browser: Another) -> None:
    account_in(app, GRACE, "Grace")
    hers = new_browser()
    hers.sign_in(GRACE)
    hers.submit(f"{STEP}/send", form=STEP)
    browser = new_browser()
    ask(browser)
    assert mailed_codes(app, GRACE)[0] != mailed_codes(app, ADA)[0]
    assert browser.submit(STEP, code=mailed_codes(app, GRACE)[0]).status_code == 422


@pytest.mark.asvs("6.6.3")
def test_a_sixth_guess_is_refused_across_sign_ins_and_new_codes(
    app: Flask, mailed: str, new_browser: Another
) -> None:
    for n in range(5):
        browser = new_browser(f"203.0.113.{n}")
        ask(browser)
        wrong = another(mailed_codes(app, ADA)[-1])
        assert browser.submit(STEP, code=wrong).status_code == 422
    browser = new_browser("203.0.113.9")
    browser.sign_in(ADA)
    assert browser.submit(STEP, code=mailed_codes(app, ADA)[-1]).status_code == 429


@pytest.mark.asvs("6.6.3", "2.3.4")
def test_of_many_who_bring_one_code_all_but_one_are_refused(served: Flask) -> None:
    user_id = account_in(served, ADA, "Ada")
    with served.test_request_context():
        service.send(user_id, service.EMAIL, "sign-in 1")
        db.session.commit()
    [code] = mailed_codes(served, ADA)

    def bring(_: int) -> str:
        with served.app_context():
            try:
                service.use(user_id, service.EMAIL, code, "sign-in 1")
            except service.CodeRefused:
                db.session.rollback()
                return "refused"
            db.session.commit()
            return "taken"

    assert sorted(at_once(bring)) == ["refused"] * (AT_ONCE - 1) + ["taken"]


@pytest.mark.slow
def test_of_many_codes_that_are_asked_for_at_once_the_last_opens(served: Flask) -> None:
    """Who presses twice is refused nothing, and no two codes are good for one sign-in."""
    user_id = account_in(served, ADA, "Ada")

    def send(_: int) -> str:
        with served.test_request_context():
            try:
                service.send(user_id, service.EMAIL, "sign-in 1")
            except throttle.TooManyAttempts:
                return "wait"
            db.session.commit()
            return "sent"

    answers = at_once(send)
    assert set(answers) == {"sent", "wait"}
    with served.app_context():
        assert db.session.query(SentCode).count() == 1


def test_flooding_an_inbox_is_refused(app: Flask, mailed: str, new_browser: Another) -> None:
    answers = [ask(new_browser(f"203.0.113.{n}")) for n in range(8)]
    assert answers == [303] * 5 + [429] * 3
    assert len(mailed_codes(app, ADA)) == 5


def test_flooding_a_phone_is_refused(app: Flask, user: str, new_browser: Another) -> None:
    app.config["SMS_SENDER"] = "inbox"
    give_channel(app, user, service.SMS, PHONE)
    answers = [ask(new_browser(f"203.0.113.{n}"), SMS_STEP) for n in range(8)]
    assert answers == [303] * 5 + [429] * 3
    assert len(texts(app)) == 5


def test_flooding_a_phone_from_many_accounts_is_refused(
    app: Flask, user: str, new_browser: Another
) -> None:
    app.config["SMS_SENDER"] = "inbox"
    for n in range(7):
        with app.app_context():
            email = f"n{n}@example.com"
            accounts.create(email=email, name="N", password=PASSWORD, confirmed=True)
            db.session.commit()
        browser = new_browser(f"203.0.113.{n}")
        browser.sign_in(email)
        browser.submit(f"{PAGE}/sms", form=PAGE, number=PHONE)
    assert len(texts(app)) == 5


@pytest.mark.parametrize("number", ["+49 900 1234567", "+1 900 234 5678", "+44 9012 345678"])
def test_a_premium_number_is_refused(app: Flask, signed_in: Browser, number: str) -> None:
    app.config["SMS_SENDER"] = "inbox"
    assert signed_in.submit(f"{PAGE}/sms", form=PAGE, number=number).status_code == 422
    assert texts(app) == []


@pytest.mark.asvs("7.5.1")
@pytest.mark.parametrize("path", ["email", "sms", "confirm", "email/stop"])
def test_a_change_by_whoever_finds_an_open_session_is_refused(
    app: Flask, signed_in: Browser, moving_clock: Clock, path: str
) -> None:
    token = signed_in.token("/reauthenticate")
    moving_clock.forward(minutes=11)
    answer = signed_in.post(f"{PAGE}/{path}", {"csrf_token": token})
    assert answer.headers["Location"].startswith("/reauthenticate")


def test_a_way_of_ones_own_is_refused_to_a_thief_of_the_password(
    app: Flask, mailed: str, browser: Browser
) -> None:
    app.config["SECOND_FACTOR"] = "all"
    browser.sign_in(ADA)
    assert browser.get("/login/second-factor/email-code/enrol").status_code == 404


@pytest.mark.asvs("6.6.2", "13.3.1")
def test_no_code_is_found_in_database_logs_addresses_or_any_mail_but_the_one(
    app: Flask,
    mailed: str,
    browser: Browser,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    ask(browser)
    [code] = mailed_codes(app, ADA)
    browser.submit(STEP, code=code)
    written = capfd.readouterr()
    with closing(sqlite3.connect(tmp_path / "test.db")) as tables:
        stored = "\n".join(tables.iterdump())
    others = [text for _, subject, text in Mailbox(app).mails(ADA) if "Your code" not in subject]
    subjects = [subject for _, subject, _ in Mailbox(app).mails(ADA)]
    for place in (stored, written.out, written.err, browser.page.request.url, *others, *subjects):
        assert code not in place.replace(f"{code}Z", "")


def test_a_stored_code_is_not_found_by_trying_all_of_them() -> None:
    """Without the key of the installation a million tries tell nothing."""
    known = codes.sealed("123456", key="a" * 32, about="1 email sign-in 1")
    assert known != codes.sealed("123456", key="b" * 32, about="1 email sign-in 1")
    assert known != codes.sealed("123456", key="a" * 32, about="1 email sign-in 2")
    assert known == codes.sealed("123 456", key="a" * 32, about="1 email sign-in 1")


def test_html_in_a_name_is_shown_as_text_in_the_mail(app: Flask, browser: Browser) -> None:
    with app.app_context():
        name = "<img src=x onerror=alert(1)>"
        accounts.create(email=ADA, name=name, password=PASSWORD, confirmed=True)
        db.session.commit()
    give_channel(app, ADA)
    ask(browser)
    with app.app_context():
        page = db.session.scalars(db.select(OutboxMail)).one().parts()["html"]
    assert "<img" not in page
    assert "&lt;img" in page
