"""Two browsers of one person: the one ends the other, and so does the link in the mail."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import PATIENCE, Witness, sign_up
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

DEVICES = "/account/devices"


@pytest.fixture
def elsewhere(chromium: Browser, address: str) -> Iterator[Page]:
    """A window with cookies of its own."""
    context = chromium.new_context(base_url=address)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You are signed in as")).to_be_visible()


def test_one_browser_ends_the_other(page: Page, elsewhere: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    page.goto(DEVICES)
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    witness.look()
    sign_in(elsewhere)

    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="This device")).to_have_count(1)
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    witness.look_on_a_phone()
    page.get_by_role("button", name="Sign out HeadlessChrome").click()
    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    witness.look()

    elsewhere.goto(DEVICES)
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    assert witness.complaints == []


def test_the_mail_ends_a_sign_in_from_anywhere(page: Page, elsewhere: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    sign_in(elsewhere)
    page.goto("/dev/mailbox")
    page.get_by_role("link", name="New sign-in to your account").click()
    witness.look()
    page.get_by_role("button", name="Sign out").click()  # the link must work for a stranger
    page.goto("/dev/mailbox")
    page.get_by_role("link", name="New sign-in to your account").click()
    page.locator("pre a").last.click()
    expect(page.get_by_role("heading", name="Was that not you?")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("button", name="Sign that device out").click()
    expect(page.get_by_text("That device is signed out.")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("link", name="Choose a new password").click()
    expect(page).to_have_url(re.compile(r"/password/forgot$"))

    elsewhere.goto(DEVICES)
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="This link is used up")).to_be_visible()
    assert [c for c in witness.complaints if "410" not in c] == []


def test_it_works_without_javascript(chromium: Browser, address: str, elsewhere: Page) -> None:
    page = chromium.new_context(base_url=address, java_script_enabled=False).new_page()
    sign_up(page)
    sign_in(elsewhere)
    page.goto(DEVICES)
    page.get_by_role("button", name="Sign out everywhere else").press("Enter")
    expect(page.get_by_text("You are signed out everywhere else.")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere, here too").press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.context.close()
