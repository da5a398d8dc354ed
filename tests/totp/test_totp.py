"""Authenticators, through the front door."""

from collections.abc import Callable

from tests.conftest import Browser, Clock
from tests.totp.conftest import set_up_authenticator

ADA = "ada@example.com"
STEP = "/login/second-factor/totp"


def test_an_authenticator_is_asked_for_at_the_next_sign_in(
    signed_in: Browser, new_browser: Callable[..., Browser], moving_clock: Clock
) -> None:
    phone = set_up_authenticator(signed_in)
    assert signed_in.page.headers["Location"].startswith("/account/recovery-codes")
    codes = signed_in.get("/account/recovery-codes")
    assert codes.text.count("<li><code>") == 10
    moving_clock.forward(minutes=1)
    browser = new_browser()
    assert browser.sign_in(ADA).headers["Location"] == "/login/second-factor"
    assert not browser.is_signed_in()
    assert browser.get("/login/second-factor").headers["Location"] == STEP
    assert browser.submit(STEP, code=phone.code()).headers["Location"] == "/"
    assert browser.is_signed_in()
