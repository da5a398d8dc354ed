"""Somebody reads their log, does not know an event, and gets back in by the mail."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Witness, sign_up
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

LOG = "/account/security-log"


def test_an_owner_says_that_it_was_somebody_else(page: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    page.goto("/account")
    page.get_by_role("link", name="See what happened").click()
    expect(page.get_by_role("heading", name="Security log")).to_be_visible()
    expect(page.get_by_text("By somebody from outside: HeadlessChrome").first).to_be_visible()
    witness.look()
    witness.look_on_a_phone()
    page.get_by_role("button", name="This was not me Signed in").click()
    expect(page.get_by_role("heading", name="Now choose a new password")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("link", name="Open the development inbox").click()
    page.get_by_role("link", name="Choose a new password").click()
    page.locator("pre a").click()
    page.get_by_label("New password").fill("copper-window-eleven-moss")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your new password is saved.")).to_be_visible()
    page.goto(LOG)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert witness.complaints == []


def test_it_works_without_javascript(chromium: Browser, address: str) -> None:
    page = chromium.new_context(base_url=address, java_script_enabled=False).new_page()
    sign_up(page)
    page.goto(LOG)
    page.get_by_role("button", name="This was not me Signed in").press("Enter")
    expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()
    page.goto("/login")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_text("You are signed in as")).to_be_visible()
    page.context.close()
