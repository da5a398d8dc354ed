"""Browsers that are not asked each time, through the front door."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from app.second_factor import changes, trust
from tests.conftest import (
    PASSWORD,
    Browser,
    Clock,
    Mailbox,  # feature: devices
)
from tests.second_factor.test_second_factor import ADA, CHOOSE, STEP, pass_both
from tests.second_factor.word import give_word

PAGE = "/account/second-factor"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
Another = Callable[..., Browser]


@pytest.fixture
def word(app: Flask, user: str) -> str:
    """Ada's word, at a site that lets a browser be trusted for thirty days."""
    app.config["TRUSTED_BROWSER_DAYS"] = 30
    return give_word(app, user)


@pytest.fixture
def trusted(browser: Browser, word: str) -> Browser:
    """A browser in which Ada is signed in, and will not be asked again."""
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    pass_both(browser, word, trust="y")
    return browser


def is_asked(browser: Browser) -> bool:
    """Sign out and in again, and tell whether the second factor was asked for."""
    browser.sign_out()
    return browser.sign_in(ADA).headers["Location"] == CHOOSE


def test_a_browser_is_trusted_only_where_the_site_allows_it(
    app: Flask, user: str, browser: Browser
) -> None:
    word = give_word(app, user)
    browser.sign_in(user)
    assert "Do not ask again" not in browser.get(STEP).text
    browser.submit(STEP, code=word, trust="y")
    assert is_asked(browser)


def test_a_trusted_browser_is_not_asked_and_every_other_is(
    trusted: Browser, new_browser: Another
) -> None:
    assert not is_asked(trusted)
    assert new_browser().sign_in(ADA).headers["Location"] == CHOOSE


def test_a_browser_is_trusted_only_if_its_owner_says_so(browser: Browser, word: str) -> None:
    pass_both(browser, word)
    assert is_asked(browser)


def test_trust_ends_after_the_days_of_the_site(trusted: Browser, moving_clock: Clock) -> None:
    moving_clock.forward(days=29)
    assert trusted.sign_in(ADA).headers["Location"] == "/"
    moving_clock.forward(days=2)
    assert trusted.sign_in(ADA).headers["Location"] == CHOOSE


def test_a_saved_code_makes_no_browser_trusted(app: Flask, browser: Browser, word: str) -> None:
    """Whoever uses it has lost something, and may not be the owner."""
    saved = give_word(app, ADA, "saved", is_backup=True)
    browser.sign_in(ADA)
    assert "Do not ask again" not in browser.get(f"{CHOOSE}/saved").text
    browser.submit(f"{CHOOSE}/saved", code=saved, trust="y")
    assert is_asked(browser)


def test_trusted_browsers_are_listed_and_asked_again_one_by_one(trusted: Browser) -> None:
    page = trusted.get(PAGE).text
    assert "Firefox 131 on Linux" in page
    forget = page.split("/browsers/")[1].split('"')[0]
    trusted.submit(f"{PAGE}/browsers/{forget}", form=PAGE)
    assert "Firefox" not in trusted.get(PAGE).text
    assert is_asked(trusted)


# feature: devices
def test_trusted_browsers_are_listed_among_the_devices(trusted: Browser) -> None:
    assert "Not asked for a second factor" in trusted.get("/account/devices").text


def test_a_device_that_is_signed_out_from_elsewhere_is_asked_again(
    trusted: Browser, new_browser: Another, word: str
) -> None:
    other = new_browser()
    pass_both(other, word)
    page = other.get("/account/devices").text
    end = page.split('action="/account/devices/')[1].split('"')[0]
    assert other.submit(f"/account/devices/{end}", form="/account/devices").status_code == 303
    assert trusted.sign_in(ADA).headers["Location"] == CHOOSE


def test_a_browser_whose_owner_says_this_was_not_me_is_asked_again(
    app: Flask, word: str, browser: Browser, new_browser: Another, mailbox: Mailbox
) -> None:
    pass_both(new_browser(), word)
    pass_both(browser, word, trust="y")
    new_browser().submit(mailbox.last_link(ADA))
    assert browser.sign_in(ADA).headers["Location"] == CHOOSE


# endfeature
def test_a_new_password_ends_trust(trusted: Browser) -> None:
    changed = "quiet-maple-lantern-orbit"
    trusted.submit("/account/password", current=PASSWORD, password=changed)
    trusted.sign_out()
    assert trusted.sign_in(ADA, changed).headers["Location"] == CHOOSE


@pytest.mark.parametrize("tell", [changes.tell_added, changes.tell_removed])
def test_a_change_of_factors_ends_trust(
    app: Flask, trusted: Browser, tell: Callable[..., None]
) -> None:
    with app.app_context():
        tell(accounts.get_user(ADA).id, "word", "Mine", keep=None)
        db.session.commit()
    assert trusted.sign_in(ADA).headers["Location"] == CHOOSE


def test_a_site_that_trusts_no_browser_any_more_asks_everywhere(
    app: Flask, trusted: Browser
) -> None:
    app.config["TRUSTED_BROWSER_DAYS"] = 0
    assert is_asked(trusted)
    assert "Firefox" not in trusted.get(PAGE).text


def test_a_browser_is_trusted_by_one_account_alone(
    app: Flask, trusted: Browser, new_browser: Another
) -> None:
    with app.app_context():
        accounts.create(email="grace@example.com", name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    give_word(app, "grace@example.com")
    trusted.sign_out()
    assert trusted.sign_in("grace@example.com").headers["Location"] == CHOOSE


def test_the_copy_of_an_account_names_trusted_browsers(app: Flask, trusted: Browser) -> None:
    with app.app_context():
        [one] = trust.export(accounts.get_user(ADA).id)
    assert one["browser"] == "Firefox 131 on Linux"
