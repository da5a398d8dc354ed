"""An account that its owner wants erased, and perhaps keeps."""

import json
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from app.accounts import service as accounts
from app.core import clock
from app.core.throttle import Throttle
from app.extensions import db
from app.profile.housekeeping import erase_due
from app.profile.models import AccountDeletion
from tests.conftest import Browser, Clock, Mailbox


def plan(browser: Browser) -> None:
    """Ask for the account to be erased."""
    assert browser.submit("/account/delete").location == "/"


def is_planned(app: Flask) -> bool:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(AccountDeletion)) == 1


def exists(app: Flask, email: str) -> bool:
    with app.app_context():
        return accounts.find_user(email) is not None


def erase(app: Flask) -> int:
    """Do the periodic work as a worker does it."""
    with app.app_context():
        erased = erase_due()
        db.session.commit()
        return erased


def test_asking_says_what_goes_and_signs_out(
    app: Flask, signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    page = signed_in.get("/account/delete").text
    assert "After 14 days your account is erased" in page
    assert not is_planned(app)
    plan(signed_in)
    day = f"{clock.now() + timedelta(days=14):%d %b %Y}"
    assert f"Your account will be erased on {day}." in signed_in.get("/").text
    assert not signed_in.is_signed_in()
    assert exists(app, user)
    (to, subject, text) = mailbox.mails()[-1]
    assert (to, subject) == (user, "Your account at Example House will be erased")
    assert day in text


def test_signing_in_asks_and_keeps(
    app: Flask, signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    plan(signed_in)
    assert signed_in.sign_in(user, next="/account/profile").location == "/login/keep"
    assert "Keep your account?" in signed_in.get("/login/keep").text
    assert signed_in.submit("/login/keep").location == "/account/profile"
    assert signed_in.is_signed_in()
    assert not is_planned(app)
    assert mailbox.mails(user)[-1][1] == "Your account at Example House stays"
    signed_in.sign_out()
    assert signed_in.sign_in(user).location == "/"


def test_the_mailed_link_keeps(
    app: Flask,
    signed_in: Browser,
    new_browser: Callable[..., Browser],
    user: str,
    mailbox: Mailbox,
) -> None:
    plan(signed_in)
    anywhere = new_browser()
    assert anywhere.submit(mailbox.last_link(user)).location == "/login"
    assert "Your account stays." in anywhere.get("/login").text
    assert not anywhere.is_signed_in()
    assert signed_in.sign_in(user).location == "/"


def test_after_14_days_it_is_gone(
    app: Flask, signed_in: Browser, user: str, mailbox: Mailbox, moving_clock: Clock
) -> None:
    plan(signed_in)
    moving_clock.forward(days=14, seconds=1)
    assert erase(app) == 1
    assert not exists(app, user)
    assert not is_planned(app)
    # All that is left is the mail that says so.
    assert [mail[:2] for mail in mailbox.mails()] == [
        (user, "Your account at Example House is gone")
    ]
    assert signed_in.register(user).location == "/register/check-mail"


def test_the_worker_knows_the_work(
    app: Flask, signed_in: Browser, user: str, moving_clock: Clock
) -> None:
    plan(signed_in)
    moving_clock.forward(days=15)
    done = app.test_cli_runner().invoke(args=["jobs", "run", "profile.erase"])
    assert "profile.erase touched 1 rows." in done.output
    assert not exists(app, user)


def test_no_count_of_tries_remains(
    app: Flask,
    signed_in: Browser,
    new_browser: Callable[..., Browser],
    user: str,
    moving_clock: Clock,
) -> None:
    signed_in.submit("/reauthenticate", password="wrong-wrong-wrong")
    signed_in.submit("/account/email", email="ada@new.example.com")
    new_browser().sign_in(user, "wrong-wrong-wrong")
    plan(signed_in)
    signed_in.sign_in(user, "wrong-wrong-wrong")  # from a browser that the account knows
    with app.app_context():
        assert len(db.session.scalars(db.select(Throttle)).all()) == 4
    moving_clock.forward(days=15)
    assert erase(app) == 1
    with app.app_context():
        assert db.session.scalars(db.select(Throttle)).all() == []


def test_what_is_planned_is_part_of_the_data(app: Flask, signed_in: Browser, user: str) -> None:
    plan(signed_in)
    told = app.test_cli_runner().invoke(args=["accounts", "export", user])
    assert json.loads(told.output)["profile"]["erase_at"].startswith(
        f"{clock.now() + timedelta(days=14):%Y-%m-%d}"
    )
