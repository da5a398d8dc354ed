"""Notes in a real browser: the pages, and the draft that is kept while somebody types."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Witness, sign_up

pytestmark = pytest.mark.browser


def test_a_note_is_drafted_saved_found_and_deleted(page: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    page.get_by_role("link", name="Notes", exact=True).click()
    witness.look()
    page.get_by_role("link", name="New note").click()
    page.get_by_label("Title").fill("Bread")
    page.get_by_label("Text").press_sequentially("Flour")
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    witness.look()
    page.goto("/notes")
    page.get_by_role("link", name="Go on with your draft").click()
    expect(page.get_by_label("Text")).to_have_value("Flour")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    page.get_by_label("Words to look for").fill("flour")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Bread").click()
    witness.look()
    page.get_by_role("link", name="Delete").click()
    witness.look()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 700})
    for path in ("/notes", "/notes/new"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert witness.complaints == []
