"""Register, follow the mailed link, and be somebody."""

from flask import Flask

from app.accounts import service
from tests.conftest import PASSWORD, Browser, Clock, Mailbox


def test_a_registration_is_confirmed_by_link_and_password(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    answer = browser.register("ada@example.com")
    assert answer.headers["Location"] == "/register/check-mail"
    assert "Check your mail" in browser.get("/register/check-mail").text
    link = mailbox.last_link("ada@example.com")
    assert "Confirm your address" in browser.get(link).text
    assert browser.submit(link, password=PASSWORD).status_code == 303
    with app.app_context():
        assert service.get_user("ada@example.com").is_active
    home = browser.get("/").text
    assert "Your address is confirmed" in home
    # feature: login
    assert "Sign out" in home
    # endfeature


def test_the_form_keeps_what_was_typed_and_says_what_to_mend(browser: Browser) -> None:
    page = browser.register("ada at example", "short", name="Ada <b>")
    assert page.status_code == 422
    assert 'value="ada at example"' in page.text
    assert 'value="Ada &lt;b&gt;"' in page.text
    assert "Write a whole address" in page.text
    assert "Use at least 15 characters; this has 5." in page.text
    assert "short" not in page.text.replace("shorter", "")


def test_four_words_are_suggested_and_nothing_typed_is_lost(browser: Browser) -> None:
    page = browser.register("ada@example.com", "", suggest="1")
    assert page.status_code == 200
    assert 'value="ada@example.com"' in page.text
    words = page.text.split("<strong>")[1].split("</strong>")[0]
    assert words.count("-") >= 3
    assert len(words) >= 15
    assert browser.register("ada@example.com", words).status_code == 303


def test_an_address_has_one_spelling(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    browser.register("  Ada@EXAMPLE.com ")
    assert mailbox.mails()[0][0] == "ada@example.com"
    browser.register("ADA@example.COM")
    with app.app_context():
        assert service.find_user("ada@example.com") is not None


def test_an_international_domain_has_one_spelling_too(browser: Browser, mailbox: Mailbox) -> None:
    browser.register("ada@BÜCHER.example.com")
    assert mailbox.mails()[0][0] == "ada@xn--bcher-kva.example.com"


def test_a_link_lives_for_a_day(browser: Browser, mailbox: Mailbox, moving_clock: Clock) -> None:
    browser.register("ada@example.com")
    link = mailbox.last_link()
    moving_clock.forward(hours=25)
    page = browser.get(link)
    assert page.status_code == 410
    assert "Register again" in page.text


def test_the_inbox_shows_the_mail(browser: Browser, mailbox: Mailbox) -> None:
    browser.register("ada@example.com")
    link = mailbox.last_link()
    assert "Confirm your address for Example House" in browser.get("/dev/mailbox").text
    assert link in browser.get("/dev/mailbox/1").text
    html = browser.get("/dev/mailbox/1/html")
    assert link in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
