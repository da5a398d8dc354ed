"""What tests of authenticators need: an authenticator, and accounts that have one."""

import re
from html import unescape
from uuid import uuid4

from flask import Flask

from app.accounts import service as accounts
from app.core import clock
from app.core.encryption import encrypt
from app.extensions import db
from app.totp import otp
from app.totp.models import Authenticator
from tests.conftest import Browser


class Phone:
    """An authenticator app: it has read a secret and shows codes."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def code(self, *, ahead: int = 0) -> str:
        """Return the code of this moment, or of some steps later."""
        return otp.code_at(self.secret, otp.step_at(clock.now()) + ahead)

    def wrong_code(self) -> str:
        """Return six digits that are right neither now nor soon."""
        near = {self.code(ahead=steps) for steps in (-2, -1, 0, 1, 2)}
        return next(code for code in map("{:06}".format, range(10)) if code not in near)


def wide(code: str) -> str:
    """Return a code in full-width digits, as a keyboard for Japanese writes it."""
    return code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})


def read_picture(browser: Browser) -> Phone:
    """Return a phone that knows the secret on the page."""
    found = re.search(r'<code class="secret" id="secret">([^<]+)<', browser.page.text)
    assert found
    return Phone(unescape(found[1]).replace(" ", ""))


def give_authenticator(app: Flask, email: str, name: str = "Phone") -> Phone:
    """Let an account have an authenticator that was added long ago, and ends no sign-in now."""
    secret, public_id = otp.new_secret(), uuid4()
    with app.app_context():
        db.session.add(
            Authenticator(
                public_id=public_id,
                user_id=accounts.get_user(email).id,
                name=name,
                secret=encrypt(secret, public_id.hex),
                last_step=0,
            )
        )
        db.session.commit()
    return Phone(secret)


def set_up_authenticator(browser: Browser, path: str = "/account/totp/add") -> Phone:
    """Add an authenticator through the pages, and return the phone that has it."""
    browser.submit(path, begin="1")
    browser.get(path)
    phone = read_picture(browser)
    browser.submit(path, code=phone.code(), name="Phone")
    return phone
