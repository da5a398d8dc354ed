"""The whole dance in Chromium, with the provider that development has on another site."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.social.local_server import open_server
from tests.browser.chromium import Witness, serving, sign_up
from tests.house.databases import free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """An application with its local provider."""
    with serving(tmp_path, LOCAL_PROVIDER_PORT=str(free_port())) as (app, address):
        server = open_server(app)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield app, address
        server.shutdown()
        thread.join()
        server.server_close()


def test_sign_in_and_link_with_the_local_providers(page: Page) -> None:
    witness = Witness(page)
    page.goto("/login")
    witness.look_on_a_phone()
    page.get_by_role("link", name="Continue with Google (local)").click()
    expect(page.get_by_role("heading", name="Google (local): who are you?")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("button", name="Be Emmy Noether").click()
    expect(page.get_by_text("You are signed in as Emmy Noether")).to_be_visible()
    page.goto("/account/social")
    witness.look_on_a_phone()
    page.get_by_role("link", name="Link GitHub (local)").click()
    page.get_by_role("button", name="Be Emmy Noether").click()
    expect(page.get_by_role("heading", name="Link GitHub (local)?")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_role("button", name="Link GitHub (local)").click()
    expect(page.get_by_text("GitHub (local) is linked to your account.")).to_be_visible()
    page.get_by_role("button", name="Unlink Google (local)").click()
    expect(page.get_by_text("Google (local) is unlinked.")).to_be_visible()
    page.get_by_role("button", name="Unlink GitHub (local)").click()
    expect(page.get_by_role("heading", name="Your last way in")).to_be_visible()
    # The refusal is a 409, which Chromium reports as a failed load.
    assert [said for said in witness.complaints if "409" not in said] == []


def test_whoever_has_an_account_signs_in_as_before_and_links(page: Page) -> None:
    sign_up(page)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/login")
    page.get_by_role("link", name="Continue with GitHub (local)").click()
    page.get_by_role("button", name="Be Ada Lovelace").click()
    expect(page.get_by_text("You have an account with this address.")).to_be_visible()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("orbit-lantern-maple-quiet")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Link GitHub (local)").click()
    expect(page.get_by_text("GitHub (local) is linked to your account.")).to_be_visible()


def test_somebody_who_says_no_is_told_that_nothing_has_happened(page: Page) -> None:
    page.goto("/login")
    page.get_by_role("link", name="Continue with Google (local)").click()
    page.get_by_role("button", name="Be Niels Abel").click()
    expect(page.get_by_role("heading", name="Nothing has happened")).to_be_visible()
    Witness(page).look_on_a_phone()
    assert "error" not in page.content().partition("<main")[2]
