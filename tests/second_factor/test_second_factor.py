"""The second question, through the front door."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app import create_app
from app.accounts import personal_data
from app.accounts import service as accounts
from app.core.settings import SettingsRefused
from app.extensions import db
from app.second_factor import changes, service
from tests.conftest import Browser, Clock, Mailbox
from tests.second_factor.word import give_word, word_of

ADA = "ada@example.com"
CHOOSE = "/login/second-factor"
STEP = "/login/second-factor/word"
PRESENCE = "/reauthenticate/word"
Another = Callable[..., Browser]


def pass_both(browser: Browser, word: str, **more: str) -> None:
    """Sign in with password and word."""
    browser.sign_in(ADA)
    assert browser.submit(STEP, code=word, **more).status_code == 303
    assert browser.is_signed_in()


def test_one_factor_leads_straight_to_its_page(app: Flask, user: str, browser: Browser) -> None:
    word = give_word(app, user)
    assert browser.sign_in(user, next="/account").headers["Location"] == CHOOSE
    assert not browser.is_signed_in()
    assert browser.get(CHOOSE).headers["Location"] == STEP
    assert "The word of the tests." in browser.get(STEP).text
    assert browser.submit(STEP, code=word).headers["Location"] == "/account"
    assert browser.is_signed_in()


def test_of_several_the_last_used_comes_first_and_what_stands_in_for_others_last(
    app: Flask, user: str, new_browser: Another
) -> None:
    give_word(app, user, "saved", is_backup=True)
    give_word(app, user, "card")
    word = give_word(app, user)
    pass_both(new_browser(), word)
    browser = new_browser()
    browser.sign_in(user)
    page = browser.get(CHOOSE)
    assert page.status_code == 200
    assert re.findall(r'href="/login/second-factor/(\w+)"', page.text) == ["word", "card", "saved"]
    page = browser.get(STEP)
    assert f'Or: <a href="{CHOOSE}/card">' in page.text
    assert f'Lost it? <a href="{CHOOSE}/saved">' in page.text


def test_who_has_lost_the_only_one_is_told_whom_to_ask(
    app: Flask, user: str, browser: Browser
) -> None:
    give_word(app, user)
    browser.sign_in(user)
    assert "Whoever runs Example House can take it off your account." in browser.get(STEP).text


def test_what_stands_in_for_nothing_is_not_asked_for(
    app: Flask, user: str, browser: Browser
) -> None:
    give_word(app, user, "saved", is_backup=True)
    assert browser.sign_in(user).headers["Location"] == "/"


def test_whoever_must_have_one_and_has_none_is_let_in_by_nothing_else(
    app: Flask, user: str, browser: Browser
) -> None:
    app.config["SECOND_FACTOR"] = "all"
    assert browser.sign_in(user).headers["Location"] == CHOOSE
    assert "asks your account for a second proof from now on" in browser.get(CHOOSE).text
    assert not browser.is_signed_in()


MEANINGLESS = ["some", "All", "optional,all", "1", "team:sales", "team:", "team:,"]


@pytest.mark.parametrize("wrong", MEANINGLESS)
def test_a_setting_that_means_nothing_is_refused(settings: dict[str, str], wrong: str) -> None:
    with pytest.raises(SettingsRefused, match="SECOND_FACTOR: write o"):
        create_app({**settings, "SECOND_FACTOR": wrong})


def test_the_doctor_finds_what_is_asked_for_and_cannot_be_given(app: Flask) -> None:
    with app.app_context():
        assert service.doctor() == []
        app.config["SECOND_FACTOR"] = "all"
        can_be_set_up = bool(service.enrolable())
        assert can_be_set_up or "no feature brings one" in service.doctor()[0]


@pytest.mark.asvs("7.5.1")
def test_presence_is_proved_by_a_code_and_the_session_gets_another_secret(
    app: Flask, signed_in: Browser, moving_clock: Clock
) -> None:
    word = give_word(app, ADA)
    before = signed_in.cookie()
    moving_clock.forward(minutes=11)
    page = signed_in.get("/reauthenticate?next=/account")
    assert f"{PRESENCE}?next=/account" in page.text
    done = signed_in.submit(f"{PRESENCE}?next=/account", code=word)
    assert done.headers["Location"] == "/account"
    thief = Browser(app)
    thief.client.set_cookie("session", before)
    assert not thief.is_signed_in()
    assert signed_in.is_signed_in()


def test_who_has_no_password_proves_presence_by_a_code(app: Flask, signed_in: Browser) -> None:
    give_word(app, ADA)
    with app.app_context():
        accounts.get_user(ADA).password_hash = None
        db.session.commit()
    assert PRESENCE in signed_in.get("/reauthenticate").text


def test_a_wrong_code_after_the_right_password_is_mailed(
    app: Flask, signed_in: Browser, new_browser: Another, mailbox: Mailbox
) -> None:
    give_word(app, ADA)
    browser = new_browser()
    browser.sign_in(ADA)
    refused = browser.submit(STEP, code="a guess")
    assert refused.status_code == 422
    assert "This code is wrong, was used before, or is too old." in refused.text
    assert "A wrong code at your account at Example House" in subjects(mailbox)
    assert signed_in.submit(PRESENCE, code="a guess").status_code == 422
    assert subjects(mailbox).count("A wrong code at your account at Example House") == 1


def subjects(mailbox: Mailbox) -> list[str]:
    """Return what the mails to Ada are about."""
    return [subject for _, subject, _ in mailbox.mails(ADA)]


def test_a_new_factor_ends_every_other_sign_in_and_its_owner_is_told(
    app: Flask, signed_in: Browser, new_browser: Another, mailbox: Mailbox
) -> None:
    other = new_browser()
    other.sign_in(ADA)
    give_word(app, ADA)
    with app.app_context():
        user = accounts.get_user(ADA)
        changes.tell_added(user.id, "word", "Mine", keep=newest_session(ADA) - 1)
        db.session.commit()
    assert signed_in.is_signed_in()
    assert not other.is_signed_in()
    assert "Word added to your account at Example House" in subjects(mailbox)


def newest_session(email: str) -> int:
    """Return the number of an account's newest sign-in."""
    query = "SELECT max(login_session.id) FROM login_session JOIN user ON user.id = user_id"
    return int(db.session.scalar(db.text(f"{query} WHERE email = :email"), {"email": email}))


def test_a_factor_that_is_gone_ends_every_other_sign_in_also_one_that_is_half_way(
    app: Flask, signed_in: Browser, new_browser: Another, mailbox: Mailbox
) -> None:
    word = give_word(app, ADA)
    half_way = new_browser()
    half_way.sign_in(ADA)
    with app.app_context():
        user = accounts.get_user(ADA)
        word_of(app).remove(user.id)
        changes.tell_removed(user.id, "word", "Mine", keep=newest_session(ADA))
        db.session.commit()
    assert signed_in.is_signed_in()
    assert half_way.submit(STEP, form="/register", code=word).headers["Location"] == "/login"
    assert not half_way.is_signed_in()
    assert "Word removed from your account at Example House" in subjects(mailbox)


def test_what_stands_in_for_a_factor_goes_with_the_last_one(app: Flask, user: str) -> None:
    give_word(app, user)
    give_word(app, user, "saved", is_backup=True)
    with app.app_context():
        user_id = accounts.get_user(user).id
        word_of(app).remove(user_id)
        changes.tell_removed(user_id, "word", "Mine", keep=None)
        db.session.commit()
    assert word_of(app, "saved").used == {}


def test_the_page_says_what_there_is_and_what_to_improve(app: Flask, signed_in: Browser) -> None:
    page = "/account/second-factor"
    assert "Whoever learns your password can sign in." in signed_in.get(page).text
    assert "a stolen password opens nothing" in signed_in.get("/account").text
    give_word(app, ADA)
    assert "known by heart" in signed_in.get(page).text
    assert "Word: known by heart" in signed_in.get("/account").text


def test_an_erased_account_leaves_no_count_of_tries(
    app: Flask, user: str, browser: Browser
) -> None:
    give_word(app, user)
    browser.sign_in(user)
    browser.submit(STEP, code="a guess")
    with app.app_context():
        personal_data.erase(accounts.get_user(user))
        db.session.commit()
        left = db.session.scalars(db.text("SELECT purpose FROM throttle")).all()
    assert "second_factor" not in left
