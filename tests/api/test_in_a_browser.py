"""The page of the API in a real browser: it is read, signed in on, and tried."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Witness, sign_up
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


def try_me(page: Page) -> None:
    """Ask who I am, on the page."""
    page.get_by_role("heading", name="GET /api/v1/me", exact=True).click()
    me = page.locator("#profile_me")
    me.get_by_role("button", name="Send").click()
    expect(me.get_by_role("status")).to_have_text("200 OK")
    expect(me.get_by_role("region")).to_contain_text('"email": "ada@example.com"')


def test_the_api_is_tried_with_a_borrowed_sign_in(page: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    page.get_by_role("link", name="For programs: the API").click()
    page.get_by_role("button", name="Use my sign-in").click()
    expect(page.get_by_text("You have a token of your sign-in.")).to_be_visible()
    try_me(page)
    witness.look_on_a_phone()
    page.get_by_role("button", name="Forget the token").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()
    # What was borrowed is given back; the sign-in of the browser goes on.
    page.reload()
    expect(page.get_by_role("button", name="Use my sign-in")).to_be_visible()
    assert witness.complaints == []


def test_the_api_is_tried_with_address_and_password(page: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/developers")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("not-that-one-at-all")
    page.keyboard.press("Enter")
    expect(page.locator("#who-state")).to_contain_text("do not open an account")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have a token for ada@example.com.")).to_be_visible()
    try_me(page)
    cookies = {cookie["name"] for cookie in page.context.cookies()}
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert not [name for name in (*cookies, *kept) if "token" in name]
    with page.expect_response("**/auth/logout") as left:
        page.get_by_role("button", name="Forget the token").click()
    assert left.value.status == 204
    # Chromium says so when a request is refused, as it was meant to be.
    assert [one for one in witness.complaints if "401" not in one] == []


def test_a_call_is_copied_without_its_token(page: Page) -> None:
    sign_up(page)
    page.goto("/developers")
    page.get_by_role("button", name="Use my sign-in").click()
    page.get_by_role("heading", name="GET /api/v1/me", exact=True).click()
    me = page.locator("#profile_me")
    me.get_by_role("button", name="Copy as curl").click()
    expect(me.get_by_role("region")).to_contain_text("curl --request GET")
    expect(me.get_by_role("region")).to_contain_text('"Authorization: Bearer $TOKEN"')


def test_the_page_is_read_without_javascript(chromium: Browser, address: str) -> None:
    page = chromium.new_context(base_url=address, java_script_enabled=False).new_page()
    page.goto("/developers")
    page.get_by_role("heading", name="POST /api/v1/auth/refresh", exact=True).click()
    expect(page.get_by_text("refresh_token_reused", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
    page.context.close()
