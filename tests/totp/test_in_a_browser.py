"""An authenticator in Chromium: the picture is read by a QR reader that knows nothing of us."""

import io

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from app.core import clock
from app.totp import otp
from tests.browser.chromium import Witness, sign_up
from tests.conftest import PASSWORD, Clock
from tests.totp.conftest import Phone

pytestmark = pytest.mark.browser


def photograph(page: Page) -> Phone:
    """Hold a phone before the screen: it reads the picture, and nothing else."""
    shown = page.locator("img.qr-code").screenshot()
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(shown)))
    return Phone(pyotp.parse_uri(read.text).secret)


def add_authenticator(page: Page) -> Phone:
    """Add an authenticator, from the account page on."""
    page.goto("/account/totp/add")
    page.get_by_role("button", name="Show the picture").click()
    phone = photograph(page)
    page.get_by_label("Code").fill(phone.code())
    page.get_by_role("button", name="Add it").click()
    return phone


def sign_in(page: Page) -> None:
    """Type address and password."""
    page.goto("/login")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_phone_reads_the_picture_and_signs_in(page: Page, moving_clock: Clock) -> None:
    witness = Witness(page)
    sign_up(page)
    page.goto("/account/second-factor")
    witness.look_on_a_phone()
    page.goto("/account/totp/add")
    witness.look_on_a_phone()
    page.get_by_role("button", name="Show the picture").click()
    witness.look_on_a_phone()
    typed = page.locator("#secret").inner_text().replace(" ", "")
    phone = photograph(page)
    assert phone.secret == typed
    page.get_by_label("Code").fill(phone.code())
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("The authenticator is added.")).to_be_visible()
    page.goto("/account/totp")
    witness.look_on_a_phone()
    page.get_by_role("button", name="Sign out").click()
    moving_clock.forward(seconds=otp.STEP_SECONDS)
    sign_in(page)
    expect(page.get_by_label("Code")).to_be_focused()
    witness.look_on_a_phone()
    page.get_by_label("Code").fill(phone.code())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto("/account/totp")
    expect(page.get_by_text(f"Last used {clock.now():%d %b %Y}")).to_be_visible()
    assert witness.complaints == []


def test_the_secret_is_copied_by_a_button(page: Page) -> None:
    sign_up(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/account/totp/add")
    page.get_by_role("button", name="Show the picture").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#secret").inner_text().replace(" ", "")
