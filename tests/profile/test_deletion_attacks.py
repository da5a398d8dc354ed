"""What must never happen to an account that is to be erased, or is not."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.accounts.points import ERASURES
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.login.riddle import ANSWER, RIDDLE, add_riddle_page, ask_riddle
from tests.profile.test_deletion import erase, exists, is_planned, plan


@pytest.mark.asvs("7.4.2")
def test_no_cookie_outlives_the_wish(
    signed_in: Browser, new_browser: Callable[..., Browser], user: str
) -> None:
    phone, thief = new_browser(), new_browser()
    phone.sign_in(user, remember="y")
    thief.put_cookie(signed_in.cookie())
    assert thief.is_signed_in()
    plan(signed_in)
    assert not any(browser.is_signed_in() for browser in (signed_in, phone, thief))


def test_a_sign_in_that_was_on_its_way_is_void(
    app: Flask, signed_in: Browser, new_browser: Callable[..., Browser], user: str
) -> None:
    plan(signed_in)
    waiting = new_browser()
    waiting.sign_in(user)  # stands before the question
    signed_in.sign_in(user)
    signed_in.submit("/login/keep")
    plan(signed_in)
    assert waiting.submit("/login/keep", form="/login").location == "/login"
    assert not waiting.is_signed_in()
    assert is_planned(app)


class TestSigningInDuringTheGrace:
    """It opens nothing until somebody says that the account shall stay."""

    @pytest.fixture(autouse=True)
    def _plan(self, signed_in: Browser) -> None:
        plan(signed_in)

    def test_opens_nothing_before_it_is_said(
        self, app: Flask, signed_in: Browser, user: str
    ) -> None:
        signed_in.sign_in(user)
        signed_in.get("/login/keep")
        assert not signed_in.is_signed_in()
        assert signed_in.get("/account").location == "/login?next=/account"
        assert is_planned(app)

    def test_cannot_be_said_without_the_password(
        self, app: Flask, new_browser: Callable[..., Browser]
    ) -> None:
        stranger = new_browser()
        assert stranger.submit("/login/keep", form="/login").location == "/login"
        assert is_planned(app)

    @pytest.mark.asvs("2.3.1")
    def test_cannot_be_said_twice_by_an_old_cookie(
        self, app: Flask, signed_in: Browser, user: str
    ) -> None:
        signed_in.sign_in(user)
        old = signed_in.cookie()
        signed_in.submit("/login/keep")
        signed_in.sign_out()
        signed_in.put_cookie(old)
        assert signed_in.submit("/login/keep", form="/login").location == "/login"
        assert not signed_in.is_signed_in()

    def test_opens_nothing_for_an_account_that_was_switched_off_on_the_way(
        self, app: Flask, signed_in: Browser, user: str
    ) -> None:
        signed_in.sign_in(user)
        with app.app_context():
            accounts.get_user(user).active = False
            db.session.commit()
        assert signed_in.submit("/login/keep").location == "/login"
        assert is_planned(app)

    @pytest.mark.asvs("6.4.3")
    def test_opens_nothing_with_a_new_password_either(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, user: str
    ) -> None:
        """The owner may have forgotten the old one, so a new one is given: but it says nothing."""
        new = "copper-window-eleven-moss"
        signed_in.submit("/password/forgot", email=user)
        assert signed_in.submit(mailbox.last_link(user), password=new).location == "/login"
        assert signed_in.sign_in(user, new).location == "/login/keep"
        assert not signed_in.is_signed_in()
        assert is_planned(app)


@pytest.mark.asvs("6.3.4")
def test_wanting_to_keep_the_account_does_not_spare_the_second_factor(
    app: Flask, browser: Browser, user: str
) -> None:
    """Whoever knows the password alone neither gets in nor stops the deletion."""
    add_riddle_page(app)
    browser.sign_in(user)
    plan(browser)
    ask_riddle(app)
    browser.sign_in(user)
    assert browser.submit("/login/keep").location == RIDDLE
    assert not browser.is_signed_in()
    assert is_planned(app)
    done = browser.submit(RIDDLE, form="/login", answer=ANSWER)
    assert done.location == "/"
    assert browser.is_signed_in()
    assert not is_planned(app)


class TestTheLinkThatKeeps:
    """It is in the mail that says what is planned."""

    @pytest.fixture
    def link(self, signed_in: Browser, mailbox: Mailbox) -> str:
        plan(signed_in)
        return mailbox.last_link()

    def test_is_refused_the_second_time(self, app: Flask, browser: Browser, link: str) -> None:
        assert browser.submit(link).status_code == 303
        assert browser.submit(link, form="/login").status_code == 410
        assert browser.get(link).status_code == 410

    def test_is_refused_for_a_later_wish(
        self, app: Flask, signed_in: Browser, user: str, link: str
    ) -> None:
        signed_in.sign_in(user)
        signed_in.submit("/login/keep")
        plan(signed_in)
        assert signed_in.submit(link, form="/login").status_code == 410
        assert is_planned(app)

    def test_keeps_nothing_when_it_is_only_opened(
        self, app: Flask, browser: Browser, link: str
    ) -> None:
        for method in ("GET", "HEAD", "GET"):
            browser.client.open(link, method=method, base_url="http://localhost:8000")
        assert is_planned(app)

    def test_keeps_up_to_the_last_minute(
        self, app: Flask, browser: Browser, link: str, user: str, moving_clock: Clock
    ) -> None:
        moving_clock.forward(days=13, hours=23, minutes=59)
        assert browser.submit(link).status_code == 303
        moving_clock.forward(minutes=2)
        assert erase(app) == 0
        assert exists(app, user)

    def test_brings_nobody_back(
        self, app: Flask, browser: Browser, link: str, user: str, moving_clock: Clock
    ) -> None:
        moving_clock.forward(days=14, seconds=1)
        erase(app)
        assert browser.submit(link, form="/login").status_code == 410
        assert not exists(app, user)


def test_nothing_is_erased_before_its_time(
    app: Flask, signed_in: Browser, user: str, moving_clock: Clock
) -> None:
    plan(signed_in)
    moving_clock.forward(days=13, hours=23, minutes=59)
    assert erase(app) == 0
    assert exists(app, user)


def test_nobody_is_erased_twice(
    app: Flask, signed_in: Browser, user: str, mailbox: Mailbox, moving_clock: Clock
) -> None:
    plan(signed_in)
    moving_clock.forward(days=15)
    assert [erase(app), erase(app)] == [1, 0]
    assert len(mailbox.mails(user)) == 1


def test_one_account_that_cannot_be_erased_does_not_keep_the_others(
    app: Flask, new_browser: Callable[..., Browser], mailbox: Mailbox, moving_clock: Clock
) -> None:
    names = ("one", "two", "three")
    for name in names:
        with app.app_context():
            email = f"{name}@example.com"
            accounts.create(email=email, name=name, password=PASSWORD, confirmed=True)
            db.session.commit()
        browser = new_browser()
        browser.sign_in(f"{name}@example.com")
        plan(browser)

    def stuck(user_id: int) -> None:
        if user_id == 2:
            raise OSError

    erasures = app.extensions[ERASURES.name]
    ERASURES.add(app, stuck)
    moving_clock.forward(days=15)
    assert erase(app) == 2
    assert [exists(app, f"{name}@example.com") for name in names] == [False, True, False]
    assert is_planned(app)  # it is tried again
    assert "gone" not in mailbox.mails("two@example.com")[-1][1]
    app.extensions[ERASURES.name] = erasures
    assert erase(app) == 1
