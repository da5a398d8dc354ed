# file of feature: login
"""A real browser in front of a served application, for the tests of every feature."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.core.limits import limiter
from app.extensions import db
from tests.conftest import PASSWORD, SETTINGS
from tests.parts import require_part

SOON = 0.02  # seconds between two looks whether to end
# Milliseconds. A machine that does many things at once is slow, and only a failure waits so long.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
# Quiet: a browser under test has no business with the network beyond this machine.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


# Only what is broken is fetched: the whole report takes longer on its way than to make.
BROKEN_RULES = """async only => {
  const found = await axe.run(document, {...only, resultTypes: ["violations"], preload: false});
  return found.violations.map(rule => [rule.id, rule.help, rule.nodes.map(node => node.html)]);
}"""
# Other colours can change the answers of these alone: the category of axe, less what it leaves off.
EVERY_RULE: dict[str, Any] = {}
RULES_OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}
# As the switch does it, but not for the next page.
OTHER_COLOURS = """() => {
  const shown = document.documentElement.dataset;
  shown.bsTheme = shown.bsTheme === "dark" ? "light" : "dark";
}"""


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium without a window, and end it."""
    found = require_part("chromium")
    flags = list(FLAGS)
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses its sandbox to root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser whose windows a test opens and closes."""
    with launched() as browser:
        yield browser


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[Flask, str]]:
    """Serve an application with an empty database on a free port of this machine.

    Args:
        folder: for its database.
        settings: over those of all tests.
    """
    server = make_server("localhost", 0, _not_yet, threaded=True)
    public_url = f"http://localhost:{server.server_port}"
    database = f"sqlite:///{folder}/browser.db"
    app = create_app({**SETTINGS, "PUBLIC_URL": public_url, "DATABASE_URL": database, **settings})
    with app.app_context():
        db.create_all()
        limiter.reset()
    server.app = app
    thread = threading.Thread(target=server.serve_forever, args=(SOON,))
    thread.start()
    try:
        yield app, public_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """An application that serves on a free port of this machine, and its address."""
    with serving(tmp_path) as served:
        yield served


@pytest.fixture
def address(live: tuple[Flask, str]) -> str:
    """The address of the application behind the page."""
    return live[1]


# feature: roles | one_time_codes
@pytest.fixture
def behind(live: tuple[Flask, str]) -> Flask:
    """The application behind the page."""
    return live[0]


# endfeature


def _not_yet(_: Any, start: Any) -> list[bytes]:
    start("503 Service Unavailable", [])
    return []


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page at which nothing moves: a colour that is just changing has no contrast to measure."""
    context = chromium.new_context(
        base_url=address, reduced_motion="reduce", viewport={"width": 1100, "height": 800}
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


class Witness:
    """Hears what a page complains of, and holds it against the accessibility rules."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        if message.type not in ("error", "warning") or "422" in message.text:
            return  # a form with errors answers 422, which Chromium reports as a failed load
        # A browser asks for this by itself, at a moment of its own, where a page names no icon.
        if urlsplit(message.location.get("url", "")).path == "/favicon.ico":
            return
        self.complaints.append(message.text)

    def look(self) -> None:
        """Check the page as it stands, in light and in dark."""
        self.page.wait_for_load_state()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.page.evaluate(Axe().axe_script)
        for rules in (EVERY_RULE, RULES_OF_COLOUR):
            assert self.page.evaluate(BROKEN_RULES, rules) == [], self.page.url
            self.page.evaluate(OTHER_COLOURS)

    def look_on_a_phone(self) -> None:
        """Check the page, and that it is no wider than a phone."""
        self.look()
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": 360, "height": 700})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 360, self.page.url
        if before:
            self.page.set_viewport_size(before)


def sign_up(page: Page) -> None:
    """Make the account of Ada Lovelace by the pages, and be signed in."""
    page.goto("/register")
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    follow_mail(page, "Confirm your address")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_text("You are signed in as")).to_be_visible()


def follow_mail(page: Page, subject: str) -> None:
    """Follow the link of the newest mail with a subject."""
    page.goto("/dev/mailbox")
    page.get_by_role("link", name=subject).first.click()
    page.locator("pre a").last.click()
