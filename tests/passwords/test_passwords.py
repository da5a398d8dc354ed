"""Forgotten, reset, changed, set for the first time."""

from collections.abc import Callable

import pytest
from flask import Flask

from app import create_app
from app.accounts import service as accounts
from app.accounts.points import ACCOUNT_LINES
from app.core.events import signals
from app.core.principal import Principal
from app.core.settings import SettingsRefused
from app.passwords.events import PasswordChanged, PasswordResetRequested
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.passwords.conftest import NEW_PASSWORD

Ask = Callable[[Browser, str], str]


def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    browser: Browser, user: str, mailbox: Mailbox
) -> None:
    assert "Forgotten your password?" in browser.get("/login").text
    sent = browser.submit("/password/forgot", email=" Ada@Example.COM ")
    page = browser.get(sent.headers["Location"]).text
    assert "Check your mail" in page
    assert "/dev/mailbox" in page
    done = browser.submit(mailbox.last_link(user), password=NEW_PASSWORD)
    assert (done.status_code, done.headers["Location"]) == (303, "/login")
    assert "Your new password is saved." in browser.get("/login").text
    assert browser.sign_in(user).status_code == 422
    assert browser.sign_in(user, NEW_PASSWORD).headers["Location"] == "/"
    assert mailbox.mails(user)[-1][1] == "Your password at Example House has been changed"


def test_a_refused_password_is_explained_and_the_link_still_works(
    browser: Browser, user: str, ask: Ask
) -> None:
    link = ask(browser, user)
    page = browser.submit(link, password="too-short")
    assert page.status_code == 422
    assert "Use at least 15 characters; this has 9. Four words" in page.text
    assert "too-short" not in page.text
    assert browser.submit(link, password="").status_code == 422
    assert browser.submit(link, password=NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize("where", ["reset", "change"])
def test_four_words_are_suggested(
    app: Flask, signed_in: Browser, user: str, ask: Ask, where: str
) -> None:
    path = ask(signed_in, user) if where == "reset" else "/account/password"
    page = signed_in.submit(path, suggest="1", current=PASSWORD)
    assert page.status_code == 200
    words = page.text.split("<strong>")[1].split("</strong>")[0]
    assert f'value="{words}"' in page.text
    assert PASSWORD not in page.text
    assert signed_in.submit(path, password=words, current=PASSWORD).status_code == 303
    assert Browser(app).sign_in(user, words).status_code == 303


@pytest.mark.asvs("6.2.2")
def test_a_password_is_changed_and_this_browser_stays(
    signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    done = signed_in.submit("/account/password", current=PASSWORD, password=NEW_PASSWORD)
    assert done.status_code == 303
    assert "Everywhere else you are signed out." in signed_in.get("/").text
    assert signed_in.is_signed_in()
    recipient, subject, text = mailbox.mails()[-1]
    assert (recipient, subject) == (user, "Your password at Example House has been changed")
    assert "Hello Ada Lovelace," in text
    assert "UTC" in text
    assert "http://localhost:8000/password/forgot" in text
    signed_in.sign_out()
    assert signed_in.sign_in(user, NEW_PASSWORD).status_code == 303


def test_an_account_without_a_password_gets_one(
    app: Flask, without_password: Browser, mailbox: Mailbox
) -> None:
    page = without_password.get("/account/password").text
    assert "Set a password" in page
    assert "Current password" not in page
    done = without_password.submit("/account/password", password=NEW_PASSWORD)
    assert done.status_code == 303
    assert Browser(app).sign_in("grace@example.com", NEW_PASSWORD).status_code == 303
    subjects = [subject for _, subject, _ in mailbox.mails("grace@example.com")]
    assert "Your password at Example House has been changed" in subjects


def test_an_account_without_a_password_gets_one_by_a_mailed_link(
    browser: Browser, without_password: Browser, ask: Ask
) -> None:
    link = ask(browser, "grace@example.com")
    assert browser.submit(link, password=NEW_PASSWORD).status_code == 303
    assert browser.sign_in("grace@example.com", NEW_PASSWORD).status_code == 303


def test_who_has_no_password_is_not_asked_for_it(
    without_password: Browser, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=11)
    sent = without_password.get("/account/password").headers["Location"]
    for page in (without_password.get(sent), without_password.submit(sent, form="/register")):
        assert "Your account has none." in page.text
        assert 'type="password"' not in page.text
        assert "/password/forgot" in page.text
    without_password.sign_out()
    without_password.get("/toy/sign-in")
    assert without_password.get("/account/password").status_code == 200


def test_a_reset_tells_who_listens(app: Flask, browser: Browser, user: str, ask: Ask) -> None:
    heard: list[tuple[str, object]] = []

    def hear_request(event: PasswordResetRequested) -> None:
        heard.append(("requested", (event.user_id, event.email)))

    def hear_change(event: PasswordChanged) -> None:
        heard.append(("changed", (event.user_id, event.keep)))

    with (
        signals.signal(PasswordResetRequested.kind).connected_to(hear_request),
        signals.signal(PasswordChanged.kind).connected_to(hear_change),
    ):
        browser.submit("/password/forgot", email="nobody@example.com")
        browser.submit(ask(browser, user), password=NEW_PASSWORD)
        browser.sign_in(user, NEW_PASSWORD)
        browser.submit("/account/password", current=NEW_PASSWORD, password=PASSWORD)
    assert heard == [
        ("requested", (None, "nobody@example.com")),
        ("requested", (1, user)),
        ("changed", (1, None)),
        ("changed", (1, 1)),
    ]


@pytest.mark.parametrize("email", ["ada@example.com", "grace@example.com"])
def test_the_account_page_learns_how_it_stands(
    app: Flask, user: str, without_password: Browser, email: str
) -> None:
    with app.test_request_context():
        principal = Principal(user_id=accounts.get_user(email).id, method="session")
        lines = [line for lines in ACCOUNT_LINES for line in lines(principal)]
    (line,) = (line for line in lines if line.endpoint == "passwords.change")
    known = (
        ("Set", "Change password") if email == "ada@example.com" else ("Not set", "Set a password")
    )
    assert (line.state, line.action) == known


@pytest.mark.asvs("6.2.6", "6.2.7")
def test_password_managers_find_their_way(signed_in: Browser, user: str, ask: Ask) -> None:
    """The address they look at, the fields they fill in, nothing that forbids to paste."""
    sent = signed_in.get("/.well-known/change-password")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/account/password")
    # They look whether any odd address would seem to exist (W3C, change-password-url, 3).
    odd = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert signed_in.get(odd).status_code == 404
    for path, fields in (
        ("/account/password", {"username", "current-password", "new-password"}),
        (ask(signed_in, user), {"username", "new-password"}),
        ("/password/forgot", {"username"}),
    ):
        page = signed_in.get(path).text
        for name in fields:
            assert f'autocomplete="{name}"' in page, path
        assert "onpaste" not in page
        assert page.count("data-reveal") == len(fields - {"username"})


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/range/",
        "ftp://example.com/",
        "https://",
        "https://user:pw@example.com/",
        "https://example.com/?q=",
        "https://example.com/a b",
        "https://[x",
        "https://example.com:x/",
    ],
)
def test_an_address_that_would_tell_too_much_is_refused(
    settings: dict[str, str], address: str
) -> None:
    with pytest.raises(SettingsRefused, match="BREACH_LOOKUP_URL"):
        create_app({**settings, "BREACH_LOOKUP_URL": address})
