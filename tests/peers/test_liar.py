"""Each fault of an independent lying provider is a page, and never a session."""

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Browser
from tests.peers.conftest import CLIENT_ID, CLIENT_SECRET, Peer
from tests.social.conftest import accounts, identities, own_path, sessions

pytestmark = pytest.mark.process

# By the status that they end with.
FAULTS = {
    **dict.fromkeys(
        (
            "expired",
            "from the future",
            "never expires",
            "without issue",
            "for somebody else",
            "for somebody else, by us",
            "for others too",
            "by another party",
            "for nobody",
            "of another issuer",
            "of another sign-in",
            "of no sign-in",
            "about nobody",
            "about a number",
            "changed afterwards",
            "unsigned",
            "signed with our secret",
            "signed with another key",
            "no id_token",
            "no access_token",
            "empty",
            "an error",
            "no JSON",
            "another state",
            "no state",
            "another issuer in the answer",
            "no code",
            "another code",
            "an error with markup",
        ),
        400,
    ),
    **dict.fromkeys(("not proved", "not proved, in a word", "proved, in a word"), 403),
    "broken": 424,
}


@pytest.fixture
def settings(settings: dict[str, str], liar: Peer) -> dict[str, str]:
    """An application that knows the provider by settings alone."""
    return {
        **settings,
        "SOCIAL_PROVIDERS": "acme",
        "ACME_CLIENT_ID": CLIENT_ID,
        "ACME_CLIENT_SECRET": CLIENT_SECRET,
        "ACME_URL": liar.url,
    }


def come_back(browser: Browser) -> TestResponse:
    """Go to the provider, which asks nothing, and come back."""
    began = browser.get("/social/acme/start")
    there = requests.get(began.headers["Location"], allow_redirects=False, timeout=30)
    return browser.get(own_path(there.headers["Location"]))


def test_every_fault_is_known(liar: Peer, known_faults: set[str]) -> None:
    assert known_faults == set(FAULTS)
    assert len(FAULTS) >= 13


def test_the_truth_signs_in(
    app: Flask, browser: Browser, liar: Peer, known_faults: set[str]
) -> None:
    liar.tell("none")
    assert come_back(browser).status_code == 303
    assert browser.is_signed_in()
    assert identities(app) == [("acme", "g-1", "ada@example.com")]


@pytest.mark.asvs("10.5.1", "10.5.4", "6.8.2", "9.1.1", "9.1.2")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused(
    app: Flask, browser: Browser, liar: Peer, known_faults: set[str], fault: str
) -> None:
    liar.tell(fault)
    answer = come_back(browser)
    assert answer.status_code == FAULTS[fault]
    assert answer.mimetype == "text/html"
    assert "<script>alert" not in answer.text
    assert (accounts(app), identities(app), sessions(app)) == ([], [], 0)
    assert not browser.is_signed_in()
