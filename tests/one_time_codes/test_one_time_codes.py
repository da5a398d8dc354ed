"""Codes that are sent, through the front door."""

from collections.abc import Callable

import pytest
from flask import Flask

from app import create_app
from app.accounts import personal_data
from app.accounts import service as accounts
from app.core.settings import SettingsRefused
from app.extensions import db
from app.one_time_codes import health, service
from tests.conftest import Browser, Clock, Mailbox
from tests.one_time_codes.conftest import (
    PHONE,
    SIX_DIGITS,
    another,
    give_channel,
    mailed_codes,
    texts,
)

ADA = "ada@example.com"
PAGE = "/account/one-time-codes"
STEP = "/login/second-factor/email_code"
SMS_STEP = "/login/second-factor/sms_code"
Another = Callable[..., Browser]


@pytest.fixture
def has_sms(app: Flask) -> None:
    """The site sends text messages, to the page of development."""
    app.config["SMS_SENDER"] = "inbox"


def switch_on(app: Flask, browser: Browser, email: str = ADA) -> None:
    """Let codes be mailed, by the pages."""
    browser.submit(f"{PAGE}/email", form=PAGE)
    browser.submit(f"{PAGE}/confirm", code=mailed_codes(app, email)[-1])


def test_mailed_codes_are_switched_on_by_one_that_arrives(
    app: Flask, signed_in: Browser, mailbox: Mailbox
) -> None:
    assert "Off. Whoever reads your mail" in signed_in.get(PAGE).text
    assert "By text message" not in signed_in.get(PAGE).text
    answer = signed_in.submit(f"{PAGE}/email", form=PAGE)
    assert answer.headers["Location"] == f"{PAGE}/confirm"
    [code] = mailed_codes(app, ADA)
    assert signed_in.submit(f"{PAGE}/confirm", code=another(code)).status_code == 422
    assert signed_in.submit(f"{PAGE}/confirm", code=f" {code[:3]} {code[3:]}").status_code == 303
    assert "Codes go to ada@example.com." in signed_in.get(PAGE).text
    assert "a…@example.com" in signed_in.get("/account/second-factor").text
    assert mailbox.mails(ADA)[-1][1] == "Code by e-mail added to your account at Example House"


def test_a_mailed_code_is_the_second_factor(
    app: Flask, user: str, browser: Browser, mailbox: Mailbox
) -> None:
    give_channel(app, user)
    browser.sign_in(user)
    assert browser.get("/login/second-factor").headers["Location"] == STEP
    assert "a…@example.com" in browser.get(STEP).text
    assert mailed_codes(app, user) == []
    assert browser.submit(f"{STEP}/send", form=STEP).headers["Location"] == STEP
    [code] = mailed_codes(app, user)
    assert not SIX_DIGITS.search(mailbox.mails(user)[-1][1])  # subjects are shown on locked screens
    assert browser.submit(STEP, code=code).headers["Location"] == "/"
    assert browser.is_signed_in()


def test_a_text_message_is_the_second_factor(
    has_sms: None, app: Flask, user: str, browser: Browser
) -> None:
    give_channel(app, user, service.SMS, PHONE)
    browser.sign_in(user)
    assert "•••• 67" in browser.get(SMS_STEP).text
    browser.submit(f"{SMS_STEP}/send", form=SMS_STEP)
    [(number, text)] = texts(app)
    assert number == PHONE
    assert text in browser.get("/dev/text-messages").text
    [code] = SIX_DIGITS.findall(text)
    assert browser.submit(SMS_STEP, code=code).status_code == 303
    with app.app_context():
        assert db.session.scalar(db.text("SELECT amr FROM login_session")) == "pwd sms"


@pytest.mark.asvs("6.6.1")
def test_a_phone_is_added_by_a_code_that_arrives(
    has_sms: None, app: Flask, signed_in: Browser
) -> None:
    page = signed_in.get(PAGE).text
    assert "A phone number can be taken over" in page
    refused = signed_in.submit(f"{PAGE}/sms", form=PAGE, number="+49 900 1234567")
    assert refused.status_code == 422
    assert "Codes go to mobile phones only." in refused.text
    assert texts(app) == []
    signed_in.submit(f"{PAGE}/sms", form=PAGE, number="+49 170 1234567")
    [(_, text)] = texts(app)
    assert "+491701234567" in signed_in.get(f"{PAGE}/confirm").text
    assert "Codes go to" not in signed_in.get(PAGE).text
    signed_in.submit(f"{PAGE}/confirm", code=SIX_DIGITS.findall(text)[0])
    assert "Codes go to •••• 67." in signed_in.get(PAGE).text


def test_codes_that_are_stopped_are_not_asked_for(
    app: Flask, signed_in: Browser, new_browser: Another
) -> None:
    switch_on(app, signed_in)
    signed_in.submit(f"{PAGE}/email/stop", form=PAGE)
    assert "Off." in signed_in.get(PAGE).text
    assert new_browser().sign_in(ADA).headers["Location"] == "/"
    assert signed_in.submit(f"{PAGE}/email/stop", form=PAGE).status_code == 404


def test_a_way_that_is_set_up_is_not_set_up_again(app: Flask, signed_in: Browser) -> None:
    switch_on(app, signed_in)
    assert signed_in.submit(f"{PAGE}/email", form=PAGE).status_code == 409


def test_whoever_must_have_a_factor_takes_mailed_codes_on_the_way_in(
    app: Flask, user: str, browser: Browser
) -> None:
    app.config["SECOND_FACTOR"] = "all"
    browser.sign_in(user)
    path = "/login/second-factor/email-code/enrol"
    assert path in browser.get("/login/second-factor").text
    browser.submit(path, begin="1")
    browser.submit(path, code=mailed_codes(app, user)[0])
    assert browser.is_signed_in()


def test_presence_is_proved_by_a_mailed_code(
    app: Flask, signed_in: Browser, moving_clock: Clock
) -> None:
    give_channel(app, ADA)
    moving_clock.forward(minutes=11)
    path = "/reauthenticate/email_code"
    signed_in.submit(f"{path}/send?next=/account", form=path)
    done = signed_in.submit(f"{path}?next=/account", code=mailed_codes(app, ADA)[0])
    assert done.headers["Location"] == "/account"


def test_a_site_that_sends_no_messages_any_more_locks_nobody_in_and_says_so(
    app: Flask, user: str, browser: Browser
) -> None:
    give_channel(app, user, service.SMS, PHONE)
    browser.sign_in(user)
    refused = browser.submit(f"{SMS_STEP}/send", form=SMS_STEP)
    assert refused.status_code == 409
    assert "No text messages go out here any more." in refused.text
    assert not browser.is_signed_in()
    with app.app_context():
        [fault] = health.doctor()
    assert "1 accounts have codes by text message" in fault


def test_the_copy_of_an_account_says_where_codes_go(app: Flask, user: str) -> None:
    give_channel(app, user, service.SMS, PHONE)
    with app.app_context():
        assert PHONE in str(personal_data.export(accounts.get_user(user)))


def test_codes_that_ran_out_are_removed(
    app: Flask, user: str, browser: Browser, moving_clock: Clock
) -> None:
    give_channel(app, user)
    browser.sign_in(user)
    browser.submit(f"{STEP}/send", form=STEP)
    moving_clock.forward(minutes=11)
    with app.app_context():
        assert service.tidy() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SMS_SENDER": "pigeon"}, "SMS_SENDER: leave it empty"),
        ({"SMS_SENDER": "twilio"}, "TWILIO_AUTH_TOKEN: is missing"),
        ({"SMS_COUNTRIES": "Germany"}, "GERMANY: write countries by two letters"),
    ],
)
def test_settings_that_mean_nothing_are_refused(
    settings: dict[str, str], changed: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsRefused, match=said):
        create_app({**settings, **changed})
