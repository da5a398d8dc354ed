"""The account page as its owner uses it."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.accounts.points import ACCOUNT_LINES, AccountLine
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock, Mailbox

NEW = "ada@new.example.com"
NEWER = "ada@newer.example.com"


def ask(browser: Browser, email: str = NEW) -> None:
    """Ask for another address."""
    assert browser.submit("/account/email", email=email).location == "/account"


def move(browser: Browser, mailbox: Mailbox, email: str = NEW) -> None:
    """Move the account to another address, by the link in the new inbox."""
    ask(browser, email)
    assert browser.submit(mailbox.last_link(email)).location == "/account"


def address_of(app: Flask, name: str = "Ada Lovelace") -> str:
    """Return the address of an account."""
    with app.app_context():
        found = accounts.User.name == name
        return str(db.session.scalars(db.select(accounts.User.email).where(found)).one())


def test_the_page_shows_how_the_account_stands(app: Flask, signed_in: Browser, user: str) -> None:
    ACCOUNT_LINES.add(
        app, lambda who: [AccountLine("Lamp", f"lit for {who.name}", "site.home", "Put it out")]
    )
    page = signed_in.get("/account").text
    for shown in ("Ada Lovelace", user, "Member since", "lit for Ada Lovelace", "Put it out"):
        assert shown in page
    assert "erased on" not in page
    assert '<a href="/account">Account</a>' in signed_in.get("/").text


def test_the_page_asks_the_database_as_often_for_much_as_for_little(
    app: Flask, signed_in: Browser, mailbox: Mailbox, statements: list[str]
) -> None:
    statements.clear()
    signed_in.get("/account")
    little = len(statements)
    for n in range(3):
        move(signed_in, mailbox, f"ada{n}@new.example.com")
    ask(signed_in)
    statements.clear()
    assert NEW in signed_in.get("/account").text
    assert len(statements) == little


def test_a_name_is_changed(signed_in: Browser) -> None:
    assert signed_in.submit("/account/profile", name="  Ada King ").location == "/account"
    page = signed_in.get("/account").text
    assert "Your name is changed." in page
    assert ">Ada King<" in page


def test_an_address_is_changed_when_the_new_inbox_confirms(
    app: Flask, signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    ask(signed_in, "  Ada@NEW.example.com ")
    page = signed_in.get("/account").text
    assert f"Waiting for {NEW}" in page
    assert address_of(app) == user
    link = mailbox.last_link(NEW)
    assert NEW in signed_in.get(link).text
    assert signed_in.submit(link).location == "/account"
    page = signed_in.get("/account").text
    assert f"Your address is now {NEW}." in page
    assert "Waiting for" not in page
    signed_in.sign_out()
    assert signed_in.sign_in(user).status_code == 422
    assert signed_in.sign_in(NEW).status_code == 303


def test_each_inbox_is_told(signed_in: Browser, user: str, mailbox: Mailbox) -> None:
    ask(signed_in)
    assert [mail[1] for mail in mailbox.mails(user)] == [
        "Somebody wants to change your address at Example House"
    ]
    signed_in.submit(mailbox.last_link(NEW))
    assert mailbox.mails(user)[-1][1] == "Your address at Example House has changed"
    assert mailbox.mails(NEW)[-1][1] == "This is now your address at Example House"
    signed_in.submit(mailbox.last_link(user))
    assert mailbox.mails(user)[-1][1] == "Your address at Example House is back"
    assert mailbox.mails(NEW)[-1][1].startswith("This is not your address")


def test_the_old_address_takes_the_change_back(
    app: Flask, signed_in: Browser, new_browser: Callable[..., Browser], user: str, mailbox: Mailbox
) -> None:
    move(signed_in, mailbox)
    owner = new_browser()
    link = mailbox.last_link(user)
    assert "Take the change back?" in owner.get(link).text
    assert owner.submit(link).location == "/password/forgot"
    assert "Choose a new password now." in owner.get("/password/forgot").text
    assert address_of(app) == user


def test_a_mistyped_address_is_said_and_kept(signed_in: Browser) -> None:
    answer = signed_in.submit("/account/email", email="ada at new")
    assert answer.status_code == 422
    assert "Write a whole address" in answer.text
    assert 'value="ada at new"' in answer.text


def test_ones_own_address_is_refused_plainly(
    signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    answer = signed_in.submit("/account/email", email=user.upper())
    assert answer.status_code == 422
    assert "That is your address already." in answer.text
    assert mailbox.mails() == []


def test_a_copy_holds_what_every_feature_knows(
    signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    move(signed_in, mailbox)
    ask(signed_in, "ada@third.example.com")
    page = signed_in.get("/account/export").text
    for title in ("Accounts", "Sign-in", "Account page"):
        assert f"<li>{title}</li>" in page
    answer = signed_in.submit("/account/export")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=account-")
    assert answer.headers["Cache-Control"] == "no-store"
    known = json.loads(answer.text)
    assert known["accounts"]["email"] == NEW
    assert [mail["kind"] for mail in known["accounts"]["mails"]] == [
        "profile/mail/confirm_email",
        "profile/mail/changed",
        "profile/mail/change_requested",
    ]
    assert known["login"]["sessions"][0]["methods"] == ["pwd"]
    assert known["profile"] == {
        "new_email": "ada@third.example.com",
        "former_emails": [user],
        "erase_at": None,
    }


def test_the_first_inbox_counts_for_72_hours(
    signed_in: Browser, user: str, mailbox: Mailbox, moving_clock: Clock, app: Flask
) -> None:
    move(signed_in, mailbox)
    link = mailbox.last_link(user)
    moving_clock.forward(hours=71, minutes=59)
    assert signed_in.submit(link).location == "/password/forgot"
    assert address_of(app) == user


@pytest.mark.parametrize("path", ["/account", "/account/profile"])
def test_a_stranger_is_sent_to_sign_in_and_back(browser: Browser, user: str, path: str) -> None:
    answer = browser.get(path)
    assert answer.location == f"/login?next={path}"
    assert browser.sign_in(user, PASSWORD, next=path).location == path
