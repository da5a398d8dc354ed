"""A person with two browsers, and what they see and press."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.conftest import PASSWORD, Browser, Mailbox

ADA = "ada@example.com"
DEVICES = "/account/devices"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)


def sign_in(browser: Browser, user: str, agent: str = FIREFOX, **more: str) -> TestResponse:
    """Sign in with a browser of a certain name."""
    form = {"csrf_token": browser.token(), "email": user, "password": PASSWORD, **more}
    return browser.post("/login", form, headers={"User-Agent": agent})


def names(browser: Browser) -> list[str]:
    """Return what the page lists, from the top."""
    return re.findall(r"<h2>(.+?)(?: <span.*)?</h2>", browser.get(DEVICES).text)


def ends(browser: Browser) -> list[str]:
    """Return where the buttons of the single devices send to, from the top."""
    return re.findall(rf'action="({DEVICES}/[0-9a-f-]{{36}}/end)"', browser.get(DEVICES).text)


def press(browser: Browser, path: str) -> TestResponse:
    """Press a button of the list."""
    token = browser.token(DEVICES)
    referrer = {"Referer": f"http://localhost:8000{DEVICES}"}
    return browser.post(path, {"csrf_token": token}, headers=referrer)


def told(mailbox: Mailbox, user: str) -> list[str]:
    """Return the text of each mail about a new device."""
    return [text for _, subject, text in mailbox.mails(user) if subject.startswith("New sign-in")]


@pytest.fixture
def laptop(browser: Browser, user: str) -> Browser:
    """The browser in which the account was signed in to first."""
    sign_in(browser, user)
    return browser


@pytest.fixture
def phone(laptop: Browser, new_browser: Callable[..., Browser], user: str) -> Browser:
    """A second browser of the same person, at another address."""
    other = new_browser("203.0.113.7")
    sign_in(other, user, CHROME)
    return other
