"""Chromium enrols, signs in, loses the phone, and comes in by a recovery code."""

import pytest
from playwright.sync_api import Page, expect

from app.totp import otp
from tests.browser.chromium import Witness, sign_up
from tests.conftest import Clock
from tests.totp.test_in_a_browser import add_authenticator, sign_in

pytestmark = pytest.mark.browser


def test_who_loses_the_phone_comes_in_by_a_saved_code(page: Page, moving_clock: Clock) -> None:
    witness = Witness(page)
    sign_up(page)
    phone = add_authenticator(page)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    witness.look_on_a_phone()
    codes = page.locator("#recovery-codes code").all_inner_texts()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").click()
    assert downloading.value.path().read_text().split() == codes
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    page.get_by_role("button", name="I have saved them").click()
    expect(page.get_by_text("10 of 10 codes left")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("button", name="Sign out").click()

    moving_clock.forward(seconds=otp.STEP_SECONDS)
    sign_in(page)
    page.get_by_label("Code").fill(phone.code())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Sign out").click()

    sign_in(page)
    page.get_by_role("link", name="Recovery code").click()
    witness.look_on_a_phone()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto("/account/recovery-codes")
    expect(page.get_by_text("9 of 10 codes are left")).to_be_visible()
    witness.look_on_a_phone()
    page.goto("/account/totp")
    page.get_by_role("button", name="Take away Phone").click()
    expect(page.get_by_text("Phone is taken away.")).to_be_visible()
    assert witness.complaints == []
