"""What stands in the log, and a person who reads it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.extensions import db
from app.security_log.models import SecurityEvent, SecurityEventOrigin
from tests.conftest import PASSWORD, Browser

ADA, GRACE = "ada@example.com", "grace@example.com"
LOG = "/account/security-log"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
WRONG = "not-the-password-of-anybody"


def events(app: Flask) -> list[SecurityEvent]:
    """Return what is stored, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(db.select(SecurityEvent).order_by(SecurityEvent.id)))


def origins(app: Flask) -> list[SecurityEventOrigin]:
    """Return where it came from, the oldest first."""
    with app.app_context():
        wanted = db.select(SecurityEventOrigin).order_by(SecurityEventOrigin.event_id)
        return list(db.session.scalars(wanted))


def kinds(app: Flask) -> list[str]:
    """Return the kinds of what is stored, the oldest first."""
    return [event.kind for event in events(app)]


def public_id(app: Flask, email: str = ADA) -> str:
    """Return how an account is named in the log."""
    with app.app_context():
        return accounts.get_user(email).public_id


def stored_text(app: Flask) -> str:
    """Return all that is stored, as one text."""
    with app.app_context():
        tables = (SecurityEvent.__table__, SecurityEventOrigin.__table__)
        return "\n".join(str(row) for table in tables for row in db.session.execute(table.select()))


def titles(browser: Browser) -> list[str]:
    """Return what the page lists, from the top."""
    return re.findall(r"<h2>(.+?)</h2>", browser.get(LOG).text)


def buttons(browser: Browser) -> list[str]:
    """Return where "this was not me" sends to, from the top."""
    return re.findall(rf'action="({LOG}/[0-9a-f-]{{36}}/not-me)"', browser.get(LOG).text)


def press(browser: Browser, path: str) -> TestResponse:
    """Press a button of the page."""
    return browser.submit(path, LOG)


def sign_in_as(browser: Browser, agent: str, user: str = ADA, **more: Any) -> TestResponse:
    """Sign in with a browser that calls itself something."""
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    return browser.sign_in(user, **more)


@pytest.fixture
def grace(app: Flask, new_browser: Callable[..., Browser]) -> Browser:
    """Somebody else, signed in at her own browser."""
    with app.app_context():
        accounts.create(email=GRACE, name="Grace Hopper", password=PASSWORD, confirmed=True)
        db.session.commit()
    browser = new_browser("198.51.100.4")
    assert browser.sign_in(GRACE).status_code == 303
    return browser
