"""The account page in a real browser: every page of it, and each way back."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Witness, follow_mail, sign_up
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser
NEW = "ada@new.example.com"


def sign_in(page: Page) -> None:
    page.goto("/login?next=/account")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def test_an_address_is_changed_and_taken_back(page: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    page.get_by_role("link", name="Account", exact=True).click()
    witness.look_on_a_phone()
    page.get_by_role("link", name="Change name").click()
    witness.look_on_a_phone()
    page.get_by_label("Name").fill("Ada King")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your name is changed.")).to_be_visible()
    page.get_by_role("link", name="Change address").click()
    page.get_by_label("New e-mail address").fill("ada at new")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("Write a whole address")).to_be_visible()
    witness.look_on_a_phone()
    page.get_by_label("New e-mail address").fill(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Waiting for {NEW}")).to_be_visible()
    witness.look_on_a_phone()
    follow_mail(page, "Confirm your new address")
    witness.look_on_a_phone()
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text(f"Your address is now {NEW}.")).to_be_visible()
    follow_mail(page, "Your address at Example House has changed")
    witness.look_on_a_phone()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("The change is taken back")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert witness.complaints == []


def test_a_copy_is_taken_and_the_account_deleted_and_kept(page: Page, tmp_path: Path) -> None:
    witness = Witness(page)
    sign_up(page)
    page.goto("/account")
    page.get_by_role("link", name="Take a copy").click()
    witness.look_on_a_phone()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the copy").click()
    waiting.value.save_as(tmp_path / "copy.json")
    known = json.loads((tmp_path / "copy.json").read_text("utf-8"))
    assert known["accounts"]["name"] == "Ada Lovelace"
    for way_back in ("by signing in", "by the link"):
        page.goto("/account/delete")
        witness.look_on_a_phone()
        page.get_by_role("button", name="Delete my account").click()
        expect(page.get_by_text("Your account will be erased on")).to_be_visible()
        if way_back == "by the link":
            follow_mail(page, "will be erased")
            witness.look_on_a_phone()
            page.get_by_role("button", name="Keep my account").click()
            expect(page.get_by_text("Your account stays.")).to_be_visible()
            sign_in(page)
        else:
            sign_in(page)
            expect(page.get_by_role("heading", name="Keep your account?")).to_be_visible()
            witness.look_on_a_phone()
            page.get_by_role("button", name="Keep it and go in").click()
        expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    assert witness.complaints == []
