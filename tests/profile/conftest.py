"""The other person in the tests of this feature."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import PASSWORD, Browser

THIEF = "thief@example.com"


@pytest.fixture
def mallory(app: Flask, new_browser: Callable[..., Browser]) -> Browser:
    """Somebody with an account of their own, signed in at their own browser."""
    with app.app_context():
        accounts.create(email=THIEF, name="Mallory", password=PASSWORD, confirmed=True)
        db.session.commit()
    browser = new_browser()
    browser.sign_in(THIEF)
    return browser
