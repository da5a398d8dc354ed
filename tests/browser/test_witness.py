# file of feature: login
"""Who listens to a page hears its complaints, and nothing that the browser does by itself."""

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Witness
from tests.house.databases import until

pytestmark = pytest.mark.browser


def heard_after_asking_for(page: Page, *paths: str) -> list[str]:
    """Let a page request addresses, and return what the witness collected."""
    witness = Witness(page)
    reported: list[str] = []
    page.on("console", lambda message: reported.append(message.text))
    page.goto("/")
    for path in paths:
        page.evaluate("(path) => fetch(path).then((answer) => answer.text())", path)
    page.evaluate("() => console.info('that was all')")
    # Playwright hands on what a page says while it is asked for something.
    until(lambda: page.evaluate("() => true") and "that was all" in reported)
    assert len([text for text in reported if "404" in text]) == len(paths)
    return witness.complaints


def test_what_a_page_cannot_load_is_a_complaint(page: Page) -> None:
    [complaint] = heard_after_asking_for(page, "/static/nothing.svg")
    assert "404" in complaint


def test_the_icon_that_a_browser_asks_for_by_itself_is_none(page: Page) -> None:
    assert heard_after_asking_for(page, "/favicon.ico") == []
