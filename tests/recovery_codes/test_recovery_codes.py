"""Recovery codes, through the front door."""

from collections.abc import Callable

from flask import Flask

from app import create_app
from app.recovery_codes import service
from tests.conftest import Browser, Mailbox
from tests.recovery_codes.conftest import codes_on, give_both, give_codes
from tests.totp.conftest import give_authenticator, set_up_authenticator

NEW_KEY = "bmV3LWtleS1mb3ItdGVzdHMtbmV3LWtleS1mb3ItdC4="
ADA = "ada@example.com"
PAGE = "/account/recovery-codes"
STEP = "/login/second-factor/recovery_code"
Another = Callable[..., Browser]


def test_codes_are_made_with_the_first_factor_and_shown_until_they_are_saved(
    signed_in: Browser,
) -> None:
    set_up_authenticator(signed_in)
    shown = signed_in.page.headers["Location"]
    assert shown == "/account/recovery-codes?next=/account/second-factor"
    page = signed_in.get(shown)
    codes = codes_on(signed_in)
    assert len(set(codes)) == service.MADE
    assert page.headers["Cache-Control"] == "no-store"
    done = signed_in.submit(f"{PAGE}/saved", form=shown, next="/account/second-factor")
    assert done.headers["Location"] == "/account/second-factor"
    assert "10 of 10 codes left" in signed_in.get("/account/second-factor").text
    signed_in.get(PAGE)
    assert codes_on(signed_in) == []
    assert "10 of 10 codes are left" in signed_in.page.text


def test_codes_are_handed_out_as_a_file_while_they_are_shown(signed_in: Browser) -> None:
    set_up_authenticator(signed_in)
    signed_in.get(PAGE)
    codes = codes_on(signed_in)
    file = signed_in.get(f"{PAGE}/download")
    assert file.text.split() == codes
    assert file.headers["Content-Disposition"] == "attachment; filename=recovery-codes.txt"
    assert file.headers["Cache-Control"] == "no-store"
    signed_in.submit(f"{PAGE}/saved", form=PAGE)
    assert signed_in.get(f"{PAGE}/download").headers["Location"] == PAGE


def test_a_code_opens_in_place_of_the_phone_and_its_owner_is_told(
    app: Flask, user: str, new_browser: Another, mailbox: Mailbox
) -> None:
    _, codes = give_both(app, user)
    browser = new_browser()
    browser.sign_in(user)
    browser.get("/login/second-factor")
    page = browser.get("/login/second-factor/totp")
    assert f'Lost it? <a href="{STEP}">Recovery code</a>' in page.text
    assert browser.submit(STEP, code=codes[3].lower().replace("-", " ")).headers["Location"] == "/"
    assert browser.is_signed_in()
    subjects = [subject for _, subject, _ in mailbox.mails(user)]
    assert "A recovery code opened your account at Example House" in subjects
    assert any("9 are left" in text for _, _, text in mailbox.mails(user))


def test_few_codes_are_warned_of_and_others_are_made(
    app: Flask, user: str, new_browser: Another, mailbox: Mailbox
) -> None:
    _, codes = give_both(app, user)
    browser = new_browser()
    for code in codes[:7]:
        browser = new_browser()
        browser.sign_in(user)
        assert browser.submit(STEP, code=code).status_code == 303
    page = browser.get(PAGE)
    assert "3 of 10 codes are left" in page.text
    assert "That is few." in page.text
    browser.submit(f"{PAGE}/renew", form=PAGE)
    browser.get(PAGE)
    renewed = codes_on(browser)
    assert len(renewed) == 10
    assert mailbox.mails(user)[-1][1] == "New recovery codes for your account at Example House"
    another = new_browser()
    another.sign_in(user)
    assert another.submit(STEP, code=codes[9]).status_code == 422
    assert another.submit(STEP, code=renewed[0]).status_code == 303


def test_without_a_factor_there_is_nothing_to_stand_in_for(signed_in: Browser) -> None:
    assert "You have none" in signed_in.get(PAGE).text
    assert signed_in.submit(f"{PAGE}/renew", form="/reauthenticate").status_code == 409


def test_codes_go_with_the_last_factor(app: Flask, signed_in: Browser) -> None:
    set_up_authenticator(signed_in)
    signed_in.submit(f"{PAGE}/saved", form=PAGE)
    remove = signed_in.get("/account/totp").text.split('action="/account/totp/')[1].split('"')[0]
    signed_in.submit(f"/account/totp/{remove}", form="/account/totp")
    assert "You have none" in signed_in.get("/account/second-factor").text
    assert "You have none" in signed_in.get(PAGE).text


def test_a_second_authenticator_leaves_the_codes_as_they_are(
    app: Flask, signed_in: Browser
) -> None:
    give_authenticator(app, ADA)
    codes = give_codes(app, ADA)
    set_up_authenticator(signed_in)
    signed_in.get(PAGE)
    assert codes_on(signed_in) == []
    assert len(codes) == 10
    assert "10 of 10 codes are left" in signed_in.page.text


def test_presence_is_proved_by_a_code_too(app: Flask, signed_in: Browser) -> None:
    _, codes = give_both(app, ADA)
    page = signed_in.get("/reauthenticate?next=/account")
    assert "/reauthenticate/recovery_code?next=/account" in page.text
    done = signed_in.submit("/reauthenticate/recovery_code?next=/account", code=codes[0])
    assert done.headers["Location"] == "/account"


def test_codes_whose_key_was_dropped_are_shown_no_more_and_still_open(
    app: Flask, settings: dict[str, str], signed_in: Browser
) -> None:
    """They are sealed only while they can be read; what is compared is a hash without a key."""
    set_up_authenticator(signed_in)
    signed_in.get(PAGE)
    code = codes_on(signed_in)[0]
    later = create_app({**settings, "ENCRYPTION_KEYS": NEW_KEY})
    browser = Browser(later)
    browser.sign_in(ADA)
    assert browser.submit(STEP, code=code).status_code == 303
    browser.get(PAGE)
    assert codes_on(browser) == []
