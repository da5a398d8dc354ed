"""A forgotten password in a real browser: ask, follow the mail, choose, sign in, change."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Witness, sign_up
from tests.conftest import PASSWORD
from tests.passwords.conftest import NEW_PASSWORD

pytestmark = pytest.mark.browser


def register(page: Page) -> None:
    sign_up(page)
    page.get_by_role("button", name="Sign out").click()


def follow_the_mail(page: Page) -> None:
    page.goto("/login")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Open the development inbox").click()
    page.get_by_role("link", name="Choose a new password").click()
    page.locator("pre a").click()


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()


def test_a_forgotten_password_is_replaced_and_changed(page: Page) -> None:
    witness = Witness(page)
    register(page)
    page.goto("/login")
    page.get_by_role("link", name="Forgotten your password?").click()
    witness.look_on_a_phone()
    page.get_by_label("E-mail address").fill("ada at example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write a whole address")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("link", name="Open the development inbox").click()
    page.get_by_role("link", name="Choose a new password").click()
    page.locator("pre a").click()
    link = page.url
    witness.look_on_a_phone()

    page.get_by_label("New password").fill("too-short")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Use at least 15 characters; this has 9.")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("button", name="Suggest four words").click()
    expect(page.get_by_text("Your four words")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("New password")).to_have_attribute("type", "text")
    words = page.get_by_label("New password").input_value()
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_text("Your new password is saved. Sign in with it.")).to_be_visible()
    witness.look_on_a_phone()
    sign_in(page, words)
    page.goto(link)
    expect(page.get_by_role("link", name="Ask for a new link")).to_be_visible()
    witness.look_on_a_phone()

    page.goto("/.well-known/change-password")
    witness.look_on_a_phone()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is not your current password.")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_label("Current password").fill(words)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Everywhere else you are signed out.")).to_be_visible()
    assert [c for c in witness.complaints if "410" not in c] == []


@pytest.mark.asvs("6.2.7")
def test_a_password_can_be_pasted(page: Page) -> None:
    register(page)
    follow_the_mail(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", NEW_PASSWORD)
    page.get_by_label("New password").focus()
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")
    sign_in(page, NEW_PASSWORD)


def test_everything_works_without_javascript(chromium: Browser, address: str) -> None:
    page = chromium.new_context(base_url=address, java_script_enabled=False).new_page()
    register(page)
    follow_the_mail(page)
    page.get_by_role("button", name="Suggest four words").click()
    words = page.get_by_label("New password").input_value()
    page.get_by_label("New password").press("Enter")
    sign_in(page, words)
    page.goto("/account/password")
    page.get_by_label("Current password").fill(words)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your new password is saved.")).to_be_visible()
    page.context.close()
