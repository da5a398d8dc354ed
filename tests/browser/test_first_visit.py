# file of feature: login
"""The first visit, in a real browser: register, follow the mail, sign in, sign out."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Witness
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


def test_register_confirm_sign_in_and_out(page: Page) -> None:
    witness = Witness(page)
    page.goto("/")
    witness.look()
    page.get_by_role("link", name="Create account").first.click()
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill("ada at example")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("Write a whole address")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Ada Lovelace")
    witness.look()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    witness.look()

    page.get_by_role("link", name="Open the development inbox").click()
    witness.look()
    page.get_by_role("link", name="Confirm your address for Example House").click()
    witness.look()
    page.locator("pre a").click()
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()
    witness.look()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()
    witness.look()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.get_by_role("link", name="Sign in").first.click()
    witness.look()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()
    page.goto("/reauthenticate")
    witness.look()
    page.goto("/no-such-page")
    witness.look()
    assert [c for c in witness.complaints if "404" not in c] == []


def test_the_colours_can_be_switched_and_stay(page: Page) -> None:
    page.goto("/")
    before = page.locator("html").get_attribute("data-bs-theme")
    page.get_by_role("button", name=re.compile("Switch to")).click()
    after = page.locator("html").get_attribute("data-bs-theme")
    assert {before, after} == {"light", "dark"}
    page.goto("/login")
    assert page.locator("html").get_attribute("data-bs-theme") == after


def test_no_page_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    for path in ("/", "/register", "/login", "/dev/mailbox", "/no-such-page"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_everything_works_without_javascript(chromium: Browser, address: str) -> None:
    page = chromium.new_context(base_url=address, java_script_enabled=False).new_page()
    page.goto("/register")
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Open the development inbox").click()
    page.get_by_role("link", name="Confirm your address").click()
    page.locator("pre a").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.context.close()
