"""A provider that lies signs nobody in: each fault is a page, and never a session."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from threading import BoundedSemaphore

import pytest
from flask import Flask, Response
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from app.social import wire
from tests.conftest import Browser
from tests.social.conftest import accounts, asked, identities, sessions
from tests.social.liar import (
    ANSWERS,
    BROKEN_EMAILS,
    CLAIMS,
    CLIENT_ID,
    CLIENT_SECRET,
    DISCOVERIES,
    EMAILS,
    KEYS,
    SIGNATURES,
    USERS,
    Liar,
)
from tests.tables import Case

Another = Callable[..., Browser]
OPENID = {
    **{("claims", fault): 400 for fault in CLAIMS},
    **{("signature", fault): 400 for fault in SIGNATURES},
    **{("answer", fault): 400 for fault in ANSWERS},
    **{("keys", fault): 400 for fault in KEYS},
    ("answer", "broken"): 424,
    ("answer", "elsewhere"): 424,
    ("answer", "too long"): 424,
    ("keys", "broken"): 424,
}
# GitHub's answers hold no id_token, so that one cannot be missing.
OAUTH = {
    (place, fault): status
    for (place, fault), status in OPENID.items()
    if place == "answer" and "id_token" not in fault
} | {("user", fault): 400 for fault in USERS}


@pytest.fixture
def liar() -> Iterator[Liar]:
    """The provider, telling the truth so far."""
    serving = Liar()
    yield serving
    serving.close()


@pytest.fixture
def settings(settings: dict[str, str], liar: Liar) -> dict[str, str]:
    """An application that knows it as an OpenID provider and as GitHub."""
    keys = {
        f"{name}_{key}": value
        for name in ("ACME", "GITHUB")
        for key, value in (
            ("CLIENT_ID", CLIENT_ID),
            ("CLIENT_SECRET", CLIENT_SECRET),
            ("URL", liar.url),
        )
    }
    return {**settings, **keys, "SOCIAL_PROVIDERS": "acme,github"}


def come_back(browser: Browser, liar: Liar, provider: str = "acme", **more: str) -> TestResponse:
    """Begin at a provider and come back from it."""
    began = browser.get(f"/social/{provider}/start")
    assert began.status_code == 303, began.text
    answer = liar.callback(asked(began.headers["Location"]), **more)
    return browser.get(f"/social/{provider}/callback", query_string=answer)


def stored(app: Flask) -> tuple[list[str], list[tuple[str, str, str]], int]:
    """Return what a sign-in adds to: accounts, identities and sessions."""
    return accounts(app), identities(app), sessions(app)


def nobody_came(app: Flask, browser: Browser) -> bool:
    """Tell whether nothing has changed: no account, no identity, no session."""
    return not (any(stored(app)) or browser.is_signed_in())


@pytest.mark.parametrize("provider", ["acme", "github"])
def test_the_truth_signs_in(app: Flask, browser: Browser, liar: Liar, provider: str) -> None:
    """So that the refusals below are of the faults and of nothing else."""
    assert come_back(browser, liar, provider).status_code == 303
    assert browser.is_signed_in()


@pytest.mark.asvs("6.8.2", "9.1.1", "9.1.2", "10.5.1", "10.5.4", "11.6.1", "15.3.2")
@pytest.mark.parametrize("wrong", ["claims", "signature", "answer"])
def test_a_lie_of_an_openid_provider_is_refused(
    app: Flask, new_browser: Another, liar: Liar, wrong: str, case: Case
) -> None:
    for (place, fault), status in OPENID.items():
        if place != wrong:
            continue
        with case(place=place, fault=fault):
            browser, before = new_browser(), stored(app)
            liar.faults = {place: fault}
            answer = come_back(browser, liar)
            assert answer.status_code == status
            assert answer.mimetype == "text/html"
            assert stored(app) == before
            assert not browser.is_signed_in()


@pytest.mark.asvs("6.8.2", "9.1.1", "9.1.2", "10.5.1", "10.5.4", "11.6.1", "15.3.2")
@pytest.mark.parametrize("fault", KEYS)
def test_keys_that_are_none_are_refused(
    app: Flask, browser: Browser, liar: Liar, fault: str
) -> None:
    """Each in an application of its own, because keys are kept for the next sign-in."""
    liar.faults["keys"] = fault
    answer = come_back(browser, liar)
    assert answer.status_code == OPENID["keys", fault]
    assert answer.mimetype == "text/html"
    assert nobody_came(app, browser)


def test_a_lie_of_github_is_refused(
    app: Flask, new_browser: Another, liar: Liar, case: Case
) -> None:
    for (place, fault), status in OAUTH.items():
        with case(place=place, fault=fault):
            browser, before = new_browser(), stored(app)
            liar.faults = {place: fault}
            assert come_back(browser, liar, "github").status_code == status
            assert stored(app) == before
            assert not browser.is_signed_in()


@pytest.mark.asvs("10.5.3")
@pytest.mark.parametrize("fault", DISCOVERIES)
def test_a_provider_that_says_nonsense_of_itself_is_not_gone_to(
    app: Flask, browser: Browser, liar: Liar, fault: str
) -> None:
    liar.faults["discovery"] = fault
    answer = browser.get("/social/acme/start")
    assert answer.status_code == (424 if fault in ("broken", "elsewhere") else 400)
    liar.faults.clear()
    assert come_back(browser, liar).status_code == 303, "it was not asked again"


def test_an_address_that_github_has_not_proved_counts_for_nothing(
    app: Flask, new_browser: Another, liar: Liar, case: Case
) -> None:
    for fault, emails in EMAILS.items():
        with case(fault=fault):
            browser, before = new_browser(), stored(app)
            liar.emails = emails
            assert come_back(browser, liar, "github").status_code == 403
            assert stored(app) == before
            assert not browser.is_signed_in()


def test_a_list_of_addresses_that_is_none_is_refused(
    app: Flask, new_browser: Another, liar: Liar, case: Case
) -> None:
    for fault, emails in BROKEN_EMAILS.items():
        with case(fault=fault):
            browser, before = new_browser(), stored(app)
            liar.emails = emails
            assert come_back(browser, liar, "github").status_code == 400
            assert stored(app) == before
            assert not browser.is_signed_in()


def test_an_address_that_is_proved_in_any_word_but_true_counts_for_nothing(
    app: Flask, new_browser: Another, liar: Liar, case: Case
) -> None:
    for said in (False, "false", "true", 1, None, [True]):
        with case(said=said):
            browser, before = new_browser(), stored(app)
            liar.claims["email_verified"] = said
            assert come_back(browser, liar).status_code == 403
            assert stored(app) == before
            assert not browser.is_signed_in()


@pytest.mark.asvs("10.2.2")
def test_an_answer_of_another_issuer_is_refused(
    app: Flask, new_browser: Another, liar: Liar, case: Case
) -> None:
    """The mix-up attack (RFC 9207)."""
    issuers = ("http://evil.test", "", "https://accounts.google.com")
    for issuer, provider in product(issuers, ("acme", "github")):
        with case(issuer=issuer, provider=provider):
            browser, before = new_browser(), stored(app)
            assert come_back(browser, liar, provider, iss=issuer).status_code == 400
            assert liar.seen == [], "the code was sent to a provider"
            assert stored(app) == before
            assert not browser.is_signed_in()


def test_the_issuer_that_was_promised_must_be_said(browser: Browser, liar: Liar) -> None:
    liar.metadata["authorization_response_iss_parameter_supported"] = True
    assert come_back(browser, liar).status_code == 400
    assert come_back(browser, liar, iss=liar.url).status_code == 303


@pytest.mark.parametrize(
    ("ways", "in_body"),
    [
        (None, False),
        (["client_secret_basic"], False),
        (["client_secret_basic", "client_secret_post"], True),
        (["private_key_jwt", "client_secret_post"], True),
    ],
)
def test_our_secret_is_sent_the_way_that_a_provider_takes_it(
    browser: Browser, liar: Liar, ways: list[str] | None, in_body: bool
) -> None:
    if ways:
        liar.metadata["token_endpoint_auth_methods_supported"] = ways
    assert come_back(browser, liar).status_code == 303
    assert (liar.seen[-1].get("client_secret") == CLIENT_SECRET) is in_body
    assert liar.header.startswith("Basic ") is not in_body


def test_github_says_its_issuer_and_comes_through(browser: Browser, liar: Liar) -> None:
    assert come_back(browser, liar, "github", iss=f"{liar.url}/login/oauth").status_code == 303


def test_a_code_that_was_used_before_is_refused(app: Flask, browser: Browser, liar: Liar) -> None:
    assert come_back(browser, liar, code="used").status_code == 400
    assert nobody_came(app, browser)


def test_a_provider_that_is_away_is_said_to_be(app: Flask, browser: Browser, liar: Liar) -> None:
    liar.close()
    answer = browser.get("/social/acme/start")
    assert answer.status_code == 424
    assert "Acme does not answer" in answer.text


def test_a_provider_that_drips_is_not_waited_for(
    app: Flask, browser: Browser, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time, the whole never does."""

    def drip() -> Iterable[bytes]:
        for _ in range(400):
            time.sleep(0.05)
            yield b" " * (16 * 1024)

    monkeypatch.setattr(wire, "WHOLE_PATIENCE", 0.3)
    monkeypatch.setitem(ANSWERS, "drips", lambda _: Response(drip()))
    liar.faults["answer"] = "drips"
    began = time.monotonic()
    assert come_back(browser, liar).status_code == 424
    assert time.monotonic() - began < 10
    assert nobody_came(app, browser)


def test_a_provider_that_hangs_does_not_hold_every_thread(
    app: Flask, browser: Browser, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_places", BoundedSemaphore(1))
    wire._places.acquire()
    assert browser.get("/social/acme/start").status_code == 424
    wire._places.release()
    assert come_back(browser, liar).status_code == 303


@pytest.mark.asvs("10.5.2")
def test_who_a_person_is_does_not_follow_their_address(
    app: Flask, browser: Browser, liar: Liar
) -> None:
    come_back(browser, liar)
    browser.sign_out()
    liar.claims["email"] = "somebody-else@example.com"
    assert come_back(browser, liar).status_code == 303
    assert accounts(app) == ["ada@example.com"]
    assert identities(app) == [("acme", "g-1", "ada@example.com")]


@pytest.mark.parametrize(
    "name", ["<script>x</script>", "Ada\nBcc: x@example.com", "\u202eadA", "x" * 5000, 7, None, ""]
)
def test_what_somebody_calls_themselves_elsewhere_is_made_fit(
    app: Flask, browser: Browser, liar: Liar, name: object
) -> None:
    liar.claims["name"] = name
    assert come_back(browser, liar).status_code == 303
    page = browser.get("/account").text
    assert browser.get("/account/social").status_code == 200
    assert "<script>x" not in page
    assert "\u202e" not in page


def test_new_keys_of_a_provider_are_fetched(app: Flask, browser: Browser, liar: Liar) -> None:
    come_back(browser, liar)
    browser.sign_out()
    liar.key = RSAKey.generate_key(2048, parameters={"kid": "k2"})
    assert come_back(browser, liar).status_code == 303


def test_keys_of_another_are_not_fetched_for_a_name_that_is_known(
    app: Flask, browser: Browser, liar: Liar
) -> None:
    come_back(browser, liar)
    browser.sign_out()
    liar.faults["signature"] = "signed with another key"
    assert come_back(browser, liar).status_code == 400
