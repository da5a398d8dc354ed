"""The whole dance in Chromium with a certified provider, across two sites."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.chromium import Witness, serving, sign_up
from tests.conftest import PASSWORD
from tests.peers.conftest import CLIENT_ID, CLIENT_SECRET, playing
from tests.social.conftest import accounts, free_port, identities, sessions

pytestmark = pytest.mark.browser

SCRIPTS = {"google": "google.mjs", "github": "github.mjs"}
ADA = {"google": "g-1", "github": "1001"}
MALLORY = {"google": "g-2", "github": "1002"}
LABELS = {"google": "Google", "github": "GitHub"}
BRANDS = pytest.mark.parametrize("brand", SCRIPTS)


@pytest.fixture
def secret() -> str:
    """What the application says to prove who it is."""
    return CLIENT_SECRET


@pytest.fixture
def live(tmp_path: Path, secret: str) -> Iterator[tuple[Flask, str]]:
    """An application on localhost, and both providers on 127.0.0.1: another site."""
    ports = {name: free_port() for name in SCRIPTS}
    keys = {
        f"{name.upper()}_{key}": value
        for name in SCRIPTS
        for key, value in (
            ("CLIENT_ID", CLIENT_ID),
            ("CLIENT_SECRET", secret),
            ("URL", f"http://127.0.0.1:{ports[name]}"),
        )
    }
    with serving(tmp_path, **keys) as (app, address), ExitStack() as peers:
        for name, script in SCRIPTS.items():
            back = f"{address}/social/{name}/callback"
            peers.enter_context(playing(script, back, str(ports[name])))
        yield app, address


def go(page: Page, brand: str, who: str) -> None:
    """Go to the provider, sign in there and agree."""
    page.goto("/login")
    page.get_by_role("link", name=f"Continue with {LABELS[brand]}").click()
    agree(page, who)


def agree(page: Page, who: str) -> None:
    """Sign in at the provider and agree to what it tells."""
    page.locator("[name=login]").fill(who)
    page.locator("[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


@BRANDS
def test_somebody_new_is_signed_in(page: Page, live: tuple[Flask, str], brand: str) -> None:
    witness = Witness(page)
    go(page, brand, ADA[brand])
    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()
    assert identities(live[0]) == [(brand, ADA[brand], "ada@example.com")]
    # The provider's own page wants a font from elsewhere.
    ours = [said for said in witness.complaints if "ERR_NAME_NOT_RESOLVED" not in said]
    assert ours == []


@BRANDS
def test_an_account_with_the_address_is_not_opened_and_then_linked(
    page: Page, live: tuple[Flask, str], brand: str
) -> None:
    sign_up(page)
    page.get_by_role("button", name="Sign out").click()
    go(page, brand, ADA[brand])
    expect(page.get_by_text("You have an account with this address.")).to_be_visible()
    assert identities(live[0]) == []
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=f"Link {LABELS[brand]}").click()
    expect(page.get_by_text("is linked to your account.")).to_be_visible()
    assert identities(live[0]) == [(brand, ADA[brand], "ada@example.com")]


@BRANDS
def test_an_address_that_is_not_proved_lets_nobody_in(
    page: Page, live: tuple[Flask, str], brand: str
) -> None:
    go(page, brand, MALLORY[brand])
    expect(page.get_by_role("heading", name="No proved address")).to_be_visible()
    assert (accounts(live[0]), sessions(live[0])) == ([], 0)


@BRANDS
def test_whoever_says_no_is_told_that_nothing_has_happened(
    page: Page, live: tuple[Flask, str], brand: str
) -> None:
    page.goto("/login")
    page.get_by_role("link", name=f"Continue with {LABELS[brand]}").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="Nothing has happened")).to_be_visible()
    assert sessions(live[0]) == 0


@pytest.mark.parametrize("secret", ["another-secret-another-secret-another-s"])
@BRANDS
def test_a_wrong_secret_of_ours_is_a_page(
    page: Page, live: tuple[Flask, str], brand: str, secret: str
) -> None:
    go(page, brand, ADA[brand])
    expect(page.get_by_role("heading", name="That answer does not hold")).to_be_visible()
    assert sessions(live[0]) == 0


@BRANDS
def test_a_callback_that_comes_again_lets_nobody_in(
    page: Page, live: tuple[Flask, str], brand: str
) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    go(page, brand, ADA[brand])
    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()
    [back] = {url for url in seen if "/callback?" in url}
    page.get_by_role("button", name="Sign out").click()
    page.goto(back)
    expect(page.get_by_role("heading", name="This sign-in is not under way")).to_be_visible()
    assert sessions(live[0]) == 1
