"""What tests of recovery codes need: an account that has some."""

import re

from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from app.recovery_codes import service
from tests.conftest import Browser
from tests.totp.conftest import Phone, give_authenticator


def give_codes(app: Flask, email: str) -> list[str]:
    """Let an account have ten codes, which nobody can read any more, and return them."""
    with app.app_context():
        user_id = accounts.get_user(email).id
        service.make(user_id)
        codes = service.readable(user_id)
        service.put_away(user_id)
        db.session.commit()
    return codes


def give_both(app: Flask, email: str) -> tuple[Phone, list[str]]:
    """Let an account have an authenticator and ten codes for the day when it is lost."""
    return give_authenticator(app, email), give_codes(app, email)


def codes_on(browser: Browser) -> list[str]:
    """Return the codes on the page that a browser shows."""
    assert browser.page is not None
    return re.findall(r"<li><code>([^<]+)</code></li>", browser.page.text)
